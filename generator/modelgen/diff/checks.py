"""Bounds, patterns and the conditions that no shape expresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from .. import ir
from ..openapi.keywords import BOUNDS
from .changes import Verdict
from .rules import dashed
from .side import Side
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

_ONE = {
    "not": "not",
    "contains": "contains",
    "if": "conditional",
    "then": "conditional",
    "else": "conditional",
    "propertyNames": "property-names",
}
# These conditions cannot be compared by comparing what they refer to: more allowed there may mean less allowed here.
_BOTH: tuple[Verdict, Verdict] = ("may break", "may break")


def compare(walk: Walk, site: Site, old: tuple[ir.Check, ...], new: tuple[ir.Check, ...]) -> None:
    ours, theirs = dict(old), dict(new)
    for word in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(word), theirs.get(word)
        if one == other:
            continue
        if word in BOUNDS:
            _bound(walk, site, word, one, other, ours, theirs)
        elif word == "pattern":
            _pattern(walk, site, one, other)
        elif word == "multipleOf":
            _multiple(walk, site, one, other)
        elif word == "uniqueItems":
            walk.emit("unique-items-set" if other else "unique-items-unset", site)
        elif word == "dependentRequired":
            _dependent(walk, site, "dependent-required", one, other)
        elif word == "dependentSchemas":
            _dependent(walk, site, "dependent-schema", one, other)
        elif word in _ONE:
            _one(walk, site, word, one, other, ours, theirs)
        else:
            _conjuncts(walk, site, one, other)


def _number(value: object) -> str:
    return "" if value is None else ir.Value.of(value).text


def _bound(
    walk: Walk,
    site: Site,
    word: str,
    old: object,
    new: object,
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
) -> None:
    idle = BOUNDS[word].idle
    shown = _number(old), _number(new)
    old, new = None if old == idle else old, None if new == idle else new
    if old == new:
        return
    name = dashed(word)
    verdicts: tuple[Verdict, Verdict] | None = None
    if word in ("minContains", "maxContains") and ours.get("contains") != theirs.get("contains"):
        verdicts = _BOTH
    if old is None or new is None:
        low = word == "minContains" and (old == 0 or new == 0)
        rule = f"{name}-{'set' if old is None else 'unset'}"
        if low:  # without the word, one item is asked for
            rule = f"{name}-{'lowered' if new == 0 else 'raised'}"
        walk.emit(rule, site, *shown, verdicts=verdicts)
        return
    assert isinstance(old, int | float) and isinstance(new, int | float)
    walk.emit(f"{name}-{'raised' if new > old else 'lowered'}", site, *shown, verdicts=verdicts)


def _pattern(walk: Walk, site: Site, old: object, new: object) -> None:
    if old is None or new is None:
        rule = "pattern-added" if old is None else "pattern-removed"
        all_ = _matches_all(new if old is None else old)
        walk.emit(
            rule, site, str(old or ""), str(new or ""), verdicts=("safe", "safe") if all_ else None
        )
    elif _matches_all(new):
        walk.emit("pattern-generalized", site, str(old), str(new))
    elif _matches_all(old):
        walk.emit("pattern-specialized", site, str(old), str(new))
    else:
        walk.emit("pattern-changed", site, str(old), str(new))


def _matches_all(pattern: object) -> bool:
    return bool(re.fullmatch(r"\^?(\.\*)?|", str(pattern)))


def _multiple(walk: Walk, site: Site, old: object, new: object) -> None:
    shown = _number(old), _number(new)
    if old is None or new is None:
        walk.emit(f"multiple-of-{'tightened' if old is None else 'loosened'}", site, *shown)
        return
    before, after = Fraction(str(old)), Fraction(str(new))
    if before and after and not after % before:
        walk.emit("multiple-of-tightened", site, *shown)
    elif before and after and not before % after:
        walk.emit("multiple-of-loosened", site, *shown)
    else:
        walk.emit("multiple-of-changed", site, *shown)


def _dependent(walk: Walk, site: Site, rule: str, old: object, new: object) -> None:
    ours = dict(old) if isinstance(old, tuple) else {}
    theirs = dict(new) if isinstance(new, tuple) else {}
    for wire in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(wire), theirs.get(wire)
        if one == other:
            continue
        done = "changed"
        if one is None or (rule == "dependent-required" and other and set(one) < set(other)):
            done = "added"
        elif other is None or (rule == "dependent-required" and set(one) > set(other)):
            done = "removed"
        walk.emit(f"{rule}-{done}", site, _shown(wire, one), _shown(wire, other))


def _shown(wire: str, operand: object) -> str:
    if operand is None:
        return ""
    if isinstance(operand, tuple):
        return f"{wire} asks for {', '.join(map(str, operand))}"
    return wire


def _one(
    walk: Walk,
    site: Site,
    word: str,
    old: object,
    new: object,
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
) -> None:
    rule = _ONE[word]
    shown = [
        side.words(operand) if isinstance(operand, ir.Node) else ""  # type: ignore[arg-type]
        for side, operand in ((walk.old, old), (walk.new, new))
    ]
    if rule == "conditional":
        kept = all("if" in side for side in (ours, theirs))
        if word != "if" and not kept:
            return  # it came or went with its `if`
        rule += (
            "-changed"
            if old is not None and new is not None
            else ("-added" if old is None else "-removed")
        )
    elif old is None or new is None:
        rule += "-added" if old is None else "-removed"
    else:
        rule += "-changed"
    walk.emit(rule, site, *shown)


def _conjuncts(walk: Walk, site: Site, old: object, new: object) -> None:
    ours = old if isinstance(old, tuple) else ()
    theirs = new if isinstance(new, tuple) else ()
    gone = [member for member in ours if member not in theirs]
    come = [member for member in theirs if member not in ours]
    if not gone and not come:
        return
    for word, name in (
        ("unevaluatedProperties", "unevaluated-properties"),
        ("unevaluatedItems", "unevaluated-items"),
    ):
        had, has = (_speaks_of(members, word) for members in (gone, come))
        if had != has and not (gone and come):
            walk.emit(f"{name}-{'added' if has else 'removed'}", site)
            return
    if gone and come:
        walk.emit("condition-changed", site)
    else:
        walk.emit("condition-added" if come else "condition-removed", site)


def _speaks_of(members: list[object], word: str) -> bool:
    return any(
        isinstance(member, ir.Node) and any(check == word for check, _ in member.checks)
        for member in members
    )


def affected(walk: Walk, site: Site, old: ir.Type, new: ir.Type) -> None:
    """Conditions that are written as before but refer to what changed; members of a `oneOf` that may overlap."""
    if old.__class__ is not new.__class__:
        return  # compared as a whole
    ours, theirs = _fragile(walk.old, old), _fragile(walk.new, new)
    unions = [[part for part in side if isinstance(part, ir.Union)] for side in (ours, theirs)]
    if not all(unions):  # `oneOf` on one side only is a change of its own
        ours = [part for part in ours if not isinstance(part, ir.Union)]
        theirs = [part for part in theirs if not isinstance(part, ir.Union)]
    changed = {
        target
        for operand in (*ours, *theirs)
        for target in ir.references(operand)
        if target not in walk.sameness.unchanged
    }
    if changed or (all(unions) and unions[0] != unions[1]):
        names = ", ".join(sorted(changed))
        walk.emit("condition-affected", site, names, names)


def _fragile(side: Side, type_: ir.Type) -> list[ir.Type]:
    """The parts of a type that must not change for the better either."""
    found: list[ir.Type] = []
    for _, operand in type_.checks:
        found.extend(ir.types_in(operand))
    if isinstance(type_, ir.Union) and type_.exclusive and not side.apart(type_):
        found.append(type_)
    for child in _children(type_):
        found.extend(_fragile(side, child))
    return found


def _children(type_: ir.Type) -> Iterator[ir.Type]:
    in_checks = {id(inner) for _, operand in type_.checks for inner in ir.types_in(operand)}
    return (child for child in ir.children(type_) if id(child) not in in_checks)
