"""What can go wrong with an input, as data: places, diagnostics, and the one error that carries them.

Nothing here prints. `cli` turns a `Diagnostic` into text; every other module only makes one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Location:
    """A node of a document.

    `source` is the document as the user named it, `pointer` a JSON pointer (RFC 6901, "" is the root).
    `line` and `column` count from 1 and are 0 until a loader filled them in; `excerpt` is that source line.
    """

    source: str
    pointer: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = field(default="", compare=False)

    def below(self, *keys: str | int) -> Location:
        """The location of a child, whose line is not looked up yet."""
        return Location(self.source, step(self.pointer, *keys))

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a stable `code`, a sentence, where it is, and what to do next."""

    code: str
    message: str
    at: Location
    hint: str = ""
    related: tuple[Location, ...] = ()


class SpecError(Exception):
    """The input cannot be used. Carries at least one diagnostic; nothing was written."""

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        if isinstance(diagnostics, Diagnostic):
            diagnostics = (diagnostics,)
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


def step(pointer: str, *keys: str | int) -> str:
    """The JSON pointer of a child: `step("/a", "b/c", 0)` is `/a/b~1c/0`."""
    for key in keys:
        pointer += "/" + (str(key).replace("~", "~0").replace("/", "~1"))
    return pointer


def width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def visible(text: str) -> str:
    """Text of a document without anything that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c == "\t" else c.encode("unicode_escape").decode()
        for c in text
    )
