"""Who sends a component and who receives it, seen from a client of the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from .. import ir
from .changes import Direction
from .operations import METHODS
from .side import Side

SCHEMAS = "#/components/schemas/"
# Events travel over a connection, so that no path refers to them. Their names say who sends them.
CLIENT_EVENTS = ("*ClientEvent", "*ClientEvent[A-Z]*")
SERVER_EVENTS = ("*ServerEvent", "*ServerEvent[A-Z]*")


class Directions:
    """The direction of every component of one document."""

    def __init__(
        self, side: Side, data: Mapping[str, Any], sent: Sequence[str], received: Sequence[str]
    ) -> None:
        self.side = side
        roots: dict[str, set[str]] = {"sent": set(), "received": set()}
        self.parts: dict[str, Direction] = {
            name: part.direction for name, part in side.parts.items()
        }
        for direction, node in _bodies(data):
            roots[direction].update(_mentioned(node, data))
        for name in side.components:
            if _matches(name, sent) or (
                _matches(name, CLIENT_EVENTS) and not _matches(name, received)
            ):
                roots["sent"].add(name)
            if _matches(name, received) or (
                _matches(name, SERVER_EVENTS) and not _matches(name, sent)
            ):
                roots["received"].add(name)
        self.sent = self._reached(roots["sent"])
        self.received = self._reached(roots["received"])

    def used(self, component: str) -> set[str]:
        """How operations and events use a component: sent, received, both or not at all."""
        found = {"sent": self.sent, "received": self.received}
        return {direction for direction, names in found.items() if component in names}

    def of(self, component: str) -> Direction:
        if component in self.parts:
            return self.parts[component]
        if component in self.sent:
            return "both" if component in self.received else "sent"
        return "received" if component in self.received else "unknown"

    def _reached(self, roots: set[str]) -> set[str]:
        seen = {name for name in roots if name in self.side.types}
        waiting = sorted(seen)
        while waiting:
            for target in ir.references(self.side.types[waiting.pop()].type):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen


def _matches(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def _bodies(data: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """(direction, node) of everything in the operations that has schemas."""
    for word, ours, theirs in (("paths", "sent", "received"), ("webhooks", "received", "sent")):
        for item in _values(data.get(word)):
            yield from _of_item(item, ours, theirs)


def _of_item(item: object, ours: str, theirs: str) -> Iterator[tuple[str, object]]:
    if not isinstance(item, Mapping):
        return
    yield ours, item.get("parameters")
    for method in METHODS:
        operation = item.get(method)
        if isinstance(operation, Mapping):
            yield ours, operation.get("parameters")
            yield ours, operation.get("requestBody")
            yield theirs, operation.get("responses")
            for callback in _values(operation.get("callbacks")):
                for inner in _values(callback):
                    yield from _of_item(inner, theirs, ours)


def _values(node: object) -> Iterator[object]:
    if isinstance(node, Mapping):
        yield from node.values()


def _mentioned(node: object, data: Mapping[str, Any]) -> set[str]:
    """The components that a node of the document refers to, through other kinds of components."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Mapping() as mapping:
                ref = mapping.get("$ref")
                if isinstance(ref, str) and ref.startswith(SCHEMAS):
                    found.add(ref.removeprefix(SCHEMAS))
                elif isinstance(ref, str) and ref.startswith("#/components/") and ref not in seen:
                    seen.add(ref)
                    waiting.append(_at(data, ref))
                waiting.extend(mapping.values())
            case list() as items:
                waiting.extend(items)
    return found


def _at(data: object, ref: str) -> object:
    for step in ref[2:].split("/"):
        data = (
            data.get(step.replace("~1", "/").replace("~0", "~"))
            if isinstance(data, Mapping)
            else None
        )
    return data
