"""A comparison as what the template of its HTML document shows: sections of rows, every row with both schemas."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..emit.render import render_page
from . import wording
from .anchors import Anchors
from .arrangement import Arrangement, Entry, arranged, audiences
from .changes import WRITE_ONLY, Change, Comparison, Verdict, rank
from .rules import RULES
from .sources import Sources

LINES = 24  # of a schema
WIDTH = 160  # of a line
WHO = ("sent", "received", "python")
TITLES = {"sent": "sent", "received": "received", "python": "Python"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: str
    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The beginning of a schema on one side; no lines if there is none."""

    title: str
    at: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`level` is the verdict as a word of the style sheet, "" for one that does not count."""

    who: str
    verdict: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """`id` is its anchor, `change` the id of the change. `rows`: like facts, schema by schema."""

    id: str
    change: str
    rule: str
    score: str
    where: str
    what: str
    worst: Verdict
    level: str
    judgements: tuple[Judgement, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    excerpts: tuple[Schema, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`schemas` are the numbers of those by which it is found, in the list of the page."""

    id: str
    title: str
    note: str
    schemas: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    template: str = "html/diff.jinja"
    title: str
    heading: str = "What changed"
    old: str
    new: str
    summary: str
    audiences: tuple[str, ...]
    worst: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    schemas: tuple[str, ...]
    rows: int
    sections: tuple[Section, ...]


def render(comparison: Comparison, sources: Sources) -> str:
    return render_page(page(comparison, sources))


def page(comparison: Comparison, sources: Sources) -> Page:
    anchors = Anchors()
    changes = (*comparison.changes, *comparison.docs)
    schemas = tuple(sorted({name for change in changes for name in change.schemas}))
    arrangement = arranged(comparison)
    sections = tuple(_sections(arrangement, sources, anchors, schemas))
    rows = {row.change: row.id for section in sections for row in section.rows}
    return Page(
        title=f"{comparison.old} to {comparison.new}",
        old=_named(comparison.old, comparison.old_version),
        new=_named(comparison.new, comparison.new_version),
        summary=wording.totals(comparison),
        audiences=tuple(wording.audience(*one) for one in audiences(comparison).items()),
        worst=tuple(
            (rows[entry.first.id], wording.in_short(entry.first)) for entry in arrangement.worst
        ),
        remarks=(*wording.conditions(comparison), *wording.remarks(comparison)),
        schemas=schemas,
        rows=sum(len(section.rows) for section in sections),
        sections=sections,
    )


def _named(source: str, version: str) -> str:
    return f"{source} (version {version})" if version else source


def level(verdict: str) -> str:
    return verdict.replace(" ", "-")


def numbers(names: Iterable[str], schemas: Sequence[str]) -> str:
    """The numbers of some schemas in the list of a page."""
    return " ".join(str(bisect_left(schemas, name) + 1) for name in sorted(set(names)))


def _sections(
    arrangement: Arrangement, sources: Sources, anchors: Anchors, schemas: Sequence[str]
) -> Iterator[Section]:
    told = [(section.title, group) for section in arrangement.sections for group in section.groups]
    told += [("Documentation alone", group) for group in arrangement.docs]
    for title, group in told:
        yield Section(
            id=anchors.of(f"schema-{group.schemas[0]}"),
            title=group.heading,
            note=f"{title.lower()}; {group.note}",
            schemas=numbers(group.schemas, schemas),
            rows=tuple(_row(entry, sources, anchors) for entry in group.entries),
        )


def _row(entry: Entry, sources: Sources, anchors: Anchors) -> ChangeRow:
    change = entry.first
    return ChangeRow(
        id=anchors.of(change.id),
        change=change.id,
        rule=change.rule,
        score=f"{change.score:.2f}" if change.score is not None else "",
        where=wording.where(change),
        what=wording.what(change),
        worst=change.worst,
        level=level(change.worst),
        judgements=tuple(_judgement(change, who) for who in WHO),
        facts=tuple((name, text) for name, text in _facts(change) if text),
        rows=tuple(
            (", ".join(one.schemas), wording.row(one)) for one in entry.changes if entry.is_table
        ),
        excerpts=_excerpts(entry.changes[0], sources),
    )


def _judgement(change: Change, who: str) -> Judgement:
    verdict = change.verdicts().get(who, "")
    spared = "received" if change.given == WRITE_ONLY else "sent"
    star = " *" if wording.is_conditional(change) and who == spared else ""
    strict = "~" if verdict and wording.is_forgiven(change, who) else ""
    return Judgement(who=TITLES[who], verdict=f"{verdict}{strict}{star}", level=level(verdict))


def _facts(change: Change) -> Iterator[tuple[str, str]]:
    yield "meaning", RULES[change.rule].purpose
    yield "given that", change.given
    yield "evidence", ", ".join(change.evidence)
    yield "before", change.old
    yield "after", change.new
    yield "Python before", change.types.old
    yield "Python after", change.types.new
    if len(change.schemas) > 1:
        yield "schemas", ", ".join(change.schemas)
    yield "operations", ", ".join(change.operations)


def _excerpts(change: Change, sources: Sources) -> tuple[Schema, ...]:
    excerpts = [sources.excerpt(at, LINES + 1) for at in (change.old_at, change.new_at)]
    if rank(change.worst) == 0 and not any(excerpt.lines for excerpt in excerpts):
        return ()
    texts = [[text.strip() for _, text in excerpt.lines] for excerpt in excerpts]
    return tuple(
        Schema(
            title=title,
            at=excerpt.at if excerpt.lines else "",
            lines=tuple(_lines(excerpt.lines, same)),
        )
        for title, excerpt, same in zip(("before", "after"), excerpts, _same(*texts), strict=True)
    )


def _same(old: Sequence[str], new: Sequence[str]) -> tuple[set[int], set[int]]:
    """The numbers of the lines that stayed; all of them if none did, which needs no colour."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    ours = {n for block in blocks for n in range(block.a, block.a + block.size)}
    theirs = {n for block in blocks for n in range(block.b, block.b + block.size)}
    return (ours, theirs) if ours else (set(range(len(old))), set(range(len(new))))


def _lines(lines: Sequence[tuple[int, str]], same: set[int]) -> Iterator[Line]:
    margin = min((len(text) - len(text.lstrip()) for _, text in lines if text), default=0)
    for n, (number, text) in enumerate(lines[:LINES]):
        shown = wording.cut(text[margin:], WIDTH)
        yield Line(number=str(number or ""), text=shown, differs=n not in same)
    if len(lines) > LINES:
        yield Line(number="", text="…", differs=False)
