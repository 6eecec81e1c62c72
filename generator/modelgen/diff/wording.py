"""The words that the reports have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from .changes import NOTHING, WRITE_ONLY, Change, Comparison, Verdict, rank
from .rules import RULES

SHOWN = 3
WIDTH = 70
_LITERAL = re.compile(r'Literal\[("(?:[^"\\]|\\.)*")(?:, "(?:[^"\\]|\\.)*"){3,}\]')


def merged(changes: Sequence[Change]) -> Iterator[Change]:
    """Values that were added at one place, or went there, as one line."""

    for alike, group in groupby(changes, _without_value):
        several = list(group)
        if len(several) == 1:
            yield several[0]
            continue
        old = ", ".join(change.old for change in several if change.old)
        new = ", ".join(change.new for change in several if change.new)
        yield replace(alike, old=old, new=new)


def _without_value(change: Change) -> Change:
    is_value = RULES[change.rule].fact == "values" and not (change.old and change.new)
    return replace(change, old="", new="", types=NOTHING) if is_value else change


def heading(change: Change) -> str:
    """`10 schemas: A, B, C and 7 more`, or the one schema with its old name."""
    if len(change.schemas) == 1:
        was = f" (was {change.was})" if change.was else ""
        return f"{change.schema}{was}"
    names = ", ".join(change.schemas[:SHOWN])
    more = len(change.schemas) - SHOWN
    noun = "places" if is_place(change) else "schemas"
    if noun == "places" and change.rule.startswith("operation-"):
        noun = "operations"
    return f"{len(change.schemas)} {noun}: {names}{f' and {more} more' if more > 0 else ''}"


def where(change: Change) -> str:
    """The path; of a property that came or went, with what it is: `audio.speed: float | Unset`."""
    if change.old_path and change.old_path != change.path:
        return f"{change.old_path} -> {change.path}"
    if _is_property(change):
        _, _, annotation = (change.types.new or change.types.old).partition(": ")
        return f"{change.path}: {short(annotation)}" if annotation else change.path
    return change.path


def _is_property(change: Change) -> bool:
    return RULES[change.rule].fact == "attribute"


def what(change: Change) -> str:
    """The fact in short: before and after, or the one of them that there is."""
    if _is_property(change) and (change.types.new or change.types.old):
        return ""
    if RULES[change.rule].fact == "classes":
        return f"{change.types.old} -> {change.types.new}"
    if change.old and change.new and change.old != change.new:
        return f"{short(change.old)} -> {short(change.new)}"
    return short(change.new or change.old)


def in_short(change: Change) -> str:
    """A change in one line: of what, and for whom it breaks."""
    fact = " ".join(text for text in (change.rule, where(change), what(change)) if text)
    return f"{heading(change)}: {fact}  [{verdict(change)}]"


def row(change: Change) -> str:
    """A fact that stands below others of its kind: what was and is there."""
    score = f"{change.score:.2f}" if change.score is not None else ""
    was = f"was {change.was}" if change.was not in ("", change.old) else ""
    if _is_property(change):
        _, _, annotation = (change.types.new or change.types.old).partition(": ")
        fact = short(annotation)
    elif RULES[change.rule].fact == "values":
        fact = " -> ".join(text for text in (change.old, change.new) if text)
    else:
        fact = what(change)
    return "  ".join(text for text in (score, fact, was) if text)


def cut_values(change: Change) -> Iterator[tuple[str, list[str]]]:
    """The values that came and went, where a line has no room for all of them."""
    if RULES[change.rule].fact == "values":
        for label, text in (("gone", change.old), ("new", change.new)):
            if len(text) > WIDTH:
                yield label, text.split(", ")


def short(text: str, width: int = WIDTH) -> str:
    return cut(" ".join(text.split()), width)


def cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def collapsed(text: str) -> str:
    """The text with long lists of values cut short."""
    return _LITERAL.sub(r"Literal[\1, …]", text)


def in_python(change: Change) -> tuple[str, str] | None:
    """What a user of the package sees before and after, where that says more than the fact itself. Which values a literal
    has is said by facts of their own."""
    named = change.score is not None or RULES[change.rule].fact in ("values", "names", "classes")
    if rank(change.python) <= rank("note") or named:
        return None
    if not change.types.old or not change.types.new:
        return None
    old, new = collapsed(change.types.old), collapsed(change.types.new)
    name, colon, annotation = old.partition(": ")
    if colon and new.startswith(name + colon):
        shown = f"{name}: {short(annotation)}", short(new.removeprefix(name + colon))
    else:
        shown = short(old), short(new)
    return None if old == new or shown[0] == shown[1] else shown


def is_place(change: Change) -> bool:
    """Whether it is about an operation, a part of one, or the document."""
    return " " in change.schema and " " in change.schemas[-1]


def is_forgiven_alone(change: Change) -> bool:
    """Whether all that breaks on the wire is taken by lax decoding."""
    broken = [
        who for who, verdict in change.verdicts().items() if who != "python" and verdict == "breaks"
    ]
    return bool(broken) and all(is_forgiven(change, who) for who in broken)


def is_conditional(change: Change) -> bool:
    """Whether a verdict that is shown holds under a condition."""
    other = "sent" if change.given == WRITE_ONLY else "received"
    return bool(change.given) and change.direction not in (other, "unused")


def is_forgiven(change: Change, who: str) -> bool:
    """Whether a verdict is that of strict decoding alone."""
    return who == "received" and change.forgiven and rank(change.received) > rank("note")


def conditions(comparison: Comparison) -> Iterator[str]:
    """What the marks beside verdicts mean."""
    given = [change.given for change in comparison.changes if is_conditional(change)]
    for condition in dict.fromkeys(given):
        yield f"* as long as {condition}"
    if any(is_forgiven(change, who) for change in comparison.changes for who in change.verdicts()):
        yield "~ by the letter; lax decoding, the default of the package, takes it"


def verdict(change: Change) -> str:
    """`breaks: sent, python; may break: received`, or `safe`."""
    by_verdict: dict[Verdict, list[str]] = {}
    for who, one in change.verdicts().items():
        by_verdict.setdefault(one, []).append(who + "~" * is_forgiven(change, who))
    bad = sorted((one for one in by_verdict if rank(one) > rank("note")), key=rank, reverse=True)
    return "; ".join(f"{one}: {', '.join(by_verdict[one])}" for one in bad) or "safe"


def audience(who: str, counts: Mapping[Verdict, int]) -> str:
    """`sent: breaks (3), may break (1)`."""
    told = [
        f"{verdict} ({counts[verdict]})" for verdict in ("breaks", "may break") if verdict in counts
    ]
    return f"{who}: {', '.join(told) or 'safe'}"


def direction(change: Change) -> str:
    words = {
        "sent": "sent",
        "received": "received",
        "both": "sent and received",
        "unknown": "direction unknown: counted as both",
        "unused": "used by no operation",
    }
    return words[change.direction]


def totals(comparison: Comparison) -> str:
    breaking = sum(change.worst == "breaks" for change in comparison.changes)
    may = sum(change.worst == "may break" for change in comparison.changes)
    rest = len(comparison.changes) - breaking - may
    accepted = sum(len(change.schemas) for change in comparison.accepted)
    ignored = sum(count for _, count in comparison.ignored)
    also = f", {accepted} accepted" if accepted else ""
    also += f", {ignored} ignored" if ignored else ""
    if not comparison.changes and not accepted:
        return f"no change{also}"
    bump = comparison.bump
    return f"{breaking} breaking, {may} may break, {rest} safe{also}; package version: {bump}"


def remarks(comparison: Comparison) -> Iterator[str]:
    """What was left out though it breaks, and what is to be done about the baseline."""
    for rule, count in comparison.ignored:
        times = "once" if count == 1 else f"{count} times"
        yield f"ignored by the configuration, though it breaks or may break: {rule}, {times}"
    for words in comparison.expired:
        yield f"no longer accepted: {words}"
    for words in comparison.stale:
        yield f"stale, accepts nothing: {words}"
