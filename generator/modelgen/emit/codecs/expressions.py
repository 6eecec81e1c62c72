"""Type expressions as Python expressions that read a JSON value, or raise.

Names of the runtime are imported with a leading underscore, so that no name of a schema can hide them.
"""

from __future__ import annotations

from ... import ir
from ..types import Imports, Scope

_CLASSES = {
    "string": ("str",),
    "integer": ("int", "float"),
    "number": ("int", "float"),
    "boolean": ("bool",),
}


class Expressions:
    """Writes the expressions of one module, and notes what they need."""

    def __init__(self, scope: Scope, imports: Imports) -> None:
        self.scope = scope
        self.imports = imports

    def of(self, type_: ir.Type, var: str, depth: int = 0) -> str:
        """An expression that turns the JSON value `var` into a value of the type, or raises."""
        match type_:
            case ir.Scalar(kind=kind):
                format_ = self.scope.format_of(type_)
                reader = f"_{format_.reader if format_ else kind}"
                self.use(reader)
                return f"{reader}({var})"
            case ir.Literal():
                return self._scalars([type_], var)
            case ir.Ref(target=target):
                inner = self.resolved(type_)
                if isinstance(inner, ir.Scalar | ir.Literal):
                    return self.of(inner, var, depth)
                return f"{self.reader(target)}({var})"
            case ir.Array(items=items):
                item = f"x{depth}" if depth else "x"
                inner_text = self.of(items, item, depth + 1)
                if inner_text == f"_string({item})":
                    self.use("_strings")
                    return f"_strings({var})"
                self.use("_items")
                return (
                    f"_items({var})[:]"
                    if inner_text == item
                    else f"[{inner_text} for {item} in _items({var})]"
                )
            case ir.Map(values=values, patterns=patterns):
                item, key = (f"x{depth}", f"k{depth}") if depth else ("x", "k")
                inner_text = item if patterns else self.of(values, item, depth + 1)
                self.use("_members")
                if inner_text == item:
                    return f"dict(_members({var}))"
                return f"{{{key}: {inner_text} for {key}, {item} in _members({var})}}"
            case ir.Tuple(prefix=prefix, rest=rest):
                self.use("_positional")
                readers = [f"lambda x: {self.of(member, 'x', depth + 1)}" for member in prefix]
                last = f"lambda x: {self.of(rest, 'x', depth + 1)}"
                return f"_positional({', '.join([var, last, *readers])})"
            case ir.Union(members=members):
                rest_ = [m for m in members if not (isinstance(m, ir.Scalar) and m.kind == "null")]
                if len(rest_) == 1 and len(members) == 2:
                    return f"None if {var} is None else {self.of(rest_[0], var, depth)}"
                return self._scalars(list(members), var)
            case ir.Anything() | ir.Never():
                return var
            case ir.Object():
                raise AssertionError("objects have names")

    def _scalars(self, members: list[ir.Type], var: str) -> str:
        """A value of one of several scalar types."""
        classes: dict[str, None] = {}
        whole = False
        for member in members:
            match member:
                case ir.Scalar(kind="null"):
                    classes["type(None)"] = None
                case ir.Scalar(kind=kind):
                    whole = whole or kind == "integer"
                    classes.update(dict.fromkeys(_CLASSES[kind]))
                case ir.Literal(values=values, open=open_):
                    classes.update(
                        dict.fromkeys(name for value in values for name in _classes_of(value.json))
                    )
                    if open_:
                        classes["str"] = None
        if list(classes) == ["str"]:
            self.use("_string")
            return f"_string({var})"
        numbers = [m for m in members if isinstance(m, ir.Scalar) and m.kind == "number"]
        reader = "_whole" if whole and not numbers else "_kinds"
        self.use(reader)
        comma = "," if len(classes) == 1 else ""
        return f"{reader}({var}, ({', '.join(classes)}{comma}))"

    def resolved(self, type_: ir.Type) -> ir.Type:
        """The type behind aliases, as long as they are plain other names (not nullable)."""
        for named in ir.aliases(type_, self.scope.types):
            if named.nullable or not isinstance(named.type, ir.Ref | ir.Scalar | ir.Literal):
                break
            type_ = named.type
        return type_

    def model(self, key: str) -> str:
        self.imports.keys[key] = None
        return self.scope.names[key]

    def reader(self, key: str) -> str:
        name = f"read_{self.scope.names[key]}"
        self.imports.modules.add(key)
        return name

    def use(self, *names: str) -> None:
        self.imports.runtime.update(names)

    def is_plain(self, type_: ir.Type) -> bool:
        """Whether every value is written as it is."""
        match self.resolved(type_):
            case ir.Scalar(kind=kind) as scalar:
                return kind != "number" and not self.scope.format_of(scalar)
            case ir.Literal(values=values):
                return all(not isinstance(value.json, list | dict) for value in values)
            case ir.Union(members=members):
                return all(self.is_plain(member) for member in members)
        return False


def _classes_of(value: object) -> tuple[str, ...]:
    match value:
        case bool():
            return ("bool",)
        case int() | float():
            return ("int", "float")
        case str():
            return ("str",)
        case list():
            return ("list",)
        case _:
            return ("dict",)
