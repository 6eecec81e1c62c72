"""Arrays, positions of arrays, and the formats of scalars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ir
from .changes import Verdict
from .side import Side
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk


def compare(walk: Walk, site: Site, old: ir.Array, new: ir.Array) -> None:
    anything = ir.Anything()
    if old.items != new.items and anything in (old.items, new.items):
        rule = "items-added" if old.items == anything else "items-removed"
        verdicts = walk.relation(old.items, new.items)
        walk.emit(
            rule,
            site.below("[]"),
            walk.old.words(old.items),
            walk.new.words(new.items),
            verdicts=verdicts,
        )
        return
    walk.types(old.items, new.items, site.below("[]"))


def compare_positions(
    walk: Walk, site: Site, old: ir.Tuple | ir.Array, new: ir.Tuple | ir.Array
) -> None:
    ours, rest = _positions(old)
    theirs, their_rest = _positions(new)
    if len(ours) == len(theirs) and list(ours) != list(theirs) and _permuted(ours, theirs):
        walk.emit(
            "prefix-items-reordered", site, _listed(walk.old, ours), _listed(walk.new, theirs)
        )
        return
    both = min(len(ours), len(theirs))
    for n in range(both):
        walk.types(ours[n], theirs[n], site.below(f"[{n}]"))
    for n, member in enumerate(theirs[both:], both):
        verdicts = walk.relation(rest, member)
        walk.emit(
            "prefix-items-added",
            site.below(f"[{n}]"),
            "",
            walk.new.words(member),
            verdicts=verdicts,
        )
    for n, member in enumerate(ours[both:], both):
        verdicts = walk.relation(member, their_rest)
        walk.emit(
            "prefix-items-removed", site.below(f"[{n}]"), walk.old.words(member), verdicts=verdicts
        )
    if isinstance(rest, ir.Never) != isinstance(their_rest, ir.Never) or ir.Anything() in (
        rest,
        their_rest,
    ):
        verdicts = walk.relation(rest, their_rest)
        if rest != their_rest:
            narrows = isinstance(their_rest, ir.Never) or rest == ir.Anything()
            rule = "items-added" if narrows else "items-removed"
            walk.emit(
                rule,
                site.below("[]"),
                walk.old.words(rest),
                walk.new.words(their_rest),
                verdicts=verdicts,
            )
    else:
        walk.types(rest, their_rest, site.below("[]"))


def _positions(type_: ir.Tuple | ir.Array) -> tuple[tuple[ir.Type, ...], ir.Type]:
    return ((), type_.items) if isinstance(type_, ir.Array) else (type_.prefix, type_.rest)


def _permuted(old: tuple[ir.Type, ...], new: tuple[ir.Type, ...]) -> bool:
    left = list(new)
    for member in old:
        if member not in left:
            return False
        left.remove(member)
    return True


def _listed(side: Side, types: tuple[ir.Type, ...]) -> str:
    return ", ".join(map(side.words, types))


def compare_formats(walk: Walk, site: Site, old: ir.Scalar, new: ir.Scalar) -> None:
    if old.format == new.format:
        return
    shown = (old.format or "none", new.format or "none")
    if walk.old.scope.format_of(old) != walk.new.scope.format_of(new):
        walk.emit("format-decoding-changed", site, *shown)
        return
    verdicts: tuple[Verdict, Verdict] | None = None
    if shown == ("int64", "int32"):
        verdicts = ("breaks", "note")
    elif shown == ("int32", "int64"):
        verdicts = ("note", "breaks")
    walk.emit("format-annotation-changed", site, *shown, verdicts=verdicts)
