"""Conjuncts that are arrays -> an array or a tuple."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from .. import ir
from ..errors import Location
from ..ir import Type
from ..openapi.keywords import ARRAY_SHAPE, UNEVALUATED
from .conjuncts import Part
from .reader import SchemaReader


class Arrays:
    def __init__(self, reader: SchemaReader) -> None:
        self.reader = reader
        self.scope = reader.scope

    def build(self, parts: list[Part], at: Location, key: str) -> Type:
        items: list[tuple[object, Location]] = []
        prefix: list[tuple[object, Location]] = []
        for part in parts:
            declared = part.raw.get("items")
            listed = part.raw.get("prefixItems")
            if isinstance(declared, list):
                message = "`items` is a list of schemas."
                self.scope.note("items-list", message, part.at.below("items"))
                listed, declared = declared, None
                prefix_word = "items"
            else:
                prefix_word = "prefixItems"
            if listed:
                if prefix:
                    # two tuples at once: the second one is only tested
                    continue
                prefix = [(item, part.at.below(prefix_word, n)) for n, item in enumerate(listed)]
            if declared is not None and declared is not True:
                items.append((declared, part.at.below("items")))
        # the items of one conjunct have other positions than those of the next
        shapes = [part for part in parts if part.raw.keys() & ARRAY_SHAPE]
        extra: tuple[ir.Check, ...] = ()
        if len(shapes) > 1:
            # what is unevaluated is left over by all of them, and tested with the whole schema
            own = (_without(part.raw, UNEVALUATED) for part in shapes)
            tests = tuple(
                self.reader.assertions.type_of(raw, part.at)
                for raw, part in zip(own, shapes, strict=True)
            )
            extra = (("allOf", tests),)
        checks = self.reader.checks(parts, ("array",), extra)
        rest: Type = ir.Anything(at=at)
        if items:
            raw, location = items[0]
            rest = self.reader.inline(raw, location, f"{key}[]")
        if prefix:
            members = tuple(
                self.reader.inline(raw, location, f"{key}[{n}]")
                for n, (raw, location) in enumerate(prefix)
            )
            return ir.Tuple(prefix=members, rest=rest, checks=checks, at=at)
        return ir.Array(items=rest, checks=checks, at=at)


def _without(raw: Mapping[str, Any], words: Container[str]) -> dict[str, Any]:
    return {word: value for word, value in raw.items() if word not in words}
