"""Does the map decide everything? Each property, entry, member, role and component of a resolution, or a diagnostic.

Total means: each property of each schema that a family reaches belongs to an entry, each entry that a schema lacks
says why, each member has its tag or a reason, and each component is reached by a family or is named as outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TypeAlias

from .. import ir
from ..errors import Diagnostic
from .map import Entry, Outside
from .meaning import described
from .paths import is_in_list
from .resolution import Key, Locate, Occurrence, Resolution, Root, Section
from .resolve import components

# A path of an entry, and the section that it is in.
Path: TypeAlias = tuple[str, str]


def undecided(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    """What the map does not decide, or decides about nothing."""
    for occurrence in resolution.occurrences.values():
        yield from _unmapped(occurrence, locate)
        yield from _unmapped_members(occurrence, locate)
        yield from _lost_without_reason(occurrence, locate)
    yield from _schemas_of_roles(resolution)
    yield from _variants_of_roles(resolution)
    yield from _schemas_without_role(resolution, locate)
    yield from _components(resolution, locate)
    yield from _outside(resolution)
    yield from _entries(resolution)
    yield from _members_of_nothing(resolution)
    yield from _members(resolution, locate)


def unmatched_variants(resolution: Resolution) -> Iterator[Diagnostic]:
    """The variants that only the map has, or only the configuration."""
    at = resolution.map.at
    for variant in sorted(resolution.map.variants.keys() - resolution.apis.keys()):
        yield Diagnostic(
            "reconcile-map",
            f'The configuration has no variant "{variant}".',
            at,
            "Variants of the map are those of [tool.modelgen.packages.NAME.variants].",
        )
    for variant in sorted(resolution.apis.keys() - resolution.map.variants.keys()):
        yield Diagnostic(
            "reconcile-undecided",
            f'The variant "{variant}" is not in the map.',
            at,
            "Add it to `variants`, with the date of its schemas.",
        )


# -- properties and members -------------------------------------------------------------------------------------


def _unmapped(occurrence: Occurrence, locate: Locate) -> Iterator[Diagnostic]:
    key = occurrence.key
    for property_ in occurrence.unmapped:
        at = locate(key.variant, property_.field.at)
        if property_.is_dotted:
            yield Diagnostic(
                "reconcile-map",
                f"The name `{property_.field.wire}` in {key.schema} ({key.variant}) has a dot, "
                "which no path of the map can say.",
                at,
            )
        else:
            yield Diagnostic(
                "reconcile-undecided",
                f"`{property_.path}` of {key.schema} ({key.variant}) is not decided.",
                at,
                f"Add it to `fields` of {key.section}, or say why it is lost.",
                (occurrence.shape.at,),
            )


def _unmapped_members(occurrence: Occurrence, locate: Locate) -> Iterator[Diagnostic]:
    for member in occurrence.unmapped_members:
        yield Diagnostic(
            "reconcile-undecided",
            f"`{member.tag}` ({member.schema} of {occurrence.variant}) is not decided.",
            locate(occurrence.variant, member.at),
            f"Add it to `members` of {occurrence.shape.name}.",
            (occurrence.shape.at,),
        )


def _lost_without_reason(occurrence: Occurrence, locate: Locate) -> Iterator[Diagnostic]:
    key, at = occurrence.key, locate(occurrence.variant, occurrence.at)
    for entry in _own_entries(occurrence):
        if occurrence.is_unwrapped and not entry.was:
            yield Diagnostic(
                "reconcile-undecided",
                f"`{entry.path}` stands beside `{occurrence.shape.wraps}`, and nothing says where it is "
                f"in {key.schema} ({key.variant}).",
                entry.at,
                "Add `was:` with its path inside of the object.",
                (at,),
            )
        if entry.path not in occurrence.placements and not entry.lost:
            yield Diagnostic(
                "reconcile-undecided",
                f"`{entry.path}` is not in {key.schema} ({key.variant}), and nothing says why it is lost there.",
                entry.at,
                "Add `lost:` with the reason.",
                (at,),
            )


def _own_entries(occurrence: Occurrence) -> tuple[Entry, ...]:
    """The entries that an object has or lacks: none of a union, and not what the object is itself."""
    if occurrence.is_union:
        return ()
    return tuple(entry for entry in occurrence.entries if not occurrence.is_itself(entry))


def _members(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    for shape in resolution.map.shapes.values():
        for occurrence in resolution.of(shape.name):
            for member in shape.members:
                is_somewhere = bool(resolution.of(shape.name, member.tag))
                if is_somewhere and member.tag not in occurrence.members and not member.lost:
                    schema = occurrence.key.schema.split("|")[0]
                    yield Diagnostic(
                        "reconcile-undecided",
                        f"`{member.tag}` is not in {schema} ({occurrence.variant}), "
                        "and nothing says why it is lost there.",
                        member.at,
                        "Add `lost:` with the reason.",
                        (locate(occurrence.variant, occurrence.at),),
                    )


# -- entries that no variant has, reasons that nothing needs ----------------------------------------------------


def _entries(resolution: Resolution) -> Iterator[Diagnostic]:
    occurrences = resolution.occurrences.values()
    present = {path for occurrence in occurrences for path in _present(occurrence)}
    lost = {path for occurrence in occurrences for path in _lost(occurrence)}
    for section in resolution.sections():
        if not section.occurrences:
            yield from _nowhere(section)
            continue
        for entry in section.entries:
            if not entry.shared:
                yield from _in_no_variant(section.name, entry, present)
                yield from _never_lost(section.name, entry, lost)


def _nowhere(section: Section) -> Iterator[Diagnostic]:
    """A shape that is nowhere, which is no matter of its fields. Of families and members others tell that."""
    if not section.shape.tag and not section.shape.schemas:
        yield Diagnostic(
            "reconcile-map",
            f"No field that has the shape {section.name} is an object in any variant.",
            section.shape.at,
            f"Say `shape: {section.name}` of a field that is one, or remove the shape.",
        )


def _members_of_nothing(resolution: Resolution) -> Iterator[Diagnostic]:
    for shape in resolution.map.shapes.values():
        for member in shape.members:
            if not resolution.of(shape.name, member.tag):
                yield Diagnostic(
                    "reconcile-map",
                    f"`{member.tag}` of {shape.name} is in no variant.",
                    member.at,
                    "Remove it, or write its tag as the schemas do.",
                )


def _in_no_variant(section: str, entry: Entry, present: set[Path]) -> Iterator[Diagnostic]:
    # what is an element of a list in some variant may have a name in the hub that no variant has
    paths = entry.was if any(map(is_in_list, entry.was)) else entry.paths
    for path in paths:
        if (section, path) not in present:
            yield Diagnostic(
                "reconcile-map",
                f"`{path}` of {section} is in no variant.",
                entry.at,
                "Remove it, or write it as the schemas do.",
            )


def _never_lost(section: str, entry: Entry, lost: set[Path]) -> Iterator[Diagnostic]:
    if entry.lost and (section, entry.path) not in lost:
        yield Diagnostic(
            "reconcile-map",
            f"`{entry.path}` of {section} is in every variant, and nothing loses it.",
            entry.at,
            "Remove `lost`.",
        )


def _present(occurrence: Occurrence) -> Iterator[Path]:
    """The paths that a schema has."""
    for path in occurrence.present:
        yield occurrence.key.section, path
    for entry in occurrence.entries:
        if occurrence.is_itself(entry):
            yield occurrence.key.section, entry.path


def _lost(occurrence: Occurrence) -> Iterator[Path]:
    """The entries that a schema lacks, in the section that says why."""
    for entry in _own_entries(occurrence):
        if entry.path not in occurrence.placements:
            yield occurrence.shape.like if entry.shared else occurrence.key.section, entry.path


# -- roles and components ---------------------------------------------------------------------------------------


def _schemas_of_roles(resolution: Resolution) -> Iterator[Diagnostic]:
    """Each schema that a role names is there, and an object."""
    for family in resolution.map.families:
        for role, schemas in family.schemas.items():
            for variant, glob in schemas.items():
                if glob is None or Root(family.name, role, variant) in resolution.roots:
                    continue
                types = resolution.apis[variant]
                if named := components(types, glob):
                    yield Diagnostic(
                        "reconcile-map",
                        f"{glob} ({variant}) is {described(named[0].type, types)}.",
                        family.at,
                        "A family is an object, or a union of objects.",
                    )
                else:
                    yield Diagnostic(
                        "reconcile-map",
                        f'{variant} has no schema "{glob}".',
                        family.at,
                        f"It is named in `schemas` of {family.name}.",
                    )


def _variants_of_roles(resolution: Resolution) -> Iterator[Diagnostic]:
    """Each role of a family speaks of each variant that has the family."""
    for family in resolution.map.families:
        occurrences = resolution.of(family.name)
        # what a family wraps is another family, whose schemas do not miss it
        having = resolution.map.variants if family.wraps else [o.variant for o in occurrences]
        for variant in dict.fromkeys(having):
            for role, schemas in family.schemas.items():
                if variant not in schemas:
                    yield Diagnostic(
                        "reconcile-undecided",
                        f"The role `{role}` of {family.name} says nothing of {variant}.",
                        family.at,
                        f"Name its schema, or write `{variant}:` if it has none.",
                    )


def _schemas_without_role(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    """Each component that is used as a family is named by a role of it."""
    named = {_schema(key) for key in resolution.roots.values()}
    for family in resolution.map.families:
        for occurrence in resolution.of(family.name):
            key = occurrence.key
            component = resolution.apis[key.variant].get(key.schema)
            if component is None or not component.component or _schema(key) in named:
                continue
            yield Diagnostic(
                "reconcile-undecided",
                f"{key.schema} ({key.variant}) is used as a {family.name}, and no role names it.",
                locate(key.variant, occurrence.at),
                f"Add it to `schemas` of {family.name}.",
                (family.at,),
            )


def _schema(key: Key) -> tuple[str, str, str]:
    return key.shape, key.variant, key.schema


def _components(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    """Each component is reached by a family, or named as outside."""
    for variant, named in _unreached(resolution):
        if not any(_names(outside, variant, named) for outside in resolution.map.outside):
            yield Diagnostic(
                "reconcile-undecided",
                f"The schema {named.key} ({variant}) belongs to no family.",
                locate(variant, named.at),
                "Add it to the `schemas` of a family, or to `outside` with the reason.",
            )


def _outside(resolution: Resolution) -> Iterator[Diagnostic]:
    """Each glob of `outside` names a component that no family reaches."""
    unreached = list(_unreached(resolution))
    for outside in resolution.map.outside:
        if not any(_names(outside, variant, named) for variant, named in unreached):
            yield Diagnostic(
                "reconcile-map",
                f'"{outside.glob}" of {outside.variant} is named as outside, '
                "but there is no such schema outside of the families.",
                outside.at,
                "Remove it.",
            )


def _names(outside: Outside, variant: str, named: ir.Named) -> bool:
    return outside.variant == variant and fnmatchcase(named.key, outside.glob)


def _unreached(resolution: Resolution) -> Iterator[tuple[str, ir.Named]]:
    """The components that no family reaches, with their variant."""
    for variant, types in resolution.apis.items():
        reached: set[str] = set()
        todo = [
            named.key
            for family in resolution.map.families
            for schemas in family.schemas.values()
            if (glob := schemas.get(variant)) is not None
            for named in components(types, glob)
        ]
        while todo:
            key = todo.pop()
            if key not in reached:
                reached.add(key)
                todo.extend(ir.references(types[key].type))
        for named in types.values():
            if named.component and named.key not in reached:
                yield variant, named
