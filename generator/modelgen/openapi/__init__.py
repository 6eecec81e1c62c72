"""What the standards say, as tables: keywords, formats, and where things stand in a document."""
