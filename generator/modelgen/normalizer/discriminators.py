"""`discriminator`: the property that tells the members of a union apart, and which schema each of its values means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Location, SpecError
from .operands import describe
from .scope import Scope

_Pairs = tuple[tuple[str, str], ...]


def discriminator(raw: Mapping[str, Any], at: Location, scope: Scope) -> tuple[str, _Pairs]:
    """The name of the property, "" if there is none; and value -> key of the schema that it means."""
    if "discriminator" not in raw:
        return "", ()
    at = at.below("discriminator")
    wire = raw["discriminator"].get("propertyName")
    if not isinstance(wire, str) or not wire:
        message = "`discriminator` must name a property in `propertyName`."
        scope.note("keyword-ignored", message, at)
        return "", ()
    return wire, tuple(
        _mapping(raw["discriminator"].get("mapping", {}), at.below("mapping"), scope)
    )


def _mapping(mapping: object, at: Location, scope: Scope) -> Iterator[tuple[str, str]]:
    if not isinstance(mapping, Mapping):
        message = f"`mapping` must be an object, not {describe(mapping)}."
        scope.note("keyword-ignored", message, at)
        return
    for value, ref in mapping.items():
        if not isinstance(ref, str):
            message = f"An entry of `mapping` must be a string, not {describe(ref)}."
            scope.note("keyword-ignored", message, at.below(value))
        elif (key := _key(ref, at.below(value), scope)) is not None:
            yield value, key


def _key(ref: str, at: Location, scope: Scope) -> str | None:
    """The key of a schema that is given as the name of a component or as a reference, None if there is none."""
    if ref in scope.components:
        return scope.component(ref).key
    try:
        return scope.target(ref, at).key
    except SpecError as error:
        scope.note("mapping-dangling", error.diagnostics[0].message, at)
        return None
