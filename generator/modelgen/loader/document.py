"""Bytes -> Document: parsed data, and where everything in it stands."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import Diagnostic, Location, SpecError
from ..openapi.structure import MAPPINGS
from . import limits
from .positions import Positions, Tree
from .text import Text, decode

_VERSION = re.compile(r"3\.[012]\.\d+(?:-.+)?")


class Document:
    """One parsed file.

    `source` is the name that messages use; `sha256` is of the bytes as read. `data` is made of dict, list, str,
    int, float, bool and None, and is a dict in a root document; aliases of YAML share objects, so it must not be
    changed. `openapi` is the version that the document declares, "" in a fragment.
    """

    __slots__ = ("_positions", "data", "openapi", "sha256", "source")

    def __init__(self, source: str, sha256: str, data: Any, positions: Positions) -> None:
        self.source = source
        self.sha256 = sha256
        self.data = data
        declared = data.get("openapi") if isinstance(data, dict) else None
        self.openapi: str = declared if isinstance(declared, str) else ""
        self._positions = positions

    def __repr__(self) -> str:
        return f"Document({self.source!r})"

    def locate(self, pointer: str) -> Location:
        """Where a node is: the key of a mapping entry, else the value; its nearest ancestor if there is no such node."""
        return self._positions.locate(pointer)

    def block(self, pointer: str, most: int) -> list[str]:
        """The lines of a node as they are written, `most` of them at most."""
        return self._positions.block(pointer, most)


def parse_root(source: str, raw: bytes) -> Document:
    """Read a root document: OpenAPI, of a version that is understood. Raises SpecError."""
    document = parse(source, raw)
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
    return Document(source, hashlib.sha256(raw).hexdigest(), data, Positions(text, tree))


def check_root(document: Document) -> None:
    """Raise SpecError unless this is an OpenAPI document of a version that is understood."""
    data = document.data
    if not isinstance(data, dict):
        raise _not_openapi(document, f"The document is {_kind(data)}, not a mapping.")
    if "openapi" not in data:
        if "swagger" in data:
            raise SpecError(
                Diagnostic(
                    "swagger-2",
                    f"This is a Swagger {data['swagger']} document.",
                    document.locate("/swagger"),
                    "Convert it to OpenAPI 3 first, for example with swagger2openapi.",
                )
            )
        raise _not_openapi(document, "The document has no `openapi` field.")
    version = data["openapi"]
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise SpecError(
            Diagnostic(
                "openapi-version",
                f"The OpenAPI version {version!r} is not supported.",
                document.locate("/openapi"),
                "Versions 3.0.x, 3.1.x and 3.2.x are; write the version as text of three numbers, as in '3.1.0'.",
            )
        )
    diagnostics = list(_wrong_kinds(document))
    if diagnostics:
        raise SpecError(diagnostics)


def _wrong_kinds(document: Document) -> Iterator[Diagnostic]:
    for pointer in MAPPINGS:
        node: Any = document.data
        for key in pointer[1:].split("/"):
            node = node.get(key, {}) if isinstance(node, dict) else {}
        if not isinstance(node, dict):
            name = pointer[1:].replace("/", ".")
            yield Diagnostic(
                "wrong-kind",
                f"`{name}` is {_kind(node)}, not a mapping.",
                document.locate(pointer),
                "Make it a mapping, `{}` if there is nothing in it.",
            )


def _not_openapi(document: Document, message: str) -> SpecError:
    return SpecError(
        Diagnostic(
            "not-openapi",
            message,
            document.locate(""),
            "Give an OpenAPI document: a mapping that starts with `openapi: 3.1.0`.",
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
