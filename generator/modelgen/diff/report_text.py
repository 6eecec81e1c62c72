"""A comparison as plain text, a line for each fact."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from . import wording
from .changes import Change, Comparison
from .legible import legible
from .sources import Sources

_MARKS = {"breaks": "!", "may break": "?", "note": " ", "safe": " "}
_COLUMN = 46


def render(comparison: Comparison, _: Sources) -> str:
    # a name may have the end of a line in it
    lines = (line.replace("\n", "\\n") for line in _lines(legible(comparison)))
    return "".join(f"{line}\n" for line in lines)


def _lines(comparison: Comparison) -> Iterator[str]:
    for changes in (comparison.changes, comparison.docs):
        for (head, direction), group in groupby(changes, _heading):
            together = list(group)
            reached = max(change.reached_from for change in together)
            yield f"{head}  ({direction}{f', reached from {reached}' if reached else ''})"
            before = ""
            for change in wording.merged(together):
                fact, *python = _change(change)
                yield from (fact, *(line for line in python if line != before))
                before = python[0] if python else ""
            yield ""
    yield from wording.conditions(comparison)
    yield from wording.remarks(comparison)
    yield wording.totals(comparison)
    if comparison.docs:
        count = len(comparison.docs)
        yield f"{count} {'change' if count == 1 else 'changes'} of documentation alone"


def _heading(change: Change) -> tuple[str, str]:
    return wording.heading(change), wording.direction(change)


def _change(change: Change) -> Iterator[str]:
    score = f" {change.score:.2f}" if change.score is not None else ""
    fact = "  ".join(text for text in (wording.where(change), wording.what(change)) if text)
    line = f"  {_MARKS[change.worst]} {change.rule}{score}"
    tail = f"  {fact}" if fact else ""
    given = " *" if wording.is_conditional(change) else ""
    yield f"{line:<{_COLUMN}}{tail}  [{wording.verdict(change)}{given}]"
    shown = wording.in_python(change)
    if shown is not None:
        yield f"      python: {shown[0]} -> {shown[1]}"
