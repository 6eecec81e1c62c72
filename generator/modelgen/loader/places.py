"""Where things stand that overlays brought into a document, or moved in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..errors import Location, step


class Written(Protocol):
    """A parsed file, as far as overlays are concerned."""

    source: str
    data: Any

    def locate(self, pointer: str) -> Location:
        """Where a node is."""

    def block(self, pointer: str, most: int) -> list[str]:
        """The lines of a node."""


@dataclass(frozen=True, slots=True)
class Place:
    """A pointer in the text of an overlay, or of the document itself, which is None."""

    document: Written | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands that is put somewhere, and what below it stands elsewhere, by pointers from there."""

    place: Place
    below: Mapping[str, Place] = field(default_factory=dict)

    def child(self, key: str | int) -> Source:
        """The same for a value in it."""
        token = step("", key)
        own = self.below.get(token)
        place = own or Place(self.place.document, self.place.pointer + token)
        return Source(place, _within(token, self.below))


class Places:
    """Pointers of a document as it is now -> where that stands in a text. What is below goes along."""

    def __init__(self) -> None:
        self._table: dict[str, Place] = {}

    def of(self, pointer: str) -> Place:
        """Where the value at a pointer stands."""
        above, below = pointer, ""
        while above not in self._table:
            if not above:
                return Place(None, pointer)
            above, _, token = above.rpartition("/")
            below = f"/{token}{below}"
        place = self._table[above]
        return Place(place.document, place.pointer + below)

    def source(self, pointer: str) -> Source:
        """The value at a pointer, as something to be put elsewhere."""
        return Source(self.of(pointer), _within(pointer, self._table))

    def put(self, pointer: str, source: Source) -> None:
        """A value was put at a pointer."""
        self.remove(pointer)
        self._table[pointer] = source.place
        self._table |= {pointer + below: place for below, place in source.below.items()}

    def remove(self, pointer: str) -> None:
        """The value at a pointer is gone."""
        if not self._table:
            return
        for each in [pointer, *(pointer + below for below in _within(pointer, self._table))]:
            self._table.pop(each, None)

    def remove_item(self, array: str, index: int, length: int) -> None:
        """An item of an array of that length is gone, and those behind it have moved up."""
        behind = [self.source(step(array, number)) for number in range(index + 1, length)]
        for number in range(index, length):
            self.remove(step(array, number))
        for number, source in enumerate(behind, index):
            self.put(step(array, number), source)


def _within(pointer: str, table: Mapping[str, Place]) -> dict[str, Place]:
    """What a table has below a pointer, by pointers from there."""
    above = f"{pointer}/"
    return {each[len(pointer) :]: place for each, place in table.items() if each.startswith(above)}
