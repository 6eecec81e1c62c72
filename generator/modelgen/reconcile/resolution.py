"""The map held against the schemas of all variants: where each entry is in each schema. Data, and frozen.

An occurrence is a shape in one schema of one variant. It has a key, and refers to other occurrences by their keys, so
that shapes may contain themselves: `resolution[key]` is the occurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from .. import ir
from ..errors import Location
from .map import Alias, Entry, Map, Shape
from .meaning import Types

# Fills in the line of a location in the document of a variant.
Locate: TypeAlias = Callable[[str, Location], Location]


class Root(NamedTuple):
    """Where conversions start: a family in a role, in one variant."""

    family: str
    role: str
    variant: str


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies an occurrence.

    `schema` is the key of a named type, or of several, joined by "|". `member` is the tag of a member of a union, as
    the hub has it, "" for a whole shape. `wrapper` is the shape that wraps this one in other variants, and is the
    same object here.
    """

    shape: str
    variant: str
    schema: str
    member: str = ""
    wrapper: str = ""

    @property
    def section(self) -> str:
        """The name of the list of entries in the map."""
        return f"{self.shape}.{self.member}" if self.member else self.shape


@dataclass(frozen=True, slots=True)
class Property:
    """A property in one schema: its path from the object that the shape is, and the object of the occurrence that it
    is in, whatever the depth."""

    path: str
    field: ir.Field
    owner: ir.Object

    @property
    def is_nested(self) -> bool:
        return self.path != self.field.wire

    @property
    def is_dotted(self) -> bool:
        """Whether its name has a dot, which no path of the map can say."""
        return "." in self.field.wire


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an entry is in one schema. `types` are those of all objects that have it; `shapes` are the occurrences
    there, by the name of the shape. The path is "" for what a wrapper is itself."""

    path: str
    types: tuple[ir.Type, ...]
    required: bool
    nullable: bool
    at: Location
    doc: str = ""
    shapes: Mapping[str, Key] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TaggedMember:
    """A member of a union in one schema, under one of its tags; `is_unlisted`: no schema of the variant lists that."""

    alias: Alias
    key: Key
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class UnmappedMember:
    """An object of a union whose tag is none of the map."""

    tag: str
    schema: str
    at: Location


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A shape in one schema of one variant: an object, several told apart by constants, or a union of members.

    `placements` are by the entry's path in the hub. `present` are all paths of entries that the schema has, `groups` the
    objects on the way to them. `beside` are the names that belong to the wrapper. `members` are by their tag in the hub.
    """

    key: Key
    shape: Shape
    entries: tuple[Entry, ...]
    at: Location
    objects: tuple[ir.Object, ...]
    beside: frozenset[str] = frozenset()
    placements: Mapping[str, Placement] = field(default_factory=lambda: MappingProxyType({}))
    present: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    members: Mapping[str, tuple[TaggedMember, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    unmapped: tuple[Property, ...] = ()
    unmapped_members: tuple[UnmappedMember, ...] = ()

    @property
    def variant(self) -> str:
        return self.key.variant

    @property
    def is_union(self) -> bool:
        return bool(self.shape.tag) and not self.key.member

    @property
    def is_unwrapped(self) -> bool:
        """Whether the object is, here, what its shape wraps in the hub."""
        wraps = self.shape.wraps
        return bool(wraps) and all(
            f.wire != wraps for object_ in self.objects for f in object_.fields
        )

    def is_itself(self, entry: Entry) -> bool:
        """Whether an entry is what the object itself is here."""
        return self.is_unwrapped and entry.path == self.shape.wraps


class Section(NamedTuple):
    """A list of entries in the map, and where it occurs, oldest variant first."""

    name: str
    shape: Shape
    entries: tuple[Entry, ...]
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A map, the types of every variant, and all occurrences, in the order in which they are met.

    `by_shape` has them by shape and member, oldest variant first.
    """

    map: Map
    apis: Mapping[str, Types]
    roots: Mapping[Root, Key]
    occurrences: Mapping[Key, Occurrence]
    by_shape: Mapping[tuple[str, str], tuple[Occurrence, ...]]

    def __getitem__(self, key: Key) -> Occurrence:
        return self.occurrences[key]

    def of(self, shape: str, member: str = "") -> tuple[Occurrence, ...]:
        """The occurrences of a shape, or of a member of a union, oldest variant first."""
        return self.by_shape.get((shape, member), ())

    def sections(self) -> Iterator[Section]:
        """Each list of entries in the map."""
        for shape in self.map.shapes.values():
            if not shape.tag:
                yield Section(shape.name, shape, shape.entries, self.of(shape.name))
            for member in shape.members:
                occurrences = self.of(shape.name, member.tag)
                yield Section(f"{shape.name}.{member.tag}", shape, member.entries, occurrences)
