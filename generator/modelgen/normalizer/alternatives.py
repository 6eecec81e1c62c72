"""How often a union in a union in a union says the same schemas, before any of them is read.

What stands beside a union belongs to each of its members, and to each of theirs. Where unions lead to the same schemas
by many ways, that would be one type for each way: a few schemas can lead to a few more by a million ways.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Location
from .scope import Scope

# More ways than that are followed only if most of them lead to a schema of their own.
MANY = 256

_Schema = tuple[object, Location]


class Alternatives:
    """Counts ways; remembers those of each schema."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._ways: dict[tuple[str, str], int] = {}

    def repeat(self, members: list[_Schema]) -> bool:
        """Whether the members of a union lead to the same schemas over and over."""
        ways = sum(self.ways(*member) for member in members)
        return ways > MANY and ways > 4 * self._ends(members)

    def ways(self, raw: object, at: Location) -> int:
        """By how many ways a schema leads to one that is no union."""
        waiting = [(raw, at)]
        while waiting:
            raw, at = waiting[-1]
            where = (at.source, at.pointer)
            inner = [] if where in self._ways else [list(one) for one in self._inner(raw, at)]
            new = [one for word in inner for one in word if not self._is_known(*one)]
            waiting += new
            if not new:
                waiting.pop()
                sums = [sum(self._ways[at.source, at.pointer] for _, at in word) for word in inner]
                self._ways.setdefault(where, max(sums, default=1))
        return self._ways[where]

    def _is_known(self, _: object, at: Location) -> bool:
        return (at.source, at.pointer) in self._ways

    def _ends(self, members: list[_Schema]) -> int:
        """How many schemas they lead to that are no union."""
        seen: set[tuple[str, str]] = set()
        waiting, ends = list(members), 0
        while waiting:
            raw, at = waiting.pop()
            if (at.source, at.pointer) in seen:
                continue
            seen.add((at.source, at.pointer))
            inner = [one for word in self._inner(raw, at) for one in word]
            waiting += inner
            ends += not inner
        return ends

    def _inner(self, raw: object, at: Location) -> Iterator[list[_Schema]]:
        """The schemas that a schema consists of, as lists of alternatives."""
        if not isinstance(raw, dict):
            return
        self.scope.repair(raw, at)
        if "$ref" in raw:
            target = self.scope.target(raw["$ref"], at.below("$ref"))
            self.scope.cycles.take_out(target.raw, target.at)
            yield [(target.raw, target.at)]
        for n, member in enumerate(raw.get("allOf", ())):
            yield [(member, at.below("allOf", n))]
        for word in ("oneOf", "anyOf"):
            if raw.get(word):
                yield [(member, at.below(word, n)) for n, member in enumerate(raw[word])]
