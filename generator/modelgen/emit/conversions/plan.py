"""The plan of a module of conversions: its functions, each a list of operations, equal ones once.

Planners make a function for every shape or schema, and call each of them. What is settled here needs to know all
functions: which of them have nothing to do and need no call, which may find that an object has no form, and which are
the same.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .operations import (
    Accept,
    Call,
    Case,
    Choose,
    Dispatch,
    Items,
    KeptItems,
    Operation,
    Operations,
    Refuse,
    RefuseTexts,
    Reject,
    SkipItem,
    WriteMember,
    blocks,
    rebuilt,
    walk,
)

# What a function is of: a section of the map, or an occurrence of a shape.
Key: TypeAlias = Hashable


@dataclass(frozen=True, slots=True)
class Function:
    """A function that changes one payload. `about` and `schemas` are what its documentation says, `names` are those of a
    `Constant`. Only functions of one `shape` can be the same. `is_root`: it is there even if there is nothing to do.
    """

    key: Key
    shape: str
    names: tuple[str, ...]
    about: str
    schemas: tuple[str, ...]
    operations: Operations
    is_root: bool = False

    @property
    def answers(self) -> bool:
        """Whether it says if the object has a form."""
        return any(
            isinstance(op, Accept | Reject | RefuseTexts | WriteMember)
            for op in walk(self.operations)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The functions of a module, and which function is called for a key."""

    functions: tuple[Function, ...]
    same: Mapping[Key, Key]

    def function(self, key: Key) -> Function:
        return next(f for f in self.functions if f.key == self.same[key])


def settled(functions: Sequence[Function]) -> Plan:
    """The plan of functions that all call each other."""
    functions = _answering(functions)
    functions = _busy(functions)
    same = _same(functions)
    return Plan(tuple(_united(functions, same)), same)


# --- functions that may refuse --------------------------------------------------------------------


def _answering(functions: Sequence[Function]) -> list[Function]:
    """Calls are followed by a refusal where the function may refuse; a function that may refuse accepts in the end."""
    refusing: set[Key] = set()
    while True:
        made = [replace(f, operations=_refused(f.operations, refusing)) for f in functions]
        now = {f.key for f in made if f.answers}
        if now == refusing:
            return [_accepting(function) for function in made]
        refusing = now


def _refused(operations: Operations, refusing: Collection[Key]) -> Operations:
    def change(operation: Operation) -> Operations:
        match operation:
            case Call(function=function) if function not in refusing:
                return (replace(operation, refusal=()),)
            case Items(name=name, at=at, operations=inner) if _skips(inner):
                return (KeptItems(name, at, inner),)
            case _:
                return (operation,)

    return rebuilt(operations, change)


def _skips(operations: Operations) -> bool:
    return any(isinstance(operation, SkipItem) for operation in walk(operations))


def _accepting(function: Function) -> Function:
    last = function.operations[-1] if function.operations else None
    if not function.answers or isinstance(last, Accept | Refuse | WriteMember):
        return function
    return replace(function, operations=(*function.operations, Accept()))


# --- functions with nothing to do -----------------------------------------------------------------


def _busy(functions: Sequence[Function]) -> list[Function]:
    """Without calls of functions that have nothing to do, frames around nothing, and those functions."""
    idle = {function.key for function in functions}
    while True:
        made = [replace(f, operations=_pruned(f.operations, idle)) for f in functions]
        now = {function.key for function in made if not function.operations}
        if now == idle:
            return [function for function in made if function.operations or function.is_root]
        idle = now


def _pruned(operations: Operations, idle: Collection[Key]) -> Operations:
    def change(operation: Operation) -> Operations:
        match operation:
            case Call(function=function) if function in idle:
                return ()
            case Case():
                return (operation,)
            case Choose(cases=cases, otherwise=otherwise):
                if not otherwise:
                    cases = _without_last_idle(cases)
                return (replace(operation, cases=cases),) if cases else otherwise
            case _ if operation.is_frame and not any(blocks(operation)):
                return ()
            case _:
                return (operation,)

    return rebuilt(operations, change)


def _without_last_idle(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    while cases and not cases[-1].operations:
        cases = cases[:-1]
    return cases


# --- functions that are the same ------------------------------------------------------------------


def _same(functions: Sequence[Function]) -> dict[Key, Key]:
    """The first of the functions that do the same, for each. What they call is the same if it does the same: functions
    are taken for equal until something tells them apart."""
    of = {function.key: 0 for function in functions}
    while True:
        numbers: dict[Hashable, int] = {}
        now = {
            f.key: numbers.setdefault((f.shape, _called(f.operations, of)), len(numbers))
            for f in functions
        }
        if len(set(now.values())) == len(set(of.values())):
            first: dict[int, Key] = {}
            return {key: first.setdefault(number, key) for key, number in now.items()}
        of = now


def _called(operations: Operations, names: Mapping[Key, Hashable]) -> Operations:
    """Operations that call each function by another name."""

    def change(operation: Operation) -> Operations:
        match operation:
            case Call(function=function):
                return (replace(operation, function=names[function]),)
            case Dispatch(rows=rows):
                rows = tuple(replace(row, function=names[row.function]) for row in rows)
                return (replace(operation, rows=rows),)
            case _:
                return (operation,)

    return rebuilt(operations, change)


def _united(functions: Sequence[Function], same: Mapping[Key, Key]) -> Iterable[Function]:
    schemas: dict[Key, dict[str, None]] = {}
    for function in functions:
        schemas.setdefault(same[function.key], {}).update(dict.fromkeys(function.schemas))
    for function in functions:
        if same[function.key] == function.key:
            operations = _called(function.operations, same)
            yield replace(function, operations=operations, schemas=tuple(schemas[function.key]))
