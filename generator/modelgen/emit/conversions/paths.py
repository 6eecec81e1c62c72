"""Paths of the map: as names, as a report writes them, and by the objects that they lead through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TypeVar

from ...reconcile import Entry, prefixes, steps
from .operations import Path

T = TypeVar("T")


def names_of(path: str) -> Path:
    """The names of a path that leads into no list."""
    names = steps(path)
    assert all(isinstance(name, str) for name in names), path
    return tuple(name for name in names if isinstance(name, str))


def start(path: str) -> str:
    """The first name of a path."""
    return next(prefixes(path))


def written(path: str) -> str:
    """How a path of names is written in a report: `.audio.input`."""
    return "".join(
        f".{name}" if name.isidentifier() else f"[{json.dumps(name, ensure_ascii=False)}]"
        for name in path.split(".")
        if path
    )


def last(path: str) -> str:
    return path.rpartition(".")[2]


def by_object(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by the path of the object of the hub that they are in, "" for the one that their shape is."""
    objects: dict[str, list[Entry]] = {}
    for entry in entries:
        objects.setdefault(entry.path.rpartition(".")[0], []).append(entry)
    return objects


def inner_objects(objects: Mapping[str, object], outer: str) -> list[str]:
    """The paths of the objects right below one that have something in them."""
    start = f"{outer}." if outer else ""
    names = (path.removeprefix(start).split(".")[0] for path in objects if path.startswith(start))
    return [start + name for name in dict.fromkeys(names) if name]
