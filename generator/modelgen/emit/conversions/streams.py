"""The streams of a map -> functions that tell which events of the hub stand around one."""

from __future__ import annotations

from ...reconcile import Fills, Forms, Resolution, Shape
from ..text import docstring, literal
from ..views import StreamsView, StreamView
from .naming import function_names, named
from .operations import FillProperty, FormEvent, Operation
from .paths import names_of
from .printing import lines_of, sorted_imports


def stream_names(resolution: Resolution) -> dict[str, str]:
    """The functions of the streams in which something is made of several events, by the side."""
    sides = [stream.side for stream in resolution.map.streams if stream.events]
    return named({side: function_names("around", (side,)) for side in sides})


def streams(resolution: Resolution, path: str, doc: tuple[str, ...]) -> StreamsView:
    """The module of streams. Each function takes an event of the hub, changes it, and returns the events that stand
    before it and after it for whoever expects them."""
    functions = []
    needs = {"Json"}
    names = stream_names(resolution)
    for stream in resolution.map.streams:
        if stream.side not in names:
            continue
        shape = resolution.map.shapes[stream.family]
        operations = tuple(_operation(resolution, shape, event) for event in stream.events)
        needs.update(name for operation in operations for name in operation.needs)
        about = docstring(f"What stands around an event of {shape.name}.", 4)
        tag = literal(shape.tag)
        functions.append(StreamView(names[stream.side], about, tag, lines_of(operations)))
    return StreamsView(path, doc, sorted_imports(needs), tuple(functions))


def _operation(resolution: Resolution, shape: Shape, event: Forms | Fills) -> Operation:
    variants = _lacking(resolution, shape, event)
    if isinstance(event, Fills):
        return FillProperty(
            variants,
            event.tag,
            event.property,
            names_of(event.key),
            event.sources,
            names_of(event.of_key),
            names_of(event.value),
        )
    path, text = event.unless
    return FormEvent(
        variants,
        shape.tag,
        event.tag,
        event.of,
        event.own,
        names_of(event.key),
        names_of(path),
        text,
        event.before,
        names_of(event.take),
    )


def _lacking(resolution: Resolution, shape: Shape, event: Forms | Fills) -> tuple[str, ...]:
    """The variants that do not have it themselves."""
    variants = []
    for occurrence in resolution.of(shape.name):
        members = [resolution[member.key] for member in occurrence.members.get(event.tag, ())]
        if isinstance(event, Fills):
            members = [member for member in members if event.property in member.placements]
        if not members:
            variants.append(occurrence.variant)
    return tuple(variants)
