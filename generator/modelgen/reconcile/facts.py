"""What a map decides about two variants, as `modelgen diff` takes it: which property of one is which of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .resolve import Bindings, Bound

Facts = dict[tuple[str, str], tuple[str, str]]
_COMPONENT = re.compile(r'[^.\[{|/&#"]+')


def facts(bindings: Bindings, old: str, new: str) -> Facts:
    """(component, path) of the variant `old` -> the same of `new`, for each field that has another path there."""
    found: Facts = {}
    seen: set[tuple[int, int]] = set()
    for (family, role, variant), bound in bindings.roots.items():
        other = bindings.roots.get((family, role, new))
        if variant == old and other is not None:
            found.update(_pair(bound, other, seen))
    return found


def _pair(
    one: Bound, other: Bound, seen: set[tuple[int, int]]
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    if (id(one), id(other)) in seen:
        return
    seen.add((id(one), id(other)))
    for tag, members in one.members.items():
        for member, counterpart in zip(members, other.members.get(tag, ()), strict=False):
            yield from _pair(member.bound, counterpart.bound, seen)
    for entry in one.entries:
        left, right = one.places.get(entry.path), other.places.get(entry.path)
        if left is None or right is None:
            continue
        if left.path != right.path and left.path and right.path:
            before, after = _place(one, left.path), _place(other, right.path)
            if before and after:
                yield before, after
        for name, inner in left.shapes.items():
            if name in right.shapes:
                yield from _pair(inner, right.shapes[name], seen)


def _place(bound: Bound, path: str) -> tuple[str, str] | None:
    """The component that a property belongs to, and its path from there; None for one of several schemas."""
    match = _COMPONENT.match(bound.key)
    if match is None or "|" in bound.key:
        return None
    inside = bound.key[match.end() :].removeprefix(".")
    return match[0], f"{inside}.{path}" if inside else path
