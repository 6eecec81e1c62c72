"""Objects -> a reader and a writer, straight-line functions.

A reader takes parsed JSON and returns the object; it checks what lax decoding promises and raises without saying why.
A writer takes an object and returns a dict.
"""

from __future__ import annotations

from collections.abc import Mapping

from ... import ir
from ...errors import width
from ..layout import assign, call, function
from ..text import WIDTH, indented, literal
from ..views import ClassCodecView
from .expressions import Expressions
from .tables import tag_of


class ObjectCodecs:
    """Makes the codec views of the classes of one module."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.scope = expressions.scope

    def view(
        self, named: ir.Named, object_: ir.Object, attributes: Mapping[str, str], gap: bool
    ) -> ClassCodecView:
        name = self.expressions.model(named.key)
        self.expressions.use("_MISMATCH", "_new", "_UNSET", "_extra", "_merge")
        read: list[str] = []
        for field in object_.fields:
            read.extend(self._read_field(field, attributes[field.wire]))
        leading: list[str] = []
        write: list[str] = []
        for field in object_.fields:
            lines = self._write_field(field, attributes[field.wire])
            if field.required and not write:
                row = f"{literal(field.wire)}: {lines[0]},"
                if width(row) > WIDTH - 8 and lines[0].endswith(")"):
                    called, _, argument = lines[0][:-1].partition("(")
                    leading += call(f"{literal(field.wire)}: {called}(", [argument], ",", 8)
                else:
                    leading.append(row)
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
            read += indented(call("rest = _extra(", ["d", known], "", 8))
            read += [
                "    o.additional_properties = {",
                f"        k: {extra} for k, x in rest.items()",
                "    }",
            ]
            short = f"    o.additional_properties = {{k: {extra} for k, x in rest.items()}}"
            if width(short) <= WIDTH - 4:
                read[-3:] = [short]
        else:
            read += indented(call("o.additional_properties = _extra(", ["d", known], "", 8))
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
        expression = self.expressions.of(values, "x")
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
            *indented(self._read_value(field.type, f"o.{name}", source, True, 8)),
            "else:",
            f"    o.{name} = _UNSET",
        ]

    def _read_value(
        self, type_: ir.Type, target: str, source: str, nullable: bool, indent: int
    ) -> list[str]:
        """Statements that read the JSON value `source` into `target`."""
        inner = self.expressions.resolved(type_)
        if isinstance(inner, ir.Anything | ir.Never):
            return assign(target, source, indent)
        test = self._class_test(inner)
        if not test:
            if not nullable:
                return assign(target, self.expressions.of(type_, source), indent)
            head = f"if (v := {source}) is not None:"
            lines = (
                [head] if width(head) <= WIDTH - indent else [f"v = {source}", "if v is not None:"]
            )
            value = assign("v", self.expressions.of(type_, "v"), indent + 4)
            return [*lines, *indented(value), f"{target} = v"]
        if nullable:
            test += " and v is not None"
        lines = [f"if (v := {source}){test}:"]
        if width(lines[0]) > WIDTH - indent:
            lines = [f"v = {source}", f"if v{test}:"]
        refuse = "    raise _MISMATCH"
        if isinstance(inner, ir.Scalar) and inner.kind == "integer":
            self.expressions.use("_integer")
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
                self.expressions.use("_NUMBER")
                return ".__class__ not in _NUMBER"
            case ir.Literal(values=values) if all(isinstance(value.json, str) for value in values):
                return ".__class__ is not str"
        return ""

    def _write_field(self, field: ir.Field, name: str) -> list[str]:
        plain = self.expressions.is_plain(field.type)
        if not plain:
            self.expressions.use("_encode")
        if field.required:
            return [f"o.{name}" if plain else f"_encode(o.{name})"]
        value = "v" if plain else "_encode(v)"
        return [f"if (v := o.{name}) is not _UNSET:", f"    d[{literal(field.wire)}] = {value}"]
