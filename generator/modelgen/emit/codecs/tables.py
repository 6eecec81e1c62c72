"""Types as the JSON Schema tables that strict decoding and fault reports read: one spelling, references by name."""

from __future__ import annotations

from typing import Any, assert_never

from ... import ir
from ...ir import dispatch
from ...openapi.keywords import KEYWORDS
from ..types import Scope


class Tables:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of_named(self, named: ir.Named) -> Any:
        schema = self.of(named.type)
        return _or_null(schema) if named.nullable else schema

    def of(self, type_: ir.Type) -> Any:
        schema = self._shape(type_)
        if not type_.checks:
            return schema
        checks = {
            keyword: self._operand(keyword, operand)
            for keyword, operand in type_.checks
            if keyword != "format" or self.scope.format_called(str(operand))
        }
        if schema is False:
            return False
        if schema is True:
            return checks
        if schema.keys() & checks.keys():
            return {"allOf": [schema, checks]}
        return {**schema, **checks}

    def _shape(self, type_: ir.Type) -> Any:
        match type_:
            case ir.Scalar(kind=kind):
                format_ = self.scope.format_of(type_)
                return {"type": kind, "format": format_.name} if format_ else {"type": kind}
            case ir.Literal(values=values, open=open_):
                return {"type": "string"} if open_ else {"enum": [value.json for value in values]}
            case ir.Ref(target=target):
                return {"$ref": f"{self.scope.modules[target]}#{self.scope.names[target]}"}
            case ir.Array(items=items):
                return {"type": "array", **self._items(items)}
            case ir.Tuple(prefix=prefix, rest=rest):
                return {
                    "type": "array",
                    "prefixItems": [self.of(member) for member in prefix],
                    **self._items(rest),
                }
            case ir.Map(values=values, patterns=patterns):
                return {"type": "object", **self._members(values, patterns)}
            case ir.Union():
                return self._union(type_)
            case ir.Object():
                return self._object(type_)
            case ir.Anything():
                return True
            case ir.Never():
                return False
            case _:
                assert_never(type_)

    def _members(
        self, additional: ir.Type, patterns: tuple[tuple[str, ir.Type], ...]
    ) -> dict[str, Any]:
        values = self.of(additional)
        if not patterns:
            return {"additionalProperties": values}
        # beside patterns nothing is said of other properties where these may be anything: that leaves them unevaluated
        schema: dict[str, Any] = {} if values is True else {"additionalProperties": values}
        schema["patternProperties"] = {pattern: self.of(inner) for pattern, inner in patterns}
        return schema

    def _object(self, type_: ir.Object) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for field in type_.fields:
            schema = self.of(field.type)
            tag = tag_of(field, self.scope)
            if tag is not None:
                schema = {**schema, "fixed": tag}
            properties[field.wire] = _or_null(schema) if field.nullable else schema
        schema = {"type": "object", "properties": properties}
        required = [field.wire for field in type_.fields if field.required]
        if required:
            schema["required"] = required
        if (
            not (isinstance(type_.additional, ir.Anything) and not type_.additional.checks)
            or type_.patterns
        ):
            schema.update(self._members(type_.additional, type_.patterns))
        return schema

    def _items(self, type_: ir.Type) -> dict[str, Any]:
        """Nothing where nothing is said of items: what says something of all of them leaves none unevaluated."""
        items = self.of(type_)
        return {} if items is True else {"items": items}

    def _union(self, type_: ir.Union) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "oneOf" if type_.exclusive else "anyOf": [self.of(m) for m in type_.members]
        }
        for kind, choice in self.scope.plan(type_).by_kind:
            if kind == "object" and isinstance(choice, dispatch.Switch):
                schema["tag"] = _choice(choice)
        return schema

    def _operand(self, keyword: str, operand: object) -> Any:
        if isinstance(operand, ir.Value):
            return operand.json
        if isinstance(operand, ir.Ref) and keyword == "$ref":
            return self.of(operand)["$ref"]
        if isinstance(operand, ir.Node):
            return self.of(operand)  # type: ignore[arg-type]
        if not isinstance(operand, tuple):
            return operand
        if keyword in KEYWORDS and KEYWORDS[keyword].operand.by_name:
            return {name: self._operand("", inner) for name, inner in operand}
        if keyword == "const":
            return self._operand("", operand[0])
        return [self._operand("", inner) for inner in operand]


def tag_of(field: ir.Field, scope: Scope) -> str | None:
    """The value of a tag: a required property whose own schema allows one string only. Lax decoding checks it too."""
    if not field.required or field.nullable or field.implied:
        return None
    type_ = field.type
    for named in ir.aliases(type_, scope.types):
        if named.nullable:
            return None
        type_ = named.type
    if isinstance(type_, ir.Literal) and len(type_.values) == 1 and not type_.open:
        value = type_.values[0].json
        return value if isinstance(value, str) else None
    return None


def _choice(choice: dispatch.Choice) -> Any:
    match choice:
        case dispatch.Take(member=member):
            return member
        case dispatch.Try(members=members):
            return list(members)
        case dispatch.Switch(wire=wire, cases=cases, missing=missing, unknown=unknown):
            table: dict[str, Any] = {
                "on": wire,
                "cases": {value: _choice(case) for value, case in cases},
            }
            if missing is not None:
                table["missing"] = _choice(missing)
            if unknown is not None:
                table["unknown"] = _choice(unknown)
            return table
        case _:
            assert_never(choice)


def _or_null(schema: Any) -> Any:
    if isinstance(schema, bool):
        return True if schema else {"type": "null"}
    if schema.keys() == {"anyOf"} | (schema.keys() & {"tag"}):
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]}
