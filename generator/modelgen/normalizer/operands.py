"""What stands after the keywords of a schema: refused if it is of the wrong JSON type; unknown words are listed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..errors import Diagnostic, Location, SpecError
from ..openapi.keywords import KEYWORDS, TYPES

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
    for word, value in raw.items():
        keyword = KEYWORDS.get(word)
        if keyword is None:
            if not word.startswith("x-"):
                odd.append(("unknown-keyword", word, _unknown(word)))
        elif not _is_one_of(value, keyword.operand.classes):
            message = f"`{word}` must be {_listed(keyword.operand.classes)}, not {describe(value)}."
            if keyword.role != "annotation":
                raise _wrong(word, value, message, at)
            odd.append(("annotation-kind", word, message))
    return odd


def _is_one_of(value: object, classes: tuple[type, ...]) -> bool:
    """Whether a value is of one of these classes; to Python, `true` is a number."""
    if value.__class__ is bool:
        return bool in classes or object in classes
    return isinstance(value, classes)


def _wrong(word: str, value: object, message: str, at: Location) -> SpecError:
    hint = "Correct the value, or remove the keyword."
    if word == "required" and isinstance(value, bool):
        hint = "List the property in `required` of the object that it belongs to."
    return SpecError(Diagnostic("keyword-kind", message, at.below(word), hint))


@cache
def _unknown(keyword: str) -> str:
    near = difflib.get_close_matches(keyword[:40], KEYWORDS, 1)
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
    return SpecError(Diagnostic("keyword-empty", message, at.below(keyword), hint))


def describe(value: object) -> str:
    """The JSON type of a value, for messages."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _NAMES.get(type(value), type(value).__name__)
