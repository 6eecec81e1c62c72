"""`anyOf` and `oneOf`: null, open enums and merged enums get their own spelling; what remains is a union."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..ir import Type
from ..openapi.keywords import ASSERTIONS
from .conjuncts import Part
from .operands import describe, keyword_empty, schema_kind
from .possible import Possible, meet, with_integers

if TYPE_CHECKING:
    from .schemas import Schemas

_TYPE_ONLY = {"type", "nullable", "discriminator"}

# A member made of these alone says nothing about the shape of a value.
_TESTS = {
    "required",
    "not",
    "if",
    "then",
    "else",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "nullable",
}


class Unions:
    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.scope = schemas.scope
        self.possible = Possible(schemas.scope)

    def build(
        self, parts: list[Part], composed: list[tuple[Part, str]], at: Location, key: str
    ) -> Type:
        """The type of conjuncts some of which are unions. One union gives the shape, further ones are tested."""
        for part, word in composed:
            if not part.raw[word]:
                raise keyword_empty(word, part.at)
        shaping = next((pair for pair in composed if not self._only_tests(pair)), None)
        rest = [
            replace(part, raw=bare)
            for part in parts
            if (bare := _without_unions(part.raw)).keys() - {"nullable"}
        ]
        tests = [
            ir.Anything(checks=((word, self._tested(part, word)),))
            for part, word in composed
            if (part, word) != shaping
        ]
        type_ = (
            self.schemas.build(rest, at, key)
            if shaping is None
            else self._shape(rest, *shaping, at, key)
        )
        return self.schemas.tested(type_, tuple(tests), at, key) if tests else type_

    def _only_tests(self, pair: tuple[Part, str]) -> bool:
        part, word = pair
        return all(
            isinstance(member, dict) and not member.keys() - _TESTS for member in part.raw[word]
        )

    def _tested(self, part: Part, word: str) -> tuple[Type, ...]:
        place = part.below(word)
        return tuple(
            self.schemas.assertions.type_of(member, place.below(n))
            for n, member in enumerate(part.raw[word])
        )

    def _shape(self, rest: list[Part], part: Part, word: str, at: Location, key: str) -> Type:
        listed = [(n, raw, part.below(word, n)) for n, raw in enumerate(part.raw[word])]
        kinds = self.schemas.kinds(rest, at)
        nullable = part.raw.get("nullable") is True
        # null may fit several branches of `oneOf`: then the shape allows what any of them does, and all are tested
        judged = (
            word == "oneOf"
            and not nullable
            and (kinds is None or "null" in kinds)
            and sum(
                "null" in self.possible.kinds(raw, p, kinds is not None) for _, raw, p in listed
            )
            > 1
        )
        exclusive = word == "oneOf" and not judged
        nulls = [entry for entry in listed if _is_null(entry[1])]
        others = [entry for entry in listed if not _is_null(entry[1])]
        shaped = any(other.raw.keys() - _TYPE_ONLY for other in rest)
        members: list[Type] = []
        for n, raw, place in others:
            member_key = key if len(others) == 1 else f"{key}|{n}"
            type_ = self._member(raw, place, rest, shaped, kinds, member_key)
            members.append(
                type_ if len(others) == 1 else self._named(type_, raw, place, member_key, exclusive)
            )
        has_null = bool(nulls)
        bare: list[Type] = []
        for type_ in members:
            inner, with_null = (ir.Never(), True) if type_ == ir.NULL else ir.split_null(type_)
            has_null = has_null or with_null
            bare.extend(inner.members if _may_flatten(inner, exclusive) else [inner])  # type: ignore[union-attr]
        has_null = nullable or (has_null and (kinds is None or "null" in kinds))
        if has_null and shaped:
            null = self.schemas.build([*rest, replace(rest[0], raw={"type": "null"})], at, key)
            has_null = null == ir.NULL
            if not has_null and not isinstance(null, ir.Never):
                bare = list(self.schemas.named([*bare, null], at, key))
        bare = [type_ for type_ in bare if not isinstance(type_, ir.Never)]
        type_ = ir.Never(at=at)
        if bare:
            type_ = self._simplify(bare, exclusive, part, at)
            if kinds is not None and not shaped:
                type_ = self._of_kinds(type_, kinds, others, at, key)
        if has_null:
            type_ = ir.or_null(type_)
        if judged and not isinstance(type_, ir.Never):
            test = ir.Anything(checks=((word, self._tested(part, word)),))
            type_ = self.schemas.tested(type_, (test,), at, key)
        return type_

    def _of_kinds(
        self,
        type_: Type,
        kinds: tuple[str, ...],
        branches: list[tuple[int, Any, Location]],
        at: Location,
        key: str,
    ) -> Type:
        """The type with the JSON types that stand beside the union as a condition, where the branches allow others."""
        allowed = with_integers(kinds)
        possible = [self.possible.kinds(raw, place) for _, raw, place in branches]
        if all(found <= allowed for found in possible):
            return type_
        for found, (_, _, place) in zip(possible, branches, strict=True):
            if found and not found & allowed:
                self.scope.note("type-beside-union", _contradicts(kinds), place)
                allowed |= found
        if all(found <= allowed for found in possible):
            return type_
        test = ir.Anything(checks=(("type", tuple(sorted(allowed))),))
        return self.schemas.tested(type_, (test,), at, key)

    def _member(
        self,
        raw: object,
        at: Location,
        rest: list[Part],
        shaped: bool,
        kinds: tuple[str, ...] | None,
        key: str,
    ) -> Type:
        schemas = self.schemas
        if isinstance(raw, bool):
            if not raw:
                return ir.Never(at=at)
            return schemas.build(rest, at, key)
        if not isinstance(raw, dict):
            raise schema_kind(raw, at)
        untyped = "$ref" not in raw and not raw.keys() & {"allOf", "anyOf", "oneOf"}
        if (
            not shaped
            and kinds is not None
            and "type" in raw
            and not meet(kinds, self.scope.types(raw, at))
        ):
            self.scope.note("type-beside-union", _contradicts(kinds), at)
            return schemas.type_of(raw, at, key)
        if not rest or not (shaped or untyped):
            return schemas.type_of(raw, at, key)
        own = schemas.conjuncts.opened(schemas.conjuncts.of(raw, at, key))
        type_ = schemas.build([*rest, *own], at, key)
        return schemas.with_unevaluated(type_, own, [(raw, at)], at, key)

    def _named(self, type_: Type, raw: object, at: Location, key: str, exclusive: bool) -> Type:
        bare, _ = ir.split_null(type_)
        if isinstance(bare, ir.Object) or (
            isinstance(bare, ir.Union) and not _may_flatten(bare, exclusive)
        ):
            return self.schemas.name(type_, raw, at, key)
        return type_

    def _simplify(self, members: list[Type], exclusive: bool, part: Part, at: Location) -> Type:
        if not exclusive:
            members = list(dict.fromkeys(members))
        members = _merge_literals(members)
        text = next((m for m in members if isinstance(m, ir.Scalar) and _is_plain_text(m)), None)
        known = [m for m in members if isinstance(m, ir.Literal) and not m.checks and _all_text(m)]
        if text is not None and len(known) == 1:
            if exclusive:
                message = "One branch of `oneOf` is any string, another one is an enum of strings."
                self.scope.note("open-enum-one-of", message, at)
            opened = replace(known[0], open=True)
            members = [
                opened if member is known[0] else member for member in members if member is not text
            ]
        elif exclusive and _overlap(members):
            message = "A branch of `oneOf` contains another one."
            self.scope.note("overlapping-one-of", message, at)
        if len(members) == 1:
            return members[0]
        if exclusive and _disjoint(members):
            exclusive = False
        said = part.raw.get("discriminator", {})
        wire = said.get("propertyName", "")
        if ("discriminator" in part.raw and not isinstance(wire, str | None)) or (
            "discriminator" in part.raw and not wire
        ):
            raise SpecError(
                Diagnostic(
                    "keyword-kind",
                    "`discriminator` must name a property in `propertyName`.",
                    part.below("discriminator"),
                    "Add `propertyName`, or remove the discriminator.",
                )
            )
        mapping = self._mapping(said.get("mapping", {}), part.below("discriminator", "mapping"))
        return ir.Union(
            members=tuple(members), exclusive=exclusive, discriminator=wire, mapping=mapping, at=at
        )

    def _mapping(self, said: object, at: Location) -> tuple[tuple[str, str], ...]:
        """Tag value -> key of the schema it means: a component's name or a reference."""
        if not isinstance(said, Mapping):
            raise SpecError(
                Diagnostic(
                    "keyword-kind",
                    f"`mapping` must be an object, not {describe(said)}.",
                    at,
                    "Write each value of the tag and the schema it means, or remove the mapping.",
                )
            )
        pairs = []
        for value, ref in said.items():
            place = at.below(value)
            if not isinstance(ref, str):
                raise SpecError(
                    Diagnostic(
                        "keyword-kind",
                        f"An entry of `mapping` must be a string, not {describe(ref)}.",
                        place,
                        "Name the schema that this value of the tag means.",
                    )
                )
            target = (
                self.scope.component(ref)
                if ref in self.scope.components
                else self.scope.target(ref, place)
            )
            pairs.append((value, target.key))
        return tuple(pairs)


