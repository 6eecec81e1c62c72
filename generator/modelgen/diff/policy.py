"""How bad a change is, where the configuration says so, and which changes a baseline accepts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from .changes import Change, Comparison, Verdict, rank
from .rules import RULES


@dataclass(frozen=True, slots=True)
class Policy:
    """`severity`: who -> rule -> verdict, in place of the rule's own; `ignore`: rules that are not reported."""

    severity: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def unknown(self) -> list[str]:
        """The names that are no rule's."""
        named = [*self.ignore, *(rule for rules in self.severity.values() for rule in rules)]
        return [rule for rule in dict.fromkeys(named) if rule not in RULES]

    def apply(self, comparison: Comparison) -> Comparison:
        """The comparison as the configuration sees it, with a count of what breaks and is ignored."""
        changes = tuple(self._judged(comparison.changes))
        ignored = Counter(
            change.rule
            for change in changes
            if change.rule in self.ignore and rank(change.worst) > rank("note")
        )
        return replace(
            comparison,
            changes=tuple(change for change in changes if change.rule not in self.ignore),
            docs=tuple(
                change for change in self._judged(comparison.docs) if change.rule not in self.ignore
            ),
            ignored=tuple(sorted(ignored.items())),
        )

    def _judged(self, changes: Iterable[Change]) -> Iterable[Change]:
        asked = {rule for rules in self.severity.values() for rule in rules}
        for change in changes:
            on_request = RULES[change.rule].listed == "on request"
            if change.rule in asked or not on_request:
                yield replace(
                    change,
                    sent=self._verdict("sent", change, change.sent),
                    received=self._verdict("received", change, change.received),
                    python=self._verdict("python", change, change.python),
                )

    def _verdict(self, who: str, change: Change, verdict: Verdict) -> Verdict:
        """What was proved safe stays safe, unless the rule is about what is safe by itself."""
        usual: Verdict = getattr(RULES[change.rule], who)
        if verdict == "safe" and usual != "safe":
            return verdict
        return self.severity.get(who, {}).get(change.rule, verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is accepted: changes of this rule, at this path and, unless `value` is None, with this value. In each of these,
    `*` stands for any text."""

    rule: str
    schema: str
    path: str
    value: str | None
    reason: str
    expires: date | None = None

    def accepts(self, change: Change, schema: str) -> bool:
        facts = (change.rule, self.rule), (schema, self.schema), (change.path, self.path)
        is_same = all(_matches(text, pattern) for text, pattern in facts)
        return is_same and (self.value is None or _matches(change.value, self.value))


def _matches(text: str, pattern: str) -> bool:
    """Like a glob in which only `*` means something, as paths have brackets in them."""
    if "*" not in pattern:
        return text == pattern
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Baseline:
    entries: tuple[Accepted, ...]
    today: date

    def apply(self, comparison: Comparison) -> Comparison:
        """The comparison without what is accepted. An entry that accepts nothing is stale, whether it expired or not."""
        used: set[Accepted] = set()
        changes, accepted = [], []
        for change in comparison.changes:
            covered = []
            for schema in change.schemas:
                for entry in self.entries:
                    if entry.accepts(change, schema):
                        used.add(entry)
                        if not self._is_over(entry):
                            covered.append(schema)
                            break
            left = tuple(schema for schema in change.schemas if schema not in covered)
            if covered:
                accepted.append(replace(change, schemas=tuple(covered)))
            if left:
                changes.append(replace(change, schemas=left))
        return replace(
            comparison,
            changes=tuple(changes),
            accepted=tuple(accepted),
            stale=tuple(_words(entry) for entry in self.entries if entry not in used),
            expired=tuple(
                f"{_words(entry)}, on {entry.expires}"
                for entry in self.entries
                if entry in used and self._is_over(entry)
            ),
        )

    def _is_over(self, entry: Accepted) -> bool:
        return entry.expires is not None and entry.expires < self.today


def _words(entry: Accepted) -> str:
    facts = (entry.rule, entry.schema, entry.path, entry.value)
    return f"{' '.join(fact for fact in facts if fact)} ({entry.reason})"


NEW_REASON = "accepted as it was when this baseline was written"


def baseline_of(comparison: Comparison, kept: Sequence[Accepted]) -> tuple[Accepted, ...]:
    """An entry for each change that breaks or may break; those that were accepted before keep their reason."""
    entries: dict[Accepted, None] = {}
    for change in (*comparison.accepted, *comparison.changes):
        if rank(change.worst) <= rank("note"):
            continue
        for schema in change.schemas:
            known = [entry for entry in kept if entry.accepts(change, schema)]
            needed = known or [
                Accepted(
                    rule=change.rule,
                    schema=schema,
                    path=change.path,
                    value=change.value,
                    reason=NEW_REASON,
                )
            ]
            entries.update(dict.fromkeys(needed))
    return tuple(sorted(entries, key=lambda e: (e.schema, e.path, e.rule, e.value or "")))
