"""Where keys of [tool.modelgen] stand in the text: by its lines, since tomllib keeps no positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from ..errors import Location

Keys: TypeAlias = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_KEY = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class KeyPositions:
    """The positions of all keys of a pyproject.toml."""

    def __init__(self, path: Path, text: str) -> None:
        self._source = str(path)
        self._lines = [line.rstrip("\r") for line in text.split("\n")]
        self._by_keys = dict(reversed(list(self._scan())))

    def at(self, *keys: str | int) -> Location:
        """The location of a key, or of the nearest key above it that has a line of its own. JSON pointers may be written
        with `#` or without."""
        keys = tuple(key.removeprefix("#") if isinstance(key, str) else key for key in keys)
        for length in range(len(keys), -1, -1):
            if position := self._by_keys.get(("tool", "modelgen", *keys[:length])):
                line, column = position
                if length < len(keys):
                    column = self._within(line, column, keys[-1])
                return Location(self._source, "", line, column, self._lines[line - 1])
        return Location(self._source)

    def _within(self, line: int, column: int, key: str | int) -> int:
        match = re.compile(rf"(?<!\w){re.escape(str(key))}(?!\w)").search(
            self._lines[line - 1], column - 1
        )
        return match.start() + 1 if match and isinstance(key, str) else column

    def _scan(self) -> Iterator[tuple[Keys, tuple[int, int]]]:
        table: Keys = ()
        counts: dict[Keys, int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                keys: Keys = ()
                for key in _KEY.finditer(line, *header.span(2)):
                    keys = (*keys, key[0].strip("\"'").removeprefix("#"))
                    yield keys, (number, key.start() + 1)
                table = keys
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                    yield table, (number, header.start(2) + 1)
            elif pair := _PAIR.match(line):
                keys = table
                for key in _KEY.finditer(line, *pair.span(1)):
                    keys = (*keys, key[0].strip("\"'").removeprefix("#"))
                    yield keys, (number, key.start() + 1)
