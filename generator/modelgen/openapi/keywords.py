"""The keywords of a schema, a row for each: JSON Schema draft 2020-12 (core, applicator, validation, unevaluated,
meta-data, content) and OpenAPI 3.0 to 3.2.

Loader, normalizer, diff, tables and documentation take what they know about keywords from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Content: TypeAlias = Literal["", "schema", "names", "data"]


@dataclass(frozen=True, slots=True)
class Operand:
    """What may stand after a keyword.

    `classes`: those of its parsed JSON. `content`: what is in it, by itself, in a list, or in a mapping `by_name`.
    """

    classes: tuple[type, ...]
    content: Content = ""
    by_name: bool = False

    def schemas(self, value: object) -> Iterator[tuple[tuple[str | int, ...], object]]:
        """The schemas in an operand, with the steps that lead to each."""
        if self.content != "schema":
            return
        if self.by_name:
            for name, schema in value.items() if isinstance(value, dict) else ():
                yield (name,), schema
        elif isinstance(value, list):
            for index, schema in enumerate(value):
                yield (index,), schema
        else:
            yield (), value


SCHEMA = Operand((dict, bool), "schema")
SCHEMA_LIST = Operand((list,), "schema")
SCHEMA_MAP = Operand((dict,), "schema", by_name=True)
ITEMS = Operand((dict, bool, list), "schema")  # a list in older drafts: `prefixItems`
NAMES = Operand((list,), "names")
NAMES_MAP = Operand((dict,), "names", by_name=True)
NUMBER = Operand((int, float))
EXCLUSIVE = Operand((int, float, bool))  # true or false in OpenAPI 3.0, about the bound beside it
TEXT = Operand((str,))
FLAG = Operand((bool,))
MAPPING = Operand((dict,))
WORDS = Operand((str, list))
DATA = Operand((object,), "data")
DATA_LIST = Operand((list,), "data")
EXAMPLES = Operand((list, dict), "data")

# What becomes of a keyword. A `reference` is followed; a `shape` decides what type a schema is; a `condition` is a check of
# that type; an `unevaluated` one is about what all others leave over; an `annotation` asserts nothing.
Role: TypeAlias = Literal["reference", "shape", "condition", "unevaluated", "annotation"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """One row.

    `applies_to`: the JSON types about whose values it says something, none for all. `in_place`: its schemas speak of
    the very value that the schema around it speaks of. `beside`: the keyword without which it says nothing. `bound`:
    a higher operand of an `upper` one admits more, of a `lower` one less; `limits` is what it bounds, in words, and
    `idle` the operand that says nothing. `note`: the condition in the documentation of a class.
    """

    name: str
    operand: Operand
    role: Role
    applies_to: tuple[str, ...] = ()
    in_place: bool = False
    beside: str = ""
    bound: Literal["", "upper", "lower"] = ""
    limits: str = ""
    idle: int | None = None
    note: str = ""


# The words of `type`.
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")

_STRING = ("string",)
_NUMBER = ("number", "integer")
_ARRAY = ("array",)
_OBJECT = ("object",)

_ROWS = (
    Keyword("$ref", TEXT, "reference", in_place=True),
    Keyword("$dynamicRef", TEXT, "reference", in_place=True),
    Keyword("$recursiveRef", TEXT, "reference", in_place=True),
    #
    Keyword("type", WORDS, "shape"),
    Keyword("nullable", FLAG, "shape"),
    Keyword("enum", DATA_LIST, "shape"),
    Keyword("const", DATA, "shape"),
    Keyword("format", TEXT, "shape", _STRING),
    Keyword("properties", SCHEMA_MAP, "shape", _OBJECT),
    Keyword("required", NAMES, "shape", _OBJECT),
    Keyword("additionalProperties", SCHEMA, "shape", _OBJECT),
    Keyword("patternProperties", SCHEMA_MAP, "shape", _OBJECT),
    Keyword("items", ITEMS, "shape", _ARRAY),
    Keyword("prefixItems", SCHEMA_LIST, "shape", _ARRAY),
    Keyword("allOf", SCHEMA_LIST, "shape", in_place=True),
    Keyword("anyOf", SCHEMA_LIST, "shape", in_place=True),
    Keyword("oneOf", SCHEMA_LIST, "shape", in_place=True),
    Keyword("discriminator", MAPPING, "shape"),
    #
    Keyword("not", SCHEMA, "condition", in_place=True),
    Keyword("if", SCHEMA, "condition", in_place=True),
    Keyword("then", SCHEMA, "condition", in_place=True, beside="if"),
    Keyword("else", SCHEMA, "condition", in_place=True, beside="if"),
    Keyword("dependentSchemas", SCHEMA_MAP, "condition", _OBJECT, in_place=True),
    Keyword("dependentRequired", NAMES_MAP, "condition", _OBJECT),
    Keyword("propertyNames", SCHEMA, "condition", _OBJECT),
    Keyword("contains", SCHEMA, "condition", _ARRAY),
    Keyword("uniqueItems", FLAG, "condition", _ARRAY),
    Keyword("pattern", TEXT, "condition", _STRING),
    Keyword("multipleOf", NUMBER, "condition", _NUMBER, note="a multiple of {}"),
    Keyword(
        "minimum",
        NUMBER,
        "condition",
        _NUMBER,
        bound="lower",
        limits="the smallest number",
        note="at least {}",
    ),
    Keyword(
        "exclusiveMinimum",
        EXCLUSIVE,
        "condition",
        _NUMBER,
        bound="lower",
        limits="the number that all are above",
        note="more than {}",
    ),
    Keyword(
        "maximum",
        NUMBER,
        "condition",
        _NUMBER,
        bound="upper",
        limits="the largest number",
        note="at most {}",
    ),
    Keyword(
        "exclusiveMaximum",
        EXCLUSIVE,
        "condition",
        _NUMBER,
        bound="upper",
        limits="the number that all are below",
        note="less than {}",
    ),
    Keyword(
        "minLength",
        NUMBER,
        "condition",
        _STRING,
        bound="lower",
        limits="the length of a text",
        idle=0,
        note="at least {} characters",
    ),
    Keyword(
        "maxLength",
        NUMBER,
        "condition",
        _STRING,
        bound="upper",
        limits="the length of a text",
        note="at most {} characters",
    ),
    Keyword(
        "minItems",
        NUMBER,
        "condition",
        _ARRAY,
        bound="lower",
        limits="the number of items",
        idle=0,
        note="at least {} items",
    ),
    Keyword(
        "maxItems",
        NUMBER,
        "condition",
        _ARRAY,
        bound="upper",
        limits="the number of items",
        note="at most {} items",
    ),
    Keyword(
        "minProperties",
        NUMBER,
        "condition",
        _OBJECT,
        bound="lower",
        limits="the number of properties",
        idle=0,
        note="at least {} properties",
    ),
    Keyword(
        "maxProperties",
        NUMBER,
        "condition",
        _OBJECT,
        bound="upper",
        limits="the number of properties",
        note="at most {} properties",
    ),
    Keyword(
        "minContains",
        NUMBER,
        "condition",
        _ARRAY,
        beside="contains",
        bound="lower",
        limits="the number of items of a kind",
        idle=1,
    ),
    Keyword(
        "maxContains",
        NUMBER,
        "condition",
        _ARRAY,
        beside="contains",
        bound="upper",
        limits="the number of items of a kind",
    ),
    #
    Keyword("unevaluatedProperties", SCHEMA, "unevaluated", _OBJECT),
    Keyword("unevaluatedItems", SCHEMA, "unevaluated", _ARRAY),
    #
    Keyword("title", TEXT, "annotation"),
    Keyword("description", TEXT, "annotation"),
    Keyword("default", DATA, "annotation"),
    Keyword("deprecated", FLAG, "annotation"),
    Keyword("readOnly", FLAG, "annotation"),
    Keyword("writeOnly", FLAG, "annotation"),
    Keyword("example", DATA, "annotation"),
    Keyword("examples", EXAMPLES, "annotation"),
    Keyword("externalDocs", MAPPING, "annotation"),
    Keyword("xml", MAPPING, "annotation"),
    Keyword("contentEncoding", TEXT, "annotation"),
    Keyword("contentMediaType", TEXT, "annotation"),
    Keyword("contentSchema", SCHEMA, "annotation"),
    Keyword("$id", TEXT, "annotation"),
    Keyword("$schema", TEXT, "annotation"),
    Keyword("$anchor", TEXT, "annotation"),
    Keyword("$dynamicAnchor", TEXT, "annotation"),
    Keyword("$recursiveAnchor", FLAG, "annotation"),
    Keyword("$comment", TEXT, "annotation"),
    Keyword("$defs", SCHEMA_MAP, "annotation"),
    Keyword("definitions", SCHEMA_MAP, "annotation"),
    Keyword("$vocabulary", MAPPING, "annotation"),
)

KEYWORDS: dict[str, Keyword] = {row.name: row for row in _ROWS}


ASSERTIONS = frozenset(row.name for row in _ROWS if row.role != "annotation")
REFERENCES = tuple(row.name for row in _ROWS if row.role == "reference")
CONDITIONS = tuple(row for row in _ROWS if row.role == "condition")
UNEVALUATED = tuple(row.name for row in _ROWS if row.role == "unevaluated")
IN_PLACE = tuple(row for row in _ROWS if row.in_place)
BOUNDS = {row.name: row for row in _ROWS if row.bound}
OBJECT_SHAPE, ARRAY_SHAPE = (
    frozenset(row.name for row in _ROWS if row.role == "shape" and row.applies_to == kinds)
    for kinds in (_OBJECT, _ARRAY)
)
