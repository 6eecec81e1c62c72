"""How likely one property is another one: by the words of their paths, their types, and the values that both list."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .. import ir
from .meaning import Types, described

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A property: its path, its type, and the named types of its variant."""

    path: str
    type: ir.Type
    types: Types


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0 to 1, and why."""

    score: float
    evidence: tuple[str, ...] = ()


UNLIKE = Likeness(0.0)


def likeness(source: Candidate, target: Candidate) -> Likeness:
    """How likely `source` became `target`. The name counts most: without a word in common, nothing else does."""
    name = _of_names(source.path, target.path)
    if not name.score:
        return UNLIKE
    type_ = _of_types(source, target)
    score = round(0.7 * name.score + 0.3 * type_.score, 3)
    return Likeness(score, (*name.evidence, *type_.evidence))


# -- names ------------------------------------------------------------------------------------------------------


def _of_names(source: str, target: str) -> Likeness:
    if source == target:
        return Likeness(1.0, ("the same name",))
    left, right = _words(source), _words(target)
    if set(left) == set(right):
        return Likeness(0.97, (f"the same words: {', '.join(sorted(set(left)))}",))
    last = target.rpartition(".")[2]
    if source.rpartition(".")[2] == last:
        return Likeness(0.9, (f"the same name, `{last}`, elsewhere",))
    return _of_words(left, right)


def _of_words(left: Sequence[str], right: Sequence[str]) -> Likeness:
    """Of paths that share some words; the last word says what a property is."""
    shared = set(left) & set(right)
    if not shared:
        return UNLIKE
    overlap = len(shared) / len(set(left) | set(right))
    same_end = 0.25 if left[-1] == right[-1] else 0.0
    score = min(0.88, 0.15 + 0.6 * overlap + same_end)
    return Likeness(score, (f"shared words: {', '.join(sorted(shared))}",))


def _words(path: str) -> list[str]:
    return [word.lower() for name in re.split(r"[._-]", path) for word in _WORDS.findall(name)]


# -- types ------------------------------------------------------------------------------------------------------


def _of_types(source: Candidate, target: Candidate) -> Likeness:
    left = ir.opened(source.type, source.types)
    right = ir.opened(target.type, target.types)
    values = _values(left, source.types), _values(right, target.types)
    if shared := values[0] & values[1]:
        shown = ", ".join(sorted(value.text for value in shared)[:3])
        return Likeness(_overlap(shared, *values), (f"both list {shown}",))
    names = _names(left), _names(right)
    if all(names):
        common = names[0] & names[1]
        if not common:
            return Likeness(0.1, ("both are objects, of other properties",))
        return Likeness(_overlap(common, *names), (f"both have {', '.join(sorted(common)[:3])}",))
    words = described(source.type, source.types)
    if {ir.sole_kind(part) for part in left} & {ir.sole_kind(part) for part in right}:
        return Likeness(0.8, (f"both are {words.removeprefix('a ')}",))
    return Likeness(0.0, (f"but {words} became {described(target.type, target.types)}",))


def _overlap(shared: Collection[object], *of: Collection[object]) -> float:
    """From a half to 1, where the smaller one is a part of the larger."""
    return 0.5 + 0.5 * len(shared) / min(map(len, of))


def _values(parts: Sequence[ir.Type], types: Types) -> frozenset[ir.Value]:
    """The values that types list, or that the items of arrays list."""
    values: set[ir.Value] = set()
    for part in parts:
        match part:
            case ir.Literal(values=listed):
                values.update(listed)
            case ir.Array(items=items):
                values |= _values(ir.opened(items, types), types)
            case _:
                pass
    return frozenset(values)


def _names(parts: Sequence[ir.Type]) -> frozenset[str]:
    """The names of the properties of objects."""
    return frozenset(
        field.wire for part in parts if isinstance(part, ir.Object) for field in part.fields
    )
