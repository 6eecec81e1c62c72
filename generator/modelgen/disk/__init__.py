"""Files -> the disk: all of them or none, and never what is not ours."""
