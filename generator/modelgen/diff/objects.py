"""Properties of objects: added, gone, renamed, moved, and what changed about those that stayed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .. import ir
from ..errors import Location
from . import metadata
from .changes import UNDECLARED, Python, Verdict
from .context import Context
from .lifecycle import lifecycle
from .moves import Move, moves
from .side import Side
from .steps import Compare, Difference, Steps, Verdicts
from .subject import Spared, Subject

_ANYTHING = ir.Anything()
_UNKNOWN: Verdicts = ("may break", "may break")


def compare(context: Context, subject: Subject, old: ir.Object, new: ir.Object) -> Steps:
    ours = {field.wire: field for field in old.fields}
    theirs = {field.wire: field for field in new.fields}
    for wire, field in ours.items():
        if wire in theirs:
            has_patterns = bool(old.patterns or new.patterns)
            yield from _kept(context, subject, field, theirs[wire], has_patterns)
    yield from _others(context, subject, old, new)
    order = [wire for wire in ours if wire in theirs]
    if order != [wire for wire in theirs if wire in ours]:
        yield Difference("property-reordered", subject)
    yield from extras(context, subject, old.additional, new.additional)
    yield from patterns(context, subject, old.patterns, new.patterns)


# --- properties that stayed -----------------------------------------------------------------------


def _kept(
    context: Context, subject: Subject, old: ir.Field, new: ir.Field, has_patterns: bool
) -> Steps:
    before = context.old.signature(subject.keys[0], old)
    after = context.new.signature(subject.keys[1], new)
    here = subject.property(new.wire, Python(before, after), old.at, new.at)
    spared = _spared(old, new) or subject.spared
    here = replace(here, spared=spared, optional=not old.required)
    names = before.partition(":")[0], after.partition(":")[0]
    if names[0] != names[1]:
        yield Difference("attribute-name-changed", here, *names)
    nulls = (old.nullable, new.nullable)
    if _swaps_absent_and_null(context, old, new):
        yield Difference("absent-vs-null-changed", here)
        nulls = (False, False)
    elif old.required != new.required:
        yield _required(here, old, new)
    yield from metadata.compare_fields(context, here, old, new)
    yield from _access(here, old, new)
    if has_patterns and old.declared != new.declared:
        # what an undeclared property may be is then said by the patterns, and not by its type
        facts = context.old.words(old.type), context.new.words(new.type)
        yield Difference("type-changed", here, *facts, verdicts=_UNKNOWN)
    else:
        yield Compare(old.type, new.type, here, nulls)


def _spared(old: ir.Field, new: ir.Field) -> Spared:
    if old.read_only and new.read_only:
        return "sent"
    return "received" if old.write_only and new.write_only else ""


def _swaps_absent_and_null(context: Context, old: ir.Field, new: ir.Field) -> bool:
    swapped = (old.required, old.nullable) == (not new.required, not new.nullable)
    if not swapped or old.required != old.nullable:
        return False
    return not (context.old.accepts_null(old.type) or context.new.accepts_null(new.type))


def _required(subject: Subject, old: ir.Field, new: ir.Field) -> Difference:
    declared = new.declared if new.required else old.declared
    if not declared:
        rule = "required-undeclared-added" if new.required else "required-undeclared-removed"
        return Difference(rule, subject)
    if not new.required:
        return Difference("property-became-optional", subject)
    if new.default is not None:
        return Difference("property-became-required-with-default", subject)
    return Difference("property-became-required", subject)


def _access(subject: Subject, old: ir.Field, new: ir.Field) -> Steps:
    """What can only be read, and what can only be written."""
    if new.read_only and not old.read_only:
        yield Difference("became-read-only", subject)
    elif old.read_only and not new.read_only:
        verdicts: Verdicts | None = ("breaks", "safe") if new.required else None
        yield Difference("became-not-read-only", subject, verdicts=verdicts)
    if new.write_only and not old.write_only:
        yield Difference("became-write-only", subject)
    elif old.write_only and not new.write_only:
        yield Difference("became-not-write-only", subject)


# --- properties that came, went or moved ----------------------------------------------------------


def _others(context: Context, subject: Subject, old: ir.Object, new: ir.Object) -> Steps:
    ours = {field.wire: field for field in old.fields}
    theirs = {field.wire: field for field in new.fields}
    gone = {wire: field for wire, field in ours.items() if wire not in theirs}
    come = {wire: field for wire, field in theirs.items() if wire not in ours}
    if not gone and not come:
        return
    moved = moves(context.likeness, old, new, context.decided(subject))
    for move in moved:
        yield _moved(context, subject, move)
    into = _several((move.new[0], move.old[-1]) for move in moved if len(move.new) > 1)
    into = {wire: wires for wire, wires in into.items() if wire not in ours}
    for wire, wires in into.items():
        yield _grouped(context, subject, theirs[wire], sorted(wires, key=list(ours).index))
    out = _several((move.old[0], move.new[-1]) for move in moved if len(move.old) > 1)
    out = {wire: wires for wire, wires in out.items() if wire not in theirs}
    for wire, wires in out.items():
        yield _ungrouped(context, subject, ours[wire], wires)
    for wire, field in gone.items():
        if wire not in out and all(move.old != (wire,) for move in moved):
            yield _gone(context, subject, field, new)
    for wire, field in come.items():
        if wire not in into and all(move.new != (wire,) for move in moved):
            yield _come(context, subject, field, old)


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Objects, and the properties that went into them or came out of them, where those are several."""
    groups: dict[str, list[str]] = {}
    for outer, inner in pairs:
        groups.setdefault(outer, []).append(inner)
    return {outer: inner for outer, inner in groups.items() if len(inner) > 1}


