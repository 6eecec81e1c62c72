"""A root document and the files it refers to; one hop of a `$ref`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin

from ..errors import Location, SpecError
from . import dialects, limits, refs
from . import document as documents_of
from .document import Document
from .origins import Origin, Reach, neighbour, origin
from .resources import Resources, beside


@dataclass(frozen=True, slots=True)
class Target:
    """What a `$ref` refers to. Equal when document and pointer are."""

    document: Document
    pointer: str
    node: Any = field(compare=False, repr=False)

    @property
    def at(self) -> Location:
        return Location(self.document.source, self.pointer)


class Documents:
    """A root document and the files it refers to, loaded on demand, each once."""

    __slots__ = ("_by_document", "_by_key", "_by_source", "_origins", "circles", "oddities", "root")

    def __init__(self, root: Document, origin: Origin) -> None:
        self.root = root
        # source and pointer of a schema that was repaired -> the code, place and message of each oddity
        self.oddities: dict[tuple[str, str], list[tuple[str, Location, str]]] = {}
        # source and pointer of a schema that was a part of itself -> what is said of that
        self.circles: dict[tuple[str, str], str] = {}
        self._by_key = {origin.key: root}
        self._by_source = {root.source: root}
        self._origins = {root.source: origin}
        self._by_document: dict[str, Resources] = {}

    @property
    def loaded(self) -> tuple[Document, ...]:
        """The root, then the others in the order they were needed, and the overlays."""
        return (*self._by_source.values(), *self.root.overlays)

    def resolve(self, ref: str, at: Location) -> Target:
        """Follow one `$ref` that stands at `at`, in a loaded document.

        Raises SpecError if it is forbidden or leads nowhere.
        """
        home = self._by_source[at.source]
        if not isinstance(ref, str):
            raise refs.invalid("A $ref must be a string.", home.locate(at.pointer))
        part, _, fragment = ref.partition("#")
        document, resource = self._resource(home, part, at.pointer)
        name = refs.fragment(fragment, home, at.pointer)
        pointer = f"{resource}{name}" if resource else document.translated(name)
        if name and not name.startswith("/"):
            resources = self._resources(document)
            anchor = resources.anchor(name, resource)
            if anchor is None:
                raise refs.no_anchor(ref, name, resources.anchors(), home.locate(at.pointer))
            pointer = anchor
        elif resource and self.node(Location(document.source, pointer)) is None:
            pointer = document.translated(name)  # of the document, though a resource is around it
        try:
            canonical, node = refs.walk(document.data, pointer)
        except refs.MissingError as missing:
            raise refs.unresolved(ref, missing, document, home.locate(at.pointer)) from None
        return Target(document, canonical, node)

    def resource(self, at: Location) -> str:
        """The schema with an address of its own that a place is in, by which a reference there is read; "" for the document."""
        document = self._by_source[at.source]
        return self._resources(document).around(at.pointer)[0] if document.has_addresses else ""

    def names(self, names: Mapping[str, str]) -> dict[str, str]:
        """What the configuration names by pointers in the text of the root document, by those of its data. A `#` at the
        end, which means the property itself, stays there."""
        translated = {}
        for written, name in names.items():
            pointer = written.removesuffix("#")
            translated[self.root.translated(pointer) + written[len(pointer) :]] = name
        return translated

    def node(self, at: Location) -> object:
        """What is written at a location; None if nothing is."""
        document = self._by_source.get(at.source)
        if document is None:
            return None
        try:
            return refs.walk(document.data, at.pointer)[1]
        except refs.MissingError:
            return None

    def written(self, at: Location) -> Location:
        """Where a location is in the text of its document, or of the overlay that it comes from."""
        document = self._by_source.get(at.source)
        if document is None:
            return at
        place = document.written(at.pointer)
        return Location((place.document or document).source, place.pointer)

    def locate(self, at: Location) -> Location:
        """The same location with line, column and excerpt, if its document is loaded."""
        document = self._by_source.get(at.source)
        return document.locate(at.pointer) if document and not at.line else at

    def block(self, at: Location, most: int) -> list[str]:
        """The lines of what is written at a location, `most` of them at most."""
        document = self._by_source.get(at.source)
        return document.block(at.pointer, most) if document else []

    def _resources(self, document: Document) -> Resources:
        if document.source not in self._by_document:
            self._by_document[document.source] = Resources(document)
        return self._by_document[document.source]

    def _resource(self, home: Document, part: str, pointer: str) -> tuple[Document, str]:
        """The document that a reference leads to, and in it the resource, "" for the whole."""
        if not any(document.has_addresses for document in self._by_source.values()):
            return (self._file(home, part, pointer) if part else home), ""
        around, base = self._resources(home).around(pointer)
        if not part:
            return home, around
        address = urljoin(base, part)
        for document in list(self._by_source.values()):
            place = self._resources(document).places.get(address) if address else None
            if place is not None:
                return document, place
        return self._file(home, beside(address, home.address) or part, pointer), ""

    def _file(self, home: Document, part: str, pointer: str) -> Document:
        at = home.locate(pointer)
        there = neighbour(self._origins[home.source], part, at)
        document = self._by_key.get(there.key)
        if document is None:
            try:
                raw = there.read()
            except SpecError as error:
                raise refs.unreadable(part, error, at) from None
            try:
                document = documents_of.parse(there.name, raw)
            except SpecError as error:
                raise SpecError(
                    replace(item, related=(*item.related, at)) for item in error.diagnostics
                ) from None
            dialects.translate_fragment(document, self.root)
            _ = document.content_sha256  # before anything in it is repaired
            self._by_key[there.key] = document
            self._by_source[document.source] = document
            self._origins[document.source] = there
        return document


def load(
    source: str,
    *,
    ref_roots: Sequence[Path] = (),
    ref_hosts: Iterable[str] = (),
    allow_private_hosts: bool = False,
    stdin: BinaryIO | None = None,
    overlays: Sequence[str] = (),
) -> Documents:
    """Read an OpenAPI document, with overlays laid over it in their order.

    `source` is a path, `-` for standard input, an https URL, or REV:path of the git repository of the working
    directory; a path that exists wins. References may reach files below the document's folder and `ref_roots`, and
    https URLs of `ref_hosts`. Raises SpecError.
    """
    hosts = frozenset(host.lower() for host in ref_hosts)
    start = origin(source, Reach(tuple(ref_roots), hosts, allow_private_hosts), stdin)
    laid = [load_data(path) for path in overlays]
    return Documents(documents_of.parse_root(start.name, start.read(), laid), start)


def load_bytes(source: str, raw: bytes, overlays: Sequence[str] = ()) -> Documents:
    """The same for what a path had before. References lead to files as they are now."""
    laid = [load_data(path) for path in overlays]
    return Documents(documents_of.parse_root(source, raw, laid), origin(source, Reach(), None))


def load_data(source: str) -> Document:
    """Read a YAML or JSON file that is no OpenAPI document, by its path. Raises SpecError."""
    start = origin(source, Reach(), None)
    document = documents_of.parse(start.name, start.read())
    refused = [limits.refused(odd) for odd in document.oddities if odd.code == "duplicate-key"]
    if refused:
        raise SpecError(refused)
    return document
