"""Which JSON types the values of a schema can have at most, before its type is read."""

from __future__ import annotations

from collections.abc import Iterable

from .. import ir
from ..errors import Location
from ..openapi.keywords import ARRAY_SHAPE, OBJECT_SHAPE, TYPES
from .scope import Scope

_ALL = frozenset(TYPES)

# a schema, and whether a `type` may stand beside it
_Schema = tuple[object, Location, bool]


class Possible:
    """Reads schemas no further than their JSON types; remembers each."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._known: dict[tuple[str, str, bool], frozenset[str]] = {}

    def kinds(self, raw: object, at: Location, typed: bool = False) -> frozenset[str]:
        """The JSON types that values of a schema can have at most. `typed`: a `type` may stand beside it, so that it
        need not be read as an object for want of one."""
        waiting: list[_Schema] = [(raw, at, typed)]
        while waiting:
            schema = waiting[-1]
            where = _place(schema)
            inner = {} if where in self._known else self._inner(*schema)
            new = [one for ones in inner.values() for one in ones if _place(one) not in self._known]
            waiting += new
            if not new:
                waiting.pop()
                if where not in self._known:
                    self._known[where] = self._kinds(*schema, inner)
        return self._known[at.source, at.pointer, typed]

    def _inner(self, raw: object, at: Location, typed: bool) -> dict[str, list[_Schema]]:
        """The schemas that a schema consists of, by keyword."""
        if not isinstance(raw, dict):
            return {}
        self.scope.repair(raw, at)
        typed = _is_typed(raw, typed)
        inner: dict[str, list[_Schema]] = {}
        if "$ref" in raw:
            target = self.scope.target(raw["$ref"], at.below("$ref"))
            self.scope.cycles.take_out(target.raw, target.at)
            inner["$ref"] = [(target.raw, target.at, typed)]
        for word in ("anyOf", "oneOf", "allOf"):
            if members := raw.get(word, ()):
                inner[word] = [
                    (member, at.below(word, n), typed) for n, member in enumerate(members)
                ]
        return inner

    def _kinds(
        self, raw: object, at: Location, typed: bool, inner: dict[str, list[_Schema]]
    ) -> frozenset[str]:
        """The same of a schema that consists of known ones."""
        if not isinstance(raw, dict):
            return _ALL if raw else frozenset()
        kinds = _ALL
        if "type" in raw:
            kinds &= with_integers(self.scope.types(raw, at))
        if "enum" in raw or "const" in raw:
            values = raw.get("enum", [raw.get("const")])
            kinds &= {kind for kind in _ALL for value in values if ir.is_of(value, (kind,))}
        for word, schemas in inner.items():
            known = [self._known[_place(schema)] for schema in schemas]
            if word in ("$ref", "allOf"):
                kinds = kinds.intersection(*known)
            else:
                kinds &= frozenset().union(*known)
        bare = not raw.keys() & {"$ref", "enum", "const", "anyOf", "oneOf"}
        if bare and not _is_typed(raw, typed):
            if raw.keys() & OBJECT_SHAPE:
                return frozenset({"object"})
            if raw.keys() & ARRAY_SHAPE:
                return frozenset({"array"})
        return kinds | {"null"} if raw.get("nullable") is True else kinds


def _place(schema: _Schema) -> tuple[str, str, bool]:
    _, at, typed = schema
    return at.source, at.pointer, typed


def _is_typed(raw: dict[str, object], typed: bool) -> bool:
    return typed or bool(raw.keys() & {"type", "allOf"}) or ("$ref" in raw and len(raw) > 1)


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
