"""What a schema says beside what is valid: defaults, deprecation, the content of strings, documentation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import ir
from ..errors import Location
from .changes import Python
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

_CONTENT = {
    "contentMediaType": "content-media-type-changed",
    "contentEncoding": "content-encoding-changed",
}
_DOCS = {
    "title": "title-changed",
    "description": "description-changed",
    "example": "example-changed",
    "examples": "example-changed",
    "externalDocs": "external-docs-changed",
    "xml": "xml-changed",
}
_LEVELS = ("draft", "alpha", "beta", "stable")
_KNOWN_EXTENSIONS = frozenset({"x-sunset", "x-stability-level"})


def compare(walk: Walk, site: Site, old: ir.Named, new: ir.Named) -> None:
    """Of a named type."""
    if not old.component or not new.component:
        return  # what stands at an inline schema was compared with its property
    _default(walk, site, old.default, new.default)
    _written(walk, site, old.at, new.at, (old.deprecated, new.deprecated), (old.doc, new.doc))


def compare_fields(walk: Walk, site: Site, old: ir.Field, new: ir.Field) -> None:
    """Of a property."""
    _default(walk, site, old.default, new.default)
    _written(walk, site, old.at, new.at, (old.deprecated, new.deprecated), (old.doc, new.doc))


def _default(walk: Walk, site: Site, old: ir.Value | None, new: ir.Value | None) -> None:
    if old == new:
        return
    facts = (old.text if old else "", new.text if new else "")
    done = "added" if old is None else "removed" if new is None else "changed"
    walk.emit(f"default-{done}", site, *facts, types=Python())


def _written(
    walk: Walk,
    site: Site,
    old_at: Location,
    new_at: Location,
    deprecated: tuple[bool, bool],
    docs: tuple[str, str],
) -> None:
    old, new = _mapping(walk.old.raw(old_at)), _mapping(walk.new.raw(new_at))
    _deprecation(walk, site, deprecated, old, new)
    for word, rule in _CONTENT.items():
        if old.get(word) != new.get(word):
            walk.emit(rule, site, _said(old, word), _said(new, word))
    if old.get("contentSchema") != new.get("contentSchema"):
        done = "changed" if "contentSchema" in old and "contentSchema" in new else "added"
        done = "removed" if "contentSchema" not in new else done
        walk.emit(f"content-schema-{done}", site)
    if docs[0].split() != docs[1].split():
        walk.emit("description-changed", site, _line(docs[0]), _line(docs[1]), types=Python())
    for word, rule in _DOCS.items():
        if word != "description" and old.get(word) != new.get(word):
            walk.emit(rule, site, _said(old, word), _said(new, word), types=Python())
    for word in sorted(old.keys() | new.keys()):
        is_other = word.startswith("x-") and word not in _KNOWN_EXTENSIONS
        if is_other and old.get(word) != new.get(word):
            facts = (f"{word}: {_said(old, word)}", f"{word}: {_said(new, word)}")
            walk.emit("extension-changed", site, *facts, types=Python())


def _deprecation(
    walk: Walk,
    site: Site,
    deprecated: tuple[bool, bool],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> None:
    before, after = _said(old, "x-sunset"), _said(new, "x-sunset")
    if deprecated == (False, True):
        walk.emit(f"deprecated{'-with-sunset' if after else ''}", site, "", after, types=Python())
        if not after:
            walk.emit("deprecated-sunset-missing", site, types=Python())
    elif deprecated == (True, False):
        walk.emit("undeprecated", site, types=Python())
    elif all(deprecated) and before and not after:
        walk.emit("sunset-removed", site, before, types=Python())
    if after != before and after:
        if _day(after) is None:
            walk.emit("sunset-invalid", site, before, after, types=Python())
        elif before and (day := _day(before)) and _day(after) < day:  # type: ignore[operator]
            walk.emit("sunset-too-soon", site, before, after, types=Python())
    levels = (_said(old, "x-stability-level"), _said(new, "x-stability-level"))
    if levels[0] != levels[1]:
        ranks = [_LEVELS.index(level) if level in _LEVELS else len(_LEVELS) - 1 for level in levels]
        if ranks[0] != ranks[1]:
            done = "decreased" if ranks[1] < ranks[0] else "increased"
            walk.emit(f"stability-{done}", site, *levels, types=Python())


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _said(raw: Mapping[str, Any], word: str) -> str:
    value = raw.get(word)
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
