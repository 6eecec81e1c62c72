"""What types are made of and what they refer to: children, references, and what stands behind a reference.

Named types lead back to themselves, and to each other many times over: whoever goes through them enters each once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from .types import (
    Anything,
    Array,
    Literal,
    Map,
    Named,
    Never,
    Node,
    Object,
    Ref,
    Scalar,
    Tuple,
    Type,
    Union,
)


def members(type_: Type) -> Iterator[Type]:
    """The type expressions directly inside one, without those of its checks."""
    match type_:
        case Array(items=items):
            yield items
        case Tuple(prefix=prefix, rest=rest):
            yield from prefix
            yield rest
        case Map(values=values, patterns=patterns):
            yield values
            yield from (value for _, value in patterns)
        case Union():
            yield from type_.members
        case Object(fields=fields, additional=additional, patterns=patterns):
            yield from (item.type for item in fields)
            yield additional
            yield from (value for _, value in patterns)
        case Scalar() | Literal() | Ref() | Anything() | Never():
            pass
        case _:
            assert_never(type_)


def children(type_: Type) -> Iterator[Type]:
    """The type expressions directly inside one, those of its checks included."""
    yield from members(type_)
    for _, operand in type_.checks:
        yield from types_in(operand)


def types_in(operand: object) -> Iterator[Type]:
    """The type expressions that the operand of a check is made of."""
    if isinstance(operand, Node):
        yield operand  # type: ignore[misc]
    elif isinstance(operand, tuple):
        for item in operand:
            yield from types_in(item)


def references(type_: Type) -> Iterator[str]:
    """The keys of all named types that a type expression mentions, in order, with repetitions."""
    if isinstance(type_, Ref):
        yield type_.target
    for child in children(type_):
        yield from references(child)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a reference stands for. `key`: of the last named type on the way, "" if it was no reference."""

    type: Type
    nullable: bool
    key: str


def resolve(type_: Type, types: Mapping[str, Named]) -> Resolved:
    """Follow references as long as nothing is asked beside them."""
    nullable, key = False, ""
    while isinstance(type_, Ref) and not type_.checks:
        key = type_.target
        nullable = nullable or types[key].nullable
        type_ = types[key].type
    return Resolved(type_, nullable, key)


def aliases(type_: Type, types: Mapping[str, Named]) -> Iterator[Named]:
    """The named types that a reference leads through, whatever is asked beside it; the last one is no reference."""
    while isinstance(type_, Ref):
        named = types[type_.target]
        yield named
        type_ = named.type


def opened(type_: Type, types: Mapping[str, Named]) -> tuple[Type, ...]:
    """The members of a type, references followed and unions opened."""
    return tuple(part for part in parts(type_, types) if not isinstance(part, Named))


def parts(type_: Type, types: Mapping[str, Named]) -> Iterator[Type | Named]:
    """The same members, and each named type on the way once, before its own."""
    entered: set[str] = set()
    waiting = [type_]
    while waiting:
        match waiting.pop():
            case Ref(target=target):
                if target not in entered:
                    entered.add(target)
                    yield types[target]
                    waiting.append(types[target].type)
            case Union(members=members):
                waiting.extend(reversed(members))
            case part:
                yield part
