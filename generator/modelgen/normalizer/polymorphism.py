"""A schema with a `discriminator` and no union is the base of those that name it in `allOf`.

What refers to such a base may be any of its children: the base becomes the union of their classes, and of one of its own
for the tags that no child has. Where the base lists its tags and each is a child's, there is no such class. In the classes
of the children the tag is the one that means them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from .. import ir
from ..errors import Location, SpecError
from ..ir import Type
from ..openapi.keywords import OBJECT_SHAPE
from ..openapi.structure import SCHEMAS
from .discriminators import discriminator
from .scope import SchemaTarget, Scope

_UNIONS = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class _Base:
    """A schema with a discriminator, of its own or of one that it names in `allOf`, and the keys of its children, theirs
    included."""

    wire: str
    mapping: tuple[tuple[str, str], ...]
    at: Location
    children: tuple[str, ...]


class Polymorphism:
    """Finds bases while schemas are read, and makes unions of them when all are known."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bases: dict[str, _Base] = {}
        self._by_source: dict[str, Mapping[str, list[SchemaTarget]]] = {}

    # -- while schemas are read ----------------------------------------------------------------------------------

    def meet(self, target: SchemaTarget) -> None:
        """Note a schema that has children, and have these read as well."""
        found = self._discriminator(target, set())
        if found is None:
            return
        owner, written, at = found
        wire, mapping = discriminator(written, at, self.scope)
        descendants = list(self._descendants(target, {target.key}))
        children = dict.fromkeys(child.key for child in descendants)
        if owner == target.key:
            children.update(dict.fromkeys(key for _, key in mapping if key != target.key))
        if wire and children:
            self.scope.wanted.extend(descendants)
            self.bases[target.key] = _Base(wire, mapping, at, tuple(children))

    def _discriminator(
        self, target: SchemaTarget, entered: set[str]
    ) -> tuple[str, Mapping[str, Any], Location] | None:
        """The key of the schema that has the discriminator, what it stands in, and where."""
        if target.key in entered:
            return None
        entered.add(target.key)
        for raw, at in _conjuncts(target.raw, target.at):
            if "discriminator" in raw and not any(word in raw for word in _UNIONS):
                return target.key, raw, at
        for parent in self._parents(target):
            if found := self._discriminator(parent, entered):
                return found
        return None

    def _parents(self, target: SchemaTarget) -> Iterator[SchemaTarget]:
        """The schemas that a schema names in `allOf`, or beside properties of its own."""
        for raw, at in _conjuncts(target.raw, target.at):
            is_alias = raw is target.raw and not raw.keys() & OBJECT_SHAPE
            if isinstance(raw.get("$ref"), str) and not is_alias:
                with suppress(SpecError):  # it is told of when the schema is read
                    yield self.scope.look_up(raw["$ref"], at.below("$ref"))

    def _descendants(self, target: SchemaTarget, entered: set[str]) -> Iterator[SchemaTarget]:
        for child in self._children(target.at.source).get(target.key, ()):
            if child.key not in entered:
                entered.add(child.key)
                yield child
                yield from self._descendants(child, entered)

    def _children(self, source: str) -> Mapping[str, list[SchemaTarget]]:
        """What names each schema of a file in `allOf`: components of the document, and those of that file."""
        if source not in self._by_source:
            children: dict[str, list[SchemaTarget]] = {}
            for target in self._components(source):
                for parent in self._parents(target):
                    children.setdefault(parent.key, []).append(target)
            self._by_source[source] = children
        return self._by_source[source]

    def _components(self, source: str) -> Iterator[SchemaTarget]:
        yield from map(self.scope.component, self.scope.components)
        home = Location(source, SCHEMAS)
        written = self.scope.documents.node(home)
        if source != self.scope.documents.root.source and isinstance(written, dict):
            for name in written:
                pointer = quote(home.below(name).pointer, safe="/~")
                yield self.scope.look_up(f"#{pointer}", Location(source))

    # -- when all are known --------------------------------------------------------------------------------------

    def unite(self, types: dict[str, ir.Named]) -> dict[str, ir.Named]:
        """The same types with a union in the place of each base, which has a class of its own beside it."""
        types = {**types, **self._copies(types)}
        tags = {base: self._tags(base, types) for base in self.bases}
        united = dict(types)
        for key, base in self.bases.items():
            for child, values in tags[key].items():
                allowed = _listed(united[child].type, base.wire, united)
                if child not in self.bases and (not allowed or {*allowed}.issuperset(values)):
                    united[child] = _narrowed(united[child], base.wire, values)
        for key in self.bases:
            if isinstance(types[key].type, ir.Object | ir.Map):
                united |= self._united(key, tags[key], types)
        return united

    def used(self, types: dict[str, ir.Named]) -> dict[str, ir.Named]:
        """The same types without the classes of bases that are only what their children are."""
        unused = {
            ir.own_key(key)
            for key in self.bases
            if isinstance(union := types[key].type, ir.Union) and not union.otherwise
        }
        if unused:
            unused -= {target for named in types.values() for target in ir.references(named.type)}
        return {key: named for key, named in types.items() if key not in unused}

    def _united(
        self, key: str, tags: Mapping[str, tuple[str, ...]], types: Mapping[str, ir.Named]
    ) -> dict[str, ir.Named]:
        """The union of a base, and the class beside it."""
        base, named = self.bases[key], types[key]
        own = ir.own_key(key)
        classes = {child: self._class(child) for child in base.children if tags.get(child)}
        known = {value for values in tags.values() for value in values}
        listed = _listed(named.type, base.wire, types)
        is_abstract = bool(listed) and known.issuperset(listed)
        members = tuple(ir.Ref(target=target, at=named.at) for target in classes.values())
        union = ir.Union(
            members=members if is_abstract else (*members, ir.Ref(target=own, at=named.at)),
            discriminator=base.wire,
            mapping=tuple(
                (value, target) for child, target in classes.items() for value in tags[child]
            ),
            otherwise="" if is_abstract else own,
            at=base.at,
        )
        if not members:
            return {}
        plain = replace(named, key=own, component=False, nullable=False, default=None)
        return {key: replace(named, type=union), own: plain}

    def _class(self, key: str) -> str:
        return ir.own_key(key) if key in self.bases else key

    def _copies(self, types: Mapping[str, ir.Named]) -> dict[str, ir.Named]:
        """Classes of their own for schemas that only name another one, where a tag tells them from it."""
        meant = {child for key in self.bases for child in self._told_apart(key, types)}
        for named in types.values():
            if isinstance(named.type, ir.Union) and len(named.type.mapping) > 1:
                meant.update(key for _, key in named.type.mapping)
        copies = {}
        for key, named in types.items():
            if key in meant and isinstance(named.type, ir.Ref):
                behind = ir.resolve(named.type, types).type
                if isinstance(behind, ir.Object):
                    copies[key] = replace(named, type=behind)
        return copies

    def _told_apart(self, key: str, types: Mapping[str, ir.Named]) -> Iterator[str]:
        """The children of a base that the mapping, the values of the tag, or without these their names tell from it."""
        base = self.bases[key]
        mapped = {child for _, child in base.mapping}
        listed = {_folded(value) for value in _listed(types[key].type, base.wire, types)}
        for child in base.children:
            nullable = child in types and types[child].nullable
            by_name = not mapped and not listed and not nullable
            if child in mapped or _folded(child) in listed or by_name:
                yield child

    def _tags(self, key: str, types: Mapping[str, ir.Named]) -> dict[str, tuple[str, ...]]:
        """The values of the tag that mean each child."""
        base = self.bases[key]
        listed = _listed(types[key].type, base.wire, types)
        tags: dict[str, tuple[str, ...]] = {}
        for child in base.children:
            if child in types and not isinstance(types[child].type, ir.Ref):
                mapped = tuple(value for value, meant in base.mapping if meant == child)
                allowed = _listed(types[child].type, base.wire, types)
                tags[child] = self._tag(types[child], mapped, allowed, listed)
                if not tags[child]:
                    message = f"No value of `{base.wire}` means `{child}`, a child of `{key}`."
                    self.scope.note("discriminator-unusable", message, types[child].at)
        return tags

    def _tag(
        self,
        child: ir.Named,
        mapped: tuple[str, ...],
        allowed: tuple[str, ...],
        listed: tuple[str, ...],
    ) -> tuple[str, ...]:
        """What the mapping says, else what the child itself allows, else its name. `listed`: what the base allows."""
        if fitting := tuple(value for value in mapped if value in allowed):
            return fitting
        if mapped and len(allowed) != 1:
            return mapped
        if allowed and allowed != listed:
            return allowed
        if not allowed or child.key in allowed:
            return (child.key,)
        alike = tuple(value for value in allowed if _folded(value) == _folded(child.key))
        if len(alike) != 1:
            return ()
        message = f"`{child.key}` is called `{alike[0]}` where the values of its tag are listed."
        self.scope.note("discriminator-name", message, child.at)
        return alike


