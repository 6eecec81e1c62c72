"""Enums and fixed values: what was added, what is gone, what only changed its spelling."""

from __future__ import annotations

from .. import ir
from ..ir import dispatch
from .context import Context
from .renames import pairs_of_words
from .steps import Difference, Steps, Verdicts
from .subject import Subject


def compare(context: Context, subject: Subject, old: ir.Literal, new: ir.Literal) -> Steps:
    keeps_texts = _keeps_texts(old)
    if old.open != new.open:
        rule = "enum-opened" if new.open else "enum-closed"
        yield Difference(rule, subject, forgiven=keeps_texts)
    if not old.open and not new.open and not _kinds(old) & _kinds(new):
        shown = _listed(old.values), _listed(new.values)
        yield Difference("enum-scalar-type-changed", subject, *shown)
        return
    gone = [value for value in old.values if value not in new.values]
    come = [value for value in new.values if value not in old.values]
    if len(old.values) == len(new.values) == 1 and gone and not old.open and not new.open:
        rule = "tag-value-changed" if _is_tag(context, subject) else "const-changed"
        yield Difference(rule, subject, gone[0].text, come[0].text)
        return
    yield from _values(subject, old, new, gone, come)
    if not gone and not come and old.values != new.values:
        yield Difference("enum-reordered", subject, _listed(old.values), _listed(new.values))


def _values(
    subject: Subject, old: ir.Literal, new: ir.Literal, gone: list[ir.Value], come: list[ir.Value]
) -> Steps:
    """Of lists of values: what took the place of what, then what is left of both."""
    keeps_texts, is_open = _keeps_texts(old), old.open or new.open
    for score, left, right in pairs_of_words(
        [value.text for value in gone], [value.text for value in come]
    ):
        both_open = old.open and new.open and left[0] == right[0] == '"'
        yield Difference(
            "enum-value-renamed",
            subject,
            left,
            right,
            verdicts=_SAFE if both_open else None,
            score=score,
            forgiven=keeps_texts and right[0] == '"',
        )
        gone = [value for value in gone if value.text != left]
        come = [value for value in come if value.text != right]
    for value in come:
        rule = "open-enum-value-added" if is_open and _is_text(value) else "enum-value-added"
        forgiven = keeps_texts and _is_text(value)
        yield Difference(rule, subject, "", value.text, forgiven=forgiven)
    for value in gone:
        rule = "open-enum-value-removed" if is_open and _is_text(value) else "enum-value-removed"
        yield Difference(rule, subject, value.text)


_SAFE: Verdicts = ("safe", "safe")


def _keeps_texts(type_: ir.Literal) -> bool:
    """Whether lax decoding takes any text, listed or not; but one value alone is a tag, and is checked."""
    return len(type_.values) > 1 and any(map(_is_text, type_.values))


def _kinds(type_: ir.Literal) -> set[str]:
    return {ir.kind_of(value.json) for value in type_.values}


def _is_text(value: ir.Value) -> bool:
    """Whether an open list of values admits it unlisted."""
    return isinstance(value.json, str)


def _listed(values: tuple[ir.Value, ...]) -> str:
    return ", ".join(value.text for value in values)


def _is_tag(context: Context, subject: Subject) -> bool:
    """Whether the property tells members of a union apart: it is fixed in an object that stands in one."""
    key = subject.keys[1]
    wire = subject.path.rpartition(".")[2]
    for named in context.new.api.types:
        if isinstance(named.type, ir.Union) and ir.Ref(target=key) in named.type.members:
            for _, choice in context.new.scope.plan(named.type).by_kind:
                if isinstance(choice, dispatch.Switch) and choice.wire == wire:
                    return True
    return False
