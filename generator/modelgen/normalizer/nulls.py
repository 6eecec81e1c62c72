"""Null among the values of a type: one spelling, a null member of a union."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from ..ir import Type
from .vocabulary import ASSERTIONS

NULL = ir.Scalar(kind="null")


def is_null(raw: object) -> bool:
    """Whether a schema in the document says that it allows null and nothing else, and no more."""
    if not isinstance(raw, dict):
        return False
    said = {word: value for word, value in raw.items() if word in ASSERTIONS}
    return said in ({"type": "null"}, {"type": ["null"]}, {"enum": [None]}, {"const": None})


def or_null(type_: Type) -> Type:
    """The type with null among its values."""
    match type_:
        case ir.Anything(checks=()):
            return type_
        case ir.Never() | ir.Scalar(kind="null"):
            return replace(NULL, at=type_.at)
        case ir.Union(members=members, checks=()):
            return (
                type_
                if any(_is_null_type(m) for m in members)
                else replace(type_, members=(*members, NULL))
            )
        case _:
            return ir.Union(members=(type_, NULL), at=type_.at)


def split_null(type_: Type) -> tuple[Type, bool]:
    """The type without null, and whether null was among its values."""
    if not isinstance(type_, ir.Union) or type_.checks:
        return type_, False
    rest = tuple(member for member in type_.members if not _is_null_type(member))
    if len(rest) == len(type_.members):
        return type_, False
    if len(rest) == 1:
        return rest[0], True
    return replace(type_, members=rest), True


def _is_null_type(type_: Type) -> bool:
    return isinstance(type_, ir.Scalar) and type_.kind == "null" and not type_.checks
