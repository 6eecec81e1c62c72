"""The streams of a map -> a function that says which events of the hub stand around one."""

from __future__ import annotations

from collections.abc import Iterator

from ...reconcile import Fills, Forms, Resolution, Shape
from ..text import docstring, indented, literal
from ..views import StreamsView, StreamView
from .code import function_name, joined, names_tuple


def streams(resolution: Resolution, doc: tuple[str, ...]) -> StreamsView:
    """The module of streams. Each function takes an event of the hub, changes it, and returns the events that stand
    before it and after it for whoever expects them."""
    functions = tuple(
        StreamView(
            function_name(shape.name),
            docstring(f"What stands around an event of {shape.name}.", 4),
            tuple(_lines(resolution, shape)),
        )
        for shape in resolution.map.families
        if any(stream.union == shape.name for stream in resolution.map.streams)
    )
    return StreamsView("_conversions/streams.py", doc, functions)


def _lines(resolution: Resolution, shape: Shape) -> Iterator[str]:
    yield "before: list[Json] = []"
    yield "after: list[Json] = []"
    yield f"tag = d.get({literal(shape.tag)})"
    for stream in resolution.map.streams:
        if stream.union == shape.name:
            lacking = _lacking(resolution, shape, stream)
            yield f"if s.source in {joined([literal(name) for name in lacking])}:"
            lines = _forms(stream, shape.tag) if isinstance(stream, Forms) else _fills(stream)
            yield from indented(list(lines))
    yield "return before, after"


def _lacking(resolution: Resolution, shape: Shape, stream: Forms | Fills) -> list[str]:
    """The variants that do not say it themselves."""
    found = []
    for occurrence in resolution.of(shape.name):
        members = occurrence.members.get(stream.tag, ())
        if isinstance(stream, Forms):
            has = bool(members)
        else:
            has = any(stream.property in resolution[member.key].placements for member in members)
        if not has:
            found.append(occurrence.variant)
    return found


def _path(path: str) -> str:
    return names_tuple(path.split("."))


def _forms(stream: Forms, tag: str) -> Iterator[str]:
    path, text = stream.unless
    yield f"if tag == {literal(stream.of)}:"
    words = ", ".join(literal(word) for word in (tag, stream.tag, stream.own))
    yield f"    made = s.formed(d, {words})"
    yield f"    if s.at(d, {_path(path)}) == {literal(text)}:"
    yield f"        s.hold({literal(stream.tag)}, s.at(d, {_path(stream.key)}), made)"
    yield "    else:"
    yield "        after.append(made)"
    yield f"elif tag == {literal(stream.before)}:"
    yield f"    held = s.take({literal(stream.tag)}, s.at(d, {_path(stream.key)}))"
    yield "    if held is not None:"
    yield f"        s.say(held, {_path(stream.take)}, s.at(d, {_path(stream.take)}))"
    yield "        before.append(held)"


def _fills(stream: Fills) -> Iterator[str]:
    name = f"{stream.tag}.{stream.property}"
    yield f"if tag in {names_tuple(stream.sources)}:"
    yield f"    s.hold({literal(name)}, s.at(d, {_path(stream.of_key)}), s.at(d, {_path(stream.value)}))"
    yield f"elif tag == {literal(stream.tag)} and {literal(stream.property)} not in d:"
    yield f"    said = s.take({literal(name)}, s.at(d, {_path(stream.key)}))"
    yield "    if said is not None:"
    yield f"        d[{literal(stream.property)}] = said"
