"""The operations of an OpenAPI document as records: what goes which way, and where each thing is written.

References to parameters, bodies, responses and the like are followed. Schemas are named by their location, and left to
whoever reads schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import Location
from .structure import METHODS

# A `$ref` and where it stands -> what it refers to, and where that stands.
Resolve: TypeAlias = Callable[[str, Location], tuple[object, Location]]
# The schemes of security that are needed together, each with its scopes.
Requirement: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
_Entry: TypeAlias = tuple[str, Mapping[str, Any], Location]


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The content of a body or a response in one media type."""

    type: str
    at: Location
    schema: Location | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """`within`: where it is sent: path, query, querystring, header or cookie. `style` is "" if it is sent as a media
    type."""

    name: str
    within: str
    at: Location
    required: bool
    schema: Location | None
    style: str = ""
    explode: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    name: str
    at: Location
    required: bool
    schema: Location | None
    explode: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    at: Location
    required: bool
    content: tuple[Media, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: str
    at: Location
    content: tuple[Media, ...]
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What the API calls in turn, at an address that an expression finds in the request."""

    name: str
    expression: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`path` is the name of a webhook if it is one. `incoming`: the API calls it, as a webhook or a callback. `servers` are its
    own, None where those of the document hold; `secured`: `security` is its own, and not that of the document.
    """

    method: str
    path: str
    id: str
    at: Location
    incoming: bool
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    callbacks: tuple[Callback, ...]
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    security: tuple[Requirement, ...] = ()
    secured: bool = False
    servers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to prove who asks, by the name that requirements have for it."""

    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class Operations:
    """`security` and `servers` are those of the document, which hold where an operation has none of its own."""

    paths: tuple[Operation, ...]
    webhooks: tuple[Operation, ...]
    security: tuple[Requirement, ...] = ()
    servers: tuple[str, ...] = ()
    schemes: tuple[Scheme, ...] = ()


def read(document: Mapping[str, Any], source: str, resolve: Resolve) -> Operations:
    """All operations of a document. Raises what `resolve` raises."""
    security = _security(document.get("security"))
    reader, root = _Reader(resolve, security), Location(source)
    return Operations(
        paths=tuple(reader.items(document.get("paths"), root.below("paths"), incoming=False)),
        webhooks=tuple(
            reader.items(document.get("webhooks"), root.below("webhooks"), incoming=True)
        ),
        security=security,
        servers=_servers(document) or (),
        schemes=tuple(reader.schemes(document, root)),
    )


def _servers(*nodes: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The addresses of the first node that names some."""
    for node in nodes:
        if isinstance(node.get("servers"), list):
            entries = [entry for entry in node["servers"] if isinstance(entry, Mapping)]
            return tuple(str(entry.get("url", "")) for entry in entries)
    return None


def _security(node: object) -> tuple[Requirement, ...]:
    """The alternatives of a list of requirements."""
    return tuple(
        tuple(
            (str(name), tuple(map(str, scopes)) if isinstance(scopes, list) else ())
            for name, scopes in requirement.items()
        )
        for requirement in (node if isinstance(node, list) else ())
        if isinstance(requirement, Mapping)
    )


# How parameters are written where nothing says it; OpenAPI 3.1, 4.8.12.2.
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


class _Reader:
    def __init__(self, resolve: Resolve, security: tuple[Requirement, ...]) -> None:
        self._resolve = resolve
        self._security = security
        self._open: set[Location] = set()

    def _entries(self, node: object, at: Location) -> Iterator[_Entry]:
        """The members of a mapping or a list that are mappings, with references followed."""
        if isinstance(node, Mapping):
            members = [(str(key), value) for key, value in node.items()]
        else:
            members = [
                (str(n), value) for n, value in enumerate(node if isinstance(node, list) else ())
            ]
        for key, value in members:
            value, location = self._followed(value, at.below(key))
            if isinstance(value, Mapping):
                yield key, value, location

    def _followed(self, value: object, at: Location) -> tuple[object, Location]:
        seen: set[Location] = set()
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str) and at not in seen:
            seen.add(at)
            value, at = self._resolve(value["$ref"], at)
        return value, at

    def schemes(self, document: Mapping[str, Any], root: Location) -> Iterator[Scheme]:
        components = document.get("components")
        if isinstance(components, Mapping):
            at = root.below("components").below("securitySchemes")
            for name, _, location in self._entries(components.get("securitySchemes"), at):
                yield Scheme(name, location)

    def items(self, node: object, at: Location, incoming: bool) -> Iterator[Operation]:
        """The operations of path items, by path."""
        for path, item, location in self._entries(node, at):
            if location in self._open:  # a callback that leads back to itself
                continue
            self._open.add(location)
            for method in METHODS:
                if isinstance(item.get(method), Mapping):
                    yield self._operation(path, item, location, method, incoming)
            self._open.discard(location)

    def _operation(
        self, path: str, item: Mapping[str, Any], at: Location, method: str, incoming: bool
    ) -> Operation:
        node, location = item[method], at.below(method)
        shared = self._entries(item.get("parameters"), at.below("parameters"))
        own = self._entries(node.get("parameters"), location.below("parameters"))
        callbacks = self._entries(node.get("callbacks"), location.below("callbacks"))
        responses = self._entries(node.get("responses"), location.below("responses"))
        return Operation(
            method=method,
            path=path,
            id=str(node.get("operationId", "")),
            at=location,
            incoming=incoming,
            parameters=tuple(self._parameter(*entry) for entry in (*shared, *own)),
            body=self._body(node, location),
            responses=tuple(self._response(*entry) for entry in responses),
            callbacks=tuple(
                callback
                for entry in callbacks
                for callback in self._callbacks(*entry, not incoming)
            ),
            tags=_texts(node.get("tags")),
            deprecated=node.get("deprecated") is True,
            security=_security(node["security"]) if "security" in node else self._security,
            secured="security" in node,
            servers=_servers(node, item),
        )

    def _parameter(self, _: str, node: Mapping[str, Any], at: Location) -> Parameter:
        within = str(node.get("in", ""))
        style = "" if "content" in node else str(node.get("style", _STYLES.get(within, "")))
        return Parameter(
            name=str(node.get("name", "")),
            within=within,
            at=at,
            required=node.get("required") is True,
            schema=self._schema(node, at),
            style=style,
            explode=node.get("explode", style == "form") is True,
        )

    def _body(self, operation: Mapping[str, Any], at: Location) -> Body | None:
        node, location = self._followed(operation.get("requestBody"), at.below("requestBody"))
        if not isinstance(node, Mapping):
            return None
        required = node.get("required") is True
        return Body(at=location, required=required, content=self._content(node, location))

    def _response(self, status: str, node: Mapping[str, Any], at: Location) -> Response:
        headers = self._entries(node.get("headers"), at.below("headers"))
        return Response(
            status=status,
            at=at,
            content=self._content(node, at),
            headers=tuple(
                Header(
                    name=name,
                    at=location,
                    required=header.get("required") is True,
                    schema=self._schema(header, location),
                    explode=header.get("explode") is True,
                )
                for name, header, location in headers
            ),
        )

    def _callbacks(
        self, name: str, node: Mapping[str, Any], at: Location, incoming: bool
    ) -> Iterator[Callback]:
        for expression, item in node.items():
            operations = tuple(self.items({expression: item}, at, incoming))
            yield Callback(name=name, expression=str(expression), operations=operations)

    def _content(self, node: Mapping[str, Any], at: Location) -> tuple[Media, ...]:
        return tuple(
            Media(type=type_, at=location, schema=self._schema(media, location))
            for type_, media, location in self._entries(node.get("content"), at.below("content"))
        )

    def _schema(self, node: Mapping[str, Any], at: Location) -> Location | None:
        """Where its schema is written: a parameter or a header may have it in its content."""
        if "schema" in node:
            return at.below("schema")
        for media in self._content(node, at):
            return media.schema
        return None


def _texts(node: object) -> tuple[str, ...]:
    items = node if isinstance(node, list) else []
    return tuple(text for text in items if isinstance(text, str))
