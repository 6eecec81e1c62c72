"""The map held against the schemas: where every entry is in every variant, and what nobody decided.

Total means: each property of each schema that a family reaches belongs to an entry, each entry that a schema lacks
says why, each listed value that not every variant lists is in a table, each tagged member has its place, and each
component is reached by a family or is named as outside.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .. import ir
from ..errors import Diagnostic, Location
from .map import Alias, Choice, Entry, Lens, Shape, prefixes
from .meaning import alike, described, json_type, kind_of, opened

Locate = Callable[[str, Location], Location]
# What was decided about a property: by variant and name, where, how, its type and its place in the schemas.
Treated = dict[tuple[str, str], list[tuple[str, Entry, ir.Type, Location]]]


@dataclass(slots=True)
class Place:
    """Where an entry is in one schema. `types` are those of all members that have it; `shapes` those bound to it."""

    path: str
    types: tuple[ir.Type, ...]
    required: bool
    nullable: bool
    at: Location
    doc: str = ""
    shapes: dict[str, Bound] = field(default_factory=dict)


@dataclass(slots=True)
class Bound:
    """A shape in one schema of one variant: an object, or several that are told apart by constants."""

    shape: Shape
    entries: tuple[Entry, ...]
    variant: str
    key: str
    at: Location
    objects: tuple[ir.Object, ...] = ()
    places: dict[str, Place] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    wrapped: bool = False
    beside: frozenset[str] = frozenset()
    members: dict[str, list[BoundMember]] = field(default_factory=dict)

    def wraps_here(self, entry: Entry) -> bool:
        """Whether an entry is what the object itself is here."""
        return self.wrapped and entry.path == self.shape.wraps


@dataclass(slots=True)
class BoundMember:
    """A member of a union in one variant, under one of its tags."""

    alias: Alias
    component: str
    bound: Bound


@dataclass(slots=True)
class Undecided:
    """A property that belongs to no entry of a shape, or of a member of one (`where`)."""

    where: str
    path: str
    type: ir.Type
    bound: Bound


@dataclass(slots=True)
class Bindings:
    """The map and the schemas of all variants, held together. `faults` is empty if everything is decided."""

    lens: Lens
    apis: Mapping[str, Mapping[str, ir.Named]]
    bound: dict[tuple[str, str, str], Bound] = field(default_factory=dict)
    roots: dict[tuple[str, str, str], Bound] = field(default_factory=dict)
    faults: list[Diagnostic] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)

    def of_shape(self, name: str) -> list[Bound]:
        """All bindings of a shape, oldest variant first."""
        order = list(self.lens.variants)
        found = [bound for key, bound in self.bound.items() if key[0] == name]
        return sorted(found, key=lambda bound: order.index(bound.variant))

    def of_member(self, shape: str, tag: str) -> list[Bound]:
        """All bindings of a member of a union, oldest variant first."""
        order = list(self.lens.variants)
        found = [
            member.bound
            for (of, _, _), root in self.bound.items()
            if of == shape
            for member in root.members.get(tag, ())
        ]
        return sorted(found, key=lambda bound: order.index(bound.variant))

    def sections(self) -> Iterator[tuple[str, Shape, tuple[Entry, ...], list[Bound]]]:
        """Each list of entries in the map: its name, its shape, and its bindings, oldest variant first."""
        for shape in self.lens.shapes.values():
            if not shape.tag:
                yield shape.name, shape, shape.entries, self.of_shape(shape.name)
            for member in shape.members:
                bounds = self.of_member(shape.name, member.tag)
                yield f"{shape.name}.{member.tag}", shape, member.entries, bounds


def bind(lens: Lens, apis: Mapping[str, ir.Api], locate: Locate) -> Bindings:
    """Hold a map against the variants' Apis. `locate` fills in lines, given a variant and a location in its spec."""
    return _Binder(lens, apis, locate).all()


