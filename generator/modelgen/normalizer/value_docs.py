"""What a schema says of each value of its enum: OpenAPI has no word for it, so that generators have agreed on some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from .. import ir

# Lists beside `enum`, in its order, or mappings of its values: the names, and what the values mean.
NAMES = ("x-enum-varnames", "x-enumNames", "x-enum-names")
DESCRIPTIONS = ("x-enum-descriptions", "x-enumDescriptions")


def value_docs(raw: Mapping[str, Any]) -> str:
    """A list in Markdown of the values that have a name or a description, "" if none has."""
    rows = [(value, *about) for value, *about in _values(raw) if any(about)]
    return "\n".join(f"- `{ir.Value.of(value).text}`: {_said(*about)}" for value, *about in rows)


def _said(name: str, description: str) -> str:
    return f"{name}. {description}" if name and description else name or description


def _values(raw: Mapping[str, Any]) -> Iterator[tuple[object, str, str]]:
    """Values with their names and descriptions, "" where there is none."""
    values = raw.get("enum")
    if isinstance(values, list):
        names, descriptions = _beside(raw, NAMES, values), _beside(raw, DESCRIPTIONS, values)
        yield from zip(values, names, descriptions, strict=True)
    microsoft = raw.get("x-ms-enum")
    entries = microsoft.get("values") if isinstance(microsoft, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and "value" in entry:
            yield entry["value"], _text(entry.get("name")), _text(entry.get("description"))
    for word in ("oneOf", "anyOf"):
        members = raw.get(word)
        for member in members if isinstance(members, list) else ():
            if isinstance(member, Mapping) and "const" in member:
                title, description = _text(member.get("title")), _text(member.get("description"))
                yield member["const"], title, description


def _beside(raw: Mapping[str, Any], words: Sequence[str], values: Sequence[object]) -> list[str]:
    """What the first of these words says of each value."""
    for word in words:
        said = raw.get(word)
        if isinstance(said, Mapping):
            return [_text(said.get(str(value))) for value in values]
        if isinstance(said, list):
            pairs = zip_longest(values, map(_text, said), fillvalue="")
            return [text for _, text in pairs][: len(values)]
    return [""] * len(values)


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
