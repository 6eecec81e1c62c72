"""Where an entry has a shape: the value, or the items of it, go through a function, or one of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ... import ir
from ...ir import opened
from ...reconcile import Choice, Occurrence, Resolution
from ..text import Code
from .operations import (
    Case,
    Choose,
    Entries,
    Items,
    Operation,
    Operations,
    RemoveEntry,
    Shaped,
    SkipItem,
)

_CONTAINERS: dict[type[ir.Type], str] = {ir.Array: "array", ir.Map: "map", ir.Object: ""}


def container(occurrences: Iterable[Occurrence], path: str, resolution: Resolution) -> str:
    """What has the shapes of an entry in it: "array", "map" or "" for the value itself."""
    for occurrence in reversed(tuple(occurrences)):
        placement = occurrence.placements.get(path)
        for type_ in placement.types if placement else ():
            for part in opened(type_, resolution.apis[occurrence.variant]):
                if type(part) in _CONTAINERS:
                    return _CONTAINERS[type(part)]
    return ""


def in_container(
    kind: str,
    name: str,
    at: str,
    refusal: Operation,
    made: Callable[[Operations], Operations],
) -> Operation:
    """The operation for the value of a property, or what is in it. `made` gives the operations for each, from what it
    means that one has no form; `refusal` is that for the value itself."""
    match kind:
        case "array":
            return Items(name, at, made((SkipItem(),)))
        case "map":
            return Entries(name, at, made((RemoveEntry(),)))
        case _:
            return Shaped(name, at, made((refusal,)))


def chosen(choice: Choice, made: Callable[[str], Operations]) -> Operations:
    """The operations for the shape that a choice tells; `made` gives those of a shape."""
    if not choice.by:
        return made(choice.other)
    subject, by = Code("data"), choice.by
    if by.startswith("."):
        subject, by = Code("value"), by[1:]
    cases = tuple(Case(text, made(shape)) for text, shape in choice.shapes)
    return (Choose(subject, by, cases, made(choice.other)),)
