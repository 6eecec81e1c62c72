"""What users of the generated package should know, in the words of somebody who writes Python."""

from __future__ import annotations

from collections.abc import Iterator

from . import wording
from .changes import Change, Comparison, rank
from .markdown import code, escaped


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
