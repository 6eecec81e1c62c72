"""Type expressions as Python expressions that read a JSON value, or raise.

Names of the runtime are imported with a leading underscore, so that no name of a schema can hide them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from ... import ir
from ..layout import assigned
from ..syntax import Atom, Call, Comprehension, Conditional, Lambda, Node, Subscript, Tuple, name
from ..text import literal
from ..types import Imports, Scope
from ..views import LinkView

# JSON type -> the classes of its values
_CLASSES = {
    "string": ("str",),
    "integer": ("int", "float"),
    "number": ("int", "float"),
    "boolean": ("bool",),
    "null": ("type(None)",),
    "array": ("list",),
    "object": ("dict",),
}
_X = name("x")


class Expressions:
    """Makes the expressions of one module, and notes what they need."""

    def __init__(self, scope: Scope, imports: Imports, module: str) -> None:
        self.scope = scope
        self.imports = imports
        self.module = module
        # key -> what finds the reader of a type that is linked
        self.links: dict[str, LinkView] = {}

    def of(self, type_: ir.Type, value: Node, depth: int = 0) -> Node:
        """An expression that turns a JSON value into a value of the type, or raises."""
        match type_:
            case ir.Scalar(kind=kind):
                format_ = self.scope.format_of(type_)
                return self.runtime(f"_{format_.reader if format_ else kind}", value)
            case ir.Literal():
                return self._scalars([type_], value)
            case ir.Ref(target=target):
                behind = self.resolved(type_)
                if isinstance(behind, ir.Scalar | ir.Literal):
                    return self.of(behind, value, depth)
                return Call(self.reader(target), (value,))
            case ir.Array(items=items):
                return self._array(items, value, depth)
            case ir.Map(values=values, patterns=patterns):
                return self._map(None if patterns else values, value, depth)
            case ir.Tuple(prefix=prefix, rest=rest):
                readers = (Lambda("x", self.of(m, _X, depth + 1)) for m in (rest, *prefix))
                return self.runtime("_positional", value, *readers)
            case ir.Union(members=members):
                others = [m for m in members if not (isinstance(m, ir.Scalar) and m.kind == "null")]
                if len(others) == 1 and len(members) == 2:
                    return Conditional(value, self.of(others[0], value, depth))
                return self._scalars(members, value)
            case ir.Anything() | ir.Never():
                return value
            case ir.Object():
                raise AssertionError("objects have names")
            case _:
                assert_never(type_)

    def _array(self, items: ir.Type, value: Node, depth: int) -> Node:
        item = name(f"x{depth}" if depth else "x")
        if self._is_text(self.resolved(items)):
            return self.runtime("_strings", value)
        inner = self.of(items, item, depth + 1)
        source = self.runtime("_items", value)
        if inner == item:
            return Subscript(source, (Atom(":"),))
        return Comprehension(inner, item.text, source)

    def _is_text(self, type_: ir.Type) -> bool:
        """Whether the values are strings, whatever is in them."""
        match type_:
            case ir.Scalar(kind="string"):
                return self.scope.format_of(type_) is None
            case ir.Literal(values=values):
                return all(isinstance(value.json, str) for value in values)
            case _:
                return False

    def _map(self, values: ir.Type | None, value: Node, depth: int) -> Node:
        """`values`: None if they are left as they are."""
        item, key = (name(f"x{depth}"), f"k{depth}") if depth else (_X, "k")
        inner = item if values is None else self.of(values, item, depth + 1)
        source = self.runtime("_members", value)
        if inner == item:
            return Call("dict", (source,))
        return Comprehension(inner, f"{key}, {item.text}", source, key)

    def _scalars(self, members: Sequence[ir.Type], value: Node) -> Node:
        """A value of one of several scalar types."""
        classes: dict[str, None] = {}
        kinds: set[str] = set()
        for member in members:
            match member:
                case ir.Scalar(kind=kind):
                    kinds.add(kind)
                    classes.update(dict.fromkeys(_CLASSES[kind]))
                case ir.Literal(values=values, open=open_):
                    for literal in values:
                        classes.update(dict.fromkeys(_CLASSES[ir.kind_of(literal.json)]))
                    if open_:
                        classes["str"] = None
        if list(classes) == ["str"]:
            return self.runtime("_string", value)
        reader = "_whole" if "integer" in kinds and "number" not in kinds else "_kinds"
        return self.runtime(reader, value, Tuple(tuple(map(name, classes))))

    def resolved(self, type_: ir.Type) -> ir.Type:
        """The type behind aliases, as long as they are plain other names (not nullable)."""
        for named in ir.aliases(type_, self.scope.types):
            if named.nullable or not isinstance(named.type, ir.Ref | ir.Scalar | ir.Literal):
                break
            type_ = named.type
        return type_

    def runtime(self, function: str, *arguments: Node) -> Node:
        """A call of a function of the runtime."""
        self.use(function)
        return Call(function, arguments)

    def attempt(self, function: str, *arguments: Node) -> Node:
        """A call of a function that tries the members of a union."""
        self.imports.attempts.add(function)
        return Call(function, arguments)

    def model(self, key: str) -> str:
        self.imports.keys[key] = None
        return self.scope.names[key]

    def alias(self, key: str) -> str:
        """The value of a union or alias of this module: there when the module is loaded, or when it is asked for."""
        alias = self.scope.names[key]
        return f"_models.{alias}" if key in self.scope.waiting else alias

    def reader(self, key: str) -> str:
        reader = f"read_{self.scope.names[key]}"
        if self.scope.is_linked(self.module, key):
            if key not in self.links:
                self.imports.links.add("_reader")
                name_ = Atom(literal(self.scope.names[key]))
                found = Call("_reader", (name("__name__"), name_))
                self.links[key] = LinkView(reader, assigned(reader, found, 0))
        else:
            self.imports.modules.add(key)
        return reader

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
            case _:
                return False
