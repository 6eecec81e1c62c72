"""What the keywords of a schema are: which exist, what kind of value each takes, what they apply to.

JSON Schema draft 2020-12 (core, applicator, validation, unevaluated), OpenAPI 3.0 to 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Diagnostic, Location, SpecError, step

SCHEMA = (dict, bool)
NUMBER = (int, float)

# keyword -> the Python types its JSON value may have
KEYWORDS: dict[str, tuple[type, ...]] = {
    # references
    "$ref": (str,),
    "$dynamicRef": (str,),
    "$recursiveRef": (str,),
    # shape
    "type": (str, list),
    "nullable": (bool,),
    "enum": (list,),
    "const": (object,),
    "format": (str,),
    "properties": (dict,),
    "required": (list,),
    "additionalProperties": SCHEMA,
    "patternProperties": (dict,),
    "items": (dict, bool, list),
    "prefixItems": (list,),
    # composition
    "allOf": (list,),
    "anyOf": (list,),
    "oneOf": (list,),
    "not": SCHEMA,
    "if": SCHEMA,
    "then": SCHEMA,
    "else": SCHEMA,
    "dependentSchemas": (dict,),
    "dependentRequired": (dict,),
    "unevaluatedProperties": SCHEMA,
    "unevaluatedItems": SCHEMA,
    "propertyNames": SCHEMA,
    "contains": SCHEMA,
    # bounds
    "minContains": NUMBER,
    "maxContains": NUMBER,
    "minimum": NUMBER,
    "maximum": NUMBER,
    "exclusiveMinimum": (int, float, bool),
    "exclusiveMaximum": (int, float, bool),
    "multipleOf": NUMBER,
    "minLength": NUMBER,
    "maxLength": NUMBER,
    "pattern": (str,),
    "minItems": NUMBER,
    "maxItems": NUMBER,
    "uniqueItems": (bool,),
    "minProperties": NUMBER,
    "maxProperties": NUMBER,
    "discriminator": (dict,),
}

ASSERTIONS = frozenset(KEYWORDS)

ANNOTATIONS: dict[str, tuple[type, ...]] = {
    "title": (str,),
    "description": (str,),
    "default": (object,),
    "deprecated": (bool,),
    "readOnly": (bool,),
    "writeOnly": (bool,),
    "example": (object,),
    "examples": (list, dict),
    "externalDocs": (dict,),
    "xml": (dict,),
    "contentEncoding": (str,),
    "contentMediaType": (str,),
    "contentSchema": SCHEMA,
    "$id": (str,),
    "$schema": (str,),
    "$anchor": (str,),
    "$dynamicAnchor": (str,),
    "$recursiveAnchor": (bool,),
    "$comment": (str,),
    "$defs": (dict,),
    "$vocabulary": (dict,),
    "definitions": (dict,),
}

_KNOWN = {**KEYWORDS, **ANNOTATIONS}

TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")

# Words of other languages that documents use for a JSON type.
FOREIGN_TYPES = {
    "float": "number",
    "double": "number",
    "decimal": "number",
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "bool": "boolean",
    "str": "string",
}

# Bounds that combine when two conjuncts give one each: the tighter one holds.
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")

# keyword -> the JSON types it says something about
CHECKS_BY_KIND: dict[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    "object": (
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
    ),
}
CHECKS_BY_KIND["integer"] = CHECKS_BY_KIND["number"]

OBJECT_SHAPE = frozenset({"properties", "required", "additionalProperties", "patternProperties"})
ARRAY_SHAPE = frozenset({"items", "prefixItems"})

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def check_keywords(raw: Mapping[str, Any], at: Location) -> list[tuple[str, str]]:
    """Refuse assertions whose value is of the wrong JSON type. Returns (anomaly code, keyword) for words that nothing
    defines and for annotations of the wrong type."""
    odd = []
    for keyword, value in raw.items():
        wanted = _KNOWN.get(keyword)
        if wanted is None:
            if not keyword.startswith("x-"):
                odd.append(("unknown-keyword", keyword))
        elif not isinstance(value, wanted) or (
            value.__class__ is bool and bool not in wanted and object not in wanted
        ):
            if keyword in ANNOTATIONS:
                odd.append(("annotation-kind", keyword))
                continue
            names = " or ".join(dict.fromkeys(_NAMES[kind] for kind in wanted))
            raise SpecError(
                Diagnostic(
                    "keyword-kind",
                    f"`{keyword}` must be {names}, not {describe(value)}",
                    _below(at, keyword),
                    "a schema keyword has the wrong kind of value; correct the document",
                )
            )
    return odd


def schema_kind(value: object, at: Location) -> SpecError:
    """The error for something that stands where a schema should."""
    return SpecError(
        Diagnostic(
            "schema-kind",
            f"expected a schema (an object, true or false), not {describe(value)}",
            at,
            "a schema is a mapping of keywords such as `type` and `properties`",
        )
    )


def describe(value: object) -> str:
    """The JSON type of a value, for messages."""
    if value is None:
        return "null"
    return _NAMES.get(type(value), type(value).__name__)


def _below(at: Location, *keys: str | int) -> Location:
    return Location(at.source, step(at.pointer, *keys))


def meet(left: tuple[str, ...] | None, right: tuple[str, ...]) -> tuple[str, ...]:
    """The JSON types in both, in the order of the left; an integer is a number."""
    if left is None:
        return right
    both = []
    for kind in left:
        if kind in right or (kind == "integer" and "number" in right):
            both.append(kind)
        elif kind == "number" and "integer" in right:
            both.append("integer")
    return tuple(both)
