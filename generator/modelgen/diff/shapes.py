"""A type that became one of another shape: one change, named after what happened to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .. import ir
from ..ir.dispatch import leaves
from . import unions
from .changes import Python, Verdict
from .renames import DEPTH, pairs_of_words
from .side import Side
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

LIKE = 0.25  # enough to be worth a look at what changed inside


def reshaped(walk: Walk, site: Site, old: ir.Type, new: ir.Type, named: bool) -> None:
    verdicts = walk.relation(old, new)
    keys = site.keys
    are_components = keys[0] in walk.old.components and keys[1] in walk.new.components
    if named and are_components and _kind(old) != _kind(new):
        rule = _of_kinds(walk, old, new)
    else:
        rule = _rule(walk, old, new, verdicts)
    if verdicts == ("safe", "safe") and site.types.old == site.types.new:
        return
    if rule in ("schema-split", "schema-merged"):
        _values(walk, site, old, new)
    else:
        _follow(walk, site, old, new)
    walk.emit(rule, site, walk.old.words(old), walk.new.words(new), verdicts=verdicts)


def _rule(walk: Walk, old: ir.Type, new: ir.Type, verdicts: tuple[Verdict, Verdict]) -> str:
    match old, new:
        case ir.Anything(checks=()), _:
            return "type-added"
        case _, ir.Anything(checks=()):
            return "type-removed"
        case ir.Array(items=items), _ if _alike(walk, items, new):
            return "array-became-scalar"
        case _, ir.Array(items=items) if _alike(walk, old, items):
            return "scalar-became-array"
        case ir.Object(), ir.Map():
            return "object-became-map"
        case ir.Map(), ir.Object():
            return "map-became-object"
        case ir.Scalar(), ir.Literal() if _fit(new, old):
            return "const-added" if len(new.values) == 1 and not new.open else "became-enum"
        case ir.Literal(), ir.Scalar() if _fit(old, new):
            return "const-removed" if len(old.values) == 1 and not old.open else "enum-dropped"
        case _, ir.Union() if unions.holds(walk, old, new):
            return "wrapped-in-union" if _is_named_union(new) else "type-widened"
        case ir.Union(), _ if unions.is_held(walk, old, new):
            return "unwrapped-from-union" if _is_named_union(old) else "type-narrowed"
    match verdicts:
        case "safe", "breaks":
            return "type-widened"
        case "breaks", "safe":
            return "type-narrowed"
        case _:
            return "type-changed"


def _of_kinds(walk: Walk, old: ir.Type, new: ir.Type) -> str:
    match old, new:
        case ir.Object(), ir.Union() if _share(walk.new, old, new) >= 0.6:
            return "schema-split"
        case ir.Union(), ir.Object() if _share(walk.old, new, old) >= 0.6:
            return "schema-merged"
        case _:
            return "schema-kind-changed"


def _share(side: Side, whole: ir.Object, union: ir.Union) -> float:
    """How much of an object's properties the members of a union have between them."""
    found = [leaf for leaf in leaves(union, side.types) if leaf is not None]
    wires = {field.wire for leaf in found for field in leaf.fields}
    own = {field.wire for field in whole.fields}
    return len(own & wires) / len(own) if len(found) > 1 and own else 0.0


def _follow(walk: Walk, site: Site, old: ir.Type, new: ir.Type) -> None:
    """Of a union, compare the member that is most like the type on the other side."""
    key, other = site.keys
    if isinstance(old, ir.Object) and isinstance(new, ir.Union):
        scored = [
            (walk.likeness.types(old, member), member.target)
            for member in new.members
            if isinstance(member, ir.Ref)
        ]
        score, target = max(scored, default=(0.0, ""))
        if score >= LIKE and target in walk.matched.come:
            walk.visit(key, target, site)
    elif isinstance(old, ir.Union) and isinstance(new, ir.Object):
        scored = [
            (walk.likeness.types(member, new), member.target)
            for member in old.members
            if isinstance(member, ir.Ref)
        ]
        score, target = max(scored, default=(0.0, ""))
        if score >= LIKE and target in walk.matched.gone:
            walk.visit(target, other, site)


def _values(walk: Walk, site: Site, old: ir.Type, new: ir.Type) -> None:
    """What became of the listed values of an object that was split or merged, each place taken over all members."""
    ours, theirs = _listed(walk.old, old), _listed(walk.new, new)
    for path in [path for path in ours if path in theirs]:
        gone = [value for value in ours[path] if value not in theirs[path]]
        come = [value for value in theirs[path] if value not in ours[path]]
        here = replace(site, path=path, types=Python())
        for score, left, right in pairs_of_words(gone, come):
            walk.emit("enum-value-renamed", here, left, right, score=score)
            gone.remove(left)
            come.remove(right)
        for value in gone:
            walk.emit("enum-value-removed", here, value)
        for value in come:
            walk.emit("enum-value-added", here, "", value)


def _listed(side: Side, type_: ir.Type) -> dict[str, list[str]]:
    """Path -> the values that enums list there, in order, through the members of unions."""
    found: dict[str, list[str]] = {}
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
                known = found.setdefault(path, [])
                known += [value.text for value in values if value.text not in known]
            case ir.Array(items=items):
                waiting.append((f"{path}[]", items))
            case ir.Union(members=members):
                waiting += [(path, member) for member in members]
            case ir.Object(fields=fields):
                for field in fields:
                    below = ir.property_key(path, field.wire).removeprefix(".")
                    waiting.append((below, field.type))
    return found


def _fit(values: ir.Literal, type_: ir.Scalar) -> bool:
    return all(ir.is_of(value.json, (type_.kind,)) for value in values.values)


def _alike(walk: Walk, old: ir.Type, new: ir.Type) -> bool:
    return walk.likeness.types(old, new) >= 0.7


def _is_named_union(type_: ir.Union) -> bool:
    return any(isinstance(member, ir.Ref) for member in type_.members)


def _kind(type_: ir.Type) -> str:
    match type_:
        case ir.Object():
            return "object"
        case ir.Literal():
            return "enum"
        case ir.Union():
            return "union"
        case _:
            return "alias"
