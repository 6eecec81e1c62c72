"""What is known of whole components before any of them is compared."""

from __future__ import annotations

from .changes import Python
from .context import Context
from .direction import Directions
from .matching import Rename
from .steps import Difference, Steps, Verdicts
from .subject import Subject

_UNUSED: Verdicts = ("note", "note")


def compare(context: Context, directions: tuple[Directions, Directions] | None) -> Steps:
    for rename in context.matched.renames:
        yield _renamed(context, rename)
    for rename in context.matched.reused:
        yield _reused(context, rename)
    for name in context.matched.gone:
        subject = Subject(schema=name, keys=(name, ""), old_at=context.old.types[name].at)
        verdicts = _UNUSED if _is_told_elsewhere(context, directions, name) else None
        types = Python(context.old.definition(name), "")
        yield Difference("schema-removed", subject, verdicts=verdicts, types=types)
    for name in context.matched.come:
        subject = Subject(schema=name, keys=("", name), new_at=context.new.types[name].at)
        yield Difference("schema-added", subject, types=Python("", context.new.definition(name)))


def _is_told_elsewhere(
    context: Context, directions: tuple[Directions, Directions] | None, name: str
) -> bool:
    """Whether nobody on the wire loses a component as such: what refers to it changed where it does so, or nothing uses it
    in a document that says what is used."""
    leading = context.old.leading_to(name)
    if any(name not in context.old.leading_to(other) for other in leading):
        return True
    return directions is not None and directions[0].are_known and not directions[0].used(name)


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
