"""Payloads made from a schema: every property once, with the first value that may stand there."""

from __future__ import annotations

from typing import Any

from .. import ir
from ..ir import opened
from ..reconcile import Types

# A schema may contain itself, and people read examples.
DEPTH = 6
TEXT = "text"
_SCALARS: dict[str, Any] = {
    "string": TEXT,
    "integer": 1,
    "number": 1,
    "boolean": True,
    "null": None,
}
_FORMATS = {
    "date-time": "2025-01-01T00:00:00Z",
    "date": "2025-01-01",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com",
}
NOTHING = object()


def sample(type_: ir.Type, types: Types, depth: int = 0) -> Any:
    """A value of a type; NOTHING if none is found that is not too deep."""
    if depth > DEPTH:
        return NOTHING
    made = (_value(one, types, depth) for one in opened(type_, types))
    several = [value for value in made if value is not NOTHING]
    return next(
        (value for value in several if value is not None), several[0] if several else NOTHING
    )


def _value(type_: ir.Type, types: Types, depth: int) -> Any:
    match type_:
        case ir.Scalar(kind=kind, format=format_):
            return _FORMATS.get(format_, _SCALARS.get(kind, NOTHING))
        case ir.Literal(values=values):
            return next((value.json for value in values if value.json is not None), None)
        case ir.Array(items=items):
            item = sample(items, types, depth + 1)
            return [] if item is NOTHING else [item]
        case ir.Map(values=values_of):
            value = sample(values_of, types, depth + 1)
            return {} if value is NOTHING else {"name": value}
        case ir.Object(fields=fields):
            made = {one.wire: sample(one.type, types, depth + 1) for one in fields}
            return {name: value for name, value in made.items() if value is not NOTHING}
        case ir.Anything():
            return {}
    return NOTHING
