"""A history: versions, and for each schema and property what it was in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..diff.changes import Verdict

# What became of a property from the version before to this one. The first version has none.
Step: TypeAlias = Literal["absent", "first", "added", "same", "changed", "moved", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One of the documents; `version` is what it says of itself."""

    label: str
    source: str
    title: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a version says of a property, or of a schema that has none (`required` is None then).

    `values` are those of an enum, as JSON; `open`: others are valid too.
    """

    path: str
    type: str
    required: bool | None
    nullable: bool
    values: tuple[str, ...] = ()
    open: bool = False
    default: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change that `modelgen diff` reports of the step to a version, with the verdicts that count. `forgiven`: lax
    decoding takes what the verdict for receivers says breaks."""

    rule: str
    path: str
    what: str
    verdicts: tuple[tuple[str, Verdict], ...]
    forgiven: bool = False
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One version in the life of a property."""

    step: Step
    state: State | None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A row: one moment for each version."""

    id: str
    life: tuple[Moment, ...]

    @property
    def last(self) -> State:
        return next(moment.state for moment in reversed(self.life) if moment.state)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path it had, the oldest first."""
        return tuple(dict.fromkeys(moment.state.path for moment in self.life if moment.state))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A component: its name in each version, "" where there is none, and what happened to it as a whole."""

    id: str
    names: tuple[str, ...]
    events: tuple[tuple[Event, ...], ...]
    properties: tuple[Property, ...]

    @property
    def name(self) -> str:
        """The newest."""
        return next(name for name in reversed(self.names) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    versions: tuple[Version, ...]
    schemas: tuple[Schema, ...]
