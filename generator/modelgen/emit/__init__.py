"""Api -> files: names, types, views and their text."""
