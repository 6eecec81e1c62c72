"""Types -> the functions that read and write JSON."""
