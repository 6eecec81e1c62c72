"""Members of unions: which of OLD is which of NEW, which came, which went; discriminators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ir
from ..ir import dispatch
from .changes import Python, Verdict
from .side import Side
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

NEAR = 0.6


def compare(walk: Walk, site: Site, old: ir.Union, new: ir.Union) -> None:
    pairs = match(walk, old, new)
    taken = set(pairs.values())
    for n, m in pairs.items():
        _pair(walk, site, old.members[n], new.members[m])
    for n, member in enumerate(old.members):
        if n not in pairs:
            sent: Verdict = "safe" if walk.forth.within(member, new) else "breaks"
            if ir.is_null(member):
                walk.emit("became-not-nullable", site, verdicts=(sent, "safe"))
            else:
                walk.emit(
                    "union-member-removed",
                    site,
                    _shown(walk.old, member),
                    verdicts=(sent, "safe"),
                )
    for m, member in enumerate(new.members):
        if m not in taken:
            received: Verdict = "safe" if walk.back.within(member, old) else "breaks"
            if ir.is_null(member):
                walk.emit("became-nullable", site, verdicts=("safe", received))
            else:
                shown = _shown(walk.new, member)
                walk.emit(
                    "union-member-added",
                    site,
                    "",
                    shown,
                    verdicts=("safe", received),
                    forgiven=_is_unknown_variant(walk, old, member),
                )
    order = list(pairs.values())
    if order != sorted(order) and walk.new.scope.plan(new).ambiguous:
        walk.emit("union-reordered", site, types=Python())
    _keyword(walk, site, old, new)
    _discriminator(walk, site, old, new)


def _is_unknown_variant(walk: Walk, old: ir.Union, member: ir.Type) -> bool:
    """Whether lax decoding sees by the tag of a new member that it knows none such."""
    tags = dict(walk.new.tags(walk.new.resolve(member)[0]))
    for kind, choice in walk.old.scope.plan(old).by_kind:
        if kind == "object" and isinstance(choice, dispatch.Switch) and choice.wire in tags:
            tag = tags[choice.wire].json
            known = {case for case, _ in choice.cases}
            return choice.unknown is None and isinstance(tag, str) and tag not in known
    return False


def match(walk: Walk, old: ir.Union, new: ir.Union) -> dict[int, int]:
    """Position in OLD -> position in NEW of what is the same member: by name, by tag, by meaning, by likeness."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(new.members)))
    for test in (_same_name, _same_tag, _same_meaning, _same_shape):
        for n, member in enumerate(old.members):
            if n in pairs:
                continue
            for m in free:
                if test(walk, member, new.members[m]):
                    pairs[n] = m
                    del free[m]
                    break
    return dict(sorted(pairs.items()))


def _same_name(walk: Walk, old: ir.Type, new: ir.Type) -> bool:
    if not isinstance(old, ir.Ref) or not isinstance(new, ir.Ref):
        return False
    component = walk.old.types[old.target].component and walk.new.types[new.target].component
    return component and walk.matched.pairs.get(old.target) == new.target


def _same_tag(walk: Walk, old: ir.Type, new: ir.Type) -> bool:
    ours, theirs = (
        dict(side.tags(side.resolve(type_)[0]))
        for side, type_ in ((walk.old, old), (walk.new, new))
    )
    return bool(ours) and ours == theirs


def _same_meaning(walk: Walk, old: ir.Type, new: ir.Type) -> bool:
    if isinstance(old, ir.Ref) or isinstance(new, ir.Ref):
        return False
    return old == new or (
        isinstance(old, ir.Scalar) and isinstance(new, ir.Scalar) and old.kind == new.kind
    )


def _same_shape(walk: Walk, old: ir.Type, new: ir.Type) -> bool:
    if ir.is_null(old) or ir.is_null(new):
        return False
    left, right = walk.old.resolve(old)[0], walk.new.resolve(new)[0]
    if left.__class__ is not right.__class__ or isinstance(left, ir.Scalar):
        return False
    goes_on = isinstance(old, ir.Ref) and old.target in walk.matched.pairs
    if goes_on and isinstance(new, ir.Ref) and walk.new.types[new.target].component:
        return False
    return walk.likeness.types(old, new) >= NEAR


def _pair(walk: Walk, site: Site, old: ir.Type, new: ir.Type) -> None:
    if isinstance(old, ir.Ref) and isinstance(new, ir.Ref):
        ours, theirs = walk.old.types[old.target], walk.new.types[new.target]
        if ours.component and theirs.component and not _same_name(walk, old, new):
            verdicts = walk.relation(old, new)
            names = Python(walk.old.names[old.target], walk.new.names[new.target])
            rule = "union-member-replaced"
            walk.emit(rule, site, old.target, new.target, verdicts=verdicts, types=names)
            return
    walk.types(old, new, site)


def _keyword(walk: Walk, site: Site, old: ir.Union, new: ir.Union) -> None:
    """`oneOf` asks for more than `anyOf` only where a value could fit two members."""
    asked = old.exclusive and not walk.old.apart(old)
    asks = new.exclusive and not walk.new.apart(new)
    if asked == asks:
        return
    verdicts: tuple[Verdict, Verdict] = ("may break", "safe") if asks else ("safe", "may break")
    if old.exclusive == new.exclusive:
        walk.emit("condition-affected", site, verdicts=verdicts)
        return
    words = ("oneOf", "anyOf") if old.exclusive else ("anyOf", "oneOf")
    walk.emit("one-of-any-of-swapped", site, *words, verdicts=verdicts)


def _discriminator(walk: Walk, site: Site, old: ir.Union, new: ir.Union) -> None:
    if old.discriminator != new.discriminator:
        rule = "discriminator-property-changed"
        if not old.discriminator or not new.discriminator:
            rule = f"discriminator-{'removed' if old.discriminator else 'added'}"
        walk.emit(rule, site, old.discriminator, new.discriminator, types=Python())
    if not old.discriminator or not new.discriminator:
        return
    ours, theirs = dict(old.mapping), dict(new.mapping)
    for tag in dict.fromkeys((*ours, *theirs)):
        before, after = ours.get(tag, ""), theirs.get(tag, "")
        if before == after or walk.matched.pairs.get(before) == after != "":
            continue
        done = "added" if not before else "changed" if after else "removed"
        facts = (f"{tag}: {before}" if before else "", f"{tag}: {after}" if after else "")
        walk.emit(f"discriminator-mapping-{done}", site, *facts, types=Python())


def holds(walk: Walk, old: ir.Type, new: ir.Union) -> bool:
    """Whether a type goes on as a member of a union."""
    return any(walk.likeness.types(old, member) >= NEAR for member in new.members)


def is_held(walk: Walk, old: ir.Union, new: ir.Type) -> bool:
    return any(walk.likeness.types(member, new) >= NEAR for member in old.members)


def _shown(side: Side, member: ir.Type) -> str:
    return side.names[member.target] if isinstance(member, ir.Ref) else side.words(member)
