"""A resolved map -> the functions that convert payloads between variants."""
