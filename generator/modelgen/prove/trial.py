"""Payloads of every family and variant, run against every law; what breaks one is made as small as it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from ..errors import Location
from ..reconcile import Entry, Key, Resolution, Root, steps
from .laws import LAWS, Breach, Law, failed
from .paths import Path, at
from .payloads import Payloads
from .subject import Case, Subject, subject

# How many payloads are made for each that has to be valid, before it is given up.
TRIES = 20


@dataclass(frozen=True, slots=True)
class Broken:
    """A law that does not hold: for which payload, and which line of the map is about it."""

    law: Law
    case: Case
    breach: Breach
    at: Location


@dataclass(frozen=True, slots=True)
class Proof:
    """`payloads` that were tried, over so many `pairs` of a family's variants; `without` are the families, roles and
    variants for which none could be made that is valid."""

    payloads: int
    pairs: int
    broken: tuple[Broken, ...]
    without: tuple[Root, ...]


def prove(
    files: Mapping[str, str],
    resolution: Resolution,
    examples: int,
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Proof:
    """Hold every law against so many payloads of each family, role and variant for each other variant. The same seed
    gives the same payloads."""
    with subject(files, resolution) as proven:
        return _Trial(proven, resolution, examples, seed).run(progress)


@dataclass(frozen=True, slots=True)
class _Trial:
    subject: Subject
    resolution: Resolution
    examples: int
    seed: int

    def run(self, progress: Callable[[str], None]) -> Proof:
        broken: dict[tuple[Any, ...], Broken] = {}
        tried, pairs = 0, 0
        without: list[Root] = []
        for root in self.resolution.roots:
            progress(f"{root.family} of {root.variant}")
            having = {r.variant: None for r in self.resolution.roots if r.family == root.family}
            others = [v for v in having if v != root.variant] or [root.variant]
            for to in others:
                pairs += 1
                made = 0
                for case in self.cases(root, to, others):
                    made += 1
                    for one in self.held(case):
                        key = (one.law.name, root.family, self.names(one), root.variant, to)
                        if key not in broken:
                            broken[key] = self.smallest(one)
                tried += made
                if not made and root not in without:
                    without.append(root)
        return Proof(tried, pairs, tuple(broken.values()), tuple(without))

    def cases(self, root: Root, to: str, others: list[str]) -> Iterator[Case]:
        """Valid payloads of a family."""
        random = Random(f"{self.seed} {root} {to}")
        made = 0
        for _ in range(self.examples * TRIES):
            if made == self.examples:
                return
            case = Case(
                root.family,
                root.role,
                root.variant,
                to,
                random.choice(others),
                self.payload(root, random),
            )
            if self.is_valid(case):
                made += 1
                yield case

    def payload(self, root: Root, random: Random) -> dict[str, Any]:
        occurrence = self.resolution[self.resolution.roots[root]]
        objects = [
            object_
            for several in occurrence.members.values()
            for member in several
            for object_ in self.resolution[member.key].objects
        ] or list(occurrence.objects)
        types = self.resolution.apis[root.variant]
        rich = random.choice((0.1, 0.5, 0.9))
        return Payloads(random, types, rich).object(random.choice(objects), 6)

    def is_valid(self, case: Case) -> bool:
        return not any(self.subject.faults(case.payload, case.source, case))

    def held(self, case: Case) -> Iterator[Broken]:
        """The laws that a payload breaks; where a conversion fails, no other law is asked."""
        for law in LAWS:
            try:
                found = list(law.broken_by(self.subject, case))
            except Exception as error:
                law, found = LAWS[0], [failed(error)]
            for breach in found:
                yield Broken(law, case, breach, self.line(case, breach.path))
            if found and law is LAWS[0]:
                return

    # -- the smallest payload -----------------------------------------------------------------------------------

    def smallest(self, broken: Broken) -> Broken:
        """The same breach, of a payload from which nothing can be left out."""
        while True:
            for payload in _smaller(broken.case.payload):
                case = replace(broken.case, payload=payload)
                again = self.again(broken, case)
                if again is not None:
                    broken = again
                    break
            else:
                return broken

    def again(self, broken: Broken, case: Case) -> Broken | None:
        if not self.is_valid(case):
            return None
        wanted = self.names(broken)
        for one in self.held(case):
            if one.law is broken.law and self.names(one) == wanted:
                return one
        return None

    def names(self, broken: Broken) -> tuple[str, ...]:
        """Where a breach is, whatever the places of elements and the spelling."""
        path = self.subject.spellings.same(broken.breach.path)
        return tuple(step for step in path if isinstance(step, str))

    # -- the line of the map ------------------------------------------------------------------------------------

    def line(self, case: Case, path: Path) -> Location:
        """The entry of the map that is about a path, or the shape that it is in."""
        for variant in (case.source, case.to):
            root = Root(case.family, case.role, variant)
            if root in self.resolution.roots:
                found = self.deepest(self.resolution.roots[root], path, case.payload)
                if found is not None:
                    return found.at
        return self.resolution.map.shapes[case.family].at

    def deepest(self, key: Key, path: Path, value: Any) -> Entry | None:
        occurrence = self.resolution[key]
        if occurrence.is_union:
            tag = value.get(occurrence.shape.tag) if isinstance(value, dict) else None
            for several in occurrence.members.values():
                for member in several:
                    if member.alias.tag == tag:
                        return self.deepest(member.key, path, value)
            return None
        for entry in sorted(occurrence.entries, key=lambda entry: -len(entry.path)):
            placement = occurrence.placements.get(entry.path)
            pattern = steps(placement.path if placement else entry.path)
            if not pattern or not _starts(path, pattern):
                continue
            rest, inner = path[len(pattern) :], at(value, path[: len(pattern)])
            while rest and isinstance(rest[0], int):
                inner, rest = at(inner, rest[:1]), rest[1:]
            for shape in placement.shapes.values() if placement and rest else ():
                found = self.deepest(shape, rest, inner)
                if found is not None:
                    return found
            return entry
        return None


def _starts(path: Path, pattern: tuple[Any, ...]) -> bool:
    return len(path) >= len(pattern) and all(
        step == own if isinstance(own, str) else isinstance(step, int)
        for step, own in zip(path, pattern, strict=False)
    )


def _smaller(value: Any) -> Iterator[Any]:
    """Values with one thing less: a property, an item, or something in one of them."""
    if isinstance(value, dict):
        for name in value:
            yield {other: item for other, item in value.items() if other != name}
        for name, item in value.items():
            for less in _smaller(item):
                yield {**value, name: less}
    elif isinstance(value, list):
        for n in range(len(value)):
            yield [*value[:n], *value[n + 1 :]]
        for n, item in enumerate(value):
            for less in _smaller(item):
                yield [*value[:n], less, *value[n + 1 :]]