def constant(type_: ir.Type) -> str | None:
    """The text that a type always is, if it is one."""
    if isinstance(type_, ir.Literal) and len(type_.values) == 1 and not type_.open:
        value = type_.values[0].json
        return value if isinstance(value, str) else None
    return None


def told(object_: ir.Object) -> tuple[tuple[str, str], ...]:
    """The constants that an object requires: name and text."""
    return tuple(
        (found.wire, text)
        for found in object_.fields
        if found.required and (text := constant(found.type)) is not None
    )


def required(object_: ir.Object) -> tuple[str, ...]:
    """The properties that an object requires."""
    return tuple(found.wire for found in object_.fields if found.required)


class _Binder:
    def __init__(self, lens: Lens, apis: Mapping[str, ir.Api], locate: Locate) -> None:
        self.lens = lens
        self.locate = locate
        self.found = Bindings(lens, {name: api.by_key() for name, api in apis.items()})
        self.used: set[tuple[str, str]] = set()
        self.lost: set[tuple[str, str]] = set()
        self.reached: dict[str, set[str]] = {name: set() for name in apis}

    def all(self) -> Bindings:
        for variant in self.lens.variants.keys() - self.found.apis.keys():
            self.fault(
                "reconcile-map",
                f'The configuration has no variant "{variant}".',
                self.lens.at,
                "Variants of the map are those of [tool.modelgen.packages.NAME.variants].",
            )
        for variant in self.found.apis.keys() - self.lens.variants.keys():
            self.fault(
                "reconcile-undecided",
                f'The variant "{variant}" is not in the map.',
                self.lens.at,
                "Add it to `variants`, with the date of its schemas.",
            )
        if self.found.faults:
            return self.found
        for family in self.lens.families:
            for role, variants in family.schemas.items():
                for variant, glob in variants.items():
                    if glob is not None:
                        self.root(family, role, variant, glob)
        self.roles()
        self.components()
        self.entries()
        self.values()
        return self.found

    def fault(
        self, code: str, message: str, at: Location, hint: str = "", *related: Location
    ) -> None:
        self.found.faults.append(Diagnostic(code, message, at, hint, related))

    # -- walking ------------------------------------------------------------------------------------------------

    def root(self, family: Shape, role: str, variant: str, glob: str) -> None:
        types = self.found.apis[variant]
        names = [n.key for n in types.values() if n.component and fnmatchcase(n.key, glob)]
        if not names:
            self.fault(
                "reconcile-map",
                f'{variant} has no schema "{glob}".',
                self.lens.shapes[family.name].at,
                f"It is named in `schemas` of {family.name}.",
            )
            return
        self.reached[variant].update(names)
        refs = tuple(ir.Ref(target=name, at=types[name].at) for name in names)
        bound = self.bind(family, variant, refs[0] if len(refs) == 1 else ir.Union(members=refs))
        if bound is not None:
            self.found.roots[family.name, role, variant] = bound

    def flat(self, variant: str, type_: ir.Type) -> Iterator[tuple[str, ir.Type]]:
        """The types that a type expression is made of, references and unions opened, each with its key."""
        match type_:
            case ir.Ref(target=target):
                self.reached[variant].add(target)
                named = self.found.apis[variant][target]
                for key, inner in self.flat(variant, named.type):
                    yield key or target, inner
            case ir.Union(members=members):
                for member in members:
                    yield from self.flat(variant, member)
            case _:
                yield "", type_

    def bind(
        self,
        shape: Shape,
        variant: str,
        type_: ir.Type,
        only: Callable[[ir.Object], bool] = lambda _: True,
    ) -> Bound | None:
        parts = list(self.flat(variant, type_))
        objects = [(key, t) for key, t in parts if isinstance(t, ir.Object) and only(t)]
        if not objects:
            return None
        key = type_.target if isinstance(type_, ir.Ref) else "|".join(key for key, _ in objects)
        if len(objects) == 1:
            key = objects[0][0]
        memo = (shape.name, variant, key)
        if memo in self.found.bound:
            return self.found.bound[memo]
        found = tuple(t for _, t in objects)
        bound = Bound(shape, shape.entries, variant, key, type_.at, found)
        self.found.bound[memo] = bound
        if shape.tag:
            for name, object_ in objects:
                self.member(bound, name, object_)
        else:
            self.fill(bound, {})
        return bound

    def member(self, bound: Bound, component: str, object_: ir.Object) -> None:
        tags = [constant(f.type) for f in object_.fields if f.wire == bound.shape.tag]
        tag = tags[0] if tags and tags[0] else ""
        for member in bound.shape.members:
            for alias in (Alias(member.tag), *member.aliases):
                if alias.tag == tag:
                    inner = Bound(
                        bound.shape,
                        member.entries,
                        bound.variant,
                        component,
                        object_.at,
                        (object_,),
                    )
                    bound.members.setdefault(member.tag, []).append(
                        BoundMember(alias, component, inner)
                    )
                    self.fill(inner, dict(alias.when), {bound.shape.tag})
                    return
        self.fault(
            "reconcile-undecided",
            f"`{tag}` ({component} of {bound.variant}) is not decided.",
            self.located(bound.variant, object_.at),
            f"Add it to `members` of {bound.shape.name}.",
            bound.shape.at,
        )

    def fill(
        self, bound: Bound, when: Mapping[str, str], skipped: set[str] = frozenset()  # type: ignore[assignment]
    ) -> None:
        """Find every entry in the objects of a binding, and say which properties belong to none."""
        mapped = {path for entry in bound.entries for path in entry.paths}
        groups = {group for path in mapped for group in prefixes(path) if group != path}
        seen: dict[str, list[tuple[ir.Field, ir.Object]]] = {}
        wraps = bound.shape.wraps
        names = {found.wire for object_ in bound.objects for found in object_.fields}
        bound.wrapped = bool(wraps) and wraps not in names

        def visit(object_: ir.Object, owner: ir.Object, prefix: str) -> None:
            for found in object_.fields:
                path = prefix + found.wire
                if path in skipped:
                    continue
                if "." in found.wire:
                    self.fault(
                        "reconcile-map",
                        f"The name `{found.wire}` in {bound.key} ({bound.variant}) has a dot, which no path of the map can say.",
                        self.located(bound.variant, found.at),
                    )
                elif path in mapped:
                    seen.setdefault(path, []).append((found, owner))
                elif path in groups:
                    bound.groups.add(path)
                    for _, inner in self.flat(bound.variant, found.type):
                        if isinstance(inner, ir.Object):
                            visit(inner, owner, path + ".")
                elif not bound.wrapped or prefix:
                    self.found.undecided.append(
                        Undecided(self.where(bound), path, found.type, bound)
                    )
                    self.fault(
                        "reconcile-undecided",
                        f"`{path}` of {bound.key} ({bound.variant}) is not decided.",
                        self.located(bound.variant, found.at),
                        f"Add it to `fields` of {self.where(bound)}, or say why it is lost.",
                        bound.shape.at,
                    )

        for object_ in bound.objects:
            visit(object_, object_, "")
        for entry in bound.entries:
            if bound.wraps_here(entry):
                self.inside(bound, entry)
                continue
            if bound.wrapped and not entry.was:
                self.fault(
                    "reconcile-undecided",
                    f"`{entry.path}` stands beside `{wraps}`, and nothing says where it is in {bound.key} ({bound.variant}).",
                    entry.at,
                    "Add `was:` with its path inside of the object.",
                    self.located(bound.variant, bound.at),
                )
            present = [path for path in entry.paths if path in seen]
            for path in present:
                self.used.add((self.where(bound), path))
                bound.present.add(path)
            if not present:
                owner = bound.shape.like if entry.shared else self.where(bound)
                self.lost.add((owner, entry.path))
                if not entry.lost:
                    self.fault(
                        "reconcile-undecided",
                        f"`{entry.path}` is not in {bound.key} ({bound.variant}), and nothing says why it is lost there.",
                        entry.at,
                        "Add `lost:` with the reason.",
                        self.located(bound.variant, bound.at),
                    )
                continue
            places = seen[present[0]]
            place = Place(
                present[0],
                tuple(f.type for f, _ in places),
                len(places) == len(bound.objects) and all(f.required for f, _ in places),
                any(f.nullable or self.nullable(bound.variant, f.type) for f, _ in places),
                places[0][0].at,
                places[0][0].doc,
            )
            bound.places[entry.path] = place
            if entry.shape:
                for path in present:
                    self.shapes(bound, entry, entry.shape, seen[path], place, when)

    def inside(self, bound: Bound, entry: Entry) -> None:
        """Bind the shape of what an object wraps, where the object itself is that: without what stands beside it."""
        self.used.add((self.where(bound), entry.path))
        if entry.shape is None:
            return
        shape = self.lens.shapes[entry.shape.other]
        beside = {path.partition(".")[0] for other in bound.entries for path in other.was}
        inner = Bound(shape, shape.entries, bound.variant, bound.key, bound.at, bound.objects)
        inner.beside = frozenset(beside)
        self.found.bound[shape.name, bound.variant, f"{bound.key} in {bound.shape.name}"] = inner
        bound.places[entry.path] = Place("", (), False, False, bound.at, "", {shape.name: inner})
        self.fill(inner, {}, beside)

    def nullable(self, variant: str, type_: ir.Type) -> bool:
        if isinstance(type_, ir.Ref):
            named = self.found.apis[variant][type_.target]
            return named.nullable or self.nullable(variant, named.type)
        return isinstance(type_, ir.Anything)

    def shapes(
        self,
        bound: Bound,
        entry: Entry,
        choice: Choice,
        places: list[tuple[ir.Field, ir.Object]],
        place: Place,
        when: Mapping[str, str],
    ) -> None:
        for key, name in (("", choice.other), *choice.shapes):
            shape = self.lens.shapes[name]
            known = [value for value, _ in choice.shapes]
            if choice.by.startswith("."):
                by = choice.by[1:]
                forced = when.get(f"{entry.path}{choice.by}")
                if forced is not None and forced != key:
                    continue

                def only(
                    object_: ir.Object, by: str = by, key: str = key, forced: str | None = forced
                ) -> bool:
                    said = _said(object_, by)
                    if forced is not None:
                        return True
                    return said == key if key else said not in known  # noqa: B023

                types = [f.type for f, _ in places]
            else:

                def only(object_: ir.Object) -> bool:  # type: ignore[misc]
                    return True

                types = []
                for found, owner in places:
                    said = _said(owner, choice.by) if choice.by else None
                    if said is None or (said == key if key else said not in known):
                        types.append(found.type)
            if elements := tuple(
                dict.fromkeys(self.element(bound.variant, type_) for type_ in types)
            ):
                several = len(elements) > 1
                inner = self.bind(
                    shape,
                    bound.variant,
                    ir.Union(members=elements, at=elements[0].at) if several else elements[0],
                    only,
                )
                if inner is not None:
                    place.shapes.setdefault(name, inner)

    def element(self, variant: str, type_: ir.Type) -> ir.Type:
        """What a shape is the shape of: the items of an array, the values of a map, else the type itself."""
        match type_:
            case ir.Array(items=items):
                return self.element(variant, items)
            case ir.Map(values=values):
                return self.element(variant, values)
            case ir.Ref(target=target):
                named = self.found.apis[variant][target]
                if isinstance(named.type, ir.Array | ir.Map | ir.Ref):
                    self.reached[variant].add(target)
                    return self.element(variant, named.type)
        return type_

    # -- totality -----------------------------------------------------------------------------------------------

    def roles(self) -> None:
        """Each role of a family speaks of each variant that has the family, and each schema of it has a role."""
        named = {
            (bound.shape.name, bound.variant, bound.key) for bound in self.found.roots.values()
        }
        for family in self.lens.families:
            bounds = self.found.of_shape(family.name)
            # what a family wraps is another family, whose schemas do not miss it
            has = self.lens.variants if family.wraps else [bound.variant for bound in bounds]
            for variant in dict.fromkeys(has):
                for role, variants in family.schemas.items():
                    if variant not in variants:
                        self.fault(
                            "reconcile-undecided",
                            f"The role `{role}` of {family.name} says nothing of {variant}.",
                            family.at,
                            f"Name its schema, or write `{variant}:` if it has none.",
                        )
            for bound in bounds:
                component = self.found.apis[bound.variant].get(bound.key)
                if component is None or not component.component:
                    continue
                if (family.name, bound.variant, bound.key) not in named:
                    self.fault(
                        "reconcile-undecided",
                        f"{bound.key} ({bound.variant}) is used as a {family.name}, and no role names it.",
                        self.located(bound.variant, bound.at),
                        f"Add it to `schemas` of {family.name}.",
                        family.at,
                    )

    def components(self) -> None:
        globs = {(o.variant, o.glob): o for o in self.lens.outside}
        used: set[tuple[str, str]] = set()
        for variant, types in self.found.apis.items():
            reached = self.closure(variant)
            for named in types.values():
                if not named.component or named.key in reached:
                    continue
                hits = [
                    key for key in globs if key[0] == variant and fnmatchcase(named.key, key[1])
                ]
                used.update(hits)
                if not hits:
                    self.fault(
                        "reconcile-undecided",
                        f"The schema {named.key} ({variant}) belongs to no family.",
                        self.located(variant, named.at),
                        "Add it to the `schemas` of a family, or to `outside` with the reason.",
                    )
        for key in globs.keys() - used:
            self.fault(
                "reconcile-map",
                f'"{key[1]}" of {key[0]} is named as outside, but there is no such schema outside of the families.',
                globs[key].at,
                "Remove it.",
            )

    def closure(self, variant: str) -> set[str]:
        types = self.found.apis[variant]
        seen: set[str] = set()
        todo = list(self.reached[variant])
        while todo:
            key = todo.pop()
            if key not in seen:
                seen.add(key)
                todo.extend(ir.references(types[key].type))
        return seen

    def entries(self) -> None:
        """Entries and members that no variant has, and members that a variant lacks without a reason."""
        for where, _, entries, _ in self.found.sections():
            for entry in entries:
                for path in entry.paths:
                    if (where, path) not in self.used and not entry.shared:
                        self.fault(
                            "reconcile-map",
                            f"`{path}` of {where} is in no variant.",
                            entry.at,
                            "Remove it, or write it as the schemas do.",
                        )
                if entry.lost and not entry.shared and (where, entry.path) not in self.lost:
                    self.fault(
                        "reconcile-map",
                        f"`{entry.path}` of {where} is in every variant, and nothing loses it.",
                        entry.at,
                        "Remove `lost`.",
                    )
        for shape in self.lens.shapes.values():
            for bound in self.found.of_shape(shape.name):
                for member in shape.members:
                    if member.tag not in bound.members and not member.lost:
                        self.fault(
                            "reconcile-undecided",
                            f"`{member.tag}` is not in {bound.key.split('|')[0]} ({bound.variant}), "
                            "and nothing says why it is lost there.",
                            member.at,
                            "Add `lost:` with the reason.",
                            self.located(bound.variant, bound.at),
                        )

    def where(self, bound: Bound) -> str:
        for member in bound.shape.members:
            if member.entries is bound.entries:
                return f"{bound.shape.name}.{member.tag}"
        return bound.shape.name

    # -- types and values ---------------------------------------------------------------------------------------

    def values(self) -> None:
        decided: set[tuple[str, str]] = set()
        treated: Treated = {}
        for where, entry, places in self.by_entry():
            if entry.values:
                self.table(where, entry, places, decided)
            if not entry.kept:
                self.same(where, entry, places)
            self.consistent(where, entry, places, treated)
        for name, rows in self.lens.values.items():
            for row in rows:
                if (name, row.hub.text) not in decided and (
                    row.was is None or (name, row.was.text) not in decided
                ):
                    self.fault(
                        "reconcile-map",
                        f"`{row.hub.text}` in the values `{name}` is listed by no variant, or by all that list any.",
                        row.at,
                        "Remove it, or write it as the schemas do.",
                    )

    def by_entry(self) -> Iterator[tuple[str, Entry, list[tuple[Bound, Place]]]]:
        for where, _, entries, bounds in self.found.sections():
            for entry in entries:
                yield where, entry, [
                    (b, b.places[entry.path]) for b in bounds if entry.path in b.places
                ]

    def same(self, where: str, entry: Entry, places: list[tuple[Bound, Place]]) -> None:
        """What is no matter of a table, a shape or a reason must mean the same wherever it is."""
        for (one, at_one), (other, at_other) in itertools.pairwise(places):
            types_one = self.found.apis[one.variant]
            types_other = self.found.apis[other.variant]
            lefts, rights = at_one.types[:1], at_other.types
            if all(isinstance(type_, ir.Literal) for type_ in (*at_one.types, *rights)):
                lefts, rights = (ir.Union(members=at_one.types),), (ir.Union(members=rights),)
            for left, right in itertools.product(lefts, rights):
                rest_left = self.rest(entry, opened(left, types_one))
                rest_right = self.rest(entry, opened(right, types_other))
                if not alike(rest_left, types_one, rest_right, types_other):
                    self.fault(
                        "reconcile-types",
                        f"`{entry.path}` of {where} is {described(left, types_one)} in {one.variant} "
                        f"(`{at_one.path}`) and {described(right, types_other)} in {other.variant} (`{at_other.path}`).",
                        entry.at,
                        "Give it a table of `values`, a `shape`, or say in `kept` why values stay as they are.",
                        self.located(one.variant, at_one.at),
                        self.located(other.variant, at_other.at),
                    )
                    return

    def rest(self, entry: Entry, parts: tuple[ir.Type, ...]) -> ir.Type:
        """What neither the table of an entry speaks of nor its shape."""
        decided = {"object", "array", ""} if entry.shape else set()
        for row in self.lens.values.get(entry.values, ()):
            decided |= {kind_of(value.json) for value in (row.was, row.hub) if value is not None}
        return ir.Union(members=tuple(part for part in parts if json_type(part) not in decided))

    def consistent(
        self,
        where: str,
        entry: Entry,
        places: list[tuple[Bound, Place]],
        treated: Treated,
    ) -> None:
        """A property of one name and one type is not left alone here if it has a table or a shape elsewhere."""
        if entry.kept:
            return
        for bound, place in places:
            types = self.found.apis[bound.variant]
            known = treated.setdefault((bound.variant, place.path.rpartition(".")[2]), [])
            for type_ in place.types:
                if not any(_is_special(part) for part in opened(type_, types)):
                    continue
                for there, other, other_type, at in known:
                    if (bool(other.values), bool(other.shape)) != (
                        bool(entry.values),
                        bool(entry.shape),
                    ) and _is_one(other_type, type_, types):
                        self.fault(
                            "reconcile-undecided",
                            f"`{entry.path}` of {where} is not decided as `{other.path}` of {there} is, "
                            f"and both are {described(type_, types)} in {bound.variant}.",
                            entry.at,
                            "Give both the same `values` and `shape`, or say in `kept` why values stay as they are.",
                            other.at,
                            self.located(bound.variant, at),
                        )
                        return
                known.append((where, entry, type_, place.at))

    def table(
        self,
        where: str,
        entry: Entry,
        places: list[tuple[Bound, Place]],
        decided: set[tuple[str, str]],
    ) -> None:
        rows = self.lens.values[entry.values]
        hub = {row.hub for row in rows if row.way in ("both", "down", "some")}
        old = {row.was for row in rows if row.way in ("both", "up")}
        listed = [(b, p, self.listed(b.variant, p.types)) for b, p in places]
        everywhere = [values for _, _, values in listed if values]
        undecided: dict[ir.Value, list[tuple[Bound, Place]]] = {}
        for bound, place, values in listed:
            moved = place.path != entry.path
            for value in values:
                in_all = all(value in other for other in everywhere)
                if in_all and not any(row.was is not None for row in rows):
                    continue
                for row in rows:
                    if value in (row.hub, row.was):
                        decided.add((entry.values, row.hub.text))
                        if row.was:
                            decided.add((entry.values, row.was.text))
                known = (old | hub) if not isinstance(value.json, list) else old if moved else hub
                if value not in known:
                    undecided.setdefault(value, []).append((bound, place))
        for value, users in undecided.items():
            bound, place = users[0]
            more = f" and {len(users) - 1} more" if len(users) > 1 else ""
            self.fault(
                "reconcile-undecided",
                f"The value {value.text} of `{place.path}` of {bound.key} ({bound.variant}){more} is not decided.",
                self.located(bound.variant, place.at),
                f"Add it to the values `{entry.values}`, which {where} uses for `{entry.path}`.",
                entry.at,
            )

    def listed(self, variant: str, types: tuple[ir.Type, ...]) -> tuple[ir.Value, ...]:
        """The values that a type lists: those of an enum, constant objects, and for an array of an enum every list of
        different values that can be made of it."""
        found: dict[ir.Value, None] = {}
        for type_ in types:
            parts = [part for _, part in self.flat(variant, type_)]
            told = _told(parts)
            for part in parts:
                match part:
                    case ir.Literal(values=values):
                        found.update(dict.fromkeys(values))
                    case ir.Object():
                        found.update(dict.fromkeys(_constant_objects(part, told)))
                    case ir.Array(items=items):
                        inner = self.listed(variant, (items,))
                        if len(inner) <= 3:
                            for n in range(1, len(inner) + 1):
                                for several in itertools.permutations(inner, n):
                                    found[ir.Value.of([value.json for value in several])] = None
        return tuple(found)

    def located(self, variant: str, at: Location) -> Location:
        return self.locate(variant, at)


