"""Generated conversions between the variants."""
