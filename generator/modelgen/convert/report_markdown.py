"""A report on conversions as Markdown: a table for each kind of payload, a row for each field, and a first example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diff.markdown import BAR, code, escaped
from ..errors import visible
from . import wording
from .coverage import STATUSES, Coverage, Field, Kind, listed


def render(coverage: Coverage) -> str:
    return "".join(f"{visible(line)}\n" for line in _lines(coverage))


def _lines(coverage: Coverage) -> Iterator[str]:
    yield f"## Converted to {escaped(coverage.to)}"
    yield ""
    yield escaped(f"{wording.summary(coverage)} {wording.losses(coverage)}")
    if coverage.faults:
        yield ""
        for line, fault in coverage.faults:
            yield f"- {wording.place(line, coverage.is_lines)}: {escaped(fault)}"
    for kind, fields in listed(coverage):
        yield from _kind(kind, fields, coverage.is_lines)


def _kind(kind: Kind, fields: Sequence[Field], is_lines: bool) -> Iterator[str]:
    yield ""
    yield f"### {escaped(kind.name)}"
    yield ""
    formless = f", {kind.formless:,} without a form there" if kind.formless else ""
    yield f"{wording.counted(kind.payloads, 'payload')}{formless}."
    yield ""
    yield f"| field | goes to | seen | {' | '.join(STATUSES)} | losses |"
    yield "| --- | --- |" + " ---: |" * (1 + len(STATUSES)) + " --- |"
    for one in fields:
        yield _row(one, is_lines)
    for example in kind.examples[:1]:
        yield ""
        yield f"For example, {wording.place(example.line, is_lines)}:"
        yield ""
        for title, values in (("before", (example.before,)), ("after", example.after)):
            for value in values:
                yield from (f"    {line}" for line in wording.shown(value).split("\n"))
            if not values:
                yield "    (nothing)"
            if title == "before":
                yield ""
                yield "becomes"
                yield ""


def _row(one: Field, is_lines: bool) -> str:
    ways = wording.way(one, code)
    losses = "; ".join(escaped(wording.loss(count, is_lines)) for count in one.losses.values())
    numbers = (str(one.times[status] or "") for status in STATUSES)
    cells = (code(one.path), ways, str(one.seen), *numbers)
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} | {losses} |"
