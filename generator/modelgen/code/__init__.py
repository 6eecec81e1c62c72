"""Code that uses a generated package: what a change of its models means to it, and what of that follows by itself."""
