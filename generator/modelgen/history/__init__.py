"""Any number of versions of a document -> the life of every property: where it was, and what it was there."""
