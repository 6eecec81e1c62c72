"""A type that became one of another shape: one change, named after what happened to it."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from ..ir.describe import sort
from ..ir.dispatch import leaves
from . import scalars, unions
from .changes import NOTHING
from .context import Context
from .renames import DEPTH, pairs_of_words
from .side import Side
from .steps import Difference, Steps, Verdicts, Visit
from .subject import Subject

LIKE = 0.25  # enough to be worth a look at what changed inside


def compare(context: Context, subject: Subject, old: ir.Type, new: ir.Type, named: bool) -> Steps:
    verdicts = context.relation(old, new)
    key, other = subject.keys
    are_components = key in context.old.components and other in context.new.components
    if named and are_components and sort(old) != sort(new):
        rule = _of_kinds(context, old, new)
    else:
        rule = _rule(context, old, new, verdicts)
    if verdicts == ("safe", "safe") and subject.types.old == subject.types.new:
        return
    if rule in ("schema-split", "schema-merged"):
        yield from _values(context, subject, old, new)
    else:
        yield from _follow(context, subject, old, new)
    shown = context.old.words(old), context.new.words(new)
    yield Difference(rule, subject, *shown, verdicts=verdicts)
    if isinstance(old, ir.Scalar) and isinstance(new, ir.Scalar):
        yield from scalars.of_other_kinds(subject, old, new, verdicts)


def _rule(context: Context, old: ir.Type, new: ir.Type, verdicts: Verdicts) -> str:
    match old, new:
        case ir.Anything(checks=()), _:
            return "type-added"
        case _, ir.Anything(checks=()):
            return "type-removed"
        case ir.Array(items=items), _ if _alike(context, items, new):
            return "array-became-scalar"
        case _, ir.Array(items=items) if _alike(context, old, items):
            return "scalar-became-array"
        case ir.Object(), ir.Map():
            return "object-became-map"
        case ir.Map(), ir.Object():
            return "map-became-object"
        case ir.Scalar(), ir.Literal() if _fit(new, old):
            return "const-added" if len(new.values) == 1 and not new.open else "became-enum"
        case ir.Literal(), ir.Scalar() if _fit(old, new):
            return "const-removed" if len(old.values) == 1 and not old.open else "enum-dropped"
        case _, ir.Union() if unions.goes_into(context, old, new):
            return "wrapped-in-union" if _is_named_union(new) else "type-widened"
        case ir.Union(), _ if unions.comes_from(context, old, new):
            return "unwrapped-from-union" if _is_named_union(old) else "type-narrowed"
    match verdicts:
        case "safe", "breaks":
            return "type-widened"
        case "breaks", "safe":
            return "type-narrowed"
        case _:
            return "type-changed"


def _of_kinds(context: Context, old: ir.Type, new: ir.Type) -> str:
    match old, new:
        case ir.Object(), ir.Union() if _share(context.new, old, new) >= 0.6:
            return "schema-split"
        case ir.Union(), ir.Object() if _share(context.old, new, old) >= 0.6:
            return "schema-merged"
        case _:
            return "schema-kind-changed"


def _share(side: Side, whole: ir.Object, union: ir.Union) -> float:
    """How much of an object's properties the members of a union have between them."""
    members = [leaf for leaf in leaves(union, side.types) if leaf is not None]
    wires = {field.wire for member in members for field in member.fields}
    own = {field.wire for field in whole.fields}
    return len(own & wires) / len(own) if len(members) > 1 and own else 0.0


def _follow(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Steps:
    """Of a union, visit the member that is most like the type on the other side."""
    key, other = subject.keys
    if isinstance(old, ir.Object) and isinstance(new, ir.Union):
        scored = [(context.likeness.types(old, ref), ref.target) for ref in _references(new)]
        score, target = max(scored, default=(0.0, ""))
        if score >= LIKE and target in context.matched.come:
            yield Visit(key, target, subject)
    elif isinstance(old, ir.Union) and isinstance(new, ir.Object):
        scored = [(context.likeness.types(ref, new), ref.target) for ref in _references(old)]
        score, target = max(scored, default=(0.0, ""))
        if score >= LIKE and target in context.matched.gone:
            yield Visit(target, other, subject)


def _references(union: ir.Union) -> list[ir.Ref]:
    return [member for member in union.members if isinstance(member, ir.Ref)]


def _values(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Steps:
    """What became of the listed values of an object that was split or merged, each path taken over all members."""
    ours, theirs = _listed(context.old, old), _listed(context.new, new)
    for path in [path for path in ours if path in theirs]:
        gone = [value for value in ours[path] if value not in theirs[path]]
        come = [value for value in theirs[path] if value not in ours[path]]
        here = replace(subject, path=path, types=NOTHING)
        for score, left, right in pairs_of_words(gone, come):
            yield Difference("enum-value-renamed", here, left, right, score=score)
            gone.remove(left)
            come.remove(right)
        for value in gone:
            yield Difference("enum-value-removed", here, value)
        for value in come:
            yield Difference("enum-value-added", here, "", value)


def _listed(side: Side, type_: ir.Type) -> dict[str, list[str]]:
    """Path -> the values that enums list there, in order, through the members of unions."""
    listed: dict[str, list[str]] = {}
    waiting = [("", type_)]
    seen: set[tuple[str, ir.Type]] = set()
    while waiting:
        path, current = waiting.pop(0)
        current = ir.split_null(side.resolve(current)[0])[0]
        if (path, current) in seen or path.count(".") >= DEPTH:
            continue
        seen.add((path, current))
        match current:
            case ir.Literal(values=values):
                known = listed.setdefault(path, [])
                known += [value.text for value in values if value.text not in known]
            case ir.Array(items=items):
                waiting.append((f"{path}[]", items))
            case ir.Union(members=members):
                waiting += [(path, member) for member in members]
            case ir.Object(fields=fields):
                for field in fields:
                    below = ir.property_key(path, field.wire).removeprefix(".")
                    waiting.append((below, field.type))
    return listed


def _fit(values: ir.Literal, type_: ir.Scalar) -> bool:
    return all(ir.is_of(value.json, (type_.kind,)) for value in values.values)


def _alike(context: Context, old: ir.Type, new: ir.Type) -> bool:
    return context.likeness.types(old, new) >= 0.7


def _is_named_union(type_: ir.Union) -> bool:
    return any(isinstance(member, ir.Ref) for member in type_.members)
