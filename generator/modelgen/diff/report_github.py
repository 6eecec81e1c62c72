"""A comparison as annotations on the changed lines of the documents, for a GitHub workflow.

GitHub shows ten of a level in a step, so that no more are made; what reaches `--fail-on` comes first.
"""

from __future__ import annotations

from collections import Counter

from . import wording
from .changes import Change, Comparison, rank
from .legible import legible
from .sources import Sources

_LEVELS = {"breaks": "error", "may break": "warning", "note": "notice", "safe": "notice"}
MOST = 10


def render(comparison: Comparison, sources: Sources) -> str:
    comparison = legible(comparison)
    ranked = sorted(
        comparison.changes,
        key=lambda change: (not change.reaches(comparison.fail_on), -rank(change.worst)),
    )
    lines = [f"::warning title=left out::{_data(told)}" for told in wording.remarks(comparison)]
    shown = Counter({"warning": len(lines)})
    left = 0
    for change in (*ranked, *comparison.docs):
        level = _level(change, comparison)
        if shown[level] < MOST:
            shown[level] += 1
            lines.append(_annotation(change, level, sources))
        else:
            left += 1
    if left:
        lines.append(f"{left} more without an annotation; the other formats have all")
    return "".join(f"{line}\n" for line in (*lines, wording.totals(comparison)))


def _level(change: Change, comparison: Comparison) -> str:
    """What makes the step fail is an error, and with `--fail-on` nothing else is."""
    if not comparison.fail_on:
        return _LEVELS[change.worst]
    if change.reaches(comparison.fail_on):
        return "error"
    return "warning" if rank(change.worst) > rank("note") else "notice"


def _annotation(change: Change, level: str, sources: Sources) -> str:
    at = sources.locate(change.new_at if change.new_at.source else change.old_at)
    facts = (wording.heading(change), wording.where(change), wording.what(change))
    message = " ".join(fact for fact in facts if fact)
    message = f"{message} [{wording.verdict(change)}]"
    properties = (
        f"file={_property(at.source)},line={max(at.line, 1)},title={_property(change.rule)}"
    )
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
