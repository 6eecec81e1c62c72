"""The operations of a document: the schemas that stand in them become types, named after their place.

The name of a type is that of the operation and of its role: `GetPetQuery`, `CreatePetRequest`, `GetPetNotFoundResponse`.
What stands in a component (a response, a request body) and is shared by operations is one type, named after that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus

from .. import ir
from ..errors import Location
from ..ir.words import pascal_case, spelled_out
from ..openapi.operations import (
    Encoding,
    Header,
    Media,
    Operation,
    Operations,
    Parameter,
    Response,
    Shared,
)
from .reader import SchemaReader
from .scope import Scope

# A JSON type is understood without a word; others are told apart by one.
_MEDIA = {
    "": "",
    "application/json": "",
    "application/x-www-form-urlencoded": "Form",
    "multipart/form-data": "Multipart",
    "*/*": "Any",
}
_RANGES = {
    "1XX": "Informational",
    "2XX": "Success",
    "3XX": "Redirect",
    "4XX": "ClientError",
    "5XX": "ServerError",
    "DEFAULT": "Default",
}
# What is said of a reference beside it, and makes no schema of its own of it.
_REMARKS = frozenset(
    {"$ref", "description", "summary", "title", "example", "examples", "deprecated"}
)


class OperationTypes:
    """Reads the schemas of operations. `apart` are the keys of the types that it makes."""

    def __init__(self, scope: Scope, reader: SchemaReader) -> None:
        self.scope = scope
        self.reader = reader
        self.apart: dict[str, None] = {}
        self._shared: dict[Location, str] = {}
        # the operations, responses, parameters and headers that were read
        self._used: set[Location] = set()

    def read(self, operations: Operations, globs: Sequence[str]) -> tuple[ir.Operation, ...]:
        """The operations that one of the globs names, by operationId or as `GET /path`. Raises SpecError."""
        every = tuple(_flat((*operations.paths, *operations.webhooks), ""))
        names = self._names(every)
        read = tuple(
            self._operation(name, operation)
            for (_, operation), name in zip(every, names, strict=True)
            if any(
                ir.is_named(operation.id, operation.method, operation.path, glob) for glob in globs
            )
        )
        if "*" in globs:
            self._read_unused(operations.shared)
        return read

    def _read_unused(self, shared: Shared) -> None:
        """The schemas of components that no operation refers to become types all the same."""
        for name, response in shared.responses:
            if response.at not in self._used:
                self._response(pascal_case(f"{name} response"), response)
        for name, body in shared.bodies:
            self._contents(pascal_case(f"{name} request"), body.content)
        for name, media in shared.content:
            self._contents(pascal_case(f"{name} content"), (media,))
        for role, fields in (("parameter", shared.parameters), ("header", shared.headers)):
            for name, field in fields:
                if field.at not in self._used:
                    self._type(pascal_case(f"{name} {role}"), field.schema)
        for above, operation in shared.operations:
            if operation.at not in self._used:
                self._operation(self._names([(above, operation)])[0], operation)

    # -- names -------------------------------------------------------------------------------------------------

    def _names(self, every: Sequence[tuple[str, Operation]]) -> list[str]:
        """A name for each operation: its operationId, or its method and path where that is not its own."""
        ids = Counter(pascal_case(operation.id) for _, operation in every if operation.id)
        places = Counter(_place(*one) for one in every)
        names: list[str] = []
        for above, operation in every:
            name = pascal_case(operation.id) if operation.id else ""
            if ids[name] > 1:
                self.scope.note(
                    "name-taken",
                    f"Another operation is called `{operation.id}`: its types are named after its path.",
                    operation.at.below("operationId"),
                )
            if not name or ids[name] > 1:
                name = _place(above, operation)
                if places[name] > 1 or name in ids:
                    name = _place(above, operation, spelled_out)
            names.append(name)
        return names

    def _free(self, name: str, at: Location) -> str:
        """A key that no component and no other type has, for a type of an operation."""
        key = name
        while key in self.scope.components or key in self.scope.types_by_key or key in self.apart:
            key += "Inline"
        self.apart[key] = None
        if key != name:
            self.scope.note("name-taken", f"`{name}` is taken: this becomes `{key}`.", at)
        return key

    # -- types -------------------------------------------------------------------------------------------------

    def _operation(self, name: str, operation: Operation) -> ir.Operation:
        self._used.add(operation.at)
        parameters: dict[str, dict[str, Parameter]] = {}
        for parameter in operation.parameters:
            # those of the operation come later, and replace those of its path
            parameters.setdefault(parameter.within, {})[parameter.name] = parameter
        body = operation.body
        return ir.Operation(
            name=name,
            id=operation.id,
            method=operation.method.upper(),
            path=operation.path,
            incoming=operation.incoming,
            tags=operation.tags,
            deprecated=operation.deprecated,
            security=operation.security,
            parameters=tuple(
                (within, self._fields(f"{name}{pascal_case(within)}", named.values(), operation.at))
                for within, named in parameters.items()
            ),
            styles=tuple(
                ir.Style(within, parameter.name, parameter.style, parameter.explode)
                for within, named in parameters.items()
                for parameter in named.values()
            ),
            request_required=body is not None and body.required,
            request=self._content(f"{name}Request", body.content) if body else (),
            request_items=self._items(f"{name}Request", body.content) if body else (),
            request_parts=self._parts(f"{name}Request", body.content) if body else (),
            responses=tuple(
                self._response(f"{name}{_status(response.status)}Response", response)
                for response in operation.responses
            ),
            at=operation.at,
        )

    def _response(self, name: str, response: Response) -> ir.Response:
        self._used.add(response.at)
        headers = response.headers
        return ir.Response(
            status=response.status,
            content=self._content(name, response.content),
            items=self._items(name, response.content),
            parts=self._parts(name, response.content),
            headers=self._fields(f"{name}Headers", headers, response.at) if headers else "",
        )

    def _content(self, name: str, content: Iterable[Media]) -> ir.operations.Content:
        every = tuple(content)
        keys: dict[str, str] = {}
        same: dict[ir.Value, str] = {}
        # media types with the same schema have the same type, which is named after the plainest
        for media in sorted(every, key=lambda media: _media(media.type) != ""):
            raw = self.scope.documents.node(media.schema) if media.schema else None
            value = ir.Value.of(raw)
            if media.schema is None or value not in same:
                same[value] = self._type(f"{name}{_media(media.type)}", media.schema)
            keys[media.type] = same[value]
        return tuple((media.type, keys[media.type]) for media in every)

    def _contents(self, name: str, content: Iterable[Media]) -> None:
        self._content(name, content)
        self._items(name, content)
        self._parts(name, content)

    def _items(self, name: str, content: Iterable[Media]) -> ir.operations.Content:
        return tuple(
            (media.type, self._type(f"{name}{_media(media.type)}Item", media.items))
            for media in content
            if media.items is not None
        )

    def _parts(self, name: str, content: Iterable[Media]) -> tuple[ir.Part, ...]:
        return tuple(
            ir.Part(
                media=media.type,
                name=part.name,
                content_type=part.content_type,
                headers=self._part_headers(f"{name}{_media(media.type)}", part),
            )
            for media in content
            for part in media.parts
            if part.content_type or part.headers
        )

    def _part_headers(self, name: str, part: Encoding) -> str:
        """The key of the type of the headers of a part, "" if it has none."""
        if not part.headers:
            return ""
        if part.at not in self._shared:
            name = (_home(part.at) or name) + pascal_case(f"{part.name or 'item'} headers")
            self._shared[part.at] = self._fields(name, part.headers, part.at)
        return self._shared[part.at]

    def _type(self, name: str, at: Location | None) -> str:
        """The key of the type of a schema: what it refers to, or a type of its own."""
        if at is None:
            return ""
        if at in self._shared:
            return self._shared[at]
        raw = self.scope.schema(self.scope.documents.node(at), at)
        if isinstance(raw, dict) and isinstance(raw.get("$ref"), str) and raw.keys() <= _REMARKS:
            key = self.scope.target(raw["$ref"], at.below("$ref")).key
        else:
            key = self._free(_home(at) or name, at)
            self.scope.cycles.take_out(raw, at)
            type_ = self.reader.type_of(raw, at, key)
            self.scope.register(self.scope.named(key, type_, raw, at, component=False))
        self._shared[at] = key
        return key

    def _fields(self, name: str, fields: Iterable[Parameter | Header], at: Location) -> str:
        """The key of a type that has parameters or headers as its fields."""
        key = self._free(name, at)
        made = tuple(self._field(key, field) for field in fields)
        object_ = ir.Object(fields=made, additional=ir.Anything(at=at), at=at)
        self.scope.register(self.scope.named(key, object_, {}, at, component=False))
        return key

    def _field(self, owner: str, field: Parameter | Header) -> ir.Field:
        self._used.add(field.at)
        node = self.scope.documents.node(field.at)
        annotations: Mapping[str, object] = node if isinstance(node, dict) else {}
        type_: ir.Type = ir.Anything(at=field.at)
        default = None
        if field.schema is not None:
            schema = self.scope.schema(self.scope.documents.node(field.schema), field.schema)
            key = self._shared_key(field.at) or self.scope.property_key(owner, field.name)
            type_ = self.reader.inline(schema, field.schema, key)
            if isinstance(schema, dict) and "default" in schema:
                default = ir.Value.of(schema["default"])
        bare, nullable = ir.split_null(type_)
        return ir.Field(
            wire=field.name,
            type=bare,
            required=field.required,
            nullable=nullable,
            default=default,
            deprecated=annotations.get("deprecated") is True,
            doc=self.scope.doc(dict(annotations)),
            at=field.at,
        )

    def _shared_key(self, at: Location) -> str:
        """The key of what is inline in a parameter or header that operations share, "" for one of an operation."""
        home = _home(at)
        if home and at not in self._shared:
            self._shared[at] = self._free(home, at)
        return self._shared[at] if home else ""


def _place(
    above: str, operation: Operation, spelled: Callable[[str], str] = lambda path: path
) -> str:
    """An operation by its method and path."""
    return pascal_case(f"{above} {operation.method} {spelled(operation.path)}")


def _flat(operations: Iterable[Operation], above: str) -> Iterator[tuple[str, Operation]]:
    """Operations and those of their callbacks, each with the words for what it is a callback of."""
    for operation in operations:
        yield above, operation
        for callback in operation.callbacks:
            of = operation.id or f"{operation.method} {operation.path}"
            yield from _flat(callback.operations, f"{of} {callback.name}")


# How a type that stands in a component is called: the name of the component and its role.
_ROLES = {
    "responses": "Response",
    "requestBodies": "Request",
    "parameters": "Parameter",
    "headers": "Header",
    "mediaTypes": "Content",
}


def _home(at: Location) -> str:
    """The name of a schema that stands in a component which operations share, "" for one of an operation."""
    match at.pointer.split("/"):
        case ["", "components", role, name, *below] if role in _ROLES:
            media = below[1].replace("~1", "/") if below[:1] == ["content"] else ""
            if below[:1] == ["headers"]:
                name += f" {below[1]} {_ROLES[role]}"
                role = "headers"
            text = name.replace("~1", "/").replace("~0", "~")
            item = "Item" if below[-1:] == ["itemSchema"] else ""
            return f"{pascal_case(text)}{_ROLES[role]}{_media(media)}{item}"
    return ""


def _status(code: str) -> str:
    """A status by its meaning: `NotFound`; nothing for 200."""
    if code == "200":
        return ""
    if code.upper() in _RANGES:
        return _RANGES[code.upper()]
    try:
        return pascal_case(HTTPStatus(int(code)).phrase.replace("'", ""))
    except ValueError:
        return pascal_case(f"status {code}")


def _media(type_: str) -> str:
    """What tells a media type from JSON: `EventStream`."""
    plain = type_.partition(";")[0].strip().lower()
    known = _MEDIA.get(plain)
    return pascal_case(plain.rpartition("/")[2]) if known is None else known
