"""What a schema requires and what it has not -> the operations that fill it in, report it or remove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ... import ir
from ...reconcile import Occurrence, constants, is_in_list, required
from .naming import schema_words
from .operations import (
    Absent,
    Descend,
    FromVariants,
    Operation,
    Operations,
    Remove,
    ReportChanged,
    ReportMissing,
    Set,
    WithTexts,
)
from .paths import last, names_of, start, written
from .values import reason_table

Peers = Sequence[Occurrence]


def defaults(occurrence: Occurrence) -> Iterator[Operation]:
    """Write what the source implied, where the schema requires it."""
    for entry in occurrence.entries:
        placement = occurrence.placements.get(entry.path)
        if placement is None or is_in_list(placement.path):
            continue
        if entry.default and placement.required and "." not in entry.path:
            changed = ReportChanged(written(entry.path), entry.why)
            yield Absent(entry.path, (Set(entry.path, entry.default), changed))


def foreign(occurrence: Occurrence) -> Iterator[Operation]:
    """Remove what other objects of a schema declare, and the one that its constants tell does not."""
    if len(occurrence.objects) < 2:
        return
    wires = {path: start(p.path) for path, p in occurrence.placements.items()}
    paths = {p.path: path for path, p in occurrence.placements.items() if "." not in path}
    for object_ in occurrence.objects:
        fixed = constants(object_)
        own = {field.wire for field in object_.fields}
        names = [
            entry.path
            for entry in occurrence.entries
            if "." not in entry.path and entry.path in wires and wires[entry.path] not in own
        ]
        if fixed and names:
            texts = tuple((paths.get(wire, wire), text) for wire, text in fixed)
            which = [text for _, text in fixed]
            reason = f"{', '.join(which)} has no such property."
            table = reason_table(
                [(name, reason) for name in names],
                (occurrence.key.shape, *which, "foreign"),
                schema_words(occurrence.key),
            )
            yield WithTexts(texts, (Remove(table, ""),))


def requirements(occurrence: Occurrence, peers: Peers) -> Iterator[Operation]:
    """Fill in what can only be one thing, and report what the schema requires and nobody said."""
    skipped = _always(peers) | {occurrence.shape.tag} | occurrence.beside
    reason = f"{occurrence.variant} requires it."
    yield from _telling(occurrence, skipped, reason)
    yield from _nested(occurrence, peers, reason)
    for object_ in occurrence.objects:
        operations = tuple(_required(occurrence, object_, peers, skipped, reason))
        if len(occurrence.objects) == 1:
            yield from operations
        elif fixed := constants(object_):
            yield WithTexts(fixed, operations)


def needs_something(occurrence: Occurrence) -> bool:
    """Whether a schema requires any property of its own."""
    return any(set(required(object_)) - occurrence.beside for object_ in occurrence.objects)


def _always(peers: Peers) -> set[str]:
    """The properties that every object of every occurrence requires: nobody can leave them out."""
    objects = [set(required(object_)) for peer in peers for object_ in peer.objects]
    return set.intersection(*objects) if objects else set()


def _telling(occurrence: Occurrence, skipped: set[str], reason: str) -> Iterator[Operation]:
    """Report what tells the objects of a schema apart, where nobody said it."""
    if len(occurrence.objects) < 2:
        return
    reports: dict[Operation, None] = {}
    for fixed in map(constants, occurrence.objects):
        for wire, _ in fixed:
            if wire not in skipped:
                missing = Absent(wire, (ReportMissing(written(wire), reason),))
                others = tuple(pair for pair in fixed if pair[0] != wire)
                reports[WithTexts(others, (missing,)) if others else missing] = None
    yield from reports


def _nested(occurrence: Occurrence, peers: Peers, reason: str) -> Iterator[Operation]:
    """Report what an object right inside of the own one requires, unless every variant does."""
    for entry in occurrence.entries:
        placement = occurrence.placements.get(entry.path)
        if placement is None or not placement.required or placement.path.count(".") != 1:
            continue
        if is_in_list(placement.path):
            continue
        elsewhere = [p.placements[entry.path] for p in peers if entry.path in p.placements]
        if not all(one.required for one in elsewhere):
            missing = ReportMissing(written(placement.path), reason)
            inside = (Absent(last(placement.path), (missing,)),)
            yield Descend(names_of(placement.path)[:1], inside)


def _required(
    occurrence: Occurrence, object_: ir.Object, peers: Peers, skipped: set[str], reason: str
) -> Iterator[Operation]:
    own = {start(p.path) for p in occurrence.placements.values() if p.path}
    fixed = dict(constants(object_))
    for wire in required(object_):
        if wire in skipped or (occurrence.is_unwrapped and wire not in own):
            continue  # what an object wraps reports that itself
        if wire not in fixed:
            yield Absent(wire, (ReportMissing(written(wire), reason),))
        elif len(occurrence.objects) == 1:
            yield Absent(wire, _filled(occurrence, wire, fixed[wire], peers, reason))


def _filled(occurrence: Occurrence, wire: str, text: str, peers: Peers, reason: str) -> Operations:
    """Set the one text that a property can have; a change for those that know it too, and get it back."""
    knowing = dict.fromkeys(
        peer.variant
        for peer in peers
        if peer.variant != occurrence.variant
        and any(placement.path == wire for placement in peer.placements.values())
    )
    changed = (ReportChanged(written(wire), reason),)
    reports = (FromVariants(tuple(knowing), changed),) if knowing else ()
    return (Set(wire, text), *reports)
