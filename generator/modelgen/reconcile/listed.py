"""The values that a type lists: those of an enum, true and false, constant objects, and lists of either."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from .. import ir
from .constants import text_of
from .meaning import Types

# Of an enum with more values than this, the lists that can be made of them are too many to be listed.
MOST = 3


def listed_values(of: Sequence[ir.Type], types: Types) -> tuple[ir.Value, ...]:
    """The values that any of some types lists, in the order of the document."""
    return tuple(
        dict.fromkeys(value for type_ in of for value in _listed(ir.opened(type_, types), types))
    )


def _listed(parts: Sequence[ir.Type], types: Types) -> Iterator[ir.Value]:
    telling = _telling(parts)
    for part in parts:
        match part:
            case ir.Literal(values=values):
                yield from values
            case ir.Scalar(kind="boolean"):
                yield from (ir.Value.of(True), ir.Value.of(False))
            case ir.Object():
                yield from _constant_objects(part, telling)
            case ir.Array(items=items):
                yield from _lists(listed_values((items,), types))
            case _:
                pass


def _lists(values: Sequence[ir.Value]) -> Iterator[ir.Value]:
    """Every list of different values of a short enum."""
    if len(values) > MOST:
        return
    for n in range(1, len(values) + 1):
        for several in itertools.permutations(values, n):
            yield ir.Value.of([value.json for value in several])


def _telling(parts: Sequence[ir.Type]) -> frozenset[str]:
    """The properties that tell the objects among some types apart: constant in each, and different."""
    objects = [part for part in parts if isinstance(part, ir.Object)]
    names = {field.wire for object_ in objects for field in object_.fields}
    texts = {name: [text_of(object_, name) for object_ in objects] for name in names}
    return frozenset(
        name
        for name, own in texts.items()
        if len(own) > 1 and None not in own and len(set(own)) == len(own)
    )


def _constant_objects(object_: ir.Object, telling: frozenset[str]) -> Iterator[ir.Value]:
    """The objects that a type admits if every property has one value: all of it, then with optional ones left out, but
    for those that tell it from others."""
    values = {
        field.wire: field.type.values[0].json
        for field in object_.fields
        if isinstance(field.type, ir.Literal) and len(field.type.values) == 1
    }
    if len(values) < len(object_.fields):
        return
    optional = [f.wire for f in object_.fields if not f.required and f.wire not in telling]
    for n in range(len(optional) + 1 if telling else 1):
        for absent in itertools.combinations(optional, n):
            yield ir.Value.of({name: values[name] for name in values if name not in absent})
