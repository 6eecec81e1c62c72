"""A part of a comparison: what concerns some operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from fnmatch import fnmatchcase

from ..ir import is_named
from ..openapi.operations import Operation
from .changes import Change, Comparison
from .parts import DOCUMENT
from .side import Side


def within(
    comparison: Comparison, sides: Sequence[Side], operations: Sequence[str], tags: Sequence[str]
) -> Comparison:
    """The changes of operations that have such an operationId or `GET /path`, or such a tag, of the schemas that they use, and
    of what holds for all: the servers and the security of the document."""
    chosen = {
        name
        for side in sides
        for name, part in side.parts.items()
        if isinstance(part.record, Operation) and _is_meant(part.record, operations, tags)
    }
    return replace(
        comparison,
        changes=tuple(_narrowed(comparison.changes, sides, chosen)),
        docs=tuple(_narrowed(comparison.docs, sides, chosen)),
    )


def _is_meant(operation: Operation, operations: Sequence[str], tags: Sequence[str]) -> bool:
    named = (operation.id, operation.method, operation.path)
    return any(is_named(*named, glob) for glob in operations) or any(
        fnmatchcase(tag, glob) for tag in operation.tags for glob in tags
    )


def _narrowed(
    changes: Iterable[Change], sides: Sequence[Side], chosen: Set[str]
) -> Iterator[Change]:
    """A change of several schemas is told of those that the operations use."""
    for change in changes:
        schemas = tuple(one for one in change.schemas if _concerns(one, sides, chosen))
        if schemas:
            operations = tuple(one for one in change.operations if one in chosen)
            yield replace(change, schemas=schemas, operations=operations)


def _concerns(schema: str, sides: Sequence[Side], chosen: Set[str]) -> bool:
    if schema == DOCUMENT or schema.startswith("security scheme "):
        return True
    # what went with its operation is known by its name alone
    return any(f"{schema} ".startswith(f"{name} ") for name in chosen) or any(
        not chosen.isdisjoint(side.operations(schema)) for side in sides
    )
