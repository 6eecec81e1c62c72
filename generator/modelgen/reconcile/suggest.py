"""Drafts of what a map does not say yet: for a property that nobody decided, the fields of the hub that it may be.

The evidence is the words of the two paths, their types, the values that both list, and how deep they stand. A draft is
a guess to look at, never a decision: nothing is written to the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import ir
from .meaning import Types, described, json_type, opened
from .resolution import Occurrence, Resolution

# So unlike are two properties that only chance brings together; and so many guesses are worth a look.
LEAST = 0.45
MOST = 3
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A field of the hub, how likely it is from 0 to 1, and why."""

    path: str
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A property that nobody decided: its shape and path, the variants that have it, and what it may be, best first.
    Without a guess it is new, or lost in the variants that lack it."""

    where: str
    path: str
    variants: tuple[str, ...]
    type: str
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class _Property:
    path: str
    type: ir.Type
    types: Types


def drafts(resolution: Resolution) -> tuple[Draft, ...]:
    """A draft for each undecided property, in the order of the map and of the documents."""
    found: dict[tuple[str, str], tuple[list[str], _Property]] = {}
    for occurrence in resolution.occurrences.values():
        for item in occurrence.unmapped:
            if item.is_dotted:
                continue
            property_ = _Property(item.path, item.field.type, resolution.apis[occurrence.variant])
            variants, _ = found.setdefault((occurrence.key.section, item.path), ([], property_))
            if occurrence.variant not in variants:
                variants.append(occurrence.variant)
    made = []
    for (where, path), (variants, property_) in found.items():
        targets = list(_targets(resolution, where, variants))
        guesses = sorted(
            (guess for target in targets if (guess := _guess(property_, target)).score >= LEAST),
            key=lambda guess: (-guess.score, len(guess.path), guess.path),
        )
        made.append(
            Draft(
                where,
                path,
                tuple(variants),
                described(property_.type, property_.types),
                tuple(guesses[:MOST]),
            )
        )
    return tuple(made)


def _targets(resolution: Resolution, where: str, variants: Sequence[str]) -> Iterator[_Property]:
    """The fields of the hub: those of the map, and all properties of the newest variant, which the hub follows."""
    shape, _, tag = where.partition(".")
    occurrences = resolution.of(shape, tag)
    seen: set[str] = set()
    for occurrence in reversed(occurrences):
        types = resolution.apis[occurrence.variant]
        for entry in occurrence.entries:
            placement = occurrence.placements.get(entry.path)
            if placement is not None and placement.types and entry.path not in seen:
                seen.add(entry.path)
                yield _Property(entry.path, placement.types[0], types)
    order = list(resolution.map.variants)
    newest = [b for b in occurrences if b.variant == occurrences[-1].variant]
    if any(order.index(v) == order.index(newest[-1].variant) for v in variants):
        return  # the newest itself has it: it is a field of its own
    for occurrence in newest:
        for found in _properties(occurrence, resolution.apis[occurrence.variant]):
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _properties(occurrence: Occurrence, types: Types) -> Iterator[_Property]:
    """Every property of a schema, those of objects inside of it too, three deep."""

    def inside(object_: ir.Object, prefix: str, depth: int) -> Iterator[_Property]:
        for field in object_.fields:
            path = prefix + field.wire
            parts = opened(field.type, types)
            objects = [part for part in parts if isinstance(part, ir.Object)]
            yield _Property(path, field.type, types)
            if len(parts) == len(objects) == 1 and depth < 3:
                yield from inside(objects[0], path + ".", depth + 1)

    for object_ in occurrence.objects:
        yield from inside(object_, "", 1)


def _guess(source: _Property, target: _Property) -> Guess:
    name, why_name = _names(source.path, target.path)
    if not name:
        return Guess(target.path, 0.0, ())
    kind, why_type = _types(source, target)
    return Guess(target.path, round(0.7 * name + 0.3 * kind, 3), (why_name, why_type))


def _names(source: str, target: str) -> tuple[float, str]:
    if source == target:
        return 1.0, "the same name"
    left, right = _words(source), _words(target)
    if set(left) == set(right):
        return 0.97, f"the same words: {', '.join(sorted(set(left)))}"
    last = target.rpartition(".")[2]
    if source.rpartition(".")[2] == last:
        return 0.9, f"the same name, `{last}`, elsewhere"
    shared = set(left) & set(right)
    if not shared:
        return 0.0, ""
    overlap = len(shared) / len(set(left) | set(right))
    same_end = 0.25 if left[-1] == right[-1] else 0.0
    return min(0.88, 0.15 + 0.6 * overlap + same_end), f"shared words: {', '.join(sorted(shared))}"


def _words(path: str) -> list[str]:
    return [word.lower() for name in re.split(r"[._-]", path) for word in _WORDS.findall(name)]


def _types(source: _Property, target: _Property) -> tuple[float, str]:
    left, right = opened(source.type, source.types), opened(target.type, target.types)
    kinds = {json_type(part) for part in left} & {json_type(part) for part in right}
    values = _values(left, source.types), _values(right, target.types)
    if values[0] and values[1]:
        shared = values[0] & values[1]
        if shared:
            shown = ", ".join(sorted(value.text for value in shared)[:3])
            score = 0.5 + 0.5 * len(shared) / min(len(values[0]), len(values[1]))
            return score, f"both list {shown}"
    names = _wires(left), _wires(right)
    if names[0] and names[1]:
        shared_names = names[0] & names[1]
        if not shared_names:
            return 0.1, "both are objects, of other properties"
        score = 0.5 + 0.5 * len(shared_names) / min(len(names[0]), len(names[1]))
        return score, f"both have {', '.join(sorted(shared_names)[:3])}"
    if kinds:
        return 0.8, f"both are {described(source.type, source.types).removeprefix('a ')}"
    return 0.0, (
        f"but {described(source.type, source.types)} became {described(target.type, target.types)}"
    )


def _values(parts: Sequence[ir.Type], types: Types) -> set[ir.Value]:
    found: set[ir.Value] = set()
    for part in parts:
        if isinstance(part, ir.Literal):
            found.update(part.values)
        elif isinstance(part, ir.Array):
            found |= _values(opened(part.items, types), types)
    return found


def _wires(parts: Sequence[ir.Type]) -> set[str]:
    return {field.wire for part in parts if isinstance(part, ir.Object) for field in part.fields}
