"""Who sends a component and who receives it, seen from a client of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from .. import ir
from .changes import Direction
from .parts import OperationPart
from .side import Side

# Events travel over a connection, so that no path refers to them. Their names say who sends them.
CLIENT_EVENTS = ("*ClientEvent", "*ClientEvent[A-Z]*")
SERVER_EVENTS = ("*ServerEvent", "*ServerEvent[A-Z]*")


class Directions:
    """The direction of every component of one document."""

    def __init__(
        self,
        side: Side,
        parts: Mapping[str, OperationPart],
        sent: Sequence[str],
        received: Sequence[str],
    ) -> None:
        self.side = side
        roots: dict[str, set[str]] = {"sent": set(), "received": set()}
        for part in parts.values():
            roots[part.direction].update(part.components)
        for name in side.components:
            if _matches(name, sent) or (
                _matches(name, CLIENT_EVENTS) and not _matches(name, received)
            ):
                roots["sent"].add(name)
            if _matches(name, received) or (
                _matches(name, SERVER_EVENTS) and not _matches(name, sent)
            ):
                roots["received"].add(name)
        # a document with operations says what is used
        self.are_known = any(part.kind == "operation" for part in parts.values())
        self.sent = self._reached(roots["sent"])
        self.received = self._reached(roots["received"])

    def used(self, component: str) -> set[str]:
        """How operations and events use a component: sent, received, both or not at all."""
        used = {"sent": self.sent, "received": self.received}
        return {direction for direction, names in used.items() if component in names}

    def of(self, component: str) -> Direction:
        if component in self.side.parts:
            return self.side.parts[component].direction
        if component in self.sent:
            return "both" if component in self.received else "sent"
        return "received" if component in self.received else "unknown"

    def _reached(self, roots: set[str]) -> set[str]:
        """What references lead to, and whatever it stands in: an `allOf` takes over properties, not their component."""
        seen = {name for name in roots if name in self.side.types}
        waiting = sorted(seen)
        while waiting:
            for target in ir.references(self.side.types[waiting.pop()].type):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen | {self.side.owner(key) for key in seen}


def _matches(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
