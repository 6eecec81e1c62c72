"""Does the map decide the values? An entry means the same in every schema, or a table, a shape or a reason says what
becomes of its values; and each listed value that not every variant lists is in the table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .. import ir
from ..errors import Diagnostic
from .forms import climbs, ladder, unformed
from .listed import listed_values
from .map import Entry, Row
from .meaning import Types, alike, described
from .paths import last
from .resolution import Locate, Occurrence, Placement, Resolution


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry in one schema."""

    occurrence: Occurrence
    placement: Placement
    types: Types

    @property
    def variant(self) -> str:
        return self.occurrence.variant


@dataclass(frozen=True, slots=True)
class _Use:
    """An entry of the map with the rows of its table, and where it is, oldest variant first."""

    section: str
    entry: Entry
    rows: tuple[Row, ...]
    placed: tuple[_Placed, ...]


def undecided_values(resolution: Resolution, locate: Locate) -> Iterator[Diagnostic]:
    """What the map leaves open about values, or decides about values that no variant lists."""
    uses = tuple(_uses(resolution))
    tables = [(use, tuple(_differing(use))) for use in uses if use.entry.values]
    for use in uses:
        yield from _unlike(use, locate)
        yield from _unneeded_form(use)
    for use, values in tables:
        yield from _not_in_table(use, values, locate)
    yield from _treated_unlike(uses, locate)
    yield from _unused_rows(resolution, tables)


def _uses(resolution: Resolution) -> Iterator[_Use]:
    for section in resolution.sections():
        for entry in section.entries:
            placed = tuple(
                _Placed(
                    occurrence,
                    occurrence.placements[entry.path],
                    resolution.apis[occurrence.variant],
                )
                for occurrence in section.occurrences
                if entry.path in occurrence.placements
            )
            yield _Use(section.name, entry, resolution.map.values.get(entry.values, ()), placed)


# -- types ------------------------------------------------------------------------------------------------------


def _unlike(use: _Use, locate: Locate) -> Iterator[Diagnostic]:
    """What is no matter of a table, a shape or a reason must mean the same wherever it is."""
    if use.entry.kept:
        return
    for one, other in itertools.pairwise(use.placed):
        unlike = next(_unlike_types(use, one, other), None)
        if unlike is not None:
            left, right = (
                f"{described(type_, placed.types) or 'nothing'} in {placed.variant} (`{placed.placement.path}`)"
                for type_, placed in zip(unlike, (one, other), strict=True)
            )
            decided = _decided_by(use.entry)
            yield Diagnostic(
                "reconcile-types",
                f"`{use.entry.path}` of {use.section} is{f', beside its {decided},' if decided else ''} {left} and {right}.",
                use.entry.at,
                f"{'Say' if decided else 'Give it a table of `values`, a `shape`, a `form`, or say'} in `kept` why values stay as they are.",
                (locate(one.variant, one.placement.at), locate(other.variant, other.placement.at)),
            )
            return


def _decided_by(entry: Entry) -> str:
    """What an entry has that decides some of its values, in a word."""
    return "shape" if entry.shape else "values" if entry.values else "form" if entry.form else ""


def _unlike_types(use: _Use, one: _Placed, other: _Placed) -> Iterator[tuple[ir.Type, ir.Type]]:
    """The pairs of types of two placements that do not mean the same."""
    lefts, rights = one.placement.types[:1], other.placement.types
    if all(isinstance(type_, ir.Literal) for type_ in (*one.placement.types, *rights)):
        lefts = (ir.Union(members=one.placement.types),)
        rights = (ir.Union(members=rights),)
    for left, right in itertools.product(lefts, rights):
        form = use.entry.form
        rest_left = _rest(use, ir.opened(unformed(left, form, one.types), one.types))
        rest_right = _rest(use, ir.opened(unformed(right, form, other.types), other.types))
        if not alike(rest_left, one.types, rest_right, other.types):
            yield rest_left, rest_right


def _unneeded_form(use: _Use) -> Iterator[Diagnostic]:
    """A form of which every variant has all that any has."""
    rungs = ladder(use.entry.form)
    reached = {
        climbs(rungs, {kind for t in p.placement.types for kind in ir.kinds_of(t, p.types)})
        for p in use.placed
    }
    if rungs and use.placed and reached == {tuple(range(len(rungs)))}:
        yield Diagnostic(
            "reconcile-map",
            f"`{use.entry.path}` of {use.section} has every form in every variant.",
            use.entry.at,
            "Remove `form`.",
        )


def _rest(use: _Use, parts: Sequence[ir.Type]) -> ir.Type:
    """What neither the table of an entry speaks of nor its shape."""
    decided = {"object", "array", ""} if use.entry.shape else set()
    for row in use.rows:
        decided |= {ir.kind_of(value.json) for value in row.values}
    return ir.Union(members=tuple(part for part in parts if ir.sole_kind(part) not in decided))


# -- one name, two treatments -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Treated:
    """What was decided about one type of an entry in one schema."""

    use: _Use
    placed: _Placed
    type: ir.Type

    @property
    def treatment(self) -> tuple[bool, ...]:
        entry = self.use.entry
        return bool(entry.values), bool(entry.shape), bool(entry.form)


