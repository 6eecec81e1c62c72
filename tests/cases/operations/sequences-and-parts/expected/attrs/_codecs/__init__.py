"""Generated readers and writers of the models."""