def _conjuncts(raw: object, at: Location) -> Iterator[tuple[dict[str, Any], Location]]:
    """A schema and those written in its `allOf`."""
    if isinstance(raw, dict):
        yield raw, at
        members = raw.get("allOf")
        for n, member in enumerate(members if isinstance(members, list) else ()):
            yield from _conjuncts(member, at.below("allOf", n))


def _field(type_: Type, wire: str) -> ir.Field | None:
    fields: Iterable[ir.Field] = type_.fields if isinstance(type_, ir.Object) else ()
    return next((field for field in fields if field.wire == wire), None)


def _listed(type_: Type, wire: str, types: Mapping[str, ir.Named]) -> tuple[str, ...]:
    """The values that a tag may have, if they are listed."""
    field = _field(type_, wire)
    meant = None if field is None else ir.resolve(field.type, types).type
    if not isinstance(meant, ir.Literal) or meant.open:
        return ()
    return tuple(value.json for value in meant.values if isinstance(value.json, str))


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _narrowed(named: ir.Named, wire: str, values: tuple[str, ...]) -> ir.Named:
    """The class of a child, whose tag is one of these."""
    field = _field(named.type, wire)
    if field is None or not values or not isinstance(named.type, ir.Object):
        return named
    if not isinstance(field.type, ir.Scalar | ir.Literal | ir.Ref):
        return named
    if isinstance(field.type, ir.Literal) and len(field.type.values) == 1:
        return named
    literal = ir.Literal(values=tuple(map(ir.Value.of, values)), at=field.type.at)
    fields = tuple(
        replace(other, type=literal, implied=True) if other.wire == wire else other
        for other in named.type.fields
    )
    return replace(named, type=replace(named.type, fields=fields))