def _said(object_: ir.Object, name: str) -> str | None:
    for found in object_.fields:
        if found.wire == name:
            return constant(found.type)
    return None


def _is_one(a: ir.Type, b: ir.Type, types: Mapping[str, ir.Named]) -> bool:
    """Whether two properties of one name are the same: alike, or objects of which one is a part of the other."""
    if alike(a, types, b, types):
        return True
    one, other = (
        {
            found.wire
            for part in opened(type_, types)
            if isinstance(part, ir.Object)
            for found in part.fields
        }
        for type_ in (a, b)
    )
    return bool(one and other) and (one <= other or other <= one)


def _is_special(type_: ir.Type) -> bool:
    """Whether two properties of one name that have this type are likely the same."""
    if isinstance(type_, ir.Literal):
        return len(type_.values) > 1
    return isinstance(type_, ir.Object | ir.Array)


def _told(parts: Sequence[ir.Type]) -> frozenset[str]:
    """The properties that tell the objects among some types apart: constant in each, and different."""
    objects = [part for part in parts if isinstance(part, ir.Object)]
    names = {found.wire for object_ in objects for found in object_.fields}
    said = {name: [_said(object_, name) for object_ in objects] for name in names}
    return frozenset(
        name
        for name, texts in said.items()
        if len(texts) > 1 and None not in texts and len(set(texts)) == len(texts)
    )


def _constant_objects(object_: ir.Object, told: frozenset[str]) -> Iterator[ir.Value]:
    """The objects that a type admits if every property has one value: all of it, then with optional ones left out, but
    for those that tell it from others."""
    values = {}
    for found in object_.fields:
        if not isinstance(found.type, ir.Literal) or len(found.type.values) != 1:
            return
        values[found.wire] = found.type.values[0].json
    optional = [f.wire for f in object_.fields if not f.required and f.wire not in told]
    for n in range(len(optional) + 1 if told else 1):
        for gone in itertools.combinations(optional, n):
            yield ir.Value.of({name: values[name] for name in values if name not in gone})
