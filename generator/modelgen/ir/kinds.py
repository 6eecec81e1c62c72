"""Which JSON type: of a value, of a type expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from . import graph
from .types import (
    Anything,
    Array,
    Literal,
    Map,
    Named,
    Never,
    Object,
    Ref,
    Scalar,
    Tuple,
    Type,
    Union,
)

# Integers are numbers here: in JSON nothing but the value tells them apart.
KINDS = ("string", "number", "boolean", "null", "array", "object")


def kind_of(value: object) -> str:
    """The JSON type of a value, one of `KINDS`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def is_of(value: object, words: Iterable[str]) -> bool:
    """Whether a value is of one of these types, as the keyword `type` means them: `1.0` is an integer."""
    kind = kind_of(value)
    return any(
        kind == word or (word == "integer" and kind == "number" and _is_whole(value))
        for word in words
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def kinds_of(type_: Type, types: Mapping[str, Named]) -> frozenset[str]:
    """The JSON types that values of a type may have, through references and unions."""
    kinds: set[str] = set()
    for part in graph.parts(type_, types):
        if not isinstance(part, Named):
            kinds |= _own_kinds(part)
        elif part.nullable:
            kinds.add("null")
    return frozenset(kinds)


def sole_kind(type_: Type) -> str:
    """The one JSON type of the values of a type expression; "" if it may be several, or stands elsewhere."""
    if isinstance(type_, Ref | Union):
        return ""
    kinds = _own_kinds(type_)
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _own_kinds(type_: Type) -> frozenset[str]:
    match type_:
        case Scalar(kind="integer"):
            return frozenset({"number"})
        case Scalar(kind=kind):
            return frozenset({kind})
        case Literal(values=values, open=open_):
            texts = {"string"} if open_ else set()
            return frozenset(texts.union(kind_of(value.json) for value in values))
        case Array() | Tuple():
            return frozenset({"array"})
        case Map() | Object():
            return frozenset({"object"})
        case Anything():
            return frozenset(KINDS)
        case Never() | Ref() | Union():
            return frozenset()
        case _:
            assert_never(type_)
