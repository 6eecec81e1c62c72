"""A comparison without anything in its texts that a terminal or a workflow would obey, or that nobody sees."""

from __future__ import annotations

from dataclasses import replace

from ..errors import visible
from .changes import Change, Comparison, Python


def legible(comparison: Comparison) -> Comparison:
    return replace(
        comparison,
        old_version=visible(comparison.old_version),
        new_version=visible(comparison.new_version),
        changes=tuple(map(_change, comparison.changes)),
        docs=tuple(map(_change, comparison.docs)),
        accepted=tuple(map(_change, comparison.accepted)),
    )


def _change(change: Change) -> Change:
    return replace(
        change,
        schemas=tuple(map(visible, change.schemas)),
        was=visible(change.was),
        path=visible(change.path),
        old_path=visible(change.old_path),
        old=visible(change.old),
        new=visible(change.new),
        types=Python(visible(change.types.old), visible(change.types.new)),
        evidence=tuple(map(visible, change.evidence)),
    )
