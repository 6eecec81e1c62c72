"""The JSON types that some variant admits for a field, in words: `string or array of object`. The runtime reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ... import ir
from ...ir import kind_of, kinds_of, opened
from ...reconcile import Entry, Occurrence, Resolution, Types

# A container stands last, so that what follows `of` is in it.
_ORDER = ("string", "number", "boolean", "null", "object", "array")
ANY = "any"


class Source(NamedTuple):
    type: ir.Type
    types: Types


def expected(entry: Entry, occurrences: Iterable[Occurrence], resolution: Resolution) -> str:
    """What any of some occurrences admits for a field, under any of its spellings."""
    sources: list[Source] = []
    kinds: set[str] = {"null"} if entry.null else set()
    for occurrence in occurrences:
        placement = occurrence.placements.get(entry.path)
        if placement is None:
            continue
        if occurrence.is_itself(entry):
            kinds.add("object")
        elif placement.nullable:
            kinds.add("null")
        types = resolution.apis[occurrence.variant]
        sources += (Source(type_, types) for type_ in placement.types)
    for row in resolution.map.values.get(entry.values, ()):
        kinds |= set() if row.unlisted else {kind_of(value.json) for value in row.values}
    return _words(sources, kinds)


def _words(sources: Iterable[Source], kinds: set[str]) -> str:
    parts = [Source(part, types) for type_, types in sources for part in opened(type_, types)]
    if any(isinstance(part, ir.Anything | ir.Never) for part, _ in parts):
        return ANY
    kinds = kinds.union(*(kinds_of(part, types) for part, types in parts))
    words = sorted(kinds, key=_ORDER.index)
    if not words:
        return ANY
    inner = list(_inner(parts, words[-1]))
    items = _words(inner, {"null" for type_, types in inner if ir.accepts_null(type_, types)})
    of = f" of {items}" if inner and items != ANY else ""
    return " or ".join(words) + of


def _inner(parts: Iterable[Source], container: str) -> Iterator[Source]:
    """What is in containers of a kind, if all of them say it."""
    found = []
    for part, types in parts:
        match part:
            case ir.Array(items=inner) if container == "array":
                found.append(Source(inner, types))
            case ir.Map(values=inner) if container == "object":
                found.append(Source(inner, types))
            case _ if container in kinds_of(part, types):
                return
    yield from found
