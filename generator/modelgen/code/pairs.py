"""Which type of NEW each type of OLD is, and where in it each property is: found by a comparison, or said by a map."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .. import ir
from ..diff import components, operations, types
from ..diff.changes import Facts
from ..diff.context import Context
from ..diff.moves import moves
from ..diff.side import Side
from ..diff.steps import Compare, Difference, Step, Visit
from ..reconcile.map import Entry
from ..reconcile.resolution import Key, Occurrence, Placement, Resolution

Path: TypeAlias = tuple[str, ...]
_RENAMED_VALUES = frozenset({"enum-value-renamed", "const-changed", "tag-value-changed"})


@dataclass(slots=True, kw_only=True)
class Pairs:
    """By Python names. `types` has the counterparts of each type, several if it depends on the place. `moved` says of a
    class and a path of properties from there which path of the counterpart that is, `why` the reason where one is gone.
    `wrapped` says in which object a type stands at some places of NEW. `values` are renamed ones of a type or, with a
    property, of that property; `rules` what changed of a type or property.
    """

    types: dict[str, list[str]] = field(default_factory=dict)
    moved: dict[tuple[str, Path], Path] = field(default_factory=dict)
    why: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[tuple[str, str], dict[str, str | None]] = field(default_factory=dict)
    rules: dict[tuple[str, str], str] = field(default_factory=dict)
    wrapped: dict[str, str] = field(default_factory=dict)

    def add(self, old: str, new: str) -> None:
        known = self.types.setdefault(old, [])
        if new not in known:
            known.append(new)


def compared(old: Side, new: Side, facts: Facts) -> Pairs:
    """What the comparison of two documents takes for the same."""
    return _Compared(Context.of(old, new, facts)).pairs()


class _Compared:
    def __init__(self, context: Context) -> None:
        self.context = context
        self._pairs = Pairs()
        self._seen: set[tuple[str, str]] = set()
        self._waiting: deque[Visit] = deque()

    def pairs(self) -> Pairs:
        context = self.context
        self._take(components.compare(context, None))
        for old, new in context.matched.pairs.items():
            self._waiting.append(Visit(old, new))
        self._go()
        self._take(operations.compare(context))
        self._go()
        return self._pairs

    def _go(self) -> None:
        while self._waiting:
            visit = self._waiting.popleft()
            if (visit.old, visit.new) not in self._seen:
                self._seen.add((visit.old, visit.new))
                self._pair(visit)

    def _pair(self, visit: Visit) -> None:
        context = self.context
        self._pairs.add(context.old.names[visit.old], context.new.names[visit.new])
        self._take(types.compare_named(context, visit, ""))
        old, new = context.old.types[visit.old].type, context.new.types[visit.new].type
        if isinstance(old, ir.Object) and isinstance(new, ir.Object):
            subject = context.subject(visit.old, visit.new)
            for move in moves(context.likeness, old, new, context.decided(subject)):
                name = context.old.names[visit.old]
                self._pairs.moved[name, move.old] = move.new
                ours, theirs = _type_at(context.old, old, move.old), _type_at(
                    context.new, new, move.new
                )
                self._take(iter([Compare(ours, theirs, subject)]))

    def _take(self, steps: Iterator[Step]) -> None:
        for step in steps:
            match step:
                case Difference():
                    self._note(step)
                case Compare():
                    self._take(types.compare(self.context, step))
                case Visit():
                    self._waiting.append(step)

    def _note(self, difference: Difference) -> None:
        key = difference.subject.keys[0]
        if key not in self.context.old.names:
            return
        name = self.context.old.names[key]
        wire = ""
        if isinstance(self.context.old.types[key].type, ir.Object):
            steps = list(ir.key_steps(f".{difference.subject.path}"))
            wire = next((text for kind, text in reversed(steps) if kind == "property"), "")
        self._pairs.rules.setdefault((name, wire), difference.rule)
        if difference.rule in _RENAMED_VALUES:
            values = self._pairs.values.setdefault((name, wire), {})
            values[difference.old] = difference.new


def _type_at(side: Side, object_: ir.Object, path: Path) -> ir.Type:
    type_: ir.Type = object_
    for wire in path:
        inner = side.resolve(type_)[0]
        assert isinstance(inner, ir.Object)
        type_ = next(field.type for field in inner.fields if field.wire == wire)
    return type_


# --- by a map -------------------------------------------------------------------------------------


def mapped(
    resolution: Resolution,
    old: str,
    new: str,
    names: tuple[Mapping[str, str], Mapping[str, str]],
) -> Pairs:
    """What the map of a package says of two of its variants. `names`: the Python names of the types of both, by key."""
    return _Mapped(resolution, names).pairs(old, new)


class _Mapped:
    def __init__(
        self, resolution: Resolution, names: tuple[Mapping[str, str], Mapping[str, str]]
    ) -> None:
        self._resolution = resolution
        self._names = names
        self._pairs = Pairs()
        self._seen: set[tuple[Key, Key]] = set()

    def pairs(self, old: str, new: str) -> Pairs:
        for root, key in self._resolution.roots.items():
            other = self._resolution.roots.get(root._replace(variant=new))
            if root.variant == old and other is not None:
                self._pair(key, other)
        return self._pairs

    def _pair(self, one: Key, other: Key) -> None:
        waiting = [(one, other)]
        while waiting:
            pair = waiting.pop()
            if pair in self._seen:
                continue
            self._seen.add(pair)
            left, right = self._resolution[pair[0]], self._resolution[pair[1]]
            is_wrapped = left.is_unwrapped != right.is_unwrapped
            for ours in self._of(left, 0):
                for theirs in self._of(right, 1):
                    if is_wrapped:
                        self._pairs.wrapped.setdefault(ours, theirs)
                    else:
                        self._pairs.add(ours, theirs)
                        self._entries(ours, left, right)
            waiting += _inside(left, right)

    def _of(self, occurrence: Occurrence, side: int) -> list[str]:
        names = self._names[side]
        return [names[key] for key in occurrence.key.schema.split("|") if key in names]

    def _entries(self, name: str, left: Occurrence, right: Occurrence) -> None:
        if left.is_union or right.is_union:
            return
        for entry in left.entries:
            before, after = left.placements.get(entry.path), right.placements.get(entry.path)
            if before is None or not before.path:
                continue
            path = tuple(before.path.split("."))
            if after is None or not after.path:
                self._pairs.why.setdefault((name, path[0]), entry.lost or entry.why)
                continue
            if before.path != after.path:
                self._pairs.moved.setdefault((name, path), tuple(after.path.split(".")))
            if entry.values:
                values = self._pairs.values.setdefault((name, path[-1]), {})
                values |= self._rows(entry, before, after, left, right)

    def _rows(
        self, entry: Entry, before: Placement, after: Placement, left: Occurrence, right: Occurrence
    ) -> dict[str, str | None]:
        """The values of an entry that are written in another way in the second variant."""
        if before.path == after.path and before.types == after.types:
            return {}
        dates = list(self._resolution.map.variants)
        is_up = dates.index(left.variant) < dates.index(right.variant)
        if before.path != after.path:
            is_up = after.path == entry.path
        values: dict[str, str | None] = {}
        for row in self._resolution.map.values[entry.values]:
            if row.was is not None and row.was != row.hub:
                pair = (row.was, row.hub) if is_up else (row.hub, row.was)
                if row.way in ("both", "up" if is_up else "down"):
                    values.setdefault(pair[0].text, pair[1].text)
        return values


def _inside(left: Occurrence, right: Occurrence) -> list[tuple[Key, Key]]:
    """The pairs of occurrences that stand in the same member, or in the same entry."""
    pairs = []
    for tag, members in left.members.items():
        counterparts = right.members.get(tag, ())
        for n, member in enumerate(members):
            if counterparts:
                pairs.append((member.key, counterparts[min(n, len(counterparts) - 1)].key))
    for entry, before in left.placements.items():
        after = right.placements.get(entry)
        for shape, key in before.shapes.items():
            if after is not None and shape in after.shapes:
                pairs.append((key, after.shapes[shape]))
    return pairs
