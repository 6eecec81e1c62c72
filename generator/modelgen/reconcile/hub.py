"""The hub: one Api that can hold whatever any variant says.

A field of the hub admits every value that some variant admits there. What all variants require, it requires; its
documentation says which variants have it, where, and since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .. import ir
from ..ir.words import pascal_case
from .map import Choice, Entry, Shape
from .meaning import Types, json_type, opened
from .resolution import Occurrence, Placement, Resolution

Source = tuple[Types, ir.Type]


def hub_api(resolution: Resolution, title: str) -> ir.Api:
    """The Api of a map without faults."""
    return _Hub(resolution).api(title)


def member_key(shape: Shape, tag: str) -> str:
    """The name of the hub's class of a member: `ServerEvent` and `response.done` make `ServerEventResponseDone`."""
    return shape.name + (tag if tag.isidentifier() else pascal_case(tag))


class _Hub:
    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.map = resolution.map
        self.types: dict[str, ir.Named] = {}

    def api(self, title: str) -> ir.Api:
        for shape in self.map.shapes.values():
            if shape.tag:
                self.union(shape)
            elif not shape.like:
                occurrences = list(self.resolution.of(shape.name))
                for other in self.map.shapes.values():
                    if other.like == shape.name:
                        occurrences = [*occurrences, *self.resolution.of(other.name)]
                self.object(shape.name, shape, shape.entries, occurrences, shape.about)
        return ir.Api(title=title, version="", types=tuple(self.types.values()))

    def union(self, shape: Shape) -> None:
        order = len(self.types)
        members = []
        for member in shape.members:
            key = member_key(shape, member.tag)
            members.append(key)
            occurrences = self.resolution.of(shape.name, member.tag)
            tag = ir.Field(
                wire=shape.tag,
                type=ir.Literal(values=(ir.Value.of(member.tag),)),
                required=True,
                doc=_where({alias.tag: [] for alias in member.aliases}, ()),
                at=member.at,
            )
            about = f"`{member.tag}`. {self.since(occurrences)}"
            self.object(key, shape, member.entries, occurrences, about, (tag,))
        union = ir.Union(
            members=tuple(ir.Ref(target=key) for key in members),
            discriminator=shape.tag,
            mapping=tuple(
                (member.tag, key) for member, key in zip(shape.members, members, strict=True)
            ),
        )
        named = ir.Named(key=shape.name, type=union, component=True, doc=shape.about, at=shape.at)
        rest = list(self.types.items())
        self.types = dict([*rest[:order], (shape.name, named), *rest[order:]])

    def since(self, occurrences: Iterable[Occurrence]) -> str:
        variants = list(dict.fromkeys(occurrence.variant for occurrence in occurrences))
        return f"In {_listed(variants)}; since {self.map.variants[variants[0]]}."

    def object(
        self,
        key: str,
        shape: Shape,
        entries: Sequence[Entry],
        occurrences: Sequence[Occurrence],
        doc: str,
        leading: tuple[ir.Field, ...] = (),
    ) -> None:
        tree: dict[str, list[Entry]] = {}
        for entry in entries:
            head, _, _ = entry.path.partition(".")
            tree.setdefault(head, []).append(entry)
        self.types[key] = ir.Named(key=key, type=ir.Never(), component=True, doc=doc, at=shape.at)
        fields = self.fields(key, shape, tree, occurrences, "")
        type_ = ir.Object(fields=(*leading, *fields), additional=ir.Anything(), at=shape.at)
        self.types[key] = replace(self.types[key], type=type_)

    def fields(
        self,
        key: str,
        shape: Shape,
        tree: dict[str, list[Entry]],
        occurrences: Sequence[Occurrence],
        prefix: str,
    ) -> Iterator[ir.Field]:
        for name, entries in tree.items():
            path = prefix + name
            inner = ir.property_key(key, name)
            if len(entries) == 1 and entries[0].path == path:
                yield self.field(inner, entries[0], name, occurrences)
                continue
            below: dict[str, list[Entry]] = {}
            for entry in entries:
                head, _, _ = entry.path.removeprefix(path + ".").partition(".")
                below.setdefault(head, []).append(entry)
            self.types[inner] = ir.Named(key=inner, type=ir.Never(), at=shape.at)
            fields = tuple(self.fields(inner, shape, below, occurrences, path + "."))
            type_ = ir.Object(fields=fields, additional=ir.Anything(), at=entries[0].at)
            self.types[inner] = ir.Named(key=inner, type=type_, at=entries[0].at)
            yield ir.Field(wire=name, type=ir.Ref(target=inner), at=entries[0].at)

    def field(
        self, key: str, entry: Entry, name: str, occurrences: Sequence[Occurrence]
    ) -> ir.Field:
        found = [(b, b.placements[entry.path]) for b in occurrences if entry.path in b.placements]
        places: dict[str, list[str]] = {}
        for occurrence, place in found:
            variants = places.setdefault(place.path or "the object itself", [])
            if occurrence.variant not in variants:
                variants.append(occurrence.variant)
        dates = [self.map.variants[occurrence.variant] for occurrence, _ in found]
        doc = next((place.doc for _, place in reversed(found) if place.doc), "")
        where = _where(places, dates)
        return ir.Field(
            wire=name,
            type=self.type(key, entry, found),
            required=len(found) == len(occurrences) and all(place.required for _, place in found),
            nullable=entry.null or any(place.nullable for _, place in found),
            doc=f"{doc}\n\n{where}" if doc else where,
            at=entry.at,
        )

    def type(
        self, key: str, entry: Entry, found: Sequence[tuple[Occurrence, Placement]]
    ) -> ir.Type:
        sources = [
            (self.resolution.apis[occurrence.variant], type_)
            for occurrence, place in reversed(found)  # the newest variant comes first
            for type_ in place.types
        ]
        return self.merged(key, sources, entry.shape)

    # -- types --------------------------------------------------------------------------------------------------

    def merged(self, key: str, sources: Sequence[Source], shape: Choice | None) -> ir.Type:
        """A type that admits what any of the sources admits."""
        groups: dict[str, list[Source]] = {}
        for types, type_ in sources:
            for part in opened(type_, types):
                groups.setdefault(json_type(part), []).append((types, part))
        groups.pop("null", None)
        if "" in groups or not groups:
            return ir.Anything()
        parts: list[ir.Type] = []
        many = len(groups) > 1
        for kind, group in groups.items():
            parts += self.of_kind(key, kind, group, shape, many)
        if len(parts) == 1:
            return parts[0]
        self.types[key] = ir.Named(key=key, type=ir.Union(members=tuple(parts)))
        return ir.Ref(target=key)

    def of_kind(
        self, key: str, kind: str, group: list[Source], shape: Choice | None, many: bool
    ) -> list[ir.Type]:
        parts = [part for _, part in group]
        literals = [part for part in parts if isinstance(part, ir.Literal)]
        if literals:
            values = tuple(dict.fromkeys(v for part in literals for v in part.values))
            is_open = len(literals) < len(parts) or any(part.open for part in literals)
            literal = ir.Literal(values=values, open=is_open)
            if many or len(values) == 1:
                return [literal]
            self.types[key] = ir.Named(key=key, type=literal)
            return [ir.Ref(target=key)]
        if kind == "number":
            kinds = {part.kind for part in parts if isinstance(part, ir.Scalar)}
            return [ir.Scalar(kind="integer" if kinds == {"integer"} else "number")]
        if kind in ("string", "boolean"):
            return [ir.Scalar(kind="string" if kind == "string" else "boolean")]
        if kind == "array":
            items = [
                (types, part.items if isinstance(part, ir.Array) else ir.Anything())
                for types, part in group
            ]
            return [ir.Array(items=self.merged(key + "[]", items, shape))]
        maps = [(types, part) for types, part in group if isinstance(part, ir.Map)]
        if maps:
            values_of = [(types, part.values) for types, part in maps if isinstance(part, ir.Map)]
            return [ir.Map(values=self.merged(key + "{}", values_of, shape))]
        if shape is not None:
            names = shape.all if shape.by.startswith(".") else (shape.other,)
            keys = dict.fromkeys(self.map.shapes[name].like or name for name in names)
            return [ir.Ref(target=key) for key in keys]
        newest = group[0][0]
        objects = list(
            dict.fromkeys(p for types, p in group if types is newest and isinstance(p, ir.Object))
        )
        if len(objects) == 1 and not many:
            return [self.copied(key, newest, objects[0])]
        return [self.copied(f"{key}|{n}", newest, one) for n, one in enumerate(objects)]

    def copied(self, key: str, types: Types, object_: ir.Object) -> ir.Ref:
        self.types[key] = ir.Named(key=key, type=ir.Never())
        fields = tuple(
            replace(
                found,
                type=self.merged(ir.property_key(key, found.wire), [(types, found.type)], None),
                nullable=found.nullable or _nullable(found.type, types),
                default=None,
            )
            for found in object_.fields
        )
        type_ = ir.Object(fields=fields, additional=ir.Anything(), at=object_.at)
        self.types[key] = ir.Named(key=key, type=type_, at=object_.at)
        return ir.Ref(target=key)


def _nullable(type_: ir.Type, types: Types) -> bool:
    return isinstance(type_, ir.Ref) and (
        types[type_.target].nullable or _nullable(types[type_.target].type, types)
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _where(places: dict[str, list[str]], dates: Sequence[str]) -> str:
    """Which variants have a field, under which path, and since when."""
    if not dates:
        tags = [f"`{tag}`" for tag in places]
        return f"Elsewhere {_listed(tags)}." if tags else ""
    parts = [f"{_listed(variants)} as `{path}`" for path, variants in places.items()]
    return f"In {'; '.join(parts)}. Since {min(dates)}."
