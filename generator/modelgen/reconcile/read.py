"""reconcile.yaml -> Map. What the JSON Schema of the file does not admit is refused, and what is not consistent in
itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from ..errors import Diagnostic, Location, SpecError, step
from ..ir import Value
from ..loader import Document
from .consistency import inconsistent
from .forms import Form, ListForm, ObjectForm, ScaleForm, TimeForm
from .map import Alias, Choice, Entry, Fills, Forms, Map, Member, Outside, Row, Shape, Stream

SCHEMA = Path(__file__).with_name("reconcile.schema.json")

_T = TypeVar("_T")


def read_map(document: Document) -> Map:
    """The map that a parsed reconcile.yaml is. Raises SpecError with all that is wrong with it."""
    _refuse(_not_of_schema(document))
    map_ = _Reader(document).map()
    _refuse(inconsistent(map_, document.locate))
    return map_


def _refuse(faults: Iterable[Diagnostic]) -> None:
    if diagnostics := tuple(faults):
        raise SpecError(diagnostics)


def _not_of_schema(document: Document) -> Iterator[Diagnostic]:
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
        message = f"This is not what the map takes: {deepest.message}."
        yield Diagnostic("reconcile-map", message, at, hint)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes a map of data that its JSON Schema admits."""

    document: Document

    def at(self, *keys: str | int) -> Location:
        return self.document.locate(step("", *keys))

    def map(self) -> Map:
        data: Mapping[str, Any] = self.document.data
        return Map(
            self.at(),
            _frozen(data["variants"]),
            _frozen(_shared({name: self.shape(name, raw) for name, raw in data["shapes"].items()})),
            _frozen({name: tuple(self.rows(name, rows)) for name, rows in _in(data, "values")}),
            tuple(
                Outside(variant, glob, reason, self.at("outside", variant, glob))
                for variant, globs in _in(data, "outside")
                for glob, reason in globs.items()
            ),
            tuple(self.stream(side, raw) for side, raw in _in(data, "streams")),
        )

    def stream(self, side: str, raw: Mapping[str, Any]) -> Stream:
        events = tuple(
            _event(one, self.at("streams", side, "events", n))
            for n, one in enumerate(raw.get("events", ()))
        )
        return Stream(side, raw["family"], events, self.at("streams", side))

    def rows(self, name: str, raw: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
        for n, row in enumerate(raw):
            yield Row(
                was=Value.of(row["was"]) if "was" in row else None,
                hub=Value.of(row["is"]),
                way=row.get("one_way", "both" if "was" in row else "some"),
                reason=row.get("reason", ""),
                whole="whole" in row,
                taken="taken" in row,
                at=self.at("values", name, n),
            )

    def shape(self, name: str, raw: Mapping[str, Any]) -> Shape:
        return Shape(
            name=name,
            at=self.at("shapes", name),
            about=raw.get("about", ""),
            like=raw.get("like", ""),
            wraps=raw.get("wraps", ""),
            schemas=_frozen({role: _frozen(schemas) for role, schemas in _in(raw, "schemas")}),
            entries=tuple(self.entries(raw.get("fields"), "shapes", name, "fields")),
            tag=raw.get("tag", ""),
            members=tuple(self.member(name, tag, member) for tag, member in _in(raw, "members")),
        )

    def member(self, shape: str, tag: str, raw: Mapping[str, Any]) -> Member:
        keys = ("shapes", shape, "members", tag)
        return Member(
            tag,
            self.at(*keys),
            tuple(self.entries(raw.get("fields"), *keys, "fields")),
            tuple(_aliases(raw.get("was", {}))),
            raw.get("lost", ""),
        )

    def entries(self, raw: Sequence[str] | Mapping[str, Any] | None, *keys: str) -> Iterator[Entry]:
        if isinstance(raw, Mapping):
            yield from (_entry(path, body, self.at(*keys, path)) for path, body in raw.items())
        else:
            yield from (Entry(path, self.at(*keys, n)) for n, path in enumerate(raw or ()))


def _in(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    """The members of an object that may be missing."""
    members: Mapping[str, Any] = data.get(key, {})
    return members.items()


def _frozen(made: Mapping[str, _T]) -> Mapping[str, _T]:
    return MappingProxyType(dict(made))


def _shared(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """Shapes with the entries of those that they are like, but for their own."""
    for name, shape in shapes.items():
        own = {entry.path for entry in shape.entries}
        like = shapes.get(shape.like)
        shared = [
            replace(entry, shared=True)
            for entry in (like.entries if like else ())
            if entry.path not in own
        ]
        shapes[name] = replace(shape, entries=(*shape.entries, *shared))
    return shapes


def _aliases(raw: str | Mapping[str, Mapping[str, str]]) -> Iterator[Alias]:
    if isinstance(raw, str):
        yield Alias(raw)
    else:
        yield from (Alias(tag, tuple(when.items())) for tag, when in raw.items())


def _entry(path: str, body: str | Mapping[str, Any] | None, at: Location) -> Entry:
    if isinstance(body, str):
        return Entry(path, at, lost=body)
    raw = body or {}
    was = raw.get("was", ())
    default = raw.get("default", {})
    return Entry(
        path,
        at,
        was=(was,) if isinstance(was, str) else tuple(was),
        lost=raw.get("lost", ""),
        values=raw.get("values", ""),
        shape=_choice(raw["shape"]) if "shape" in raw else None,
        form=tuple(_forms(raw.get("form", ()))),
        kept=raw.get("kept", ""),
        null=raw.get("null", False),
        default=default.get("is", ""),
        why=default.get("reason", ""),
    )


def _choice(raw: str | Mapping[str, str]) -> Choice:
    if isinstance(raw, str):
        return Choice(raw)
    shapes = tuple((text, name) for text, name in raw.items() if text not in ("by", "else"))
    return Choice(raw["else"], raw["by"], shapes)


_UNITS = {"seconds": 1, "milliseconds": 1000}


def _forms(raw: Any) -> Iterator[Form]:
    for one in raw if isinstance(raw, list | tuple) else (raw,):
        if one == "list":
            yield ListForm()
        elif isinstance(one, str):
            yield TimeForm(_UNITS[one])
        elif "scale" in one:
            yield ScaleForm(str(one["scale"]))
        else:
            beside = one.get("with", {})
            yield ObjectForm(one["object"], tuple((k, Value.of(v)) for k, v in beside.items()))


def _event(raw: Mapping[str, Any], at: Location) -> Forms | Fills:
    if "forms" in raw:
        return Forms(
            tag=raw["forms"],
            of=raw["of"],
            key=raw["key"],
            unless=next(iter(raw["unless"].items())),
            before=raw["before"],
            take=raw["take"],
            own=raw["own"],
            at=at,
        )
    return Fills(
        tag=raw["fills"],
        property=raw["property"],
        key=raw["key"],
        sources=tuple(raw["from"]),
        of_key=raw["of_key"],
        value=raw["value"],
        at=at,
    )
