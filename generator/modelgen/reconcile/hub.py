"""The hub: one Api that can hold whatever any variant says.

A field of the hub admits every value that some variant admits there. What all variants require, it requires; its
documentation says which variants have it, where, and since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .. import ir
from ..ir.words import pascal_case
from .map import Choice, Entry, Member, Shape
from .merge import Merge, Source
from .paths import lists
from .resolution import Occurrence, Placement, Resolution

Placed: TypeAlias = Sequence[tuple[Occurrence, Placement]]


def hub_api(resolution: Resolution, title: str) -> ir.Api:
    """The Api of a map without faults."""
    hub = _Hub(resolution, {})
    for shape in resolution.map.shapes.values():
        if shape.tag:
            hub.union(shape)
        elif not shape.like:
            hub.shape(shape)
    return ir.Api(title=title, version="", types=tuple(hub.types.values()))


def member_key(shape: Shape, tag: str) -> str:
    """The name of the hub's class of a member: `ServerEvent` and `response.done` make `ServerEventResponseDone`."""
    return shape.name + (tag if tag.isidentifier() else pascal_case(tag))


@dataclass(frozen=True, slots=True)
class _Level:
    """An object of the hub: its key, its path in the shape with a dot behind it, and the occurrences of the shape."""

    key: str
    prefix: str
    occurrences: Sequence[Occurrence]


@dataclass(frozen=True, slots=True)
class _Hub:
    """Makes the types of the hub, and adds them to `types`: an object before those in it."""

    resolution: Resolution
    types: dict[str, ir.Named]

    # -- shapes -------------------------------------------------------------------------------------------------

    def shape(self, shape: Shape) -> None:
        """The object that a shape is, and the shapes that are like it."""
        like = [other for other in self.resolution.map.shapes.values() if other.like == shape.name]
        occurrences = [o for one in (shape, *like) for o in self.resolution.of(one.name)]
        named = ir.Named(
            key=shape.name, type=ir.Never(), component=True, doc=shape.about, at=shape.at
        )
        self.object(named, self.fields(_Level(shape.name, "", occurrences), shape.entries))

    def union(self, shape: Shape) -> None:
        keys = tuple((member.tag, member_key(shape, member.tag)) for member in shape.members)
        members = tuple(ir.Ref(target=key) for _, key in keys)
        union = ir.Union(members=members, discriminator=shape.tag, mapping=keys)
        self.types[shape.name] = ir.Named(
            key=shape.name, type=union, component=True, doc=shape.about, at=shape.at
        )
        for member in shape.members:
            self.member(shape, member)

    def member(self, shape: Shape, member: Member) -> None:
        occurrences = self.resolution.of(shape.name, member.tag)
        tag = ir.Field(
            wire=shape.tag,
            type=ir.Literal(values=(ir.Value.of(member.tag),)),
            required=True,
            doc=_elsewhere([alias.tag for alias in member.aliases]),
            at=member.at,
        )
        key = member_key(shape, member.tag)
        doc = f"`{member.tag}`. {self.since(occurrences)}"
        named = ir.Named(key=key, type=ir.Never(), component=True, doc=doc, at=shape.at)
        level = _Level(key, "", occurrences)
        self.object(named, [tag], self.fields(level, member.entries))

    def since(self, occurrences: Iterable[Occurrence]) -> str:
        """Which variants have a member, and since when."""
        variants = list(dict.fromkeys(occurrence.variant for occurrence in occurrences))
        return f"In {_listed(variants)}; since {self.resolution.map.variants[variants[0]]}."

    def object(self, named: ir.Named, *fields: Iterable[ir.Field]) -> None:
        """Add an object. Making its fields adds what they refer to, which comes after it."""
        self.types[named.key] = named
        every = tuple(field for some in fields for field in some)
        type_ = ir.Object(fields=every, additional=ir.Anything(), at=named.at)
        self.types[named.key] = replace(named, type=type_)

    # -- fields -------------------------------------------------------------------------------------------------

    def fields(self, level: _Level, entries: Sequence[Entry]) -> Iterator[ir.Field]:
        """The fields of an object, of which some are objects with further entries."""
        for name, inner in _by_name(entries, level.prefix).items():
            path, key, at = level.prefix + name, ir.property_key(level.key, name), inner[0].at
            if [entry.path for entry in inner] == [path]:
                yield self.field(level, key, inner[0])
                continue
            below = replace(level, key=key, prefix=f"{path}.")
            self.object(ir.Named(key=key, type=ir.Never(), at=at), self.fields(below, inner))
            yield ir.Field(wire=name, type=ir.Ref(target=key), at=at)

    def field(self, level: _Level, key: str, entry: Entry) -> ir.Field:
        placed = [
            (occurrence, occurrence.placements[entry.path])
            for occurrence in level.occurrences
            if entry.path in occurrence.placements
        ]
        placements = [placement for _, placement in placed]
        return ir.Field(
            wire=entry.path.removeprefix(level.prefix),
            type=self.type(key, entry, placed),
            required=len(placed) == len(level.occurrences) and all(p.required for p in placements),
            nullable=entry.null or any(placement.nullable for placement in placements),
            doc=self.doc(placed),
            at=entry.at,
        )

    def type(self, key: str, entry: Entry, placed: Placed) -> ir.Type:
        """What admits whatever some variant admits; the newest variant comes first."""
        sources = [
            Source(self.resolution.apis[occurrence.variant], type_)
            for occurrence, placement in reversed(placed)
            for type_ in placement.types
        ]
        return Merge(self.types, self.shapes(entry.shape), self.has_elements(entry)).type(
            key, sources
        )

    def has_elements(self, entry: Entry) -> bool:
        """Whether elements of a list are fields of their own, so that the list has what is left of them."""
        return any(
            one in entry.paths
            for section in self.resolution.sections()
            if entry in section.entries
            for other in section.entries
            for path in other.was
            for one in lists(path)
        )

    def shapes(self, choice: Choice | None) -> tuple[str, ...]:
        """The keys of what the objects of an entry are; a shape that is like another is that in the hub."""
        if choice is None:
            return ()
        names = choice.all if choice.is_inside else (choice.other,)
        return tuple(dict.fromkeys(self.resolution.map.shapes[name].like or name for name in names))

    def doc(self, placed: Placed) -> str:
        """The documentation of the newest variant that has one, and where the variants have the field, since when."""
        variants: dict[str, list[str]] = {}
        for occurrence, placement in placed:
            of_path = variants.setdefault(placement.path or "the object itself", [])
            if occurrence.variant not in of_path:
                of_path.append(occurrence.variant)
        where = _where(
            variants, [self.resolution.map.variants[occurrence.variant] for occurrence, _ in placed]
        )
        doc = next((placement.doc for _, placement in reversed(placed) if placement.doc), "")
        return f"{doc}\n\n{where}" if doc else where


def _by_name(entries: Sequence[Entry], prefix: str) -> dict[str, list[Entry]]:
    """Entries by the next name of their path."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        name, _, _ = entry.path.removeprefix(prefix).partition(".")
        groups.setdefault(name, []).append(entry)
    return groups


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _elsewhere(tags: Sequence[str]) -> str:
    return f"Elsewhere {_listed([f'`{tag}`' for tag in tags])}." if tags else ""


def _where(variants: Mapping[str, Sequence[str]], dates: Sequence[str]) -> str:
    """Which variants have a field, under which path, and since when."""
    if not dates:
        return ""
    parts = [f"{_listed(names)} as `{path}`" for path, names in variants.items()]
    return f"In {'; '.join(parts)}. Since {min(dates)}."
