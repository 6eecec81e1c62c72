"""Operations, and the parts of them that have schemas.

A schema that is written there is compared like a component's.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import ir
from ..openapi.operations import Parameter, Response
from . import interface, security
from .alignment import covers
from .context import Context
from .lifecycle import lifecycle
from .parts import Kind, OperationPart
from .steps import Difference, Steps, Verdicts, Visit
from .subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    """What it is called when a deprecated part went: after the day that was named, before it, or without one."""

    after: str
    before: str
    unnamed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What it is called when a part came, was asked for from the start, went, must be there now, and need not any more."""

    added: str
    added_required: str = ""
    removed: str
    required: str = ""
    optional: str = ""
    gone: _Gone | None = None


_RULES: dict[Kind, _Rules] = {
    "document": _Rules(added="", removed=""),
    "security scheme": _Rules(added="security-scheme-added", removed="security-scheme-removed"),
    "operation": _Rules(
        added="operation-added",
        removed="operation-removed",
        gone=_Gone(
            after="operation-removed-after-sunset",
            before="operation-removed-before-sunset",
            unnamed="operation-removed-after-deprecation",
        ),
    ),
    "parameter": _Rules(
        added="parameter-added",
        added_required="parameter-added-required",
        removed="parameter-removed",
        required="parameter-became-required",
        optional="parameter-became-optional",
        gone=_Gone(
            after="parameter-removed-after-sunset",
            before="parameter-removed-before-sunset",
            unnamed="parameter-removed-after-deprecation",
        ),
    ),
    "body": _Rules(
        added="body-added",
        added_required="body-added-required",
        removed="body-removed",
        required="body-became-required",
        optional="body-became-optional",
    ),
    "media type": _Rules(added="media-type-added", removed="media-type-removed"),
    # what each of a sequence of values is (`itemSchema`)
    "values": _Rules(added="media-schema-added", removed="media-schema-removed"),
    "response": _Rules(added="response-added", removed="response-removed"),
    "response header": _Rules(
        added="response-header-added",
        added_required="response-header-added",
        removed="response-header-removed",
        required="response-header-became-required",
        optional="response-header-became-optional",
    ),
}


_NOTE: Verdicts = ("note", "note")


def compare(context: Context) -> Steps:
    ours, theirs = context.old.parts, context.new.parts
    for name, part in ours.items():
        if name in theirs:
            yield from _kept(context, name, part, theirs[name])
        elif part.above not in ours or part.above in theirs:
            yield _gone(context, name, part)
    for name, part in theirs.items():
        if name not in ours and (part.above not in theirs or part.above in ours):
            yield _come(context, name, part)
    yield from security.compare(context)


def _come(context: Context, name: str, part: OperationPart) -> Difference:
    rules = _RULES[part.kind]
    rule = rules.added_required if part.required else rules.added
    verdicts: Verdicts | None = ("safe", "safe") if _is_covered(context, name, part) else None
    verdicts = _NOTE if _is_in_path(part) else verdicts
    return Difference(rule, Subject(schema=name, new_at=part.at), verdicts=verdicts)


def _is_in_path(part: OperationPart) -> bool:
    """Whether it is a parameter of the path, which has its place there whether it is described or not."""
    return isinstance(part.record, Parameter) and part.record.within == "path"


def _is_covered(context: Context, name: str, part: OperationPart) -> bool:
    """Whether a response that is new says no more than one for all that has none of its own: a range, or `default`."""
    if not isinstance(part.record, Response):
        return False
    for before, other in context.old.parts.items():
        if not isinstance(other.record, Response) or other.above != part.above:
            continue
        if covers(other.record.status, part.record.status):
            return all(
                _fits(context, f"{before} {media.type}", f"{name} {media.type}")
                for media in part.record.content
            )
    return False


def _fits(context: Context, old: str, new: str) -> bool:
    """Whether a reader of what one part has in OLD understands what another has in NEW."""
    if old not in context.old.types or new not in context.new.types:
        return old in context.old.parts and old not in context.old.types
    return context.relation(ir.Ref(target=old), ir.Ref(target=new))[1] == "safe"


def _gone(context: Context, name: str, part: OperationPart) -> Difference:
    rules, subject = _RULES[part.kind], Subject(schema=name, old_at=part.at)
    verdicts: Verdicts | None = ("breaks", "breaks") if part.required else None
    verdicts = _NOTE if _is_in_path(part) else verdicts
    life = lifecycle(context.old.raw(part.at))
    if rules.gone is None or not life.deprecated:
        return Difference(rules.removed, subject, verdicts=verdicts)
    if not life.sunset:
        return Difference(rules.gone.unnamed, subject, verdicts=verdicts)
    if life.is_over(context.today):
        return Difference(rules.gone.after, subject, life.sunset)
    return Difference(rules.gone.before, subject, life.sunset, verdicts=verdicts)


def _kept(context: Context, name: str, old: OperationPart, new: OperationPart) -> Steps:
    subject, rules = Subject(schema=name, old_at=old.at, new_at=new.at), _RULES[old.kind]
    yield from interface.compare(context, subject, old, new)
    if old.required != new.required:
        yield Difference(rules.required if new.required else rules.optional, subject)
    if old.schema is None and new.schema is not None:
        yield Difference("media-schema-added", subject)
    elif old.schema is not None and new.schema is None:
        yield Difference("media-schema-removed", subject)
    elif old.schema is not None:
        yield Visit(name, name)
