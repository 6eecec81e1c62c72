"""Two documents -> what changed between them, and for whom it breaks."""
