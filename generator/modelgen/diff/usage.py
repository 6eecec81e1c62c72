"""Who uses a component: operations that came or went, and components that contain themselves."""

from __future__ import annotations

from .context import Context
from .direction import Directions
from .steps import Difference, Steps
from .subject import Subject


def compare(context: Context, directions: tuple[Directions, Directions] | None) -> Steps:
    for old, new in context.matched.pairs.items():
        subject = context.subject(old, new)
        if directions is not None and old == new:
            yield from _used(subject, directions[0].used(old), directions[1].used(new))
        if new not in context.sameness.unchanged:
            was, is_ = context.old.is_recursive(old), context.new.is_recursive(new)
            if was != is_:
                yield Difference("recursion-introduced" if is_ else "recursion-removed", subject)


def _used(subject: Subject, before: set[str], after: set[str]) -> Steps:
    if "sent" in after and "sent" not in before:
        yield Difference("schema-became-request", subject)
    if "received" in after and "received" not in before:
        yield Difference("schema-became-response", subject)
    if before and not after:
        yield Difference("schema-unreachable", subject)
