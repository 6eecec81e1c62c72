"""What is known of whole components before any of them is compared."""

from __future__ import annotations

from .changes import Python
from .context import Context
from .matching import Rename
from .steps import Difference, Steps
from .subject import Subject


def compare(context: Context) -> Steps:
    for rename in context.matched.renames:
        yield _renamed(context, rename)
    for rename in context.matched.reused:
        yield _reused(context, rename)
    for name in context.matched.gone:
        subject = Subject(schema=name, keys=(name, ""), old_at=context.old.types[name].at)
        yield Difference("schema-removed", subject, types=Python(context.old.definition(name), ""))
    for name in context.matched.come:
        subject = Subject(schema=name, keys=("", name), new_at=context.new.types[name].at)
        yield Difference("schema-added", subject, types=Python("", context.new.definition(name)))


def _renamed(context: Context, rename: Rename) -> Difference:
    return Difference(
        "schema-renamed",
        context.subject(rename.old, rename.new),
        rename.old,
        rename.new,
        types=Python(context.old.names[rename.old], context.new.names[rename.new]),
        score=rename.score,
        evidence=rename.evidence,
    )


def _reused(context: Context, rename: Rename) -> Difference:
    """A name that stayed: what it meant has another name now, or it means what another name meant."""
    goes = rename.old in context.new.components and rename.new not in context.old.components
    name = rename.old if goes else rename.new
    old = "" if goes else f"now means what {rename.old} meant"
    new = f"the old meaning is now {rename.new}" if goes else ""
    return Difference(
        "schema-name-reused",
        context.subject(name, name),
        old,
        new,
        score=rename.score,
        evidence=rename.evidence,
    )
