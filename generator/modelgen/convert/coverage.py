"""What became of each field of many payloads: how often it was seen, carried, changed, lost or refused, and its way.

Payloads of one kind (a tag, `session.update`, or a family) are counted together, and the places of lists are one field.
Where a field went is found by leaving it out: what is missing or different then in the result is what it became. A text
that is put back where it is missing, as the only one that may stand there, is found by putting another in its place.
"""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .package import Converting
from .paths import Steps, general, is_within, leaves, replaced, without, written

Status: TypeAlias = Literal["carried", "changed", "lost", "refused"]
# In order, each worse than the one before.
STATUSES: tuple[Status, ...] = ("carried", "changed", "lost", "refused")
_STATUS: dict[str, Status] = {
    "carried": "carried",
    "narrowed": "changed",
    "lost": "lost",
    "refused": "refused",
}
# No more is told apart: names of properties may be data, and a report is for people.
MOST_KINDS = 500
MOST_FIELDS = 1000
MOST_EXAMPLES = 3
MOST_FAULTS = 100


@dataclass(slots=True)
class LossCount:
    """A loss that occurred so many times, first in a line, 0 if it was no line."""

    kind: str
    severity: str
    reason: str
    line: int
    times: int = 0


@dataclass(slots=True)
class Field:
    """A field of one kind of payload. `ways` are where it went, none if it went nowhere or that is not known;
    `is_otherwise`: there it is written in another way."""

    path: str
    ways: tuple[str, ...] = ()
    is_otherwise: bool = False
    seen: int = 0
    times: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    losses: dict[tuple[str, str], LossCount] = field(default_factory=dict)

    @property
    def worst(self) -> Status:
        happened = [status for status in STATUSES if self.times[status]]
        happened += (_STATUS[count.severity] for count in self.losses.values())
        return max(happened, key=STATUSES.index)


@dataclass(frozen=True, slots=True)
class Example:
    """A payload, and what became of it."""

    line: int
    before: Any
    after: tuple[Any, ...]


@dataclass(slots=True)
class Kind:
    """Payloads of one kind. `formless`: so many have no form in the target."""

    name: str
    family: str
    payloads: int = 0
    formless: int = 0
    fields: dict[str, Field] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    known: set[tuple[str, Status]] = field(default_factory=set)


@dataclass(slots=True)
class Coverage:
    """`unlisted` payloads and fields were more than are told apart."""

    to: str
    source: str
    name: str
    is_lines: bool = True
    payloads: int = 0
    kinds: dict[str, Kind] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)
    faulty: int = 0
    unlisted: int = 0

    def severities(self) -> dict[str, int]:
        """How many losses there are of each severity, the worst first."""
        total = dict.fromkeys(("refused", "lost", "narrowed", "carried"), 0)
        for kind in self.kinds.values():
            for one in kind.fields.values():
                for loss in one.losses.values():
                    total[loss.severity] += loss.times
        return total


