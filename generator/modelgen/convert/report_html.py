"""A report on conversions as what the template of its HTML document shows: a section for each kind of payload, in it a
row for each field, and payloads before and after side by side."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..emit.render import render_page
from . import wording
from .coverage import Coverage, Example, Field, Kind, Status, listed

# How bad it is, as the style sheet calls it.
LEVELS: dict[Status, str] = {
    "carried": "note",
    "changed": "may-break",
    "lost": "breaks",
    "refused": "breaks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    text: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    number: int
    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A payload; without lines there is none."""

    title: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A field, or an example: then there are excerpts. `is_open`: it shows them at once."""

    id: str
    is_open: bool = False
    status: str
    level: str
    mark: str
    where: str
    way: str
    numbers: tuple[Number, ...]
    losses: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: str
    note: str
    schemas: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    template: str = "html/conversion.jinja"
    title: str
    heading: str = "Conversion"
    source: str
    target: str
    input: str
    summary: str
    losses: str
    unlisted: str
    faults: tuple[str, ...]
    more_faults: str
    schemas: tuple[str, ...]
    rows: int
    sections: tuple[Section, ...]


def render(coverage: Coverage) -> str:
    return render_page(page(coverage))


def page(coverage: Coverage) -> Page:
    kinds = listed(coverage)
    sections = tuple(
        _section(number, kind, fields, coverage.is_lines, len(kinds) == 1)
        for number, (kind, fields) in enumerate(kinds, 1)
    )
    more = coverage.faulty - len(coverage.faults)
    return Page(
        title=f"Conversion to {coverage.to}",
        source=coverage.source or "detected, payload by payload",
        target=coverage.to,
        input="standard input" if coverage.name == "-" else coverage.name,
        summary=wording.summary(coverage),
        losses=wording.losses(coverage),
        unlisted=f"{coverage.unlisted:,} more are not told apart." if coverage.unlisted else "",
        faults=tuple(
            f"{wording.place(line, coverage.is_lines)}: {fault}" for line, fault in coverage.faults
        ),
        more_faults=f"{more:,} more" if more else "",
        schemas=tuple(kind.name for kind, _ in kinds),
        rows=sum(len(section.rows) for section in sections),
        sections=sections,
    )


def _section(
    number: int, kind: Kind, fields: Sequence[Field], is_lines: bool, is_alone: bool
) -> Section:
    id_ = f"{number}-{re.sub('[^A-Za-z0-9_.-]+', '-', kind.name)}"
    formless = f", {kind.formless:,} without a form there" if kind.formless else ""
    rows = [
        _example(f"{id_}.example-{n}", one, is_lines, is_alone and n == 1)
        for n, one in enumerate(kind.examples, 1)
    ]
    rows += (_row(f"{id_}.{n}", one, is_lines) for n, one in enumerate(fields, 1))
    return Section(
        id=id_,
        title=kind.name,
        note=f"{wording.counted(kind.payloads, 'payload')}{formless}",
        schemas=str(number),
        rows=tuple(rows),
    )


def _row(id_: str, one: Field, is_lines: bool) -> Row:
    status = one.worst
    losses = tuple(wording.loss(count, is_lines) for count in one.losses.values())
    is_missing = not one.seen and any(count.kind == "missing" for count in one.losses.values())
    mark = "missing" if is_missing else status
    return Row(
        id=id_,
        status=status,
        level=LEVELS[status],
        mark=mark,
        where=one.path,
        way=wording.way(one),
        numbers=(
            Number(text=f"seen {one.seen:,}", level=""),
            *(
                Number(text=f"{name} {times:,}", level=LEVELS[name])
                for name, times in one.times.items()
                if times
            ),
        ),
        losses=losses,
        excerpts=(),
    )


def _example(id_: str, one: Example, is_lines: bool, is_open: bool) -> Row:
    before = wording.shown(one.before).split("\n")
    after = [line for value in one.after for line in wording.shown(value).split("\n")]
    return Row(
        id=id_,
        is_open=is_open,
        status="example",
        level="",
        mark="example",
        where=wording.place(one.line, is_lines),
        way="",
        numbers=(),
        losses=(),
        excerpts=(
            Excerpt(title="before", lines=tuple(_lines(before, after))),
            Excerpt(title="after", lines=tuple(_lines(after, before))),
        ),
    )


def _lines(lines: list[str], others: list[str]) -> Iterator[ShownLine]:
    """Lines, and which of them the other side does not have at that place, whatever the indentation."""
    own, other = ([line.strip().rstrip(",") for line in side] for side in (lines, others))
    same = {
        n
        for block in difflib.SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()
        for n in range(block.a, block.a + block.size)
    }
    for n, line in enumerate(lines):
        yield ShownLine(number=n + 1, text=line, differs=n not in same)
