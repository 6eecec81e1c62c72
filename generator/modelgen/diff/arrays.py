"""Arrays, and the positions of arrays."""

from __future__ import annotations

from .. import ir
from .context import Context
from .side import Side
from .steps import Compare, Difference, Steps
from .subject import Subject

_ANYTHING = ir.Anything()


def compare(context: Context, subject: Subject, old: ir.Array, new: ir.Array) -> Steps:
    if old.items != new.items and _ANYTHING in (old.items, new.items):
        yield _items(context, subject, old.items, new.items, narrows=old.items == _ANYTHING)
    else:
        yield Compare(old.items, new.items, subject.below("[]"))


def _items(
    context: Context, subject: Subject, old: ir.Type, new: ir.Type, *, narrows: bool
) -> Difference:
    return Difference(
        "items-added" if narrows else "items-removed",
        subject.below("[]"),
        context.old.words(old),
        context.new.words(new),
        verdicts=context.relation(old, new),
    )


def compare_positions(
    context: Context, subject: Subject, old: ir.Tuple | ir.Array, new: ir.Tuple | ir.Array
) -> Steps:
    ours, rest = _positions(old)
    theirs, their_rest = _positions(new)
    if len(ours) == len(theirs) and list(ours) != list(theirs) and _permuted(ours, theirs):
        shown = _listed(context.old, ours), _listed(context.new, theirs)
        yield Difference("prefix-items-reordered", subject, *shown)
        return
    both = min(len(ours), len(theirs))
    for n in range(both):
        yield Compare(ours[n], theirs[n], subject.below(f"[{n}]"))
    for n, member in enumerate(theirs[both:], both):
        here, shown_new = subject.below(f"[{n}]"), context.new.words(member)
        verdicts = context.relation(rest, member)
        yield Difference("prefix-items-added", here, "", shown_new, verdicts=verdicts)
    for n, member in enumerate(ours[both:], both):
        here, shown_old = subject.below(f"[{n}]"), context.old.words(member)
        verdicts = context.relation(member, their_rest)
        yield Difference("prefix-items-removed", here, shown_old, verdicts=verdicts)
    yield from _rest(context, subject, rest, their_rest)


def _rest(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Steps:
    """The items after the positions."""
    is_never = isinstance(old, ir.Never), isinstance(new, ir.Never)
    if is_never[0] == is_never[1] and _ANYTHING not in (old, new):
        yield Compare(old, new, subject.below("[]"))
    elif old != new:
        yield _items(context, subject, old, new, narrows=is_never[1] or old == _ANYTHING)


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
