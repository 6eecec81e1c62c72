"""Forms of values -> the operations that give a value a form that the target has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

from ...reconcile import (
    Entry,
    Form,
    ListForm,
    ObjectForm,
    ScaleForm,
    TimeForm,
    climbs,
    ladder,
)
from ..text import Code, literal
from .naming import constant_names
from .operations import ByKind, Constant, FromVariants, KindCase, NoteForm, Operation, Turn
from .values import json_text

ANOTHER_WAY = "It comes back in another form, which means the same there."
_TESTS = {
    "string": "value.__class__ is str",
    "number": "value.__class__ is int or value.__class__ is float",
    "object": "value.__class__ is dict",
    "array": "value.__class__ is list",
}
_SIMPLE = "value is not None and value.__class__ is not list"


def sided(entry: Entry) -> Constant | None:
    """The form that a field has at its other paths."""
    return next((_constant(form) for form in entry.form if isinstance(form, ScaleForm)), None)


def laddered(
    entry: Entry,
    name: str,
    at: str,
    admitted: Collection[str],
    having: Mapping[str, Collection[str]],
) -> Iterator[Operation]:
    """A value of each rung that the target does not have becomes one that it has. `admitted` are the JSON types of the
    target, `having` those of every variant that has the field."""
    rungs = ladder(entry.form)
    to = climbs(rungs, admitted)
    cases = []
    for n, kinds in enumerate(rungs):
        if to[n] == n:
            continue
        ambiguous = tuple(
            variant
            for variant, own in having.items()
            if not kinds.isdisjoint(own) and climbs(rungs, own)[to[n]] != n
        )
        noted = (FromVariants(ambiguous, (NoteForm(at, ANOTHER_WAY),)),) if ambiguous else ()
        cases.append(KindCase(_test(kinds), (*noted, *_turns(entry, name, at, n, to[n]))))
    if cases:
        yield ByKind(tuple(cases))


def _turns(entry: Entry, name: str, at: str, start: int, end: int) -> Iterator[Operation]:
    if start < end:
        for form in entry.form[start:end]:
            yield Turn(name, at, _constant(form), Code("up"))
    else:
        for form in reversed(entry.form[end:start]):
            yield Turn(name, at, _constant(form), Code("down"))


def _test(kinds: frozenset[str]) -> Code:
    if len(kinds) == 1:
        return Code(_TESTS[next(iter(kinds))])
    return Code(_SIMPLE if "object" in kinds else f"{_SIMPLE} and value.__class__ is not dict")


def _constant(form: Form) -> Constant:
    match form:
        case ListForm():
            return Constant("Listed()", constant_names(("list", "of", "one")))
        case ObjectForm(name=name, beside=beside):
            constants = json_text({key: value.json for key, value in beside})
            text = f"Named({literal(name)}, {constants})"
            words = [word for key, value in beside for word in (key, value.text)]
            return Constant(text, constant_names(("object", "of", name), words))
        case TimeForm(per_second=per_second):
            unit = "seconds" if per_second == 1 else "milliseconds"
            return Constant(f"Time({per_second})", constant_names(("time", "of", unit)))
        case ScaleForm(factor=factor):
            return Constant(f"Scale({literal(factor)})", constant_names(("times", factor)))
        case _:
            assert_never(form)
