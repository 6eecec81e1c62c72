"""Is every value of one type a value of another? Proves it or says no; a no may only mean that no proof was found.

Pairs of references are assumed to hold while they are being proved, so that recursive types come to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from .. import ir
from ..openapi.keywords import BOUNDS
from .sameness import Sameness
from .side import Side

_Pair: TypeAlias = tuple[ir.Type, ir.Type]
_PLAIN = ir.Anything()


class Containment:
    """Compares types of `left` with types of `right`."""

    def __init__(self, left: Side, right: Side, sameness: Sameness) -> None:
        self.left = left
        self.right = right
        self.sameness = sameness
        self._proved: set[_Pair] = set()
        self._refuted: set[_Pair] = set()
        self._assumed: dict[_Pair, None] = {}

    def within(self, left: ir.Type, right: ir.Type) -> bool:
        proved = self._within(left, right)
        if proved:
            self._proved.update(self._assumed)
        self._assumed.clear()
        return proved

    def _null_fits(self, left: ir.Field, right: ir.Field) -> bool:
        return not left.nullable or right.nullable or self.right.accepts_null(right.type)

    def _within(self, left: ir.Type, right: ir.Type) -> bool:
        if isinstance(left, ir.Never) or right == _PLAIN or self.sameness.same(left, right):
            return True
        if not isinstance(left, ir.Ref) and not isinstance(right, ir.Ref):
            return self._shapes(left, right)
        pair = (left, right)
        if pair in self._proved or pair in self._assumed:
            return True
        if pair in self._refuted:
            return False
        self._assumed[pair] = None
        if self._opened(left, right):
            return True
        for later in list(self._assumed)[list(self._assumed).index(pair) :]:
            del self._assumed[later]  # what was built on the assumption falls with it
        self._refuted.add(pair)
        return False

    def _opened(self, left: ir.Type, right: ir.Type) -> bool:
        if isinstance(left, ir.Ref):
            named = self.left.types[left.target]
            if named.nullable and not self.right.accepts_null(right):
                return False
            inner = named.type
            if left.checks and not inner.checks:
                inner = replace(inner, checks=left.checks)
            return self._within(inner, right)
        assert isinstance(right, ir.Ref)
        if not all(_implied(check, left.checks) for check in right.checks):
            return False
        named = self.right.types[right.target]
        if named.nullable and isinstance(left, ir.Scalar) and left.kind == "null":
            return True
        if named.nullable and isinstance(left, ir.Union):
            return all(self._within(member, right) for member in left.members)
        return self._within(left, named.type)

    def _shapes(self, left: ir.Type, right: ir.Type) -> bool:
        if not all(_implied(check, left.checks) for check in right.checks):
            return False
        if isinstance(left, ir.Union):
            bare = replace(right, checks=())
            return all(self._within(member, bare) for member in left.members)
        match right:
            case ir.Anything():
                return True
            case ir.Union(members=members):
                if right.exclusive and not self.right.apart(right):
                    return False
                return self._in_some(left, members)
            case ir.Never() | ir.Ref():
                return False
        match left:
            case ir.Literal():
                return _literal(left, right)
            case ir.Scalar():
                return _scalar(left, right, self.right)
            case ir.Array(items=items):
                return self._array((), items, right)
            case ir.Tuple(prefix=prefix, rest=rest):
                return self._array(prefix, rest, right)
            case ir.Map() | ir.Object():
                return self._object(left, right)
            case _:
                return False

    def _in_some(self, left: ir.Type, members: Sequence[ir.Type]) -> bool:
        if any(self._within(left, member) for member in members):
            return True
        if isinstance(left, ir.Literal) and len(left.values) > 1 and not left.open:
            alone = (replace(left, values=(value,)) for value in left.values)
            return all(any(self._within(one, member) for member in members) for one in alone)
        return False

    def _array(self, prefix: tuple[ir.Type, ...], rest: ir.Type, right: ir.Type) -> bool:
        match right:
            case ir.Array(items=items):
                return all(self._within(member, items) for member in (*prefix, rest))
            case ir.Tuple(prefix=theirs, rest=their_rest):
                length = max(len(prefix), len(theirs))
                ours = [*prefix, *[rest] * (length - len(prefix)), rest]
                others = [*theirs, *[their_rest] * (length - len(theirs)), their_rest]
                return all(self._within(a, b) for a, b in zip(ours, others, strict=True))
            case _:
                return False

    def _object(self, left: ir.Map | ir.Object, right: ir.Type) -> bool:
        if not isinstance(right, ir.Map | ir.Object):
            return False
        ours, theirs = _fields(left), _fields(right)
        rest, their_rest = _rest(left), _rest(right)
        if left.patterns or right.patterns:
            if left.patterns != right.patterns or ours.keys() != theirs.keys():
                return False
            if any(ours[wire].declared != theirs[wire].declared for wire in ours):
                return False
            for (_, one), (_, other) in zip(left.patterns, right.patterns, strict=True):
                if not self._within(one, other):
                    return False
        for wire, field in theirs.items():
            own = ours.get(wire)
            if own is None:
                if field.required or not self._within(rest, field.type):
                    return False
            elif (field.required and not own.required) or not self._field(own, field):
                return False
        for wire, field in ours.items():
            if wire not in theirs and not self._goes_in(field, their_rest):
                return False
        return self._within(rest, their_rest)

    def _field(self, left: ir.Field, right: ir.Field) -> bool:
        return self._within(left.type, right.type) and self._null_fits(left, right)

    def _goes_in(self, field: ir.Field, rest: ir.Type) -> bool:
        fits_null = not field.nullable or self.right.accepts_null(rest)
        return fits_null and self._within(field.type, rest)


def _fields(type_: ir.Map | ir.Object) -> dict[str, ir.Field]:
    return {field.wire: field for field in type_.fields} if isinstance(type_, ir.Object) else {}


def _rest(type_: ir.Map | ir.Object) -> ir.Type:
    return type_.additional if isinstance(type_, ir.Object) else type_.values


def _literal(left: ir.Literal, right: ir.Type) -> bool:
    match right:
        case ir.Literal(values=values, open=open_):
            return (open_ or not left.open) and (
                set(left.values) <= set(values)
                or (open_ and all(isinstance(value.json, str) for value in left.values))
            )
        case ir.Scalar(kind=kind, format=format_):
            plain = not format_ or kind != "string"
            fits = all(ir.is_of(value.json, (kind,)) for value in left.values)
            return plain and fits and (not left.open or kind == "string")
        case _:
            return False


def _scalar(left: ir.Scalar, right: ir.Type, side: Side) -> bool:
    match right:
        case ir.Literal(open=True):
            return left.kind == "string"
        case ir.Scalar(kind=kind):
            same = left.kind == kind or (left.kind == "integer" and kind == "number")
            return same and (not side.scope.format_of(right) or left.format == right.format)
        case _:
            return False


def _implied(check: ir.Check, given: tuple[ir.Check, ...]) -> bool:
    """Whether a condition follows from others: it is one of them, or a looser bound."""
    word, operand = check
    for other, value in given:
        if other != word:
            continue
        # a condition that refers to schemas may have changed with them: only plain operands are compared
        if value == operand and not any(True for _ in ir.types_in(operand)):
            return True
        if word in BOUNDS and isinstance(value, int | float) and isinstance(operand, int | float):
            return value <= operand if BOUNDS[word].side == "upper" else value >= operand
    return False
