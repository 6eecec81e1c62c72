"""Bytes -> Document: parsed data, and where everything in it stands."""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urldefrag

from ..errors import Diagnostic, Location, SpecError
from ..openapi.structure import MAPPINGS
from . import dialects, limits, overlay
from .moves import Moves
from .places import Place, Places
from .positions import Positions, Tree
from .schema_words import Rules
from .text import Oddity, Text, decode

# What is in the text of a document in which a schema has an address.
_ADDRESSED = ("$id", "json-schema.org/draft-04")
_VERSION = re.compile(r"3\.[012]\.\d+(?:-.+)?")
_SHORT_VERSION = re.compile(r"3\.[012]")


class Document:
    """One parsed file.

    `source` is the name that messages use; `sha256` is of the bytes as read. `data` is made of dict, list, str,
    int, float, bool and None, and is a dict in a root document; aliases of YAML share objects, so it must not be
    changed before `content_sha256` was asked for. `oddities` are faults that it can be read with. `address` is the one
    that it says it has, `has_addresses` whether something in it may have one. `overlays` are what was laid over it.
    """

    __slots__ = (
        "_content",
        "_moves",
        "_places",
        "_positions",
        "address",
        "data",
        "has_addresses",
        "oddities",
        "overlays",
        "rules",
        "sha256",
        "source",
    )

    def __init__(
        self,
        source: str,
        sha256: str,
        data: Any,
        positions: Positions,
        oddities: Sequence[Oddity] = (),
        has_addresses: bool = False,
    ) -> None:
        self.source = source
        self.sha256 = sha256
        self.data = data
        self.oddities = list(oddities)
        self._positions = positions
        self.address = _address(data)
        self.has_addresses = has_addresses or bool(self.address)
        self._content = ""
        self._moves = Moves()
        self._places = Places()
        self.overlays: tuple[Document, ...] = ()
        self.rules: Rules | None = None

    @property
    def openapi(self) -> str:
        """The version that the document declares, "" in a fragment."""
        declared = self.data.get("openapi") if isinstance(self.data, dict) else None
        return declared if isinstance(declared, str) else ""

    @property
    def content_sha256(self) -> str:
        """Of the data as JSON, without overlays: comments, line breaks and the like do not matter."""
        if not self._content:
            self._content = hashlib.sha256(json.dumps(self.data).encode()).hexdigest()
        return self._content

    def overlaid(self, data: dict[str, Any], places: Places, overlays: Sequence[Document]) -> None:
        """Read the document as overlays have changed it. Pointers are of that data from now on."""
        for each in (self, *overlays):
            _ = each.content_sha256  # before anything in it is repaired
        self.data = data
        self._places = places
        self.overlays = tuple(overlays)
        self.address = _address(data)
        self.has_addresses |= bool(self.address) or any(each.has_addresses for each in overlays)

    def translate(self, data: Any, moves: Moves, rules: Rules) -> None:
        """Read the document as other data, that of an OpenAPI document of version 3. Pointers are of that data from now
        on; places are still those of the text. By its rules files are read that it refers to."""
        self.data = data
        self._moves = moves
        self.rules = rules

    def written(self, pointer: str) -> Place:
        """Where in the text, or in that of an overlay, something is."""
        return self._places.of(self._moves.old(pointer))

    def translated(self, pointer: str) -> str:
        """The pointer of what is at a pointer in the text."""
        return self._moves.new(pointer)

    def __repr__(self) -> str:
        return f"Document({self.source!r})"

    def locate(self, pointer: str) -> Location:
        """Where a node is: the key of a mapping entry, else the value; its nearest ancestor if there is no such node."""
        place = self.written(pointer)
        if place.document:
            return place.document.locate(place.pointer)
        return self._positions.locate(place.pointer)

    def block(self, pointer: str, most: int) -> list[str]:
        """The lines of a node as they are written, `most` of them at most."""
        place = self.written(pointer)
        if place.document:
            return place.document.block(place.pointer, most)
        return self._positions.block(place.pointer, most)


