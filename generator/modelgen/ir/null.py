"""Null among the values of a type: one spelling, a null member of a union."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .types import Anything, Named, Never, Ref, Scalar, Type, Union

NULL = Scalar(kind="null")


def is_null(type_: Type) -> bool:
    """Whether null is the only value."""
    return isinstance(type_, Scalar) and type_.kind == "null" and not type_.checks


def or_null(type_: Type) -> Type:
    """The type with null among its values."""
    match type_:
        case Anything(checks=()):
            return type_
        case Never() | Scalar(kind="null"):
            return replace(NULL, at=type_.at)
        case Union(members=members, checks=()):
            if any(is_null(member) for member in members):
                return type_
            return replace(type_, members=(*members, NULL))
        case _:
            return Union(members=(type_, NULL), at=type_.at)


def split_null(type_: Type) -> tuple[Type, bool]:
    """The type without null, and whether null was among its values."""
    if not isinstance(type_, Union) or type_.checks:
        return type_, False
    rest = tuple(member for member in type_.members if not is_null(member))
    if len(rest) == len(type_.members):
        return type_, False
    if len(rest) == 1:
        return rest[0], True
    return replace(type_, members=rest), True


def accepts_null(type_: Type, types: Mapping[str, Named]) -> bool:
    """Whether null is certainly one of the values: nothing is asked beside it."""
    match type_:
        case Scalar(kind="null") | Anything(checks=()):
            return True
        case Ref(target=target, checks=()):
            return types[target].nullable or accepts_null(types[target].type, types)
        case Union(members=members, checks=(), exclusive=False):
            return any(accepts_null(member, types) for member in members)
        case _:
            return False
