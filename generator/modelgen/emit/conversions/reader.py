"""Resolution -> the functions that read payloads of any variant into the hub.

One function a shape for all variants: the spellings of a field stand at different paths, so that a payload that mixes
them is read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...reconcile import Entry, Occurrence, Resolution, Section, Shape, prefixes
from .naming import constant_names, function_names
from .operations import (
    Call,
    Declare,
    Descend,
    DispatchRow,
    ExpectObject,
    FromVariants,
    MapKnownValues,
    MapTexts,
    Move,
    NoteSpelling,
    Operation,
    Operations,
    Present,
    ReadMember,
    RemoveProperty,
    Wrap,
)
from .paths import by_object, inner_objects, last, names_of, written
from .plan import Function, Plan, settled
from .shapes import chosen, container, in_container
from .values import Table, name_set


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
            *self.declared(section, {shape.tag} if tag else set()),
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
            beside = {names_of(path)[0] for entry in entries for path in entry.was}
            variants = dict.fromkeys(o.variant for o in occurrences if o.is_unwrapped)
            yield Wrap(shape.wraps, tuple(sorted(own)), tuple(sorted(beside)), tuple(variants))

    def declared(self, section: Section, tag: set[str]) -> Operations:
        """Report what no variant declares, in the object and in those inside of it."""
        names: dict[str, set[str]] = {"": tag}
        for whole in sorted({path for entry in section.entries for path in entry.paths}):
            for path in prefixes(whole):
                names.setdefault(path.rpartition(".")[0], set()).add(last(path))
        return tuple(self.declared_in(section, names, ""))

    def declared_in(
        self, section: Section, names: Mapping[str, set[str]], path: str
    ) -> Iterator[Operation]:
        words = (section.name, *names_of(path)) if path else (section.name,)
        known = name_set(sorted(names[path]), constant_names((*words, "properties")))
        yield Declare(known, written(path))
        for inner in sorted(p for p in names if p and p.rpartition(".")[0] == path):
            yield ExpectObject(last(inner), written(inner))
            yield Descend(names_of(inner), tuple(self.declared_in(section, names, inner)))

    def moves(self, entry: Entry, occurrences: tuple[Occurrence, ...]) -> Iterator[Operation]:
        """Bring a field from each of its other paths to the one in the hub."""
        table = self.tables.get(entry.values)
        up = table.up() if table and table.maps else None
        for path in entry.was:
            source = names_of(path)
            both = [o.variant for o in occurrences if {path, entry.path} <= o.present]
            if both:
                reason = f"It is said as `{entry.path}` too, and comes back as that."
                note = NoteSpelling(source, written(path), reason)
                yield FromVariants(tuple(dict.fromkeys(both)), (note,))
            yield Move(source, names_of(entry.path), up)

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
            kind = container(occurrences, entry.path, self.resolution)
            yield in_container(
                kind,
                name,
                at,
                RemoveProperty(name),
                lambda refusal: chosen(choice, lambda shape: (Call(shape, refusal),)),
            )
