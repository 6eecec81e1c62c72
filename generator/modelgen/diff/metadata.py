"""What a schema says beside what is valid: defaults, deprecation, the content of strings, documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import ir
from . import lifecycle
from .context import Context
from .steps import Difference, Steps
from .subject import Subject
from .written import line, text, written

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
    ours, theirs = written(context.old.raw(old.at)), written(context.new.raw(new.at))
    yield from lifecycle.compare(
        subject,
        lifecycle.lifecycle(ours, old.deprecated),
        lifecycle.lifecycle(theirs, new.deprecated),
    )
    yield from _changed(subject, _CONTENT, ours, theirs)
    yield from _content_schema(subject, ours, theirs)
    if old.doc.split() != new.doc.split():
        yield Difference("description-changed", subject, line(old.doc), line(new.doc))
    yield from _changed(subject, _DOCS, ours, theirs)
    yield from _extensions(subject, ours, theirs)


def compare_parts(subject: Subject, old: object, new: object) -> Steps:
    """Of a part of an operation, by what is written there."""
    ours, theirs = written(old), written(new)
    yield from lifecycle.compare(subject, lifecycle.lifecycle(ours), lifecycle.lifecycle(theirs))
    words = [
        " ".join(text for text in (text(raw, "summary"), text(raw, "description")) if text)
        for raw in (ours, theirs)
    ]
    if words[0] != words[1]:
        yield Difference("description-changed", subject, *words)
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
            yield Difference(rule, subject, text(old, keyword), text(new, keyword))


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
        is_other = keyword.startswith("x-") and keyword not in lifecycle.KEYWORDS
        if is_other and old.get(keyword) != new.get(keyword):
            facts = f"{keyword}: {text(old, keyword)}", f"{keyword}: {text(new, keyword)}"
            yield Difference("extension-changed", subject, *facts)
