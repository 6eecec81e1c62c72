"""Resolution -> the signatures of `convert`: which model becomes which."""

from __future__ import annotations

from collections.abc import Mapping

from ... import ir
from ...reconcile import HUB, Resolution, Root, Shape, member_key
from ..text import literal
from ..views import OverloadView, SignaturesView

Names = Mapping[str, Mapping[str, str]]


def signatures(resolution: Resolution, names: Names, doc: tuple[str, ...]) -> SignaturesView:
    """The module of signatures. `names` are the Python names of the types of every variant and of the hub."""
    families = resolution.map.families
    classes: dict[tuple[str, str], dict[str, list[str]]] = {}
    taken: set[tuple[str, str]] = set()
    for (family, role, variant), root in resolution.roots.items():
        types = resolution.apis[variant]
        keys = [
            root.schema,
            *(one.key.schema for members in resolution[root].members.values() for one in members),
        ]
        if root.schema in types and isinstance(types[root.schema].type, ir.Union):
            keys += ir.references(types[root.schema].type)
        for key in dict.fromkeys(keys):
            if key not in types or not isinstance(types[key].type, ir.Object):
                continue
            if (variant, key) not in taken:
                taken.add((variant, key))
                own = classes.setdefault((family, role), {}).setdefault(variant, [])
                own.append(f"{variant}.{names[variant][key]}")
    aliases: dict[str, str] = {}
    overloads = []

    def add(source: str, sources: list[str], to: str, target: list[str], is_union: bool) -> None:
        result = f"{source}In{to.title().replace('_', '')}"
        aliases[source] = " | ".join(sources)
        aliases[result] = " | ".join(target)
        overloads.append(
            OverloadView(source, literal(to), result + (" | None" if is_union else ""))
        )

    for (family, role), by_variant in classes.items():
        sources = [name for own in by_variant.values() for name in own]
        shape = resolution.map.shapes[family]
        for to in resolution.map.variants:
            target = _target(resolution, names, classes, family, role, to)
            if target:
                alias = f"_{family}{role.title().replace('_', '')}"
                add(alias, sources, to, target, bool(shape.tag))
        hub = _hub(shape, names)
        add(f"_{family}{role.title().replace('_', '')}", sources, HUB, hub, False)
    for shape in families:
        for to in resolution.map.variants:
            targets = dict.fromkeys(
                name
                for role in shape.schemas
                for name in _target(resolution, names, classes, shape.name, role, to)
            )
            if targets:
                add(f"_Hub{shape.name}", _hub(shape, names), to, list(targets), bool(shape.tag))
    return SignaturesView(
        "_conversions/typed.py",
        doc,
        tuple(sorted([*resolution.map.variants, HUB])),
        tuple(aliases.items()),
        tuple(overloads),
    )


def _hub(shape: Shape, names: Names) -> list[str]:
    keys = [member_key(shape, member.tag) for member in shape.members] or [shape.name]
    return [f"{HUB}.{names[HUB][key]}" for key in keys]


def _target(
    resolution: Resolution,
    names: Names,
    classes: Mapping[tuple[str, str], Mapping[str, list[str]]],
    family: str,
    role: str,
    to: str,
) -> list[str]:
    """The classes that a role of a family is in a variant: the same role, else the first that it has."""
    for candidate in (role, *resolution.map.shapes[family].schemas):
        root = resolution.roots.get(Root(family, candidate, to))
        if root is not None:
            members = resolution[root].members
            if root.schema in names[to] and not members:
                return [f"{to}.{names[to][root.schema]}"]
            every = [one for ones in members.values() for one in ones]
            listed = [f"{to}.{names[to][m.key.schema]}" for m in every if not m.is_unlisted]
            return [*listed, *["UnknownVariant"][: len(every) - len(listed)]]
    return []
