"""What a schema is made of: its own keywords and, through `allOf` and references, those of other schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Location
from ..openapi.keywords import ASSERTIONS, REFERENCES
from .scope import Scope

_FLATTENED = (*REFERENCES, "allOf")


@dataclass(frozen=True, slots=True)
class Part:
    """A conjunct: assertions without `$ref` and `allOf`, their location, and the key inline types below it start with."""

    raw: Mapping[str, Any]
    at: Location
    key: str
    origin: str = ""


class Conjuncts:
    """Takes schemas apart."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of(self, raw: Mapping[str, Any], at: Location, key: str) -> list[Part]:
        """The schema's conjuncts. References are opened only where something stands beside them."""
        parts = list(self.flat(raw, at, key, ""))
        asserting = [part for part in parts if part.raw.keys() - {"nullable"}]
        if len(asserting) == 1 and "$ref" in asserting[0].raw:
            return asserting
        return self.opened(parts)

    def opened(self, parts: Iterable[Part]) -> list[Part]:
        """The conjuncts with those of references in their stead. What two of them lead to counts once:
        saying it twice changes nothing, and documents exist that say it 2^40 times."""
        locations: set[tuple[str, str]] = set()
        opened: list[Part] = []
        for part in parts:
            opened.extend(self._behind(part, locations) if "$ref" in part.raw else [part])
        return opened

    def flat(self, raw: Mapping[str, Any], at: Location, key: str, origin: str) -> Iterable[Part]:
        """The schema's conjuncts with its references as they stand."""
        scope = self.scope
        scope.repair(raw, at)
        for word in REFERENCES:
            if word in raw:
                if word != "$ref":
                    scope.note(
                        "dynamic-ref",
                        f"The target of `{word}` depends on where the schema is used from.",
                        at.below(word),
                    )
                ref = raw[word]
                if ref == "#" and word != "$ref":
                    ref = "#" + "/".join(at.pointer.split("/")[:4])
                yield Part({"$ref": ref}, at.below(word), key, origin)
        own = {
            word: value
            for word, value in raw.items()
            if word in ASSERTIONS and word not in _FLATTENED
        }
        if own:
            if "$ref" in raw and scope.is_3_0:
                words = ", ".join(f"`{word}`" for word in own)
                message = f"OpenAPI 3.0 ignores {words} beside `$ref`."
                scope.note("ref-siblings", message, at)
            yield Part(own, at, key, origin)
        members = raw.get("allOf", ())
        for index, member in enumerate(members):
            location = at.below("allOf", index)
            if member is True:
                continue
            if member is False:
                yield Part({"not": True}, location, key, origin)
            else:
                yield from self.flat(member, location, key, origin)

    def _behind(self, part: Part, locations: set[tuple[str, str]]) -> Iterable[Part]:
        """The conjuncts of a reference's target, as parts of the schema that refers to it."""
        target = self.scope.target(part.raw["$ref"], part.at)
        where = (target.at.source, target.at.pointer)
        if where in locations:
            return
        locations.add(where)
        self.scope.cycles.take_out(target.raw, target.at)
        if isinstance(target.raw, bool):
            if not target.raw:
                yield Part({"not": True}, target.at, target.key, target.key)
            return
        base = self.scope.base_key(target.key)
        for inner in self.flat(target.raw, target.at, base, target.key):
            if "$ref" in inner.raw:
                yield from self._behind(inner, locations)
            else:
                yield inner
