"""The keywords of a schema, a row for each: JSON Schema draft 2020-12 (core, applicator, validation, unevaluated,
meta-data, content) and OpenAPI 3.0 to 3.2.

Loader, normalizer, diff, tables and documentation take what they know about keywords from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Content: TypeAlias = Literal["", "schema", "names", "data", "count"]


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
COUNT = Operand((int, float), "count")  # a whole number of at least 0
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
class Bound:
    """A higher operand of an `upper` one admits more, of a `lower` one less. `limits`: what it bounds, in words; `idle`:
    the operand that says nothing."""

    side: Literal["upper", "lower"]
    limits: str
    idle: int | None = None


def _lower(limits: str, idle: int | None = None) -> Bound:
    return Bound("lower", limits, idle)


def _upper(limits: str) -> Bound:
    return Bound("upper", limits)


@dataclass(frozen=True, slots=True)
class Keyword:
    """One row.

    `applies_to`: the JSON types about whose values it says something, none for all. `in_place`: its schemas speak of
    the very value that the schema around it speaks of. `beside`: the keyword without which it says nothing. `note`: the
    condition in the documentation of a class.
    """

    name: str
    operand: Operand
    applies_to: tuple[str, ...] = ()
    role: Role = "condition"
    in_place: bool = False
    beside: str = ""
    bound: Bound | None = None
    note: str = ""


# The words of `type`.
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")

_STRING = ("string",)
_NUMBER = ("number", "integer")
_ARRAY = ("array",)
_OBJECT = ("object",)

# fmt: off
_ROWS = (
    # references
    Keyword("$ref", TEXT, role="reference", in_place=True),
    Keyword("$dynamicRef", TEXT, role="reference", in_place=True),
    Keyword("$recursiveRef", TEXT, role="reference", in_place=True),
    # what the type is
    Keyword("type", WORDS, role="shape"),
    Keyword("nullable", FLAG, role="shape"),
    Keyword("enum", DATA_LIST, role="shape"),
    Keyword("const", DATA, role="shape"),
    Keyword("format", TEXT, _STRING, role="shape"),
    Keyword("properties", SCHEMA_MAP, _OBJECT, role="shape"),
    Keyword("required", NAMES, _OBJECT, role="shape"),
    Keyword("additionalProperties", SCHEMA, _OBJECT, role="shape"),
    Keyword("patternProperties", SCHEMA_MAP, _OBJECT, role="shape"),
    Keyword("items", ITEMS, _ARRAY, role="shape"),
    Keyword("prefixItems", SCHEMA_LIST, _ARRAY, role="shape"),
    Keyword("allOf", SCHEMA_LIST, role="shape", in_place=True),
    Keyword("anyOf", SCHEMA_LIST, role="shape", in_place=True),
    Keyword("oneOf", SCHEMA_LIST, role="shape", in_place=True),
    Keyword("discriminator", MAPPING, role="shape"),
    # conditions
    Keyword("not", SCHEMA, in_place=True),
    Keyword("if", SCHEMA, in_place=True),
    Keyword("then", SCHEMA, in_place=True, beside="if"),
    Keyword("else", SCHEMA, in_place=True, beside="if"),
    Keyword("dependentSchemas", SCHEMA_MAP, _OBJECT, in_place=True),
    Keyword("dependentRequired", NAMES_MAP, _OBJECT),
    Keyword("propertyNames", SCHEMA, _OBJECT),
    Keyword("contains", SCHEMA, _ARRAY),
    Keyword("uniqueItems", FLAG, _ARRAY),
    Keyword("pattern", TEXT, _STRING),
    Keyword("minimum", NUMBER, _NUMBER, bound=_lower("the smallest number"), note="at least {}"),
    Keyword("exclusiveMinimum", EXCLUSIVE, _NUMBER, bound=_lower("the number that all are above"), note="more than {}"),
    Keyword("maximum", NUMBER, _NUMBER, bound=_upper("the largest number"), note="at most {}"),
    Keyword("exclusiveMaximum", EXCLUSIVE, _NUMBER, bound=_upper("the number that all are below"), note="less than {}"),
    Keyword("multipleOf", NUMBER, _NUMBER, note="a multiple of {}"),
    Keyword("minLength", COUNT, _STRING, bound=_lower("the length of a text", 0), note="at least {} characters"),
    Keyword("maxLength", COUNT, _STRING, bound=_upper("the length of a text"), note="at most {} characters"),
    Keyword("minItems", COUNT, _ARRAY, bound=_lower("the number of items", 0), note="at least {} items"),
    Keyword("maxItems", COUNT, _ARRAY, bound=_upper("the number of items"), note="at most {} items"),
    Keyword("minProperties", COUNT, _OBJECT, bound=_lower("the number of properties", 0), note="at least {} properties"),
    Keyword("maxProperties", COUNT, _OBJECT, bound=_upper("the number of properties"), note="at most {} properties"),
    Keyword("minContains", COUNT, _ARRAY, beside="contains", bound=_lower("the number of items of a kind", 1)),
    Keyword("maxContains", COUNT, _ARRAY, beside="contains", bound=_upper("the number of items of a kind")),
    # what all others leave over
    Keyword("unevaluatedProperties", SCHEMA, _OBJECT, role="unevaluated"),
    Keyword("unevaluatedItems", SCHEMA, _ARRAY, role="unevaluated"),
    # annotations
    Keyword("title", TEXT, role="annotation"),
    Keyword("description", TEXT, role="annotation"),
    Keyword("default", DATA, role="annotation"),
    Keyword("deprecated", FLAG, role="annotation"),
    Keyword("readOnly", FLAG, role="annotation"),
    Keyword("writeOnly", FLAG, role="annotation"),
    Keyword("example", DATA, role="annotation"),
    Keyword("examples", EXAMPLES, role="annotation"),
    Keyword("externalDocs", MAPPING, role="annotation"),
    Keyword("xml", MAPPING, role="annotation"),
    Keyword("contentEncoding", TEXT, role="annotation"),
    Keyword("contentMediaType", TEXT, role="annotation"),
    Keyword("contentSchema", SCHEMA, role="annotation"),
    Keyword("$id", TEXT, role="annotation"),
    Keyword("$schema", TEXT, role="annotation"),
    Keyword("$anchor", TEXT, role="annotation"),
    Keyword("$dynamicAnchor", TEXT, role="annotation"),
    Keyword("$recursiveAnchor", FLAG, role="annotation"),
    Keyword("$comment", TEXT, role="annotation"),
    Keyword("$defs", SCHEMA_MAP, role="annotation"),
    Keyword("definitions", SCHEMA_MAP, role="annotation"),
    Keyword("$vocabulary", MAPPING, role="annotation"),
)
# fmt: on

KEYWORDS: dict[str, Keyword] = {row.name: row for row in _ROWS}


ASSERTIONS = frozenset(row.name for row in _ROWS if row.role != "annotation")
REFERENCES = tuple(row.name for row in _ROWS if row.role == "reference")
CONDITIONS = tuple(row for row in _ROWS if row.role == "condition")
UNEVALUATED = tuple(row.name for row in _ROWS if row.role == "unevaluated")
IN_PLACE = tuple(row for row in _ROWS if row.in_place)
BOUNDS = {row.name: row.bound for row in _ROWS if row.bound}
OBJECT_SHAPE, ARRAY_SHAPE = (
    frozenset(row.name for row in _ROWS if row.role == "shape" and row.applies_to == kinds)
    for kinds in (_OBJECT, _ARRAY)
)
