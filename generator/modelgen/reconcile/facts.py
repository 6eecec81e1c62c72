"""What a map decides about two variants, as `modelgen diff` takes it: which property of one is which of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .paths import is_in_list
from .resolution import Key, Occurrence, Resolution

# A component, and the path of a property from there.
Spot = tuple[str, str]
Facts = dict[Spot, Spot]
_COMPONENT = re.compile(r'[^.\[{|/&#"]+')


def facts(resolution: Resolution, old: str, new: str) -> Facts:
    """Each property of the variant `old` that has another path in `new`, and which property of `new` it is."""
    known: Facts = {}
    seen: set[tuple[Key, Key]] = set()
    for root, key in resolution.roots.items():
        other = resolution.roots.get(root._replace(variant=new))
        if root.variant == old and other is not None:
            known.update(_pair(resolution, key, other, seen))
    return known


def _pair(
    resolution: Resolution, one: Key, other: Key, seen: set[tuple[Key, Key]]
) -> Iterator[tuple[Spot, Spot]]:
    """The moved properties of two occurrences of one shape, and of those in them."""
    if (one, other) in seen:
        return
    seen.add((one, other))
    left, right = resolution[one], resolution[other]
    yield from _moved(left, right)
    for inner in _inside(left, right):
        yield from _pair(resolution, *inner, seen)


def _moved(left: Occurrence, right: Occurrence) -> Iterator[tuple[Spot, Spot]]:
    for entry, before in left.placements.items():
        after = right.placements.get(entry)
        if after is None or before.path == after.path or not before.path or not after.path:
            continue
        if is_in_list(before.path) or is_in_list(after.path):
            continue
        source, target = _spot(left, before.path), _spot(right, after.path)
        if source and target:
            yield source, target


def _inside(left: Occurrence, right: Occurrence) -> Iterator[tuple[Key, Key]]:
    """The pairs of occurrences that stand in the same member, or in the same entry."""
    for tag, members in left.members.items():
        for member, counterpart in zip(members, right.members.get(tag, ()), strict=False):
            yield member.key, counterpart.key
    for entry, before in left.placements.items():
        after = right.placements.get(entry)
        for shape, key in before.shapes.items():
            if after is not None and shape in after.shapes:
                yield key, after.shapes[shape]


def _spot(occurrence: Occurrence, path: str) -> Spot | None:
    """The component that a property belongs to, and its path from there; None for one of several schemas."""
    schema = occurrence.key.schema
    match = _COMPONENT.match(schema)
    if match is None or "|" in schema:
        return None
    inside = schema[match.end() :].removeprefix(".")
    return match[0], f"{inside}.{path}" if inside else path
