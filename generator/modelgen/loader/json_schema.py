"""JSON Schema: a file with definitions, a root schema or both, each draft by its own rules.

Drafts 4, 6 and 7: https://json-schema.org/draft-07/json-schema-release-notes and those before it; 2019-09 and 2020-12:
https://json-schema.org/draft/2020-12/release-notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..errors import step
from ..openapi.keywords import ASSERTIONS
from ..openapi.structure import SCHEMAS
from .moves import Moves
from .schema_words import Rules, Writer

_DRAFT = re.compile(
    r"https?://json-schema\.org/(?:draft-0(?P<old>[3467])|draft/(?P<year>\d{4})-\d\d)/"
)
# What says nothing beside a `$ref` in a draft in which that stands for the whole schema.
_IDLE = (ASSERTIONS - {"$ref"}) | {"$id", "id"}
_DEFINITIONS = ("$defs", "definitions")


def is_bundle(data: dict[str, Any]) -> bool:
    """Whether a document is JSON Schema: it says so, or has definitions, or says what is valid."""
    return (
        _draft(data) is not None
        or any(isinstance(data.get(home), dict) for home in _DEFINITIONS)
        or bool(data.keys() & {"type", "properties", "$ref", "allOf", "anyOf", "oneOf", "enum"})
    )


def rules_of(data: dict[str, Any], otherwise: Rules | None = None) -> Rules:
    """How the schemas of a file are worded: as the draft says that it names, else as is said or as in the newest."""
    draft = _draft(data)
    return otherwise if draft is None and otherwise else Rules(_Draft(draft or 2020).rewrite)


def translated(data: dict[str, Any], source: str, rules: Rules) -> tuple[dict[str, Any], Moves]:
    """A file of JSON Schema as an OpenAPI document: its definitions are components, and the schema that it is itself is
    one too, called after the file."""
    writer = Writer(rules)
    schemas: dict[str, Any] = {}
    for home in _DEFINITIONS:
        definitions = data.get(home)
        for name, schema in definitions.items() if isinstance(definitions, dict) else ():
            if name not in schemas:
                schemas[name] = writer.place(schema, step("", home, name), step(SCHEMAS, name))
        writer.moved.append((SCHEMAS, step("", home)))
    own = {word: value for word, value in data.items() if word not in _DEFINITIONS}
    if own.keys() & ASSERTIONS or not schemas:
        name = _name(source)
        while name in schemas:
            name += "Schema"
        schemas[name] = writer.place(own, "", step(SCHEMAS, name))
    else:
        writer.moved.append(("", ""))
    title = data.get("title")
    result = {
        "openapi": "3.1.0",
        "info": {"title": title if isinstance(title, str) else _name(source), "version": ""},
        "paths": {},
        "components": {"schemas": schemas},
    }
    return result, Moves(writer.moved)


class _Draft:
    """The words of a draft: 3, 4, 6 and 7, or its year."""

    def __init__(self, number: int) -> None:
        self.number = number

    def rewrite(self, word: str, value: Any, schema: dict[str, Any]) -> Iterable[tuple[str, Any]]:
        if self.number <= 7 and "$ref" in schema and word in _IDLE:
            return ()  # a reference stands for the whole schema
        match word:
            case "id" if self.number <= 4 and isinstance(value, str):
                return (("$id", value),)
            case "exclusiveMinimum" | "exclusiveMaximum" if isinstance(value, bool):
                bound = schema.get(word.replace("exclusiveM", "m"))
                return ((word, bound),) if value and bound is not None else ()
            case "minimum" | "maximum" if schema.get(f"exclusive{word.capitalize()}") is True:
                return ()
            case "items" if isinstance(value, list) and self.number < 2020:
                return (("prefixItems", value),)
            case "additionalItems" if self.number < 2020:
                return (("items", value),) if isinstance(schema.get("items"), list) else ()
            case "dependencies" if isinstance(value, dict):
                return _dependencies(value)
        return ((word, value),)


def _dependencies(value: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    names = {name: each for name, each in value.items() if isinstance(each, list)}
    schemas = {name: each for name, each in value.items() if not isinstance(each, list)}
    if names:
        yield "dependentRequired", names
    if schemas:
        yield "dependentSchemas", schemas


def _draft(data: dict[str, Any]) -> int | None:
    declared = data.get("$schema")
    match = _DRAFT.match(declared) if isinstance(declared, str) else None
    return int(match["old"] or match["year"]) if match else None


def _name(source: str) -> str:
    """What a schema is called that is a whole file: `person.schema.json` -> `Person`."""
    stem = re.split(r"[/\\:]", source)[-1].rsplit(".", 1)[0]
    words = re.split(r"[\W_]+", re.sub(r"[.-]schema$", "", stem))
    return "".join(word[:1].upper() + word[1:] for word in words) or "Root"
