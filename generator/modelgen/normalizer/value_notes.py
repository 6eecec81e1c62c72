"""What a schema says of each value of an enum: its name and what it means, as a list for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .. import ir


class ValueNote(NamedTuple):
    """`name` and `doc` are "" where the document does not say."""

    value: object
    name: str
    doc: str


def value_notes(raw: Mapping[str, Any]) -> list[ValueNote]:
    """The notes of a schema that says something of at least one value, else none: `oneOf` of constants with `title` and
    `description`, `x-ms-enum`, or lists beside `enum`."""
    notes = list(_alternatives(raw)) or list(_extensions(raw))
    return notes if any(note.name or note.doc for note in notes) else []


def listed(notes: list[ValueNote]) -> str:
    """The notes as lines: "- `1` (Low): The low one.\" """
    lines = []
    for note in notes:
        name = f" ({' '.join(note.name.split())})" if note.name else ""
        doc = f": {' '.join(note.doc.split())}" if note.doc else ""
        lines.append(f"- `{ir.Value.of(note.value).text}`{name}{doc}")
    return "\n".join(lines)


def _alternatives(raw: Mapping[str, Any]) -> Iterator[ValueNote]:
    """The members of a union, if all of them are constants."""
    for word in ("oneOf", "anyOf"):
        members = raw.get(word)
        if not isinstance(members, list) or not all(map(_is_constant, members)):
            continue
        for member in members:
            value = member["const"] if "const" in member else member["enum"][0]
            yield ValueNote(value, _text(member.get("title")), _text(member.get("description")))


def _is_constant(member: object) -> bool:
    if not isinstance(member, dict):
        return False
    values = member.get("enum")
    return "const" in member or (isinstance(values, list) and len(values) == 1)


def _extensions(raw: Mapping[str, Any]) -> Iterator[ValueNote]:
    """What generators agreed on beside `enum`."""
    values = raw.get("enum")
    if not isinstance(values, list):
        return
    own = raw.get("x-ms-enum")
    rows = own.get("values") if isinstance(own, dict) else None
    if isinstance(rows, list):
        for row in rows:
            if isinstance(row, dict) and "value" in row:
                yield ValueNote(row["value"], _text(row.get("name")), _text(row.get("description")))
        return
    names = raw.get("x-enum-varnames", raw.get("x-enumNames"))
    docs = raw.get("x-enum-descriptions", raw.get("x-enumDescriptions"))
    for n, value in enumerate(values):
        yield ValueNote(value, _of(names, n, value), _of(docs, n, value))


def _of(texts: object, n: int, value: object) -> str:
    """The text of a value: by its position in a list, or by the value in a mapping."""
    if isinstance(texts, list):
        return _text(texts[n]) if n < len(texts) else ""
    return _text(texts.get(str(value))) if isinstance(texts, dict) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
