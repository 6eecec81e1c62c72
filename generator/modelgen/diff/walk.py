"""Two documents -> changes. Each pair of named types is compared once; references are followed, never expanded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import assert_never

from . import components, operations, types, usage
from .changes import Change
from .context import Context
from .direction import Directions
from .judge import judged
from .steps import Compare, Difference, Steps, Visit
from .subject import Spared


class Walk:
    """Takes the steps of the handlers: judges what they report, and compares what they ask for."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._waiting: deque[tuple[Visit, Spared]] = deque()
        self._visited: set[tuple[str, str, str]] = set()

    def changes(self, directions: tuple[Directions, Directions] | None) -> Iterator[Change]:
        yield from self._judged(components.compare(self.context, directions))
        yield from self._judged(operations.compare(self.context))
        for old, new in self.context.matched.pairs.items():
            self._visit(Visit(old, new))
        while self._waiting:
            visit, spared = self._waiting.popleft()
            yield from self._judged(types.compare_named(self.context, visit, spared))
        yield from self._judged(usage.compare(self.context, directions))

    def _judged(self, steps: Steps) -> Iterator[Change]:
        for step in steps:
            match step:
                case Difference():
                    yield judged(step, self.context)
                case Compare():
                    yield from self._judged(types.compare(self.context, step))
                case Visit():
                    self._visit(step)
                case _:
                    assert_never(step)

    def _visit(self, visit: Visit) -> None:
        """Once. What a property spares somebody, an inline schema in it does too."""
        old, new, seen_from = visit.old, visit.new, visit.seen_from
        is_inline = seen_from is not None and new not in self.context.new.components
        spared = seen_from.spared if seen_from is not None and is_inline else ""
        owners = self.context.old.owner(old), self.context.new.owner(new)
        if self.context.matched.pairs.get(owners[0], owners[0]) == owners[1]:
            seen_from = None
        where = seen_from.schema if seen_from is not None else ""
        if (old, new, where) not in self._visited:
            self._visited.add((old, new, where))
            self._waiting.append((Visit(old, new, seen_from), spared))
