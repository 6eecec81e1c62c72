"""Forms of values: how one thing is said by values that differ.

A form goes `up`, to what has more room, and `down`, back again. Both raise ValueError for a value that has no other
form. `inside` is where what went up is then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from math import isfinite
from typing import Any

_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE
)
_START = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Listed:
    """A value, and a list of one."""

    inside = "[0]"

    def up(self, value: Any) -> Any:
        return [value]

    def down(self, value: Any) -> Any:
        if len(value) != 1:
            raise ValueError(f"It is a list of {len(value)}.")
        if value[0] is None or value[0].__class__ is list:
            raise ValueError("What is in the list has no form without it.")
        return value[0]


class Named:
    """A value, and an object that has it under a name, and constants beside it."""

    def __init__(self, name: str, constants: Mapping[str, Any]) -> None:
        self.name = name
        self.constants = constants
        self.inside = f".{name}" if name.isidentifier() else ""

    def up(self, value: Any) -> Any:
        return {**self.constants, self.name: value}

    def down(self, value: Any) -> Any:
        inner = value.get(self.name) if value.__class__ is dict else None
        if inner is None or inner.__class__ in (dict, list):
            raise ValueError(f"It has no `{self.name}` that could stand alone.")
        for name, constant in self.constants.items():
            if value.get(name, constant) != constant:
                raise ValueError(f"Its `{name}` is another.")
        return inner


class Time:
    """A number of units since 1970, and a date and time of RFC 3339."""

    inside = ""

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second

    def up(self, value: Any) -> Any:
        seconds = _decimal(value) / self.per_second
        whole = int(seconds // 1)
        try:
            date = _START + timedelta(seconds=whole)
        except OverflowError:
            raise ValueError("It is in no year that a date can have.") from None
        _, _, digits = f"{(seconds - whole).normalize():f}".partition(".")
        fraction = f".{digits}" if digits else ""
        return f"{date.replace(tzinfo=None).isoformat()}{fraction}Z"

    def down(self, value: Any) -> Any:
        match = _TIME.fullmatch(value)
        if match is None:
            raise ValueError("It is no date and time of RFC 3339.")
        digits = match[1] or ""
        text = value.upper().replace(f".{digits}", "", 1) if digits else value.upper()
        passed = datetime.fromisoformat(text) - _START
        whole = passed.days * 86400 + passed.seconds
        return _number((whole + Decimal(f"0.{digits or 0}")) * self.per_second)


class Scale:
    """A number, and the same in a unit that is smaller by a factor."""

    inside = ""

    def __init__(self, factor: str) -> None:
        self.factor = Decimal(factor)

    def up(self, value: Any) -> Any:
        return _number(_decimal(value) / self.factor)

    def down(self, value: Any) -> Any:
        return _number(_decimal(value) * self.factor)


def _decimal(value: Any) -> Decimal:
    """A JSON number as it is written."""
    if value.__class__ not in (int, float) or not isfinite(value):
        raise ValueError("It is no number.")
    return Decimal(repr(value))


def _number(value: Decimal) -> Any:
    """The JSON number of a decimal."""
    if value == value.to_integral_value():
        return int(value)
    return float(value)
