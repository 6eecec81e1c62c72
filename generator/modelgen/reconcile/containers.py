"""What has the shapes of an entry in it: the value itself, a list, or a map. A map of what may hold a list cannot say
where in it a shape is, nor can one that is a map here and an object there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from .. import ir
from ..errors import Diagnostic
from .map import Entry
from .meaning import Types
from .resolution import Locate, Occurrence, Placement, Resolution

Container: TypeAlias = Literal["object", "array", "map"]


def containers(type_: ir.Type, types: Types) -> Iterator[Container]:
    """What values of a type have objects in: an object itself, an array, a map."""
    for part in ir.opened(type_, types):
        match part:
            case ir.Object():
                yield "object"
            case ir.Array(items=inner) if _reaches_object(inner, types):
                yield "array"
            case ir.Map(values=inner) if _reaches_object(inner, types):
                yield "map"
            case _:
                pass


def elements(
    type_: ir.Type, types: Types, entered: frozenset[str] = frozenset()
) -> Iterator[ir.Type]:
    """What a shape is the shape of: the items of an array, the values of a map, else the type itself; of a union in
    which there is any of these, each."""
    match type_:
        case ir.Array(items=inner) | ir.Map(values=inner):
            yield from elements(inner, types, entered)
        case ir.Union(members=members) if _holds_container(type_, types):
            for member in members:
                yield from elements(member, types, entered)
        case ir.Ref(target=target):
            inner = types[target].type
            if not isinstance(inner, ir.Ref) and not _holds_container(type_, types):
                yield type_
            elif target not in entered:
                yield from elements(inner, types, entered | {target})
        case _:
            yield type_


def undecided_containers(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    """Entries with a shape that stands where no conversion would find it."""
    for section in resolution.sections():
        for entry in section.entries:
            if entry.shape and not entry.shared:
                yield from _of_entry(section.name, section.occurrences, entry, resolution, locate)


def _of_entry(
    section: str,
    occurrences: tuple[Occurrence, ...],
    entry: Entry,
    resolution: Resolution,
    locate: Locate,
) -> Iterator[Diagnostic]:
    seen: dict[Container, tuple[str, Placement]] = {}
    for occurrence in occurrences:
        placement, variant = occurrence.placements.get(entry.path), occurrence.variant
        types = resolution.apis[variant]
        if placement is None or not placement.shapes:
            continue
        for type_ in placement.types:
            if _is_nested(type_, types):
                yield Diagnostic(
                    "reconcile-types",
                    f"`{entry.path}` of {section} has a shape, and is a container of containers in {variant} "
                    f"(`{placement.path}`).",
                    entry.at,
                    "A shape is that of a value, of items, or of the values of a map. Say in `kept` why what is in "
                    "them stays as it is, without a shape.",
                    (locate(variant, placement.at),),
                )
                return
            seen.update(dict.fromkeys(containers(type_, types), (variant, placement)))
    if {"object", "map"} <= seen.keys():
        places = [seen["object"], seen["map"]]
        yield Diagnostic(
            "reconcile-types",
            f"`{entry.path}` of {section} is an object in {places[0][0]} and a map of objects in {places[1][0]}: "
            "nothing tells which of them a value is.",
            entry.at,
            "Say in `kept` why it stays as it is, without a shape.",
            tuple(locate(variant, placement.at) for variant, placement in places),
        )


def _holds_container(type_: ir.Type, types: Types) -> bool:
    return any(isinstance(part, ir.Array | ir.Map) for part in ir.opened(type_, types))


def _is_nested(type_: ir.Type, types: Types) -> bool:
    """Whether there are objects in arrays or maps that are in arrays or maps."""
    for part in ir.opened(type_, types):
        if isinstance(part, ir.Array | ir.Map):
            inner = part.items if isinstance(part, ir.Array) else part.values
            if not {"array", "map"}.isdisjoint(containers(inner, types)):
                return True
    return False


def _reaches_object(type_: ir.Type, types: Types) -> bool:
    return any(
        isinstance(part, ir.Object)
        for element in elements(type_, types)
        for part in ir.opened(element, types)
    )
