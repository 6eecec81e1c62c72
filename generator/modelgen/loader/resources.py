"""The schemas of a document that have an address or a name of their own: `$id`, `$anchor` and `$dynamicAnchor`.

JSON Schema 2020-12, core, 8.2: an `$id` begins a resource of its own, and anchors and pointers are of the resource that
they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from ..errors import Diagnostic, SpecError, step
from ..openapi.keywords import KEYWORDS, SCHEMA_MAP
from ..openapi.structure import HOMES
from .document import Document

# Keywords whose values are data, not schemas: an `$anchor` in them is no anchor.
_DATA = frozenset(row.name for row in KEYWORDS.values() if row.operand.content == "data")
# Members that map names of the author's choice, which may be any of the above.
_BY_NAME = frozenset(row.name for row in KEYWORDS.values() if row.operand == SCHEMA_MAP)
_BY_NAME |= frozenset(HOMES)
_ANCHORS = ("$anchor", "$dynamicAnchor")


class Resources:
    """What is found in one document. Raises SpecError if a resource has an anchor twice."""

    def __init__(self, document: Document) -> None:
        self.document = document
        # address -> pointer of the resource that has it; "" is the document
        self.places: dict[str, str] = {document.address: ""}
        self._addresses: dict[str, str] = {"": document.address}
        # pointer of a resource -> anchor -> pointer of its schema
        self._anchors: dict[str, dict[str, str]] = {}
        self._read()

    def around(self, pointer: str) -> tuple[str, str]:
        """The resource that a place is in: its pointer and its address."""
        while pointer not in self._addresses:
            pointer = pointer.rpartition("/")[0]
        return pointer, self._addresses[pointer]

    def anchor(self, name: str, resource: str) -> str | None:
        """The pointer of an anchor of a resource, or else of any other."""
        own = self._anchors.get(resource, {})
        if name in own:
            return own[name]
        return next((each[name] for each in self._anchors.values() if name in each), None)

    def anchors(self) -> Iterator[str]:
        """The names of all anchors."""
        for names in self._anchors.values():
            yield from names

    def _read(self) -> None:
        pending: list[tuple[object, str, bool, str]] = [(self.document.data, "", False, "")]
        seen: set[int] = set()
        while pending:
            node, pointer, are_names, resource = pending.pop()
            if id(node) in seen or not isinstance(node, dict | list):
                continue
            seen.add(id(node))
            if isinstance(node, list):
                children = [
                    (item, step(pointer, index), False, resource) for index, item in enumerate(node)
                ]
            else:
                if not are_names:
                    resource = self._named(node, pointer, resource)
                children = [
                    (value, step(pointer, key), not are_names and key in _BY_NAME, resource)
                    for key, value in node.items()
                    if are_names or key not in _DATA
                ]
            pending.extend(reversed(children))

    def _named(self, node: dict[str, object], pointer: str, resource: str) -> str:
        """Keep the address and the anchors of a schema; the resource that what is below stands in."""
        address = node.get("$id")
        if isinstance(address, str) and address[:1] == "#":  # an anchor, as older drafts write it
            self._keep(address[1:], pointer, resource, "$id")
        elif isinstance(address, str) and pointer:
            resource = pointer
            whole = urljoin(self.around(pointer)[1], urldefrag(address).url)
            self.places.setdefault(whole, pointer)
            self._addresses[pointer] = whole
        for keyword in _ANCHORS:
            name = node.get(keyword)
            if isinstance(name, str):
                self._keep(name, pointer, resource, keyword)
        return resource

    def _keep(self, name: str, pointer: str, resource: str, keyword: str) -> None:
        known = self._anchors.setdefault(resource, {})
        first = known.setdefault(name, pointer)
        if first == pointer:
            return
        related = self.document.locate(first)
        raise SpecError(
            Diagnostic(
                "duplicate-anchor",
                f"The anchor {name!r} is given twice, first in line {related.line}.",
                self.document.locate(step(pointer, keyword)),
                "Rename one of the two.",
                (related,),
            )
        )


def beside(address: str, base: str) -> str:
    """The path from a document with an address to another one that lies in its folder or below, "" if it does not."""
    folder = base.rpartition("/")[0] + "/"
    is_there = "://" in base and address.startswith(folder)
    return address.removeprefix(folder) if is_there else ""
