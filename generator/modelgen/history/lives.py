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
from .paths import Node, Path, at, notation, properties, state, translated

Compared: TypeAlias = Callable[[int, int], Comparison]  # numbers of versions -> what changed


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
    traced = []
    for names in _selected(_schemas(sides, compared), sides, select):
        life = _Life(names, sides, changes)
        id_ = anchors.of(next(filter(None, names)))
        rows = tuple(
            Property(id=anchors.of(f"{id_}.{notation(first)}"), life=tuple(moments))
            for first, moments in life.rows()
        )
        traced.append(Schema(id=id_, names=tuple(names), events=life.events(), properties=rows))
    traced.sort(key=lambda schema: (schema.name, schema.id))
    return History(versions=tuple(versions), schemas=tuple(traced))


class _Changes:
    """What changed about a schema from one version to another."""

    def __init__(self, compared: Compared) -> None:
        self._compared = compared
        self._known: dict[tuple[int, int], dict[tuple[str, str], list[Change]]] = {}

    def of(self, j: int, k: int, old: str, new: str) -> list[Change]:
        changes = self._known.get((j, k))
        if changes is None:
            changes = self._known[j, k] = {}
            for change in self._compared(j, k).changes:
                for schema in change.schemas:
                    changes.setdefault((change.was or schema, schema), []).append(change)
        return changes.get((old, new), [])


# --- schemas --------------------------------------------------------------------------------------


def _schemas(sides: Sequence[Side], compared: Compared) -> list[list[str]]:
    """The name of each schema in each version, "" where there is none."""
    named: list[list[str]] = []
    for k, side in enumerate(sides):
        renamed = _renamed(k, sides, compared) if k else {}
        free = dict.fromkeys(side.components)
        # what was there a version ago comes before what had gone and may be back
        for names in sorted(named, key=lambda names: not names[k - 1]):
            last = next(filter(None, reversed(names)))
            name = renamed.get(last, last) if names[k - 1] else last
            names.append(name if name in free else "")
            free.pop(name, None)
        named += [[""] * k + [name] for name in free]
    return named


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
    renamed = {}
    for change in compared(k - 1, k).changes:
        if change.rule == "schema-renamed" and not _comes_back(change, k, sides):
            renamed[change.was] = change.schema
    return renamed


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
        self.tracks: list[list[Path | None]] = []
        self.moved: set[tuple[int, int]] = set()
        self._follow()
        self._changes_at = self._by_row()

    def rows(self) -> Iterator[tuple[Path, Iterator[Moment]]]:
        for number in self._order():
            paths = self.tracks[number]
            first = next(path for path in paths if path is not None)
            yield first, self._moments(number)

    def events(self) -> tuple[tuple[Event, ...], ...]:
        """What happened to the schema as a whole, or at no path that has a row."""
        return tuple(self._events(-1, k) for k in range(len(self.names)))

    # -- which is which ----------------------------------------------------------------------------

    def _follow(self) -> None:
        for k in self.present:
            used: set[Path] = set()
            before = self.present[self.present.index(k) - 1] if k != self.present[0] else None
            moves = dict(self._moves(before, k)) if before is not None else {}
            for paths in self.tracks:
                self._skip(paths, k)
            # what was there before comes before what had gone and may be back
            gone = [before is None or paths[before] is None for paths in self.tracks]
            for number in sorted(range(len(self.tracks)), key=gone.__getitem__):
                paths = self.tracks[number]
                path = self._next(paths, before, moves)
                if path is not None and path not in used and self._node(k, path):
                    used.add(path)
                    paths.append(path)
                    if before is not None and paths[before] not in (None, path):
                        self.moved.add((number, k))
                else:
                    paths.append(None)
            for path in self.declared[k]:
                if path not in used:
                    self.tracks.append([*self._earlier(k, path), path])
        for paths in self.tracks:
            self._skip(paths, len(self.names))

    @staticmethod
    def _skip(paths: list[Path | None], k: int) -> None:
        paths += [None] * (k - len(paths))

    def _next(
        self, paths: list[Path | None], before: int | None, moves: dict[Path, Path]
    ) -> Path | None:
        """Where a property that had been somewhere should be: moved with what it is in, or at the same path."""
        last = next((path for path in reversed(paths) if path is not None), None)
        if last is None or before is None or paths[before] is None:
            return last
        for end in range(len(last), 0, -1):
            if last[:end] in moves:
                return (*moves[last[:end]], *last[end:])
        return last

    def _moves(self, j: int, k: int) -> Iterator[tuple[Path, Path]]:
        for change in self.changes.of(j, k, self.names[j], self.names[k]):
            if change.old_path:
                old = translated(self.sides[j], self.names[j], change.old_path)
                new = translated(self.sides[k], self.names[k], change.path)
                yield old, new

    def _node(self, k: int, path: Path) -> Node | None:
        return self.declared[k].get(path) or at(self.sides[k], self.names[k], path)

    def _earlier(self, k: int, path: Path) -> list[Path | None]:
        """Where a property was before it stood in an inline schema: at the same path, in another component."""
        paths: list[Path | None] = [None] * k
        for j in reversed([j for j in self.present if j < k]):
            is_used = any(len(track) > j and track[j] == path for track in self.tracks)
            if is_used or not path or not self._node(j, path):
                break
            paths[j] = path
        return paths

    def _order(self) -> list[int]:
        """As in the newest version; what it does not have stands after what it stood after."""
        order: list[int] = []
        for k in reversed(self.present):
            by_path = {paths[k]: n for n, paths in enumerate(self.tracks)}
            last = -1
            for path in self.declared[k]:
                number = by_path[path]
                if number not in order:
                    order.insert(order.index(last) + 1 if last >= 0 else 0, number)
                last = number
        return order

    # -- what happened -----------------------------------------------------------------------------

    def _by_row(self) -> dict[tuple[int, int], list[Change]]:
        """(row, version) -> the changes at its path; row -1 is the schema itself."""
        by_row: dict[tuple[int, int], list[Change]] = {}
        for j, k in pairwise(self.present):
            for change in self.changes.of(j, k, self.names[j], self.names[k]):
                by_row.setdefault((self._row(change, j, k), k), []).append(change)
        return by_row

    def _events(self, number: int, k: int) -> tuple[Event, ...]:
        return tuple(map(_event, wording.merged(self._changes_at.get((number, k), ()))))

    def _row(self, change: Change, j: int, k: int) -> int:
        new = translated(self.sides[k], self.names[k], change.path)
        old = translated(self.sides[j], self.names[j], change.old_path or change.path)
        for path, version in sorted(((new, k), (old, j)), key=lambda pair: -len(pair[0])):
            for end in range(len(path), -1, -1):
                for number, paths in enumerate(self.tracks):
                    if paths[version] == path[:end]:
                        return number
        return -1

    def _moments(self, number: int) -> Iterator[Moment]:
        before: State | None = None
        for k, path in enumerate(self.tracks[number]):
            now = self._state(k, path)
            events = self._events(number, k)
            yield Moment(step=self._step(number, k, before, now), state=now, events=events)
            before = now

    def _state(self, k: int, path: Path | None) -> State | None:
        node = None if path is None else self._node(k, path)
        if path is None or node is None:
            return None
        return state(self.sides[k], self.names[k], path, node)

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
