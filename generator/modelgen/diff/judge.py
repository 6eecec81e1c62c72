"""A difference -> a change: with the verdicts of its rule, eased for who never meets it, and what Python shows."""

from __future__ import annotations

from .changes import NOTHING, READ_ONLY, WRITE_ONLY, Change, Python, Verdict, rank
from .context import Context
from .rules import RULES, Rule
from .steps import Difference


def judged(difference: Difference, context: Context) -> Change:
    rule, subject = RULES[difference.rule], difference.subject
    sent, received = difference.verdicts or (rule.sent, rule.received)
    given = difference.given
    if subject.spared == "sent" and is_bad(sent):
        sent, given = "note", given or READ_ONLY
    if subject.spared == "received" and is_bad(received):
        received, given = "note", given or WRITE_ONLY
    python, types = _python(difference, rule, context)
    return Change(
        rule=rule.id,
        schemas=(subject.schema,),
        was=subject.was,
        path=subject.path,
        old_path=difference.old_path,
        old=difference.old,
        new=difference.new,
        sent=sent,
        received=received,
        python=python,
        types=types,
        given=given,
        forgiven=(difference.forgiven or rule.forgiven) and is_bad(received),
        score=difference.score,
        evidence=difference.evidence,
        old_at=subject.old_at,
        new_at=subject.new_at,
    )


def is_bad(verdict: Verdict) -> bool:
    return rank(verdict) > rank("note")


def _python(difference: Difference, rule: Rule, context: Context) -> tuple[Verdict, Python]:
    """What it means to code, and what that sees: nothing of an operation that the package has no record of."""
    subject = difference.subject
    sides = [side for side in (context.old, context.new) if subject.schema in side.parts]
    if sides and not any(side.is_modelled(subject.schema) for side in sides):
        return "safe", NOTHING
    if not rule.typed:
        return rule.python, NOTHING
    if difference.types is not None:
        return rule.python, difference.types
    if subject.types.old != subject.types.new:
        return rule.python, subject.types
    # an annotation that stayed breaks nothing
    is_safe = rule.python == "breaks" and subject.types.old
    return "safe" if is_safe else rule.python, NOTHING
