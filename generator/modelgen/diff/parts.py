"""The operations of a document as parts with names: parameters, bodies, media types, responses and their headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import Location
from ..loader import Documents
from ..loader.operations import operations
from ..openapi.operations import Media, Operation
from ..openapi.structure import SCHEMAS
from .changes import Direction

Kind: TypeAlias = Literal[
    "operation", "parameter", "body", "media type", "response", "response header"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPart:
    """`above`: the part that this one goes with; `schema`: where its schema is written, if it has one. `components`: those
    that it refers to. `wire`: the name of a parameter or a header."""

    kind: Kind
    direction: Direction
    at: Location
    above: str = ""
    required: bool = False
    schema: Location | None = None
    components: frozenset[str] = frozenset()
    wire: str = ""


_Named: TypeAlias = Iterator[tuple[str, OperationPart]]


def parts(documents: Documents) -> dict[str, OperationPart]:
    """Everything in the operations of a document, by a name: `POST /calls request application/json`."""
    read, namer = operations(documents), _Namer(documents)
    named: dict[str, OperationPart] = {}
    for operation in read.paths:
        named.update(namer.operation(operation.path, operation))
    for operation in read.webhooks:
        named.update(namer.operation(f"webhook {operation.path}", operation))
    return named


class _Namer:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def operation(self, path: str, operation: Operation) -> _Named:
        sent: Direction = "received" if operation.incoming else "sent"
        received: Direction = "sent" if operation.incoming else "received"
        name = f"{operation.method.upper()} {path}"
        yield name, OperationPart(kind="operation", direction=sent, at=operation.at)
        for parameter in operation.parameters:
            yield f"{name} {parameter.within} {parameter.name}", OperationPart(
                kind="parameter",
                direction=sent,
                at=parameter.at,
                above=name,
                required=parameter.required,
                schema=parameter.schema,
                components=self._components(parameter.at),
                wire=parameter.name,
            )
        if operation.body is not None:
            yield from self._body(name, operation, sent)
        yield from self._responses(name, operation, received)
        for callback in operation.callbacks:
            for inner in callback.operations:
                below = f"{path} callback {callback.name} {callback.expression}"
                yield from self.operation(below, inner)

    def _body(self, above: str, operation: Operation, direction: Direction) -> _Named:
        body = operation.body
        assert body is not None
        name = f"{above} request"
        yield name, OperationPart(
            kind="body", direction=direction, at=body.at, above=above, required=body.required
        )
        yield from self._content(name, body.content, direction)

    def _responses(self, above: str, operation: Operation, direction: Direction) -> _Named:
        for response in operation.responses:
            name = f"{above} response {response.status}"
            yield name, OperationPart(
                kind="response", direction=direction, at=response.at, above=above
            )
            yield from self._content(name, response.content, direction)
            for header in response.headers:
                yield f"{name} header {header.name}", OperationPart(
                    kind="response header",
                    direction=direction,
                    at=header.at,
                    above=name,
                    required=header.required,
                    schema=header.schema,
                    components=self._components(header.at),
                    wire=header.name,
                )

    def _content(self, above: str, content: tuple[Media, ...], direction: Direction) -> _Named:
        for media in content:
            yield f"{above} {media.type}", OperationPart(
                kind="media type",
                direction=direction,
                at=media.at,
                above=above,
                schema=media.schema,
                components=self._components(media.at),
            )

    def _components(self, at: Location) -> frozenset[str]:
        """The component schemas of the root that are mentioned in what is written somewhere."""
        if at.source != self._documents.root.source:
            return frozenset()
        return frozenset(_mentioned(self._documents.node(at)))


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
