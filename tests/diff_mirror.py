"""What two comparisons of the same documents, one each way, have to do with each other."""

from __future__ import annotations

from modelgen.diff.changes import READ_ONLY, WRITE_ONLY, Change, Comparison
from modelgen.diff.rules import RULES

# What is said about the newer document alone.
ONE_WAY = {rule.id for rule in RULES.values() if not rule.opposites}


def is_safe(change: Change, who: str) -> bool:
    verdict = change.sent if who == "sent" else change.received
    return verdict in ("safe", "note") and not change.given


def all_safe(comparison: Comparison, who: str) -> bool:
    """Whether every change is called safe, without a condition."""
    return all(is_safe(change, who) for change in comparison.changes)


def is_one_sided(*both: Comparison) -> bool:
    """Whether something can only be read or written, of which JSON Schema knows nothing."""
    return any(change.given in (READ_ONLY, WRITE_ONLY) for one in both for change in one.changes)


def widens(comparison: Comparison, who: str) -> bool:
    """Whether every change that JSON Schema judges is safe."""
    return all(
        is_safe(change, who)
        for change in comparison.changes
        if not change.given and RULES[change.rule].judged
    )
