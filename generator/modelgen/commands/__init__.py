"""The commands, one a module: what a user asks for -> calls of the program, and its results in words.

A command returns 1 if it found a difference, and raises SpecError for what it could not do. Imports inside the
commands keep `--help` and a run with nothing to do fast.
"""

DIFFERENCE, FAILURE = 1, 2
