"""`discriminator`: the property that tells the members of a union apart, and which schema each of its values means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Diagnostic, Location, SpecError
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
        hint = "Add `propertyName`, or remove the discriminator."
        raise SpecError(Diagnostic("keyword-kind", message, at, hint))
    return wire, _mapping(raw["discriminator"].get("mapping", {}), at.below("mapping"), scope)


def _mapping(mapping: object, at: Location, scope: Scope) -> _Pairs:
    if not isinstance(mapping, Mapping):
        message = f"`mapping` must be an object, not {describe(mapping)}."
        hint = "Write each value of the tag and the schema it means, or remove the mapping."
        raise SpecError(Diagnostic("keyword-kind", message, at, hint))
    return tuple((value, _key(ref, at.below(value), scope)) for value, ref in mapping.items())


def _key(ref: object, at: Location, scope: Scope) -> str:
    """The key of a schema that is given as the name of a component or as a reference."""
    if not isinstance(ref, str):
        message = f"An entry of `mapping` must be a string, not {describe(ref)}."
        hint = "Name the schema that this value of the tag means."
        raise SpecError(Diagnostic("keyword-kind", message, at, hint))
    target = scope.component(ref) if ref in scope.components else scope.target(ref, at)
    return target.key
