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
    """The functions of the unions that have streams, by the name of the shape."""
    unions = dict.fromkeys(stream.union for stream in resolution.map.streams)
    return named({union: function_names("around", (union,)) for union in unions})


def streams(resolution: Resolution, path: str, doc: tuple[str, ...]) -> StreamsView:
    """The module of streams. Each function takes an event of the hub, changes it, and returns the events that stand
    before it and after it for whoever expects them."""
    functions = []
    needs = {"Json"}
    for union, name in stream_names(resolution).items():
        shape = resolution.map.shapes[union]
        operations = tuple(
            _operation(resolution, shape, stream)
            for stream in resolution.map.streams
            if stream.union == union
        )
        needs.update(name for operation in operations for name in operation.needs)
        about = docstring(f"What stands around an event of {union}.", 4)
        functions.append(StreamView(name, about, literal(shape.tag), lines_of(operations)))
    return StreamsView(path, doc, sorted_imports(needs), tuple(functions))


def _operation(resolution: Resolution, shape: Shape, stream: Forms | Fills) -> Operation:
    variants = _lacking(resolution, shape, stream)
    if isinstance(stream, Fills):
        return FillProperty(
            variants,
            stream.tag,
            stream.property,
            names_of(stream.key),
            stream.sources,
            names_of(stream.of_key),
            names_of(stream.value),
        )
    path, text = stream.unless
    return FormEvent(
        variants,
        shape.tag,
        stream.tag,
        stream.of,
        stream.own,
        names_of(stream.key),
        names_of(path),
        text,
        stream.before,
        names_of(stream.take),
    )


def _lacking(resolution: Resolution, shape: Shape, stream: Forms | Fills) -> tuple[str, ...]:
    """The variants that do not have it themselves."""
    variants = []
    for occurrence in resolution.of(shape.name):
        members = [resolution[member.key] for member in occurrence.members.get(stream.tag, ())]
        if isinstance(stream, Fills):
            members = [member for member in members if stream.property in member.placements]
        if not members:
            variants.append(occurrence.variant)
    return tuple(variants)
