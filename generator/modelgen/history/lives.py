"""Documents and what changed from each to the next -> which schema, and which property, is which in every version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TypeAlias

from .. import ir
from ..diff import wording
from ..diff.anchors import Anchors
from ..diff.changes import Change, Comparison
from ..diff.renames import Likeness
from ..diff.side import Side
from .model import Event, History, Moment, Property, Schema, State, Step, Version
from .places import Found, Place, at, path, properties, state, translated

Compared: TypeAlias = Callable[[int, int], Comparison]  # numbers of versions -> what changed
MOVES = ("property-renamed", "property-moved", "property-flattened")


def trace(
    versions: Sequence[Version],
    sides: Sequence[Side],
    compared: Compared,
    select: Sequence[str] = (),
) -> History:
    """The life of every property. `select`: globs, for components that have such a name in some version, and for what they
    refer to."""
    anchors = Anchors()
    changes = _Changes(compared)
    found = []
    for names in _selected(_schemas(sides, compared), sides, select):
        life = _Life(names, sides, changes)
        id_ = anchors.of(next(filter(None, names)))
        rows = tuple(
            Property(id=anchors.of(f"{id_}.{path(first)}"), life=tuple(moments))
            for first, moments in life.rows()
        )
        found.append(Schema(id=id_, names=tuple(names), events=life.events(), properties=rows))
    found.sort(key=lambda schema: (schema.name, schema.id))
    return History(versions=tuple(versions), schemas=tuple(found))


class _Changes:
    """What changed about a schema from one version to another."""

    def __init__(self, compared: Compared) -> None:
        self._compared = compared
        self._known: dict[tuple[int, int], dict[tuple[str, str], list[Change]]] = {}

    def of(self, j: int, k: int, old: str, new: str) -> list[Change]:
        found = self._known.get((j, k))
        if found is None:
            found = self._known[j, k] = {}
            for change in self._compared(j, k).changes:
                for schema in change.schemas:
                    found.setdefault((change.was or schema, schema), []).append(change)
        return found.get((old, new), [])


# --- schemas --------------------------------------------------------------------------------------


def _schemas(sides: Sequence[Side], compared: Compared) -> list[list[str]]:
    """The name of each schema in each version, "" where there is none."""
    found: list[list[str]] = []
    for k, side in enumerate(sides):
        renamed = _renamed(k, sides, compared) if k else {}
        free = dict.fromkeys(side.components)
        # what was there a version ago comes before what had gone and may be back
        for names in sorted(found, key=lambda names: not names[k - 1]):
            last = next(filter(None, reversed(names)))
            name = renamed.get(last, last) if names[k - 1] else last
            names.append(name if name in free else "")
            free.pop(name, None)
        found += [[""] * k + [name] for name in free]
    return found


def _selected(
    schemas: list[list[str]], sides: Sequence[Side], select: Sequence[str]
) -> list[list[str]]:
    if not select:
        return schemas
    wanted = [
        names for names in schemas if any(fnmatchcase(n, glob) for n in names for glob in select)
    ]
    reached = [
        _reached(side, [names[k] for names in wanted if names[k]]) for k, side in enumerate(sides)
    ]
    return [
        names
        for names in schemas
        if any(name in known for name, known in zip(names, reached, strict=True))
    ]


def _reached(side: Side, components: Sequence[str]) -> set[str]:
    """Components and all that they refer to."""
    seen = set(components)
    waiting = list(components)
    while waiting:
        for target in ir.references(side.types[waiting.pop()].type):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def _renamed(k: int, sides: Sequence[Side], compared: Compared) -> dict[str, str]:
    """Old name -> new name. A rename is not believed if the old name comes back later and is more alike than the new one."""
    found = {}
    for change in compared(k - 1, k).changes:
        if change.rule == "schema-renamed" and not _comes_back(change, k, sides):
            found[change.was] = change.schema
    return found


def _comes_back(change: Change, k: int, sides: Sequence[Side]) -> bool:
    for side in sides[k + 1 :]:
        if change.was in side.components:
            alike = Likeness(sides[k - 1], side).named(change.was, change.was, 3)
            return 0.75 * alike + 0.25 > (change.score or 0)
    return False


# --- properties -----------------------------------------------------------------------------------


class _Life:
    """One schema through the versions."""

    def __init__(self, names: list[str], sides: Sequence[Side], changes: _Changes) -> None:
        self.names = names
        self.sides = sides
        self.changes = changes
        self.present = [k for k, name in enumerate(names) if name]
        self.declared = {k: properties(sides[k], names[k]) for k in self.present}
        self.tracks: list[list[Place | None]] = []
        self.moved: set[tuple[int, int]] = set()
        self._follow()
        self._changes_at = self._told()

    def rows(self) -> Iterator[tuple[Place, Iterator[Moment]]]:
        for number in self._order():
            places = self.tracks[number]
            first = next(place for place in places if place is not None)
            yield first, self._moments(number)

    def events(self) -> tuple[tuple[Event, ...], ...]:
        """What happened to the schema as a whole, or at no place that has a row."""
        return tuple(self._events(-1, k) for k in range(len(self.names)))

    # -- which is which ----------------------------------------------------------------------------

    def _follow(self) -> None:
        for k in self.present:
            taken: set[Place] = set()
            before = self.present[self.present.index(k) - 1] if k != self.present[0] else None
            moves = dict(self._moves(before, k)) if before is not None else {}
            for places in self.tracks:
                self._skip(places, k)
            # what was there before comes before what had gone and may be back
            gone = [before is None or places[before] is None for places in self.tracks]
            for number in sorted(range(len(self.tracks)), key=gone.__getitem__):
                places = self.tracks[number]
                place = self._next(places, before, moves)
                if place is not None and place not in taken and self._found(k, place):
                    taken.add(place)
                    places.append(place)
                    if before is not None and places[before] not in (None, place):
                        self.moved.add((number, k))
                else:
                    places.append(None)
            for place in self.declared[k]:
                if place not in taken:
                    self.tracks.append([*self._earlier(k, place), place])
        for places in self.tracks:
            self._skip(places, len(self.names))

    @staticmethod
    def _skip(places: list[Place | None], k: int) -> None:
        places += [None] * (k - len(places))

    def _next(
        self, places: list[Place | None], before: int | None, moves: dict[Place, Place]
    ) -> Place | None:
        """Where a property that had been somewhere should be found: moved with what it is in, or at the same place."""
        last = next((place for place in reversed(places) if place is not None), None)
        if last is None or before is None or places[before] is None:
            return last
        for end in range(len(last), 0, -1):
            if last[:end] in moves:
                return (*moves[last[:end]], *last[end:])
        return last

    def _moves(self, j: int, k: int) -> Iterator[tuple[Place, Place]]:
        for change in self.changes.of(j, k, self.names[j], self.names[k]):
            if change.rule in MOVES:
                old = translated(self.sides[j], self.names[j], change.old_path)
                new = translated(self.sides[k], self.names[k], change.path)
                yield old, new

    def _found(self, k: int, place: Place) -> Found | None:
        return self.declared[k].get(place) or at(self.sides[k], self.names[k], place)

    def _earlier(self, k: int, place: Place) -> list[Place | None]:
        """Where a property was before it stood in an inline schema: at the same place, in another component."""
        places: list[Place | None] = [None] * k
        for j in reversed([j for j in self.present if j < k]):
            taken = any(len(track) > j and track[j] == place for track in self.tracks)
            if taken or not place or not self._found(j, place):
                break
            places[j] = place
        return places

    def _order(self) -> list[int]:
        """As in the newest version; what it does not have stands after what it stood after."""
        order: list[int] = []
        for k in reversed(self.present):
            by_place = {places[k]: n for n, places in enumerate(self.tracks)}
            last = -1
            for place in self.declared[k]:
                number = by_place[place]
                if number not in order:
                    order.insert(order.index(last) + 1 if last >= 0 else 0, number)
                last = number
        return order

    # -- what happened -----------------------------------------------------------------------------

    def _told(self) -> dict[tuple[int, int], list[Change]]:
        """(row, version) -> the changes at its place; row -1 is the schema itself."""
        told: dict[tuple[int, int], list[Change]] = {}
        for j, k in pairwise(self.present):
            for change in self.changes.of(j, k, self.names[j], self.names[k]):
                told.setdefault((self._row(change, j, k), k), []).append(change)
        return told

    def _events(self, number: int, k: int) -> tuple[Event, ...]:
        return tuple(map(_event, wording.merged(self._changes_at.get((number, k), ()))))

    def _row(self, change: Change, j: int, k: int) -> int:
        new = translated(self.sides[k], self.names[k], change.path)
        old = translated(self.sides[j], self.names[j], change.old_path or change.path)
        for place, version in sorted(((new, k), (old, j)), key=lambda pair: -len(pair[0])):
            for end in range(len(place), -1, -1):
                for number, places in enumerate(self.tracks):
                    if places[version] == place[:end]:
                        return number
        return -1

    def _moments(self, number: int) -> Iterator[Moment]:
        before: State | None = None
        for k, place in enumerate(self.tracks[number]):
            now = self._state(k, place)
            events = self._events(number, k)
            yield Moment(step=self._step(number, k, before, now), state=now, events=events)
            before = now

    def _state(self, k: int, place: Place | None) -> State | None:
        found = None if place is None else self._found(k, place)
        if place is None or found is None:
            return None
        return state(self.sides[k], self.names[k], place, found)

    def _step(self, number: int, k: int, before: State | None, now: State | None) -> Step:
        if now is None:
            return "removed" if before else "absent"
        if k == 0:
            return "first"
        if before is None:
            return "added"
        if (number, k) in self.moved:
            return "moved"
        return "same" if before == now else "changed"


def _event(change: Change) -> Event:
    return Event(
        rule=change.rule,
        path=change.path,
        what=wording.what(change),
        verdicts=tuple(change.verdicts().items()),
        forgiven=wording.is_forgiven(change, "received"),
        score=change.score,
    )
