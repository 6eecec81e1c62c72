"""Which shapes an entry may be in one schema: of which types, and of which of their objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from .. import ir
from .constants import text_of
from .map import Choice, Entry
from .resolution import Property

Admits: TypeAlias = Callable[[ir.Object], bool]
# What the tag of a member implies of its values: path -> text.
Implied: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A shape that an entry may be: the types that have it, and which of their objects it is."""

    shape: str
    types: tuple[ir.Type, ...]
    admits: Admits


def any_object(_: ir.Object) -> bool:
    return True


def options(entry: Entry, properties: Sequence[Property], implied: Implied) -> Iterator[Option]:
    """What an entry may be, given the properties that it is in a schema, and what the tag of its object implies."""
    if entry.shape is None:
        return
    choice, types = entry.shape, tuple(property_.field.type for property_ in properties)
    known = implied.get(f"{entry.path}{choice.by}") if choice.is_inside else None
    for text, shape in choice.options:
        if known is not None:
            yield Option(shape, types if text == known else (), any_object)
        elif choice.is_inside:
            yield Option(shape, types, partial(_says, choice, text))
        else:
            beside = tuple(p.field.type for p in properties if _may_choose(choice, text, p.owner))
            yield Option(shape, beside, any_object)


def _says(choice: Choice, text: str, object_: ir.Object) -> bool:
    """Whether an object is of the shape that `text` chooses."""
    return choice.chooses(text, text_of(object_, choice.by.removeprefix(".")))


def _may_choose(choice: Choice, text: str, owner: ir.Object) -> bool:
    """Whether the property that chooses, beside the entry, may have `text`."""
    value = text_of(owner, choice.by)
    return value is None or choice.chooses(text, value)
