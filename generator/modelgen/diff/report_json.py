"""A comparison for programs; `diff.schema.json` beside this module says what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import Location
from . import wording
from .arrangement import arranged, audiences, ordered
from .changelog import changelog
from .changes import Change, Comparison
from .sources import Sources

SCHEMA = Path(__file__).with_name("diff.schema.json")


def render(comparison: Comparison, sources: Sources) -> str:
    data = {
        "old": {"source": comparison.old, "version": comparison.old_version},
        "new": {"source": comparison.new, "version": comparison.new_version},
        "bump": comparison.bump,
        "summary": _summary(comparison),
        "changes": [_change(change, sources) for change in ordered(comparison.changes)],
        "docs": [_change(change, sources) for change in comparison.docs],
        "accepted": [_change(change, sources) for change in comparison.accepted],
        "ignored": dict(comparison.ignored),
        "stale": list(comparison.stale),
        "expired": list(comparison.expired),
        "changelog": "\n".join(changelog(comparison)),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _summary(comparison: Comparison) -> dict[str, Any]:
    """Whom it breaks, how much there is of what, and the changes that are worst, by their ids."""
    arrangement = arranged(comparison)
    return {
        "totals": wording.totals(comparison),
        "verdict": {
            who: {"breaks": counts.get("breaks", 0), "may break": counts.get("may break", 0)}
            for who, counts in audiences(comparison).items()
        },
        "entries": {section.severity: section.count for section in arrangement.sections},
        "worst": [[change.id for change in entry.changes] for entry in arrangement.worst],
    }


def _change(change: Change, sources: Sources) -> dict[str, Any]:
    return {
        "id": change.id,
        "rule": change.rule,
        "schemas": list(change.schemas),
        "was": change.was,
        "path": change.path,
        "old_path": change.old_path or change.path,
        "direction": change.direction,
        "verdict": {
            "sent": change.sent,
            "received": change.received,
            "python": change.python,
        },
        "given": change.given,
        "forgiven": change.forgiven,
        "value": change.value,
        "old": change.old,
        "new": change.new,
        "python": {"old": change.types.old, "new": change.types.new},
        "score": change.score,
        "evidence": list(change.evidence),
        "operations": list(change.operations),
        "reached_from": change.reached_from,
        "locations": {
            "old": _location(change.old_at, sources),
            "new": _location(change.new_at, sources),
        },
    }


def _location(at: Location, sources: Sources) -> dict[str, Any] | None:
    if not at.source:
        return None
    located = sources.locate(at)
    return {
        "source": at.source,
        "pointer": at.pointer,
        "line": located.line,
        "column": located.column,
    }
