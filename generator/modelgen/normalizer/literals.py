"""`enum` and `const` -> a literal, and null beside it."""

from __future__ import annotations

from collections import Counter

from .. import ir
from ..errors import Location
from ..ir import Type, Value
from ..openapi.keywords import ARRAY_SHAPE, OBJECT_SHAPE, TYPES
from .conjuncts import Part
from .reader import SchemaReader


class Literals:
    def __init__(self, reader: SchemaReader) -> None:
        self.reader = reader
        self.scope = reader.scope

    def build(
        self, parts: list[Part], kinds: tuple[str, ...] | None, at: Location, key: str
    ) -> Type:
        values: list[Value] | None = None
        nullable_enum = False
        for part in parts:
            for word in ("enum", "const"):
                if word not in part.raw:
                    continue
                listed = [
                    Value.of(item)
                    for item in (part.raw["enum"] if word == "enum" else [part.raw["const"]])
                ]
                distinct = list(dict.fromkeys(listed))
                if len(distinct) != len(listed):
                    twice = [value.text for value, count in Counter(listed).items() if count > 1]
                    message = f"The enum lists {', '.join(twice)} more than once."
                    self.scope.note("enum-duplicate", message, part.at.below(word))
                if part.raw.get("nullable") is True and "type" in part.raw:
                    nullable_enum = True
                values = (
                    distinct if values is None else [value for value in values if value in distinct]
                )
        assert values is not None
        fitting = [value for value in values if kinds is None or ir.is_of(value.json, kinds)]
        if len(fitting) != len(values):
            wrong = ", ".join(value.text for value in values if value not in fitting)
            if not (nullable_enum and wrong == "null"):
                allowed = " or ".join(kinds or ())
                message = f"The enum lists {wrong}, but the type beside it is {allowed}."
                self.scope.note("enum-mismatch", message, at)
        null = Value("null")
        has_null = null in fitting or (nullable_enum and kinds is not None and "null" in kinds)
        fitting = [value for value in fitting if value != null]
        shapes = [part for part in parts if part.raw.keys() & (OBJECT_SHAPE | ARRAY_SHAPE)]
        extra: tuple[ir.Check, ...] = ()
        if shapes and any(value.text[0] in "[{" for value in fitting):
            tests = tuple(
                self.reader.assertions.type_of(dict(part.raw), part.at) for part in shapes
            )
            extra = (("allOf", tests),)
        checks = self.reader.checks(parts, TYPES, extra)
        type_: Type
        if fitting:
            type_ = ir.Literal(values=tuple(fitting), checks=checks, at=at)
            if has_null and checks:
                tested = ir.Scalar(kind="null", checks=checks, at=at)
                return ir.Union(members=self.reader.named((type_, tested), at, key), at=at)
            return ir.or_null(type_) if has_null else type_
        if has_null:
            return ir.Scalar(kind="null", checks=checks, at=at)
        self.scope.note(
            "impossible", "No value is valid: other conditions exclude every value of the enum.", at
        )
        return ir.Never(at=at)
