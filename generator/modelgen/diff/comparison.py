"""The whole comparison: both documents read, walked, directions found, equal facts of sibling schemas put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from .changes import NOTHING, Change, Comparison, Direction, Facts, rank
from .context import Context
from .direction import Directions
from .rules import RULES
from .side import Side
from .walk import Walk


def compare(
    old: Side,
    new: Side,
    directions: tuple[Directions, Directions] | None = None,
    names: tuple[str, str] = ("old", "new"),
    facts: Facts = MappingProxyType({}),
    today: date | None = None,
) -> Comparison:
    """`today` decides whether the day has come on which something deprecated may go."""
    changes = Walk(Context.of(old, new, facts, today)).changes(directions)
    placed = []
    for change in dict.fromkeys(changes):
        side = new if change.schema in new.types or change.schema in new.parts else old
        direction = _direction(change, directions)
        reached, operations = side.reached_from(change.schema), side.operations(change.schema)
        placed.append(
            replace(change, direction=direction, reached_from=reached, operations=operations)
        )
    grouped = sorted(_grouped(placed), key=_order)
    return Comparison(
        old=names[0],
        new=names[1],
        old_version=old.api.version,
        new_version=new.api.version,
        changes=tuple(change for change in grouped if RULES[change.rule].listed != "docs"),
        docs=tuple(change for change in grouped if RULES[change.rule].listed == "docs"),
    )


def _direction(change: Change, directions: tuple[Directions, Directions] | None) -> Direction:
    if directions is None:
        return "unknown"
    old, new = directions
    known = {old.of(change.was or change.schema), new.of(change.schema)} - {"unknown"}
    if not known:
        is_used = not (old.are_known and new.are_known)
        return "unknown" if is_used else "unused"
    return known.pop() if len(known) == 1 else "both"


SIBLINGS = 3


def _grouped(changes: Sequence[Change]) -> list[Change]:
    """Facts that hold alike for several components become one: for many of them, or for two that share most of their facts,
    so that the story of a component is not torn apart."""
    groups: dict[Change, list[Change]] = {}
    for change in changes:
        fact = change
        if not change.was:
            # definitions differ in the name at least
            types = NOTHING if RULES[change.rule].fact == "definition" else change.types
            fact = replace(change, schemas=("",), reached_from=0, operations=(), types=types)
        groups.setdefault(fact, []).append(change)
    named = [
        (tuple(sorted({change.schema for change in group})), group) for group in groups.values()
    ]
    facts = Counter(schema for schemas, _ in named for schema in schemas)
    shared = Counter(schemas for schemas, _ in named)
    merged = []
    for schemas, group in named:
        if len(schemas) >= SIBLINGS or all(
            2 * shared[schemas] > facts[schema] for schema in schemas
        ):
            first = min(group, key=lambda change: change.schema)
            count = max(change.reached_from for change in group)
            operations = dict.fromkeys(one for change in group for one in change.operations)
            merged.append(
                replace(first, schemas=schemas, reached_from=count, operations=tuple(operations))
            )
        else:
            merged.extend(group)
    return merged


def _order(change: Change) -> tuple[object, ...]:
    return (
        " " in change.schema,  # operations come last
        change.schemas,
        change.was,
        -rank(change.worst),
        change.path,
        change.rule,
        change.old,
        change.new,
    )


def fails(comparison: Comparison) -> bool:
    """Whether some change reaches what the comparison is to fail on."""
    return any(change.reaches(comparison.fail_on) for change in comparison.changes)
