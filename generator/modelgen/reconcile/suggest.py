"""Drafts of what a map does not decide yet: for an unmapped property, the fields of the hub that it may be.

A draft is a guess to look at, never a decision: nothing is written to the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import ir
from .likeness import Candidate, likeness
from .meaning import Types, described
from .resolution import Occurrence, Resolution

# So unlike are two properties that only chance brings together; and so many guesses are worth a look.
LEAST = 0.45
MOST = 3
DEEPEST = 3  # Objects in objects further down are not looked at.


@dataclass(frozen=True, slots=True)
class Guess:
    """A field of the hub, how likely it is from 0 to 1, and why."""

    path: str
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An undecided property: its section of the map, its path, the variants that have it, and what it may be, best first.
    Without a guess it is new, or lost in the variants that lack it."""

    where: str
    path: str
    variants: tuple[str, ...]
    type: str
    guesses: tuple[Guess, ...]


def drafts(resolution: Resolution) -> tuple[Draft, ...]:
    """A draft for each undecided property, in the order of the map and of the documents."""
    variants: dict[tuple[str, str], dict[str, Candidate]] = {}
    for occurrence in resolution.occurrences.values():
        types = resolution.apis[occurrence.variant]
        for property_ in occurrence.unmapped:
            if not property_.is_dotted:
                candidate = Candidate(property_.path, property_.field.type, types)
                having = variants.setdefault((occurrence.key.section, property_.path), {})
                having.setdefault(occurrence.variant, candidate)
    return tuple(_draft(resolution, section, having) for (section, _), having in variants.items())


def _draft(resolution: Resolution, section: str, having: dict[str, Candidate]) -> Draft:
    """The draft of a property, given the variants that have it."""
    source = next(iter(having.values()))
    guesses = [
        Guess(target.path, like.score, like.evidence)
        for target in _targets(resolution, section, tuple(having))
        if (like := likeness(source, target)).score >= LEAST
    ]
    guesses.sort(key=lambda guess: (-guess.score, len(guess.path), guess.path))
    type_ = described(source.type, source.types)
    return Draft(section, source.path, tuple(having), type_, tuple(guesses[:MOST]))


def _targets(resolution: Resolution, section: str, having: Sequence[str]) -> Iterator[Candidate]:
    """The fields of the hub: those of the map, and all properties of the newest variant, which the hub follows. If the
    newest has the undecided property itself, that is a field of its own."""
    occurrences = resolution.of(*section.split(".", 1))
    targets = {target.path: target for target in _placed(resolution, occurrences)}
    newest = occurrences[-1].variant
    if newest not in having:
        for occurrence in occurrences:
            if occurrence.variant == newest:
                for target in _properties(occurrence, resolution.apis[newest]):
                    targets.setdefault(target.path, target)
    yield from targets.values()


def _placed(resolution: Resolution, occurrences: Sequence[Occurrence]) -> Iterator[Candidate]:
    """The entries of the map where they are, the newest variant last."""
    for occurrence in occurrences:
        types = resolution.apis[occurrence.variant]
        for path, placement in occurrence.placements.items():
            if placement.types:
                yield Candidate(path, placement.types[0], types)


def _properties(occurrence: Occurrence, types: Types) -> Iterator[Candidate]:
    for object_ in occurrence.objects:
        yield from _inside(object_, types, "", 1)


def _inside(object_: ir.Object, types: Types, prefix: str, depth: int) -> Iterator[Candidate]:
    """The properties of an object, and those of the objects in it."""
    for field in object_.fields:
        path = prefix + field.wire
        yield Candidate(path, field.type, types)
        match ir.opened(field.type, types):
            case [ir.Object() as inner] if depth < DEEPEST:
                yield from _inside(inner, types, f"{path}.", depth + 1)
