"""What is called otherwise than in the package of an earlier run, though it stands at the same place of a document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Location

SCHEMA_MAP = "schema_map.json"


@dataclass(frozen=True, slots=True)
class Renamed:
    """`old` and `new` are names of types, or `Type.attribute`. `keep`: whether the configuration can give the old name
    back, which it cannot where something else has it now."""

    pointer: str
    old: str
    new: str
    keep: bool


def renamed(old: str, new: str) -> list[Renamed]:
    """Compares two schema maps. What is no schema map has no names."""
    before, after = _types(old), _types(new)
    found: list[Renamed] = []
    old_names, new_names = _by_pointer(before), _by_pointer(after)
    for pointer, name in new_names.items():
        was = old_names.get(pointer, name)
        if was != name:
            found.append(Renamed(pointer, was, name, was not in after))
        fields, now = _fields(before.get(was)), _fields(after.get(name))
        found += (
            Renamed(place, f"{was}.{fields[place]}", f"{name}.{attribute}", keep=False)
            for place, attribute in now.items()
            if fields.get(place, attribute) != attribute
        )
    return found


def _types(text: str) -> Mapping[str, Any]:
    try:
        types = json.loads(text)["types"]
    except (ValueError, KeyError, TypeError):
        return {}
    return types if isinstance(types, dict) else {}


def _by_pointer(types: Mapping[str, Any]) -> dict[str, str]:
    """The names of types by their places, without places that several files have."""
    places = [
        (str(type_["pointer"]), name)
        for name, type_ in types.items()
        if isinstance(type_, dict) and "pointer" in type_
    ]
    several = Counter(pointer for pointer, _ in places)
    return {pointer: name for pointer, name in places if several[pointer] == 1}


def _fields(type_: object) -> dict[str, str]:
    """The attributes of a type by their places; what a map does not say of one is what can be guessed."""
    if not isinstance(type_, dict) or not isinstance(fields := type_.get("fields"), dict):
        return {}
    above = Location("", f"{type_.get('pointer', '')}/properties")
    return {
        str(entry.get("pointer", above.below(str(entry.get("wire", name))).pointer)): name
        for name, entry in fields.items()
        if isinstance(entry, dict)
    }
