"""The members of a union: which of them are one, which exclude each other."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from ..ir import Type


def merge_literals(members: list[Type]) -> list[Type]:
    """Several enums side by side are one enum, if no value stands in two of them."""
    literals = [m for m in members if isinstance(m, ir.Literal) and not m.checks and not m.open]
    values = [value for literal in literals for value in literal.values]
    if len(literals) < 2 or len(values) != len(set(values)):
        return members
    merged = replace(literals[0], values=tuple(values))
    first = next(n for n, member in enumerate(members) if member is literals[0])
    kept = [m for m in members if not any(m is literal for literal in literals)]
    return [*kept[:first], merged, *kept[first:]]


def open_enum(members: list[Type]) -> list[Type] | None:
    """The members with any string and the one enum of strings as one; None if there are not both."""
    text = next((m for m in members if isinstance(m, ir.Scalar) and _is_plain_text(m)), None)
    known = [m for m in members if isinstance(m, ir.Literal) and not m.checks and _all_text(m)]
    if text is None or len(known) != 1:
        return None
    opened = replace(known[0], open=True)
    return [opened if member is known[0] else member for member in members if member is not text]


def may_flatten(type_: Type, exclusive: bool) -> bool:
    """Whether the members of a union can stand among those of the union around it."""
    return (
        isinstance(type_, ir.Union) and not type_.checks and not exclusive and not type_.exclusive
    )


def disjoint(members: list[Type]) -> bool:
    """Whether the JSON types of the members tell them all apart."""
    kinds = [ir.sole_kind(member) for member in members]
    return "" not in kinds and len(set(kinds)) == len(kinds)


def overlap(members: list[Type]) -> bool:
    """Whether a member is a type of which another one is a part."""
    kinds = [ir.sole_kind(m) for m in members if isinstance(m, ir.Scalar | ir.Literal)]
    return any(kinds.count(ir.sole_kind(m)) > 1 for m in members if isinstance(m, ir.Scalar))


def _is_plain_text(type_: ir.Scalar) -> bool:
    return type_.kind == "string" and not type_.checks and not type_.format


def _all_text(type_: ir.Literal) -> bool:
    return all(isinstance(value.json, str) for value in type_.values)
