"""Members of unions: which of OLD is which of NEW, which came, which went; discriminators."""

from __future__ import annotations

from .. import ir
from ..ir import dispatch
from .changes import Python
from .context import Context
from .side import Side
from .steps import Compare, Difference, Steps, Verdicts
from .subject import Subject

NEAR = 0.6


def compare(context: Context, subject: Subject, old: ir.Union, new: ir.Union) -> Steps:
    pairs = match(context, old, new)
    for n, m in pairs.items():
        yield _pair(context, subject, old.members[n], new.members[m])
    for n, member in enumerate(old.members):
        if n not in pairs:
            yield _removed(context, subject, member, new)
    for m, member in enumerate(new.members):
        if m not in pairs.values():
            yield _added(context, subject, old, member)
    order = list(pairs.values())
    if order != sorted(order) and context.new.scope.plan(new).ambiguous:
        yield Difference("union-reordered", subject)
    yield from _exclusive(context, subject, old, new)
    yield from _discriminator(context, subject, old, new)


def _pair(context: Context, subject: Subject, old: ir.Type, new: ir.Type) -> Difference | Compare:
    if isinstance(old, ir.Ref) and isinstance(new, ir.Ref):
        ours, theirs = context.old.types[old.target], context.new.types[new.target]
        if ours.component and theirs.component and not _same_name(context, old, new):
            return Difference(
                "union-member-replaced",
                subject,
                old.target,
                new.target,
                verdicts=context.relation(old, new),
                types=Python(context.old.names[old.target], context.new.names[new.target]),
            )
    return Compare(old, new, subject)


def _removed(context: Context, subject: Subject, member: ir.Type, new: ir.Union) -> Difference:
    verdicts: Verdicts = ("safe" if context.forth.within(member, new) else "breaks", "safe")
    if ir.is_null(member):
        return Difference("became-not-nullable", subject, verdicts=verdicts)
    shown = _shown(context.old, member)
    return Difference("union-member-removed", subject, shown, verdicts=verdicts)


def _added(context: Context, subject: Subject, old: ir.Union, member: ir.Type) -> Difference:
    verdicts: Verdicts = ("safe", "safe" if context.back.within(member, old) else "breaks")
    if ir.is_null(member):
        return Difference("became-nullable", subject, verdicts=verdicts)
    forgiven = _is_unknown_variant(context, old, member)
    shown = _shown(context.new, member)
    return Difference(
        "union-member-added", subject, "", shown, verdicts=verdicts, forgiven=forgiven
    )


def _is_unknown_variant(context: Context, old: ir.Union, member: ir.Type) -> bool:
    """Whether lax decoding sees by the tag of a new member that it knows none such."""
    tags = dict(context.new.tags(context.new.resolve(member)[0]))
    for kind, choice in context.old.scope.plan(old).by_kind:
        if kind == "object" and isinstance(choice, dispatch.Switch) and choice.wire in tags:
            tag = tags[choice.wire].json
            known = {case for case, _ in choice.cases}
            return choice.unknown is None and isinstance(tag, str) and tag not in known
    return False


# --- which is which -------------------------------------------------------------------------------


