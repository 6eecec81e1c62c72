"""What the keywords of a schema are: which exist, what kind of value each takes, what they apply to.

JSON Schema draft 2020-12 (core, applicator, validation, unevaluated), OpenAPI 3.0 to 3.2.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..errors import Diagnostic, Location, SpecError

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

ALL_KINDS = ("string", "number", "integer", "boolean", "null", "array", "object")

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


def check_keywords(raw: Mapping[str, Any], at: Location) -> list[tuple[str, str, str]]:
    """Refuse assertions whose value is of the wrong JSON type. Returns (anomaly code, keyword, message) for words that
    nothing defines and for annotations of the wrong type."""
    odd = []
    for keyword, value in raw.items():
        wanted = _KNOWN.get(keyword)
        if wanted is None:
            if not keyword.startswith("x-"):
                odd.append(("unknown-keyword", keyword, _unknown(keyword)))
        elif not isinstance(value, wanted) or (
            value.__class__ is bool and bool not in wanted and object not in wanted
        ):
            message = f"`{keyword}` must be {_listed(wanted)}, not {describe(value)}"
            if keyword in ANNOTATIONS:
                odd.append(("annotation-kind", keyword, f"{message}."))
                continue
            hint = "Correct the value, or remove the keyword."
            if keyword == "required" and isinstance(value, bool):
                hint = "List the property in `required` of the object that it belongs to."
            raise SpecError(Diagnostic("keyword-kind", f"{message}.", _below(at, keyword), hint))
    return odd


@cache
def _unknown(keyword: str) -> str:
    near = difflib.get_close_matches(keyword[:40], _KNOWN, 1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    return f"`{keyword}` is no keyword of JSON Schema or OpenAPI.{meant}"


def _listed(kinds: tuple[type, ...]) -> str:
    """Kinds of JSON values in words; "true or false" comes last."""
    names = list(dict.fromkeys(_NAMES[kind] for kind in sorted(kinds, key=lambda k: k is bool)))
    return ", ".join(names) if bool in kinds else " or ".join(names)


def schema_kind(value: object, at: Location) -> SpecError:
    """The error for something that stands where a schema should."""
    hint = "Write a mapping of keywords such as `type` and `properties`."
    if isinstance(value, str) and value in TYPES:
        hint = f"Write a mapping: `{{type: {value}}}`."
    message = f"A schema must be an object, true or false, not {describe(value)}."
    return SpecError(Diagnostic("schema-kind", message, at, hint))


def keyword_empty(keyword: str, at: Location) -> SpecError:
    """The error for a list of a schema `at` that must not be empty."""
    message = f"`{keyword}` must list at least one entry."
    hint = "Fill the list, or remove the keyword."
    return SpecError(Diagnostic("keyword-empty", message, _below(at, keyword), hint))


def describe(value: object) -> str:
    """The JSON type of a value, for messages."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _NAMES.get(type(value), type(value).__name__)


def _below(at: Location, *keys: str | int) -> Location:
    return at.below(*keys)


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
