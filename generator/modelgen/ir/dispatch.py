"""How the members of a union are told apart, decided once, from their meaning.

By JSON type first. Objects then by a tag: a property that has a fixed value in each member (the discriminator, or
any other), or two such properties where one does not do; else by a required property that only one member has; else
they are tried in order, which is an anomaly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias, assert_never

from .. import ir


@dataclass(frozen=True, slots=True)
class Take:
    """This member."""

    member: int


@dataclass(frozen=True, slots=True)
class Switch:
    """The member that the string at `wire` names. No `missing`: an error; no `unknown`: an unknown variant."""

    wire: str
    cases: tuple[tuple[str, Choice], ...]
    missing: Choice | None = None
    unknown: Choice | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """These members in order; `ambiguous` if nothing tells them apart beforehand.

    `keys`: a required property that only this member has, "" for none; members whose key is present come first.
    """

    members: tuple[int, ...]
    keys: tuple[str, ...] = ()
    ambiguous: bool = False


Choice: TypeAlias = Take | Switch | Try


@dataclass(frozen=True, slots=True)
class Plan:
    """For each JSON type that a union admits, how to choose."""

    by_kind: tuple[tuple[str, Choice], ...]

    @property
    def ambiguous(self) -> bool:
        return any(_is_ambiguous(choice) for _, choice in self.by_kind)

    @property
    def tagged(self) -> bool:
        """Whether an object may be an unknown variant."""
        return any(_is_tagged(choice) for _, choice in self.by_kind)


def _is_tagged(choice: Choice | None) -> bool:
    if not isinstance(choice, Switch):
        return False
    return choice.unknown is None or any(_is_tagged(case) for _, case in choice.cases)


def _is_ambiguous(choice: Choice | None) -> bool:
    match choice:
        case Try(ambiguous=ambiguous):
            return ambiguous
        case Switch(cases=cases, unknown=unknown):
            return any(_is_ambiguous(choice) for choice in (*(case for _, case in cases), unknown))
        case Take() | None:
            return False
        case _:
            assert_never(choice)


def plan(union: ir.Union, types: Mapping[str, ir.Named]) -> Plan:
    """The way to tell the members of `union` apart. `types`: all named types by key."""
    kinds = [ir.kinds_of(member, types) for member in union.members]
    choices = []
    for kind in ir.KINDS:
        candidates = [n for n, admitted in enumerate(kinds) if kind in admitted]
        if candidates:
            choices.append((kind, _choose(kind, candidates, union, types)))
    return Plan(tuple(choices))


def _choose(
    kind: str, candidates: list[int], union: ir.Union, types: Mapping[str, ir.Named]
) -> Choice:
    if len(candidates) == 1:
        return Take(candidates[0])
    if kind == "object":
        return _Objects(union, types).choose(candidates, frozenset(), 0)
    if kind in ("boolean", "null"):
        return Take(candidates[0])
    free = [n for n in candidates if _is_identity(union.members[n], types)]
    if kind == "number":
        # integers first, as they do not take other numbers
        order = sorted(candidates, key=lambda n: not _is_integer(union.members[n], types))
        return Take(order[-1]) if len(free) == len(candidates) else Try(tuple(order))
    if free and kind != "array" and len(free) == len(candidates):
        return Take(free[0])
    if kind == "string":
        # a format that reads (a date) before plain text, which accepts all
        return Try(tuple(sorted(candidates, key=lambda n: n in free)))
    return Try(tuple(candidates), ambiguous=not _arrays_differ(candidates, union, types))


def _is_integer(type_: ir.Type, types: Mapping[str, ir.Named]) -> bool:
    """Whether integers are the only numbers among the values of the type."""
    return not any(
        isinstance(part, ir.Literal | ir.Anything)
        or (isinstance(part, ir.Scalar) and part.kind == "number")
        for part in ir.opened(type_, types)
    )


def _is_identity(type_: ir.Type, types: Mapping[str, ir.Named]) -> bool:
    """Whether every value is its own Python value under the type."""
    return all(
        isinstance(part, ir.Literal | ir.Anything)
        or (isinstance(part, ir.Scalar) and not (part.kind == "string" and part.format))
        for part in ir.opened(type_, types)
    )


def _arrays_differ(candidates: list[int], union: ir.Union, types: Mapping[str, ir.Named]) -> bool:
    """Whether the JSON types of the items alone tell the arrays apart (an empty array fits any)."""
    seen: set[str] = set()
    for n in candidates:
        member = union.members[n]
        if not isinstance(member, ir.Array):
            return False
        kinds = ir.kinds_of(member.items, types)
        if kinds & seen:
            return False
        seen |= kinds
    return True


class _Objects:
    """Telling apart the members of a union that are objects."""

    def __init__(self, union: ir.Union, types: Mapping[str, ir.Named]) -> None:
        self.union = union
        self.types = types
        meant = {key for _, key in union.mapping}
        # names mean members only where each has one
        self.by_name = all(
            isinstance(member, ir.Ref)
            and (types[member.target].component or member.target in meant)
            for member in union.members
            if member != ir.NULL
        )
        self.leaves = [tuple(leaves(member, types)) for member in union.members]
        self.tags = [self._tags(n) for n in range(len(union.members))]

    def choose(self, members: list[int], used: frozenset[str], depth: int) -> Choice:
        if len(members) == 1:
            return Take(members[0])
        if self.union.otherwise:
            return self._by_mapping()
        wires = [wire for wire in self._wires(members) if wire not in used]
        for wire in wires:
            groups = self._groups(wire, members)
            if groups and all(len(group) == 1 for group in groups.values()):
                return self._switch(wire, groups, members, used, depth)
        if depth == 0:
            for wire in wires:
                groups = self._groups(wire, members)
                if groups and all(len(group) < len(members) for group in groups.values()):
                    switch = self._switch(wire, groups, members, used, depth)
                    if not any(_is_ambiguous(case) for _, case in switch.cases):
                        return switch
            partial = self._all_but_one(members)
            if partial is not None:
                return partial
        return self._keys(members)

    def _by_mapping(self) -> Switch:
        """What the mapping says, and one member for all other values and for none."""
        numbers = {
            member.target: n
            for n, member in enumerate(self.union.members)
            if isinstance(member, ir.Ref)
        }
        rest = Take(numbers[self.union.otherwise])
        cases = tuple(
            (value, Take(numbers[key])) for value, key in self.union.mapping if key in numbers
        )
        return Switch(self.union.discriminator, cases, rest, rest)

    def _tags(self, n: int) -> dict[str, tuple[frozenset[str], bool]]:
        """wire -> (the strings it may be, whether it is always there), for properties with fixed values."""
        tags: dict[str, tuple[frozenset[str], bool]] = {}
        mapped, named = self._mapped(n)
        for position, leaf in enumerate(self.leaves[n]):
            fixed: dict[str, tuple[frozenset[str], bool]] = {}
            for field in leaf.fields if leaf is not None else ():
                values = _fixed(field.type, self.types)
                if values:
                    fixed[field.wire] = (values, field.required and not field.nullable)
            if mapped or named:
                values, always = fixed.get(self.union.discriminator, (mapped or named, True))
                fitting = values & (mapped or named)
                # an enum that many share may lack what only the mapping says
                wanted = mapped if mapped and len(values) > 1 else values
                fixed[self.union.discriminator] = (fitting or wanted, always)
            if position == 0:
                tags = fixed
            else:
                tags = {
                    wire: (values | fixed[wire][0], always and fixed[wire][1])
                    for wire, (values, always) in tags.items()
                    if wire in fixed
                }
        return tags

    def _mapped(self, n: int) -> tuple[frozenset[str], frozenset[str]]:
        """The values of the discriminator that mean a member: by the mapping, and else by its name."""
        member = self.union.members[n]
        if not self.union.discriminator or not isinstance(member, ir.Ref):
            return frozenset(), frozenset()
        key = member.target
        mapped = frozenset(value for value, meant in self.union.mapping if meant == key)
        return mapped, frozenset((key,)) if self.by_name and not mapped else frozenset()

    def _wires(self, members: Iterable[int]) -> list[str]:
        """Candidate tags: the discriminator, then properties in the order of the first members."""
        wires = dict.fromkeys([self.union.discriminator] if self.union.discriminator else [])
        for n in members:
            wires.update(dict.fromkeys(self.tags[n]))
        return list(wires)

    def _groups(self, wire: str, members: list[int]) -> dict[str, list[int]]:
        """tag value -> members; empty if some member has no fixed value there."""
        groups: dict[str, list[int]] = {}
        for n in members:
            if wire not in self.tags[n]:
                return {}
            for value in sorted(self.tags[n][wire][0]):
                groups.setdefault(value, []).append(n)
        return groups

    def _switch(
        self,
        wire: str,
        groups: dict[str, list[int]],
        members: list[int],
        used: frozenset[str],
        depth: int,
    ) -> Switch:
        cases = tuple(
            (value, self.choose(group, used | {wire}, depth + 1)) for value, group in groups.items()
        )
        optional = [n for n in members if not self.tags[n][wire][1]]
        missing: Choice | None = None
        if optional:
            missing = Take(optional[0]) if len(optional) == 1 else Try(tuple(optional))
        return Switch(wire, cases, missing)

    def _all_but_one(self, members: list[int]) -> Switch | None:
        """A tag that one member lacks: that one is meant where no value fits."""
        for wire in self._wires(members):
            without = [n for n in members if wire not in self.tags[n]]
            if len(without) != 1 or len(self.leaves[without[0]]) != 1:
                continue
            groups = self._groups(wire, [n for n in members if n not in without])
            if groups and all(len(group) == 1 for group in groups.values()):
                rest = Take(without[0])
                cases = tuple(
                    (value, Try((group[0], rest.member))) for value, group in groups.items()
                )
                optional = [n for n in members if n != rest.member and not self.tags[n][wire][1]]
                missing = Try((*optional, rest.member)) if optional else rest
                return Switch(wire, cases, missing, rest)
        return None

    def _keys(self, members: list[int]) -> Try:
        """By required properties: each member but one has a required property that no other member declares."""
        declared: dict[int, set[str]] = {}
        for n in members:
            declared[n] = {
                field.wire for leaf in self.leaves[n] if leaf is not None for field in leaf.fields
            }
        counts = Counter(chain.from_iterable(declared.values()))
        keys = []
        for n in members:
            required = _always_required(self.leaves[n])
            keys.append(next((wire for wire in required if counts[wire] == 1), ""))
        return Try(tuple(members), tuple(keys), ambiguous=keys.count("") > 1)


def leaves(type_: ir.Type, types: Mapping[str, ir.Named]) -> list[ir.Object | None]:
    """The objects a type may be, through references and unions; None for an object without declared properties."""
    return [
        part if isinstance(part, ir.Object) else None
        for part in ir.opened(type_, types)
        if isinstance(part, ir.Object | ir.Map | ir.Anything)
    ]


def _always_required(objects: tuple[ir.Object | None, ...]) -> list[str]:
    wires: list[str] | None = None
    for leaf in objects:
        required = (
            [field.wire for field in leaf.fields if field.required] if leaf is not None else []
        )
        wires = required if wires is None else [wire for wire in wires if wire in required]
    return wires or []


def _fixed(type_: ir.Type, types: Mapping[str, ir.Named]) -> frozenset[str]:
    """The strings a value of the type may be, if it is a closed enum of strings."""
    for named in ir.aliases(type_, types):
        if named.nullable:
            return frozenset()
        type_ = named.type
    if isinstance(type_, ir.Literal) and not type_.open:
        values = [value.json for value in type_.values]
        if all(isinstance(value, str) for value in values):
            return frozenset(str(value) for value in values)
    return frozenset()
