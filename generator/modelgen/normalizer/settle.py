"""What a reference means can depend on its target, which is known only when everything has been read.

A class is an object: where a component is an object or null, the class stands for the object and every reference to it
allows null beside it. A reference to a schema that no value fits fits no value itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from .. import ir
from ..ir import Type


def settle(types: Mapping[str, ir.Named], plain: Mapping[str, str]) -> dict[str, ir.Named]:
    """The same types with such references spelled out; classes are not nullable. `plain`: for each base of others, what
    conditions that name it mean: a condition asks for no children."""
    references = _References(types, plain)
    return {key: references.of_named(named) for key, named in types.items()}


class _References:
    def __init__(self, types: Mapping[str, ir.Named], plain: Mapping[str, str]) -> None:
        self.plain = plain
        self.nullable = {
            key
            for key, named in types.items()
            if named.nullable and isinstance(named.type, ir.Object)
        }
        self.impossible: set[str] = set()
        for key, named in types.items():
            last = ir.resolve(named.type, types)
            if isinstance(last.type, ir.Never) and not (named.nullable or last.nullable):
                self.impossible.add(key)
        self.changes = bool(self.nullable or self.impossible or plain)

    def of_named(self, named: ir.Named) -> ir.Named:
        if not self.changes:
            return named
        if isinstance(named.type, ir.Object):
            type_ = self.of(named.type)
            return replace(named, type=type_, nullable=False, null_beside=named.nullable)
        type_, nullable = ir.split_null(self.of(named.type))
        if isinstance(type_, ir.Never) and named.nullable:
            return replace(named, type=replace(ir.NULL, at=type_.at), nullable=False)
        return replace(named, type=type_, nullable=named.nullable or nullable)

    def of(self, type_: Type) -> Type:
        if type_.checks:
            type_ = replace(type_, checks=tuple(self._check(*check) for check in type_.checks))
        match type_:
            case ir.Ref(target=target) if target in self.impossible:
                return ir.Never(at=type_.at)
            case ir.Ref(target=target) if target in self.nullable:
                return ir.or_null(type_)
            case ir.Array(items=items):
                return replace(type_, items=self.of(items))
            case ir.Tuple(prefix=prefix, rest=rest):
                return replace(
                    type_, prefix=tuple(self.of(member) for member in prefix), rest=self.of(rest)
                )
            case ir.Map(values=values, patterns=patterns):
                return replace(type_, values=self.of(values), patterns=self._patterns(patterns))
            case ir.Union():
                return self._union(type_)
            case ir.Object():
                return self._object(type_)
            case ir.Ref() | ir.Scalar() | ir.Literal() | ir.Anything() | ir.Never():
                return type_
            case _:
                assert_never(type_)

    def _object(self, object_: ir.Object) -> ir.Object:
        fields = []
        for field in object_.fields:
            bare, nullable = ir.split_null(self.of(field.type))
            if isinstance(bare, ir.Never) and field.nullable:
                bare = replace(ir.NULL, at=bare.at)
            fields.append(replace(field, type=bare, nullable=field.nullable or nullable))
        return replace(
            object_,
            fields=tuple(fields),
            additional=self.of(object_.additional),
            patterns=self._patterns(object_.patterns),
        )

    def _patterns(self, patterns: tuple[tuple[str, Type], ...]) -> tuple[tuple[str, Type], ...]:
        return tuple((pattern, self.of(values)) for pattern, values in patterns)

    def _union(self, union: ir.Union) -> Type:
        members = [self.of(member) for member in union.members]
        members = [member for member in members if not isinstance(member, ir.Never)]
        bare = [
            ir.split_null(member) if _is_nullable_ref(member) else (member, False)
            for member in members
        ]
        nulls = sum(nullable for _, nullable in bare)
        if not members:
            return ir.Never(at=union.at)
        if len(members) == 1 and not union.checks:
            return members[0]
        settled = replace(union, members=tuple(member for member, _ in bare))
        if not nulls:
            return settled
        if not settled.checks:
            return ir.or_null(settled)
        # the conditions are on null too
        return replace(settled, members=(*(m for m in settled.members if m != ir.NULL), ir.NULL))

    def _check(self, keyword: str, operand: object) -> ir.Check:
        if keyword == "$ref":
            assert isinstance(operand, ir.Ref)
            operand = replace(operand, target=self.plain.get(operand.target, operand.target))
            if operand.target in self.impossible:
                return ("not", ir.Anything())
            if operand.target in self.nullable:
                null = ir.Anything(checks=(("type", ("null",)),))
                return ("anyOf", (ir.Anything(checks=(("$ref", operand),)), null))
        return (keyword, self._operand(operand))

    def _operand(self, operand: object) -> object:
        if isinstance(operand, ir.Node):
            return self.of(operand)  # type: ignore[arg-type]
        if isinstance(operand, tuple):
            return tuple(self._operand(item) for item in operand)
        return operand


def _is_nullable_ref(type_: Type) -> bool:
    return isinstance(type_, ir.Union) and isinstance(ir.split_null(type_)[0], ir.Ref)
