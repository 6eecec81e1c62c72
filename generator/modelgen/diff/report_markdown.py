"""A comparison for a pull request: a summary, the changes by schema, and a changelog text of the package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from . import wording
from .changes import Change, Comparison, rank

_SIGNS = {"breaks": "**breaks**", "may break": "may break", "note": "note", "safe": "safe"}


def render(comparison: Comparison) -> str:
    return "".join(f"{line}\n" for line in _lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"## {escaped(comparison.old)} to {escaped(comparison.new)}"
    yield ""
    yield f"{wording.totals(comparison)[:1].upper()}{wording.totals(comparison)[1:]}."
    for changes in (comparison.changes, comparison.docs):
        for head, group in groupby(changes, wording.heading):
            found = list(wording.merged(list(group)))
            yield from ("", f"### {escaped(head)}", "")
            yield escaped(
                f"{wording.direction(found[0])[:1].upper()}{wording.direction(found[0])[1:]}."
            )
            yield from (
                "",
                "| change | where | what | sent | received | Python |",
                "|" + " --- |" * 6,
            )
            for change in found:
                yield _row(change)
    text = list(changelog(comparison))
    if text:
        yield from ("", "### For the changelog of the package", "", *text)


def _row(change: Change) -> str:
    score = f" {change.score:.2f}" if change.score is not None else ""
    seen = change.verdicts()
    verdicts = [_SIGNS[seen[who]] if who in seen else "" for who in ("sent", "received", "python")]
    given = f" (given that {change.given})" if change.given else ""
    cells = [f"{change.rule}{score}", code(wording.where(change)), code(wording.what(change))]
    return f"| {' | '.join((*cells[:2], cells[2] + escaped(given), *verdicts))} |"


def changelog(comparison: Comparison) -> Iterator[str]:
    """What users of the generated package should be told: what breaks first, then what is new."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for change in wording.merged(comparison.changes):
        if change.python == "safe":
            continue
        names = wording.heading(change)
        place = f" at {code(change.path)}" if change.path else ""
        line = f"- {escaped(names)}{place}: {_said(change)}"
        told[rank(change.python) > 1].append(line)
    for breaking, title in ((True, "Breaking"), (False, "Added")):
        if told[breaking]:
            yield from (f"**{title}**", "", *told[breaking], "")


def _said(change: Change) -> str:
    old, new = change.types.old, change.types.new
    what = change.rule.replace("-", " ")
    if old and new:
        return f"{what}, {code(wording.short(old))} is now {code(wording.short(new))}"
    shown = new or old or wording.what(change)
    return f"{what}{f', {code(wording.short(shown))}' if shown else ''}"


def code(text: str) -> str:
    """Text of a document as code; what would end the cell or the code is taken care of."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|").replace("\n", " ")


def escaped(text: str) -> str:
    for char in "\\`*_[]<>#|":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", " ")
