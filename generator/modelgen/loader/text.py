"""Bytes -> text, and offsets in it -> locations that a reader can follow."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right

from ..errors import Diagnostic, Location, SpecError

# A longer line is no help to a reader, and costly where a whole document is one line.
MAX_EXCERPT = 500

_BREAK = re.compile(r"\r\n|\r|\n")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_BOMS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16-be"),
)


class Text:
    """The text of one document: `body`, and `source` as messages name it."""

    __slots__ = ("_lines", "_starts", "body", "source")

    def __init__(self, source: str, body: str) -> None:
        self.source = source
        self.body = body
        self._lines: list[str] = []
        self._starts: list[int] = []

    def at(self, line: int, column: int, pointer: str = "") -> Location:
        """The location of a line and column that count from 0. Unprintable characters do not get into its excerpt."""
        if not self._lines:
            self._lines = _BREAK.split(self.body)
        excerpt = self._lines[line] if line < len(self._lines) else ""
        if len(excerpt) > MAX_EXCERPT:
            excerpt = excerpt[:MAX_EXCERPT] if column < MAX_EXCERPT else ""
        if not excerpt.isprintable():
            excerpt = _UNPRINTABLE.sub("\ufffd", excerpt)
        return Location(self.source, pointer, line + 1, column + 1, excerpt)

    def at_offset(self, offset: int, pointer: str = "") -> Location:
        """The location of an offset into `body`."""
        line, column = self.place(offset)
        return self.at(line, column, pointer)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 0, of an offset into `body`."""
        if not self._starts:
            self._starts = [0, *(found.end() for found in _BREAK.finditer(self.body))]
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]


def decode(source: str, raw: bytes) -> Text:
    """The text of a file: UTF-8, or what its byte order mark says. Raises SpecError on anything else."""
    name, encoding, skip = "UTF-8", "utf-8", 0
    for bom, bom_name, bom_encoding in _BOMS:
        if raw.startswith(bom):
            name, encoding, skip = bom_name, bom_encoding, len(bom)
            break
    body = raw[skip:]
    try:
        return Text(source, body.decode(encoding))
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding)
        text = Text(source, before + body[error.start :].decode(encoding, "replace"))
        raise SpecError(
            Diagnostic(
                "encoding-invalid",
                f"The document is not valid {name}: byte 0x{body[error.start]:02x} at offset {skip + error.start}.",
                text.at_offset(len(before)),
                "Save the file as UTF-8.",
            )
        ) from None
