"""Wire names of properties -> attributes. `docs/names.md` has the rules for users."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from .. import ir
from ..errors import Diagnostic, SpecError
from ..ir.words import snake_case, spelled_out
from .names import BUILTINS, SETTLED, settles

# How attributes are spelled: `created_at`, or as the document writes them.
Spelling: TypeAlias = Literal["snake", "wire"]
SPELLINGS: tuple[Spelling, ...] = ("snake", "wire")

_RESERVED = BUILTINS | {
    "Any",
    "Literal",
    "Never",
    "UNSET",
    "UnknownVariant",
    "Unset",
    "additional_properties",
    "from_dict",
    "from_json",
    "self",
    "to_dict",
    "to_json",
    "to_json_str",
}


def attribute_names(
    api: ir.Api, names: Mapping[str, str], spelling: Spelling, fixed: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], tuple[ir.Anomaly, ...]]:
    """Key of a class -> wire name -> attribute, and the properties whose name was taken. `names`: key -> Python name of
    every named type. `fixed`: JSON pointer -> name, what the configuration settles. Raises SpecError.
    """
    places = frozenset(named.at.pointer for named in api.types)
    namer = AttributeNamer(frozenset(names.values()), spelling, fixed, places)
    attributes = {
        named.key: namer.names(named.type.fields)
        for named in api.types
        if isinstance(named.type, ir.Object)
    }
    return attributes, namer.anomalies


def pointers_of(api: ir.Api) -> Iterator[str]:
    """What the configuration can name."""
    for named in api.types:
        yield named.at.pointer
        if isinstance(named.type, ir.Object):
            for field in named.type.fields:
                yield field.at.pointer
                yield f"{field.at.pointer}#"


class AttributeNamer:
    """Gives attributes to the properties of one object after another. `types`: names of classes and aliases, which an
    attribute must not hide; there are many, and nobody goes through them. `fixed`: JSON pointer -> name, what the
    configuration settles; with a `#` at its end it is the property that has the name, and no class or alias that is made
    of its schema, whose pointers are `places`. `anomalies`: the properties whose name was taken."""

    def __init__(
        self,
        types: Container[str] = (),
        spelling: Spelling = "snake",
        fixed: Mapping[str, str] = MappingProxyType({}),
        places: Container[str] = (),
    ) -> None:
        self.types = types
        self.spelling = spelling
        self.fixed = fixed
        self.places = places
        self._anomalies: dict[ir.Anomaly, None] = {}

    @property
    def anomalies(self) -> tuple[ir.Anomaly, ...]:
        return tuple(self._anomalies)

    def names(self, fields: Sequence[ir.Field]) -> dict[str, str]:
        """Wire name -> attribute of the fields of one object. Raises SpecError if two of them want one name."""
        names: dict[str, str] = {}
        taken: dict[str, ir.Field] = {}
        settled = {field.wire: name for field in fields if (name := self._settled(field))}

        def distance(field: ir.Field) -> tuple[bool, bool, bool, str]:
            name = self._attribute(field.wire)
            return (
                field.wire not in settled,
                name != field.wire,
                name.rstrip("_") != field.wire,
                field.wire,
            )

        # what the configuration settles goes first, then those whose name is spelled as in the document; the order
        # there does not matter
        for field in sorted(fields, key=distance):
            name = settled.get(field.wire) or self._attribute(field.wire)
            if name in taken:
                other = taken[name]
                name = "" if field.wire in settled else self._told_apart(field, taken)
                if not name:
                    raise _clash(
                        settled.get(field.wire) or self._attribute(field.wire), field, other
                    )
                self._anomalies[_taken(field, other, name, self._key(field))] = None
            taken[name] = field
            names[field.wire] = name
        return names

    def _key(self, field: ir.Field) -> str:
        """What stands for a property in the configuration."""
        pointer = field.at.pointer
        return f"#{pointer}#" if pointer in self.places else f"#{pointer}"

    def _settled(self, field: ir.Field) -> str:
        pointer = field.at.pointer
        name = self.fixed.get(f"{pointer}#", "") if self.fixed else ""
        if not name and self.fixed and pointer not in self.places:
            name = self.fixed.get(pointer, "")
        if name and self._safe(name) != name:
            message = f"`{name}` cannot be an attribute: generated code needs the name."
            hint = f"Choose another name for {self._key(field)} under [{SETTLED}]."
            raise SpecError(Diagnostic("name-clash", message, field.at, hint))
        return name

    def _told_apart(self, field: ir.Field, taken: Container[str]) -> str:
        """What a property is called whose name is taken: as the document spells it, else with its punctuation spelled
        out; "" if all that is taken too."""
        return next((name for name in self._others(field.wire) if name not in taken), "")

    def _others(self, wire: str) -> Iterator[str]:
        yield self._safe(_legal(wire))
        yield self._attribute(spelled_out(wire))
        yield self._safe(_legal(spelled_out(wire)))
        yield f"{self._attribute(wire)}_"
        yield f"{self._attribute(spelled_out(wire))}_property"

    def _attribute(self, wire: str) -> str:
        name = _legal(wire)
        if self.spelling == "snake" and name != name.lower():
            name = unicodedata.normalize("NFKC", snake_case(name))
        return self._safe(name)

    def _safe(self, name: str) -> str:
        while name in _RESERVED or name in self.types or keyword.iskeyword(name):
            name += "_"
        return name


def _legal(wire: str) -> str:
    name = unicodedata.normalize("NFKC", wire)
    if not name.isidentifier() or name.startswith("_"):
        name = re.sub(r"\W+", "_", name).strip("_")
        if not name.isidentifier():
            name = spelled_out(wire)
        if not name.isidentifier():
            name = f"field_{name}" if f"field_{name}".isidentifier() else "field_" + _ascii(wire)
    return name


def _ascii(text: str) -> str:
    return "_".join(
        f"u{ord(char):x}" if not (char.isascii() and char.isalnum()) else char for char in text
    )


def _taken(field: ir.Field, other: ir.Field, name: str, key: str) -> ir.Anomaly:
    message = (
        f"`{other.wire}` has the name of this property, which becomes `{name}`; "
        f"{settles(key, 'another_name')}"
    )
    return ir.Anomaly("name-taken", message, field.at)


def _clash(name: str, field: ir.Field, other: ir.Field) -> SpecError:
    hint = f'Name one of them yourself: under [{SETTLED}] write "#{field.at.pointer}" = "another_name".'
    message = f"Two properties would both be named `{name}`."
    return SpecError(Diagnostic("name-clash", message, field.at, hint, (other.at,)))
