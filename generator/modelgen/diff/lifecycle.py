"""Deprecation, the day on which something goes, and how stable it is said to be."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .steps import Difference, Steps
from .subject import Subject
from .written import text, written

_SUNSET, _LEVEL = "x-sunset", "x-stability-level"
KEYWORDS = (_SUNSET, _LEVEL)
_LEVELS = ("draft", "alpha", "beta", "stable")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`sunset` and `level` as they are written, "" where nothing is."""

    deprecated: bool
    sunset: str
    level: str

    def is_over(self, today: datetime.date | None) -> bool:
        """Whether the day on which it goes has come; where nobody knows what day it is, no."""
        day = _day(self.sunset)
        return day is not None and today is not None and day <= today


def lifecycle(raw: object, deprecated: bool | None = None) -> Lifecycle:
    """As it is written; `deprecated`, if something else than the keyword decides."""
    node = written(raw)
    if deprecated is None:
        deprecated = node.get("deprecated") is True
    return Lifecycle(deprecated, text(node, _SUNSET), text(node, _LEVEL))


def compare(subject: Subject, old: Lifecycle, new: Lifecycle) -> Steps:
    before, after = old.sunset, new.sunset
    if new.deprecated and not old.deprecated and after:
        yield Difference("deprecated-with-sunset", subject, "", after)
    elif new.deprecated and not old.deprecated:
        yield Difference("deprecated", subject)
        yield Difference("deprecated-sunset-missing", subject)
    elif old.deprecated and not new.deprecated:
        yield Difference("undeprecated", subject)
    elif old.deprecated and before and not after:
        yield Difference("sunset-removed", subject, before)
    if after and after != before:
        day, last = _day(after), _day(before)
        if day is None:
            yield Difference("sunset-invalid", subject, before, after)
        elif last is not None and day < last:
            yield Difference("sunset-too-soon", subject, before, after)
        elif old.deprecated and new.deprecated and last != day:
            yield Difference("sunset-put-off" if before else "sunset-set", subject, before, after)
    yield from _stability(subject, old.level, new.level)


def _stability(subject: Subject, before: str, after: str) -> Steps:
    """What names no known level is as stable as can be."""
    was, is_ = (
        _LEVELS.index(level) if level in _LEVELS else len(_LEVELS) - 1 for level in (before, after)
    )
    if was != is_:
        rule = "stability-decreased" if is_ < was else "stability-increased"
        yield Difference(rule, subject, before, after)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        return None
