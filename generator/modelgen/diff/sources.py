"""Where in the two documents something is written: its line, and an excerpt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Location
from ..loader import Documents


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`at` is "" if nothing is written there. The lines have their numbers, 0 where they have none."""

    at: str = ""
    lines: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    old: Documents
    new: Documents

    def locate(self, at: Location) -> Location:
        """The same location with its line and column."""
        located = (documents.locate(at) for documents in (self.old, self.new))
        return next((one for one in located if one.line), at)

    def excerpt(self, at: Location, most: int) -> Excerpt:
        """`most` of the lines at a location; of a document in one line, the node laid out anew."""
        for documents in (self.old, self.new):
            located = documents.locate(at)
            if not located.line:
                continue
            name = f"{located.source}:{located.line}"
            if located.excerpt:
                return Excerpt(name, list(enumerate(documents.block(at, most), located.line)))
            laid_out = json.dumps(documents.node(at), indent=2, ensure_ascii=False).split("\n")
            return Excerpt(name, [(0, line) for line in laid_out[:most]])
        return Excerpt()
