"""Resolution -> what `convert` and `detect` look up: families, classes, and what tells the variants apart."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ... import ir
from ...ir import opened
from ...reconcile import HUB, Entry, Key, Occurrence, Resolution, Shape, member_key, prefixes
from .paths import start

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Functions:
    """The names of functions: readers by the name of the shape, writers by the key of the occurrence, streams by the
    side."""

    readers: Mapping[Hashable, str]
    writers: Mapping[Hashable, str]
    streams: Mapping[str, str]


def tables(resolution: Resolution, names: Names, functions: Functions) -> str:
    """The tables as JSON. `names` are the Python names of the types of every variant and of the hub."""
    made = _Tables(resolution, names, functions)
    families = resolution.map.families
    rows: dict[str, object] = {
        "variants": list(resolution.map.variants),
        "tags": {shape.name: shape.tag for shape in families if shape.tag},
        "readers": {shape.name: functions.readers[shape.name] for shape in families},
        "streams": {
            stream.side: (stream.family, functions.streams.get(stream.side, ""))
            for stream in resolution.map.streams
        },
        "roots": made.roots(),
        "roles": made.roles(),
        "classes": made.classes(),
        "tag_classes": made.tag_classes(),
        "members": made.members(),
        "names": made.family_names(),
        "marks": made.marks(),
        "tag_texts": made.tag_texts(),
        "tag_evidence": made.tag_evidence(),
        "evidence": made.evidence(),
        "values": made.values(),
        "strong": made.strong(),
        "dialects": made.dialects(),
        "nested": made.nested(),
    }
    return json_rows(rows) + "\n"


def json_rows(value: object, indent: int = 0) -> str:
    """JSON that a person can read: what has no object in it stands in one line."""
    if not isinstance(value, Mapping) or not any(isinstance(v, Mapping) for v in value.values()):
        return json.dumps(value, default=sorted)
    gap = " " * (indent + 1)
    rows = [f"{gap}{json.dumps(k)}: {json_rows(v, indent + 1)}" for k, v in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"


class _Tables:
    def __init__(self, resolution: Resolution, names: Names, functions: Functions) -> None:
        self.resolution = resolution
        self.map = resolution.map
        self.names = names
        self.writers = functions.writers

    def roots(self) -> dict[str, object]:
        table: dict[str, dict[str, dict[str, tuple[str, str]]]] = {}
        for (family, role, variant), key in self.resolution.roots.items():
            name = "" if self.map.shapes[family].tag else self.names[variant][key.schema]
            function = self.writers[key]
            table.setdefault(family, {}).setdefault(role, {})[variant] = (function, name)
        return dict(table)

    def roles(self) -> dict[str, object]:
        table: dict[str, dict[str, frozenset[str]]] = {}
        for (family, role, _), key in self.resolution.roots.items():
            objects = self.resolution[key].objects
            names = frozenset(f.wire for object_ in objects for f in object_.fields)
            roles = table.setdefault(family, {})
            roles[role] = roles.get(role, frozenset()) | names
        return dict(table)

    def classes(self) -> dict[str, object]:
        table: dict[str, dict[str, tuple[str, str]]] = {v: {} for v in self.map.variants}
        for (family, role, variant), key in self.resolution.roots.items():
            types = self.resolution.apis[variant]
            for member in self.resolution[key].members.values():
                for one in member:
                    table[variant][self.names[variant][one.key.schema]] = (family, role)
            for component in [key.schema, *self.parts(key)]:
                if component in types and isinstance(types[component].type, ir.Object):
                    table[variant].setdefault(self.names[variant][component], (family, role))
        hub: dict[str, tuple[str, str]] = {}
        for shape in self.map.families:
            for tag in [member.tag for member in shape.members]:
                hub[self.names[HUB][member_key(shape, tag)]] = (shape.name, "")
            if not shape.tag:
                hub[self.names[HUB][shape.name]] = (shape.name, "")
        return {**table, HUB: hub}

    def parts(self, key: Key) -> Iterator[str]:
        """The components that a family's union is made of."""
        types = self.resolution.apis[key.variant]
        if key.schema in types:
            yield from _targets(types[key.schema].type)

    def tag_classes(self) -> dict[str, object]:
        table: dict[str, dict[str, dict[str, str]]] = {}
        for (family, _, variant), key in self.resolution.roots.items():
            for members in self.resolution[key].members.values():
                for one in members:
                    tags = table.setdefault(variant, {}).setdefault(family, {})
                    tags[one.alias.tag] = self.names[variant][one.key.schema]
        hub: dict[str, dict[str, str]] = {
            shape.name: {
                member.tag: self.names[HUB][member_key(shape, member.tag)]
                for member in shape.members
            }
            for shape in self.map.families
            if shape.tag
        }
        return {**table, HUB: hub}

    def members(self) -> dict[str, object]:
        return {
            shape.name: {
                tag: member.tag
                for member in shape.members
                for tag in (member.tag, *(alias.tag for alias in member.aliases))
            }
            for shape in self.map.families
            if shape.tag
        }

    def family_names(self) -> dict[str, object]:
        """The names that tell families apart: each with the number of families that have it."""
        own = {
            shape.name: dict.fromkeys(
                start(path) for entry in shape.entries for path in entry.paths
            )
            for shape in self.map.families
            if not shape.tag
        }
        return {
            family: {name: sum(name in other for other in own.values()) for name in names}
            for family, names in own.items()
        }

    def marks(self) -> dict[str, object]:
        """The values of `type` and `object` that only one family has."""
        table: dict[str, dict[str, None]] = {}
        for shape in self.map.families:
            values = table.setdefault(shape.name, {})
            for variant, type_ in self.declared(shape, "type", "object") if not shape.tag else ():
                values.update(dict.fromkeys(self.texts(variant, type_)))
        return {
            family: tuple(
                value
                for value in values
                if not any(value in other for name, other in table.items() if name != family)
            )
            for family, values in table.items()
        }

    def tag_texts(self) -> dict[str, object]:
        """What the families without a tag say under the names of the tags of others; none for those that say any text
        there. An object that says another text is none of them."""
        return {
            tag: {
                shape.name: texts
                for shape in self.map.families
                if not shape.tag and (texts := self.listed(shape, tag)) is not None
            }
            for tag in sorted({shape.tag for shape in self.map.families if shape.tag})
        }

    def listed(self, shape: Shape, name: str) -> list[str] | None:
        """The texts that variants list for a property of a shape; None if one of them takes any text."""
        texts: dict[str, None] = {}
        for variant, type_ in self.declared(shape, name):
            parts = opened(type_, self.resolution.apis[variant])
            if not all(isinstance(part, ir.Literal) and not part.open for part in parts):
                return None
            texts.update(dict.fromkeys(self.texts(variant, type_)))
        return list(texts)

    def declared(self, shape: Shape, *names: str) -> Iterator[tuple[str, ir.Type]]:
        """The types of properties of these names in a shape, each with its variant."""
        for occurrence in self.resolution.of(shape.name):
            for object_ in occurrence.objects:
                for field in object_.fields:
                    if field.wire in names:
                        yield occurrence.variant, field.type

    def texts(self, variant: str, type_: ir.Type) -> Iterator[str]:
        for part in opened(type_, self.resolution.apis[variant]):
            if isinstance(part, ir.Literal):
                yield from (v.json for v in part.values if isinstance(v.json, str))

    # -- evidence -----------------------------------------------------------------------------------------------

    def some(self, have: Sequence[str], occurrences: Sequence[Occurrence]) -> tuple[str, ...]:
        """The variants that know something, if it is not all that could."""
        all_ = {occurrence.variant for occurrence in occurrences}
        known = [v for v in self.map.variants if v in have]
        return tuple(known) if known and len(known) < len(all_) else ()

    def tag_evidence(self) -> dict[str, object]:
        table: dict[str, dict[str, tuple[str, ...]]] = {}
        for shape in self.map.families:
            if not shape.tag:
                continue
            occurrences = self.resolution.of(shape.name)
            tags: dict[str, list[str]] = {}
            for occurrence in occurrences:
                for members in occurrence.members.values():
                    for one in members:
                        tags.setdefault(one.alias.tag, []).append(occurrence.variant)
            table[shape.name] = {
                tag: evidence
                for tag, have in tags.items()
                if (evidence := self.some(have, occurrences))
            }
        return dict(table)

    def evidence(self, primary: bool = False) -> dict[str, object]:
        """The paths that only some variants have. `primary`: of several spellings in one schema, the one that counts."""
        table: dict[str, object] = {}
        for name, _, entries, occurrences in self.resolution.sections():
            paths: dict[str, list[str]] = {}
            for occurrence in occurrences:
                for path in occurrence.groups:
                    paths.setdefault(path, []).append(occurrence.variant)
                own = (
                    {p.path for p in occurrence.placements.values()}
                    if primary
                    else occurrence.present
                )
                own = own - {""}
                for path in own:
                    paths.setdefault(path, []).append(occurrence.variant)
            evidence = {
                path: variants
                for entry in entries
                for whole in entry.paths
                for path in prefixes(whole)
                if (variants := self.some(paths.get(path, []), occurrences))
            }
            if evidence:
                table[name] = evidence
        return table

    def strong(self) -> dict[str, list[str]]:
        """The paths and tags that have another spelling elsewhere. What only some variants have is weaker evidence:
        servers send a property before and after a schema lists it."""
        table: dict[str, list[str]] = {}
        for name, shape, entries, _ in self.resolution.sections():
            if shape.wraps:  # its own names stand where those of what it wraps do
                continue
            paths = [p for e in entries if e.was for whole in e.paths for p in prefixes(whole)]
            if paths:
                table[name] = sorted(set(paths))
        for shape in self.map.families:
            tags = [
                tag
                for member in shape.members
                if member.aliases
                for tag in (member.tag, *(alias.tag for alias in member.aliases))
            ]
            if tags:
                table[shape.name] = sorted(tags)
        return table

    def dialects(self) -> dict[str, int]:
        """Variants that share a spelling which others do not have are of one dialect, given as a number."""
        number = {variant: n for n, variant in enumerate(self.map.variants)}
        strong = self.strong()
        evidence = {**self.evidence(primary=True), **self.tag_evidence()}
        for name, paths in evidence.items():
            assert isinstance(paths, dict)
            for path, variants in paths.items():
                if path in strong.get(name, ()):
                    joined = {number[variant] for variant in variants}
                    number = {v: min(joined) if n in joined else n for v, n in number.items()}
        return number

    def values(self) -> dict[str, object]:
        table: dict[str, object] = {}
        for name, _, entries, occurrences in self.resolution.sections():
            evidence: dict[str, dict[str, tuple[str, ...]]] = {}
            for entry in entries:
                for row in self.map.values.get(entry.values, ()):
                    if row.was is None or row.way != "both" or row.was == row.hub:
                        continue
                    old = [b.variant for b in occurrences if self.is_listed(b, entry, row.was)]
                    new = [b.variant for b in occurrences if self.is_listed(b, entry, row.hub)]
                    for value, have in ((row.was, old), (row.hub, new)):
                        if (variants := self.some(have, occurrences)) and isinstance(
                            value.json, str
                        ):
                            evidence.setdefault(entry.path, {})[value.json] = variants
            if evidence:
                table[name] = evidence
        return table

    def is_listed(self, occurrence: Occurrence, entry: Entry, value: ir.Value) -> bool:
        placement = occurrence.placements.get(entry.path)
        return placement is not None and any(
            isinstance(part, ir.Literal) and value in part.values
            for type_ in placement.types
            for part in opened(type_, self.resolution.apis[occurrence.variant])
        )

    def nested(self) -> dict[str, object]:
        table: dict[str, object] = {}
        for name, _, entries, _ in self.resolution.sections():
            rows = [
                (path, entry.shape.by, dict(entry.shape.shapes), entry.shape.other)
                for entry in entries
                if entry.shape
                for path in entry.paths
            ]
            if rows:
                table[name] = tuple(rows)
        return table


def _targets(type_: ir.Type) -> Iterator[str]:
    match type_:
        case ir.Ref(target=target):
            yield target
        case ir.Union(members=members):
            for member in members:
                yield from _targets(member)
