"""Payloads that the schemas of a variant admit, from a seed: edges of bounds, null, absent, empty, and names that no
schema declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, assert_never

from .. import ir

DEPTH = 6
TEXTS = ("a", "", "item_1", "é\n", '{"a": 1}', "0")
FORMATS = {
    "date-time": ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05.5+02:00"),
    "date": ("2024-02-29",),
    "time": ("03:04:05Z",),
    "uuid": ("3fa85f64-5717-4562-b3fc-2c963f66afa6",),
    "uri": ("https://example.com/a",),
    "email": ("a@example.com",),
    "duration": ("PT1S",),
    "ipv4": ("127.0.0.1",),
    "byte": ("YQ==",),
    "hostname": ("example.com",),
}
UNDECLARED = "x_undeclared"


@dataclass(frozen=True, slots=True)
class Payloads:
    """Makes values of the types of one variant. `rich` is the chance of an optional property, from 0 to 1."""

    random: Random
    types: Mapping[str, ir.Named]
    rich: float

    def of(self, type_: ir.Type, depth: int = DEPTH) -> Any:
        """A value of a type, which checks that no type expresses may still refuse."""
        match type_:
            case ir.Ref(target=target):
                named = self.types[target]
                return None if named.nullable and self.says(0.1) else self.of(named.type, depth)
            case ir.Literal(values=values, open=is_open):
                if is_open and self.says(0.1):
                    return "other"
                return self.random.choice(values).json
            case ir.Scalar():
                return self.scalar(type_)
            case ir.Union(members=members):
                return self.of(self.random.choice(members), depth)
            case ir.Array(items=items):
                return [self.of(items, depth - 1) for _ in range(self.length(type_, depth))]
            case ir.Tuple(prefix=prefix):
                return [self.of(item, depth - 1) for item in prefix]
            case ir.Map(values=values):
                names = self.random.sample(TEXTS, self.random.choice((0, 1, 2)))
                return {name: self.of(values, depth - 1) for name in names}
            case ir.Object():
                return self.object(type_, depth)
            case ir.Anything():
                return self.random.choice((None, 1, "a", {"b": [1]}, {}, []))
            case ir.Never():
                return None
            case _:
                assert_never(type_)

    def object(self, type_: ir.Object, depth: int) -> dict[str, Any]:
        made = {
            field.wire: self.field(field, depth)
            for field in type_.fields
            if field.required or (depth > 0 and self.says(self.rich))
        }
        if not isinstance(type_.additional, ir.Never) and self.says(0.03):
            made[UNDECLARED] = self.of(type_.additional, 0)
        return made

    def field(self, field: ir.Field, depth: int) -> Any:
        if field.nullable and self.says(0.15):
            return None
        return self.of(field.type, depth - 1)

    def length(self, type_: ir.Array, depth: int) -> int:
        checks = dict(type_.checks)
        fewest, most = checks.get("minItems", 0), checks.get("maxItems", 3)
        fewest = fewest if isinstance(fewest, int) else 0
        most = min(most, 3) if isinstance(most, int) else 3
        return fewest if depth <= 0 else self.random.randint(fewest, max(fewest, most))

    def scalar(self, type_: ir.Scalar) -> Any:
        checks = dict(type_.checks)
        match type_.kind:
            case "string":
                return self.text(type_.format, checks)
            case "integer" | "number":
                return self.number(type_.kind == "integer", checks)
            case "boolean":
                return self.says(0.5)
            case _:
                return None

    def text(self, format_: str, checks: Mapping[str, Any]) -> str:
        text = self.random.choice(FORMATS.get(format_, TEXTS))
        fewest, most = checks.get("minLength", 0), checks.get("maxLength")
        if isinstance(most, int):
            text = "a" * most if most < 10_000 and self.says(0.1) else text[:most]
        return text.ljust(fewest, "a")

    def number(self, is_integer: bool, checks: Mapping[str, Any]) -> int | float:
        low, high = checks.get("minimum"), checks.get("maximum")
        known: list[Any] = [value for value in (low, high) if isinstance(value, int | float)]
        if low is None:
            known += [value for value in (-1, 0) if high is None or value <= high]
        if high is None:
            above = [1, 1704164645] if is_integer else [0.5, 1, 1500]
            known += [value + (low or 0) for value in above]
        chosen: int | float = self.random.choice(known)
        return chosen

    def says(self, chance: float) -> bool:
        return self.random.random() < chance