def parse_root(source: str, raw: bytes, overlays: Sequence[Document] = ()) -> Document:
    """Read a root document: OpenAPI, of a version that is understood, with overlays laid over it. Raises SpecError."""
    document = parse(source, raw)
    if overlays and isinstance(document.data, dict):
        document.overlaid(*overlay.laid(document, overlays), overlays)
    dialects.translate_root(document)
    check_root(document)
    return document


def parse(source: str, raw: bytes) -> Document:
    """Read one file, a root document or a fragment. Raises SpecError."""
    if len(raw) > limits.MAX_BYTES:
        raise limits.too_large(source)
    text = decode(source, raw)
    if not text.body.strip():
        raise limits.empty(source)
    with _no_collection():
        data, tree = _syntax(text)
    digest = hashlib.sha256(raw).hexdigest()
    has_addresses = any(word in text.body for word in _ADDRESSED)
    return Document(source, digest, data, Positions(text, tree), text.oddities, has_addresses)


def _address(data: object) -> str:
    """What a document says that its address is: `$id`, in draft 4 `id`, in OpenAPI 3.2 `$self`."""
    if not isinstance(data, dict):
        return ""
    word = "$self" if "openapi" in data else "id" if "$schema" in data and "id" in data else "$id"
    address = data.get(word)
    return urldefrag(address).url if isinstance(address, str) else ""


def check_root(document: Document) -> None:
    """Raise SpecError unless this is an OpenAPI document of a version that is understood."""
    data = document.data
    if not isinstance(data, dict):
        raise _not_openapi(document, f"The document is {_kind(data)}, not a mapping.")
    if "openapi" not in data and "swagger" in data:
        raise _unknown_version(document, "swagger", "Swagger", "Version 2.0 is.")
    if "openapi" not in data:
        raise _not_openapi(document, "The document has no `openapi` field.")
    version = data["openapi"]
    if _SHORT_VERSION.fullmatch(str(version)):
        message = f"The version {version} is not a text of three numbers."
        document.oddities.append(Oddity("version-short", message, document.locate("/openapi")))
        version = data["openapi"] = f"{version}.0"
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        known = "Versions 3.0.x, 3.1.x and 3.2.x are, as text of three numbers: '3.1.0'."
        raise _unknown_version(document, "openapi", "OpenAPI", known)
    for pointer in MAPPINGS:
        _as_mapping(document, pointer)


def _as_mapping(document: Document, pointer: str) -> None:
    """Read what should be a mapping and is none as an empty one."""
    *above, last = pointer[1:].split("/")
    node: Any = document.data
    for key in above:
        node = node.get(key, {})
    if isinstance(node.get(last, {}), dict):
        return
    message = f"`{pointer[1:].replace('/', '.')}` must be an object, not {_kind(node[last])}."
    document.oddities.append(Oddity("keyword-ignored", message, document.locate(pointer)))
    node[last] = {}


def _unknown_version(document: Document, key: str, name: str, known: str) -> SpecError:
    message = f"The {name} version {document.data[key]!r} is not supported."
    return SpecError(Diagnostic("openapi-version", message, document.locate(f"/{key}"), known))


def _not_openapi(document: Document, message: str) -> SpecError:
    return SpecError(
        Diagnostic(
            "not-openapi",
            message,
            document.locate(""),
            "Give an OpenAPI document, a mapping that starts with `openapi: 3.1.0`, or JSON Schema with `$schema`.",
        )
    )


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a sequence"
        case _:
            return "a mapping"


def _syntax(text: Text) -> tuple[Any, Tree]:
    is_json_name = text.source.lower().endswith(".json")
    if is_json_name or text.body.lstrip()[:1] in ("{", "["):
        from . import json_text

        try:
            return json_text.parse(text)
        except json_text.NotJsonError as error:
            if is_json_name:
                raise SpecError(error.diagnostic) from None
    from . import yaml_text

    return yaml_text.parse(text)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsing makes hundreds of thousands of objects and no garbage: collecting meanwhile doubles its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