class Observer:
    """Hears of each payload, and makes the coverage. `converting` is what converts them."""

    def __init__(self, converting: Converting) -> None:
        request = converting.request
        self._internals: Any = importlib.import_module(f"{converting.name}._conversion")
        self._request = request
        self.coverage = Coverage(request.to, request.source or "", request.file)

    def __call__(self, before: object, line: Any) -> None:
        coverage = self.coverage
        if line.fault is not None:
            coverage.faulty += 1
            if len(coverage.faults) < MOST_FAULTS:
                coverage.faults.append((line.number, line.fault))
            return
        payload = json.loads(before.decode("utf-8-sig")) if isinstance(before, bytes) else before
        coverage.payloads += 1
        kind = self._kind(payload)
        if kind is None:
            coverage.unlisted += 1
            return
        kind.payloads += 1
        kind.formless += not line.values
        self._count(kind, payload, line)

    def _kind(self, payload: Any) -> Kind | None:
        name, family = self._internals.kind_of(payload, self._request.family)
        kinds = self.coverage.kinds
        if name not in kinds and len(kinds) < MOST_KINDS:
            kinds[name] = Kind(name, family)
        return kinds.get(name)

    def _count(self, kind: Kind, payload: Any, line: Any) -> None:
        found = list(leaves(payload))
        paths = [written(steps) for steps, _ in found]
        worst: list[Status] = ["carried"] * len(found)
        for loss in line.losses:
            status = _STATUS[loss.severity]
            if loss.path == "$" and line.values:
                continue  # what was given up of others
            for n, path in enumerate(paths):
                if is_within(path, loss.path) or is_within(loss.path, path):
                    worst[n] = max(worst[n], status, key=STATUSES.index)
        news = False
        for (steps, value), path, status in zip(found, paths, worst, strict=True):
            one = self._field(kind, general(path))
            if one is None:
                continue
            if not one.ways and status != "lost" and line.values:
                one.ways, one.is_otherwise = self._ways(payload, line, steps, value)
            one.seen += 1
            one.times[status] += 1
            if (one.path, status) not in kind.known:
                kind.known.add((one.path, status))
                news = True
        for loss in line.losses:
            self._lose(kind, loss, line.number)
        if news and len(kind.examples) < MOST_EXAMPLES:
            kind.examples.append(Example(line.number, payload, copy.deepcopy(line.values)))

    def _lose(self, kind: Kind, loss: Any, number: int) -> None:
        one = self._field(kind, general(loss.path))
        if one is None:
            return
        count = one.losses.get((loss.kind, loss.reason))
        if count is None:
            count = LossCount(loss.kind, loss.severity, loss.reason, number)
            one.losses[loss.kind, loss.reason] = count
        count.times += 1

    def _field(self, kind: Kind, path: str) -> Field | None:
        if path not in kind.fields:
            if len(kind.fields) >= MOST_FIELDS:
                self.coverage.unlisted += 1
                return None
            kind.fields[path] = Field(path)
        return kind.fields[path]

    # -- ways ------------------------------------------------------------------------------------------------------

    def _ways(
        self, payload: Any, line: Any, steps: Steps, value: Any
    ) -> tuple[tuple[str, ...], bool]:
        """Where the leaf at a path went, and whether it is written otherwise there."""
        path = written(steps)
        if any((steps, value) in leaves(made) for made in line.values):
            return (general(path),), False
        if not steps:
            return (), False
        whole, partial = (
            self._alone(made, line.variant) for made in (payload, without(payload, steps))
        )
        became = [path for path, item in whole.items() if partial.get(path, _NOTHING) != item]
        if path in became:  # a tag decides about what is beside it
            return (general(path),), True
        if not became and isinstance(value, str):
            marked = self._alone(replaced(payload, steps, _MARK), line.variant)
            became = [path for path, item in marked.items() if item == _MARK and path in whole]
        ways = [path for path in became if path not in partial] or became
        is_otherwise = all(whole[path] != value for path in ways)
        return tuple(dict.fromkeys(map(general, ways))), bool(ways) and is_otherwise

    def _alone(self, payload: Any, variant: str | None) -> dict[str, Any]:
        """The leaves of what a payload becomes by itself."""
        request = self._request
        family = request.family or self._internals.family_of(payload)
        if not family:
            return {}
        try:
            made, *_ = self._internals.convert_own(
                copy.deepcopy(payload), request.to, variant, family, undeclared=request.undeclared
            )
        except (ValueError, RecursionError):
            return {}
        return {written(steps): value for steps, value in leaves(made or {})}


_NOTHING = object()
_MARK = "modelgen was here"


def listed(coverage: Coverage) -> Sequence[tuple[Kind, Sequence[Field]]]:
    """The kinds of payload by their names, each with its fields in the order in which they were seen; what has no field,
    because it is missing, comes last."""
    return [
        (kind, sorted(kind.fields.values(), key=lambda one: not one.seen))
        for _, kind in sorted(coverage.kinds.items())
    ]
