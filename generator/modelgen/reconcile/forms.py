"""Forms of a value: how one thing is said by values that differ.

A *ladder* is told by the JSON type of a value: a text, an object that has the text under a name, a list of one. Each
variant has some rungs of it, and a value climbs to the next one that there is. Other forms are told by the path, as
tables are: `was` has them, and the hub does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from .. import ir
from ..ir import Value
from .meaning import Types, alike

SIMPLE = frozenset({"string", "number", "boolean"})


@dataclass(frozen=True, slots=True)
class ListForm:
    """A list of one."""


@dataclass(frozen=True, slots=True)
class ObjectForm:
    """An object that has the value under a name, and constants beside it."""

    name: str
    beside: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class TimeForm:
    """The number of units since 1970, and a date and time of RFC 3339; `per_second` are the units in a second."""

    per_second: int


@dataclass(frozen=True, slots=True)
class ScaleForm:
    """A number in another unit: so many times what the hub has. `factor` is a decimal number."""

    factor: str


Form: TypeAlias = ListForm | ObjectForm | TimeForm | ScaleForm
Kinds: TypeAlias = frozenset[str]


def ladder(forms: Sequence[Form]) -> tuple[Kinds, ...]:
    """The JSON types of the rungs, lowest first; none of forms that a type does not tell."""
    if not forms or isinstance(forms[0], ScaleForm):
        return ()
    if isinstance(forms[0], TimeForm):
        return frozenset({"number"}), frozenset({"string"})
    if forms == (ListForm(),):
        return SIMPLE | {"object"}, frozenset({"array"})
    rungs = (SIMPLE, frozenset({"object"}), frozenset({"array"}))
    return rungs[: len(forms) + 1]


def climbs(rungs: Sequence[Kinds], admitted: Collection[str]) -> tuple[int, ...]:
    """Where a value of each rung goes if a variant admits these JSON types: to the next rung above, else below."""
    there = [n for n, kinds in enumerate(rungs) if not kinds.isdisjoint(admitted)]
    return tuple(
        n if n in there or not there else min((m for m in there if m > n), default=there[-1])
        for n in range(len(rungs))
    )


def unformed(type_: ir.Type, forms: Sequence[Form], types: Types) -> ir.Type:
    """A type as it is on the lowest rung, to be compared with that of another variant."""
    parts = list(ir.opened(type_, types))
    for form in reversed(forms):
        parts = [inner for part in parts for inner in _lowered(part, form, types)]
    different: list[ir.Type] = []
    for part in parts:
        if not any(alike(part, types, other, types) for other in different):
            different.append(part)
    return ir.Union(members=tuple(different))


def _lowered(part: ir.Type, form: Form, types: Types) -> Iterator[ir.Type]:
    match form, part:
        case ListForm(), ir.Array(items=items):
            yield from ir.opened(items, types)
        case ObjectForm(name=name), ir.Object(fields=fields):
            for field in fields:
                if field.wire == name:
                    yield from ir.opened(field.type, types)
        case TimeForm(), _ if ir.sole_kind(part) in ("number", "string"):
            pass
        case (ListForm() | ObjectForm() | TimeForm() | ScaleForm()), _:
            yield part
        case _:
            assert_never(form)
