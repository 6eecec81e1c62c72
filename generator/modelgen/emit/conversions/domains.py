"""The values that a schema admits, as far as one test can tell, and that test as an expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ... import ir
from ...reconcile import Types, opened
from .code import names_tuple


@dataclass(slots=True)
class Domain:
    """The values that a schema admits, as far as one test can tell. `texts`: None for any."""

    null: bool = False
    text: bool = False
    texts: tuple[str, ...] | None = None
    longest: int | None = None
    number: bool = False
    integer: bool = False
    low: float | None = None
    high: float | None = None
    boolean: bool = False
    array: bool = False
    fewest: int = 0
    items: Domain | None = None
    object: bool = False
    values: Domain | None = None
    any: bool = False

    def covers(self, other: Domain) -> bool:
        """Whether everything that `other` admits is admitted here."""
        if self.any:
            return True
        if other.any or (other.null and not self.null):
            return False
        if other.text and not self.covers_text(other):
            return False
        if other.number and not self.covers_number(other):
            return False
        if (other.boolean and not self.boolean) or (other.object and not self.object):
            return False
        if other.object and self.values and not (other.values and self.values.covers(other.values)):
            return False
        if other.array:
            if not self.array or self.fewest > other.fewest:
                return False
            if self.items and other.items and not self.items.covers(other.items):
                return False
        return True

    def covers_text(self, other: Domain) -> bool:
        if not self.text:
            return False
        longest = other.longest if other.texts is None else max(map(len, other.texts), default=0)
        if self.longest is not None and (longest is None or longest > self.longest):
            return False
        if self.texts is None:
            return True
        return other.texts is not None and set(other.texts) <= set(self.texts)

    def covers_number(self, other: Domain) -> bool:
        if not self.number or (self.integer and not other.integer):
            return False
        if self.low is not None and (other.low is None or other.low < self.low):
            return False
        return self.high is None or (other.high is not None and other.high <= self.high)

    def test(self, value: str, constant: Callable[[str], str]) -> str:
        """An expression that is true if the value is admitted, "" if every value is. `constant` gives the name of a
        constant of a text."""
        if self.any:
            return ""
        parts = []
        if self.null:
            parts.append(f"{value} is None")
        if self.text:
            part = f"{value}.__class__ is str"
            if self.texts is not None:
                name = constant(f"frozenset({names_tuple(self.texts)})")
                part += f" and {value} in {name}"
            if self.longest is not None:
                part += f" and len({value}) <= {self.longest}"
            parts.append(part)
        if self.number:
            part = f"({value}.__class__ is int or {value}.__class__ is float)"
            if self.integer:
                part = f"({value}.__class__ is int or {value}.__class__ is float and {value}.is_integer())"
            if self.low is not None:
                part += f" and {value} >= {self.low!r}"
            if self.high is not None:
                part += f" and {value} <= {self.high!r}"
            parts.append(part)
        if self.boolean:
            parts.append(f"{value}.__class__ is bool")
        if self.array:
            part = f"{value}.__class__ is list"
            if self.fewest:
                part += f" and len({value}) >= {self.fewest}"
            if self.items and (inner := self.items.test("x", constant)):
                part += f" and all({inner} for x in {value})"
            parts.append(part)
        if self.object:
            part = f"{value}.__class__ is dict"
            if self.values and (inner := self.values.test("x", constant)):
                part += f" and all({inner} for x in {value}.values())"
            parts.append(part)
        return " or ".join(f"({part})" if " and " in part else part for part in parts)

    def shown(self) -> str:
        """What is admitted, in words."""
        words = []
        if self.text:
            if self.texts is None:
                words.append(
                    "a text"
                    if self.longest is None
                    else f"a text of at most {self.longest} characters"
                )
            elif len(self.texts) > 6:
                words.append(f"one of the {len(self.texts)} values listed there")
            else:
                words.append(f"one of {', '.join(self.texts)}" if self.texts[1:] else self.texts[0])
        if self.number:
            word = "an integer" if self.integer else "a number"
            words.append(f"{word}{self.bounds()}")
        if self.boolean:
            words.append("true or false")
        if self.array:
            items = f" of {self.items.shown()}" if self.items and not self.items.any else ""
            words.append(f"an array{items}")
        if self.object:
            values = f" of {self.values.shown()}" if self.values and not self.values.any else ""
            words.append(f"an object{values}")
        if self.null:
            words.append("null")
        return " or ".join(words) or "a value"

    def bounds(self) -> str:
        """The bounds of numbers, in words."""
        if self.low is None:
            return "" if self.high is None else f" of at most {self.high}"
        if self.high is None:
            return f" of at least {self.low}"
        return f" from {self.low} to {self.high}"


def domain(types: Sequence[ir.Type], apis: Types) -> Domain:
    """The values that any of some types admits."""
    found = Domain()
    texts: list[str] | None = []
    items: list[ir.Type] = []
    maps: list[ir.Type] = []
    for type_ in types:
        for part in opened(type_, apis):
            checks = dict(part.checks)
            match part:
                case ir.Literal(values=values):
                    strings = [v.json for v in values if isinstance(v.json, str)]
                    if strings:
                        found.text = True
                        if part.open:
                            texts = None
                        elif texts is not None:
                            texts += [s for s in strings if s not in texts]
                    if any(not isinstance(v.json, str) for v in values):
                        found.number = True
                case ir.Scalar(kind="string"):
                    found.text = True
                    texts = None
                    longest = checks.get("maxLength")
                    found.longest = longest if isinstance(longest, int) else None
                case ir.Scalar(kind="null"):
                    found.null = True
                case ir.Scalar(kind="boolean"):
                    found.boolean = True
                case ir.Scalar(kind=kind):
                    found.integer = kind == "integer" and (found.integer or not found.number)
                    found.number = True
                    low, high = checks.get("minimum"), checks.get("maximum")
                    found.low = low if isinstance(low, int | float) else None
                    found.high = high if isinstance(high, int | float) else None
                case ir.Array(items=inner):
                    found.array = True
                    fewest = checks.get("minItems", 0)
                    found.fewest = fewest if isinstance(fewest, int) else 0
                    items.append(inner)
                case ir.Map(values=values):
                    found.object = True
                    maps.append(values)
                case ir.Object():
                    found.object = True
                case _:
                    found.any = True
    found.texts = None if texts is None or not found.text else tuple(texts)
    if items:
        found.items = domain(items, apis)
    if maps:
        found.values = domain(maps, apis)
    return found
