"""Which JSON types the values of a schema can have at most, before its type is read."""

from __future__ import annotations

from collections.abc import Iterable

from .. import ir
from ..errors import Location
from ..openapi.keywords import ARRAY_SHAPE, OBJECT_SHAPE, TYPES
from .scope import Scope

_ALL = frozenset(TYPES)


class Possible:
    """Reads schemas no further than their JSON types; remembers each."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._known: dict[tuple[str, str, bool], frozenset[str]] = {}

    def kinds(self, raw: object, at: Location, typed: bool = False) -> frozenset[str]:
        """The JSON types that values of a schema can have at most. `typed`: a `type` may stand beside it, so that it
        need not be read as an object for want of one."""
        where = (at.source, at.pointer, typed)
        kinds = self._known.get(where)
        if kinds is None:
            kinds = self._known[where] = self._kinds(raw, at, typed)
        return kinds

    def _kinds(self, raw: object, at: Location, typed: bool) -> frozenset[str]:
        if not isinstance(raw, dict):
            return _ALL if raw else frozenset()
        self.scope.repair(raw, at)
        kinds = _ALL
        typed = typed or bool(raw.keys() & {"type", "allOf"}) or ("$ref" in raw and len(raw) > 1)
        if "$ref" in raw:
            target = self.scope.target(raw["$ref"], at.below("$ref"))
            self.scope.cycles.take_out(target.raw, target.at)
            kinds &= self.kinds(target.raw, target.at, typed)
        if "type" in raw:
            kinds &= with_integers(self.scope.types(raw, at))
        if "enum" in raw or "const" in raw:
            values = raw.get("enum", [raw.get("const")])
            kinds &= {kind for kind in _ALL for value in values if ir.is_of(value, (kind,))}
        for word in ("anyOf", "oneOf", "allOf"):
            members = raw.get(word, ())
            inner = [
                self.kinds(member, at.below(word, n), typed) for n, member in enumerate(members)
            ]
            if inner and word == "allOf":
                kinds = kinds.intersection(*inner)
            elif inner:
                kinds &= frozenset().union(*inner)
        if not typed and not raw.keys() & {"$ref", "enum", "const", "anyOf", "oneOf"}:
            if raw.keys() & OBJECT_SHAPE:
                return frozenset({"object"})
            if raw.keys() & ARRAY_SHAPE:
                return frozenset({"array"})
        return kinds | {"null"} if raw.get("nullable") is True else kinds


def with_integers(kinds: Iterable[str]) -> frozenset[str]:
    types = frozenset(kinds)
    return types | {"integer"} if "number" in types else types


def meet(left: tuple[str, ...] | None, right: tuple[str, ...]) -> tuple[str, ...]:
    """The JSON types in both, in the order of the left; an integer is a number."""
    if left is None:
        return right
    both = []
    for kind in left:
        if kind in right or (kind == "integer" and "number" in right):
            both.append(kind)
        elif kind == "number" and "integer" in right:
            both.append("integer")
    return tuple(both)