def _grouped(context: Context, subject: Subject, field: ir.Field, wires: list[str]) -> Difference:
    """A new object has what stood beside each other."""
    types = Python("", context.new.signature(subject.keys[1], field))
    here = subject.property(field.wire, types, subject.old_at, field.at)
    return Difference("properties-grouped", here, "", ", ".join(wires))


def _ungrouped(context: Context, subject: Subject, field: ir.Field, wires: list[str]) -> Difference:
    """The properties of an object moved up, and it is gone."""
    types = Python(context.old.signature(subject.keys[0], field), "")
    here = subject.property(field.wire, types, field.at, subject.new_at)
    return Difference("properties-ungrouped", here, ", ".join(wires))


def _gone(context: Context, subject: Subject, field: ir.Field, new: ir.Object) -> Difference:
    types = Python(context.old.signature(subject.keys[0], field), "")
    here = subject.property(field.wire, types, field.at, subject.new_at)
    here = replace(here, spared=_spared(field, field) or subject.spared)
    fact = context.old.words(field.type)
    if not field.declared:
        sent: Verdict = "safe" if context.forth.within(field.type, new.additional) else "breaks"
        return Difference("required-undeclared-removed", here, fact, verdicts=(sent, "breaks"))
    verdicts: Verdicts = ("breaks", "breaks" if field.required else "may break")
    life = lifecycle(context.old.raw(field.at), field.deprecated)
    if life.deprecated and life.is_over(context.today):
        return Difference("property-removed-after-sunset", here, fact)
    if life.deprecated:
        return Difference("property-removed-after-deprecation", here, fact, verdicts=verdicts)
    return Difference("property-removed", here, fact, verdicts=verdicts)


def _come(context: Context, subject: Subject, field: ir.Field, old: ir.Object) -> Difference:
    types = Python("", context.new.signature(subject.keys[1], field))
    here = subject.property(field.wire, types, subject.old_at, field.at)
    here = replace(here, spared=_spared(field, field) or subject.spared)
    fact = context.new.words(field.type)
    if not field.declared:
        # what it may be is said by the patterns and the rest, which are compared
        fits = context.back.within(field.type, old.additional)
        verdicts: Verdicts = ("breaks", "safe" if fits else "breaks")
        return Difference("required-undeclared-added", here, "", fact, verdicts=verdicts)
    received: Verdict = "safe" if _fits_extras(context, field, old) else "breaks"
    if field.required and field.default is not None:
        rule = "property-added-required-with-default"
        return Difference(rule, here, "", fact, verdicts=("breaks", received))
    if field.required:
        rule = "property-added-required"
        return Difference(rule, here, "", fact, verdicts=("breaks", received))
    return _come_optional(context, here, field, old, received)


