"""`anyOf` and `oneOf`: null, open enums and merged enums get their own spelling; what remains is a union."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..errors import Location
from ..ir import Type
from ..openapi.keywords import ASSERTIONS
from . import members
from .alternatives import Alternatives
from .conjuncts import Part
from .discriminators import discriminator
from .possible import Possible, meet, with_integers
from .reader import SchemaReader

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

_REPEATED = (
    "Its unions lead to the same schemas by too many ways to say for each what stands beside them."
)


@dataclass(frozen=True, slots=True)
class _Branch:
    raw: object
    at: Location
    key: str


@dataclass(frozen=True, slots=True)
class _Composed:
    """An `anyOf` or `oneOf` that gives the shape. `rest`: the conjuncts beside it, and `kinds` the JSON types that they
    name."""

    part: Part
    word: str
    rest: list[Part]
    kinds: tuple[str, ...] | None
    at: Location
    key: str

    @property
    def schemas(self) -> list[tuple[object, Location]]:
        below = self.part.at.below(self.word)
        return [(raw, below.below(n)) for n, raw in enumerate(self.part.raw[self.word])]

    def branches(self) -> list[_Branch]:
        """The schemas that are more than null."""
        wanted = [(n, raw, at) for n, (raw, at) in enumerate(self.schemas) if not _is_null(raw)]
        if len(wanted) == 1:
            return [_Branch(raw, at, self.key) for _, raw, at in wanted]
        return [_Branch(raw, at, f"{self.key}|{n}") for n, raw, at in wanted]

    @property
    def nullable(self) -> bool:
        return self.part.raw.get("nullable") is True

    @property
    def null_may_fit(self) -> bool:
        return self.kinds is None or "null" in self.kinds

    @property
    def shaped(self) -> bool:
        """Whether what stands beside the union says more than a type."""
        return any(part.raw.keys() - _TYPE_ONLY for part in self.rest)


class Unions:
    def __init__(self, reader: SchemaReader) -> None:
        self.reader = reader
        self.scope = reader.scope
        self.possible = Possible(reader.scope)
        self.alternatives = Alternatives(reader.scope)

    def build(
        self, parts: list[Part], composed: list[tuple[Part, str]], at: Location, key: str
    ) -> Type:
        """The type of conjuncts some of which are unions. One union gives the shape, further ones are tested."""
        shaping = next((pair for pair in composed if not _only_tests(*pair)), None)
        rest = [
            replace(part, raw=bare)
            for part in parts
            if (bare := _without_unions(part.raw)).keys() - {"nullable"}
        ]
        tests = tuple(self._test(*pair) for pair in composed if pair != shaping)
        if shaping is None:
            type_ = self.reader.build(rest, at, key)
        else:
            kinds = self.reader.kinds(rest, at)
            union = _Composed(*shaping, rest, kinds, at, key)
            if union.shaped and self.alternatives.repeat(union.schemas):
                self.scope.note("repeated-alternatives", _REPEATED, at)
                union = replace(union, rest=[], kinds=None)
                read = self.reader.assertions.type_of
                tests = (*(read(part.raw, part.at) for part in rest), *tests)
            type_ = self._shape(union)
        return self.reader.tested(type_, tests, at, key) if tests else type_

    def _test(self, part: Part, word: str) -> Type:
        """A union as a condition."""
        below = part.at.below(word)
        read = self.reader.assertions.type_of
        branches = tuple(read(raw, below.below(n)) for n, raw in enumerate(part.raw[word]))
        return ir.Anything(checks=((word, branches),))

    def _shape(self, union: _Composed) -> Type:
        # null may fit several branches of `oneOf`: then the shape allows what any of them does, and all are tested
        judged = union.word == "oneOf" and self._null_fits_several(union)
        exclusive = union.word == "oneOf" and not judged
        meant: dict[str, str] = {}
        types, has_null = self._members(union, exclusive, meant)
        type_: Type = ir.Never(at=union.at)
        if types:
            type_ = self._simplified(types, exclusive, union, meant)
            if not union.shaped:
                type_ = self._of_kinds(type_, union)
        if has_null:
            type_ = ir.or_null(type_)
        if judged and not isinstance(type_, ir.Never):
            test = self._test(union.part, union.word)
            type_ = self.reader.tested(type_, (test,), union.at, union.key)
        return type_

    def _null_fits_several(self, union: _Composed) -> bool:
        if union.nullable or not union.null_may_fit:
            return False
        typed = union.kinds is not None
        fitting = ["null" in self.possible.kinds(raw, at, typed) for raw, at in union.schemas]
        return sum(fitting) > 1

    def _members(
        self, union: _Composed, exclusive: bool, meant: dict[str, str]
    ) -> tuple[list[Type], bool]:
        """The types of the branches without null, and whether null is a value of the union. `meant` gets the members that
        schemas become together with what stands beside the union, by the keys of the schemas."""
        branches = union.branches()
        has_null = len(branches) < len(union.schemas)
        types: list[Type] = []
        for branch in branches:
            type_ = self._branch(union, branch)
            if len(branches) > 1:
                type_ = self._named(type_, branch, exclusive)
                self._note_meant(type_, branch, meant)
            inner, with_null = (ir.Never(), True) if type_ == ir.NULL else ir.split_null(type_)
            has_null = has_null or with_null
            flat = isinstance(inner, ir.Union) and members.may_flatten(inner, exclusive)
            types.extend(inner.members if flat and isinstance(inner, ir.Union) else [inner])
        has_null = union.nullable or (has_null and union.null_may_fit)
        if has_null and union.shaped:
            types, has_null = self._with_tested_null(types, union)
        possible: list[Type] = [type_ for type_ in types if not isinstance(type_, ir.Never)]
        if types and union.shaped and not possible and not has_null:
            message = "No value is valid: what stands beside the union excludes every branch."
            self.scope.note("impossible", message, union.at)
        return possible, has_null

    def _with_tested_null(self, types: list[Type], union: _Composed) -> tuple[list[Type], bool]:
        """Null beside the types, if the conjuncts beside the union allow it; as a member of its own if they test it."""
        only_null = replace(union.rest[0], raw={"type": "null"})
        null = self.reader.build([*union.rest, only_null], union.at, union.key)
        if null != ir.NULL and not isinstance(null, ir.Never):
            types = list(self.reader.named([*types, null], union.at, union.key))
        return types, null == ir.NULL

    def _of_kinds(self, type_: Type, union: _Composed) -> Type:
        """The type with the JSON types that stand beside the union as a condition, where the branches allow others."""
        if union.kinds is None:
            return type_
        allowed = with_integers(union.kinds)
        branches = union.branches()
        possible = [self.possible.kinds(branch.raw, branch.at) for branch in branches]
        for kinds, branch in zip(possible, branches, strict=True):
            if kinds and not kinds & allowed:
                self.scope.note("type-beside-union", _contradicts(union.kinds), branch.at)
                allowed |= kinds
        if all(kinds <= allowed for kinds in possible):
            return type_
        test = ir.Anything(checks=(("type", tuple(sorted(allowed))),))
        return self.reader.tested(type_, (test,), union.at, union.key)

    def _branch(self, union: _Composed, branch: _Branch) -> Type:
        """The type of a branch together with what stands beside the union, where that decides what the branch is."""
        reader, at, key = self.reader, branch.at, branch.key
        raw = self.scope.schema(branch.raw, at)
        if isinstance(raw, bool):
            return reader.build(union.rest, at, key) if raw else ir.Never(at=at)
        types = () if union.shaped or "type" not in raw else self.scope.types(raw, at)
        if union.kinds is not None and types and not meet(union.kinds, types):
            self.scope.note("type-beside-union", _contradicts(union.kinds), at)
            return reader.type_of(raw, at, key)
        untyped = not raw.keys() & {"$ref", "allOf", "anyOf", "oneOf"}
        if not union.rest or not (union.shaped or untyped):
            return reader.type_of(raw, at, key)
        own = reader.conjuncts.opened(reader.conjuncts.of(raw, at, key))
        # a branch that fits nothing here may fit something elsewhere: it is not at fault
        alone = bool(self.possible.kinds(raw, at))
        with self.scope.unsaid("impossible") if alone else nullcontext():
            type_ = reader.build([*union.rest, *own], at, key)
        return reader.with_unevaluated(type_, own, [(raw, at)], at, key)

    def _named(self, type_: Type, branch: _Branch, exclusive: bool) -> Type:
        bare, _ = ir.split_null(type_)
        if isinstance(bare, ir.Object) or (
            isinstance(bare, ir.Union) and not members.may_flatten(bare, exclusive)
        ):
            return self.reader.name(type_, branch.raw, branch.at, branch.key)
        return type_

    def _note_meant(self, type_: Type, branch: _Branch, meant: dict[str, str]) -> None:
        member, _ = ir.split_null(type_)
        if isinstance(member, ir.Ref) and isinstance(branch.raw, dict) and "$ref" in branch.raw:
            schema = self.scope.target(branch.raw["$ref"], branch.at).key
            if schema != member.target:
                meant[schema] = member.target

    def _simplified(
        self, types: list[Type], exclusive: bool, union: _Composed, meant: Mapping[str, str]
    ) -> Type:
        if not exclusive:
            types = list(dict.fromkeys(types))
        types = members.merge_literals(types)
        opened = members.open_enum(types)
        if opened is not None and exclusive:
            message = "One branch of `oneOf` is any string, another one is an enum of strings."
            self.scope.note("open-enum-one-of", message, union.at)
        elif opened is None and exclusive and members.overlap(types):
            message = "A branch of `oneOf` contains another one."
            self.scope.note("overlapping-one-of", message, union.at)
        types = types if opened is None else opened
        if len(types) == 1:
            return types[0]
        wire, mapping = discriminator(union.part.raw, union.part.at, self.scope)
        if wire and meant:
            named = {key for _, key in mapping}
            mapping += tuple((key, key) for key in meant if key not in named)
            mapping = tuple((value, meant.get(key, key)) for value, key in mapping)
        return ir.Union(
            members=tuple(types),
            exclusive=exclusive and not members.disjoint(types),
            discriminator=wire,
            mapping=mapping,
            at=union.at,
        )


def _only_tests(part: Part, word: str) -> bool:
    return all(isinstance(raw, dict) and not raw.keys() - _TESTS for raw in part.raw[word])


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
