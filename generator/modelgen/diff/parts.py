"""The operations of a document as parts with names: parameters, bodies, media types, responses and their headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import Location
from ..loader import Documents
from ..loader.operations import operations
from ..openapi.operations import (
    Body,
    Header,
    Media,
    Operation,
    Operations,
    Parameter,
    Response,
    Scheme,
)
from ..openapi.structure import SCHEMAS
from .changes import Direction

Kind: TypeAlias = Literal[
    "document",
    "security scheme",
    "operation",
    "parameter",
    "body",
    "media type",
    "values",
    "response",
    "response header",
]
Record: TypeAlias = (
    Operations | Scheme | Operation | Parameter | Body | Media | Response | Header | None
)
DOCUMENT = "the document"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPart:
    """`above`: the part that this one goes with; `schema`: where its schema is written, if it has one. `components`: those
    that it refers to. `wire`: the name of a parameter, a header or a scheme. `record`: all that was read of it.
    `identity`: its name without what may be written in another way: names of path parameters, letters of either case.
    """

    kind: Kind
    direction: Direction
    at: Location
    identity: str
    above: str = ""
    required: bool = False
    schema: Location | None = None
    components: frozenset[str] = frozenset()
    wire: str = ""
    record: Record = None


_Named: TypeAlias = Iterator[tuple[str, OperationPart]]
# The name of a part and its identity.
_Name: TypeAlias = tuple[str, str]


def parts(documents: Documents) -> dict[str, OperationPart]:
    """Everything in the operations of a document, by a name: `POST /calls request application/json`."""
    read, namer = operations(documents), _Namer(documents)
    named: dict[str, OperationPart] = {}
    named.update(namer.document(read))
    for operation in read.paths:
        path = (operation.path, _PATH_PARAMETER.sub("{}", operation.path))
        named.update(namer.operation(path, operation))
    for operation in read.webhooks:
        webhook = f"webhook {operation.path}"
        named.update(namer.operation((webhook, webhook), operation))
    return named


_PATH_PARAMETER = re.compile(r"\{[^{}]*\}")


class _Namer:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def document(self, read: Operations) -> _Named:
        yield DOCUMENT, OperationPart(
            kind="document",
            direction="sent",
            at=Location(self._documents.root.source),
            identity=DOCUMENT,
            record=read,
        )
        for scheme in read.schemes:
            name = f"security scheme {scheme.name}"
            yield name, OperationPart(
                kind="security scheme",
                direction="sent",
                at=scheme.at,
                identity=f"security scheme {self._definition(scheme.at)}",
                wire=scheme.name,
                record=scheme,
            )

    def _definition(self, at: Location) -> str:
        """What a scheme is, whatever it is called."""
        node = self._documents.node(at)
        said = node.items() if isinstance(node, Mapping) else ()
        meant = {str(key): value for key, value in said if key != "description"}
        return json.dumps(meant, sort_keys=True, default=str)

    def operation(self, path: _Name, operation: Operation, above: str = "") -> _Named:
        sent: Direction = "received" if operation.incoming else "sent"
        received: Direction = "sent" if operation.incoming else "received"
        method = operation.method.upper()
        here = _joined((method, method), *path)
        name = here[0]
        yield name, OperationPart(
            kind="operation",
            direction=sent,
            at=operation.at,
            identity=here[1],
            above=above,
            record=operation,
        )
        for parameter in operation.parameters:
            below, identity = _joined(
                here,
                f"{parameter.within} {parameter.name}",
                f"{parameter.within} {_identity(parameter, operation.path)}",
            )
            yield below, OperationPart(
                kind="parameter",
                direction=sent,
                at=parameter.at,
                identity=identity,
                above=name,
                required=parameter.required,
                schema=parameter.schema,
                components=self._components(parameter.at),
                wire=parameter.name,
                record=parameter,
            )
        if operation.body is not None:
            yield from self._body(here, operation.body, sent)
        yield from self._responses(here, operation, received)
        for callback in operation.callbacks:
            for inner in callback.operations:
                word = f"callback {callback.name} {callback.expression}"
                yield from self.operation(_joined(path, word, word), inner, above=name)

    def _body(self, above: _Name, body: Body, direction: Direction) -> _Named:
        here = _joined(above, "request", "request")
        yield here[0], OperationPart(
            kind="body",
            direction=direction,
            at=body.at,
            identity=here[1],
            above=above[0],
            required=body.required,
            record=body,
        )
        yield from self._content(here, body.content, direction)

    def _responses(self, above: _Name, operation: Operation, direction: Direction) -> _Named:
        for response in operation.responses:
            status = response.status
            here = _joined(above, f"response {status}", f"response {status.upper()}")
            yield here[0], OperationPart(
                kind="response",
                direction=direction,
                at=response.at,
                identity=here[1],
                above=above[0],
                record=response,
            )
            yield from self._content(here, response.content, direction)
            for header in response.headers:
                name = header.name
                below, identity = _joined(here, f"header {name}", f"header {name.lower()}")
                yield below, OperationPart(
                    kind="response header",
                    direction=direction,
                    at=header.at,
                    identity=identity,
                    above=here[0],
                    required=header.required,
                    schema=header.schema,
                    components=self._components(header.at),
                    wire=name,
                    record=header,
                )

    def _content(self, above: _Name, content: tuple[Media, ...], direction: Direction) -> _Named:
        for media in content:
            spelled = re.sub(r"\s*([;=])\s*", r"\1", media.type.strip()).lower()
            here = _joined(above, media.type, spelled)
            yield here[0], OperationPart(
                kind="media type",
                direction=direction,
                at=media.at,
                identity=here[1],
                above=above[0],
                schema=media.schema,
                components=self._components(media.at),
                record=media,
            )
            if media.items is not None:
                below, identity = _joined(here, "values", "values")
                yield below, OperationPart(
                    kind="values",
                    direction=direction,
                    at=media.items,
                    identity=identity,
                    above=here[0],
                    schema=media.items,
                    components=self._components(media.items),
                )

    def _components(self, at: Location) -> frozenset[str]:
        """The component schemas of the root that are mentioned in what is written somewhere."""
        if at.source != self._documents.root.source:
            return frozenset()
        return frozenset(_mentioned(self._documents.node(at)))


def _joined(above: _Name, word: str, identity: str) -> _Name:
    return f"{above[0]} {word}", f"{above[1]} {identity}"


def _identity(parameter: Parameter, path: str) -> str:
    """A parameter of the path is known by its place there, and the name of a header by its letters."""
    if parameter.within == "header":
        return parameter.name.lower()
    places = _PATH_PARAMETER.findall(path)
    if parameter.within == "path" and f"{{{parameter.name}}}" in places:
        return str(places.index(f"{{{parameter.name}}}"))
    return parameter.name


def _mentioned(node: object) -> Iterator[str]:
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Mapping() as mapping:
                ref = mapping.get("$ref")
                if isinstance(ref, str) and ref.startswith(f"#{SCHEMAS}/"):
                    yield ref.removeprefix(f"#{SCHEMAS}/")
                waiting.extend(mapping.values())
            case list() as items:
                waiting.extend(items)
