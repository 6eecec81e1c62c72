"""The values that a schema admits, as far as one test can tell; that test as an expression; and both in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ... import ir
from ...ir import kind_of, opened
from .naming import longer
from .operations import Constant, Expression
from .values import name_set

Parts: TypeAlias = tuple[str | Constant, ...]
# More names than these are counted, not listed.
MOST_LISTED = 6


@dataclass(frozen=True, slots=True)
class Texts:
    """`values`: None for any text; `longest`: None for any length."""

    values: tuple[str, ...] | None = None
    longest: int | None = None

    def covers(self, other: Texts) -> bool:
        if self.values is not None:
            return other.values is not None and set(other.values) <= set(self.values)
        if self.longest is None:
            return True
        longest = other.longest
        if other.values is not None:
            longest = max(map(len, other.values), default=0)
        return longest is not None and longest <= self.longest

    def test(self, value: str, names: tuple[str, ...]) -> Parts:
        parts: Parts = (f"{value}.__class__ is str",)
        if self.values is not None:
            parts += (f" and {value} in ", name_set(self.values, names))
        elif self.longest is not None:
            parts += (f" and len({value}) <= {self.longest}",)
        return parts

    def __str__(self) -> str:
        if self.values is None:
            return (
                f"a text{'' if self.longest is None else f' of at most {self.longest} characters'}"
            )
        if len(self.values) > MOST_LISTED:
            return f"one of the {len(self.values)} values listed there"
        return f"one of {', '.join(self.values)}" if self.values[1:] else self.values[0]


@dataclass(frozen=True, slots=True)
class Numbers:
    is_integer: bool
    low: float | None
    high: float | None

    def covers(self, other: Numbers) -> bool:
        if self.is_integer and not other.is_integer:
            return False
        if self.low is not None and (other.low is None or other.low < self.low):
            return False
        return self.high is None or (other.high is not None and other.high <= self.high)

    def test(self, value: str) -> Parts:
        whole = f" and {value}.is_integer()" if self.is_integer else ""
        text = f"({value}.__class__ is int or {value}.__class__ is float{whole})"
        low = "" if self.low is None else f" and {value} >= {self.low!r}"
        high = "" if self.high is None else f" and {value} <= {self.high!r}"
        return (text + low + high,)

    def __str__(self) -> str:
        kind = "an integer" if self.is_integer else "a number"
        if self.low is None:
            return kind if self.high is None else f"{kind} of at most {self.high}"
        if self.high is None:
            return f"{kind} of at least {self.low}"
        return f"{kind} from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Arrays:
    fewest: int
    items: Domain

    def covers(self, other: Arrays) -> bool:
        return self.fewest <= other.fewest and self.items.covers(other.items)

    def test(self, value: str, names: tuple[str, ...]) -> Parts:
        parts: Parts = (f"{value}.__class__ is list",)
        if self.fewest:
            parts += (f" and len({value}) >= {self.fewest}",)
        if inner := self.items.test("item", longer(names, "items")):
            parts += (" and all(", *inner, f" for item in {value})")
        return parts

    def __str__(self) -> str:
        return f"an array{_of(self.items)}"


@dataclass(frozen=True, slots=True)
class Objects:
    """`values`: None for an object with properties of its own."""

    values: Domain | None

    def covers(self, other: Objects) -> bool:
        if self.values is None:
            return True
        return other.values is not None and self.values.covers(other.values)

    def test(self, value: str, names: tuple[str, ...]) -> Parts:
        parts: Parts = (f"{value}.__class__ is dict",)
        if self.values and (inner := self.values.test("item", longer(names, "values"))):
            parts += (" and all(", *inner, f" for item in {value}.values())")
        return parts

    def __str__(self) -> str:
        return f"an object{_of(self.values) if self.values else ''}"


def _of(domain: Domain) -> str:
    return "" if domain.any else f" of {domain}"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a schema admits: anything, or values of some kinds, None where there are none of a kind."""

    any: bool = False
    null: bool = False
    boolean: bool = False
    texts: Texts | None = None
    numbers: Numbers | None = None
    arrays: Arrays | None = None
    objects: Objects | None = None

    def covers(self, other: Domain) -> bool:
        """Whether everything that `other` admits is admitted here."""
        if self.any:
            return True
        if other.any or (other.null and not self.null) or (other.boolean and not self.boolean):
            return False
        return (
            (not other.texts or bool(self.texts and self.texts.covers(other.texts)))
            and (not other.numbers or bool(self.numbers and self.numbers.covers(other.numbers)))
            and (not other.arrays or bool(self.arrays and self.arrays.covers(other.arrays)))
            and (not other.objects or bool(self.objects and self.objects.covers(other.objects)))
        )

    def lists(self, value: object) -> bool:
        """Whether a value is one of the texts, or any text is."""
        return self.texts is None or self.texts.values is None or value in self.texts.values

    def test(self, value: str, names: tuple[str, ...]) -> Parts:
        """An expression that is true if the value is admitted, nothing if every value is."""
        if self.any:
            return ()
        tests: list[Parts] = []
        if self.null:
            tests.append((f"{value} is None",))
        if self.texts:
            tests.append(self.texts.test(value, names))
        if self.numbers:
            tests.append(self.numbers.test(value))
        if self.boolean:
            tests.append((f"{value}.__class__ is bool",))
        if self.arrays:
            tests.append(self.arrays.test(value, names))
        if self.objects:
            tests.append(self.objects.test(value, names))
        return _joined(" or ", tests)

    def unfit(self, names: tuple[str, ...]) -> Expression | None:
        """An expression that is true if the value is not admitted, with constants of these names; None if every value
        is."""
        parts = self.test("value", names)
        return Expression(("not (", *parts, ")")) if parts else None

    def __str__(self) -> str:
        kinds = [
            str(kind)
            for kind in (
                self.texts,
                self.numbers,
                self.boolean and "true or false",
                self.arrays,
                self.objects,
                self.null and "null",
            )
            if kind
        ]
        return " or ".join(kinds) or "a value"


