"""Resolution -> the functions that read payloads of any variant into the hub.

One function a shape for all variants: the spellings of a field stand at different paths, so that a payload that mixes
them is read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ...reconcile import Entry, Occurrence, Resolution, Section, Shape, is_in_list, steps
from .expected import expected
from .forms import sided
from .naming import constant_names, function_names
from .operations import (
    Call,
    Constant,
    Declare,
    Descend,
    DispatchRow,
    FromVariants,
    MapKnownValues,
    MapTexts,
    Move,
    NoteSpelling,
    Operation,
    Present,
    ReadMember,
    RemoveProperty,
    Take,
    Wrap,
)
from .paths import by_object, inner_objects, last, names_of, start, written
from .plan import Function, Plan, settled
from .shapes import chosen, containers_of, in_containers
from .values import Table, json_text

# The names of an object: the types of a property in words, or the names of an object.
Known: TypeAlias = dict[str, Any]
TAG = "string"


def reader_plan(resolution: Resolution) -> Plan:
    """The functions that read, by the name of their section; those of unions by the name of the shape."""
    reader = _Reader(resolution)
    unions = [reader.union(shape) for shape in resolution.map.shapes.values() if shape.tag]
    return settled([*unions, *map(reader.function, resolution.sections())])


class _Reader:
    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.tables = {name: Table(name, rows) for name, rows in resolution.map.values.items()}

    # -- unions ---------------------------------------------------------------------------------

    def union(self, shape: Shape) -> Function:
        rows = []
        for member in shape.members:
            key = f"{shape.name}.{member.tag}"
            rows.append(DispatchRow(member.tag, key, member.tag))
            for alias in member.aliases:
                implied = tuple((names_of(path), text) for path, text in alias.when)
                rows.append(DispatchRow(alias.tag, key, member.tag, implied))
        names = constant_names((shape.name,))
        dispatch = ReadMember(
            shape.tag, written(shape.tag), tuple(rows), names, tuple(self.ambiguous(shape))
        )
        about = f"Any variant's {shape.name}."
        words = function_names("read", (shape.name,))
        return Function(shape.name, shape.name, words, about, (), (dispatch,), is_root=True)

    def ambiguous(self, shape: Shape) -> Iterator[tuple[str, str]]:
        """Variants that have a member under an older tag and under the hub's too."""
        for occurrence in self.resolution.of(shape.name):
            for tag, members in occurrence.members.items():
                tags = {member.alias.tag for member in members if not member.alias.when}
                if tag in tags:
                    yield from ((occurrence.variant, other) for other in sorted(tags - {tag}))

    # -- objects --------------------------------------------------------------------------------

    def function(self, section: Section) -> Function:
        name, shape, entries, occurrences = section
        tag = name.removeprefix(shape.name)[1:] if shape.tag else ""
        operations = (
            *self.wrapped(shape, entries, occurrences),
            self.declared(section, shape.tag if tag else ""),
            *(op for entry in entries for op in self.takes(entry, occurrences)),
            *(op for entry in entries for op in self.moves(entry, occurrences)),
            *self.inside(by_object(entries), "", occurrences),
        )
        about = "" if tag else f"Any variant's {shape.name}, as the hub's."
        words = (shape.name, tag) if tag else (shape.name,)
        return Function(
            name,
            shape.name,
            function_names("read", words, ("of", shape.name)),
            about,
            (f"`{tag}`",) if tag else (),
            operations,
            is_root=not tag,
        )

    def wrapped(
        self, shape: Shape, entries: tuple[Entry, ...], occurrences: tuple[Occurrence, ...]
    ) -> Iterator[Operation]:
        if shape.wraps:
            own = {names_of(entry.path)[0] for entry in entries}
            beside = {start(path) for entry in entries for path in entry.was}
            variants = dict.fromkeys(o.variant for o in occurrences if o.is_unwrapped)
            yield Wrap(shape.wraps, tuple(sorted(own)), tuple(sorted(beside)), tuple(variants))

    def declared(self, section: Section, tag: str) -> Operation:
        """Report what no variant declares, and values of types that none admits."""
        known: Known = {tag: TAG} if tag else {}
        for entry in section.entries:
            words = expected(entry, section.occurrences, self.resolution)
            for path in entry.paths:
                if is_in_list(path):
                    continue
                *outer, name = names_of(path)
                inner = known
                for group in outer:
                    within = inner.get(group)
                    if not isinstance(within, dict):
                        within = inner[group] = {}
                    inner = within
                inner.setdefault(name, words)
        names = constant_names((section.name, "properties"))
        return Declare(Constant(json_text(_sorted(known)), names, "Properties"))

    def takes(self, entry: Entry, occurrences: tuple[Occurrence, ...]) -> Iterator[Operation]:
        """Bring a field from elements of lists, before a list is brought elsewhere."""
        table = self.tables.get(entry.values)
        up = table.up() if table and table.maps else None
        for path in entry.was:
            if is_in_list(path):
                words = expected(entry, occurrences, self.resolution)
                yield Take(steps(path), names_of(entry.path), words, up, sided(entry))

    def moves(self, entry: Entry, occurrences: tuple[Occurrence, ...]) -> Iterator[Operation]:
        """Bring a field from each of its other paths to the one in the hub."""
        table = self.tables.get(entry.values)
        up = table.up() if table and table.maps else None
        for path in entry.was:
            if is_in_list(path):
                continue
            source = names_of(path)
            both = [o.variant for o in occurrences if {path, entry.path} <= o.present]
            if both:
                reason = f"It is said as `{entry.path}` too, and comes back as that."
                note = NoteSpelling(source, written(path), reason)
                yield FromVariants(tuple(dict.fromkeys(both)), (note,))
            yield Move(source, names_of(entry.path), up, sided(entry))

    def inside(
        self,
        objects: Mapping[str, list[Entry]],
        path: str,
        occurrences: tuple[Occurrence, ...],
    ) -> Iterator[Operation]:
        """What is done where the hub has the fields: shapes, and values that can only be of an older variant."""
        for entry in objects.get(path, ()):
            yield from self.field(entry, occurrences)
        for inner in inner_objects(objects, path):
            yield Descend(names_of(inner), tuple(self.inside(objects, inner, occurrences)))

    def field(self, entry: Entry, occurrences: tuple[Occurrence, ...]) -> Iterator[Operation]:
        name, at = last(entry.path), written(entry.path)
        table = self.tables.get(entry.values)
        if table and table.maps and table.is_own:
            if table.is_of_texts:
                yield MapTexts(name, at, table.up())
            else:
                yield Present(name, (MapKnownValues(name, at, table.up()),))
        if choice := entry.shape:
            yield from in_containers(
                containers_of(occurrences, entry.path, self.resolution),
                name,
                at,
                RemoveProperty(name),
                lambda _, refusal: chosen(choice, lambda shape: (Call(shape, refusal),)),
            )


def _sorted(known: Known) -> Known:
    """Names in order, so that it does not matter in which the map has them."""
    return {
        name: _sorted(inner) if isinstance(inner, dict) else inner
        for name, inner in sorted(known.items())
    }
