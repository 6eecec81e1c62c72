"""reconcile.yaml as data: shapes, the paths of their fields in every variant, tables of values.

A path is made of property names and dots, from the object that the shape is: `audio.output.voice`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..errors import Diagnostic, Location, SpecError, step
from ..ir import Value
from ..loader import Document

SCHEMA = Path(__file__).with_name("reconcile.schema.json")
HUB = "reconciled"

Way: TypeAlias = Literal["both", "up", "down", "some"]


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `was` in older variants, `hub` in the hub. Of `some` only, there is no `was`."""

    was: Value | None
    hub: Value
    way: Way
    reason: str
    whole: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Choice:
    """Which shape: that of the value of the property `by`, else `other`. A leading dot looks at the value itself."""

    other: str
    by: str = ""
    shapes: tuple[tuple[str, str], ...] = ()

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Each text that chooses, and the shape that it chooses; "" for any other."""
        return (("", self.other), *self.shapes)

    @property
    def is_inside(self) -> bool:
        """Whether the value itself says what it is."""
        return self.by.startswith(".")

    def chooses(self, option: str, text: str | None) -> bool:
        """Whether a text, or that there is none, is what chooses an option."""
        return text == option if option else text not in dict(self.shapes)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(shape for _, shape in self.options)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the hub: its path, its paths elsewhere, and what is decided about its values. `shared`: it stands in
    the shape that this one is like."""

    path: str
    at: Location
    was: tuple[str, ...] = ()
    lost: str = ""
    values: str = ""
    shape: Choice | None = None
    kept: str = ""
    null: bool = False
    default: str = ""
    why: str = ""
    shared: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """All its paths; where a payload has several, the first wins."""
        return (self.path, *self.was)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another tag of a member. `when`: the member has it if the value says so, as path -> text."""

    tag: str
    when: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    tag: str
    at: Location
    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...] = ()
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with `entries`, or a union of `members` told apart by `tag`."""

    name: str
    at: Location
    about: str = ""
    like: str = ""
    wraps: str = ""
    schemas: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    tag: str = ""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    variant: str
    glob: str
    reason: str
    at: Location


@dataclass(frozen=True, slots=True)
class Forms:
    """An event `tag` that variants without it do not send: it is formed after `of`, or, while that says `unless`,
    before the next `before` with the same `key`, whose `take` it has then. `own` is what no two events share.
    """

    union: str
    tag: str
    of: str
    key: str
    unless: tuple[str, str]
    before: str
    take: str
    own: str
    at: Location


@dataclass(frozen=True, slots=True)
class Fills:
    """A `property` of the event `tag` that variants without it said at `value` of an earlier event of `sources`, whose
    `of_key` is the event's `key`."""

    union: str
    tag: str
    property: str
    key: str
    sources: tuple[str, ...]
    of_key: str
    value: str
    at: Location


@dataclass(frozen=True, slots=True)
class Map:
    """The map. `variants` are name -> date, oldest first."""

    at: Location
    variants: Mapping[str, str]
    shapes: Mapping[str, Shape]
    values: Mapping[str, tuple[Row, ...]]
    outside: tuple[Outside, ...]
    streams: tuple[Forms | Fills, ...] = ()

    @property
    def families(self) -> tuple[Shape, ...]:
        return tuple(shape for shape in self.shapes.values() if shape.schemas)


def prefixes(path: str) -> Iterator[str]:
    """A path and the objects on the way to it, outer ones first: `audio`, `audio.input`, `audio.input.format`."""
    names = path.split(".")
    for n in range(1, len(names) + 1):
        yield ".".join(names[:n])


def read(document: Document) -> Map:
    """The map that a parsed reconcile.yaml is. Raises SpecError with every fault that needs no schemas to be seen."""
    faults = list(_schema_faults(document))
    if faults:
        raise SpecError(faults)
    reader = _Reader(document)
    map_ = reader.map()
    if reader.faults:
        raise SpecError(reader.faults)
    return map_


