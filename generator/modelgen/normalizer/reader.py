"""What those that make a shape of conjuncts ask of the reader of schemas, which calls them: schemas stand in schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from .. import ir
from ..errors import Location
from ..ir import Type
from .assertions import Assertions
from .conjuncts import Conjuncts, Part
from .scope import Scope


class SchemaReader(Protocol):
    scope: Scope
    assertions: Assertions
    conjuncts: Conjuncts

    def build(self, parts: list[Part], at: Location, key: str) -> Type:
        """The type that satisfies all conjuncts."""

    def type_of(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema, not yet named. A null among its values is a member of a union."""

    def inline(self, raw: object, at: Location, key: str) -> Type:
        """The type of a schema inside another one; objects, enums and most unions are replaced by a reference."""

    def inline_all(self, schemas: list[tuple[object, Location]], at: Location, key: str) -> Type:
        """The type of several schemas that all apply to the same value."""

    def checks(
        self, parts: list[Part], kinds: tuple[str, ...], extra: tuple[ir.Check, ...]
    ) -> tuple[ir.Check, ...]:
        """Assertions of the conjuncts that concern values of these JSON types and that the shape does not express."""

    def kinds(self, parts: list[Part], at: Location) -> tuple[str, ...] | None:
        """The JSON types that all conjuncts allow, in the order they were written; None if none names a type."""

    def name(self, type_: Type, raw: object, at: Location, key: str) -> Type:
        """Register `type_` under `key` where a reader wants a name for it, and return the reference."""

    def named(self, members: Iterable[Type], at: Location, key: str) -> tuple[Type, ...]:
        """The members of a union that the document does not write as one."""

    def tested(self, type_: Type, tests: tuple[Type, ...], at: Location, key: str) -> Type:
        """The values of a type that pass further tests, null among them."""

    def with_unevaluated(
        self,
        type_: Type,
        parts: Iterable[Part],
        schemas: Iterable[tuple[object, Location]],
        at: Location,
        key: str,
    ) -> Type:
        """The type with the whole schemas as a test, where they ask about what is left over."""
