"""One schema -> one type expression.

A schema is read as the list of its conjuncts (`Part`): its own keywords and, through `allOf` and references
that stand beside other keywords, those of others. All conjuncts together decide the shape; what the shape does
not express becomes checks. `Assertions` reads schemas that only test a value (`not`, `if`, `contains`, ...).
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..errors import Diagnostic, Location, SpecError, step
from ..ir import Type, Value
from . import bounds
from .assertions import FORMATS, Assertions
from .nulls import or_null, split_null
from .scope import Scope
from .unions import Unions
from .vocabulary import ARRAY_SHAPE, ASSERTIONS, OBJECT_SHAPE, meet, schema_kind

MAX_NESTING = 64

ALL_KINDS = ("string", "number", "integer", "boolean", "null", "array", "object")


@dataclass(frozen=True, slots=True)
class Part:
    """A conjunct: assertions without `$ref` and `allOf`, their place, and the key inline types below it start with."""

    raw: Mapping[str, Any]
    at: Location
    key: str
    origin: str = ""

    def below(self, *keys: str | int) -> Location:
        return Location(self.at.source, step(self.at.pointer, *keys))


class Schemas:
    """Reads schemas into types. Inline types that need a name are registered with the scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.assertions = Assertions(scope)
        self.unions = Unions(self)
        self._depth = 0
        # the schemas being read, as sets of places: the key of each, and whether it leads back to itself
        self._open: dict[frozenset[tuple[str, str]], tuple[str, bool]] = {}

    # -- entry points ------------------------------------------------------------------------------------------

    def inline(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema inside another one; objects, enums and most unions are replaced by a reference."""
        return self._once(
            key, [at], lambda: self.name(self.type_of(raw, at, key), raw, at, key), raw
        )

    def _once(
        self, key: str, places: list[Location], read: Callable[[], Type], raw: object
    ) -> Type:
        """Read the schemas of these places, all at once, as one type. Where the reading leads back to them, the type is
        a reference to itself and has a name, whatever it is.
        """
        where = frozenset((at.source, at.pointer) for at in places)
        if where in self._open:
            self._open[where] = (self._open[where][0], True)
            return ir.Ref(target=self._open[where][0], at=places[0])
        self._open[where] = (key, False)
        try:
            type_ = read()
        finally:
            recursive = self._open.pop(where)[1]
        if not recursive:
            return type_
        bare, nullable = split_null(type_)
        if bare != ir.Ref(target=key):
            doc = self.scope.doc(raw) if isinstance(raw, dict) else ""
            self.scope.register(ir.Named(key=key, type=bare, doc=doc, at=places[0]))
        if nullable:
            self.scope.allow_null(key)
        return ir.Ref(target=key, at=places[0])

    def name(self, type_: Type, raw: object, at: Location, key: str) -> Type:
        """Register `type_` under `key` where a reader wants a name for it, and return the reference."""
        bare, nullable = split_null(type_)
        if not _needs_name(bare):
            return type_
        doc = self.scope.doc(raw) if isinstance(raw, dict) else ""
        deprecated = isinstance(raw, dict) and raw.get("deprecated") is True
        self.scope.register(ir.Named(key=key, type=bare, doc=doc, deprecated=deprecated, at=at))
        ref = ir.Ref(target=key, at=at)
        return or_null(ref) if nullable else ref

    def named(self, members: Iterable[Type], at: Location, key: str) -> tuple[Type, ...]:
        """The members of a union that the document does not write as one."""
        return tuple(self.name(m, {}, at, self._free_key(split_null(m)[0], key)) for m in members)

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
        if not any(word in part.raw for part in parts for word in _UNEVALUATED):
            return type_
        tests = tuple(self.assertions.type_of(raw, place) for raw, place in schemas)
        return self.tested(type_, tests, at, key)

    def type_of(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema, not yet named. A null among its values is a member of a union."""
        if raw is True:
            return ir.Anything(at=at)
        if raw is False:
            return ir.Never(at=at)
        if not isinstance(raw, dict):
            raise schema_kind(raw, at)
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise SpecError(
                Diagnostic(
                    "too-deep",
                    f"inline schemas are nested more than {MAX_NESTING} deep",
                    at,
                    "move inner schemas to components/schemas and refer to them",
                )
            )
        parts = self.conjuncts(raw, at, key)
        type_ = self.build(parts, at, key)
        type_ = self.with_unevaluated(type_, parts, [(raw, at)], at, key)
        if raw.get("nullable") is True and (len(parts) != 1 or "type" not in raw):
            type_ = or_null(type_)
        self._depth -= 1
        return type_

    # -- conjuncts ---------------------------------------------------------------------------------------------

    def conjuncts(self, raw: Mapping[str, Any], at: Location, key: str) -> list[Part]:
        """The schema's conjuncts. References are opened only where something stands beside them."""
        parts = list(self._flatten(raw, at, key, ""))
        asserting = [part for part in parts if part.raw.keys() - {"nullable"}]
        if len(asserting) == 1 and "$ref" in asserting[0].raw:
            return asserting
        return self.opened(parts)

    def opened(self, parts: Iterable[Part]) -> list[Part]:
        """The conjuncts with those of references in the place of the references. What two of them lead to counts once:
        saying it twice changes nothing, and documents exist that say it 2^40 times."""
        places: set[tuple[str, str]] = set()
        found: list[Part] = []
        for part in parts:
            found.extend(self._behind(part, places, ()) if "$ref" in part.raw else [part])
        return found

    def _flatten(
        self, raw: Mapping[str, Any], at: Location, key: str, origin: str
    ) -> Iterable[Part]:
        scope = self.scope
        scope.check_keywords(raw, at)
        for word in ("$ref", "$dynamicRef", "$recursiveRef"):
            if word in raw:
                if word != "$ref":
                    scope.note(
                        "dynamic-ref",
                        f"`{word}` is resolved in place",
                        Location(at.source, step(at.pointer, word)),
                    )
                ref = raw[word]
                if ref == "#" and word != "$ref":
                    ref = "#" + "/".join(at.pointer.split("/")[:4])
                yield Part({"$ref": ref}, Location(at.source, step(at.pointer, word)), key, origin)
        own = {
            word: value
            for word, value in raw.items()
            if word in ASSERTIONS and word not in _FLATTENED
        }
        if own:
            if "$ref" in raw and scope.is_3_0:
                words = ", ".join(f"`{word}`" for word in own)
                scope.note("ref-siblings", f"{words} beside `$ref`", at)
            yield Part(own, at, key, origin)
        members = raw.get("allOf", ())
        if "allOf" in raw and not members:
            raise _empty("allOf", at)
        for index, member in enumerate(members):
            place = Location(at.source, step(at.pointer, "allOf", index))
            if member is True:
                continue
            if member is False:
                yield Part({"not": True}, place, key, origin)
            elif not isinstance(member, dict):
                raise schema_kind(member, place)
            else:
                yield from self._flatten(member, place, key, origin)

    def _behind(
        self, part: Part, places: set[tuple[str, str]], seen: tuple[tuple[str, str], ...]
    ) -> Iterable[Part]:
        """The conjuncts of a reference's target, as parts of the schema that refers to it."""
        target = self.scope.target(part.raw["$ref"], part.at)
        where = (target.at.source, target.at.pointer)
        if where in seen:
            raise SpecError(
                Diagnostic(
                    "ref-cycle",
                    f"`{target.key}` is a part of itself through `allOf` or `$ref`",
                    part.at,
                    "break the cycle: a schema cannot contain all of its own conditions",
                )
            )
        if where in places:
            return
        places.add(where)
        if isinstance(target.raw, bool):
            if not target.raw:
                yield Part({"not": True}, target.at, target.key, target.key)
            return
        if not isinstance(target.raw, dict):
            raise schema_kind(target.raw, target.at)
        base = self.scope.base_key(target.key)
        for inner in self._flatten(target.raw, target.at, base, target.key):
            if "$ref" in inner.raw:
                yield from self._behind(inner, places, (*seen, where))
            else:
                yield inner

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
            return self._literal(parts, kinds, at, key)
        if kinds is None:
            return self._untyped(parts, at, key)
        if not kinds:
            self.scope.note("impossible", "the types that are asked for exclude each other", at)
            return ir.Never(at=at)
        members = [self._of_kind(kind, parts, kinds, at, key) for kind in kinds]
        if len(members) == 1:
            return members[0]
        union = ir.Union(members=tuple(members), at=at)
        if isinstance(split_null(union)[0], ir.Union):
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
        words = {word for part in parts for word in part.raw}
        if words & OBJECT_SHAPE:
            self.scope.note("untyped-object", "object keywords without `type`", at)
            return self._of_kind("object", parts, ("object",), at, key)
        if words & ARRAY_SHAPE:
            self.scope.note("untyped-array", "`items` without `type: array`", at)
            return self._of_kind("array", parts, ("array",), at, key)
        return ir.Anything(checks=self._checks(parts, ALL_KINDS, ()), at=at)

    def _of_kind(
        self, kind: str, parts: list[Part], kinds: tuple[str, ...], at: Location, key: str
    ) -> Type:
        match kind:
            case "object":
                return self._object(parts, at, key)
            case "array":
                return self._array(parts, at, key)
            case "string" | "integer" | "number" | "boolean" | "null":
                said = dict.fromkeys(part.raw["format"] for part in parts if "format" in part.raw)
                formats = sorted(said, key=lambda format_: format_ not in FORMATS)
                # with several types the format says which of them it means only by its name
                applies = len([k for k in kinds if k != "null"]) == 1 or kind == "string"
                if not formats or kind in ("boolean", "null") or not applies:
                    formats = [""]
                others = tuple(
                    ir.Anything(checks=(("format", format_),))
                    for format_ in formats[1:]
                    if format_ in FORMATS
                )
                checks = self._checks(parts, (kind,), (("allOf", others),) if others else ())
                return ir.Scalar(kind=kind, format=formats[0], checks=checks, at=at)
        raise AssertionError(kind)

    def _checks(
        self, parts: list[Part], kinds: tuple[str, ...], extra: tuple[ir.Check, ...]
    ) -> tuple[ir.Check, ...]:
        """Assertions of the conjuncts that concern values of these JSON types and that the shape does not express."""
        return bounds.combine(
            [self.assertions.checks(part.raw, part.at, kinds) for part in parts] + [extra]
        )

    # -- literals ----------------------------------------------------------------------------------------------

    def _literal(
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
                if word == "enum" and not listed:
                    raise _empty("enum", part.at)
                distinct = list(dict.fromkeys(listed))
                if len(distinct) != len(listed):
                    self.scope.note(
                        "enum-duplicate", "an enum value is listed twice", part.below(word)
                    )
                if part.raw.get("nullable") is True and "type" in part.raw:
                    nullable_enum = True
                values = (
                    distinct if values is None else [value for value in values if value in distinct]
                )
        assert values is not None
        fitting = [value for value in values if kinds is None or bounds.kind_of(value.json, kinds)]
        if len(fitting) != len(values):
            wrong = ", ".join(value.text for value in values if value not in fitting)
            if not (nullable_enum and wrong == "null"):
                self.scope.note(
                    "enum-mismatch", f"{wrong} is not of type {' or '.join(kinds or ())}", at
                )
        null = Value("null")
        has_null = null in fitting or (nullable_enum and kinds is not None and "null" in kinds)
        fitting = [value for value in fitting if value != null]
        shapes = [part for part in parts if part.raw.keys() & (OBJECT_SHAPE | ARRAY_SHAPE)]
        extra: tuple[ir.Check, ...] = ()
        if shapes and any(value.text[0] in "[{" for value in fitting):
            tests = tuple(self.assertions.type_of(dict(part.raw), part.at) for part in shapes)
            extra = (("allOf", tests),)
        checks = self._checks(parts, ALL_KINDS, extra)
        type_: Type
        if fitting:
            type_ = ir.Literal(values=tuple(fitting), checks=checks, at=at)
            if has_null and checks:
                tested = ir.Scalar(kind="null", checks=checks, at=at)
                return ir.Union(members=self.named((type_, tested), at, key), at=at)
            return or_null(type_) if has_null else type_
        if has_null:
            return ir.Scalar(kind="null", checks=checks, at=at)
        self.scope.note("impossible", "no value of the enum is allowed", at)
        return ir.Never(at=at)

    # -- arrays ------------------------------------------------------------------------------------------------

    def _array(self, parts: list[Part], at: Location, key: str) -> Type:
        items: list[tuple[object, Location]] = []
        prefix: list[tuple[object, Location]] = []
        for part in parts:
            declared = part.raw.get("items")
            listed = part.raw.get("prefixItems")
            if isinstance(declared, list):
                self.scope.note("items-list", "`items` is a list of schemas", part.below("items"))
                listed, declared = declared, None
                prefix_word = "items"
            else:
                prefix_word = "prefixItems"
            if listed:
                if prefix:
                    # two tuples at once: the second one is only tested
                    continue
                prefix = [(item, part.below(prefix_word, n)) for n, item in enumerate(listed)]
            if declared is not None and declared is not True:
                items.append((declared, part.below("items")))
        complex_ = len(items) > 1 or sum(1 for part in parts if part.raw.get("prefixItems")) > 1
        extra: tuple[ir.Check, ...] = ()
        if complex_:
            extra = (
                (
                    "allOf",
                    tuple(self.assertions.type_of(dict(part.raw), part.at) for part in parts),
                ),
            )
        checks = self._checks(parts, ("array",), extra)
        rest: Type = ir.Anything(at=at)
        if items:
            raw, place = items[0]
            rest = self.inline(raw, place, f"{key}[]")
        if prefix:
            members = tuple(
                self.inline(raw, place, f"{key}[{n}]") for n, (raw, place) in enumerate(prefix)
            )
            return ir.Tuple(prefix=members, rest=rest, checks=checks, at=at)
        return ir.Array(items=rest, checks=checks, at=at)

    # -- objects -----------------------------------------------------------------------------------------------

    def _object(self, parts: list[Part], at: Location, key: str) -> Type:
        declared: dict[str, list[Part]] = {}
        required: dict[str, Part] = {}
        patterns: list[tuple[str, Type]] = []
        closed: list[Part] = []
        unread: list[Part] = []
        for part in parts:
            for wire in part.raw.get("properties", ()):
                declared.setdefault(wire, []).append(part)
            for wire in self.scope.strings(part.raw.get("required", ()), part.below("required")):
                required.setdefault(wire, part)
            for pattern, raw in part.raw.get("patternProperties", {}).items():
                place = part.below("patternProperties", pattern)
                if self.scope.check_pattern(pattern, place):
                    patterns.append((pattern, self.inline(raw, place, f"{part.key}/{pattern}/")))
                else:
                    unread.append(part)
            # which names are additional is not known where a pattern cannot be read
            if part.raw.get("additionalProperties", True) not in (True, {}) and part not in unread:
                closed.append(part)
        # whose names match a pattern is asked of payloads only: patterns of a document never run here
        tests = [part for part in closed if len(parts) > 1 and "patternProperties" in part.raw]
        closed = [part for part in closed if part not in tests]
        extra = (("allOf", tuple(self._members_test(part) for part in tests)),) if tests else ()
        additional = self._additional(parts, closed, at, key)
        if not declared and not required:
            checks = self._checks(parts, ("object",), extra)
            return ir.Map(values=additional, patterns=tuple(patterns), checks=checks, at=at)
        fields = [
            self._field(wire, owners, closed, wire in required, key, at)
            for wire, owners in declared.items()
        ]
        for wire, part in required.items():
            if wire not in declared:
                place = part.below("required")
                self.scope.note(
                    "required-undeclared", f"`{wire}` is required but not declared", place
                )
                allowed = additional if not patterns else ir.Anything(at=place)
                bare, nullable = split_null(allowed)
                fields.append(
                    ir.Field(wire=wire, type=bare, nullable=nullable, required=True, at=place)
                )
        checks = self._checks(parts, ("object",), extra)
        return ir.Object(
            fields=tuple(fields),
            additional=additional,
            patterns=tuple(patterns),
            checks=checks,
            at=at,
        )

    def _members_test(self, part: Part) -> Type:
        """What a conjunct says of the members of an object, as a test."""
        words = ("properties", "patternProperties", "additionalProperties")
        said = {word: part.raw[word] for word in words if word in part.raw}
        return self.assertions.type_of(said, part.at)

    def _additional(self, parts: list[Part], closed: list[Part], at: Location, key: str) -> Type:
        if not closed:
            return ir.Anything(at=at)
        if len(closed) == 1:
            part = closed[0]
            return self.inline(
                part.raw["additionalProperties"],
                part.below("additionalProperties"),
                f"{part.key}{{}}",
            )
        if any(part.raw["additionalProperties"] is False for part in closed):
            return ir.Never(at=at)
        return self._conjunction(
            [
                (part.raw["additionalProperties"], part.below("additionalProperties"))
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
            (part.raw["properties"][wire], part.below("properties", wire)) for part in owners
        ]
        schemas += [
            (part.raw["additionalProperties"], part.below("additionalProperties"))
            for part in closed
            if part not in owners
        ]
        raw, place = schemas[0]
        if len(schemas) == 1:
            owner = owners[0].key
            type_ = self.inline(raw, place, self.scope.property_key(owner, wire))
        else:
            type_ = self._conjunction(schemas, place, self.scope.property_key(key, wire))
        bare, nullable = split_null(type_)
        said = raw if isinstance(raw, dict) else {}
        default = self._default(said, bare, place)
        return ir.Field(
            wire=wire,
            type=bare,
            required=required,
            nullable=nullable,
            default=default,
            deprecated=said.get("deprecated") is True,
            read_only=said.get("readOnly") is True,
            write_only=said.get("writeOnly") is True,
            doc=self.scope.doc(said),
            origin=owners[0].origin,
            at=place,
        )

    def _conjunction(self, schemas: list[tuple[object, Location]], at: Location, key: str) -> Type:
        """The type of several schemas that all apply to the same value."""
        members = [raw for raw, _ in schemas]
        if any(raw is False for raw in members):
            return ir.Never(at=at)
        distinct: list[tuple[object, Location]] = []
        for raw, place in schemas:
            if raw is not True and raw not in [other for other, _ in distinct]:
                distinct.append((raw, place))
        if not distinct:
            return ir.Anything(at=at)
        if len(distinct) == 1:
            return self.inline(distinct[0][0], distinct[0][1], key)
        return self._once(
            key,
            [place for _, place in distinct],
            lambda: self.name(self._merged(distinct, at, key), distinct[0][0], at, key),
            distinct[0][0],
        )

    def _merged(self, schemas: list[tuple[object, Location]], at: Location, key: str) -> Type:
        parts: list[Part] = []
        for raw, place in schemas:
            if not isinstance(raw, dict):
                raise schema_kind(raw, place)
            parts.extend(self._flatten(raw, place, key, ""))
        parts = self.opened(parts)
        return self.with_unevaluated(self.build(parts, at, key), parts, schemas, at, key)

    def _default(self, raw: Mapping[str, Any], type_: Type, at: Location) -> Value | None:
        if "default" in raw:
            return Value.of(raw["default"])
        items = raw.get("items")
        if (
            isinstance(items, dict)
            and isinstance(items.get("default"), list)
            and isinstance(type_, ir.Array)
        ):
            place = Location(at.source, step(at.pointer, "items", "default"))
            self.scope.note("item-default", "the default of the array stands on its items", place)
            return Value.of(items["default"])
        return None


_FLATTENED = ("$ref", "$dynamicRef", "$recursiveRef", "allOf")
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")


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


def _empty(keyword: str, at: Location) -> SpecError:
    return SpecError(
        Diagnostic(
            "keyword-empty",
            f"`{keyword}` must list at least one entry",
            Location(at.source, step(at.pointer, keyword)),
            "remove the keyword or fill the list",
        )
    )
