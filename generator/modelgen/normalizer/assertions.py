"""Schemas that only test a value (`not`, `if`, `contains`, ...): kept keyword by keyword, nothing named or repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import ir
from ..errors import Location
from ..ir import Check, Type, Value
from ..openapi import formats
from ..openapi.keywords import ASSERTIONS, CONDITIONS, ITEMS, KEYWORDS, SCHEMA_MAP, Keyword, Operand
from .scope import Scope

# The bound beside which `true` makes it exclusive, and the other way round.
_INCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_EXCLUSIVE = {inclusive: exclusive for exclusive, inclusive in _INCLUSIVE.items()}


class Assertions:
    """Reads schemas in which only validity matters."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def checks(
        self, raw: Mapping[str, Any], at: Location, kinds: tuple[str, ...]
    ) -> tuple[Check, ...]:
        """The conditions of a schema that its shape will not express, for values of these JSON types."""
        words = [row.name for row in CONDITIONS if row.name in raw and _asks(row, raw, kinds)]
        if "format" in raw and "string" in kinds and len(kinds) > 1:
            words.append("format")
        return _sorted(check for word in words for check in self._keyword(word, raw, at))

    def type_of(self, raw: object, at: Location) -> Type:
        """A schema as `Anything` that passes its conditions."""
        raw = self.scope.schema(raw, at)
        if isinstance(raw, bool):
            return ir.Anything() if raw else ir.Never()
        self.scope.repair(raw, at)
        checks = _sorted(check for word in raw for check in self._keyword(word, raw, at))
        if checks and raw.get("nullable") is True and "type" not in raw:
            null = ir.Anything(checks=(("type", ("null",)),))
            return ir.Anything(checks=(("anyOf", (ir.Anything(checks=checks), null)),))
        return ir.Anything(checks=checks)

    def _keyword(self, word: str, raw: Mapping[str, Any], at: Location) -> list[Check]:
        """What a keyword asks, in the words of draft 2020-12."""
        operand, below = raw[word], at.below(word)
        match word:
            case "$ref" | "$dynamicRef" | "$recursiveRef":
                return [("$ref", ir.Ref(target=self.scope.target(operand, below).key, at=at))]
            case "type":
                return [(word, self.scope.types(raw, at))]
            case "enum":
                null = [None] if raw.get("nullable") is True and "type" in raw else []
                return [(word, tuple(dict.fromkeys(Value.of(v) for v in [*operand, *null])))]
            case "const":
                return [("enum" if "enum" not in raw else "const", (Value.of(operand),))]
            case "pattern":
                return [(word, operand)] if self.scope.check_pattern(operand, below) else []
            case "format":
                return [(word, operand)] if operand in formats.BY_NAME else []
            case "uniqueItems":
                return [(word, True)] if operand else []
            case "exclusiveMinimum" | "exclusiveMaximum":
                return self._exclusive(word, raw, below)
            case "minimum" | "maximum" if raw.get(_EXCLUSIVE[word]) is True:
                return []
            case "patternProperties":
                readable = {
                    pattern: schema
                    for pattern, schema in operand.items()
                    if self.scope.check_pattern(pattern, below.below(pattern))
                }
                return [(word, self._operand(SCHEMA_MAP, readable, below))]
            case "items" if isinstance(operand, list):
                return [("prefixItems", self._operand(ITEMS, operand, below))]
            case "nullable" | "discriminator":
                return []
        return (
            [(word, self._operand(KEYWORDS[word].operand, operand, below))]
            if word in ASSERTIONS
            else []
        )

    def _operand(self, kind: Operand, operand: Any, at: Location) -> object:
        """An operand as that of a check: schemas are read, lists and mappings become tuples."""
        if kind.content == "names" and not kind.by_name:
            return tuple(self.scope.strings(operand, at))
        if kind.content == "names":
            return tuple(
                (name, tuple(self.scope.strings(names, at))) for name, names in operand.items()
            )
        if kind.content != "schema":
            return operand
        members = [
            (steps, self.type_of(schema, at.below(*steps)))
            for steps, schema in kind.schemas(operand)
        ]
        if kind.by_name:
            return tuple((steps[0], type_) for steps, type_ in members)
        types = tuple(type_ for _, type_ in members)
        return types if isinstance(operand, list) else types[0]

    def _exclusive(self, word: str, raw: Mapping[str, Any], at: Location) -> list[Check]:
        operand = raw[word]
        if not isinstance(operand, bool):
            return [(word, operand)]
        if not self.scope.is_3_0:
            message = f"`{word}: {str(operand).lower()}` is a spelling of OpenAPI 3.0."
            self.scope.note("boolean-bound", message, at)
        beside = _INCLUSIVE[word]
        return [(word, raw[beside])] if operand and beside in raw else []


def _asks(row: Keyword, raw: Mapping[str, Any], kinds: tuple[str, ...]) -> bool:
    """Whether a schema that has this keyword has its condition, for values of one of these JSON types."""
    applies = not row.applies_to or any(kind in row.applies_to for kind in kinds)
    return applies and (not row.beside or row.beside in raw)


def _sorted(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda check: check[0]))
