"""The formats of the list of uses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping

from ..diff.rules import RULES
from ..errors import visible
from .look import Looked
from .sources import Unread
from .uses import STATES, Use

_TOLD = {
    "follows": "`modelgen migrate` rewrites it",
    "choose": "a person has to choose",
    "undecided": "cannot be decided",
    "remark": "only a remark",
}
_LEVELS = {"follows": "error", "choose": "error", "undecided": "warning", "remark": "notice"}


def text(looked: Looked) -> str:
    """For people: a place a line, with what became of it and what to do."""
    lines = []
    for use in looked.uses:
        lines.append(
            visible(f"{use.file}:{use.line}:{use.column}: {use.state}: {use.what} [{use.rule}]")
        )
        if use.old or use.new:
            lines.append(visible(f"    {use.old or 'nothing'} -> {use.new or 'nothing'}"))
        if use.remedy:
            lines.append(visible(f"    {use.remedy}"))
    lines += [f"{_at(one)}: not read: {one.why}" for one in looked.unread]
    counts = Counter(use.state for use in looked.uses)
    told = [f"{counts[state]} {_TOLD[state]}" for state in STATES if counts[state]]
    told += [f"{len(looked.unread)} not read"] if looked.unread else []
    files = f"{looked.count} file{'s' if looked.count != 1 else ''}"
    lines.append(f"{files}: {len(looked.uses)} places" + (f" ({'; '.join(told)})" if told else ""))
    return "".join(f"{line}\n" for line in lines)


def as_json(looked: Looked) -> str:
    """For programs."""
    data = {
        "files": looked.count,
        "uses": [_record(use) for use in looked.uses],
        "unread": [
            {"file": one.shown, "line": one.line, "column": one.column, "why": one.why}
            for one in looked.unread
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _record(use: Use) -> dict[str, object]:
    return {
        "file": use.file,
        "line": use.line,
        "column": use.column,
        "state": use.state,
        "rule": use.rule,
        "what": use.what,
        "old": use.old,
        "new": use.new,
        "remedy": use.remedy,
        "docs": f"docs/diff/{use.rule}.md" if use.rule in RULES else "",
    }


def github(looked: Looked) -> str:
    """Annotations on the lines of the code."""
    lines = []
    for use in looked.uses:
        told = "; ".join(one for one in (use.what, use.remedy) if one)
        at = f"file={_escaped(use.file)},line={use.line},col={use.column}"
        lines.append(f"::{_LEVELS[use.state]} {at},title={_escaped(use.rule)}::{_data(told)}")
    for one in looked.unread:
        at = f"file={_escaped(one.shown)}" + (f",line={one.line}" if one.line else "")
        lines.append(f"::warning {at},title=not read::{_data(one.why)}")
    return "".join(f"{line}\n" for line in lines)


def _at(unread: Unread) -> str:
    return f"{unread.shown}:{unread.line}:{unread.column}" if unread.line else unread.shown


def _data(text_: str) -> str:
    return visible(text_.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _escaped(text_: str) -> str:
    return _data(text_).replace(":", "%3A").replace(",", "%2C")


FORMATS: Mapping[str, Callable[[Looked], str]] = {"text": text, "json": as_json, "github": github}
