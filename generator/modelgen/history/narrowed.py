"""A part of a history: what changed, or what changed since a version."""

from __future__ import annotations

from dataclasses import replace

from .model import History, Property, Schema


def changed_since(history: History, first: int) -> History:
    """The rows in which something changed in the version of this index or a later one, with all that they were before;
    a schema of which nothing is left and that did not change itself goes."""
    schemas = [
        replace(schema, properties=tuple(row for row in schema.properties if _changed(row, first)))
        for schema in history.schemas
    ]
    kept = tuple(schema for schema in schemas if schema.properties or _is_told(schema, first))
    return replace(history, schemas=kept)


def _changed(row: Property, first: int) -> bool:
    return any(
        moment.step not in ("absent", "first", "same") or moment.events
        for moment in row.life[first:]
    )


def _is_told(schema: Schema, first: int) -> bool:
    """Whether something happened to a schema as a whole: an event, or a name that came, went or changed."""
    names = schema.names[max(first - 1, 0) :]
    return any(schema.events[first:]) or len(set(names)) > 1
