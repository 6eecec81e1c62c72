"""Map and Apis -> Resolution: where every entry is in every schema that a family reaches.

Nothing is judged here: what belongs to no entry is kept as unmapped, and `totality` and `values` say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from .. import ir
from .constants import text_of
from .containers import elements
from .map import Alias, Choice, Entry, Map, Member, Shape
from .meaning import Types, maps_in, objects_in
from .options import Admits, Implied, any_object, options
from .paths import is_in_list, prefixes, steps
from .resolution import (
    Key,
    Occurrence,
    Placement,
    Property,
    Resolution,
    Root,
    TaggedMember,
    UnmappedMember,
)

ByPath: TypeAlias = Mapping[str, Sequence[Property]]
NOTHING: Implied = MappingProxyType({})


def resolve(map_: Map, apis: Mapping[str, ir.Api]) -> Resolution:
    """Hold a map against the Apis of its variants. A variant that only one of them has takes no part."""
    types = {name: api.by_key() for name, api in apis.items()}
    occurrences: dict[Key, Occurrence] = {}
    resolvers = {
        name: _Resolver(map_, name, types[name], occurrences)
        for name in map_.variants
        if name in types
    }
    roots = {
        Root(family.name, role, variant): key
        for family in map_.families
        for role, schemas in family.schemas.items()
        for variant, glob in schemas.items()
        if glob is not None and variant in resolvers
        if (key := resolvers[variant].root(family, glob)) is not None
    }
    return Resolution(
        map_,
        types,
        MappingProxyType(roots),
        MappingProxyType(occurrences),
        MappingProxyType(_by_shape(map_, occurrences)),
    )


def components(types: Types, glob: str) -> tuple[ir.Named, ...]:
    """The components that a glob names."""
    return tuple(
        named for named in types.values() if named.component and fnmatchcase(named.key, glob)
    )


def _by_shape(
    map_: Map, occurrences: Mapping[Key, Occurrence]
) -> dict[tuple[str, str], tuple[Occurrence, ...]]:
    """The occurrences of each shape and of each member, oldest variant first."""
    order = list(map_.variants)
    grouped: dict[tuple[str, str], tuple[Occurrence, ...]] = {}
    for key in sorted(occurrences, key=lambda key: order.index(key.variant)):
        of = (key.shape, key.member)
        grouped[of] = (*grouped.get(of, ()), occurrences[key])
    return grouped


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Finds the shapes of a map in the schemas of one variant.

    `occurrences` is what is being built, shared by all variants. An occurrence stands there blank before its entries
    are placed, so that a shape that contains itself meets its own key.
    """

    map: Map
    variant: str
    types: Types
    occurrences: dict[Key, Occurrence]

    def root(self, family: Shape, glob: str) -> Key | None:
        """A family in the components that a glob names."""
        refs = [ir.Ref(target=named.key, at=named.at) for named in components(self.types, glob)]
        if not refs:
            return None
        type_ = _one_of(refs)
        # an object that declares no property is a map
        every = tuple(objects_in(type_, self.types)) or tuple(maps_in(type_, self.types))
        return self.shape_of(family, type_, every, any_object)

    def shape(self, shape: Shape, type_: ir.Type, admits: Admits) -> Key | None:
        """A shape in those objects of a type that `admits` takes; None if there are none."""
        return self.shape_of(shape, type_, tuple(objects_in(type_, self.types)), admits)

    def shape_of(
        self, shape: Shape, type_: ir.Type, every: Sequence[tuple[str, ir.Object]], admits: Admits
    ) -> Key | None:
        named = tuple((key, object_) for key, object_ in every if admits(object_))
        if not named:
            return None
        schema = "|".join(key for key, _ in named)
        if isinstance(type_, ir.Ref) and len(every) == len(named) > 1:
            schema = type_.target
        objects = tuple(object_ for _, object_ in named)
        blank = Occurrence(
            Key(shape.name, self.variant, schema), shape, shape.entries, type_.at, objects
        )
        return self.add(blank, partial(self.union, named=named) if shape.tag else self.placed)

    def add(self, blank: Occurrence, completed: Callable[[Occurrence], Occurrence]) -> Key:
        """Complete an occurrence, unless it is there already."""
        if blank.key not in self.occurrences:
            self.occurrences[blank.key] = blank
            self.occurrences[blank.key] = completed(blank)
        return blank.key

    # -- unions -------------------------------------------------------------------------------------------------

    def union(self, blank: Occurrence, named: Sequence[tuple[str, ir.Object]]) -> Occurrence:
        """The occurrence with its members."""
        members: dict[str, tuple[TaggedMember, ...]] = {}
        unmapped = []
        for schema, object_ in named:
            tag = text_of(object_, blank.shape.tag) or ""
            meant = _meant(blank.shape, tag)
            if meant is None:
                unmapped.append(UnmappedMember(tag, schema, object_.at))
                continue
            member, alias = meant
            key = self.member(blank.shape, member, alias, schema, object_)
            members[member.tag] = (*members.get(member.tag, ()), TaggedMember(alias, key))
        return replace(blank, members=MappingProxyType(members), unmapped_members=tuple(unmapped))

    def member(
        self, shape: Shape, member: Member, alias: Alias, schema: str, object_: ir.Object
    ) -> Key:
        key = Key(shape.name, self.variant, schema, member.tag)
        blank = Occurrence(key, shape, member.entries, object_.at, (object_,))
        return self.add(blank, partial(self.placed, implied=dict(alias.when)))

    # -- objects ------------------------------------------------------------------------------------------------

    def placed(self, blank: Occurrence, implied: Implied = NOTHING) -> Occurrence:
        """The occurrence with its entries placed."""
        mapped = {path for entry in blank.entries for path in entry.paths}
        groups = {group for path in mapped for group in prefixes(path)} - mapped
        properties = tuple(
            property_
            for object_ in blank.objects
            for property_ in self.properties(blank, groups, object_, object_, "")
        )
        by_path = _by_path(properties)
        return replace(
            blank,
            placements=MappingProxyType(dict(self.placements(blank, by_path, implied))),
            present=frozenset(mapped & by_path.keys()),
            groups=frozenset(groups & by_path.keys()),
            unmapped=tuple(p for p in properties if _is_unmapped(p, blank, mapped | groups)),
        )

    def properties(
        self, blank: Occurrence, groups: set[str], object_: ir.Object, owner: ir.Object, prefix: str
    ) -> Iterator[Property]:
        """The properties of an object, and of the groups in it, without those that belong elsewhere."""
        for field in object_.fields:
            property_ = Property(prefix + field.wire, field, owner)
            if property_.path == blank.shape.tag or property_.path in blank.beside:
                continue
            yield property_
            if property_.path in groups and not property_.is_dotted:
                for _, inner in objects_in(field.type, self.types):
                    yield from self.properties(blank, groups, inner, owner, f"{property_.path}.")
            for group in sorted(groups):
                if group.startswith(f"{property_.path}[") and not property_.is_dotted:
                    for inner in self.elements(field.type, group):
                        yield from self.properties(blank, groups, inner, owner, f"{group}.")

    def elements(self, type_: ir.Type, path: str) -> Iterator[ir.Object]:
        """The objects that the element at a path of a list may be; none for a path that leads further."""
        element = steps(path)[-1]
        if isinstance(element, str):
            return
        said = () if isinstance(element, int) else element
        for part in ir.opened(type_, self.types):
            for _, inner in (
                objects_in(part.items, self.types) if isinstance(part, ir.Array) else ()
            ):
                if all(text_of(inner, names[0]) in (None, value) for names, value in said):
                    yield inner

    def placements(
        self, blank: Occurrence, by_path: ByPath, implied: Implied
    ) -> Iterator[tuple[str, Placement]]:
        """Where the entries are; of several paths, the first counts."""
        for entry in blank.entries:
            spellings = [by_path[path] for path in entry.paths if path in by_path]
            if blank.is_itself(entry):
                if entry.shape is not None:
                    yield entry.path, self.unwrapped(blank, entry.shape)
            elif spellings:
                placement = self.placement(spellings[0], blank)
                shapes = MappingProxyType(self.shapes(entry, spellings, implied))
                yield entry.path, replace(placement, shapes=shapes)

    def placement(self, properties: Sequence[Property], blank: Occurrence) -> Placement:
        fields = [property_.field for property_ in properties]
        return Placement(
            properties[0].path,
            tuple(field.type for field in fields),
            len(fields) == len(blank.objects) and all(field.required for field in fields),
            any(field.nullable or ir.accepts_null(field.type, self.types) for field in fields),
            fields[0].at,
            fields[0].doc,
        )

    def unwrapped(self, blank: Occurrence, choice: Choice) -> Placement:
        """What an object wraps elsewhere and is itself here, without what stands beside it."""
        shape = self.map.shapes[choice.other]
        beside = frozenset(next(prefixes(path)) for entry in blank.entries for path in entry.was)
        key = Key(shape.name, self.variant, blank.key.schema, wrapper=blank.shape.name)
        inner = Occurrence(key, shape, shape.entries, blank.at, blank.objects, beside)
        shapes = MappingProxyType({shape.name: self.add(inner, self.placed)})
        return Placement("", (), False, False, blank.at, shapes=shapes)

    # -- shapes in entries --------------------------------------------------------------------------------------

    def shapes(
        self, entry: Entry, spellings: Sequence[Sequence[Property]], implied: Implied
    ) -> dict[str, Key]:
        """The occurrences in an entry, by the name of the shape."""
        keys: dict[str, Key] = {}
        for properties in spellings:
            for option in options(entry, properties, implied):
                inner = (e for type_ in option.types for e in elements(type_, self.types))
                of = tuple(dict.fromkeys(inner))
                shape = self.map.shapes[option.shape]
                key = self.shape(shape, _one_of(of), option.admits) if of else None
                if key is not None:
                    keys.setdefault(option.shape, key)
        return keys


def _by_path(properties: Sequence[Property]) -> ByPath:
    by_path: dict[str, list[Property]] = {}
    for property_ in properties:
        if not property_.is_dotted:
            by_path.setdefault(property_.path, []).append(property_)
    return by_path


def _is_unmapped(property_: Property, blank: Occurrence, known: set[str]) -> bool:
    """Whether a property belongs to no entry, nor to what the object wraps elsewhere."""
    if property_.is_dotted:
        return True
    if is_in_list(property_.path):  # what nobody speaks of stays in the list
        return False
    return property_.path not in known and (property_.is_nested or not blank.is_unwrapped)


def _meant(shape: Shape, tag: str) -> tuple[Member, Alias] | None:
    """The member that a tag names, and how."""
    for member in shape.members:
        for alias in (Alias(member.tag), *member.aliases):
            if alias.tag == tag:
                return member, alias
    return None


def _one_of(types: Sequence[ir.Type]) -> ir.Type:
    return types[0] if len(types) == 1 else ir.Union(members=tuple(types), at=types[0].at)