def _is_null(raw: object) -> bool:
    """Whether a schema says that it allows null and nothing else, and no more."""
    if not isinstance(raw, dict):
        return False
    assertions = {word: value for word, value in raw.items() if word in ASSERTIONS}
    return assertions in ({"type": "null"}, {"type": ["null"]}, {"enum": [None]}, {"const": None})


def _contradicts(kinds: Iterable[str]) -> str:
    beside = " or ".join(kinds)
    return f"The type beside the union is {beside}, which this branch is not."


def _without_unions(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        word: value
        for word, value in raw.items()
        if word not in ("anyOf", "oneOf", "discriminator")
    }


def _may_flatten(type_: Type, exclusive: bool) -> bool:
    return (
        isinstance(type_, ir.Union) and not type_.checks and not exclusive and not type_.exclusive
    )


def _merge_literals(members: list[Type]) -> list[Type]:
    """Several enums side by side are one enum, if no value stands in two of them."""
    literals = [m for m in members if isinstance(m, ir.Literal) and not m.checks and not m.open]
    values = [value for literal in literals for value in literal.values]
    if len(literals) < 2 or len(values) != len(set(values)):
        return members
    merged = replace(literals[0], values=tuple(values))
    first = next(n for n, member in enumerate(members) if member is literals[0])
    kept = [m for m in members if not any(m is literal for literal in literals)]
    return [*kept[:first], merged, *kept[first:]]


def _is_plain_text(type_: ir.Scalar) -> bool:
    return type_.kind == "string" and not type_.checks and not type_.format


def _all_text(type_: ir.Literal) -> bool:
    return all(isinstance(value.json, str) for value in type_.values)


def _disjoint(members: list[Type]) -> bool:
    kinds = [ir.sole_kind(member) for member in members]
    return "" not in kinds and len(set(kinds)) == len(kinds)


def _overlap(members: list[Type]) -> bool:
    kinds = [ir.sole_kind(m) for m in members if isinstance(m, ir.Scalar | ir.Literal)]
    return any(kinds.count(ir.sole_kind(m)) > 1 for m in members if isinstance(m, ir.Scalar))
