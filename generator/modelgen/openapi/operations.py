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
    """The content of a body or a response in one media type. `items`: the schema of each of a sequence of values
    (`itemSchema` of 3.2); `parts`: how properties of a form are sent."""

    type: str
    at: Location
    schema: Location | None
    items: Location | None = None
    parts: tuple[Encoding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """`name`: the property that is sent as a part, "" if it is any of a sequence."""

    name: str
    at: Location
    content_type: str
    headers: tuple[Header, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What stands under `components` for operations to refer to, by name. `operations`: those of path items, by path, and of
    callbacks."""

    parameters: tuple[tuple[str, Parameter], ...] = ()
    headers: tuple[tuple[str, Header], ...] = ()
    bodies: tuple[tuple[str, Body], ...] = ()
    responses: tuple[tuple[str, Response], ...] = ()
    content: tuple[tuple[str, Media], ...] = ()
    operations: tuple[tuple[str, Operation], ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """`security` and `servers` are those of the document, which hold where an operation has none of its own."""

    paths: tuple[Operation, ...]
    webhooks: tuple[Operation, ...]
    security: tuple[Requirement, ...] = ()
    servers: tuple[str, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    shared: Shared = Shared()


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
        shared=reader.shared(document, root),
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

    def shared(self, document: Mapping[str, Any], root: Location) -> Shared:
        components = document.get("components")
        home = components if isinstance(components, Mapping) else {}

        def entries(word: str) -> Iterator[_Entry]:
            return self._entries(home.get(word), root.below("components").below(word))

        items = root.below("components").below("pathItems")
        return Shared(
            parameters=tuple(
                (entry[0], self._parameter(*entry)) for entry in entries("parameters")
            ),
            headers=tuple((entry[0], self._header(*entry)) for entry in entries("headers")),
            bodies=tuple(
                (name, self._body_of(node, at)) for name, node, at in entries("requestBodies")
            ),
            responses=tuple((entry[0], self._response(*entry)) for entry in entries("responses")),
            content=tuple((entry[0], self._media(*entry)) for entry in entries("mediaTypes")),
            operations=(
                *(("", operation) for operation in self.items(home.get("pathItems"), items, False)),
                *(
                    (callback.name, operation)
                    for entry in entries("callbacks")
                    for callback in self._callbacks(*entry, True)
                    for operation in callback.operations
                ),
            ),
        )

    def items(self, node: object, at: Location, incoming: bool) -> Iterator[Operation]:
        """The operations of path items, by path."""
        for path, item, location in self._entries(node, at):
            if location in self._open:  # a callback that leads back to itself
                continue
            self._open.add(location)
            for method in METHODS:
                if isinstance(node := item.get(method), Mapping):
                    entry = (method, node, location.below(method))
                    yield self._operation(path, item, location, entry, incoming)
            further = location.below("additionalOperations")
            for entry in self._entries(item.get("additionalOperations"), further):
                yield self._operation(path, item, location, entry, incoming)
            self._open.discard(location)

    def _operation(
        self, path: str, item: Mapping[str, Any], at: Location, entry: _Entry, incoming: bool
    ) -> Operation:
        method, node, location = entry
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
        return self._body_of(node, location) if isinstance(node, Mapping) else None

    def _body_of(self, node: Mapping[str, Any], at: Location) -> Body:
        required = node.get("required") is True
        return Body(at=at, required=required, content=self._content(node, at))

    def _response(self, status: str, node: Mapping[str, Any], at: Location) -> Response:
        return Response(
            status=status,
            at=at,
            content=self._content(node, at),
            headers=self._headers(node, at),
        )

    def _headers(self, node: Mapping[str, Any], at: Location) -> tuple[Header, ...]:
        entries = self._entries(node.get("headers"), at.below("headers"))
        return tuple(self._header(*entry) for entry in entries)

    def _header(self, name: str, node: Mapping[str, Any], at: Location) -> Header:
        return Header(
            name=name,
            at=at,
            required=node.get("required") is True,
            schema=self._schema(node, at),
            explode=node.get("explode") is True,
        )

    def _callbacks(
        self, name: str, node: Mapping[str, Any], at: Location, incoming: bool
    ) -> Iterator[Callback]:
        for expression, item in node.items():
            operations = tuple(self.items({expression: item}, at, incoming))
            yield Callback(name=name, expression=str(expression), operations=operations)

    def _content(self, node: Mapping[str, Any], at: Location) -> tuple[Media, ...]:
        entries = self._entries(node.get("content"), at.below("content"))
        return tuple(self._media(*entry) for entry in entries)

    def _media(self, type_: str, node: Mapping[str, Any], at: Location) -> Media:
        return Media(
            type=type_,
            at=at,
            schema=at.below("schema") if "schema" in node else None,
            items=at.below("itemSchema") if "itemSchema" in node else None,
            parts=tuple(self._encodings(node, at)),
        )

    def _encodings(self, node: Mapping[str, Any], at: Location) -> Iterator[Encoding]:
        """Of properties, of places in a sequence, and of all others there."""
        entries = [
            *self._entries(node.get("encoding"), at.below("encoding")),
            *self._entries(node.get("prefixEncoding"), at.below("prefixEncoding")),
        ]
        if isinstance(items := node.get("itemEncoding"), Mapping):
            entries.append(("", items, at.below("itemEncoding")))
        for name, encoding, location in entries:
            yield Encoding(
                name=name,
                at=location,
                content_type=str(encoding.get("contentType", "")),
                headers=self._headers(encoding, location),
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
