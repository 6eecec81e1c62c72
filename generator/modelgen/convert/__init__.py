"""Payloads through the conversions of a generated package, and reports of what became of them."""
