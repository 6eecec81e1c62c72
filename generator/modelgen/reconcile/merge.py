"""Types of several variants -> one type of the hub, which admits what any of them admits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import ir
from .meaning import Types, by_kind


class Source(NamedTuple):
    """A type of one variant, with the named types of that variant."""

    types: Types
    type: ir.Type


@dataclass(frozen=True, slots=True)
class Merge:
    """Merges the types of one entry. `hub` are the named types of the hub, to which it adds; `shapes` are the keys of
    those that the objects of the entry are, if the map says so; `partial`: its objects may lack what they require.
    """

    hub: dict[str, ir.Named]
    shapes: tuple[str, ...] = ()
    partial: bool = False

    def type(self, key: str, sources: Sequence[Source]) -> ir.Type:
        """One type for all sources, the newest first. `key`: that of the type, if it needs a name."""
        groups: dict[str, list[Source]] = {}
        for source in sources:
            for kind, parts in by_kind(source.type, source.types).items():
                groups.setdefault(kind, []).extend(Source(source.types, part) for part in parts)
        groups.pop("null", None)
        if not groups or any(not isinstance(part, ir.Literal) for _, part in groups.get("", ())):
            return ir.Anything()
        parts = [
            part
            for kind, group in groups.items()
            for part in self.of_kind(key, kind, group, alone=len(groups) == 1)
        ]
        if len(parts) == 1:
            return parts[0]
        return self.named(key, ir.Union(members=tuple(parts)))

    def of_kind(self, key: str, kind: str, group: Sequence[Source], alone: bool) -> list[ir.Type]:
        """What sources of one JSON type are together, `alone` or as members of a union."""
        types = [source.type for source in group]
        if _is_enum(kind, types):
            literal = _literal(types)
            is_named = alone and len(literal.values) > 1
            return [self.named(key, literal) if is_named else literal]
        match kind:
            case "number":
                whole = all(isinstance(t, ir.Scalar) and t.kind == "integer" for t in types)
                return [ir.Scalar(kind="integer" if whole else "number")]
            case "string" | "boolean":
                return [ir.Scalar(kind="string" if kind == "string" else "boolean")]
            case "array":
                return [ir.Array(items=self.type(f"{key}[]", _items(group)))]
            case _:
                return self.objects(key, group, alone)

    def objects(self, key: str, group: Sequence[Source], alone: bool) -> list[ir.Type]:
        """What objects are together: a map, shapes, or copies of those of the newest variant."""
        if values := _values_of_maps(group):
            return [ir.Map(values=self.type(f"{key}{{}}", values))]
        if self.shapes:
            return [ir.Ref(target=key) for key in self.shapes]
        newest = group[0].types
        objects = dict.fromkeys(
            source.type
            for source in group
            if source.types is newest and isinstance(source.type, ir.Object)
        )
        if len(objects) == 1 and alone:
            return [self.copied(key, Source(newest, type_)) for type_ in objects]
        return [self.copied(f"{key}|{n}", Source(newest, type_)) for n, type_ in enumerate(objects)]

    def copied(self, key: str, source: Source) -> ir.Ref:
        """A copy of an object, and of all in it, in the hub."""
        assert isinstance(source.type, ir.Object)
        self.hub[key] = ir.Named(key=key, type=ir.Never())  # stands before what is in it
        copies = Merge(self.hub, partial=self.partial)
        fields = tuple(
            replace(
                field,
                type=copies.type(
                    ir.property_key(key, field.wire), [Source(source.types, field.type)]
                ),
                required=field.required and not self.partial,
                nullable=field.nullable or ir.resolve(field.type, source.types).nullable,
                default=None,
            )
            for field in source.type.fields
        )
        type_ = ir.Object(fields=fields, additional=ir.Anything(), at=source.type.at)
        self.hub[key] = ir.Named(key=key, type=type_, at=source.type.at)
        return ir.Ref(target=key)

    def named(self, key: str, type_: ir.Type) -> ir.Ref:
        self.hub[key] = ir.Named(key=key, type=type_)
        return ir.Ref(target=key)


def _is_enum(kind: str, types: Sequence[ir.Type]) -> bool:
    """Whether types are one enum together; of texts it may be open."""
    literals = [isinstance(type_, ir.Literal) for type_ in types]
    return any(literals) if kind == "string" else all(literals)


def _literal(types: Sequence[ir.Type]) -> ir.Literal:
    """All values of some enums; open if one of them is, or beside a text that may be any."""
    literals = [type_ for type_ in types if isinstance(type_, ir.Literal)]
    return ir.Literal(
        values=tuple(dict.fromkeys(value for literal in literals for value in literal.values)),
        open=len(literals) < len(types) or any(literal.open for literal in literals),
    )


def _items(group: Sequence[Source]) -> list[Source]:
    return [
        Source(types, type_.items if isinstance(type_, ir.Array) else ir.Anything())
        for types, type_ in group
    ]


def _values_of_maps(group: Sequence[Source]) -> list[Source]:
    return [Source(types, type_.values) for types, type_ in group if isinstance(type_, ir.Map)]
