"""A comparison for a pull request: what it means for whom, the worst, and the rest folded.

What a platform takes is limited: the summary is always whole, then come as many changes as fit, and a count of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import wording
from .arrangement import Entry, Group, Section, arranged, audiences
from .changelog import changelog
from .changes import WRITE_ONLY, Change, Comparison
from .legible import legible
from .markdown import BAR, code, escaped
from .sources import Sources

LIMIT = 65_536  # characters of a comment on GitHub
_KEPT = 600  # for what is said about what was left out, and for the ends of folds
_CHANGELOG = 16_000  # at most, where the changes do not leave more
_SIGNS = {"breaks": "**breaks**", "may break": "may break", "note": "note", "safe": "safe"}
_HEAD = ("", "| change | where | what | sent | received | Python |", "|" + " --- |" * 6)


def render(comparison: Comparison, _: Sources) -> str:
    return rendered(comparison, LIMIT)


def rendered(comparison: Comparison, limit: int) -> str:
    """The report, of so many characters at most."""
    comparison = legible(comparison)
    sheet = _Sheet(limit - _KEPT)
    for line in _summary(comparison):
        sheet.put(line)
    text = list(changelog(comparison))
    size = min(sum(len(line) + 1 for line in text), _CHANGELOG)
    sheet.room -= size
    arrangement = arranged(comparison)
    left = _sections(sheet, arrangement.sections)
    docs = arrangement.docs
    if docs and not left:
        documented = Section("safe", "Documentation alone", docs)
        left += _sections(sheet, (documented,))
    elif docs:
        left += len(comparison.docs)
    if left:
        noun = "change is" if left == 1 else "changes are"
        sheet.force(("", f"{left} more {noun} left out here: `--format json` and `html` have all."))
    sheet.room += size
    if text:
        _changelog(sheet, text)
    return sheet.text()


@dataclass
class _Sheet:
    """Lines, as long as there is room."""

    room: int
    lines: list[str] = field(default_factory=list)

    def put(self, *lines: str) -> bool:
        """All of the lines or, if they do not fit, none."""
        size = sum(len(line) + 1 for line in lines)
        if size > self.room:
            return False
        self.room -= size
        self.lines += lines
        return True

    def force(self, lines: Iterable[str]) -> None:
        self.lines += lines

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def _summary(comparison: Comparison) -> Iterator[str]:
    yield f"## {escaped(comparison.old)} to {escaped(comparison.new)}"
    yield ""
    totals = wording.totals(comparison)
    yield f"{totals[:1].upper()}{totals[1:]}."
    if comparison.changes:
        yield ""
        yield from (
            f"- {escaped(wording.audience(who, counts))}"
            for who, counts in audiences(comparison).items()
        )
    worst = arranged(comparison).worst
    if worst:
        yield from ("", "The worst:", "")
        yield from (f"{n}. {_in_short(entry)}" for n, entry in enumerate(worst, 1))
    remarks = list(wording.remarks(comparison))
    if remarks:
        yield from ("", "### The baseline", "", *(f"- {escaped(words)}" for words in remarks))
    conditions = list(wording.conditions(comparison))
    if conditions:
        yield ""
        yield from (f"- {escaped(condition)}" for condition in conditions)


def _in_short(entry: Entry) -> str:
    change = entry.first
    facts = [code(fact) for fact in (wording.where(change), wording.what(change)) if fact]
    told = " ".join((change.rule, *facts))
    return f"{escaped(wording.heading(change))}: {told} ({escaped(wording.verdict(change))})"


# --- changes --------------------------------------------------------------------------------------


def _sections(sheet: _Sheet, sections: Iterable[Section]) -> int:
    """How many entries found no room."""
    left = 0
    for section in sections:
        opened = sheet.put(
            "", f"<details><summary>{escaped(section.title)} ({section.count})</summary>"
        )
        for group in section.groups:
            left += _group(sheet, group) if opened and not left else len(group.entries)
        if opened:
            sheet.force(("", "</details>"))
    return left


def _group(sheet: _Sheet, group: Group) -> int:
    note = f"{group.note[:1].upper()}{group.note[1:]}."
    title = ("", f"### {escaped(group.heading)}", "", escaped(note), *_HEAD)
    rows = [list(_rows(entry)) for entry in group.entries]
    if not sheet.put(*title, *rows[0]):
        return len(group.entries)
    for n, lines in enumerate(rows[1:], 1):
        if not sheet.put(*lines):
            return len(group.entries) - n
    rest = group.schemas[wording.SHOWN :]
    if rest and not any(entry.is_table for entry in group.entries):
        names = escaped(", ".join(rest))
        # what does not fit of the names is told by their number, in the heading
        sheet.put("", f"<details><summary>{len(rest)} more</summary>", "", names, "", "</details>")
    return 0


def _rows(entry: Entry) -> Iterator[str]:
    """A row; of like facts, one more for each of the schemas."""
    yield _row(entry.first)
    for change in entry.changes if entry.is_table else ():
        names = ", ".join(change.schemas)
        cells = ("", code(names), code(wording.row(change)), "", "", "")
        yield f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _row(change: Change) -> str:
    score = f" {change.score:.2f}" if change.score is not None else ""
    seen = change.verdicts()
    verdicts = [
        _SIGNS[seen[who]] + " ~" * wording.is_forgiven(change, who) if who in seen else ""
        for who in ("sent", "received", "python")
    ]
    if wording.is_conditional(change):
        spared = 1 if change.given == WRITE_ONLY else 0
        verdicts[spared] += " \\*"
    cells = (f"{change.rule}{score}", code(wording.where(change)), code(_what(change)))
    return f"| {' | '.join(cell.replace('|', BAR) for cell in (*cells, *verdicts))} |"


def _what(change: Change) -> str:
    """The fact; of values, all of them."""
    return wording.row(change) if any(wording.cut_values(change)) else wording.what(change)


def _changelog(sheet: _Sheet, text: list[str]) -> None:
    left = 0
    sheet.put("", "<details><summary>For the changelog of the package</summary>", "")
    for line in text:
        if left or not sheet.put(line):
            left += bool(line)
    if left:
        sheet.force((f"- and {left} more lines: `--format json` has all", ""))
    sheet.force(("</details>",))
