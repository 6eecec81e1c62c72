"""Overlays whose document has moved on: actions that no longer have a target, and what has no words yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import step
from ..loader import Document
from ..loader.overlay import Action, laid

_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_MEMBERS = ("allOf", "anyOf", "oneOf", "prefixItems")


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The text of an overlay without actions that select nothing, and `before`. `gone` are those; `kept` those that cannot
    be taken out of the text by whole lines."""

    text: str
    before: str
    gone: tuple[Action, ...]
    kept: tuple[Action, ...] = ()


def trimmed(facts: Document, overlays: Sequence[Document], text: str) -> Trimmed:
    """The last of overlays, which is as in `text`, for other facts than it was written for. Raises SpecError for what fits
    badly."""
    overlay = overlays[-1]
    found: list[Action] = []
    laid(facts, overlays, found)
    gone = [action for action in found if action.overlay is overlay]
    lines = text.splitlines(keepends=True)
    kept = []
    for action in reversed(gone):
        block = overlay.block(action.pointer, len(lines))
        first = overlay.locate(action.pointer).line - 1
        if (
            block
            and block[0].lstrip().startswith("- ")
            and len(gone) < len(overlay.data["actions"])
        ):
            del lines[first : first + len(block)]
        else:
            kept.append(action)
    taken = tuple(action for action in gone if action not in kept)
    return Trimmed("".join(lines), text, taken, tuple(reversed(kept)))


def dated(text: str, document: Document, pointers: Sequence[str], old: str, new: str) -> str:
    """A text with a date at places of its document replaced."""
    lines = text.splitlines(keepends=True)
    for pointer in pointers:
        at = document.locate(pointer)
        head, tail = lines[at.line - 1][: at.column - 1], lines[at.line - 1][at.column - 1 :]
        lines[at.line - 1] = head + tail.replace(old, new, 1)
    return "".join(lines)


def versions_in(overlay: Document, date: str) -> tuple[str, ...]:
    """Where an overlay says that the version of the API is a date."""
    return tuple(
        step("/actions", index, "update", *keys)
        for index, action in enumerate(overlay.data["actions"])
        for keys in (("version",), ("info", "version"))
        if action["target"] == ("$.info" if len(keys) == 1 else "$")
        and value(action.get("update"), keys) == date
    )


def undescribed(data: Any) -> tuple[str, ...]:
    """Components and properties without a description, as JSONPaths."""
    schemas = value(data, ("components", "schemas"))
    found = []
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        for keys, inner in _described(schema, ("components", "schemas", name), True):
            if "$ref" not in inner and not inner.get("description"):
                found.append(json_path(keys))
    return tuple(found)


def json_path(keys: Sequence[str | int]) -> str:
    """Keys as a JSONPath: `$.components.schemas.Pet`."""
    parts = []
    for key in keys:
        if isinstance(key, int):
            parts.append(f"[{key}]")
        elif _PLAIN.fullmatch(key):
            parts.append(f".{key}")
        else:
            quoted = key.replace("\\", "\\\\").replace("'", "\\'")
            parts.append(f"['{quoted}']")
    return "$" + "".join(parts)


def _described(
    schema: Any, keys: tuple[str | int, ...], is_named: bool
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """A schema, if it has a name, and those with a name in it."""
    if not isinstance(schema, dict):
        return
    if is_named:
        yield keys, schema
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        yield from _described(inner, (*keys, "properties", name), True)
    for word in ("items", "additionalProperties"):
        yield from _described(schema.get(word), (*keys, word), False)
    for word in _MEMBERS:
        members = schema.get(word)
        for index, inner in enumerate(members if isinstance(members, list) else ()):
            yield from _described(inner, (*keys, word, index), False)


def value(node: Any, keys: Sequence[str]) -> Any:
    """What is at keys of a document, None if nothing is."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node
