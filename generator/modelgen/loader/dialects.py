"""Documents that are not of OpenAPI 3, read as such: Swagger 2.0, and bundles of JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .document import Document


def translate_root(document: Document) -> None:
    """Read a document as one of OpenAPI 3, if it is of a kind that says the same in other words."""
    data = document.data
    if not isinstance(data, dict) or "openapi" in data:
        return
    if data.get("swagger") in ("2.0", 2.0):
        from . import swagger

        document.translate(*swagger.translated(data), swagger.RULES)
        return
    from . import json_schema

    if json_schema.is_bundle(data):
        rules = json_schema.rules_of(data)
        document.translate(*json_schema.translated(data, document.source, rules), rules)


def translate_fragment(document: Document, root: Document) -> None:
    """Read the schemas of a file as those of the draft that it names, or of the document that refers to it."""
    data = document.data
    if not isinstance(data, dict) or "openapi" in data or not (root.rules or "$schema" in data):
        return
    from . import json_schema

    rules = json_schema.rules_of(data, root.rules)
    document.translate(*rules.translated(data), rules)