def _treated_unlike(uses: Sequence[_Use], locate: Locate) -> Iterator[Diagnostic]:
    """A property of one name and one type is not left alone here if it has a table or a shape elsewhere."""
    known: dict[tuple[str, str], list[_Treated]] = {}
    for use in uses:
        for new in _treated(use):
            name = last(new.placed.placement.path or new.use.entry.path)
            before = known.setdefault((new.placed.variant, name), [])
            other = next((old for old in before if _differ(old, new)), None)
            if other is not None:
                yield _treated_as(new, other, locate)
                break
            before.append(new)


def _treated(use: _Use) -> Iterator[_Treated]:
    """The types of an entry that may be treated alike elsewhere, if nothing says why not."""
    for placed in () if use.entry.kept else use.placed:
        for type_ in placed.placement.types:
            if any(_is_special(part) for part in ir.opened(type_, placed.types)):
                yield _Treated(use, placed, type_)


def _differ(old: _Treated, new: _Treated) -> bool:
    return old.treatment != new.treatment and _is_one(old.type, new.type, new.placed.types)


def _treated_as(new: _Treated, other: _Treated, locate: Locate) -> Diagnostic:
    entry, placed, variant = new.use.entry, new.placed, new.placed.variant
    return Diagnostic(
        "reconcile-undecided",
        f"`{entry.path}` of {new.use.section} is not decided as `{other.use.entry.path}` of {other.use.section} is, "
        f"and both are {described(new.type, placed.types)} in {variant}.",
        entry.at,
        "Give both the same `values`, `shape` and `form`, or say in `kept` why values stay as they are.",
        (other.use.entry.at, locate(variant, other.placed.placement.at)),
    )


def _is_special(type_: ir.Type) -> bool:
    """Whether two properties of one name that have this type are likely the same."""
    if isinstance(type_, ir.Literal):
        return len(type_.values) > 1
    return isinstance(type_, ir.Object | ir.Array)


def _is_one(a: ir.Type, b: ir.Type, types: Types) -> bool:
    """Whether two properties of one name are the same: alike, or objects of which one is a part of the other."""
    if alike(a, types, b, types):
        return True
    one, other = (
        {
            field.wire
            for part in ir.opened(type_, types)
            if isinstance(part, ir.Object)
            for field in part.fields
        }
        for type_ in (a, b)
    )
    return bool(one and other) and (one <= other or other <= one)


# -- tables of values -------------------------------------------------------------------------------------------

_Listed: TypeAlias = tuple[_Placed, ir.Value]


def _differing(use: _Use) -> Iterator[_Listed]:
    """The values that a table has to decide: all that are listed if it has pairs, else those not listed everywhere."""
    listed = [
        (placed, listed_values(placed.placement.types, placed.types)) for placed in use.placed
    ]
    everywhere = [set(values) for _, values in listed if values]
    has_pairs = any(row.was is not None for row in use.rows)
    for placed, values in listed:
        for value in values:
            if has_pairs or not all(value in others for others in everywhere):
                yield placed, value


def _not_in_table(use: _Use, values: Sequence[_Listed], locate: Locate) -> Iterator[Diagnostic]:
    undecided: dict[ir.Value, list[_Placed]] = {}
    for placed, value in values:
        if value not in _decided(use, placed, value):
            undecided.setdefault(value, []).append(placed)
    for value, (first, *others) in undecided.items():
        more = f" and {len(others)} more" if others else ""
        yield Diagnostic(
            "reconcile-undecided",
            f"The value {value.text} of `{first.placement.path}` of {first.occurrence.key.schema} "
            f"({first.variant}){more} is not decided.",
            locate(first.variant, first.placement.at),
            f"Add it to the values `{use.entry.values}`, which {use.section} uses for `{use.entry.path}`.",
            (use.entry.at,),
        )


def _decided(use: _Use, placed: _Placed, value: ir.Value) -> set[ir.Value | None]:
    """The values that a table decides at a placement. One list is not told from another by itself, but by its path."""
    hub: set[ir.Value | None] = {r.hub for r in use.rows if r.way in ("both", "down", "some")}
    old = {row.was for row in use.rows if row.way in ("both", "up")}
    if not isinstance(value.json, list):
        return old | hub
    return old if placed.placement.path != use.entry.path else hub


def _unused_rows(
    resolution: Resolution, tables: Sequence[tuple[_Use, Sequence[_Listed]]]
) -> Iterator[Diagnostic]:
    """Rows about values that no variant lists, or that all list."""
    used: dict[str, set[ir.Value]] = {}
    for use, values in tables:
        listed = {value for _, value in values}
        for row in use.rows:
            if not listed.isdisjoint(row.values):
                used.setdefault(use.entry.values, set()).update(row.values)
    for name, rows in resolution.map.values.items():
        for row in rows:
            if used.get(name, set()).isdisjoint(row.values):
                yield Diagnostic(
                    "reconcile-map",
                    f"`{row.hub.text}` in the values `{name}` is listed by no variant, or by all that list any.",
                    row.at,
                    "Remove it, or write it as the schemas do.",
                )
