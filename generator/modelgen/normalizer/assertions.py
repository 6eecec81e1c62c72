"""Schemas that only test a value (`not`, `if`, `contains`, ...): kept keyword by keyword, nothing named or repaired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import ir
from ..errors import Location, step
from ..ir import Check, Type, Value
from .scope import Scope
from .vocabulary import CHECKS_BY_KIND, schema_kind

_ONE = (
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
)
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPPING = ("properties", "patternProperties", "dependentSchemas")
_PLAIN = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
    "minimum",
    "maximum",
    "multipleOf",
)


# the formats that are checked
FORMATS = ("date-time", "date", "uuid")


class Assertions:
    """Reads schemas in which only validity matters."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def checks(
        self, raw: Mapping[str, Any], at: Location, kinds: tuple[str, ...]
    ) -> tuple[Check, ...]:
        """The conditions of a schema that its shape will not express, for values of these JSON types."""
        words = ["not"] if "not" in raw else []
        if "format" in raw and "string" in kinds and len(kinds) > 1:
            words.append("format")
        if "if" in raw:
            words += [word for word in ("if", "then", "else") if word in raw]
        for kind in kinds:
            words += [
                word for word in CHECKS_BY_KIND.get(kind, ()) if word in raw and word not in words
            ]
        if not words:
            return ()
        found: list[Check] = []
        for word in words:
            found.extend(self._keyword(word, raw, at))
        return tuple(sorted(found, key=lambda check: check[0]))

    def type_of(self, raw: object, at: Location) -> Type:
        """A schema as `Anything` that passes its conditions."""
        if raw is True:
            return ir.Anything()
        if raw is False:
            return ir.Never()
        if not isinstance(raw, dict):
            raise schema_kind(raw, at)
        self.scope.check_keywords(raw, at)
        found: list[Check] = []
        for word in raw:
            found.extend(self._keyword(word, raw, at))
        if found and raw.get("nullable") is True and "type" not in raw:
            inner = ir.Anything(checks=tuple(sorted(found, key=lambda check: check[0])))
            null = ir.Anything(checks=(("type", ("null",)),))
            return ir.Anything(checks=(("anyOf", (inner, null)),))
        return ir.Anything(checks=tuple(sorted(found, key=lambda check: check[0])))

    def _keyword(self, word: str, raw: Mapping[str, Any], at: Location) -> list[Check]:
        operand = raw[word]
        place = at.below(word)
        if word in _PLAIN:
            exclusive = raw.get(
                {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(word, "")
            )
            return [] if exclusive is True else [(word, operand)]
        if word in ("exclusiveMinimum", "exclusiveMaximum"):
            return self._exclusive(word, raw, place)
        if word in _ONE:
            return [(word, self.type_of(operand, place))]
        if word in _LIST:
            members = [
                self.type_of(m, Location(at.source, step(place.pointer, n)))
                for n, m in enumerate(operand)
            ]
            return [(word, tuple(members))]
        if word in _MAPPING:
            pairs = []
            for name, schema in operand.items():
                below = Location(at.source, step(place.pointer, name))
                if word != "patternProperties" or self.scope.check_pattern(name, below):
                    pairs.append((name, self.type_of(schema, below)))
            return [(word, tuple(pairs))]
        match word:
            case "type":
                return [(word, self.scope.types(raw, at))]
            case "enum":
                null = [None] if raw.get("nullable") is True and "type" in raw else []
                return [(word, tuple(dict.fromkeys(Value.of(v) for v in [*operand, *null])))]
            case "const":
                return [("enum" if "enum" not in raw else "const", (Value.of(operand),))]
            case "required":
                return [(word, tuple(self.scope.strings(operand, place)))]
            case "dependentRequired":
                return [
                    (
                        word,
                        tuple((n, tuple(self.scope.strings(o, place))) for n, o in operand.items()),
                    )
                ]
            case "pattern":
                return [(word, operand)] if self.scope.check_pattern(operand, place) else []
            case "format":
                return [(word, operand)] if operand in FORMATS else []
            case "uniqueItems":
                return [(word, True)] if operand else []
            case "items":
                if isinstance(operand, list):
                    members = [
                        self.type_of(m, Location(at.source, step(place.pointer, n)))
                        for n, m in enumerate(operand)
                    ]
                    return [("prefixItems", tuple(members))]
                return [(word, self.type_of(operand, place))]
            case "$ref" | "$dynamicRef" | "$recursiveRef":
                return [("$ref", ir.Ref(target=self.scope.target(operand, place).key, at=at))]
        return []

    def _exclusive(self, word: str, raw: Mapping[str, Any], at: Location) -> list[Check]:
        operand = raw[word]
        if not isinstance(operand, bool):
            return [(word, operand)]
        if not self.scope.is_3_0:
            said = f"`{word}: {str(operand).lower()}`"
            message = f"{said} is a spelling of OpenAPI 3.0."
            self.scope.note("boolean-bound", message, at)
        beside = "minimum" if word == "exclusiveMinimum" else "maximum"
        return [(word, raw[beside])] if operand and beside in raw else []
