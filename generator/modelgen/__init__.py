"""Typed Python models and codecs from OpenAPI documents."""
