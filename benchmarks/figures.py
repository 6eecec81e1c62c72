"""Samples taken in turn, and the comparisons made of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace


class SubjectError(Exception):
    """A subject could not be measured; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one subject needed, once per round. `fault` says why there are no samples."""

    samples: tuple[float, ...] = ()
    fault: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def least(self) -> float:
        return min(self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One row of the table: what a peer needed, what we needed, and where we want to be."""

    measure: str
    peer: str
    theirs: Figure
    ours: Figure
    unit: str
    goal: float | None = None
    variant: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        if self.theirs.samples and self.ours.samples:
            return self.ours.median / self.theirs.median
        return None

    @property
    def reached(self) -> bool | None:
        if self.ratio is None or self.goal is None:
            return None
        return self.ratio <= self.goal


def interleave(subjects: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Figure]:
    """One sample of each subject per round, so that a busy minute hits all of them alike.

    The order turns by one each round. A subject that fails leaves the race; the others go on.
    """
    figures = {name: Figure() for name in subjects}
    names = list(subjects)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            figure = figures[name]
            if figure.fault:
                continue
            try:
                samples = (*figure.samples, subjects[name]())
            except SubjectError as failure:
                figures[name] = Figure(fault=str(failure))
            else:
                figures[name] = replace(figure, samples=samples)
    return figures
