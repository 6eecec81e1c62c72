"""Where things stand in an OpenAPI document."""

from __future__ import annotations

SCHEMAS = "/components/schemas"
# Must be mappings where they are written at all.
MAPPINGS = ("/paths", "/components", SCHEMAS)
# Where a document keeps schemas by names of its author's choice: of JSON Schema, of older drafts, of OpenAPI.
HOMES = ("$defs", "definitions", "schemas")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
