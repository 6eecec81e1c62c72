"""Type expressions as annotations, and what these need to be imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never

from .. import ir
from ..ir import dispatch
from ..openapi import formats
from ..openapi.formats import Format
from .syntax import ANY, NONE, Atom, Node, Subscript, name, united
from .text import json_literal


@dataclass(frozen=True)
class Scope:
    """What is known of the whole API when one of its modules is written. `modules`, `links` and `waiting` are those of
    the cut."""

    types: Mapping[str, ir.Named]
    names: Mapping[str, str]
    modules: Mapping[str, str]
    formats: Mapping[str, str]
    links: frozenset[tuple[str, str]] = frozenset()
    waiting: frozenset[str] = frozenset()

    def is_linked(self, module: str, key: str) -> bool:
        """Whether a module imports a type of another when it is needed, and not before."""
        return (module, self.modules[key]) in self.links

    def format_of(self, type_: ir.Type) -> Format | None:
        """The format of a string that becomes a value of another class than `str`."""
        if isinstance(type_, ir.Scalar) and type_.kind == "string":
            return self.format_called(type_.format)
        return None

    def format_called(self, name: str) -> Format | None:
        return formats.BY_PYTHON.get(self.formats.get(name, ""))

    def plan(self, union: ir.Union) -> dispatch.Plan:
        """How the members of a union are told apart."""
        return self._plans.get(union) or dispatch.plan(union, self.types)

    @cached_property
    def _plans(self) -> Mapping[ir.Union, dispatch.Plan]:
        """The plans of all unions of the API, as several modules and tables ask for each."""
        unions = dict.fromkeys(
            union for named in self.types.values() for union in _unions(named.type)
        )
        return {union: dispatch.plan(union, self.types) for union in unions}


def _unions(type_: ir.Type) -> Iterator[ir.Union]:
    if isinstance(type_, ir.Union):
        yield type_
    for child in ir.children(type_):
        yield from _unions(child)


@dataclass(slots=True)
class Imports:
    """What one module needs: names of `typing`, of the runtime, what tries members of unions, what links modules, whole
    modules, and types of other modules."""

    typing: set[str] = field(default_factory=set)
    runtime: set[str] = field(default_factory=set)
    attempts: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    keys: dict[str, None] = field(default_factory=dict)


# Python reads no more operators in a row than some 3,000; another spelling of a union has no such limit.
MAX_PIPES = 1_000

LIST, DICT = name("list"), name("dict")
STRING, INTEGER, FLOAT, BOOLEAN = name("str"), name("int"), name("float"), name("bool")


class Annotations:
    """Makes the annotations of one module, and notes what they need."""

    def __init__(self, scope: Scope, imports: Imports) -> None:
        self.scope = scope
        self.imports = imports

    def of(self, type_: ir.Type) -> Node:
        """The annotation of a type expression, e.g. `list[Tool] | None`."""
        match type_:
            case ir.Scalar():
                return self._scalar(type_)
            case ir.Literal():
                return self._literal(type_)
            case ir.Ref(target=target):
                self.imports.keys[target] = None
                return name(self.scope.names[target])
            case ir.Array(items=items):
                return Subscript(LIST, (self.of(items),))
            case ir.Tuple(prefix=prefix, rest=rest):
                members = [self.of(m) for m in (*prefix, rest) if not isinstance(m, ir.Never)]
                return Subscript(LIST, (self._any_or(members or [self.of(ir.Never())]),))
            case ir.Map(values=values, patterns=patterns):
                members = [self.of(inner) for _, inner in patterns]
                if not isinstance(values, ir.Never) or not patterns:
                    members.append(self.of(values))
                return Subscript(DICT, (STRING, self._any_or(members)))
            case ir.Union():
                return self._union(type_)
            case ir.Anything():
                return self._typing("Any")
            case ir.Never():
                return self._typing("Never")
            case ir.Object():
                raise AssertionError("objects have names")
            case _:
                assert_never(type_)

    def _typing(self, of: str) -> Node:
        self.imports.typing.add(of)
        return name(of)

    def _union(self, union: ir.Union) -> Node:
        members = [self.of(member) for member in union.members]
        null = NONE in members
        members = [member for member in members if member != NONE]
        if self.scope.plan(union).tagged:
            self.imports.runtime.add("UnknownVariant")
            members.append(name("UnknownVariant"))
        return self._any_or([*members, NONE] if null else members)

    def _scalar(self, type_: ir.Scalar) -> Node:
        match type_.kind:
            case "string":
                if format_ := self.scope.format_of(type_):
                    self.imports.modules.add(format_.annotation.partition(".")[0])
                    return name(format_.annotation)
                return STRING
            case "integer":
                return INTEGER
            case "number":
                return FLOAT
            case "boolean":
                return BOOLEAN
            case "null":
                return NONE
            case _:
                assert_never(type_.kind)

    def _literal(self, type_: ir.Literal) -> Node:
        values = [value.json for value in type_.values]
        members: list[Node] = []
        if listed := [json_literal(value) for value in values if isinstance(value, str | int)]:
            members.append(Subscript(self._typing("Literal"), tuple(map(Atom, listed))))
        for value in values:
            if isinstance(value, float):
                members.append(FLOAT)
            elif isinstance(value, list):
                members.append(Subscript(LIST, (self._typing("Any"),)))
            elif isinstance(value, dict):
                members.append(Subscript(DICT, (STRING, self._typing("Any"))))
        if type_.open:
            members.append(STRING)
        return self._any_or(members)

    def _any_or(self, members: Iterable[Node]) -> Node:
        """The union of types; beside Any the others say nothing."""
        distinct = dict.fromkeys(members)
        if ANY in distinct:
            return ANY
        if len(distinct) <= MAX_PIPES:
            return united(distinct)
        self.imports.typing.add("Union as _Union")
        union = Subscript(name("_Union"), tuple(m for m in distinct if m != NONE))
        return united((union, NONE)) if NONE in distinct else union
