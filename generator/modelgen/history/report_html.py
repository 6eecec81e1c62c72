"""A history as what the template of its HTML document shows: a row for each property, a cell for each version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diff.changes import rank
from ..diff.report_html import TITLES, WHO, Judgement, level, numbers
from ..emit.render import render_page
from .model import Event, History, Property, Schema, State, Step
from .wording import known, ranges, summary, type_of, values

SIGNS: dict[Step, str] = {
    "absent": "·",
    "removed": "−",
    "first": "=",
    "same": "=",
    "added": "+",
    "changed": "~",
    "moved": "→",
}
WORDS: dict[Step, str] = {
    "absent": "not there",
    "removed": "gone",
    "first": "there",
    "same": "as before",
    "added": "new",
    "changed": "changed",
    "moved": "renamed or moved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    step: Step
    sign: str
    title: str  # where something happened: the version, and what


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """A change that the comparison with the version before reports."""

    text: str
    verdict: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentLine:
    """What a property became in a version."""

    version: str
    step: Step
    word: str
    path: str
    summary: str
    values: str
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyRow:
    id: str
    path: str
    former: str
    type: str
    cells: tuple[Cell, ...]
    spoken: str  # the cells in words
    level: str
    judgements: tuple[Judgement, ...]
    moments: tuple[MomentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: str
    note: str
    schemas: str
    numbers: tuple[int, ...]
    events: tuple[EventLine, ...]
    rows: tuple[PropertyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    template: str = "html/history.jinja"
    title: str
    heading: str = "History"
    versions: tuple[str, ...]
    signs: tuple[tuple[Step, str, str], ...]
    schemas: tuple[str, ...]
    rows: int
    sections: tuple[Section, ...]


def render(history: History) -> str:
    return render_page(page(history))


def page(history: History) -> Page:
    labels = [version.label for version in history.versions]
    schemas = tuple(sorted({name for schema in history.schemas for name in schema.names if name}))
    sections = tuple(_section(schema, labels, schemas) for schema in history.schemas)
    return Page(
        title=f"History from {labels[0]} to {labels[-1]}",
        versions=tuple(
            (
                version.label
                if version.version in version.label
                else f"{version.label} (version {version.version})"
            )
            for version in history.versions
        ),
        signs=tuple(
            (step, SIGNS[step], WORDS[step])
            for step in ("first", "added", "changed", "moved", "removed")
        ),
        schemas=schemas,
        rows=sum(len(section.rows) for section in sections),
        sections=sections,
    )


def _section(schema: Schema, labels: list[str], schemas: Sequence[str]) -> Section:
    return Section(
        id=schema.id,
        title=schema.name,
        note=known(schema),
        schemas=numbers(filter(None, schema.names), schemas),
        numbers=tuple(range(1, len(labels) + 1)),
        events=tuple(
            _event_line(event, f"{number}: ")
            for number, events in enumerate(schema.events, 1)
            for event in events
        ),
        rows=tuple(_row(row, labels, schema.names) for row in schema.properties),
    )


def _row(row: Property, labels: list[str], names: Sequence[str]) -> PropertyRow:
    judgements = tuple(_worst(row, who) for who in WHO)
    cells = tuple(
        Cell(
            step=moment.step,
            sign=SIGNS[moment.step],
            title="" if moment.step in ("absent", "same") else f"{label}: {_word(row, n, names)}",
        )
        for n, (moment, label) in enumerate(zip(row.life, labels, strict=True))
    )
    former = [path for path in row.paths if path != row.last.path]
    return PropertyRow(
        id=row.id,
        path=row.last.path or "(itself)",
        former=", ".join(former),
        type=type_of(row.last),
        cells=cells,
        spoken=_spoken(row),
        level=max((one.level for one in judgements), key=_rank, default=""),
        judgements=judgements,
        moments=tuple(_moments(row, labels, names)),
    )


def _spoken(row: Property) -> str:
    """The cells for who cannot see them."""
    there = ranges([moment.state.type if moment.state else "" for moment in row.life])
    parts = [
        f"{WORDS[step]} in {', '.join(numbers)}"
        for step in ("changed", "moved")
        if (numbers := [str(n) for n, moment in enumerate(row.life, 1) if moment.step == step])
    ]
    return "; ".join((there, *parts))


def _worst(row: Property, who: str) -> Judgement:
    verdicts = [
        verdict
        for moment in row.life
        for event in moment.events
        for name, verdict in event.verdicts
        if name == who
    ]
    worst = max(verdicts, key=rank, default=None) or ""
    return Judgement(who=TITLES[who], verdict=worst, level=level(worst))


def _rank(name: str) -> int:
    return ["", "safe", "note", "may-break", "breaks"].index(name)


def _moments(row: Property, labels: list[str], names: Sequence[str]) -> Iterator[MomentLine]:
    before: State | None = None
    for n, (moment, label) in enumerate(zip(row.life, labels, strict=True)):
        now = moment.state
        if moment.step not in ("absent", "same") or moment.events:
            yield MomentLine(
                version=f"{n + 1} {label}",
                step=moment.step,
                word=_word(row, n, names),
                path=now.path if now else "",
                summary=summary(now) if now else "",
                values=values(now, before.values if before else ()) if now else "",
                events=tuple(
                    _event_line(event, here=now.path if now else "") for event in moment.events
                ),
            )
        before = now or before


def _word(row: Property, n: int, names: Sequence[str]) -> str:
    """What happened in a version; a property may go with its schema, and come back."""
    step = row.life[n].step
    if step == "removed" and not names[n]:
        return "gone with its schema"
    if step == "added" and any(moment.state for moment in row.life[:n]):
        return "back"
    return WORDS[step]


def _event_line(event: Event, prefix: str = "", here: str = "") -> EventLine:
    score = f" {event.score:.2f}" if event.score is not None else ""
    where = f" {event.path}" if event.path not in ("", here) else ""
    what = f": {event.what}" if event.what else ""
    worst = max((verdict for _, verdict in event.verdicts), key=rank)
    whom = ", ".join(
        TITLES[who] + (" by the letter" if who == "received" and event.forgiven else "")
        for who, verdict in event.verdicts
        if verdict == worst
    )
    return EventLine(
        text=f"{prefix}{event.rule}{score}{where}{what}",
        verdict=f"{worst}: {whom}" if rank(worst) > 1 else worst,
        level=level(worst),
    )
