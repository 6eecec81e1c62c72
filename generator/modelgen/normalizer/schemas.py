"""One schema -> one type expression.

A schema is read as the list of its conjuncts: its own keywords and, through `allOf` and references that stand beside
other keywords, those of others. All conjuncts together decide the shape, which `Objects`, `Arrays`, `Literals` and
`Unions` make; what the shape does not express becomes checks. `Assertions` reads schemas that only test a value
(`not`, `if`, `contains`, ...).
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from dataclasses import replace

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..ir import Type, Value
from ..openapi import formats
from ..openapi.keywords import ARRAY_SHAPE, OBJECT_SHAPE, TYPES, UNEVALUATED
from . import bounds
from .arrays import Arrays
from .assertions import Assertions
from .conjuncts import Conjuncts, Part
from .literals import Literals
from .objects import Objects
from .possible import meet
from .scope import Scope
from .unions import Unions

MAX_NESTING = 64


class Schemas:
    """Reads schemas into types. Inline types that need a name are registered with the scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.assertions = Assertions(scope)
        self.conjuncts = Conjuncts(scope)
        self.literals = Literals(self)
        self.arrays = Arrays(self)
        self.objects = Objects(self)
        self.unions = Unions(self)
        self._depth = 0
        # the schemas being read, as sets of locations: the key of each, and whether it leads back to itself
        self._open: dict[frozenset[tuple[str, str]], tuple[str, bool]] = {}

    # -- entry points ------------------------------------------------------------------------------------------

    def inline(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema inside another one; objects, enums and most unions are replaced by a reference."""
        return self._once(
            key, [at], lambda: self.name(self.type_of(raw, at, key), raw, at, key), raw
        )

    def inline_all(self, schemas: list[tuple[object, Location]], at: Location, key: str) -> Type:
        """The type of several schemas that all apply to the same value."""
        members = [raw for raw, _ in schemas]
        if any(raw is False for raw in members):
            return ir.Never(at=at)
        once: dict[Value, tuple[object, Location]] = {}
        for raw, location in schemas:
            if raw is not True:
                once.setdefault(Value.of(raw), (raw, location))
        distinct = list(once.values())
        if not distinct:
            return ir.Anything(at=at)
        if len(distinct) == 1:
            return self.inline(distinct[0][0], distinct[0][1], key)
        return self._once(
            key,
            [location for _, location in distinct],
            lambda: self.name(self._merged(distinct, at, key), distinct[0][0], at, key),
            distinct[0][0],
        )

    def _merged(self, schemas: list[tuple[object, Location]], at: Location, key: str) -> Type:
        parts: list[Part] = []
        for raw, location in schemas:
            meant = self.scope.schema(raw, location)
            if isinstance(meant, dict):
                parts.extend(self.conjuncts.flat(meant, location, key, ""))
            elif not meant:
                return ir.Never(at=at)
        parts = self.conjuncts.opened(parts)
        return self.with_unevaluated(self.build(parts, at, key), parts, schemas, at, key)

    def _once(
        self, key: str, locations: list[Location], read: Callable[[], Type], raw: object
    ) -> Type:
        """Read the schemas of these locations, all at once, as one type. Where the reading leads back to them, the type is
        a reference to itself and has a name, whatever it is.
        """
        where = frozenset((at.source, at.pointer) for at in locations)
        if where in self._open:
            self._open[where] = (self._open[where][0], True)
            return ir.Ref(target=self._open[where][0], at=locations[0])
        self._open[where] = (key, False)
        try:
            type_ = read()
        finally:
            recursive = self._open.pop(where)[1]
        if not recursive:
            return type_
        bare, nullable = ir.split_null(type_)
        if bare != ir.Ref(target=key):
            doc = self.scope.doc(raw) if isinstance(raw, dict) else ""
            self.scope.register(ir.Named(key=key, type=bare, doc=doc, at=locations[0]))
        if nullable:
            self.scope.allow_null(key)
        return ir.Ref(target=key, at=locations[0])

    def name(self, type_: Type, raw: object, at: Location, key: str) -> Type:
        """Register `type_` under `key` where a reader wants a name for it, and return the reference."""
        bare, nullable = ir.split_null(type_)
        if not _needs_name(bare):
            return type_
        doc = self.scope.doc(raw) if isinstance(raw, dict) else ""
        deprecated = isinstance(raw, dict) and raw.get("deprecated") is True
        self.scope.register(ir.Named(key=key, type=bare, doc=doc, deprecated=deprecated, at=at))
        ref = ir.Ref(target=key, at=at)
        return ir.or_null(ref) if nullable else ref

    def named(self, members: Iterable[Type], at: Location, key: str) -> tuple[Type, ...]:
        """The members of a union that the document does not write as one."""
        return tuple(
            self.name(m, {}, at, self._free_key(ir.split_null(m)[0], key)) for m in members
        )

    def _free_key(self, type_: Type, key: str) -> str:
        """The first of `#option_a`, `#option_b` ... below a key that no other type has."""
        for letter in string.ascii_lowercase:
            option = f"{key}#option_{letter}"
            known = self.scope.types_by_key.get(option)
            if known is None or known.type == type_:
                return option
        raise AssertionError(f"{key} has too many options")

    def tested(self, type_: Type, tests: tuple[Type, ...], at: Location, key: str) -> Type:
        """The values of a type that pass further tests, null among them."""
        if isinstance(type_, ir.Union):
            type_ = replace(type_, members=self.named(type_.members, at, key))
        return bounds.with_check(type_, ("allOf", tests))

    def with_unevaluated(
        self,
        type_: Type,
        parts: Iterable[Part],
        schemas: Iterable[tuple[object, Location]],
        at: Location,
        key: str,
    ) -> Type:
        """What counts as evaluated depends on every branch. The shape cannot say it, so the whole schemas are tested."""
        if not any(word in part.raw for part in parts for word in UNEVALUATED):
            return type_
        tests = tuple(self.assertions.type_of(raw, location) for raw, location in schemas)
        return self.tested(type_, tests, at, key)

    def type_of(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema, not yet named. A null among its values is a member of a union."""
        if self._depth:
            return self._type_of(raw, at, key)
        try:
            return self._type_of(raw, at, key)
        except RecursionError:
            raise _too_deep("Unions and references are nested too deep here.", at) from None

    def _type_of(self, raw: object, at: Location, key: str) -> Type:
        raw = self.scope.schema(raw, at)
        if isinstance(raw, bool):
            return ir.Anything(at=at) if raw else ir.Never(at=at)
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise _too_deep(f"Inline schemas are nested more than {MAX_NESTING} deep here.", at)
        parts = self.conjuncts.of(raw, at, key)
        type_ = self.build(parts, at, key)
        type_ = self.with_unevaluated(type_, parts, [(raw, at)], at, key)
        if raw.get("nullable") is True and (len(parts) != 1 or "type" not in raw):
            type_ = ir.or_null(type_)
        self._depth -= 1
        return type_

    # -- shape -------------------------------------------------------------------------------------------------

    def build(self, parts: list[Part], at: Location, key: str) -> Type:
        """The type that satisfies all conjuncts."""
        if not parts:
            return ir.Anything(at=at)
        if len(parts) == 1 and "$ref" in parts[0].raw:
            part = parts[0]
            return ir.Ref(target=self.scope.target(part.raw["$ref"], part.at).key, at=at)
        composed = [
            (part, word) for part in parts for word in ("oneOf", "anyOf") if word in part.raw
        ]
        if composed:
            return self.unions.build(parts, composed, at, key)
        kinds = self.kinds(parts, at)
        if any("enum" in part.raw or "const" in part.raw for part in parts):
            return self.literals.build(parts, kinds, at, key)
        if kinds is None:
            return self._untyped(parts, at, key)
        if not kinds:
            message = "No value is valid: the types that are asked for exclude each other."
            self.scope.note("impossible", message, at)
            return ir.Never(at=at)
        members = [self._of_kind(kind, parts, kinds, at, key) for kind in kinds]
        if len(members) == 1:
            return members[0]
        union = ir.Union(members=tuple(members), at=at)
        if isinstance(ir.split_null(union)[0], ir.Union):
            members = [self.name(member, {}, at, f"{key}|{n}") for n, member in enumerate(members)]
        return replace(union, members=tuple(members))

    def kinds(self, parts: list[Part], at: Location) -> tuple[str, ...] | None:
        """The JSON types that all conjuncts allow, in the order they were written; None if none names a type."""
        kinds: tuple[str, ...] | None = None
        for part in parts:
            if "type" in part.raw:
                kinds = meet(kinds, self.scope.types(part.raw, part.at))
        return kinds

    def _untyped(self, parts: list[Part], at: Location, key: str) -> Type:
        words = dict.fromkeys(word for part in parts for word in part.raw)
        if words.keys() & OBJECT_SHAPE:
            self.scope.note("untyped-object", _untyped(words, OBJECT_SHAPE), at)
            return self._of_kind("object", parts, ("object",), at, key)
        if words.keys() & ARRAY_SHAPE:
            self.scope.note("untyped-array", _untyped(words, ARRAY_SHAPE), at)
            return self._of_kind("array", parts, ("array",), at, key)
        return ir.Anything(checks=self.checks(parts, TYPES, ()), at=at)

    def _of_kind(
        self, kind: str, parts: list[Part], kinds: tuple[str, ...], at: Location, key: str
    ) -> Type:
        match kind:
            case "object":
                return self.objects.build(parts, at, key)
            case "array":
                return self.arrays.build(parts, at, key)
            case "string" | "integer" | "number" | "boolean" | "null":
                return self._scalar(kind, parts, kinds, at)
        raise AssertionError(kind)

    def _scalar(
        self, kind: ir.Kind, parts: list[Part], kinds: tuple[str, ...], at: Location
    ) -> Type:
        written = dict.fromkeys(part.raw["format"] for part in parts if "format" in part.raw)
        first, *others = sorted(written, key=lambda name: name not in formats.BY_NAME) or [""]
        # with several types the format says which of them it means only by its name
        applies = len([k for k in kinds if k != "null"]) == 1 or kind == "string"
        if kind in ("boolean", "null") or not applies:
            first, others = "", []
        tests = tuple(
            ir.Anything(checks=(("format", name),)) for name in others if name in formats.BY_NAME
        )
        checks = self.checks(parts, (kind,), (("allOf", tests),) if tests else ())
        return ir.Scalar(kind=kind, format=first, checks=checks, at=at)

    def checks(
        self, parts: list[Part], kinds: tuple[str, ...], extra: tuple[ir.Check, ...]
    ) -> tuple[ir.Check, ...]:
        """Assertions of the conjuncts that concern values of these JSON types and that the shape does not express."""
        return bounds.combine(
            [self.assertions.checks(part.raw, part.at, kinds) for part in parts] + [extra]
        )


def _too_deep(message: str, at: Location) -> SpecError:
    hint = "Move inner schemas to components/schemas and refer to them."
    return SpecError(Diagnostic("too-deep", message, at, hint))


def _untyped(words: Iterable[str], shape: frozenset[str]) -> str:
    listed = ", ".join(f"`{word}`" for word in words if word in shape)
    return f"No `type` stands beside {listed}."


def _needs_name(type_: Type) -> bool:
    match type_:
        case ir.Object():
            return True
        case ir.Literal(values=values, open=open_):
            return len(values) > 1 or open_
        case ir.Union(members=members):
            plain = all(
                (isinstance(member, ir.Scalar) and not (member.kind == "string" and member.format))
                or (isinstance(member, ir.Literal) and len(member.values) == 1)
                for member in members
            )
            return not plain or len(members) > 3
        case _:
            return False
