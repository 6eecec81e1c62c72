"""The words of reports on conversions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .coverage import Coverage, Field, LossCount

LONGEST = 160


def summary(coverage: Coverage) -> str:
    """How many payloads there were, in a sentence."""
    formless = sum(kind.formless for kind in coverage.kinds.values())
    parts = [f"{counted(coverage.payloads, 'payload')} converted to {coverage.to}"]
    if formless:
        parts.append(f"{formless:,} without a form there")
    if coverage.faulty:
        parts.append(f"{coverage.faulty:,} could not be converted")
    return f"{', '.join(parts)}."


def losses(coverage: Coverage) -> str:
    """How many losses there are of each severity, in a sentence."""
    total = coverage.severities()
    if not any(total.values()):
        return "Nothing was lost."
    parts = [f"{times:,} {severity}" for severity, times in total.items() if times]
    return f"Losses: {', '.join(parts)}."


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def way(one: Field, shown: Callable[[str], str] = str) -> str:
    """Where a field went, "" for nowhere. `shown`: how a path is written."""
    places = "same place" if one.ways == (one.path,) else ", ".join(map(shown, one.ways))
    return f"{places}, written otherwise" if one.is_otherwise else places


def loss(count: LossCount, is_lines: bool) -> str:
    """A loss, and how often it occurred."""
    first = f", first in {'line' if is_lines else 'payload'} {count.line:,}" if count.line else ""
    return f"{count.kind}: {count.reason} ({counted(count.times, 'time')}{first})"


def place(number: int, is_lines: bool) -> str:
    """Where a payload stands."""
    if not number:
        return "the payload"
    return f"{'line' if is_lines else 'payload'} {number:,}"


def shown(value: Any) -> str:
    """A payload in lines; long texts in it are shortened."""
    return json.dumps(_shortened(value), indent=2, ensure_ascii=False)


def _shortened(value: Any) -> Any:
    match value:
        case str() if len(value) > LONGEST:
            return f"{value[:LONGEST]}… ({len(value):,} characters)"
        case dict():
            return {name: _shortened(item) for name, item in value.items()}
        case list():
            return [_shortened(item) for item in value]
    return value
