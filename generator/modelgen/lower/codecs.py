"""Named types -> straight-line functions that read and write them.

A reader takes parsed JSON and returns the value; it checks what lax decoding promises and raises without saying why.
A writer takes an object and returns a dict. Names of the runtime are imported with a leading underscore, so that no
name of a schema can hide them.
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import dispatch, ir
from ..views import AliasCodecView, ClassCodecView, HelperView, TableView
from .tables import tag_of
from .text import WIDTH, call, docstring, function, literal, split_arguments, width
from .types import Imports, Scope

_CLASSES = {
    "string": ("str",),
    "integer": ("int", "float"),
    "number": ("int", "float"),
    "boolean": ("bool",),
}
_FORMAT_READERS = {"datetime": "_date_time", "date": "_date", "uuid": "_uuid"}


class Codecs:
    """Makes the codec views of one module."""

    def __init__(self, scope: Scope, imports: Imports, functions: Mapping[str, str]) -> None:
        self.scope = scope
        self.imports = imports
        self.functions = functions
        self.tables: list[TableView] = []

    # -- classes -----------------------------------------------------------------------------------------------

    def class_view(
        self, named: ir.Named, object_: ir.Object, attributes: Mapping[str, str], gap: bool
    ) -> ClassCodecView:
        name = self._model(named.key)
        self._use("_MISMATCH", "_new", "_UNSET", "_extra", "_merge")
        read: list[str] = []
        for field in object_.fields:
            read.extend(self._read_field(field, attributes[field.wire]))
        leading: list[str] = []
        write: list[str] = []
        for field in object_.fields:
            lines = self._write_field(field, attributes[field.wire])
            if field.required and not write:
                row = f"{literal(field.wire)}: {lines[0]},"
                name_, _, argument = row[:-2].partition("(")
                leading += (
                    [row] if width(row) <= WIDTH - 8 else call(f"{name_}(", [argument], ",", 8)
                )
            elif field.required:
                write.append(f"d[{literal(field.wire)}] = {lines[0]}")
            else:
                write.extend(lines)
        known = f"_KNOWN_{name}"
        extra = self._extra(object_)
        optional = any(not field.required for field in object_.fields)
        count = sum(field.required for field in object_.fields)
        read.append("if len(d) == n:" if optional else f"if len(d) == {count}:")
        read += ["    o.additional_properties = _UNSET", "else:"]
        if extra:
            read += _indented(call("rest = _extra(", ["d", known], "", 8))
            read += [
                "    o.additional_properties = {",
                f"        k: {extra} for k, x in rest.items()",
                "    }",
            ]
            short = f"    o.additional_properties = {{k: {extra} for k, x in rest.items()}}"
            if width(short) <= WIDTH - 4:
                read[-3:] = [short]
        else:
            read += _indented(call("o.additional_properties = _extra(", ["d", known], "", 8))
        return ClassCodecView(
            gap=gap,
            known=tuple(
                call(f"{known} = {{", [literal(field.wire) for field in object_.fields], "", 0)
            ),
            reader=tuple(function(f"read_{name}", ["d: Any"], "Any")),
            writer=tuple(function(f"write_{name}", ["o: Any"], "dict[str, Any]")),
            new=tuple(call("o: Any = _new(", [name], "", 4)),
            count=str(count) if optional else "",
            read=tuple(read),
            write_required=tuple(leading),
            write=tuple(write),
        )

    def _extra(self, object_: ir.Object) -> str:
        """What becomes of the values of unknown properties: "" if nothing, else an expression of `x`."""
        values: ir.Type = object_.additional
        if object_.patterns:
            return ""
        expression = self.expression(values, "x")
        return "" if expression == "x" else expression

    def _read_field(self, field: ir.Field, name: str) -> list[str]:
        wire = literal(field.wire)
        source = f"d[{wire}]"
        tag = tag_of(field, self.scope)
        if tag is not None:
            fixed = literal(tag)
            test = [f"if {source} != {fixed}:"]
            if width(test[0]) > WIDTH - 4:
                test = [f"v = {source}", f"if v != {fixed}:"]
            return [*test, "    raise _MISMATCH", f"o.{name} = {fixed}"]
        if field.required:
            return self._read_value(field.type, f"o.{name}", source, field.nullable, 4)
        return [
            f"if {wire} in d:",
            "    n += 1",
            *_indented(self._read_value(field.type, f"o.{name}", source, True, 8)),
            "else:",
            f"    o.{name} = _UNSET",
        ]

    def _read_value(
        self, type_: ir.Type, target: str, source: str, nullable: bool, indent: int
    ) -> list[str]:
        """Statements that read the JSON value `source` into `target`."""
        inner = self.resolved(type_)
        if isinstance(inner, ir.Anything | ir.Never):
            return _assign(target, source, indent)
        test = self._class_test(inner)
        if not test:
            if not nullable:
                return _assign(target, self.expression(type_, source), indent)
            head = f"if (v := {source}) is not None:"
            lines = (
                [head] if width(head) <= WIDTH - indent else [f"v = {source}", "if v is not None:"]
            )
            value = _assign("v", self.expression(type_, "v"), indent + 4)
            return [*lines, *_indented(value), f"{target} = v"]
        if nullable:
            test += " and v is not None"
        lines = [f"if (v := {source}){test}:"]
        if width(lines[0]) > WIDTH - indent:
            lines = [f"v = {source}", f"if v{test}:"]
        refuse = "    raise _MISMATCH"
        if isinstance(inner, ir.Scalar) and inner.kind == "integer":
            self._use("_integer")
            refuse = "    v = _integer(v)"
        return [*lines, refuse, f"{target} = v"]

    def _class_test(self, type_: ir.Type) -> str:
        """For scalars: what to append to a value to ask whether it is of another class; "" for other types."""
        match type_:
            case ir.Scalar(kind="string"):
                return "" if self.scope.format_of(type_) else ".__class__ is not str"
            case ir.Scalar(kind="integer"):
                return ".__class__ is not int"
            case ir.Scalar(kind="boolean"):
                return ".__class__ is not bool"
            case ir.Scalar(kind="number"):
                self._use("_NUMBER")
                return ".__class__ not in _NUMBER"
            case ir.Literal(values=values) if all(isinstance(value.json, str) for value in values):
                return ".__class__ is not str"
        return ""

    def _write_field(self, field: ir.Field, name: str) -> list[str]:
        plain = self._is_plain(field.type)
        if not plain:
            self._use("_encode")
        if field.required:
            return [f"o.{name}" if plain else f"_encode(o.{name})"]
        value = "v" if plain else "_encode(v)"
        return [f"if (v := o.{name}) is not _UNSET:", f"    d[{literal(field.wire)}] = {value}"]

    def _is_plain(self, type_: ir.Type) -> bool:
        """Whether every value is written as it is."""
        match self.resolved(type_):
            case ir.Scalar(kind=kind) as scalar:
                return kind != "number" and not self.scope.format_of(scalar)
            case ir.Literal(values=values):
                return all(not isinstance(value.json, list | dict) for value in values)
            case ir.Union(members=members):
                return all(self._is_plain(member) for member in members)
        return False

    # -- unions and aliases --------------------------------------------------------------------------------------

    def alias_view(self, named: ir.Named) -> AliasCodecView:
        name = self._model(named.key)
        self._use("_run")
        helpers: list[HelperView] = []
        read: list[str] = []
        type_ = named.type
        if isinstance(type_, ir.Union):
            if named.nullable:
                read += ["if v is None:", "    return None"]
            read += self._read_union(type_, name, helpers)
        else:
            expression = self.expression(type_, "v")
            if named.nullable and expression != "v":
                read += ["if v is None:", "    return None"]
            read += _return(expression, 4)
        return AliasCodecView(
            gap=True,
            reader=tuple(function(f"read_{name}", ["v: Any"], "Any")),
            public=tuple(
                function(
                    self.functions[named.key], ["data: object", "*", "strict: bool = False"], name
                )
            ),
            doc=docstring(f"Decode `{name}`. Raises DecodeError.", 4),
            read=tuple(read),
            run=tuple(
                call(f"value: {name} = _run(", [f"read_{name}", name, "data", "strict"], "", 4)
            ),
            helpers=tuple(helpers),
        )

    def _read_union(self, union: ir.Union, name: str, helpers: list[HelperView]) -> list[str]:
        lines = ["c = v.__class__"]
        tests = {
            "string": "c is str",
            "boolean": "c is bool",
            "null": "v is None",
            "array": "c is list",
            "object": "c is dict",
        }
        tests["number"] = "c is int or c is float"
        order = sorted(self.scope.plan(union).by_kind, key=lambda pair: pair[0] != "object")
        for kind, choice in order:
            chosen = self._choose(choice, union, name, name, helpers, kind)
            lines.append(f"if {tests[kind]}:")
            if (
                isinstance(choice, dispatch.Switch)
                and choice.missing is None
                and choice.unknown is None
            ):
                self._use("_UnknownVariant")
                wire = literal(choice.wire)
                lines += [
                    f"    if (tag := v[{wire}]).__class__ is not str:",
                    "        raise _MISMATCH",
                ]
                table = f"_{name}_by_tag"
                lines += _indented(call("read = " + f"{table}.get(", ["tag"], "", 8))
                lines.append("    return _UnknownVariant(tag, v) if read is None else read(v)")
            else:
                lines += _indented(_return(chosen, 8))
        self._use("_MISMATCH")
        return [*lines, "raise _MISMATCH"]

    def _choose(
        self,
        choice: dispatch.Choice,
        union: ir.Union,
        owner: str,
        label: str,
        helpers: list[HelperView],
        kind: str,
    ) -> str:
        """An expression of `v` for a choice."""
        match choice:
            case dispatch.Take(member=member):
                if kind in ("string", "boolean", "null") and self._is_plain(union.members[member]):
                    return "v"
                return self.expression(union.members[member], "v")
            case dispatch.Try(members=members, keys=keys, ambiguous=ambiguous):
                readers = [self._member(n, union, label, helpers) for n in members]
                if ambiguous:
                    self._use("_attempt_strictly")
                    every = [
                        self._member(n, union, label, helpers) for n in range(len(union.members))
                    ]
                    table = self._tuple(f"{label}_members", every)
                    return f"_attempt_strictly(v, __name__, {literal(owner)}, {table})"
                if any(keys):
                    self._use("_attempt_by_key")
                    rows = [
                        f"({literal(key)}, {reader})"
                        for key, reader in zip(keys, readers, strict=True)
                    ]
                    return f"_attempt_by_key(v, {self._tuple(f'{label}_by_key', rows)})"
                self._use("_attempt")
                return f"_attempt(v, {self._tuple(f'{label}_{kind}', readers)})"
            case dispatch.Switch(wire=wire, cases=cases, missing=missing, unknown=unknown):
                self._use("_variant")
                rows = []
                for n, (value, case) in enumerate(cases):
                    reader = self._reader(case, union, owner, f"{label}_{_letters(n)}", helpers)
                    rows.append(f"{literal(value)}: {reader},")
                table = f"_{label}_by_tag"
                self.tables.append(TableView(name=table, rows=tuple(rows)))
                rest = ""
                if missing is not None:
                    rest += f", missing={self._reader(missing, union, owner, f'{label}_missing', helpers)}"
                if unknown is not None:
                    rest += f", unknown={self._reader(unknown, union, owner, f'{label}_unknown', helpers)}"
                return f"_variant(v, {literal(wire)}, {table}{rest})"

    def _reader(
        self,
        choice: dispatch.Choice,
        union: ir.Union,
        owner: str,
        label: str,
        helpers: list[HelperView],
    ) -> str:
        """The name of a function that reads a choice."""
        if isinstance(choice, dispatch.Take):
            return self._member(choice.member, union, label, helpers)
        return self._helper(
            label, self._choose(choice, union, owner, label, helpers, "object"), helpers
        )

    def _member(self, n: int, union: ir.Union, label: str, helpers: list[HelperView]) -> str:
        member = union.members[n]
        if isinstance(member, ir.Ref):
            return self._read(member.target)
        return self._helper(f"{label}_{_letters(n)}", self.expression(member, "v"), helpers)

    def _helper(self, label: str, expression: str, helpers: list[HelperView]) -> str:
        name = f"_read_{label}"
        if not any(helper.name == name for helper in helpers):
            head = tuple(function(name, ["v: Any"], "Any"))
            helpers.append(HelperView(name=name, head=head, read=tuple(_return(expression, 4))))
        return name

    def _tuple(self, label: str, members: list[str]) -> str:
        """A module constant of these expressions, defined after all functions."""
        name = f"_{label}"
        if not any(table.name == name for table in self.tables):
            self.tables.append(
                TableView(name=name, rows=tuple(f"{member}," for member in members), is_tuple=True)
            )
        return name

    # -- expressions ---------------------------------------------------------------------------------------------

    def expression(self, type_: ir.Type, var: str, depth: int = 0) -> str:
        """An expression that turns the JSON value `var` into a value of the type, or raises."""
        match type_:
            case ir.Scalar(kind=kind):
                found = self.scope.format_of(type_)
                reader = _FORMAT_READERS[found] if found else f"_{kind}"
                self._use(reader)
                return f"{reader}({var})"
            case ir.Literal():
                return self._scalars([type_], var)
            case ir.Ref(target=target):
                inner = self.resolved(type_)
                if isinstance(inner, ir.Scalar | ir.Literal):
                    return self.expression(inner, var, depth)
                return f"{self._read(target)}({var})"
            case ir.Array(items=items):
                item = f"x{depth}" if depth else "x"
                inner_text = self.expression(items, item, depth + 1)
                if inner_text == f"_string({item})":
                    self._use("_strings")
                    return f"_strings({var})"
                self._use("_items")
                return (
                    f"_items({var})[:]"
                    if inner_text == item
                    else f"[{inner_text} for {item} in _items({var})]"
                )
            case ir.Map(values=values, patterns=patterns):
                item, key = (f"x{depth}", f"k{depth}") if depth else ("x", "k")
                inner_text = item if patterns else self.expression(values, item, depth + 1)
                self._use("_members")
                if inner_text == item:
                    return f"dict(_members({var}))"
                return f"{{{key}: {inner_text} for {key}, {item} in _members({var})}}"
            case ir.Tuple(prefix=prefix, rest=rest):
                self._use("_positional")
                readers = [
                    f"lambda x: {self.expression(member, 'x', depth + 1)}" for member in prefix
                ]
                last = f"lambda x: {self.expression(rest, 'x', depth + 1)}"
                return f"_positional({', '.join([var, last, *readers])})"
            case ir.Union(members=members):
                rest_ = [m for m in members if not (isinstance(m, ir.Scalar) and m.kind == "null")]
                if len(rest_) == 1 and len(members) == 2:
                    return f"None if {var} is None else {self.expression(rest_[0], var, depth)}"
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
            self._use("_string")
            return f"_string({var})"
        numbers = [m for m in members if isinstance(m, ir.Scalar) and m.kind == "number"]
        reader = "_whole" if whole and not numbers else "_kinds"
        self._use(reader)
        comma = "," if len(classes) == 1 else ""
        return f"{reader}({var}, ({', '.join(classes)}{comma}))"

    def resolved(self, type_: ir.Type) -> ir.Type:
        """The type behind aliases, as long as they are plain other names (not nullable)."""
        while isinstance(type_, ir.Ref):
            named = self.scope.types[type_.target]
            if named.nullable or isinstance(named.type, ir.Object):
                return type_
            if not isinstance(named.type, ir.Ref | ir.Scalar | ir.Literal):
                return type_
            type_ = named.type
        return type_

    def _model(self, key: str) -> str:
        self.imports.keys[key] = None
        return self.scope.names[key]

    def _read(self, key: str) -> str:
        name = f"read_{self.scope.names[key]}"
        self.imports.modules.add(key)
        return name

    def _use(self, *names: str) -> None:
        self.imports.runtime.update(names)


def _assign(target: str, expression: str, indent: int) -> list[str]:
    return _broken(f"{target} = ", expression, indent)


def _return(expression: str, indent: int) -> list[str]:
    return _broken("return ", expression, indent)


def _broken(head: str, expression: str, indent: int) -> list[str]:
    """A statement; too long a call or comprehension is broken inside its brackets."""
    if width(head + expression) <= WIDTH - indent:
        return [head + expression]
    if expression.startswith("["):
        item, _, loop = expression[1:-1].rpartition(" for x in ")
        return [f"{head}[", *_indented(_comprehension(item, f"for x in {loop}", indent + 4)), "]"]
    if expression.startswith("{"):
        item, _, loop = expression[1:-1].rpartition(" for k, x in ")
        return [
            f"{head}{{",
            *_indented(_comprehension(item, f"for k, x in {loop}", indent + 4)),
            "}",
        ]
    if expression.startswith("None if v is None else "):
        first = f"None if v is None else {expression[23:]}"
        return [f"{head}(", *_indented([first]), ")"]
    name, _, arguments = expression.partition("(")
    return call(f"{head}{name}(", split_arguments(arguments[:-1]), "", indent)


def _comprehension(item: str, loop: str, indent: int) -> list[str]:
    line = f"{item} {loop}"
    if width(line) <= WIDTH - indent:
        return [line]
    name, _, arguments = item.partition("(")
    return [
        *(call(f"{name}(", split_arguments(arguments[:-1]), "", indent) if arguments else [item]),
        loop,
    ]


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


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


def _letters(n: int) -> str:
    text = ""
    while True:
        n, rest = divmod(n, 26)
        text = chr(ord("a") + rest) + text
        if not n:
            return text
        n -= 1