def _joined(word: str, tests: Sequence[Parts]) -> Parts:
    parts: list[str | Constant] = []
    for n, test in enumerate(tests):
        several = len(tests) > 1 and any(isinstance(p, str) and " and " in p for p in test)
        parts += [word] if n else []
        parts += ["(", *test, ")"] if several else test
    return tuple(parts)


def domain(
    types: Iterable[ir.Type], apis: Mapping[str, ir.Named], nullable: bool = False
) -> Domain:
    """The values that any of some types admits."""
    parts = [part for type_ in types for part in opened(type_, apis)]
    literals = [v.json for p in parts if isinstance(p, ir.Literal) for v in p.values]
    kinds = {kind_of(value) for value in literals}
    kinds |= {p.kind for p in parts if isinstance(p, ir.Scalar)}
    known = ir.Literal, ir.Scalar, ir.Array, ir.Map, ir.Object
    return Domain(
        any=not all(isinstance(part, known) for part in parts),
        null=nullable or "null" in kinds,
        boolean="boolean" in kinds,
        texts=_texts(parts, literals) if "string" in kinds else None,
        numbers=_numbers(parts, literals) if kinds & {"number", "integer"} else None,
        arrays=_arrays(parts, apis),
        objects=_objects(parts, apis),
    )


def _texts(parts: Sequence[ir.Type], literals: Sequence[object]) -> Texts:
    scalars = [p for p in parts if isinstance(p, ir.Scalar) and p.kind == "string"]
    listed = [value for value in literals if isinstance(value, str)]
    if any(isinstance(p, ir.Literal) and p.open for p in parts):
        return Texts()
    if not scalars:
        return Texts(tuple(dict.fromkeys(listed)))
    longest = [dict(part.checks).get("maxLength") for part in scalars]
    lengths = [n for n in longest if isinstance(n, int)]
    if len(lengths) < len(scalars):
        return Texts()
    return Texts(longest=max([*lengths, *map(len, listed)]))


def _numbers(parts: Sequence[ir.Type], literals: Sequence[object]) -> Numbers:
    scalars = [p for p in parts if isinstance(p, ir.Scalar) and p.kind in ("number", "integer")]
    listed = [v for v in literals if kind_of(v) == "number" and isinstance(v, int | float)]
    lows = [*(_bound(part, "minimum") for part in scalars), *listed]
    highs = [*(_bound(part, "maximum") for part in scalars), *listed]
    return Numbers(
        all(p.kind == "integer" for p in scalars) and all(isinstance(v, int) for v in listed),
        None if None in lows else min(n for n in lows if n is not None),
        None if None in highs else max(n for n in highs if n is not None),
    )


def _bound(part: ir.Scalar, keyword: str) -> float | None:
    value = dict(part.checks).get(keyword)
    return value if isinstance(value, int | float) else None


def _arrays(parts: Sequence[ir.Type], apis: Mapping[str, ir.Named]) -> Arrays | None:
    arrays = [part for part in parts if isinstance(part, ir.Array)]
    if not arrays:
        return None
    fewest = [dict(part.checks).get("minItems", 0) for part in arrays]
    items = domain((part.items for part in arrays), apis)
    return Arrays(min(n for n in fewest if isinstance(n, int)), items)


def _objects(parts: Sequence[ir.Type], apis: Mapping[str, ir.Named]) -> Objects | None:
    values = list(_values(parts))
    if any(isinstance(part, ir.Object) for part in parts):
        return Objects(None)
    return Objects(domain(values, apis)) if values else None


def _values(parts: Sequence[ir.Type]) -> Iterator[ir.Type]:
    for part in parts:
        if isinstance(part, ir.Map):
            yield part.values
