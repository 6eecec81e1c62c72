"""Type expressions as Python type text, and what the text needs to be imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import ir
from ..ir import dispatch
from ..openapi import formats
from ..openapi.formats import Format
from .text import json_literal


@dataclass(frozen=True, slots=True)
class Scope:
    """What lowering needs to know of the whole API."""

    types: Mapping[str, ir.Named]
    names: Mapping[str, str]
    modules: Mapping[str, str]
    formats: Mapping[str, str]
    plans: dict[ir.Union, dispatch.Plan] = field(default_factory=dict)

    def format_of(self, type_: ir.Type) -> Format | None:
        """The format of a string that becomes a value of another class than `str`."""
        if isinstance(type_, ir.Scalar) and type_.kind == "string":
            return self.format_called(type_.format)
        return None

    def format_called(self, name: str) -> Format | None:
        return formats.BY_PYTHON.get(self.formats.get(name, ""))

    def plan(self, union: ir.Union) -> dispatch.Plan:
        found = self.plans.get(union)
        if found is None:
            found = self.plans[union] = dispatch.plan(union, self.types)
        return found


@dataclass(slots=True)
class Imports:
    """What one module needs: names of `typing`, of the runtime, whole modules, and types of other modules."""

    typing: set[str] = field(default_factory=set)
    runtime: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    keys: dict[str, None] = field(default_factory=dict)


class TypeText:
    """Writes type expressions for one module."""

    def __init__(self, scope: Scope, imports: Imports) -> None:
        self.scope = scope
        self.imports = imports

    def of(self, type_: ir.Type) -> str:
        """The annotation of a type expression, e.g. `list[Tool] | None`."""
        match type_:
            case ir.Scalar(kind=kind):
                return self._scalar(type_, kind)
            case ir.Literal():
                return self._literal(type_)
            case ir.Ref(target=target):
                self.imports.keys[target] = None
                return self.scope.names[target]
            case ir.Array(items=items):
                return f"list[{self.of(items)}]"
            case ir.Tuple(prefix=prefix, rest=rest):
                members = [self.of(m) for m in (*prefix, rest) if not isinstance(m, ir.Never)]
                return f"list[{_joined(list(dict.fromkeys(members))) or self.of(ir.Never())}]"
            case ir.Map(values=values, patterns=patterns):
                members = [self.of(inner) for _, inner in patterns]
                if not isinstance(values, ir.Never) or not patterns:
                    members.append(self.of(values))
                return f"dict[str, {_joined(list(dict.fromkeys(members)))}]"
            case ir.Union():
                return self.union(type_)
            case ir.Anything():
                self.imports.typing.add("Any")
                return "Any"
            case ir.Never():
                self.imports.typing.add("Never")
                return "Never"
            case ir.Object():
                raise AssertionError("objects have names")

    def union(self, union: ir.Union) -> str:
        members = []
        null = False
        for member in union.members:
            if isinstance(member, ir.Scalar) and member.kind == "null":
                null = True
            else:
                members.append(self.of(member))
        if self.scope.plan(union).tagged:
            self.imports.runtime.add("UnknownVariant")
            members.append("UnknownVariant")
        if null:
            members.append("None")
        return _joined(list(dict.fromkeys(members)))

    def _scalar(self, type_: ir.Scalar, kind: ir.Kind) -> str:
        match kind:
            case "string":
                format_ = self.scope.format_of(type_)
                if format_ is None:
                    return "str"
                self.imports.modules.add(format_.annotation.partition(".")[0])
                return format_.annotation
            case "integer":
                return "int"
            case "number":
                return "float"
            case "boolean":
                return "bool"
            case "null":
                return "None"

    def _literal(self, type_: ir.Literal) -> str:
        values = [value.json for value in type_.values]
        members = []
        listed = [json_literal(value) for value in values if isinstance(value, str | int)]
        if listed:
            self.imports.typing.add("Literal")
            members.append(f"Literal[{', '.join(listed)}]")
        for value in values:
            if isinstance(value, float):
                members.append("float")
            elif isinstance(value, list | dict):
                self.imports.typing.add("Any")
                members.append("list[Any]" if isinstance(value, list) else "dict[str, Any]")
        if type_.open:
            members.append("str")
        return _joined(list(dict.fromkeys(members)))


def _joined(members: list[str]) -> str:
    if "Any" in members:
        return "Any"
    return " | ".join(members)
