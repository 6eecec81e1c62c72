"""Where an entry has a shape: the value, or the items of it, go through a function, or one of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from ...reconcile import Choice, Container, Occurrence, Resolution, containers
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


def containers_of(
    occurrences: Iterable[Occurrence], path: str, resolution: Resolution
) -> tuple[Container, ...]:
    """What has the shapes of an entry in it, in any of some occurrences; the value itself if none has an object there."""
    found: dict[Container, None] = {}
    for occurrence in occurrences:
        placement = occurrence.placements.get(path)
        for type_ in placement.types if placement else ():
            types = resolution.apis[occurrence.variant]
            found.update(dict.fromkeys(containers(type_, types)))
    return tuple(sorted(found)) or ("object",)


def in_containers(
    kinds: tuple[Container, ...],
    name: str,
    at: str,
    refusal: Operation,
    made: Callable[[Container, Operations], Operations],
) -> Iterator[Operation]:
    """The operations for the value of a property, or what is in it. `made` gives those for each container, from what it
    means that one has no form; `refusal` is that for the value itself."""
    for kind in kinds:
        match kind:
            case "array":
                yield Items(name, at, made(kind, (SkipItem(),)))
            case "map":
                yield Entries(name, at, made(kind, (RemoveEntry(),)))
            case "object":
                yield Shaped(name, at, made(kind, (refusal,)))
            case _:
                assert_never(kind)


def chosen(choice: Choice, made: Callable[[str], Operations]) -> Operations:
    """The operations for the shape that a choice tells; `made` gives those of a shape."""
    if not choice.by:
        return made(choice.other)
    subject, by = Code("data"), choice.by
    if by.startswith("."):
        subject, by = Code("value"), by[1:]
    cases = tuple(Case(text, made(shape)) for text, shape in choice.shapes)
    return (Choose(subject, by, cases, made(choice.other)),)
