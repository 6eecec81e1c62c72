"""The formats of strings that mean more than text, a row for each. Every other `format` is documentation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One row.

    `name`: what documents call it. `python`: what the configuration calls its type. `annotation`: that type as models
    spell it, from a module imported under a leading underscore. `reader`: the function of the runtime that reads the
    text, and by which strict decoding judges it; how a value is written follows from its class.
    """

    name: str
    python: str
    annotation: str
    reader: str


_ROWS = (
    Format("date-time", "datetime", "_datetime.datetime", "date_time"),
    Format("date", "date", "_datetime.date", "date"),
    Format("uuid", "uuid", "_uuid.UUID", "uuid"),
)

BY_NAME = {row.name: row for row in _ROWS}
BY_PYTHON = {row.python: row for row in _ROWS}
# `format` -> what the configuration calls its type, unless it says otherwise.
DEFAULTS = {row.name: row.python for row in _ROWS}
# The type of a format that is left text.
PLAIN = "str"
