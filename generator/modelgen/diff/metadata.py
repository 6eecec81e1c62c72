"""What a schema says beside what is valid: defaults, deprecation, the content of strings, documentation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from .. import ir
from .context import Context
from .steps import Difference, Steps
from .subject import Subject

# Keyword -> the rule of what is written there, as it is written.
_CONTENT = {
    "contentMediaType": "content-media-type-changed",
    "contentEncoding": "content-encoding-changed",
}
_DOCS = {
    "title": "title-changed",
    "example": "example-changed",
    "examples": "example-changed",
    "externalDocs": "external-docs-changed",
    "xml": "xml-changed",
}
_SUNSET, _LEVEL = "x-sunset", "x-stability-level"
_LEVELS = ("draft", "alpha", "beta", "stable")


def compare(context: Context, subject: Subject, old: ir.Named, new: ir.Named) -> Steps:
    """Of a named type."""
    if old.component and new.component:  # an inline schema was compared with its property
        yield from _compare(context, subject, old, new)


def compare_fields(context: Context, subject: Subject, old: ir.Field, new: ir.Field) -> Steps:
    """Of a property."""
    yield from _compare(context, subject, old, new)


def _compare(
    context: Context, subject: Subject, old: ir.Named | ir.Field, new: ir.Named | ir.Field
) -> Steps:
    yield from _default(subject, old.default, new.default)
    ours, theirs = _written(context.old.raw(old.at)), _written(context.new.raw(new.at))
    yield from _deprecation(subject, old.deprecated, new.deprecated, ours, theirs)
    yield from _stability(subject, ours, theirs)
    yield from _changed(subject, _CONTENT, ours, theirs)
    yield from _content_schema(subject, ours, theirs)
    if old.doc.split() != new.doc.split():
        yield Difference("description-changed", subject, _line(old.doc), _line(new.doc))
    yield from _changed(subject, _DOCS, ours, theirs)
    yield from _extensions(subject, ours, theirs)


def _default(subject: Subject, old: ir.Value | None, new: ir.Value | None) -> Steps:
    if old == new:
        return
    if old is None and new is not None:
        yield Difference("default-added", subject, "", new.text)
    elif old is not None and new is None:
        yield Difference("default-removed", subject, old.text)
    elif old is not None and new is not None:
        yield Difference("default-changed", subject, old.text, new.text)


def _changed(
    subject: Subject, rules: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Steps:
    """Keywords of which it is enough to know that they are written in another way."""
    for keyword, rule in rules.items():
        if old.get(keyword) != new.get(keyword):
            yield Difference(rule, subject, _text(old, keyword), _text(new, keyword))


def _content_schema(subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any]) -> Steps:
    if old.get("contentSchema") == new.get("contentSchema"):
        return
    if "contentSchema" not in new:
        yield Difference("content-schema-removed", subject)
    elif "contentSchema" not in old:
        yield Difference("content-schema-added", subject)
    else:
        yield Difference("content-schema-changed", subject)


def _extensions(subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any]) -> Steps:
    for keyword in sorted(old.keys() | new.keys()):
        is_other = keyword.startswith("x-") and keyword not in (_SUNSET, _LEVEL)
        if is_other and old.get(keyword) != new.get(keyword):
            facts = f"{keyword}: {_text(old, keyword)}", f"{keyword}: {_text(new, keyword)}"
            yield Difference("extension-changed", subject, *facts)


# --- lifecycle ------------------------------------------------------------------------------------


def _deprecation(
    subject: Subject,
    was: bool,
    is_: bool,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> Steps:
    before, after = _text(old, _SUNSET), _text(new, _SUNSET)
    if is_ and not was and after:
        yield Difference("deprecated-with-sunset", subject, "", after)
    elif is_ and not was:
        yield Difference("deprecated", subject)
        yield Difference("deprecated-sunset-missing", subject)
    elif was and not is_:
        yield Difference("undeprecated", subject)
    elif was and before and not after:
        yield Difference("sunset-removed", subject, before)
    if after and after != before:
        day, last = _day(after), _day(before)
        if day is None:
            yield Difference("sunset-invalid", subject, before, after)
        elif last is not None and day < last:
            yield Difference("sunset-too-soon", subject, before, after)


def _stability(subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any]) -> Steps:
    """What names no known level is as stable as can be."""
    before, after = _text(old, _LEVEL), _text(new, _LEVEL)
    was, is_ = (
        _LEVELS.index(level) if level in _LEVELS else len(_LEVELS) - 1 for level in (before, after)
    )
    if was != is_:
        rule = "stability-decreased" if is_ < was else "stability-increased"
        yield Difference(rule, subject, before, after)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


# --- what is written ------------------------------------------------------------------------------


def _written(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _text(raw: Mapping[str, Any], keyword: str) -> str:
    value = raw.get(keyword)
    if value is None:
        return ""
    if isinstance(value, str | datetime.date):
        return _line(str(value))
    try:
        return _line(ir.Value.of(value).text)
    except TypeError:
        return _line(str(value))


def _line(text: str) -> str:
    return " ".join(text.split())
