"""The operations of a loaded document, with references followed into the files that it refers to."""

from __future__ import annotations

from ..errors import Location
from ..openapi.operations import Operations, read
from .documents import Documents


def operations(documents: Documents) -> Operations:
    """Raises SpecError for a reference that leads nowhere."""

    def resolve(ref: str, at: Location) -> tuple[object, Location]:
        target = documents.resolve(ref, at)
        return target.node, Location(target.document.source, target.pointer)

    return read(documents.root.data, documents.root.source, resolve)
