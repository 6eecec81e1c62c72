"""Two types: null among their values, what references lead to, and the handler of their shape."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from . import arrays, checks, enums, metadata, objects, scalars, shapes, unions
from .changes import Python
from .context import Context
from .steps import Compare, Difference, Nulls, Steps, Visit
from .subject import Spared, Subject

_ANYTHING = ir.Anything()


def compare_named(context: Context, visit: Visit, spared: Spared) -> Steps:
    """The named types of a visit."""
    old, new = context.old.types[visit.old], context.new.types[visit.new]
    subject = replace(context.subject(visit.old, visit.new, visit.seen_from), spared=spared)
    yield from metadata.compare(context, subject, old, new)
    nulls = (old.nullable or old.null_beside, new.nullable or new.null_beside)
    if isinstance(old.type, ir.Ref) or isinstance(new.type, ir.Ref):
        yield Compare(old.type, new.type, subject, nulls)
    else:
        yield from _nullability(old.type, new.type, subject, nulls)
        yield from _shapes(context, old.type, new.type, subject, named=True)
    yield from checks.affected(context, subject, old.type, new.type)


def compare(context: Context, pair: Compare) -> Steps:
    """Two type expressions."""
    old, new, nulls = _without_null(pair.old, pair.new, pair.nulls)
    subject = pair.subject
    if isinstance(old, ir.Ref) and isinstance(new, ir.Ref):
        yield from _nullability_of_references(context, old, new, subject, nulls)
        yield from checks.compare(context, subject, old.checks, new.checks)
        yield from _references(context, old.target, new.target, subject)
        return
    keys = context.old.behind(old, subject.keys[0]), context.new.behind(new, subject.keys[1])
    subject = replace(subject, keys=keys)
    old, had = context.old.resolve(old)
    new, has = context.new.resolve(new)
    old, new, nulls = _without_null(old, new, (nulls[0] or had, nulls[1] or has))
    yield from _nullability(old, new, subject, nulls)
    yield from _shapes(context, old, new, subject, named=False)


# --- null -----------------------------------------------------------------------------------------


def _without_null(old: ir.Type, new: ir.Type, nulls: Nulls) -> tuple[ir.Type, ir.Type, Nulls]:
    old, had = ir.split_null(old)
    new, has = ir.split_null(new)
    return old, new, (nulls[0] or had, nulls[1] or has)


def _nullability(old: ir.Type, new: ir.Type, subject: Subject, nulls: Nulls) -> Steps:
    had = nulls[0] or old == _ANYTHING or ir.is_null(old)
    has = nulls[1] or new == _ANYTHING or ir.is_null(new)
    if had == has:
        return
    if ir.is_null(old) or ir.is_null(new) or _ANYTHING in (old, new):
        return  # the change of the type says it
    rule = "became-nullable" if has else "became-not-nullable"
    yield Difference(rule, subject, forgiven=subject.optional)


def _nullability_of_references(
    context: Context, old: ir.Ref, new: ir.Ref, subject: Subject, nulls: Nulls
) -> Steps:
    if nulls[0] == nulls[1] or _is_said_of_the_class(context, old.target, new.target):
        return
    had = nulls[0] or context.old.accepts_null(old)
    has = nulls[1] or context.new.accepts_null(new)
    if had != has:
        yield from _nullability(old, new, subject, nulls)


def _is_said_of_the_class(context: Context, old: str, new: str) -> bool:
    """Whether null came or went beside every reference to a class, which is one fact about the class."""
    ours, theirs = context.old.types[old], context.new.types[new]
    return context.goes_on(old, new) and ours.null_beside != theirs.null_beside


# --- references -----------------------------------------------------------------------------------


def _references(context: Context, old: str, new: str, subject: Subject) -> Steps:
    ours, theirs = context.old.types[old], context.new.types[new]
    alike = ours.type.__class__ is theirs.type.__class__
    if context.goes_on(old, new) or not (ours.component or theirs.component):
        yield Visit(old, new, subject)
    elif ours.component and theirs.component:
        verdicts = context.relation(ir.Ref(target=old), ir.Ref(target=new))
        yield Difference("ref-target-changed", subject, old, new, verdicts=verdicts)
        is_new = old in context.matched.gone or new in context.matched.come
        if is_new and alike:
            yield Visit(old, new, subject)
    else:
        if alike:
            rule = _extracted(ours) if theirs.component else _inlined(ours)
            shown = old if ours.component else "inline", new if theirs.component else "inline"
            names = Python(context.old.names[old], context.new.names[new])
            yield Difference(rule, subject, *shown, types=names)
        yield Visit(old, new, subject)


def _extracted(named: ir.Named) -> str:
    return "enum-extracted" if isinstance(named.type, ir.Literal) else "schema-extracted"


def _inlined(named: ir.Named) -> str:
    return "enum-inlined" if isinstance(named.type, ir.Literal) else "schema-inlined"


# --- shapes ---------------------------------------------------------------------------------------


def _shapes(context: Context, old: ir.Type, new: ir.Type, subject: Subject, named: bool) -> Steps:
    """The handler of a shape; of two shapes, the one that knows what became of what."""
    match old, new:
        case ir.Object(), ir.Object():
            yield from objects.compare(context, subject, old, new)
        case ir.Map(), ir.Map():
            yield from objects.extras(context, subject, old.values, new.values)
            yield from objects.patterns(context, subject, old.patterns, new.patterns)
        case ir.Array(), ir.Array():
            yield from arrays.compare(context, subject, old, new)
        case ir.Tuple() | ir.Array(), ir.Tuple() | ir.Array():
            yield from arrays.compare_positions(context, subject, old, new)
        case ir.Union(), ir.Union():
            yield from unions.compare(context, subject, old, new)
        case ir.Literal(), ir.Literal():
            yield from enums.compare(context, subject, old, new)
        case ir.Scalar(), ir.Scalar() if old.kind == new.kind:
            yield from scalars.compare(context, subject, old, new)
        case (ir.Anything(), ir.Anything()) | (ir.Never(), ir.Never()):
            pass
        case _:
            yield from shapes.compare(context, subject, old, new, named)
            return
    yield from checks.compare(context, subject, old.checks, new.checks)
