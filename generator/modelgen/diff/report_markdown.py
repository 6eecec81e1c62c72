"""A comparison for a pull request: a summary, the changes by schema, and a changelog text of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from . import wording
from .changes import WRITE_ONLY, Change, Comparison, rank
from .legible import legible
from .sources import Sources

BAR = "\\|"  # in a cell of a table, within code too
_SIGNS = {"breaks": "**breaks**", "may break": "may break", "note": "note", "safe": "safe"}


def render(comparison: Comparison, _: Sources) -> str:
    return "".join(f"{line}\n" for line in _lines(legible(comparison)))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"## {escaped(comparison.old)} to {escaped(comparison.new)}"
    yield ""
    yield f"{wording.totals(comparison)[:1].upper()}{wording.totals(comparison)[1:]}."
    for changes in (comparison.changes, comparison.docs):
        for head, group in groupby(changes, wording.heading):
            together = list(wording.merged(list(group)))
            yield from ("", f"### {escaped(head)}", "")
            yield escaped(
                f"{wording.direction(together[0])[:1].upper()}{wording.direction(together[0])[1:]}."
            )
            yield from (
                "",
                "| change | where | what | sent | received | Python |",
                "|" + " --- |" * 6,
            )
            for change in together:
                yield _row(change)
    remarks = list(wording.remarks(comparison))
    if remarks:
        yield from ("", "### The baseline", "", *(f"- {escaped(words)}" for words in remarks))
    conditions = list(wording.conditions(comparison))
    if conditions:
        yield ""
        yield from (f"- {escaped(condition)}" for condition in conditions)
    text = list(changelog(comparison))
    if text:
        yield from ("", "### For the changelog of the package", "", *text)


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
    cells = (f"{change.rule}{score}", code(wording.where(change)), code(wording.what(change)))
    return f"| {' | '.join(cell.replace('|', BAR) for cell in (*cells, *verdicts))} |"


# --- the changelog of the package -----------------------------------------------------------------


def changelog(comparison: Comparison) -> Iterator[str]:
    """What users of the generated package should know: what breaks first, then what is new."""
    sections: dict[str, dict[str, None]] = {"Breaking": {}, "Added": {}}
    for change in wording.merged((*comparison.accepted, *comparison.changes)):
        if change.python == "safe":
            continue
        is_new = rank(change.python) <= rank("note") or change.rule == "properties-grouped"
        sections["Added" if is_new else "Breaking"][f"- {_line(change)}"] = None
    for title, lines in sections.items():
        if lines:
            yield from (f"**{title}**", "", *lines, "")


def _line(change: Change) -> str:
    """A change in the words of somebody who writes Python."""
    names = ", ".join(map(escaped, change.schemas))
    old, new = wording.collapsed(change.types.old), wording.collapsed(change.types.new)
    outer = change.path.rpartition(".")[0]
    at = f"{names}, in {code(outer)}" if outer and change.score is None else names
    match change.rule:
        case "schema-added":
            return f"{names}: new"
        case "schema-removed":
            return f"{names}: gone"
        case "schema-renamed":
            return f"{code(old)} is now {code(new)}"
        case "schema-name-reused":
            return f"{names} is another class: {escaped(wording.what(change))}"
    if change.rule.startswith("property-removed"):
        return f"{at}: {code(_name(old))} is gone"
    if old and new:
        before, after = (_annotation(side) for side in (old, new))
        if change.score is not None and before == after:
            return f"{at}: {code(_name(old))} is now {code(_name(new))}"
        shown = wording.short(old), wording.short(new)
        if shown[0] != shown[1]:
            return f"{at}: {code(shown[0])} is now {code(shown[1])}"
    elif new:
        needed = " is new and must be given" if change.rule.startswith("property-added-req") else ""
        return f"{at}: {code(wording.short(new))}{needed}"
    what = wording.what(change)
    fact = change.rule.replace("-", " ") + (f" {code(what)}" if what else "")
    return f"{names}{f' at {code(change.path)}' if change.path else ''}: {fact}"


def _name(attribute: str) -> str:
    return attribute.partition(": ")[0]


def _annotation(attribute: str) -> str:
    return attribute.partition(": ")[2]


def code(text: str) -> str:
    """Text of a document as code that it cannot end."""
    if not text:
        return ""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("\n", " ")


def escaped(text: str) -> str:
    for char in "\\`*_[]<>#|":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", " ")
