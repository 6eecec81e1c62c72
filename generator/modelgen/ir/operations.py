"""The operations of an API, with the keys of the types of what is sent and received."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from ..errors import Location

# A media type and the key of the type of its content, "" if nothing is said of it.
Content: TypeAlias = tuple[tuple[str, str], ...]


def is_named(identifier: str, method: str, path: str, glob: str) -> bool:
    """Whether a glob names an operation: by its operationId, or as `GET /path`."""
    return fnmatchcase(identifier, glob) or fnmatchcase(f"{method.upper()} {path}", glob)


@dataclass(frozen=True, slots=True)
class Style:
    """How a parameter is written (`style` and `explode` of OpenAPI). `style` is "" if it is sent as a media type."""

    within: str
    wire: str
    style: str
    explode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How a property of a form is sent, or each of a sequence (`name` is ""). `headers` is the key of the type of its
    headers, "" if there are none."""

    media: str
    name: str
    content_type: str
    headers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`items`: the types of the values of a sequence. `headers` is the key of the type of its headers, "" if there are
    none."""

    status: str
    content: Content
    items: Content
    parts: tuple[Part, ...]
    headers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`name` is what its Python names are made of, in PascalCase. `parameters`: where they are sent, and the key of the
    type that has them as its fields. `incoming`: the API calls it."""

    name: str
    id: str
    method: str
    path: str
    incoming: bool
    tags: tuple[str, ...]
    deprecated: bool
    security: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
    parameters: tuple[tuple[str, str], ...]
    styles: tuple[Style, ...]
    request_required: bool
    request: Content
    request_items: Content
    request_parts: tuple[Part, ...]
    responses: tuple[Response, ...]
    at: Location