def match(context: Context, old: ir.Union, new: ir.Union) -> dict[int, int]:
    """Position in OLD -> position in NEW of what is the same member: by name, by tag, by meaning, by likeness."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(new.members)))
    if old.otherwise and new.otherwise:
        n, m = _place(old, old.otherwise), _place(new, new.otherwise)
        pairs[n] = m
        del free[m]
    for test in (_same_name, _same_tag, _same_meaning, _same_shape):
        for n, member in enumerate(old.members):
            if n in pairs:
                continue
            for m in free:
                if test(context, member, new.members[m]):
                    pairs[n] = m
                    del free[m]
                    break
    return dict(sorted(pairs.items()))


def _place(union: ir.Union, key: str) -> int:
    """The position of the member that is a reference to this type."""
    targets = [isinstance(member, ir.Ref) and member.target for member in union.members]
    return targets.index(key)


def _same_name(context: Context, old: ir.Type, new: ir.Type) -> bool:
    if not isinstance(old, ir.Ref) or not isinstance(new, ir.Ref):
        return False
    ours, theirs = context.old.types[old.target], context.new.types[new.target]
    return ours.component and theirs.component and context.goes_on(old.target, new.target)


def _same_tag(context: Context, old: ir.Type, new: ir.Type) -> bool:
    ours = dict(context.old.tags(context.old.resolve(old)[0]))
    theirs = dict(context.new.tags(context.new.resolve(new)[0]))
    return bool(ours) and ours == theirs


def _same_meaning(context: Context, old: ir.Type, new: ir.Type) -> bool:
    if isinstance(old, ir.Ref) or isinstance(new, ir.Ref):
        return False
    return old == new or (
        isinstance(old, ir.Scalar) and isinstance(new, ir.Scalar) and old.kind == new.kind
    )


def _same_shape(context: Context, old: ir.Type, new: ir.Type) -> bool:
    if ir.is_null(old) or ir.is_null(new):
        return False
    left, right = context.old.resolve(old)[0], context.new.resolve(new)[0]
    if left.__class__ is not right.__class__ or isinstance(left, ir.Scalar):
        return False
    goes_on = isinstance(old, ir.Ref) and old.target in context.matched.pairs
    if goes_on and isinstance(new, ir.Ref) and context.new.types[new.target].component:
        return False
    return context.likeness.types(old, new) >= NEAR


def goes_into(context: Context, old: ir.Type, new: ir.Union) -> bool:
    """Whether a type goes on as a member of a union."""
    return any(context.likeness.types(old, member) >= NEAR for member in new.members)


def comes_from(context: Context, old: ir.Union, new: ir.Type) -> bool:
    """Whether a member of a union goes on as a type."""
    return any(context.likeness.types(member, new) >= NEAR for member in old.members)


def _shown(side: Side, member: ir.Type) -> str:
    return side.names[member.target] if isinstance(member, ir.Ref) else side.words(member)


# --- keywords -------------------------------------------------------------------------------------


def _exclusive(context: Context, subject: Subject, old: ir.Union, new: ir.Union) -> Steps:
    """`oneOf` asks for more than `anyOf` only where a value could fit two members."""
    asked = old.exclusive and not context.old.apart(old)
    asks = new.exclusive and not context.new.apart(new)
    if asked == asks:
        return
    verdicts: Verdicts = ("may break", "safe") if asks else ("safe", "may break")
    if old.exclusive == new.exclusive:
        yield Difference("condition-affected", subject, verdicts=verdicts)
        return
    words = ("oneOf", "anyOf") if old.exclusive else ("anyOf", "oneOf")
    yield Difference("one-of-any-of-swapped", subject, *words, verdicts=verdicts)


def _discriminator(context: Context, subject: Subject, old: ir.Union, new: ir.Union) -> Steps:
    before, after = old.discriminator, new.discriminator
    if before and after:
        if before != after:
            yield Difference("discriminator-property-changed", subject, before, after)
        yield from _mapping(context, subject, _mapped(old, new), _mapped(new, old))
    elif after:
        yield Difference("discriminator-added", subject, "", after)
    elif before:
        yield Difference("discriminator-removed", subject, before)


def _mapped(union: ir.Union, other: ir.Union) -> dict[str, str]:
    """The mapping of a union. Of one that a base stands for, tags come and go with its children."""
    mapping = dict(union.mapping)
    if not (union.otherwise and other.otherwise):
        return mapping
    kept = {member.target for member in other.members if isinstance(member, ir.Ref)}
    return {tag: key for tag, key in mapping.items() if key in kept}


def _mapping(context: Context, subject: Subject, old: dict[str, str], new: dict[str, str]) -> Steps:
    for tag in dict.fromkeys((*old, *new)):
        before, after = old.get(tag, ""), new.get(tag, "")
        if before and after:
            if before != after and not context.goes_on(before, after):
                facts = f"{tag}: {before}", f"{tag}: {after}"
                yield Difference("discriminator-mapping-changed", subject, *facts)
        elif after:
            yield Difference("discriminator-mapping-added", subject, "", f"{tag}: {after}")
        elif before:
            yield Difference("discriminator-mapping-removed", subject, f"{tag}: {before}")
