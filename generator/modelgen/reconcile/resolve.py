"""Map and Apis -> Resolution: where every entry is in every schema that a family reaches.

Nothing is judged here: what belongs to no entry is kept as unmapped, and `totality` and `values` say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from types import MappingProxyType

from .. import ir
from .constants import text_of
from .map import Alias, Choice, Entry, Map, Member, Shape, prefixes
from .meaning import Types, objects_in
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

Admits = Callable[[ir.Object], bool]
# What the tag of a member says of its values: path -> text.
Implied = Mapping[str, str]
ByPath = Mapping[str, Sequence[Property]]
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

    `occurrences` is what is being built, shared by all variants. An occurrence stands there before its entries are
    placed, so that a shape that contains itself meets its own key.
    """

    map: Map
    variant: str
    types: Types
    occurrences: dict[Key, Occurrence]

    def root(self, family: Shape, glob: str) -> Key | None:
        """A family in the components that a glob names."""
        refs = [ir.Ref(target=named.key, at=named.at) for named in components(self.types, glob)]
        return self.shape(family, _one_of(refs)) if refs else None

    def shape(self, shape: Shape, type_: ir.Type, admits: Admits = lambda _: True) -> Key | None:
        """A shape in those objects of a type that `admits` takes; None if there are none."""
        objects = [named for named in objects_in(type_, self.types) if admits(named[1])]
        if not objects:
            return None
        schema = "|".join(key for key, _ in objects)
        if isinstance(type_, ir.Ref) and len(objects) > 1:
            schema = type_.target
        key = Key(shape.name, self.variant, schema)
        if key not in self.occurrences:
            of_type = tuple(object_ for _, object_ in objects)
            draft = Occurrence(key, shape, shape.entries, type_.at, of_type)
            self.occurrences[key] = draft
            self.occurrences[key] = self.union(draft, objects) if shape.tag else self.placed(draft)
        return key

    # -- unions -------------------------------------------------------------------------------------------------

    def union(self, draft: Occurrence, objects: Sequence[tuple[str, ir.Object]]) -> Occurrence:
        """The occurrence with its members."""
        members: dict[str, tuple[TaggedMember, ...]] = {}
        unmapped = []
        for schema, object_ in objects:
            tag = text_of(object_, draft.shape.tag) or ""
            meant = _meant(draft.shape, tag)
            if meant is None:
                unmapped.append(UnmappedMember(tag, schema, object_.at))
                continue
            member, alias = meant
            key = self.member(draft.shape, member, alias, schema, object_)
            members[member.tag] = (*members.get(member.tag, ()), TaggedMember(alias, key))
        return replace(draft, members=MappingProxyType(members), unmapped_members=tuple(unmapped))

    def member(
        self, shape: Shape, member: Member, alias: Alias, schema: str, object_: ir.Object
    ) -> Key:
        key = Key(shape.name, self.variant, schema, member.tag)
        if key not in self.occurrences:
            draft = Occurrence(key, shape, member.entries, object_.at, (object_,))
            self.occurrences[key] = draft
            self.occurrences[key] = self.placed(draft, dict(alias.when))
        return key

    # -- objects ------------------------------------------------------------------------------------------------

    def placed(self, draft: Occurrence, implied: Implied = NOTHING) -> Occurrence:
        """The occurrence with its entries placed."""
        mapped = {path for entry in draft.entries for path in entry.paths}
        groups = {group for path in mapped for group in prefixes(path)} - mapped
        properties = tuple(
            property_
            for object_ in draft.objects
            for property_ in self.properties(draft, groups, object_, object_, "")
        )
        by_path = _by_path(properties)
        return replace(
            draft,
            placements=MappingProxyType(dict(self.placements(draft, by_path, implied))),
            present=frozenset(mapped & by_path.keys()),
            groups=frozenset(groups & by_path.keys()),
            unmapped=tuple(p for p in properties if _is_unmapped(p, draft, mapped | groups)),
        )

    def properties(
        self, draft: Occurrence, groups: set[str], object_: ir.Object, owner: ir.Object, prefix: str
    ) -> Iterator[Property]:
        """The properties of an object, and of the groups in it, without those that belong elsewhere."""
        for field in object_.fields:
            property_ = Property(prefix + field.wire, field, owner)
            if property_.path == draft.shape.tag or property_.path in draft.beside:
                continue
            yield property_
            if property_.path in groups and not property_.is_dotted:
                for _, inner in objects_in(field.type, self.types):
                    yield from self.properties(draft, groups, inner, owner, f"{property_.path}.")

    def placements(
        self, draft: Occurrence, by_path: ByPath, implied: Implied
    ) -> Iterator[tuple[str, Placement]]:
        """Where the entries are; of several paths, the first counts."""
        for entry in draft.entries:
            spellings = [by_path[path] for path in entry.paths if path in by_path]
            if draft.is_itself(entry):
                if entry.shape is not None:
                    yield entry.path, self.unwrapped(draft, entry.shape)
            elif spellings:
                placement = self.placement(spellings[0], draft)
                shapes = MappingProxyType(self.shapes(entry, spellings, implied))
                yield entry.path, replace(placement, shapes=shapes)

    def placement(self, properties: Sequence[Property], draft: Occurrence) -> Placement:
        fields = [property_.field for property_ in properties]
        return Placement(
            properties[0].path,
            tuple(field.type for field in fields),
            len(fields) == len(draft.objects) and all(field.required for field in fields),
            any(field.nullable or ir.accepts_null(field.type, self.types) for field in fields),
            fields[0].at,
            fields[0].doc,
        )

    def unwrapped(self, draft: Occurrence, choice: Choice) -> Placement:
        """What an object wraps elsewhere and is itself here, without what stands beside it."""
        shape = self.map.shapes[choice.other]
        beside = frozenset(path.partition(".")[0] for entry in draft.entries for path in entry.was)
        key = Key(shape.name, self.variant, draft.key.schema, wrapper=draft.shape.name)
        inner = Occurrence(key, shape, shape.entries, draft.at, draft.objects, beside)
        self.occurrences[key] = inner
        self.occurrences[key] = self.placed(inner)
        shapes = MappingProxyType({shape.name: key})
        return Placement("", (), False, False, draft.at, shapes=shapes)

    # -- shapes in entries --------------------------------------------------------------------------------------

    def shapes(
        self, entry: Entry, spellings: Sequence[Sequence[Property]], implied: Implied
    ) -> dict[str, Key]:
        """The occurrences in an entry, by the name of the shape."""
        keys: dict[str, Key] = {}
        for properties in spellings:
            for name, types, admits in _options(entry, properties, implied):
                elements = list(dict.fromkeys(self.element(type_) for type_ in types))
                key = (
                    self.shape(self.map.shapes[name], _one_of(elements), admits)
                    if elements
                    else None
                )
                if key is not None:
                    keys.setdefault(name, key)
        return keys

    def element(self, type_: ir.Type) -> ir.Type:
        """What a shape is the shape of: the items of an array, the values of a map, else the type itself."""
        match type_:
            case ir.Array(items=items):
                return self.element(items)
            case ir.Map(values=values):
                return self.element(values)
            case ir.Ref(target=target):
                inner = self.types[target].type
                return (
                    self.element(inner) if isinstance(inner, ir.Array | ir.Map | ir.Ref) else type_
                )
            case _:
                return type_


