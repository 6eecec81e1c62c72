"""Whether two types say the same, for a value that is carried from one to the other; and a type in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from .. import ir
from ..ir.graph import parts

Types: TypeAlias = Mapping[str, ir.Named]
# Keys of one type and of another that are being compared already.
_Pairs: TypeAlias = frozenset[tuple[str, str]]


def objects_in(type_: ir.Type, types: Types) -> Iterator[tuple[str, ir.Object]]:
    """The objects that a type is or has as members, each with its key."""
    for part in parts(type_, types):
        if isinstance(part, ir.Named) and isinstance(part.type, ir.Object):
            yield part.key, part.type


def maps_in(type_: ir.Type, types: Types) -> Iterator[tuple[str, ir.Object]]:
    """The components among a type and its members that are maps, as objects without properties."""
    for part in parts(type_, types):
        if isinstance(part, ir.Named) and isinstance(part.type, ir.Map):
            map_ = part.type
            yield part.key, ir.Object(
                fields=(), additional=map_.values, patterns=map_.patterns, at=map_.at
            )


def by_kind(type_: ir.Type, types: Types) -> dict[str, list[ir.Type]]:
    """The members of a type by JSON type, "" for those of several."""
    groups: dict[str, list[ir.Type]] = {}
    for part in ir.opened(type_, types):
        groups.setdefault(ir.sole_kind(part), []).append(part)
    return groups


def alike(a: ir.Type, of_a: Types, b: ir.Type, of_b: Types) -> bool:
    """Whether the same values mean the same in both. Bounds, formats, null, what is required and what is documented
    may differ: a value keeps its meaning where it breaks a bound."""
    return _Comparison(of_a, of_b).alike(a, b, frozenset())


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares types of one Api with types of another."""

    lefts: Types
    rights: Types

    def alike(self, a: ir.Type, b: ir.Type, entered: _Pairs) -> bool:
        if isinstance(a, ir.Ref) and isinstance(b, ir.Ref):
            pair = (a.target, b.target)
            if pair in entered:
                return True
            entered |= {pair}
        left, right = by_kind(a, self.lefts), by_kind(b, self.rights)
        kinds = left.keys() - {"null"}
        return kinds == right.keys() - {"null"} and all(
            self.alike_of_kind(left[kind], right[kind], entered) for kind in kinds
        )

    def alike_of_kind(
        self, left: Sequence[ir.Type], right: Sequence[ir.Type], entered: _Pairs
    ) -> bool:
        are_literals = [isinstance(part, ir.Literal) for part in (*left, *right)]
        if any(are_literals):
            return all(are_literals) and _values(left) == _values(right)
        return len(left) == len(right) and all(
            self.alike_one(one, other, entered) for one, other in zip(left, right, strict=True)
        )

    def alike_one(self, one: ir.Type, other: ir.Type, entered: _Pairs) -> bool:
        match one, other:
            case ir.Object(), ir.Object():
                left = {field.wire: field.type for field in one.fields}
                right = {field.wire: field.type for field in other.fields}
                return left.keys() == right.keys() and all(
                    self.alike(left[name], right[name], entered) for name in left
                )
            case ir.Map(values=left), ir.Map(values=right):
                is_any = isinstance(left, ir.Anything) or isinstance(right, ir.Anything)
                return is_any or self.alike(left, right, entered)
            case ir.Array(items=left), ir.Array(items=right):
                return self.alike(left, right, entered)
            case _:
                return type(one) is type(other)


def _values(parts: Sequence[ir.Type]) -> set[ir.Value]:
    return {value for part in parts if isinstance(part, ir.Literal) for value in part.values}


def described(type_: ir.Type, types: Types) -> str:
    """A type in a few words, for messages."""
    return " or ".join(dict.fromkeys(_described(part, types) for part in ir.opened(type_, types)))


def _described(part: ir.Type, types: Types) -> str:
    match part:
        case ir.Literal(values=values):
            shown = ", ".join(value.text for value in values[:4])
            return f"one of {shown}" + (f" and {len(values) - 4} more" if len(values) > 4 else "")
        case ir.Object(fields=fields):
            return f"an object of {', '.join(field.wire for field in fields[:6]) or 'nothing'}"
        case ir.Array(items=items):
            return f"an array of {described(items, types)}"
        case ir.Map(values=values):
            return f"a map of {described(values, types)}"
        case ir.Scalar(kind=kind):
            return f"an {kind}" if kind == "integer" else f"a {kind}"
        case ir.Tuple() | ir.Anything() | ir.Never() | ir.Ref() | ir.Union():
            return "any value"
        case _:
            assert_never(part)