def _come_optional(
    context: Context, subject: Subject, field: ir.Field, old: ir.Object, received: Verdict
) -> Difference:
    """Whoever sends has to fear only what was sent undeclared under that name."""
    free = isinstance(old.additional, ir.Never) and not old.patterns
    known = context.forth.within(old.additional, field.type) and not old.patterns
    is_safe = old.additional in (_ANYTHING, ir.Never()) or known
    return Difference(
        "property-added-optional",
        subject,
        "",
        context.new.words(field.type),
        verdicts=("safe" if is_safe else "may break", received),
        given="" if free or known else UNDECLARED,
    )


def _fits_extras(context: Context, field: ir.Field, old: ir.Object) -> bool:
    """Whether a reader of OLD takes the property for an undeclared one."""
    if old.patterns or not context.back.within(field.type, old.additional):
        return False
    return not field.nullable or context.old.accepts_null(old.additional)


def _moved(context: Context, subject: Subject, move: Move) -> Difference:
    before, old_at = _attribute(context.old, subject.keys[0], move.old)
    after, new_at = _attribute(context.new, subject.keys[1], move.new)
    types = Python(before, after)
    here = was = subject
    for wire in move.new:
        here = here.property(wire, types, old_at, new_at)
    for wire in move.old:
        was = was.property(wire, types, old_at, new_at)
    return Difference(
        _rule(move), here, old_path=was.path, score=move.score, evidence=move.evidence
    )


def _rule(move: Move) -> str:
    if len(move.new) == len(move.old):
        return "property-renamed"
    return "property-moved" if len(move.new) > len(move.old) else "property-flattened"


def _attribute(side: Side, key: str, path: tuple[str, ...]) -> tuple[str, Location]:
    """The attribute that a path leads to, as Python shows it."""
    names: list[str] = []
    for n, wire in enumerate(path):
        object_ = side.resolve(side.types[key].type)[0]
        assert isinstance(object_, ir.Object)
        field = next(field for field in object_.fields if field.wire == wire)
        signature = side.signature(key, field)
        if n == len(path) - 1:
            return ".".join([*names, signature]), field.at
        names.append(signature.partition(":")[0])
        key = side.behind(field.type, key)
    raise AssertionError(path)


# --- undeclared properties ------------------------------------------------------------------------


def extras(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Steps:
    """`additionalProperties`, and the values of a map."""
    here = subject.below("{}")
    if isinstance(new, ir.Never) and not isinstance(old, ir.Never):
        yield Difference("extras-forbidden", here)
    elif isinstance(old, ir.Never) and not isinstance(new, ir.Never):
        yield Difference("extras-allowed", here)
    elif old == _ANYTHING != new:
        yield Difference("extras-typed", here, "", context.new.words(new))
    elif new == _ANYTHING != old:
        yield Difference("extras-untyped", here, context.old.words(old))
    else:
        yield Compare(old, new, here)


def patterns(
    context: Context,
    subject: Subject,
    old: tuple[tuple[str, ir.Type], ...],
    new: tuple[tuple[str, ir.Type], ...],
) -> Steps:
    ours, theirs = dict(old), dict(new)
    if not ours and not theirs:
        return
    # what matches a pattern is not undeclared
    verdicts = None if _is_open(context, subject) else _UNKNOWN
    for pattern in dict.fromkeys((*ours, *theirs)):
        here = subject.below(f"/{pattern}/")
        if pattern not in ours:
            shown = context.new.words(theirs[pattern])
            yield Difference("pattern-property-added", here, "", shown, verdicts=verdicts)
        elif pattern not in theirs:
            shown = context.old.words(ours[pattern])
            yield Difference("pattern-property-removed", here, shown, verdicts=verdicts)
        else:
            yield Compare(ours[pattern], theirs[pattern], here)


def _is_open(context: Context, subject: Subject) -> bool:
    """Whether undeclared properties are free in both, so that a pattern can only restrict."""
    keyed = zip((context.old, context.new), subject.keys, strict=True)
    return all(_rest(side.types[key].type) == _ANYTHING for side, key in keyed)


def _rest(type_: ir.Type) -> ir.Type | None:
    match type_:
        case ir.Object():
            return type_.additional
        case ir.Map():
            return type_.values
        case _:
            return None
