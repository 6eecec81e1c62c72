"""A comparison as annotations on the changed lines of the documents, for a GitHub workflow."""

from __future__ import annotations

from . import wording
from .changes import Change, Comparison, rank
from .legible import legible
from .sources import Sources

_LEVELS = {"breaks": "error", "may break": "warning", "note": "notice", "safe": "notice"}


def render(comparison: Comparison, sources: Sources) -> str:
    comparison = legible(comparison)
    # the worst first, as GitHub shows few
    changes = sorted(comparison.changes, key=lambda change: -rank(change.worst))
    lines = [_annotation(change, sources) for change in (*changes, *comparison.docs)]
    remarks = (f"::warning title=left out::{_data(words)}" for words in wording.remarks(comparison))
    return "".join(f"{line}\n" for line in (*lines, *remarks, wording.totals(comparison)))


def _annotation(change: Change, sources: Sources) -> str:
    at = sources.locate(change.new_at if change.new_at.source else change.old_at)
    facts = (wording.heading(change), wording.where(change), wording.what(change))
    message = " ".join(fact for fact in facts if fact)
    message = f"{message} [{wording.verdict(change)}]"
    level = _LEVELS[change.worst]
    properties = (
        f"file={_property(at.source)},line={max(at.line, 1)},title={_property(change.rule)}"
    )
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
