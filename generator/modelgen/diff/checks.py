"""Bounds, patterns and the conditions that no shape expresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .. import ir
from ..openapi.keywords import BOUNDS
from .bounds import BOUND_RULES
from .context import Context
from .side import Side
from .steps import Difference, Steps, Verdicts
from .subject import Subject

# Keyword -> operand.
_Checks: TypeAlias = Mapping[str, object]

_SAFE: Verdicts = ("safe", "safe")
# These conditions cannot be compared by comparing what they refer to: more allowed there may mean less allowed here.
_UNKNOWN: Verdicts = ("may break", "may break")


@dataclass(frozen=True, slots=True)
class _Rules:
    """What it is called when something came, went, or is another."""

    added: str
    removed: str
    changed: str

    def of(self, old: object, new: object) -> str:
        if old is None:
            return self.added
        return self.removed if new is None else self.changed


_CONDITIONAL = _Rules("conditional-added", "conditional-removed", "conditional-changed")
# Keywords with one schema.
_SCHEMAS = {
    "not": _Rules("not-added", "not-removed", "not-changed"),
    "contains": _Rules("contains-added", "contains-removed", "contains-changed"),
    "if": _CONDITIONAL,
    "then": _CONDITIONAL,
    "else": _CONDITIONAL,
    "propertyNames": _Rules(
        "property-names-added", "property-names-removed", "property-names-changed"
    ),
}
# Keywords with an operand for each of some properties.
_DEPENDENT = {
    "dependentRequired": _Rules(
        "dependent-required-added", "dependent-required-removed", "dependent-required-changed"
    ),
    "dependentSchemas": _Rules(
        "dependent-schema-added", "dependent-schema-removed", "dependent-schema-changed"
    ),
}
_CONDITION = _Rules("condition-added", "condition-removed", "condition-changed")
# Keywords within a condition that are a kind of change of their own: when they came, and when they went.
_UNEVALUATED = {
    "unevaluatedProperties": ("unevaluated-properties-added", "unevaluated-properties-removed"),
    "unevaluatedItems": ("unevaluated-items-added", "unevaluated-items-removed"),
}


def compare(
    context: Context, subject: Subject, old: tuple[ir.Check, ...], new: tuple[ir.Check, ...]
) -> Steps:
    ours, theirs = dict(old), dict(new)
    for keyword in dict.fromkeys((*ours, *theirs)):
        before, after = ours.get(keyword), theirs.get(keyword)
        if before == after:
            continue
        if keyword in BOUNDS:
            yield from _bound(subject, keyword, ours, theirs)
        elif keyword == "pattern":
            yield _pattern(subject, before, after)
        elif keyword == "multipleOf":
            yield _multiple(subject, before, after)
        elif keyword == "uniqueItems":
            yield Difference("unique-items-set" if after else "unique-items-unset", subject)
        elif keyword in _DEPENDENT:
            yield from _dependent(subject, keyword, before, after)
        elif keyword in _SCHEMAS:
            yield from _schema(context, subject, keyword, ours, theirs)
        else:
            yield from _conjuncts(subject, _members(before), _members(after))


# --- bounds ---------------------------------------------------------------------------------------


def _bound(subject: Subject, keyword: str, ours: _Checks, theirs: _Checks) -> Steps:
    idle, old, new = BOUNDS[keyword].idle, ours.get(keyword), theirs.get(keyword)
    shown = _number(old), _number(new)
    old, new = None if old == idle else old, None if new == idle else new
    if old != new:
        counts = keyword in ("minContains", "maxContains")
        others = counts and ours.get("contains") != theirs.get("contains")  # others are counted
        verdicts = _UNKNOWN if others else None
        yield Difference(_bound_rule(keyword, old, new), subject, *shown, verdicts=verdicts)


def _bound_rule(keyword: str, old: object, new: object) -> str:
    """None is no bound, but where 0 is less than no bound: without `minContains`, one item is asked for."""
    rules = BOUND_RULES[keyword]
    if keyword == "minContains" and 0 in (old, new):
        return rules.looser if new == 0 else rules.tighter
    if old is None:
        return rules.set
    if new is None:
        return rules.unset
    assert isinstance(old, int | float) and isinstance(new, int | float)
    narrows = new < old if BOUNDS[keyword].side == "upper" else new > old
    return rules.tighter if narrows else rules.looser


def _number(value: object) -> str:
    return "" if value is None else ir.Value.of(value).text


def _pattern(subject: Subject, old: object, new: object) -> Difference:
    shown = str(old or ""), str(new or "")
    if old is None:
        verdicts = _SAFE if _matches_all(new) else None
        return Difference("pattern-added", subject, *shown, verdicts=verdicts)
    if new is None:
        verdicts = _SAFE if _matches_all(old) else None
        return Difference("pattern-removed", subject, *shown, verdicts=verdicts)
    if _matches_all(new):
        return Difference("pattern-generalized", subject, *shown)
    if _matches_all(old):
        return Difference("pattern-specialized", subject, *shown)
    return Difference("pattern-changed", subject, *shown)


def _matches_all(pattern: object) -> bool:
    return bool(re.fullmatch(r"\^?(\.\*)?|", str(pattern)))


def _multiple(subject: Subject, old: object, new: object) -> Difference:
    shown = _number(old), _number(new)
    before, after = (Fraction(str(value or 0)) for value in (old, new))
    if old is None or (before and after and not after % before):
        return Difference("multiple-of-tightened", subject, *shown)
    if new is None or (before and after and not before % after):
        return Difference("multiple-of-loosened", subject, *shown)
    return Difference("multiple-of-changed", subject, *shown)


# --- conditions -----------------------------------------------------------------------------------


def _dependent(subject: Subject, keyword: str, old: object, new: object) -> Steps:
    rules = _DEPENDENT[keyword]
    ours = dict(old) if isinstance(old, tuple) else {}
    theirs = dict(new) if isinstance(new, tuple) else {}
    for wire in dict.fromkeys((*ours, *theirs)):
        before, after = ours.get(wire), theirs.get(wire)
        if before == after:
            continue
        rule = rules.of(before, after)
        if keyword == "dependentRequired" and before is not None and after is not None:
            if set(before) < set(after):
                rule = rules.added
            elif set(before) > set(after):
                rule = rules.removed
        yield Difference(rule, subject, _shown(wire, before), _shown(wire, after))


def _shown(wire: str, operand: object) -> str:
    if operand is None:
        return ""
    if isinstance(operand, tuple):
        return f"{wire} asks for {', '.join(map(str, operand))}"
    return wire


def _schema(
    context: Context, subject: Subject, keyword: str, ours: _Checks, theirs: _Checks
) -> Steps:
    if keyword in ("then", "else") and not ("if" in ours and "if" in theirs):
        return  # it came or went with its `if`
    old, new = ours.get(keyword), theirs.get(keyword)
    shown = _words(context.old, old), _words(context.new, new)
    yield Difference(_SCHEMAS[keyword].of(old, new), subject, *shown)


def _words(side: Side, operand: object) -> str:
    return side.words(operand) if isinstance(operand, ir.Node) else ""  # type: ignore[arg-type]


def _conjuncts(subject: Subject, old: list[object], new: list[object]) -> Steps:
    gone = [member for member in old if member not in new]
    come = [member for member in new if member not in old]
    if not gone and not come:
        return
    for keyword, (added, removed) in _UNEVALUATED.items():
        had, has = (_speaks_of(members, keyword) for members in (gone, come))
        if had != has and not (gone and come):
            yield Difference(added if has else removed, subject)
            return
    yield Difference(_CONDITION.of(gone or None, come or None), subject)


def _members(operand: object) -> list[object]:
    return list(operand) if isinstance(operand, tuple) else []


def _speaks_of(members: list[object], keyword: str) -> bool:
    return any(
        isinstance(member, ir.Node) and any(check == keyword for check, _ in member.checks)
        for member in members
    )


def affected(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Steps:
    """Conditions that are written as before but refer to what changed; members of a `oneOf` that may overlap."""
    if old.__class__ is not new.__class__:
        return  # compared as a whole
    ours, theirs = list(_fragile(context.old, old)), list(_fragile(context.new, new))
    unions = [[part for part in parts if isinstance(part, ir.Union)] for parts in (ours, theirs)]
    if not all(unions):  # `oneOf` on one side only is a change of its own
        ours = [part for part in ours if not isinstance(part, ir.Union)]
        theirs = [part for part in theirs if not isinstance(part, ir.Union)]
    changed = {
        target
        for operand in (*ours, *theirs)
        for target in ir.references(operand)
        if target not in context.sameness.unchanged
    }
    if changed or (all(unions) and unions[0] != unions[1]):
        names = ", ".join(sorted(changed))
        yield Difference("condition-affected", subject, names, names)


def _fragile(side: Side, type_: ir.Type) -> Iterator[ir.Type]:
    """The parts of a type that must not change for the better either."""
    in_checks = [inner for _, operand in type_.checks for inner in ir.types_in(operand)]
    yield from in_checks
    if isinstance(type_, ir.Union) and type_.exclusive and not side.apart(type_):
        yield type_
    known = set(map(id, in_checks))
    for child in ir.children(type_):
        if id(child) not in known:
            yield from _fragile(side, child)
