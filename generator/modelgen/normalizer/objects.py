"""Conjuncts that are objects -> an object with fields, or a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import ir
from ..errors import Location
from ..ir import Type, Value
from .conjuncts import Part
from .reader import SchemaReader


class Objects:
    def __init__(self, reader: SchemaReader) -> None:
        self.reader = reader
        self.scope = reader.scope

    def build(self, parts: list[Part], at: Location, key: str) -> Type:
        declared: dict[str, list[Part]] = {}
        required: dict[str, Part] = {}
        matching: dict[str, list[Part]] = {}
        closed: list[Part] = []
        unread: list[Part] = []
        for part in parts:
            for wire in part.raw.get("properties", ()):
                declared.setdefault(wire, []).append(part)
            for wire in self.scope.strings(part.raw.get("required", ()), part.at.below("required")):
                required.setdefault(wire, part)
            for pattern in part.raw.get("patternProperties", ()):
                if self.scope.check_pattern(pattern, part.at.below("patternProperties", pattern)):
                    matching.setdefault(pattern, []).append(part)
                else:
                    unread.append(part)
            # which names are additional is not known where a pattern cannot be read
            if part.raw.get("additionalProperties", True) not in (True, {}) and part not in unread:
                closed.append(part)
        # whose names match a pattern is asked of payloads only: patterns of a document never run here
        patterned = [part for part in parts if "patternProperties" in part.raw]
        several = len(parts) > 1
        tests = closed if patterned and (several or required.keys() - declared.keys()) else []
        closed = [part for part in closed if not (several and part in patterned)]
        extra = (("allOf", tuple(self._members_test(part) for part in tests)),) if tests else ()
        patterns = tuple(
            (pattern, self._matching(pattern, owners, key)) for pattern, owners in matching.items()
        )
        additional = self._additional(parts, closed, at, key)
        if not declared and not required:
            checks = self.reader.checks(parts, ("object",), extra)
            return ir.Map(values=additional, patterns=patterns, checks=checks, at=at)
        fields = [
            self._field(wire, owners, closed, wire in required, key, at)
            for wire, owners in declared.items()
        ]
        for wire, part in required.items():
            if wire not in declared:
                location = part.at.below("required")
                message = f"`{wire}` is required, but `properties` does not declare it."
                self.scope.note("required-undeclared", message, location)
                allowed = additional if not patterns else ir.Anything(at=location)
                bare, nullable = ir.split_null(allowed)
                fields.append(
                    ir.Field(
                        wire=wire,
                        type=bare,
                        nullable=nullable,
                        required=True,
                        declared=False,
                        at=location,
                    )
                )
        checks = self.reader.checks(parts, ("object",), extra)
        return ir.Object(
            fields=tuple(fields),
            additional=additional,
            patterns=patterns,
            checks=checks,
            at=at,
        )

    def _matching(self, pattern: str, owners: list[Part], key: str) -> Type:
        """The type of the values whose names match a pattern."""
        schemas = [
            (part.raw["patternProperties"][pattern], part.at.below("patternProperties", pattern))
            for part in owners
        ]
        raw, location = schemas[0]
        if len(schemas) == 1:
            return self.reader.inline(raw, location, f"{owners[0].key}/{pattern}/")
        return self.reader.inline_all(schemas, location, f"{key}/{pattern}/")

    def _members_test(self, part: Part) -> Type:
        """What a conjunct says of the members of an object, as a test."""
        words = ("properties", "patternProperties", "additionalProperties")
        schema = {word: part.raw[word] for word in words if word in part.raw}
        return self.reader.assertions.type_of(schema, part.at)

    def _additional(self, parts: list[Part], closed: list[Part], at: Location, key: str) -> Type:
        if not closed:
            return ir.Anything(at=at)
        if len(closed) == 1:
            part = closed[0]
            return self.reader.inline(
                part.raw["additionalProperties"],
                part.at.below("additionalProperties"),
                f"{part.key}{{}}",
            )
        if any(part.raw["additionalProperties"] is False for part in closed):
            return ir.Never(at=at)
        return self.reader.inline_all(
            [
                (part.raw["additionalProperties"], part.at.below("additionalProperties"))
                for part in closed
            ],
            at,
            f"{key}{{}}",
        )

    def _field(
        self,
        wire: str,
        owners: list[Part],
        closed: list[Part],
        required: bool,
        key: str,
        at: Location,
    ) -> ir.Field:
        schemas = [
            (part.raw["properties"][wire], part.at.below("properties", wire)) for part in owners
        ]
        schemas += [
            (part.raw["additionalProperties"], part.at.below("additionalProperties"))
            for part in closed
            if part not in owners
        ]
        raw, location = schemas[0]
        if len(schemas) == 1:
            owner = owners[0].key
            type_ = self.reader.inline(raw, location, self.scope.property_key(owner, wire))
        else:
            type_ = self.reader.inline_all(schemas, location, self.scope.property_key(key, wire))
        bare, nullable = ir.split_null(type_)
        annotations = raw if isinstance(raw, dict) else {}
        default = self._default(annotations, bare, location)
        return ir.Field(
            wire=wire,
            type=bare,
            required=required,
            nullable=nullable,
            default=default,
            deprecated=annotations.get("deprecated") is True,
            read_only=annotations.get("readOnly") is True,
            write_only=annotations.get("writeOnly") is True,
            doc=self.scope.doc(annotations),
            origin=owners[0].origin,
            at=location,
        )

    def _default(self, raw: Mapping[str, Any], type_: Type, at: Location) -> Value | None:
        if "default" in raw:
            return Value.of(raw["default"])
        items = raw.get("items")
        if (
            isinstance(items, dict)
            and isinstance(items.get("default"), list)
            and isinstance(type_, ir.Array)
        ):
            location = at.below("items", "default")
            message = "The default of the array stands on its items."
            self.scope.note("item-default", message, location)
            return Value.of(items["default"])
        return None
