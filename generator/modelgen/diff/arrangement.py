"""The changes of a comparison in the order in which they are worth reading: by severity, then by operation.

Like facts are one entry: the same kind of change, at the same path, with the same verdicts, in several schemas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from . import wording
from .changes import NOTHING, Change, Comparison, Verdict, rank

Severity: TypeAlias = Literal["wire", "python", "may", "safe"]
SEVERITIES: dict[Severity, str] = {
    "wire": "Breaks on the wire",
    "python": "Breaks Python alone",
    "may": "May break",
    "safe": "Safe",
}
WORST = 5
MANY = 8  # entries from which on the worst are told first
LIKE = 3  # facts that are one entry
# Rules about what everything else depends on come first among those that are as bad.
_FIRST = ("operation-removed", "security-", "server-", "body-", "parameter-", "media-type-")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, or like ones of several schemas, each with what it was and is there."""

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """The change that speaks for all of them."""
        if len(self.changes) == 1:
            return self.changes[0]
        names = dict.fromkeys(name for change in self.changes for name in change.schemas)
        operations = dict.fromkeys(one for change in self.changes for one in change.operations)
        return replace(
            self.changes[0],
            schemas=tuple(names),
            was="",
            old="",
            new="",
            old_path="",
            types=NOTHING,
            score=None,
            evidence=(),
            operations=tuple(operations),
            reached_from=max(change.reached_from for change in self.changes),
        )

    @property
    def is_table(self) -> bool:
        return len(self.changes) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The entries about the same schemas or the same place."""

    heading: str
    note: str
    schemas: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is as bad as its title says, and what else harms somebody at the same places, which `count` leaves out."""

    severity: Severity
    title: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(
            severity_of(entry.first) == self.severity
            for group in self.groups
            for entry in group.entries
        )


@dataclass(frozen=True, slots=True)
class Arrangement:
    sections: tuple[Section, ...]
    worst: tuple[Entry, ...]
    docs: tuple[Group, ...]


def arranged(comparison: Comparison) -> Arrangement:
    entries = sorted(_entries(comparison.changes), key=lambda entry: _key(entry.first))
    shown: dict[tuple[str, ...], Severity] = {}
    for entry in entries:
        shown.setdefault(_place(entry.first), severity_of(entry.first))
    sections = []
    for severity, title in SEVERITIES.items():
        here = [entry for entry in entries if _section_of(entry.first, shown) == severity]
        if here:
            sections.append(Section(severity, title, tuple(_groups(here))))
    bad = [entry for entry in entries if severity_of(entry.first) != "safe"]
    worst: dict[tuple[str, ...], Entry] = {}  # one of each place
    for entry in sorted(bad, key=lambda entry: _badness(entry.first)):
        worst.setdefault(_place(entry.first), entry)
    docs = _groups([Entry((change,)) for change in wording.merged(comparison.docs)])
    is_long = len(entries) >= MANY
    lead = tuple(worst.values())[:WORST] if is_long else ()
    return Arrangement(tuple(sections), lead, tuple(docs))


def _section_of(change: Change, shown: Mapping[tuple[str, ...], Severity]) -> Severity:
    """What is bad stands with the worst of its place; what is safe, apart."""
    severity = severity_of(change)
    return severity if severity == "safe" else shown[_place(change)]


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Single changes, the worst first."""
    return sorted(changes, key=_key)


def severity_of(change: Change) -> Severity:
    verdicts = change.verdicts()
    if any(verdict == "breaks" for who, verdict in verdicts.items() if who != "python"):
        return "wire"
    if verdicts["python"] == "breaks":
        return "python"
    return "may" if change.worst == "may break" else "safe"


def audiences(comparison: Comparison) -> dict[str, dict[Verdict, int]]:
    """Who -> how many changes break, and may break."""
    found: dict[str, dict[Verdict, int]] = {"sent": {}, "received": {}, "python": {}}
    for change in comparison.changes:
        for who, verdict in change.verdicts().items():
            if rank(verdict) > rank("note"):
                found[who][verdict] = found[who].get(verdict, 0) + 1
    return found


# --- entries --------------------------------------------------------------------------------------


def _entries(changes: Sequence[Change]) -> list[Entry]:
    merged = list(wording.merged(changes))
    alike: dict[tuple[object, ...], list[Change]] = {}
    for change in merged:
        alike.setdefault(_likeness(change), []).append(change)
    entries = []
    for change in merged:
        together = alike[_likeness(change)]
        if len({one.schemas for one in together}) < LIKE:
            entries.append(Entry((change,)))
        elif together[0] is change:
            entries.append(Entry(tuple(together)))
    return entries


def _likeness(change: Change) -> tuple[object, ...]:
    """What has to be equal for two changes to be told as one."""
    is_moved = bool(change.old_path) and change.old_path != change.path
    return (
        change.rule,
        change.old_path if is_moved else "",
        change.path,
        tuple(change.verdicts().items()),
        change.direction,
        change.given,
        change.forgiven,
    )


def _groups(entries: Sequence[Entry]) -> list[Group]:
    """What is about the same place stands together, where the first of it stands."""
    order: dict[tuple[str, ...], int] = {}
    for entry in entries:
        order.setdefault(_place(entry.first), len(order))
    together = sorted(entries, key=lambda entry: order[_place(entry.first)])
    groups = []
    for _, group in groupby(together, key=lambda entry: _place(entry.first)):
        here = list(group)
        first = here[0].first
        groups.append(Group(wording.heading(first), _note(here), first.schemas, tuple(here)))
    return groups


def _place(change: Change) -> tuple[str, ...]:
    return (*change.schemas, change.was, change.direction)


def _note(entries: Sequence[Entry]) -> str:
    """Who sends it, and where it is used."""
    changes = [entry.first for entry in entries]
    words = wording.direction(changes[0])
    operations = list(dict.fromkeys(one for change in changes for one in change.operations))
    reached = max(change.reached_from for change in changes)
    if operations and not wording.is_place(changes[0]):
        if len(operations) > 2:
            return f"{words}, in {len(operations)} operations"
        return f"{words}, in {' and '.join(operations)}"
    return f"{words}, reached from {reached}" if reached else words


# --- order ----------------------------------------------------------------------------------------


def _key(change: Change) -> tuple[object, ...]:
    """By severity; then what is taken by lax decoding last; operations first, then what most of them use."""
    return (
        list(SEVERITIES).index(severity_of(change)),
        wording.is_forgiven_alone(change),
        not wording.is_place(change),
        -len(change.operations) if not wording.is_place(change) else 0,
        change.schemas,
        change.was,
        -rank(change.worst),
        change.path,
        change.rule,
        change.old,
        change.new,
    )


def _badness(change: Change) -> tuple[object, ...]:
    """The worst first: whom it breaks, whether all depends on it, and how much is affected."""
    broken = sum(verdict == "breaks" for verdict in change.verdicts().values())
    return (
        list(SEVERITIES).index(severity_of(change)),
        wording.is_forgiven_alone(change),
        next((n for n, rule in enumerate(_FIRST) if change.rule.startswith(rule)), len(_FIRST)),
        -broken,
        -max(len(change.operations), len(change.schemas)),
        *_key(change),
    )
