"""Conjuncts that are arrays -> an array or a tuple."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ir
from ..errors import Location
from ..ir import Type
from ..openapi.keywords import ARRAY_SHAPE
from .conjuncts import Part

if TYPE_CHECKING:
    from .schemas import Schemas


class Arrays:
    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.scope = schemas.scope

    def build(self, parts: list[Part], at: Location, key: str) -> Type:
        items: list[tuple[object, Location]] = []
        prefix: list[tuple[object, Location]] = []
        for part in parts:
            declared = part.raw.get("items")
            listed = part.raw.get("prefixItems")
            if isinstance(declared, list):
                message = "`items` is a list of schemas."
                self.scope.note("items-list", message, part.below("items"))
                listed, declared = declared, None
                prefix_word = "items"
            else:
                prefix_word = "prefixItems"
            if listed:
                if prefix:
                    # two tuples at once: the second one is only tested
                    continue
                prefix = [(item, part.below(prefix_word, n)) for n, item in enumerate(listed)]
            if declared is not None and declared is not True:
                items.append((declared, part.below("items")))
        # the items of one conjunct have other positions than those of the next
        shapes = [part for part in parts if part.raw.keys() & ARRAY_SHAPE]
        extra: tuple[ir.Check, ...] = ()
        if len(shapes) > 1:
            tests = tuple(
                self.schemas.assertions.type_of(dict(part.raw), part.at) for part in shapes
            )
            extra = (("allOf", tests),)
        checks = self.schemas.checks(parts, ("array",), extra)
        rest: Type = ir.Anything(at=at)
        if items:
            raw, place = items[0]
            rest = self.schemas.inline(raw, place, f"{key}[]")
        if prefix:
            members = tuple(
                self.schemas.inline(raw, place, f"{key}[{n}]")
                for n, (raw, place) in enumerate(prefix)
            )
            return ir.Tuple(prefix=members, rest=rest, checks=checks, at=at)
        return ir.Array(items=rest, checks=checks, at=at)
