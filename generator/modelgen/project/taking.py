"""What a source takes of a document: some of its components and operations, and what they say without its words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from ..errors import Diagnostic, Location, SpecError
from ..loader import Document, parse
from ..loader.overlay import laid
from ..loader.writing import as_yaml
from ..openapi.keywords import KEYWORDS
from ..openapi.structure import HOMES, METHODS
from .config import Source

# Words for people. `title` of `info` is the name of the API, and stays.
PROSE = frozenset({"description", "title", "summary", "example", "examples", "externalDocs"})
_DATA = frozenset(row.name for row in KEYWORDS.values() if row.operand.content == "data")
# What maps names of the author's choice, which may be any of the above.
_BY_NAME = frozenset(row.name for row in KEYWORDS.values() if row.operand.by_name) | {
    *HOMES,
    *("paths", "webhooks", "callbacks", "pathItems", "parameters", "requestBodies", "responses"),
    *("headers", "content", "mediaTypes", "encoding", "links", "securitySchemes", "scopes"),
    *("variables", "mapping", "dependencies", "securityDefinitions"),
}
_SCHEMAS = (("components", "schemas"), ("definitions",), ("$defs",))
_CALLED = ("paths", "webhooks")

_HEAD = "# Taken by `modelgen fetch`; modelgen.lock says of what. Changes belong into an overlay.\n"

# The keys of something that is taken as a whole, as ("components", "schemas", "Pet").
Unit: TypeAlias = tuple[str, ...]


def taken(source: Source, document: Document, overlays: Sequence[Document]) -> bytes:
    """The text of what a source takes of a document. Raises SpecError."""
    data = document.data
    if source.select or source.operations is not None:
        data = _Selection(source, data).data()
    if not source.prose:
        data = without_prose(data)
    text = _text(source, data)
    if overlays:
        facts = parse(source.path, text)
        text = _text(source, laid(facts, overlays)[0])
    return text


def without_prose(node: Any, are_names: bool = False) -> Any:
    """Data without words for people: descriptions, titles, summaries, examples, and extensions that hold text."""
    if isinstance(node, list):
        return [without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in node.items():
        if are_names:
            result[key] = without_prose(value)
        elif key in _DATA and key not in PROSE:
            result[key] = value
        elif key == "info" and isinstance(value, dict) and "title" in value:
            result[key] = {"title": value["title"], **without_prose(value)}
        elif key in PROSE or (key.startswith("x-") and any(_texts(value))):
            continue
        else:
            result[key] = without_prose(value, key in _BY_NAME)
            if key == "responses" and isinstance(value, dict):
                _describe(result[key])
    return result


def _describe(responses: dict[str, Any]) -> None:
    """A response must have a description."""
    for name, response in responses.items():
        if isinstance(response, dict) and "$ref" not in response:
            responses[name] = {"description": "", **response}


def _texts(node: Any) -> Iterator[str]:
    """Every text in a value, keys included."""
    if isinstance(node, str):
        yield node
    for item in node if isinstance(node, list) else ():
        yield from _texts(item)
    for key, value in node.items() if isinstance(node, dict) else ():
        yield key
        yield from _texts(value)


def _text(source: Source, data: Any) -> bytes:
    if source.path.endswith(".json"):
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    return f"{_HEAD}{as_yaml(data)}".encode()


class _Selection:
    """What is selected of a document, and all that it refers to."""

    def __init__(self, source: Source, data: Mapping[str, Any]) -> None:
        self.source = source
        self.whole = data
        self.units: dict[Unit, None] = {}
        self.waiting: list[Any] = []

    def data(self) -> dict[str, Any]:
        """The document without all else, in its own order."""
        self._select_components()
        called = self._operations()
        while self.waiting:
            for unit in _references(self.waiting.pop()):
                self._take(unit)
        tags = {tag for item in _items(called) for tag in item.get("tags", ()) if _is_text(tag)}
        result: dict[str, Any] = {}
        for key, value in self.whole.items():
            if key in _CALLED:
                # a reference may lead into what is not called
                whole = {(key, name): item for name, item in value.items()} if value else {}
                items = {name: called.get((key, name)) or whole[key, name] for key, name in whole}
                kept = {
                    name: item
                    for name, item in items.items()
                    if (key, name) in called or (key, name) in self.units
                }
                if kept or key == "paths":
                    result[key] = kept
            elif key == "tags" and isinstance(value, list):
                result[key] = [tag for tag in value if _name_of(tag) in tags]
            elif key == "components" and isinstance(value, dict):
                result[key] = self._components(value, bool(called))
            elif any((key,) == home for home in _SCHEMAS) or any(
                unit[0] == key for unit in self.units
            ):
                result[key] = self._named(value, (key,))
            else:
                result[key] = value
        return result

    def _components(self, components: Mapping[str, Any], has_operations: bool) -> dict[str, Any]:
        result = {}
        for section, named in components.items():
            if section == "securitySchemes":
                kept = named if has_operations else None
            else:
                kept = self._named(named, ("components", section))
            if kept:
                result[section] = kept
        return result

    def _named(self, named: Any, home: Unit) -> Any:
        if not isinstance(named, dict):
            return named
        return {name: value for name, value in named.items() if (*home, name) in self.units}

    def _select_components(self) -> None:
        home = next((home for home in _SCHEMAS if isinstance(self._at(home), dict)), _SCHEMAS[0])
        names: Mapping[str, Any] = self._at(home) or {}
        for glob in self.source.select:
            chosen = [name for name in names if fnmatchcase(name, glob)]
            if not chosen:
                raise self._nothing("select", glob, "component", names)
            for name in chosen:
                self._take((*home, name))

    def _operations(self) -> dict[Unit, dict[str, Any]]:
        """The paths and webhooks with selected operations, without the others."""
        globs = self.source.operations
        if globs is None:
            globs = () if self.source.select else ("*",)
        unused = dict.fromkeys(globs)
        called: dict[Unit, dict[str, Any]] = {}
        for section in _CALLED:
            items = self.whole.get(section)
            for path, item in items.items() if isinstance(items, dict) else ():
                if not isinstance(item, dict):
                    continue
                chosen = {}
                for method in METHODS:
                    operation = item.get(method)
                    if not isinstance(operation, dict):
                        continue
                    texts = (str(operation.get("operationId", "")), f"{method.upper()} {path}")
                    named = [g for g in globs if any(fnmatchcase(text, g) for text in texts)]
                    for glob in named:
                        unused.pop(glob, None)
                    if named:
                        chosen[method] = operation
                if chosen:
                    kept = {k: v for k, v in item.items() if k not in METHODS or k in chosen}
                    called[section, path] = kept
                    self.waiting.append(kept)
        for glob in unused:
            if glob != "*":
                raise self._nothing("operations", glob, "operation", ())
        return called

    def _take(self, unit: Unit) -> None:
        node = self._at(unit)
        if unit not in self.units and node is not None:
            self.units[unit] = None
            self.waiting.append(node)

    def _at(self, keys: Unit) -> Any:
        node: Any = self.whole
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def _nothing(self, key: str, glob: str, what: str, names: Any) -> SpecError:
        message = f'The {what} "{glob}" that the source "{self.source.name}" selects is not there.'
        close = get_close_matches(glob, list(names)[:20_000], 1)
        hint = f"Did you mean {close[0]}?" if close else ""
        hint = hint or f"Correct {key} of the source, if the document has it under another name."
        return SpecError(Diagnostic("source-select", message, Location(self.source.url), hint))


def _references(node: Any) -> Iterator[Unit]:
    """What a value refers to in its own document."""
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, list):
            pending += here
        elif isinstance(here, dict):
            for key, value in here.items():
                if key == "$ref" and isinstance(value, str):
                    yield from _unit(value)
                elif key == "mapping" and isinstance(value, dict):
                    for target in value.values():
                        if _is_text(target):
                            yield from _unit(target)
                            yield "components", "schemas", target
                if isinstance(value, dict | list):
                    pending.append(value)


def _unit(ref: str) -> Iterator[Unit]:
    if ref.startswith("#/"):
        keys = tuple(key.replace("~1", "/").replace("~0", "~") for key in ref[2:].split("/"))
        yield keys[: 3 if keys[0] == "components" else 2]


def _items(called: Mapping[Unit, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in called.values():
        yield from (value for key, value in item.items() if key in METHODS)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _name_of(tag: object) -> object:
    return tag.get("name") if isinstance(tag, dict) else None
