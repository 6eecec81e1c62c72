"""Properties of objects: added, gone, renamed, moved, and what changed about those that stayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .. import ir
from ..errors import Location
from . import annotations as said
from .changes import UNDECLARED, Python, Verdict
from .renames import Move, moves
from .side import Side
from .site import Site, Spared

if TYPE_CHECKING:
    from .walk import Walk

_ANYTHING = ir.Anything()


def compare(walk: Walk, site: Site, old: ir.Object, new: ir.Object) -> None:
    ours = {field.wire: field for field in old.fields}
    theirs = {field.wire: field for field in new.fields}
    for wire, field in ours.items():
        if wire in theirs:
            _kept(walk, site, field, theirs[wire], bool(old.patterns or new.patterns))
    gone = [field for wire, field in ours.items() if wire not in theirs]
    come = [field for wire, field in theirs.items() if wire not in ours]
    found = moves(walk.likeness, old, new, walk.decided(site)) if gone or come else []
    for move in found:
        _moved(walk, site, move, ours, theirs)
    grouped = _grouped(walk, site, found, theirs, ours)
    for field in gone:
        if (field.wire,) not in {move.old for move in found} and field.wire not in grouped[0]:
            _gone(walk, site, field, new)
    for field in come:
        if (field.wire,) not in {move.new for move in found} and field.wire not in grouped[1]:
            _come(walk, site, field, old)
    order = [wire for wire in ours if wire in theirs]
    if order != [wire for wire in theirs if wire in ours]:
        walk.emit("property-reordered", site, types=Python())
    extras(walk, site, old.additional, new.additional)
    patterns(walk, site, old.patterns, new.patterns)


# --- properties that stayed -----------------------------------------------------------------------


def _kept(walk: Walk, site: Site, old: ir.Field, new: ir.Field, patterns: bool) -> None:
    before = walk.old.signature(site.keys[0], old)
    after = walk.new.signature(site.keys[1], new)
    here = site.property(new.wire, Python(before, after), old.at, new.at)
    spared = _spared(old, new) or site.spared
    here = replace(here, spared=spared, optional=not old.required)
    names = before.partition(":")[0], after.partition(":")[0]
    if names[0] != names[1]:
        walk.emit("attribute-name-changed", here, *names)
    nulls = (old.nullable, new.nullable)
    swapped = (old.required, old.nullable) == (not new.required, not new.nullable)
    if swapped and old.required == old.nullable and not _takes_null(walk, old, new):
        walk.emit("absent-vs-null-changed", here)
        nulls = (False, False)
    elif old.required != new.required:
        _required(walk, here, old, new)
    said.compare_fields(walk, here, old, new)
    if old.read_only != new.read_only:
        rule = "became-read-only" if new.read_only else "became-not-read-only"
        verdicts: tuple[Verdict, Verdict] | None = None
        if rule == "became-not-read-only" and new.required:
            verdicts = ("breaks", "safe")
        walk.emit(rule, here, verdicts=verdicts, types=Python())
    if old.write_only != new.write_only:
        rule = "became-write-only" if new.write_only else "became-not-write-only"
        walk.emit(rule, here, types=Python())
    if patterns and old.declared != new.declared:
        # what an undeclared property may be is then said by the patterns, and not by its type
        both: tuple[Verdict, Verdict] = ("may break", "may break")
        facts = walk.old.words(old.type), walk.new.words(new.type)
        walk.emit("type-changed", here, *facts, verdicts=both)
    else:
        walk.types(old.type, new.type, here, nulls)


def _spared(old: ir.Field, new: ir.Field) -> Spared:
    if old.read_only and new.read_only:
        return "sent"
    return "received" if old.write_only and new.write_only else ""


def _takes_null(walk: Walk, old: ir.Field, new: ir.Field) -> bool:
    return walk.old.accepts_null(old.type) or walk.new.accepts_null(new.type)


def _required(walk: Walk, site: Site, old: ir.Field, new: ir.Field) -> None:
    declared = new.declared if new.required else old.declared
    if not declared:
        walk.emit(f"required-undeclared-{'added' if new.required else 'removed'}", site)
    elif not new.required:
        walk.emit("property-became-optional", site)
    else:
        default = "-with-default" if new.default is not None else ""
        walk.emit(f"property-became-required{default}", site)


# --- properties that came, went or moved ----------------------------------------------------------


def _gone(walk: Walk, site: Site, field: ir.Field, new: ir.Object) -> None:
    types = Python(walk.old.signature(site.keys[0], field), "")
    here = site.property(field.wire, types, field.at, site.new_at)
    here = replace(here, spared=_spared(field, field) or site.spared)
    received: Verdict = "breaks" if field.required else "may break"
    fact = walk.old.words(field.type)
    if not field.declared:
        sent = walk.forth.within(field.type, new.additional)
        verdicts: tuple[Verdict, Verdict] = ("safe" if sent else "breaks", "breaks")
        walk.emit("required-undeclared-removed", here, fact, verdicts=verdicts)
        return
    rule = "property-removed-after-deprecation" if field.deprecated else "property-removed"
    walk.emit(rule, here, fact, verdicts=("breaks", received))


def _come(walk: Walk, site: Site, field: ir.Field, old: ir.Object) -> None:
    types = Python("", walk.new.signature(site.keys[1], field))
    here = site.property(field.wire, types, site.old_at, field.at)
    here = replace(here, spared=_spared(field, field) or site.spared)
    fact = walk.new.words(field.type)
    if not field.declared:
        # what it may be is said by the patterns and the rest, which are compared
        fits = walk.back.within(field.type, old.additional)
        walk.emit(
            "required-undeclared-added",
            here,
            "",
            fact,
            verdicts=("breaks", "safe" if fits else "breaks"),
        )
        return
    free = isinstance(old.additional, ir.Never) and not old.patterns
    # a reader of OLD takes the property for an undeclared one
    fits = not old.patterns and walk.back.within(field.type, old.additional)
    fits = fits and (not field.nullable or walk.old.accepts_null(old.additional))
    received: Verdict = "safe" if fits else "breaks"
    if field.required:
        rule = "property-added-required"
        if field.default is not None:
            rule += "-with-default"
        walk.emit(rule, here, "", fact, verdicts=("breaks", received))
        return
    known = walk.forth.within(old.additional, field.type) and not old.patterns
    given = "" if free or known else UNDECLARED
    sent: Verdict = "safe" if old.additional in (_ANYTHING, ir.Never()) or known else "may break"
    walk.emit("property-added-optional", here, "", fact, verdicts=(sent, received), given=given)


def _moved(
    walk: Walk,
    site: Site,
    move: Move,
    ours: dict[str, ir.Field],
    theirs: dict[str, ir.Field],
) -> None:
    before, old_at = _shown(walk.old, site.keys[0], move.old)
    after, new_at = _shown(walk.new, site.keys[1], move.new)
    here = site
    for wire in move.new:
        here = here.property(wire, Python(before, after), old_at, new_at)
    was = site
    for wire in move.old:
        was = was.property(wire, Python(), old_at, new_at)
    rule = "property-renamed"
    if len(move.new) != len(move.old):
        rule = "property-moved" if len(move.new) > len(move.old) else "property-flattened"
    walk.emit(rule, here, old_path=was.path, score=move.score, evidence=move.evidence)


def _shown(side: Side, key: str, path: tuple[str, ...]) -> tuple[str, Location]:
    """The attribute that a path leads to, as Python shows it."""
    names: list[str] = []
    for n, wire in enumerate(path):
        named = side.types[key]
        object_ = side.resolve(named.type)[0]
        assert isinstance(object_, ir.Object)
        field = next(field for field in object_.fields if field.wire == wire)
        signature = side.signature(key, field)
        if n == len(path) - 1:
            return ".".join([*names, signature]), field.at
        names.append(signature.partition(":")[0])
        key = side.behind(field.type, key)
    raise AssertionError(path)


def _grouped(
    walk: Walk,
    site: Site,
    found: list[Move],
    theirs: dict[str, ir.Field],
    ours: dict[str, ir.Field],
) -> tuple[set[str], set[str]]:
    """New objects that hold what stood beside each other, and objects whose properties moved up."""
    done: tuple[set[str], set[str]] = (set(), set())
    into: dict[str, list[str]] = {}
    out: dict[str, list[str]] = {}
    for move in found:
        if len(move.new) > 1 and move.new[0] not in ours:
            into.setdefault(move.new[0], []).append(move.old[-1])
        if len(move.old) > 1 and move.old[0] not in theirs:
            out.setdefault(move.old[0], []).append(move.new[-1])
    order = {wire: n for n, wire in enumerate((*ours, *theirs))}
    for wire, wires in into.items():
        if len(wires) > 1:
            wires.sort(key=order.__getitem__)
            field = theirs[wire]
            types = Python("", walk.new.signature(site.keys[1], field))
            here = site.property(wire, types, site.old_at, field.at)
            walk.emit("properties-grouped", here, "", ", ".join(wires))
            done[1].add(wire)
    for wire, wires in out.items():
        if len(wires) > 1:
            field = ours[wire]
            types = Python(walk.old.signature(site.keys[0], field), "")
            here = site.property(wire, types, field.at, site.new_at)
            walk.emit("properties-ungrouped", here, ", ".join(wires))
            done[0].add(wire)
    return done


# --- undeclared properties ------------------------------------------------------------------------


def extras(walk: Walk, site: Site, old: ir.Type, new: ir.Type) -> None:
    """`additionalProperties`, and the values of a map."""
    here = site.below("{}")
    if isinstance(new, ir.Never) and not isinstance(old, ir.Never):
        walk.emit("extras-forbidden", here, types=Python())
    elif isinstance(old, ir.Never) and not isinstance(new, ir.Never):
        walk.emit("extras-allowed", here, types=Python())
    elif old == _ANYTHING != new:
        walk.emit("extras-typed", here, "", walk.new.words(new))
    elif new == _ANYTHING != old:
        walk.emit("extras-untyped", here, walk.old.words(old))
    else:
        walk.types(old, new, here)


def patterns(
    walk: Walk,
    site: Site,
    old: tuple[tuple[str, ir.Type], ...],
    new: tuple[tuple[str, ir.Type], ...],
) -> None:
    ours, theirs = dict(old), dict(new)
    for pattern in dict.fromkeys((*ours, *theirs)):
        here = site.below(f"/{pattern}/")
        both: tuple[Verdict, Verdict] | None = None
        if pattern in ours and pattern in theirs:
            walk.types(ours[pattern], theirs[pattern], here)
            continue
        if not _is_open(walk, site):  # what matches a pattern is not undeclared
            both = ("may break", "may break")
        if pattern in theirs:
            walk.emit(
                "pattern-property-added", here, "", walk.new.words(theirs[pattern]), verdicts=both
            )
        else:
            walk.emit(
                "pattern-property-removed", here, walk.old.words(ours[pattern]), verdicts=both
            )


def _is_open(walk: Walk, site: Site) -> bool:
    """Whether undeclared properties are free in both, so that a pattern can only restrict."""
    for side, key in ((walk.old, site.keys[0]), (walk.new, site.keys[1])):
        type_ = side.types[key].type
        rest = type_.additional if isinstance(type_, ir.Object) else None
        rest = type_.values if isinstance(type_, ir.Map) else rest
        if rest != _ANYTHING:
            return False
    return True
