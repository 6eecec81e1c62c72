"""Paths in payloads, and what differs between two: paths are tuples of names and places of elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..ir import Value
from ..reconcile import Map, steps

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_STEP = re.compile(r'\.(?P<name>[^.\[]+)|\[(?P<place>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


def parsed(text: str) -> Path:
    """The path that a report writes as `$.a[0]["b c"]`."""
    made: list[Step] = []
    for match in _STEP.finditer(text):
        if match["place"]:
            made.append(int(match["place"]))
        else:
            made.append(match["name"] or str(json.loads(match["quoted"])))
    return tuple(made)


def written(path: Path) -> str:
    """The text of a path, as a report writes it."""
    names = (
        (
            f"[{step}]"
            if isinstance(step, int)
            else f".{step}" if step.isidentifier() else f"[{json.dumps(step, ensure_ascii=False)}]"
        )
        for step in path
    )
    return "$" + "".join(names)


def has(payload: Any, path: Path) -> bool:
    for step in path:
        if isinstance(step, int):
            if not isinstance(payload, list) or step >= len(payload):
                return False
        elif not isinstance(payload, dict) or step not in payload:
            return False
        payload = payload[step]
    return True


def at(payload: Any, path: Path) -> Any:
    """The value at a path, None if there is none."""
    for step in path:
        try:
            payload = payload[step]
        except (KeyError, IndexError, TypeError):
            return None
    return payload


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """Where two values differ: at the ends of what only one of them has."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            if name not in old or name not in new:
                yield from _ends(old.get(name, new.get(name)), (*path, name))
            else:
                yield from differences(old[name], new[name], (*path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (left, right) in enumerate(zip(old, new, strict=True)):
            yield from differences(left, right, (*path, n))
    elif Value.of(old) != Value.of(new):
        yield path


def _ends(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _ends(item, (*path, name))
    else:
        yield path


@dataclass(frozen=True, slots=True)
class Spellings:
    """Paths of the map that have another spelling, and what all of them are called here."""

    known: tuple[tuple[tuple[Any, ...], str], ...]
    wrapping: frozenset[str]

    @classmethod
    def of(cls, map_: Map) -> Spellings:
        known: dict[tuple[Any, ...], str] = {}
        for shape in map_.shapes.values():
            for entry in (*shape.entries, *(e for m in shape.members for e in m.entries)):
                for path in entry.paths if entry.was or "." in entry.path else ():
                    # an element may be at any place
                    pattern = (s if isinstance(s, str) else None for s in steps(path))
                    known[tuple(pattern)] = f"<{entry.path}>"
        wrapping = frozenset(shape.wraps for shape in map_.shapes.values() if shape.wraps)
        return cls(tuple(sorted(known.items(), key=lambda item: -len(item[0]))), wrapping)

    def same(self, path: Path) -> Path:
        """A path, the same in all variants."""
        made: list[Step] = []
        while path:
            for pattern, name in self.known:
                if len(pattern) <= len(path) and all(map(_fits, pattern, path)):
                    made.append(name)
                    path = path[len(pattern) :]
                    break
            else:
                made.append(path[0])
                path = path[1:]
        return tuple(made)

    def explained(self, path: Path, losses: Sequence[Path]) -> bool:
        """Whether a loss is about what is at a path, about something in it, or about what it is in. Where a whole element
        is lost, others have moved up."""
        if any(loss and isinstance(loss[-1], int) for loss in losses):
            path, *losses = map(_names, (path, *losses))
        ways = self._ways(path)
        return any(
            _is_within(one, other) or _is_within(other, one)
            for loss in losses
            for other in self._ways(loss)
            for one in ways
        )

    def _ways(self, path: Path) -> set[Path]:
        """How a path can be said: as it is, the same everywhere, and without what wraps it in some variants."""
        bare = path[1:] if path and path[0] in self.wrapping else path
        return {path, self.same(path), self.same(bare)}


def _names(path: Path) -> Path:
    """A path without the places of elements."""
    return tuple(step for step in path if not isinstance(step, int))


def _fits(pattern: Any, step: Step) -> bool:
    return isinstance(step, int) if pattern is None else pattern == step


def _is_within(inner: Path, outer: Path) -> bool:
    return inner[: len(outer)] == outer
