"""Is a map consistent in itself? Names of nothing, and paths, tags and values that are mapped twice, are seen without
the schemas of an API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TypeAlias, assert_never

from ..errors import Diagnostic, Location, step
from .map import Entry, Fills, Forms, Map, Row, Shape, Stream
from .paths import is_in_list, lists

# The location of a pointer in the file of the map.
At: TypeAlias = Callable[[str], Location]


def inconsistent(map_: Map, at: At) -> Iterator[Diagnostic]:
    """What a map decides twice, or about something that it does not have."""
    yield from _unknown_names(map_, at)
    yield from _mapped_twice(map_)
    yield from _into_lists(map_)


# -- names of nothing -------------------------------------------------------------------------------------------


def _unknown_names(map_: Map, at: At) -> Iterator[Diagnostic]:
    for shape in map_.shapes.values():
        yield from _unknown_in_shape(shape, map_, at)
    for outside in map_.outside:
        where = at(step("", "outside", outside.variant))
        yield from _unknown("variant", outside.variant, map_.variants, where)
    for stream in map_.streams:
        yield from _unknown_in_stream(stream, map_)


def _unknown(what: str, name: str, names: Iterable[str], at: Location) -> Iterator[Diagnostic]:
    known = list(names)
    if name not in known:
        close = get_close_matches(name, known, 1)
        hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(known) or 'none'}."
        yield _fault(f'There is no {what} "{name}".', at, hint)


def _unknown_in_shape(shape: Shape, map_: Map, at: At) -> Iterator[Diagnostic]:
    own = step("", "shapes", shape.name)
    for role, schemas in shape.schemas.items():
        for variant in schemas:
            where = at(step(own, "schemas", role, variant))
            yield from _unknown("variant", variant, map_.variants, where)
    if shape.like:
        yield from _unknown("shape", shape.like, map_.shapes, at(step(own, "like")))
    for entries in _lists(shape):
        for entry in entries:
            yield from _unknown_in_entry(entry, map_)


def _unknown_in_entry(entry: Entry, map_: Map) -> Iterator[Diagnostic]:
    if entry.values:
        yield from _unknown("table of values", entry.values, map_.values, entry.at)
    for name in entry.shape.all if entry.shape else ():
        yield from _unknown("shape", name, map_.shapes, entry.at)


def _unknown_in_stream(stream: Stream, map_: Map) -> Iterator[Diagnostic]:
    families = {family.name: family for family in map_.families if family.tag}
    if stream.family not in families:
        yield from _unknown("family with a tag", stream.family, families, stream.at)
        return
    tags = [member.tag for member in families[stream.family].members]
    for event in stream.events:
        for tag in _tags_of(event):
            yield from _unknown("member", tag, tags, event.at)


def _tags_of(event: Forms | Fills) -> tuple[str, ...]:
    match event:
        case Forms(tag=tag, of=of, before=before):
            return (tag, of, before)
        case Fills(tag=tag, sources=sources):
            return (tag, *sources)
        case _:
            assert_never(event)


# -- mapped twice -----------------------------------------------------------------------------------------------


def _mapped_twice(map_: Map) -> Iterator[Diagnostic]:
    for shape in map_.shapes.values():
        for entries in _lists(shape):
            paths = ((path, entry.at) for entry in entries for path in entry.paths)
            for path, at in _repeated(paths):
                yield _fault(f"`{path}` is mapped twice in {shape.name}.", at)
        for tag, at in _repeated(_tags(shape)):
            yield _fault(f'The tag "{tag}" is mapped twice in {shape.name}.', at)
    for name, rows in map_.values.items():
        yield from _decided_twice(name, rows)


def _into_lists(map_: Map) -> Iterator[Diagnostic]:
    """Paths into lists are those of variants, and what else is in the list has to be decided."""
    for shape in map_.shapes.values():
        for entries in _lists(shape):
            known = {path for entry in entries for path in entry.paths}
            for entry in entries:
                if is_in_list(entry.path):
                    yield _fault(
                        f"`{entry.path}` of {shape.name} leads into a list.",
                        entry.at,
                        "Give the field a name, and say the path in `was`.",
                    )
                for inner in dict.fromkeys(one for path in entry.was for one in lists(path)):
                    if inner not in known and not is_in_list(inner):
                        yield _fault(
                            f"`{inner}` of {shape.name} is a list, and only an element of it is decided.",
                            entry.at,
                            f"Add `{inner}` to `fields`: it is what else is in the list.",
                        )


def _lists(shape: Shape) -> tuple[tuple[Entry, ...], ...]:
    """The lists of entries of a shape: its own, and those of its members."""
    return (shape.entries, *(member.entries for member in shape.members))


def _tags(shape: Shape) -> Iterator[tuple[str, Location]]:
    for member in shape.members:
        yield member.tag, member.at
        yield from ((alias.tag, member.at) for alias in member.aliases)


def _decided_twice(name: str, rows: Sequence[Row]) -> Iterator[Diagnostic]:
    """Values that two rows read, or that two rows write."""
    read = ((row.was.text, row.at) for row in rows if row.was and row.way in ("both", "up"))
    written = ((row.hub.text, row.at) for row in rows if row.way in ("both", "down"))
    for text, at in _repeated(read):
        yield _fault(f"`was: {text}` is decided twice in `{name}`.", at)
    for text, at in _repeated(written):
        yield _fault(f"`is: {text}` is decided twice in `{name}`.", at)


def _repeated(items: Iterable[tuple[str, Location]]) -> Iterator[tuple[str, Location]]:
    """The second of two that are equal, and any further ones."""
    seen: set[str] = set()
    for text, at in items:
        if text in seen:
            yield text, at
        seen.add(text)


def _fault(message: str, at: Location, hint: str = "") -> Diagnostic:
    return Diagnostic("reconcile-map", message, at, hint)
