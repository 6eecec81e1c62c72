"""What stands after the keywords of a schema, in words."""

from __future__ import annotations

import difflib
from functools import cache

from ..openapi.keywords import KEYWORDS, Keyword

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
    "file": "string",
}

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def fits(value: object, keyword: Keyword) -> bool:
    """Whether a value is of a kind that a keyword takes; to Python, `true` is a number."""
    classes = keyword.operand.classes
    if value.__class__ is bool:
        return bool in classes or object in classes
    return isinstance(value, classes)


@cache
def unknown(keyword: str) -> str:
    near = difflib.get_close_matches(keyword[:40], KEYWORDS, 1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    return f"`{keyword}` is no keyword of JSON Schema or OpenAPI.{meant}"


def listed(kinds: tuple[type, ...]) -> str:
    """Kinds of JSON values in words; "true or false" comes last."""
    names = list(dict.fromkeys(_NAMES[kind] for kind in sorted(kinds, key=lambda k: k is bool)))
    return ", ".join(names) if bool in kinds else " or ".join(names)


def describe(value: object) -> str:
    """The JSON type of a value, for messages."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _NAMES.get(type(value), type(value).__name__)
