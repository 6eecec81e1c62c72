"""Operations, and the parts of them that have schemas.

A schema that is written there is compared like a component's.
"""

from __future__ import annotations

from dataclasses import dataclass

from .context import Context
from .parts import Kind, OperationPart
from .steps import Difference, Steps, Verdicts, Visit
from .subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What it is called when a part came, was asked for from the start, went, must be there now, and need not any more."""

    added: str
    added_required: str = ""
    removed: str
    required: str = ""
    optional: str = ""


_RULES: dict[Kind, _Rules] = {
    "operation": _Rules(added="operation-added", removed="operation-removed"),
    "parameter": _Rules(
        added="parameter-added",
        added_required="parameter-added-required",
        removed="parameter-removed",
        required="parameter-became-required",
        optional="parameter-became-optional",
    ),
    "body": _Rules(
        added="body-added",
        added_required="body-added-required",
        removed="body-removed",
        required="body-became-required",
        optional="body-became-optional",
    ),
    "media type": _Rules(added="media-type-added", removed="media-type-removed"),
    "response": _Rules(added="response-added", removed="response-removed"),
    "response header": _Rules(
        added="response-header-added",
        added_required="response-header-added",
        removed="response-header-removed",
        required="response-header-became-required",
        optional="response-header-became-optional",
    ),
}


def compare(context: Context) -> Steps:
    ours, theirs = context.old.parts, context.new.parts
    for name, part in ours.items():
        if name in theirs:
            yield from _kept(name, part, theirs[name])
        elif part.above not in ours or part.above in theirs:
            yield _gone(name, part)
    for name, part in theirs.items():
        if name not in ours and (part.above not in theirs or part.above in ours):
            yield _come(name, part)


def _come(name: str, part: OperationPart) -> Difference:
    rules = _RULES[part.kind]
    rule = rules.added_required if part.required else rules.added
    return Difference(rule, Subject(schema=name, new_at=part.at))


def _gone(name: str, part: OperationPart) -> Difference:
    verdicts: Verdicts | None = ("breaks", "breaks") if part.required else None
    subject = Subject(schema=name, old_at=part.at)
    return Difference(_RULES[part.kind].removed, subject, verdicts=verdicts)


def _kept(name: str, old: OperationPart, new: OperationPart) -> Steps:
    subject, rules = Subject(schema=name, old_at=old.at, new_at=new.at), _RULES[old.kind]
    if old.required != new.required:
        yield Difference(rules.required if new.required else rules.optional, subject)
    if old.schema is None and new.schema is not None:
        yield Difference("media-schema-added", subject)
    elif old.schema is not None and new.schema is None:
        yield Difference("media-schema-removed", subject)
    elif old.schema is not None:
        yield Visit(name, name)
