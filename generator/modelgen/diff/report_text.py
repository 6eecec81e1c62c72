"""A comparison as plain text: what it means for whom, the worst, then a line for each fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from . import wording
from .arrangement import Entry, Group, arranged, audiences
from .changes import Change, Comparison
from .legible import legible
from .sources import Sources

_MARKS = {"breaks": "!", "may break": "?", "note": " ", "safe": " "}
_COLUMN = 46
_WIDTH = 110
_INDENT = " " * 6


def render(comparison: Comparison, _: Sources) -> str:
    # a name may have the end of a line in it
    lines = (line.replace("\n", "\\n") for line in _lines(legible(comparison)))
    return "".join(f"{line}\n" for line in lines)


def _lines(comparison: Comparison) -> Iterator[str]:
    arrangement = arranged(comparison)
    yield wording.totals(comparison)
    if comparison.changes:
        yield "; ".join(wording.audience(*one) for one in audiences(comparison).items())
    if comparison.docs:
        count = len(comparison.docs)
        yield f"{count} {'change' if count == 1 else 'changes'} of documentation alone"
    if arrangement.worst:
        yield from ("", "The worst:")
        for n, entry in enumerate(arrangement.worst, 1):
            yield f"{n:3}. {wording.in_short(entry.first)}"
    for section in arrangement.sections:
        if len(arrangement.sections) > 1:
            yield from ("", f"== {section.title} ({section.count}) ==")
        for group in section.groups:
            yield from _group(group)
    if arrangement.docs:
        yield from ("", "== Documentation alone ==")
    for group in arrangement.docs:
        yield from _group(group)
    tail = [*wording.conditions(comparison), *wording.remarks(comparison)]
    if tail:
        yield from ("", *tail)


def _group(group: Group) -> Iterator[str]:
    yield from ("", f"{group.heading}  ({group.note})")
    before = ""
    for entry in group.entries:
        fact, *python = _change(entry)
        yield from (fact, *(line for line in python if line != before))
        before = python[0] if python else ""
    rest = group.schemas[wording.SHOWN :]
    if rest and not any(entry.is_table for entry in group.entries):
        yield from _rest(rest)


def _rest(names: tuple[str, ...]) -> Iterator[str]:
    """The names for which the heading has no room; places, which have blanks in them, on lines of their own."""
    if not any(" " in name for name in names):
        yield from _wrapped("also: ", names)
        return
    for n, name in enumerate(names):
        yield f"{_INDENT}{'also: ' if n == 0 else '      '}{name}"


def _change(entry: Entry) -> Iterator[str]:
    change = entry.first
    score = f" {change.score:.2f}" if change.score is not None else ""
    fact = "  ".join(text for text in (wording.where(change), wording.what(change)) if text)
    line = f"  {_MARKS[change.worst]} {change.rule}{score}"
    tail = f"  {fact}" if fact else ""
    given = " *" if wording.is_conditional(change) else ""
    yield f"{line:<{_COLUMN}}{tail}  [{wording.verdict(change)}{given}]"
    shown = wording.in_python(change)
    if shown is not None:
        yield f"{_INDENT}python: {shown[0]} -> {shown[1]}"
    if entry.is_table:
        yield from _table(entry.changes)
    for label, values in wording.cut_values(change):
        yield from _wrapped(f"{label}: ", values)


def _table(changes: Iterable[Change]) -> Iterator[str]:
    rows = [(", ".join(change.schemas), wording.row(change)) for change in changes]
    width = min(max(len(name) for name, _ in rows), 60)
    for name, fact in rows:
        yield from _wrapped(f"{name:<{width}}  ", [fact])


def _wrapped(label: str, texts: Iterable[str]) -> Iterator[str]:
    lines = wrap(
        ", ".join(texts),
        max(_WIDTH - len(label), 40),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for n, line in enumerate(lines or [""]):
        yield f"{_INDENT}{label if n == 0 else ' ' * len(label)}{line}".rstrip()
