"""Each keyword of JSON Schema on its own: what strict decoding accepts and refuses, with the keyword it blames.

Written after the JSON-Schema-Test-Suite, for the schemas that an API document may hold. `jsonschema` is asked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from emitted import Emitted, document, imported
from modelgen.emit.styles import STYLES
from modelgen.normalizer.anomalies import KINDS
from test_conformance import Oracle, readers_agree, verdict

OBJECT = {"type": "object"}
ARRAY = {"type": "array"}
NODE = {
    "type": "object",
    "properties": {
        "value": {"type": "integer"},
        "next": {"$ref": "#/components/schemas/recursion"},
    },
    "required": ["value"],
}

# component: schema, valid values, invalid values
KEYWORDS: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "string": ({"type": "string"}, ["", "a"], [1, None, True, [], {}]),
    "integer": ({"type": "integer"}, [1, -1, 1.0, 10**30, 1e20], [1.5, True, "1", None, 1e-3]),
    "number": ({"type": "number"}, [1, 1.5, -0.0, 10**30], [False, "1", None]),
    "boolean": ({"type": "boolean"}, [True, False], [0, 1, "true", None]),
    "null": ({"type": "null"}, [None], [0, "", False, {}]),
    "object": (OBJECT, [{}, {"a": [1]}], [[], "{}", None]),
    "array": (ARRAY, [[], [1, "a", None]], [{}, "[]", None]),
    "types": ({"type": ["string", "integer", "null"]}, ["a", 1, 2.0, None], [1.5, True, [], {}]),
    "anything": ({}, [1, None, {}, [True]], []),
    "nothing": (False, [], [1, None, {}]),
    "enum": (
        {"enum": ["a", 1, None, [1], {"a": 1}]},
        ["a", 1, 1.0, None, [1.0], {"a": 1}],
        ["b", True, [], {}, [True]],
    ),
    "enum_bool": ({"enum": [False, 1]}, [False, 1, 1.0], [0, True, 0.0]),
    "const": (
        {"const": {"a": [1, False]}},
        [{"a": [1.0, False]}],
        [{"a": [1, 0]}, {"a": [True, False]}, {}],
    ),
    "const_null": ({"const": None}, [None], [0, False, ""]),
    "minimum": ({"type": "number", "minimum": 1.1}, [1.1, 2], [1, 1.0999]),
    "maximum": ({"type": "integer", "maximum": 10**20}, [10**20, -5], [10**20 + 1]),
    "exclusiveMinimum": ({"type": "number", "exclusiveMinimum": 1}, [1.0001, 2], [1, 1.0, 0]),
    "exclusiveMaximum": ({"type": "number", "exclusiveMaximum": 1}, [0.9999], [1, 1.0, 2]),
    "multipleOf": (
        {"type": "number", "multipleOf": 0.01},
        [0.07, 1.1, 4.35, 3, 0, 1e300, -0.03],
        [0.075, 0.001],
    ),
    "multipleOf_int": ({"type": "integer", "multipleOf": 3}, [0, 3, 9.0, 3 * 10**40], [1, 4.0]),
    "minLength": ({"type": "string", "minLength": 2}, ["ab", "éa", "💩💩"], ["a", "💩"]),
    "maxLength": ({"type": "string", "maxLength": 2}, ["ab", "💩💩", ""], ["abc"]),
    "pattern": ({"type": "string", "pattern": "a+b"}, ["ab", "xaaby"], ["b", ""]),
    "items": ({"type": "array", "items": {"type": "integer"}}, [[], [1, 2.0]], [[1, "a"], [True]]),
    "prefixItems": (
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        [[], [1], [1, "a"], [1, "a", None]],
        [["a"], [1, 2]],
    ),
    "prefixItems_closed": (
        {"type": "array", "prefixItems": [{"type": "integer"}], "items": False},
        [[], [1]],
        [[1, 2]],
    ),
    "minItems": ({"type": "array", "minItems": 1}, [[1]], [[]]),
    "maxItems": ({"type": "array", "maxItems": 1}, [[], [1]], [[1, 2]]),
    "uniqueItems": (
        {"type": "array", "uniqueItems": True},
        [[1, True], [0, False], [[1], [True]], ["1", 1], [{"a": 1}, {"a": 2}]],
        [[1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [[1], [1.0]], [None, None]],
    ),
    "contains": ({"type": "array", "contains": {"minimum": 5}}, [[5], [1, 7], ["a"]], [[], [1, 2]]),
    "minContains": (
        {"type": "array", "contains": {"const": 1}, "minContains": 2},
        [[1, 1], [1, 2, 1.0]],
        [[], [1], [1, True]],
    ),
    "minContains_0": (
        {"type": "array", "contains": {"const": 1}, "minContains": 0},
        [[], [2], [1]],
        [],
    ),
    "maxContains": (
        {"type": "array", "contains": {"const": 1}, "maxContains": 1},
        [[1], [1, 2]],
        [[1, 1], []],
    ),
    "properties": (
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}},
        [{}, {"a": 1}, {"a": 1, "b": "x", "c": []}],
        [{"a": "x"}, {"b": None}, []],
    ),
    "property_false": (
        {"type": "object", "properties": {"a": False, "b": True}},
        [{}, {"b": 1}],
        [{"a": 1}, {"a": None}],
    ),
    "required": (
        {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        [{"a": None}],
        [{}],
    ),
    "required_escapes": (
        {"type": "object", "properties": {'a"\n\\': {}}, "required": ['a"\n\\']},
        [{'a"\n\\': 1}],
        [{}, {"a": 1}],
    ),
    "additionalProperties": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}},
        [{"a": "x"}, {"a": 1, "b": 2}],
        [{"b": "x"}],
    ),
    "additionalProperties_false": (
        {
            "type": "object",
            "properties": {"a": {}},
            "patternProperties": {"^x-": {}},
            "additionalProperties": False,
        },
        [{}, {"a": 1}, {"x-b": 1}],
        [{"b": 1}],
    ),
    "patternProperties": (
        {"type": "object", "patternProperties": {"^a": {"type": "integer"}, "b$": {"minimum": 3}}},
        [{}, {"a": 1}, {"ab": 3}, {"c": "x"}, {"b": "x"}],
        [{"a": "x"}, {"ab": 1}],
    ),
    "propertyNames": (
        {"type": "object", "propertyNames": {"maxLength": 2}},
        [{}, {"ab": 1}],
        [{"abc": 1}],
    ),
    "minProperties": ({"type": "object", "minProperties": 1}, [{"a": 1}], [{}]),
    "maxProperties": ({"type": "object", "maxProperties": 1}, [{}, {"a": 1}], [{"a": 1, "b": 2}]),
    "dependentRequired": (
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        [{}, {"b": 1}, {"a": 1, "b": 2}],
        [{"a": 1}],
    ),
    "dependentSchemas": (
        {"type": "object", "dependentSchemas": {"a": {"properties": {"b": {"type": "integer"}}}}},
        [{}, {"b": "x"}, {"a": 1, "b": 2}],
        [{"a": 1, "b": "x"}],
    ),
    "allOf": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}},
                {"required": ["a"]},
            ]
        },
        [{"a": 1}],
        [{}, {"a": "x"}],
    ),
    "allOf_same_property": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}},
                {"type": "object", "properties": {"a": {"maximum": 3, "multipleOf": 2}}},
            ]
        },
        [{}, {"a": 2}],
        [{"a": 4}, {"a": 0}, {"a": 3}],
    ),
    "allOf_two_ifs": (
        {
            "type": "object",
            "allOf": [
                {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
                {"if": {"required": ["c"]}, "else": {"required": ["d"]}},
            ],
        },
        [{"d": 1}, {"c": 1}, {"a": 1, "b": 1, "c": 1}],
        [{}, {"a": 1, "c": 1}, {"a": 1, "b": 1}],
    ),
    "allOf_two_contains": (
        {
            "type": "array",
            "allOf": [
                {"contains": {"const": 1}, "maxContains": 1},
                {"contains": {"const": 2}, "minContains": 2},
            ],
        },
        [[1, 2, 2]],
        [[1, 2], [1, 1, 2, 2], [2, 2]],
    ),
    "anyOf": (
        {"anyOf": [{"type": "integer"}, {"type": "string", "minLength": 2}]},
        [1, "ab"],
        ["a", 1.5, None],
    ),
    "anyOf_in_type": (
        {"type": "string", "anyOf": [{"$ref": "#/components/schemas/anyOf"}, {"const": "x"}]},
        ["ab", "x"],
        [1, "a"],
    ),
    "oneOf": (
        {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2}]},
        [1, 2.5],
        [3, 1.5, "a"],
    ),
    "oneOf_null": ({"oneOf": [{"type": "null"}, {}]}, [1, "a"], [None]),
    "oneOf_false": ({"oneOf": [False, {"type": "integer"}, False]}, [1], ["a"]),
    "oneOf_objects": (
        {
            "oneOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
            ]
        },
        [{"a": 1}, {"b": 1}],
        [{}, {"a": 1, "b": 1}, {"a": "x"}],
    ),
    "tags": (
        {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"type": {"const": "a"}, "x": {"type": "integer"}},
                    "required": ["type", "x"],
                },
                {"type": "object", "properties": {"type": {"const": "b"}}, "required": ["type"]},
            ]
        },
        [{"type": "a", "x": 1}, {"type": "b"}],
        [{"type": "a"}, {"type": "c"}, {}, {"type": 1}],
    ),
    "not": ({"type": "object", "not": {"required": ["a"]}}, [{}, {"b": 1}], [{"a": 1}]),
    "not_format": ({"type": "string", "not": {"format": "date"}}, ["x"], ["2024-02-29"]),
    "if": (
        {
            "type": "integer",
            "if": {"minimum": 10},
            "then": {"multipleOf": 5},
            "else": {"multipleOf": 2},
        },
        [2, 10, 15],
        [3, 11],
    ),
    "if_alone": ({"type": "integer", "if": {"minimum": 10}}, [1, 11], []),
    "unevaluatedProperties": (
        {
            "type": "object",
            "properties": {"a": {}},
            "anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["b"]}, {}],
            "unevaluatedProperties": False,
        },
        [{"a": 1}, {"a": 1, "b": 2}],
        [{"c": 1}, {"b": "x"}],
    ),
    "unevaluatedProperties_ref": (
        {
            "type": "object",
            "allOf": [{"$ref": "#/components/schemas/properties"}],
            "unevaluatedProperties": {"type": "boolean"},
        },
        [{"a": 1, "b": "x", "c": True}],
        [{"c": 1}],
    ),
    "unevaluatedItems": (
        {
            "type": "array",
            "prefixItems": [{}],
            "contains": {"const": "x"},
            "unevaluatedItems": False,
        },
        [[1, "x"], ["x"]],
        [[1, "x", 2]],
    ),
    "recursion": (
        NODE,
        [{"value": 1}, {"value": 1, "next": {"value": 2, "next": {"value": 3}}}],
        [{}, {"value": 1, "next": {}}, {"value": 1, "next": None}],
    ),
    "date": (
        {"type": "string", "format": "date"},
        ["2024-02-29"],
        ["2023-02-29", "2024-2-9", "20240229", "٢٠٢٤-01-01"],
    ),
    "date-time": (
        {"type": "string", "format": "date-time"},
        [
            "2024-02-29T12:00:00Z",
            "2024-02-29t12:00:00.000000001z",
            "1998-12-31T23:59:60Z",
            "1998-12-31T15:59:60.5-08:00",
            "2024-02-29T12:00:00-00:00",
        ],
        [
            "2024-02-29 12:00:00Z",
            "2024-02-29T12:00:00",
            "2024-02-29T24:00:00Z",
            "1998-12-31T22:59:60Z",
            "1998-12-31T23:58:60Z",
            "2024-02-29T12:00:00+24:00",
            "2024-02-29T12:00Z",
        ],
    ),
    "uuid": (
        {"type": "string", "format": "uuid"},
        ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        ["123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", ""],
    ),
    "format_unknown": ({"type": "string", "format": "email"}, ["x"], []),
}
# where jsonschema divides floating point numbers, or takes the letter of RFC 3339 otherwise than its grammar
OWN_VERDICT = {"multipleOf"}

CASES = [
    pytest.param(name, value, valid, id=f"{name}-{value!r}"[:60])
    for name, (_, good, bad) in KEYWORDS.items()
    for valid, values in ((True, good), (False, bad))
    for value in values
]


@pytest.fixture(scope="module", params=list(STYLES))
def package(request: pytest.FixtureRequest) -> Iterator[Emitted]:
    schemas = {name: schema for name, (schema, _, _) in KEYWORDS.items()}
    with imported(document(schemas), request.param) as found:
        yield found


def python_name(package: Emitted, name: str) -> str:
    """The component under its own name, made an identifier."""
    types = {entry["pointer"]: key for key, entry in package.schema_map["types"].items()}
    return str(types[f"/components/schemas/{name}"])


@pytest.mark.parametrize(("name", "value", "valid"), CASES)
def test_keyword(package: Emitted, name: str, value: object, valid: bool) -> None:
    type_ = python_name(package, name)
    faults, _ = verdict(package, type_, value, strict=True)
    assert (not faults) == valid, faults or "accepted"
    if valid:
        assert verdict(package, type_, value, strict=False) == (faults, value)
    readers_agree(package, type_, value)
    if name not in OWN_VERDICT:
        oracle = Oracle({key: schema for key, (schema, _, _) in KEYWORDS.items()}, "3.1")
        assert oracle.accepts(name, value) == valid


def test_no_schema_of_these_needs_a_repair(package: Emitted) -> None:
    repaired = [a for a in package.anomalies if KINDS[a.code].effect != "none"]
    assert [(a.code, a.at.pointer) for a in repaired] == []