def _by_path(properties: Sequence[Property]) -> ByPath:
    by_path: dict[str, list[Property]] = {}
    for property_ in properties:
        if not property_.is_dotted:
            by_path.setdefault(property_.path, []).append(property_)
    return by_path


def _is_unmapped(property_: Property, draft: Occurrence, known: set[str]) -> bool:
    """Whether a property belongs to no entry, nor to what the object wraps elsewhere."""
    if property_.is_dotted:
        return True
    return property_.path not in known and (property_.is_nested or not draft.is_unwrapped)


def _options(
    entry: Entry, properties: Sequence[Property], implied: Implied
) -> Iterator[tuple[str, list[ir.Type], Admits]]:
    """What an entry may be: a shape, the types that may be it, and which of their objects are."""
    if entry.shape is None:
        return
    choice, types = entry.shape, [property_.field.type for property_ in properties]
    known = implied.get(f"{entry.path}{choice.by}") if choice.is_inside else None
    for text, name in choice.options:
        if known is not None:
            yield name, types if text == known else [], _any
        elif choice.is_inside:
            yield name, types, partial(_says, choice, text)
        else:
            yield name, [p.field.type for p in properties if _beside(choice, text, p)], _any


def _any(_: ir.Object) -> bool:
    return True


def _says(choice: Choice, text: str, object_: ir.Object) -> bool:
    """Whether an object itself says that it is of the shape that `text` chooses."""
    return choice.chooses(text, text_of(object_, choice.by[1:]))


def _beside(choice: Choice, text: str, property_: Property) -> bool:
    """Whether the object that a property is in may choose the shape of `text` for it."""
    value = text_of(property_.owner, choice.by)
    return value is None or choice.chooses(text, value)


def _meant(shape: Shape, tag: str) -> tuple[Member, Alias] | None:
    """The member that a tag names, and how."""
    for member in shape.members:
        for alias in (Alias(member.tag), *member.aliases):
            if alias.tag == tag:
                return member, alias
    return None


def _one_of(types: Sequence[ir.Type]) -> ir.Type:
    return types[0] if len(types) == 1 else ir.Union(members=tuple(types), at=types[0].at)
