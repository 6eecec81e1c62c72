"""Swagger 2.0 as OpenAPI 3.0: https://spec.openapis.org/oas/v2.0.html and https://spec.openapis.org/oas/v3.0.3.html."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..errors import step
from ..openapi.structure import METHODS, SCHEMAS
from .moves import Moves
from .schema_words import Rules, Writer

_JSON = "application/json"
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# What stands beside the schema of a parameter or header; all else of it is the schema.
_PARAMETER = frozenset(
    {
        "name",
        "in",
        "description",
        "required",
        "allowEmptyValue",
        "collectionFormat",
        "type",
        "schema",
    }
)
_STYLES = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_Node: TypeAlias = dict[str, Any]


def translated(data: _Node) -> tuple[_Node, Moves]:
    """The document that says the same in OpenAPI 3.0."""
    translation = _Translation(data)
    return translation.document(), Moves(translation.writer.moved)


def _rewrite(word: str, value: Any, schema: _Node) -> Iterable[tuple[str, Any]]:
    match word:
        case "x-nullable":
            return (("nullable", value),)
        case "discriminator" if isinstance(value, str):
            return (("discriminator", {"propertyName": value}),)
        case "type" if value == "file":
            return (("type", "string"), ("format", "binary"))
    return ((word, value),)


# How its schemas are worded.
RULES = Rules(_rewrite)


class _Translation:
    def __init__(self, data: _Node) -> None:
        self.data = data
        self.writer = Writer(RULES)
        self.shared = _mapping(data.get("parameters"))

    def document(self) -> _Node:
        data, place = self.data, self.writer.place
        kept: _Node = {
            key: data[key] for key in ("info", "security", "tags", "externalDocs") if key in data
        }
        extensions = {key: value for key, value in data.items() if key.startswith("x-")}
        components = {
            "schemas": place(_mapping(data.get("definitions")), "/definitions", SCHEMAS, True),
            "parameters": {},
            "requestBodies": {},
            "responses": {},
            "securitySchemes": _mapping(data.get("securityDefinitions")),
        }
        for name, parameter in self.shared.items():
            old = step("/parameters", name)
            if _within(parameter) == "body":
                new = step("/components/requestBodies", name)
                components["requestBodies"][name] = self.body(
                    parameter, old, new, self.consumes({})
                )
            elif _within(parameter) != "formData":
                new = step("/components/parameters", name)
                components["parameters"][name] = self.parameter(parameter, old, new)
        for name, response in _mapping(data.get("responses")).items():
            old, new = step("/responses", name), step("/components/responses", name)
            components["responses"][name] = self.response(response, old, new, self.produces({}))
        return {
            "openapi": "3.0.3",
            **kept,
            "servers": self.servers(),
            "paths": {
                path: self.item(item, step("/paths", path))
                for path, item in _mapping(data.get("paths")).items()
            },
            "components": {name: part for name, part in components.items() if part},
            **extensions,
        }

    def servers(self) -> list[_Node]:
        host, base = self.data.get("host"), self.data.get("basePath", "")
        schemes = self.data.get("schemes")
        if not isinstance(host, str):
            return [{"url": base}] if isinstance(base, str) and base else []
        names = schemes if isinstance(schemes, list) and schemes else ["https"]
        return [{"url": f"{scheme}://{host}{base}"} for scheme in names]

    def item(self, item: Any, at: str) -> Any:
        if not isinstance(item, dict):
            return item
        common = self.entries(item.get("parameters"), step(at, "parameters"))
        result: _Node = {}
        for key, value in item.items():
            if key in METHODS and isinstance(value, dict):
                result[key] = self.operation(value, step(at, key), common)
            elif key == "parameters":
                result[key] = self.parameters(common, step(at, key))
            else:
                result[key] = value
        return result

    def operation(self, operation: _Node, at: str, common: Sequence[tuple[Any, str]]) -> _Node:
        own = self.entries(operation.get("parameters"), step(at, "parameters"))
        result = {
            key: value
            for key, value in operation.items()
            if key not in ("parameters", "responses", "consumes", "produces", "schemes")
        }
        if "parameters" in operation:
            result["parameters"] = self.parameters(own, step(at, "parameters"))
        for entries in (own, common):
            if "requestBody" not in result:
                body = self.request(entries, step(at, "requestBody"), self.consumes(operation))
                if body is not None:
                    result["requestBody"] = body
        if "responses" in operation:
            old = step(at, "responses")
            result["responses"] = {
                code: self.response(
                    response, step(old, code), step(old, code), self.produces(operation)
                )
                for code, response in _mapping(operation["responses"]).items()
            }
        return result

    def entries(self, parameters: Any, at: str) -> list[tuple[Any, str]]:
        every = parameters if isinstance(parameters, list) else []
        return [(parameter, step(at, index)) for index, parameter in enumerate(every)]

    def meant(self, parameter: Any) -> tuple[Any, str]:
        """What a parameter is, and the name under which it is shared."""
        name = _shared_name(parameter)
        return (self.shared[name], name) if name in self.shared else (parameter, "")

    def parameters(self, entries: Iterable[tuple[Any, str]], at: str) -> list[Any]:
        """Those that are sent beside the body."""
        result: list[Any] = []
        for parameter, old in entries:
            meant, name = self.meant(parameter)
            if _within(meant) not in ("body", "formData"):
                new = step(at, len(result))
                if name:
                    result.append({"$ref": f"#{step('/components/parameters', name)}"})
                else:
                    result.append(self.parameter(parameter, old, new))
        return result

    def parameter(self, parameter: Any, old: str, new: str) -> Any:
        if not isinstance(parameter, dict):
            return parameter
        if old != new:
            self.writer.moved.append((new, old))
        result = {
            key: parameter[key]
            for key in ("$ref", "name", "in", "description", "required", "allowEmptyValue")
            if key in parameter
        }
        if "$ref" not in result:
            result["schema"] = self.schema(parameter, old, step(new, "schema"))
        if parameter.get("type") == "array":
            written = parameter.get("collectionFormat")
            style, explode = _STYLES.get(
                written if isinstance(written, str) else "", ("form", False)
            )
            if style == "form" and parameter.get("in") in ("path", "header"):
                style = "simple"
            result |= {"style": style, "explode": explode}
        return result

    def schema(self, parameter: _Node, old: str, new: str) -> Any:
        """The schema of a parameter or header, whose words stand in the parameter itself."""
        words = {key: v for key, v in parameter.items() if key not in _PARAMETER or key == "type"}
        return self.writer.place(_items(words), old, new)

    def request(self, entries: Iterable[tuple[Any, str]], at: str, consumes: Sequence[str]) -> Any:
        """The body that parameters are sent in."""
        fields: list[tuple[_Node, str]] = []
        for parameter, old in entries:
            meant, name = self.meant(parameter)
            if _within(meant) == "body":
                if name:
                    return {"$ref": f"#{step('/components/requestBodies', name)}"}
                return self.body(parameter, old, at, consumes)
            if _within(meant) == "formData":
                fields.append((meant, step("/parameters", name) if name else old))
        return self.form(fields, at, consumes) if fields else None

    def body(self, parameter: _Node, old: str, new: str, consumes: Sequence[str]) -> _Node:
        self.writer.moved.append((new, old))
        result: _Node = {"content": self.content(parameter, old, new, consumes)}
        for key in ("description", "required"):
            if key in parameter:
                result[key] = parameter[key]
        return result

    def content(self, node: _Node, old: str, new: str, types: Sequence[str]) -> _Node:
        if "schema" not in node:
            return {}
        content: _Node = {}
        for media in types:
            schema = step(new, "content", media, "schema")
            content[media] = {
                "schema": self.writer.place(node["schema"], step(old, "schema"), schema)
            }
        return content

    def form(self, fields: Sequence[tuple[_Node, str]], at: str, consumes: Sequence[str]) -> _Node:
        is_file = any(field.get("type") == "file" for field, _ in fields)
        media = _MULTIPART if is_file or _MULTIPART in consumes else _FORM
        schema = step(at, "content", media, "schema")
        properties: _Node = {}
        for field, old in fields:
            name = str(field.get("name"))
            value = self.schema(field, old, step(schema, "properties", name))
            if isinstance(field.get("description"), str) and isinstance(value, dict):
                value["description"] = field["description"]
            properties[name] = value
        required = [str(field.get("name")) for field, _ in fields if field.get("required") is True]
        object_: _Node = {"type": "object", "properties": properties}
        if required:
            object_["required"] = required
        return {"content": {media: {"schema": object_}}, "required": bool(required)}

    def response(self, response: Any, old: str, new: str, produces: Sequence[str]) -> Any:
        if not isinstance(response, dict):
            return response
        if old != new:
            self.writer.moved.append((new, old))
        if isinstance(response.get("$ref"), str):
            ref = response["$ref"].replace("#/responses/", "#/components/responses/", 1)
            return {"$ref": ref}
        result: _Node = {"description": response.get("description", "")}
        if content := self.content(response, old, new, produces):
            result["content"] = content
        if headers := _mapping(response.get("headers")):
            result["headers"] = {
                name: self.header(header, step(old, "headers", name), step(new, "headers", name))
                for name, header in headers.items()
            }
        return result

    def header(self, header: Any, old: str, new: str) -> Any:
        if not isinstance(header, dict):
            return header
        result: _Node = {"schema": self.schema(header, old, step(new, "schema"))}
        if "description" in header:
            result["description"] = header["description"]
        return result

    def consumes(self, operation: _Node) -> Sequence[str]:
        return self._types("consumes", operation)

    def produces(self, operation: _Node) -> Sequence[str]:
        return self._types("produces", operation)

    def _types(self, key: str, operation: _Node) -> Sequence[str]:
        written = operation.get(key, self.data.get(key))
        names = written if isinstance(written, list) else []
        types = [name for name in names if isinstance(name, str)]
        if key == "consumes":
            types = [name for name in types if name not in (_FORM, _MULTIPART)] or types
        return tuple(dict.fromkeys(types)) or (_JSON,)


def _items(words: _Node) -> _Node:
    """Without the words about how items are joined, which are no schema's."""
    words = {key: value for key, value in words.items() if key != "collectionFormat"}
    if isinstance(words.get("items"), dict):
        words["items"] = _items(words["items"])
    return words


def _within(parameter: Any) -> Any:
    return parameter.get("in") if isinstance(parameter, dict) else None


def _shared_name(parameter: Any) -> str:
    ref = parameter.get("$ref") if isinstance(parameter, dict) else None
    prefix = "#/parameters/"
    return ref.removeprefix(prefix) if isinstance(ref, str) and ref.startswith(prefix) else ""


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, dict) else {}