def _schema_faults(document: Document) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for error in sorted(
        Draft202012Validator(schema).iter_errors(document.data),
        key=lambda error: [str(key) for key in error.absolute_path],
    ):
        deepest = best_match([error]) or error
        at = document.locate(step("", *deepest.absolute_path))
        hint = deepest.schema.get("description", "") if isinstance(deepest.schema, dict) else ""
        yield Diagnostic(
            "reconcile-map", f"This is not what the map takes: {deepest.message}.", at, hint
        )


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data
        self.faults: list[Diagnostic] = []

    def at(self, *keys: str | int) -> Location:
        return self.document.locate(step("", *keys))

    def fault(self, message: str, at: Location, hint: str = "") -> None:
        self.faults.append(Diagnostic("reconcile-map", message, at, hint))

    def known(self, what: str, name: str, names: Mapping[str, Any], at: Location) -> bool:
        if name in names:
            return True
        close = get_close_matches(name, names, 1)
        hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(names)}."
        self.fault(f'There is no {what} "{name}".', at, hint)
        return False

    def map(self) -> Map:
        raw_shapes = self.data["shapes"]
        shapes = {name: self.shape(name, raw) for name, raw in raw_shapes.items()}
        for name, raw in raw_shapes.items():
            if "like" in raw and self.known(
                "shape", raw["like"], shapes, self.at("shapes", name, "like")
            ):
                own = {entry.path for entry in shapes[name].entries}
                shared = [
                    replace(entry, shared=True)
                    for entry in shapes[raw["like"]].entries
                    if entry.path not in own
                ]
                shapes[name] = replace(shapes[name], entries=(*shapes[name].entries, *shared))
        for shape in shapes.values():
            self.check(shape, shapes)
        outside = tuple(
            Outside(variant, glob, reason, self.at("outside", variant, glob))
            for variant, globs in self.data.get("outside", {}).items()
            if self.known("variant", variant, self.data["variants"], self.at("outside", variant))
            for glob, reason in globs.items()
        )
        values = {name: self.rows(name, rows) for name, rows in self.data.get("values", {}).items()}
        streams = tuple(
            self.stream(n, raw, shapes) for n, raw in enumerate(self.data.get("streams", []))
        )
        return Map(self.at(), self.data["variants"], shapes, values, outside, streams)

    def stream(self, n: int, raw: dict[str, Any], shapes: Mapping[str, Shape]) -> Forms | Fills:
        at = self.at("streams", n)
        if self.known("shape", raw["union"], shapes, at):
            members = {member.tag: member for member in shapes[raw["union"]].members}
            events = [raw.get("forms"), raw.get("fills"), raw.get("of"), raw.get("before")]
            for tag in [*events, *raw.get("from", ())]:
                if tag is not None:
                    self.known("member", tag, members, at)
        if "forms" in raw:
            unless = next(iter(raw["unless"].items()))
            return Forms(
                raw["union"],
                raw["forms"],
                raw["of"],
                raw["key"],
                unless,
                raw["before"],
                raw["take"],
                raw["own"],
                at,
            )
        return Fills(
            raw["union"],
            raw["fills"],
            raw["property"],
            raw["key"],
            tuple(raw["from"]),
            raw["of_key"],
            raw["value"],
            at,
        )

    def rows(self, name: str, raw: list[dict[str, Any]]) -> tuple[Row, ...]:
        rows = []
        for n, row in enumerate(raw):
            way: Way = row.get("one_way", "both" if "was" in row else "some")
            was = Value.of(row["was"]) if "was" in row else None
            at = self.at("values", name, n)
            rows.append(
                Row(was, Value.of(row["is"]), way, row.get("reason", ""), "whole" in row, at)
            )
        for side, ways in (("was", ("both", "up")), ("is", ("both", "down"))):
            seen: set[Value | None] = set()
            for found in rows:
                value = found.was if side == "was" else found.hub
                if found.way in ways and value in seen:
                    shown = value.text if value else ""
                    self.fault(f"`{side}: {shown}` is decided twice in `{name}`.", found.at)
                if found.way in ways:
                    seen.add(value)
        return tuple(rows)

    def shape(self, name: str, raw: dict[str, Any]) -> Shape:
        for role, variants in raw.get("schemas", {}).items():
            for variant in variants:
                at = self.at("shapes", name, "schemas", role, variant)
                self.known("variant", variant, self.data["variants"], at)
        members = tuple(
            Member(
                tag,
                self.at("shapes", name, "members", tag),
                self.entries(member["fields"], "shapes", name, "members", tag, "fields"),
                self.aliases(member.get("was", {})),
                member.get("lost", ""),
            )
            for tag, member in raw.get("members", {}).items()
        )
        return Shape(
            name=name,
            at=self.at("shapes", name),
            about=raw.get("about", ""),
            like=raw.get("like", ""),
            wraps=raw.get("wraps", ""),
            schemas=raw.get("schemas", {}),
            entries=self.entries(raw.get("fields", []), "shapes", name, "fields"),
            tag=raw.get("tag", ""),
            members=members,
        )

    def aliases(self, raw: str | dict[str, dict[str, str]]) -> tuple[Alias, ...]:
        if isinstance(raw, str):
            return (Alias(raw),)
        return tuple(Alias(tag, tuple(when.items())) for tag, when in raw.items())

    def entries(self, raw: list[str] | dict[str, Any], *keys: str) -> tuple[Entry, ...]:
        if isinstance(raw, list):
            return tuple(Entry(path, self.at(*keys, n)) for n, path in enumerate(raw))
        return tuple(self.entry(path, body, self.at(*keys, path)) for path, body in raw.items())

    def entry(self, path: str, body: Any, at: Location) -> Entry:
        if body is None:
            return Entry(path, at)
        if isinstance(body, str):
            return Entry(path, at, lost=body)
        was = body.get("was", ())
        shape = body.get("shape")
        if isinstance(shape, dict):
            chosen = {key: name for key, name in shape.items() if key not in ("by", "else")}
            choice: Choice | None = Choice(shape["else"], shape["by"], tuple(chosen.items()))
        else:
            choice = Choice(shape) if shape else None
        return Entry(
            path,
            at,
            (was,) if isinstance(was, str) else tuple(was),
            body.get("lost", ""),
            body.get("values", ""),
            choice,
            body.get("kept", ""),
            body.get("null", False),
            body.get("default", {}).get("is", ""),
            body.get("default", {}).get("reason", ""),
        )

    def check(self, shape: Shape, shapes: Mapping[str, Shape]) -> None:
        for owner in (shape.entries, *(member.entries for member in shape.members)):
            seen: set[str] = set()
            for entry in owner:
                for path in entry.paths:
                    if path in seen:
                        self.fault(f"`{path}` is mapped twice in {shape.name}.", entry.at)
                    seen.add(path)
                if entry.values:
                    self.known(
                        "table of values", entry.values, self.data.get("values", {}), entry.at
                    )
                for name in entry.shape.all if entry.shape else ():
                    self.known("shape", name, shapes, entry.at)
        tags: set[str] = set()
        for member in shape.members:
            for tag in (member.tag, *(alias.tag for alias in member.aliases)):
                if tag in tags:
                    self.fault(f'The tag "{tag}" is mapped twice in {shape.name}.', member.at)
                tags.add(tag)
