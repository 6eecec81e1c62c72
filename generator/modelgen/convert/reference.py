"""A map as a page for people who migrate: where each field is in each variant, what becomes of it both ways, and examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..diff.markdown import BAR, code, escaped
from ..errors import visible
from ..reconcile import (
    Entry,
    Form,
    ListForm,
    ObjectForm,
    Occurrence,
    Resolution,
    Root,
    Row,
    ScaleForm,
    Section,
    Shape,
    TimeForm,
)
from .samples import NOTHING, TEXT, sample

# (payload, source, target, family) -> what it becomes, and the losses as texts
Convert = Callable[[Any, str, str, str], tuple[Any, Sequence[str]]]
WAYS = {"both": "both ways", "up": "only towards newer", "down": "only towards older", "some": ""}


@dataclass(frozen=True, slots=True)
class Example:
    source: str
    target: str
    before: Any
    after: Any
    losses: Sequence[str]


def reference(resolution: Resolution, name: str, convert: Convert) -> str:
    """The page, as Markdown. `convert` is that of the package, called `name`."""
    return "".join(f"{visible(line)}\n" for line in _page(resolution, name, convert))


def _page(resolution: Resolution, name: str, convert: Convert) -> Iterator[str]:
    map_ = resolution.map
    *older, newest = map_.variants
    yield f"# Migrating between the variants of {escaped(name)}"
    yield ""
    yield (
        f"From {_listed(older) or 'nothing'} to {code(newest)}, and back. Fields are named as `reconciled` names them; "
        "a variant that is not mentioned for a field does not have it."
    )
    yield ""
    yield "| variant | as of |"
    yield "|---|---|"
    yield from (f"| {code(variant)} | {escaped(day)} |" for variant, day in map_.variants.items())
    last = ""
    for section in resolution.sections():
        if section.shape.name != last:
            last = section.shape.name
            yield ""
            yield f"## {escaped(last)}"
            yield from _about(resolution, section.shape, convert)
        if section.entries and (len(section.shape.members) > 1 or not section.shape.tag):
            yield from _section(section)
    if map_.values:
        yield ""
        yield "## Values"
        for table, rows in map_.values.items():
            yield from _values(table, rows)


def _about(resolution: Resolution, shape: Shape, convert: Convert) -> Iterator[str]:
    if shape.about:
        yield ""
        yield escaped(shape.about)
    if shape.wraps:
        yield ""
        yield f"In some variants it is by itself what elsewhere stands in {code(shape.wraps)}."
    renamed = [member for member in shape.members if member.aliases or member.lost]
    if renamed:
        yield ""
        yield f"| {code(shape.tag)} | elsewhere | why it is lost where it is not known |"
        yield "|---|---|---|"
        for member in renamed:
            others = ", ".join(code(alias.tag) for alias in member.aliases)
            yield _cells(code(member.tag), others, escaped(member.lost))
    for example in _examples(resolution, shape, convert):
        yield ""
        yield f"An example of {code(example.source)} as {code(example.target)}:"
        yield ""
        yield from _json(example.before)
        yield ""
        yield "becomes" if example.after is not None else "has no form there."
        yield ""
        if example.after is not None:
            yield from _json(example.after)
        if example.losses:
            yield ""
            yield from (f"- {escaped(loss)}" for loss in example.losses)


def _section(section: Section) -> Iterator[str]:
    yield ""
    if section.shape.tag:
        yield f"### {escaped(section.name)}"
        yield ""
    yield "| field | where it is | what becomes of it |"
    yield "|---|---|---|"
    for entry in section.entries:
        yield _cells(code(entry.path), _places(section, entry), " ".join(_words(section, entry)))


def _places(section: Section, entry: Entry) -> str:
    """Each path of an entry, and the variants that have it there."""
    found: dict[str, dict[str, None]] = {}
    for occurrence in section.occurrences:
        if placement := occurrence.placements.get(entry.path):
            found.setdefault(placement.path, {})[occurrence.variant] = None
    return "; ".join(
        f"{code(path) if path else 'the object itself'} in {_listed(variants)}"
        for path, variants in found.items()
    )


def _words(section: Section, entry: Entry) -> Iterator[str]:
    """What becomes of an entry on its way, in sentences."""
    without = dict.fromkeys(
        one.variant for one in section.occurrences if entry.path not in one.placements
    )
    having = dict.fromkeys(
        one.variant for one in section.occurrences if entry.path in one.placements
    )
    if entry.was:
        yield "It moves, both ways."
    if entry.values:
        yield f"Its values are translated by {code(entry.values)}."
    yield from (f"It is written by itself, or as {_form(form)}." for form in entry.form)
    if entry.shape:
        yield f"It is converted as {_listed(dict.fromkeys(entry.shape.all))}."
    lost = [variant for variant in without if variant not in having]
    if lost:
        yield f"It is lost towards {_listed(lost)}: {escaped(entry.lost) or 'there is no place for it.'}"
    if entry.kept:
        yield f"What the target does not admit stays as it is, and is reported: {escaped(entry.kept)}"
    if entry.default:
        yield f"Where it is required and not said, it is {code(entry.default)}: {escaped(entry.why)}"
    if not (entry.was or entry.values or entry.form or entry.shape or lost or entry.default):
        yield "It stays as it is."


def _form(form: Form) -> str:
    """How a value is written elsewhere, in words."""
    match form:
        case ListForm():
            return "a list of one"
        case ObjectForm(name=name, beside=beside):
            constants = [f"{code(key)} {code(value.text)}" for key, value in beside]
            return f"an object with it as {code(name)}" + (
                f", and with {' and '.join(constants)}" if constants else ""
            )
        case TimeForm(per_second=per_second):
            unit = {1: "seconds", 1000: "milliseconds"}.get(per_second, f"1/{per_second} seconds")
            return f"{unit} since 1970"
        case ScaleForm(factor=factor):
            return f"{escaped(factor)} times that number"


def _values(table: str, rows: Sequence[Row]) -> Iterator[str]:
    yield ""
    yield f"### {escaped(table)}"
    yield ""
    yield "| older | newer | which way | why |"
    yield "|---|---|---|---|"
    for row in rows:
        was = code(row.was.text) if row.was else "not known"
        yield _cells(was, code(row.hub.text), WAYS[row.way], escaped(row.reason))


# -- examples --------------------------------------------------------------------------------------


def _examples(resolution: Resolution, shape: Shape, convert: Convert) -> Iterator[Example]:
    """A payload of the oldest variant that has a family, as the newest has it, and the other way round."""
    for role in shape.schemas:
        having = [
            variant
            for variant in resolution.map.variants
            if Root(shape.name, role, variant) in resolution.roots
        ]
        if len(having) > 1:
            for source, target in ((having[0], having[-1]), (having[-1], having[0])):
                root = Root(shape.name, role, source)
                if found := _example(resolution, root, target, shape, convert):
                    yield found
            return


def _example(
    resolution: Resolution, root: Root, target: str, shape: Shape, convert: Convert
) -> Example | None:
    """The first payload that is another one in the target."""
    for before in _payloads(resolution, root, shape):
        after, losses = convert(before, root.variant, target, shape.name)
        if after != before:
            return Example(root.variant, target, before, after, losses)
    return None


def _payloads(resolution: Resolution, root: Root, shape: Shape) -> Iterator[Any]:
    """Payloads made from the schema of a family in a variant: of a union, one for each member."""
    occurrence = resolution[resolution.roots[root]]
    types = resolution.apis[root.variant]
    members = [one.key for known in occurrence.members.values() for one in known]
    for one in (resolution[key] for key in members) if shape.tag else (occurrence,):
        made: dict[str, Any] = {}
        for object_ in one.objects:
            for field in object_.fields:
                value = sample(field.type, types, 1)
                if value is not NOTHING:
                    made.setdefault(field.wire, value)
        _name_values(made, one, resolution)
        if made:
            yield made


def _name_values(made: Any, occurrence: Occurrence, resolution: Resolution) -> None:
    """Where schemas list no values but the map does, a payload has the first of the map, in the shapes inside of it too."""
    for entry in occurrence.entries:
        placement = occurrence.placements.get(entry.path)
        *owners, name = placement.path.split(".") if placement else ("",)
        owner = made
        for step in owners:
            owner = owner.get(step) if isinstance(owner, dict) else None
        if placement is None or not isinstance(owner, dict) or name not in owner:
            continue
        rows = resolution.map.values.get(entry.values, ())
        row = next((row for row in rows if row.way == "both" and row.was), None)
        if owner[name] == TEXT and row is not None and row.was:
            owner[name] = (row.was if placement.path in entry.was else row.hub).json
        inner = owner[name] if isinstance(owner[name], list) else [owner[name]]
        for value in inner:
            for key in placement.shapes.values():
                _name_values(value, resolution[key], resolution)


def _json(value: Any) -> Iterator[str]:
    yield from (
        f"    {line}" for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n")
    )


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _listed(names: Sequence[str] | dict[str, None]) -> str:
    *most, last = map(code, names) if names else ("",)
    return f"{', '.join(most)} and {last}" if most else last
