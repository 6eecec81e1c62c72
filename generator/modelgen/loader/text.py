"""Bytes -> text, and offsets in it -> locations that a reader can follow."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from typing import NamedTuple

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


class Oddity(NamedTuple):
    """What is wrong with a document that can be read all the same; `code` is that of an anomaly."""

    code: str
    message: str
    at: Location


class Text:
    """The text of one document: `body`, and `source` as messages name it. `oddities` are faults of the text that it can be
    read with."""

    __slots__ = ("_starts", "body", "oddities", "source")

    def __init__(self, source: str, body: str) -> None:
        self.source = source
        self.body = body
        self.oddities: list[Oddity] = []
        self._starts: list[int] = []

    def at(self, line: int, column: int, pointer: str = "") -> Location:
        """The location of a line and column that count from 0."""
        starts = self._line_starts()
        return self.at_offset(
            (starts[line] if line < len(starts) else len(self.body)) + column, pointer
        )

    def at_offset(self, offset: int, pointer: str = "") -> Location:
        """The location of an offset into `body`. Unprintable characters do not get into its excerpt."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.body)
        excerpt = ""
        if offset - start < MAX_EXCERPT:
            excerpt = self.body[start : min(end, start + MAX_EXCERPT)].rstrip("\r\n")
            if not excerpt.isprintable():
                excerpt = _UNPRINTABLE.sub("\ufffd", excerpt)
        return Location(self.source, pointer, line, offset - start + 1, excerpt)

    def block(self, line: int, most: int) -> list[str]:
        """The line of that number, from 1, and what belongs to it by its indentation; `most` lines at most."""
        starts = self._line_starts()
        lines: list[str] = []
        depth, is_item = 0, False
        for number in range(line - 1, min(line - 1 + most, len(starts))):
            end = starts[number + 1] if number + 1 < len(starts) else len(self.body)
            text = self.body[starts[number] : min(end, starts[number] + MAX_EXCERPT)].rstrip()
            start = text.lstrip()
            indent = len(text) - len(start)
            if not lines:
                depth, is_item = indent, start.startswith("-")
            elif start and indent <= depth:
                if indent == depth and start[0] in "}]":
                    lines.append(text)
                # the items of a list may stand right below its key
                if indent < depth or is_item or not start.startswith("-"):
                    break
            lines.append(text)
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts = [0, *(match.end() for match in _BREAK.finditer(self.body))]
        return self._starts


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
