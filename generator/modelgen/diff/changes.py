"""What a comparison reports: one record for each fact, with a verdict for each of the three who may care."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..errors import Location
from ..ir import NOWHERE

Verdict: TypeAlias = Literal["safe", "note", "may break", "breaks"]
Direction: TypeAlias = Literal["sent", "received", "both", "unknown", "unused"]
# What somebody decided: (component, path) of OLD -> the same of NEW, in the notation of `Change.path`; path "" is the
# component itself. It is used as a fact, where the rest is guessed.
Facts: TypeAlias = Mapping[tuple[str, str], tuple[str, str]]
DECIDED = "decided in reconcile.yaml"
VERDICTS: tuple[Verdict, ...] = ("safe", "note", "may break", "breaks")

# Conditions under which a verdict holds.
UNDECLARED = "nobody sends an undeclared property of that name yet"
READ_ONLY = "nobody sends what can only be read"
WRITE_ONLY = "nobody receives what can only be written"


def rank(verdict: Verdict) -> int:
    return VERDICTS.index(verdict)


@dataclass(frozen=True, slots=True)
class Python:
    """What a user of the generated package sees of a change: a name or an annotated attribute, before and after."""

    old: str = ""
    new: str = ""


NOTHING = Python()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact.

    `schemas` are the components it holds for, one unless siblings changed alike, and `was` the name in OLD if it is
    another. `path` leads from the component to where it is in NEW, `old_path` to the one in OLD if it is another.
    `given`: the condition under which the verdicts hold, "" if they hold by the letter of the schemas. `forgiven`: lax
    decoding, which is the default of the package, takes what `received` says breaks. `operations`: those that use the
    component or hold the place; `reached_from`: how many other components lead there.
    """

    rule: str
    schemas: tuple[str, ...]
    was: str = ""
    path: str = ""
    old_path: str = ""
    old: str = ""
    new: str = ""
    sent: Verdict
    received: Verdict
    python: Verdict
    types: Python = NOTHING
    given: str = ""
    forgiven: bool = False
    score: float | None = None
    evidence: tuple[str, ...] = ()
    direction: Direction = "unknown"
    operations: tuple[str, ...] = ()
    reached_from: int = 0
    old_at: Location = field(default=NOWHERE, compare=False)
    new_at: Location = field(default=NOWHERE, compare=False)

    @property
    def schema(self) -> str:
        return self.schemas[0]

    @property
    def id(self) -> str:
        """The same for the same fact in every run, whatever the words of the report."""
        facts = (self.rule, self.schema, self.path, self.old_path, self.old, self.new)
        return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:12]

    @property
    def value(self) -> str:
        """What was and is there, in words: what a baseline names a change by, beside its rule and path."""
        old = self.old_path if self.old_path and self.old_path != self.path else self.old
        return f"{old} -> {self.new}" if old and self.new else old or self.new

    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts that matter for the direction of the schema. An unknown direction counts as both, what nothing uses
        as none."""
        verdicts: dict[str, Verdict] = {}
        if self.direction not in ("received", "unused"):
            verdicts["sent"] = self.sent
        if self.direction not in ("sent", "unused"):
            verdicts["received"] = self.received
        verdicts["python"] = self.python
        return verdicts

    @property
    def worst(self) -> Verdict:
        return max(self.verdicts().values(), key=rank)

    def reaches(self, thresholds: Sequence[str]) -> bool:
        """Whether it breaks, or may break, for one of those named: sent, received, wire (either) or python. `any` is reached
        by every change."""
        wanted = {"sent", "received", *thresholds} if "wire" in thresholds else set(thresholds)
        return "any" in wanted or any(
            who in wanted and rank(verdict) > rank("note")
            for who, verdict in self.verdicts().items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two documents and everything that changed between them; `docs` are changes of documentation alone.

    `ignored` are the kinds that the configuration ignores, with how often each breaks or may break. `accepted` are the
    changes that a baseline accepts, `stale` and `expired` its entries that are of no use any more. `fail_on` says for
    whom a change makes the command fail.
    """

    old: str
    new: str
    old_version: str = ""
    new_version: str = ""
    changes: tuple[Change, ...]
    docs: tuple[Change, ...] = ()
    accepted: tuple[Change, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    stale: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()

    @property
    def bump(self) -> str:
        """Which part of the version of the generated package should grow; what was accepted breaks its users all the
        same."""
        changes = (*self.changes, *self.accepted)
        if any(change.python in ("breaks", "may break") for change in changes):
            return "major"
        if any(change.python == "note" or change.types != NOTHING for change in changes):
            return "minor"
        return "patch" if changes or self.docs else "none"
