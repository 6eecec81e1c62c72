"""The map as written: shapes, the paths of their entries in every variant, tables of values. Data, and frozen.

Paths are those of `paths`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import Location
from ..ir import Value
from .forms import Form

HUB = "reconciled"

Way: TypeAlias = Literal["both", "up", "down", "some"]


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `was` in older variants, `hub` in the hub. Of `some` only, there is no `was`. `taken`: those that do not
    list it take it all the same."""

    was: Value | None
    hub: Value
    way: Way
    reason: str
    whole: bool
    taken: bool
    at: Location

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.hub,) if self.was is None else (self.was, self.hub)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which shape: that of the value of the property `by`, else `other`. A leading dot looks at the value itself."""

    other: str
    by: str = ""
    shapes: tuple[tuple[str, str], ...] = ()

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Each text that chooses, and the shape that it chooses; "" for any other."""
        return (("", self.other), *self.shapes)

    @property
    def is_inside(self) -> bool:
        """Whether the value itself says what it is."""
        return self.by.startswith(".")

    def chooses(self, option: str, text: str | None) -> bool:
        """Whether a text, or that there is none, is what chooses an option."""
        return text == option if option else text not in dict(self.shapes)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(shape for _, shape in self.options)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the hub: its path, its paths elsewhere, and what is decided about its values. `shared`: it stands in
    the shape that this one is like."""

    path: str
    at: Location
    was: tuple[str, ...] = ()
    lost: str = ""
    values: str = ""
    shape: Choice | None = None
    form: tuple[Form, ...] = ()
    kept: str = ""
    null: bool = False
    default: str = ""
    why: str = ""
    shared: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """All its paths; where a payload has several, the first wins."""
        return (self.path, *self.was)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another tag of a member. `when`: the member has it if the value says so, as path -> text."""

    tag: str
    when: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    tag: str
    at: Location
    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...]
    lost: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with `entries`, or a union of `members` told apart by `tag`."""

    name: str
    at: Location
    about: str
    like: str
    wraps: str
    schemas: Mapping[str, Mapping[str, str | None]]
    entries: tuple[Entry, ...]
    tag: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    variant: str
    glob: str
    reason: str
    at: Location


@dataclass(frozen=True, slots=True)
class Forms:
    """An event `tag` that variants without it do not send: it is formed after `of`, or, while that says `unless`,
    before the next `before` with the same `key`, whose `take` it has then. `own` is what no two events share.
    """

    tag: str
    of: str
    key: str
    unless: tuple[str, str]
    before: str
    take: str
    own: str
    at: Location


@dataclass(frozen=True, slots=True)
class Fills:
    """A `property` of the event `tag` that variants without it said at `value` of an earlier event of `sources`, whose
    `of_key` is the event's `key`."""

    tag: str
    property: str
    key: str
    sources: tuple[str, ...]
    of_key: str
    value: str
    at: Location


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of one side, all of a family, and what is made of several of them."""

    side: str
    family: str
    events: tuple[Forms | Fills, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Map:
    """The map. `variants` are name -> date, oldest first."""

    at: Location
    variants: Mapping[str, str]
    shapes: Mapping[str, Shape]
    values: Mapping[str, tuple[Row, ...]]
    outside: tuple[Outside, ...]
    streams: tuple[Stream, ...]

    @property
    def families(self) -> tuple[Shape, ...]:
        return tuple(shape for shape in self.shapes.values() if shape.schemas)
