"""The commands, one a module: what a user asks for -> calls of the program, and its results in words."""
