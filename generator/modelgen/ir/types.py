"""The meaning of an API: named types made of a closed set of type expressions. No Python names in it.

Two nodes are equal when they mean the same: where a node was written (`at`) and its documentation take
no part in comparison. Every node is frozen and hashable.
"""

from __future__ import annotations

import json
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from ..errors import Location
from .operations import Operation

NOWHERE = Location("")


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value, kept as canonical text so that `true`, `1` and `"1"` differ while `1.0` equals `1`."""

    text: str

    @classmethod
    def of(cls, value: object) -> Value:
        return cls(
            json.dumps(_canonical(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        )

    @property
    def json(self) -> object:
        """The value itself; do not change it."""
        return _loaded(self.text)


@cache
def _loaded(text: str) -> object:
    return json.loads(text)


def _canonical(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    return value


Kind: TypeAlias = typing.Literal["string", "integer", "number", "boolean", "null"]

# A JSON Schema assertion that the shape of a type does not express: ("minimum", 0), ("pattern", "^a"),
# ("not", <Type>). Sorted by keyword. Operands are numbers, strings, types, or tuples of those.
Check: TypeAlias = tuple[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every type expression has: further assertions, and where it was written."""

    checks: tuple[Check, ...] = ()
    at: Location = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar(Node):
    kind: Kind
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """One of `values`. Open: any other string is valid too, the values are only the known ones."""

    values: tuple[Value, ...]
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Node):
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Array(Node):
    items: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuple(Node):
    """`prefixItems`, then any number of `rest` (Never: no more)."""

    prefix: tuple[Type, ...]
    rest: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Node):
    """An object without declared properties: every value is a `values`, those of matching names also a pattern's."""

    values: Type
    patterns: tuple[tuple[str, Type], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Union(Node):
    """`anyOf` or, if exclusive, `oneOf`. A null member is a `Scalar` of kind null.

    `mapping`: values of the discriminator, and the keys of the members that they mean. `otherwise`: the key of the one
    that any other value means."""

    members: tuple[Type, ...]
    exclusive: bool = False
    discriminator: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything(Node):
    """Any JSON value. With checks: any value that passes them, as JSON Schema reads a schema without `type`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Never(Node):
    """No value (`false`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property. `required`, `nullable`, absence and `default` are four separate facts.

    `declared`: False where `required` alone names it, and no schema is written for it. `implied`: its values follow from
    the discriminator of a base."""

    wire: str
    type: Type
    required: bool = False
    nullable: bool = False
    default: Value | None = None
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    doc: str = field(default="", compare=False)
    declared: bool = field(default=True, compare=False)
    implied: bool = field(default=False, compare=False)
    origin: str = field(default="", compare=False)  # the component an `allOf` brought it from
    at: Location = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(Node):
    """An object with declared properties. Only named types have one as their type."""

    fields: tuple[Field, ...]
    additional: Type
    patterns: tuple[tuple[str, Type], ...] = ()


Type: TypeAlias = Scalar | Literal | Ref | Array | Tuple | Map | Union | Anything | Never | Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A type with a key. Its kind follows from `type`: Object, Literal (an enum), Union, else an alias.

    `nullable`: null is one of its values. `null_beside`: it is a class, which has no null among its values, and null stands
    beside it wherever it is referred to."""

    key: str
    type: Type
    nullable: bool = False
    null_beside: bool = False
    component: bool = False
    deprecated: bool = False
    default: Value | None = None
    doc: str = field(default="", compare=False)
    at: Location = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """An oddity that the normalizer met and repaired, or a keyword that it does not check."""

    code: str
    message: str
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What a document says. `types` are in the order of the document, inline types after their owner. `apart`: the keys
    of those that stand in operations."""

    title: str
    version: str
    types: tuple[Named, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)
    operations: tuple[Operation, ...] = ()
    apart: frozenset[str] = frozenset()

    def by_key(self) -> dict[str, Named]:
        return {named.key: named for named in self.types}
