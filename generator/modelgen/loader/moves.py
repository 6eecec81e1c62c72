"""Where things stand in a document that is read as another one, and where in its text."""

from __future__ import annotations

from collections.abc import Iterable


class Moves:
    """Pairs of pointers: where something is now, and where it is in the text. What is below goes along."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._old = dict(pairs)
        self._new = {old: new for new, old in self._old.items()}

    def old(self, pointer: str) -> str:
        """Where in the text something is."""
        return _moved(pointer, self._old)

    def new(self, pointer: str) -> str:
        """Where something of the text is now."""
        return _moved(pointer, self._new)


def _moved(pointer: str, table: dict[str, str]) -> str:
    """The pointer with its longest beginning in the table replaced."""
    if not table:
        return pointer
    above, below = pointer, ""
    while above not in table:
        if not above:
            return pointer
        above, _, token = above.rpartition("/")
        below = f"/{token}{below}"
    return table[above] + below
