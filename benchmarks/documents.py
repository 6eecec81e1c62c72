"""OpenAPI documents as this benchmark needs them: their schemas, and parts closed under references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PREFIX = "#/components/schemas/"


def read(path: Path) -> dict[str, Any]:
    """The parsed document."""
    document: dict[str, Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return document


def schemas_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    return schemas


def closure(schemas: Mapping[str, Any], name: str) -> set[str]:
    """A schema's name and those of all that it refers to."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in schemas and current not in found:
            found.add(current)
            waiting.extend(_references(schemas[current]))
    return found


def part(document: Mapping[str, Any], size: int) -> dict[str, Any]:
    """The document with its first `size` schemas and no paths.

    Each schema comes with all that it refers to, and is left out where that would be too many.
    """
    schemas = schemas_of(document)
    chosen: set[str] = set()
    for name in schemas:
        more = chosen | closure(schemas, name)
        if len(more) <= size:
            chosen = more
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {},
        "components": {"schemas": {name: schemas[name] for name in schemas if name in chosen}},
    }


def write(document: Mapping[str, Any], path: Path) -> None:
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def _references(node: object) -> Iterator[str]:
    match node:
        case dict():
            reference = node.get("$ref")
            if isinstance(reference, str):
                yield reference.removeprefix(PREFIX).split("/")[0]
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)
