"""Hypothesis strategies: component schemas of an OpenAPI document, and JSON values that are near to fit them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from modelgen.openapi.keywords import CONDITIONS, FLAG, KEYWORDS

Schema = Any
Draw = Callable[[st.SearchStrategy[Any]], Any]

COMPONENTS = ("Alpha", "Beta", "Gamma")
REF = "#/components/schemas/"
# few names, so that schemas and instances meet; some that an emitted class could trip over
WIRES = ("a", "b", "type", "kind", "x-y", "class", "additional_properties", "to_dict", "d", "")
PATTERNS = ("^a", "^x-", "y$", "^[ab]$", "e")
TEXTS = ("", "a", "b", "ab", "cat", "dog", "x-y", "é", "a\nb")
DATES = ("2024-02-29", "2023-02-29", "1999-12-31", "2024-1-1", "0001-01-01", "20240101")
TIMES = (
    "2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00.123456789+05:30",
    "2024-02-29t12:00:00z",
    "2024-02-29T12:00:00",
    "2024-02-30T12:00:00Z",
    "1998-12-31T23:59:60Z",
    "2024-02-29T25:00:00Z",
    "2024-02-29T12:00:00.5-00:00",
)
UUIDS = (
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-E89B-12D3-A456-426614174000",
    "123e4567e89b12d3a456426614174000",
    "123e4567-e89b-12d3-a456-42661417400g",
)
FORMATS = {"date": DATES, "date-time": TIMES, "uuid": UUIDS, "email": TEXTS}
# the keywords of this kind that OpenAPI 3.0 has
IN_3_0 = {"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}
NUMBERS = (0, 1, 2, 3, -1, 1.0, 0.5, 2.5, -0.0, 1e3, 10**20)

plain_text = st.sampled_from(TEXTS) | st.text(max_size=3)
numbers = st.sampled_from(NUMBERS)
scalars = (
    st.none() | st.booleans() | numbers | plain_text | st.sampled_from([*DATES, *TIMES, *UUIDS])
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(WIRES), inner, max_size=3),
    max_leaves=5,
)


class Schemas:
    """Draws schemas for one document. `spelling` is "3.0" or "3.1"."""

    def __init__(self, draw: Draw, names: tuple[str, ...], spelling: str) -> None:
        self.draw = draw
        self.names = names
        self.spelling = spelling

    def any(self, depth: int) -> Schema:
        kinds = ["string", "number", "boolean", "literal", "ref"]
        if depth > 0:
            kinds += (
                ["object"] * 5
                + ["array"] * 2
                + ["union"] * 3
                + ["tagged", "all", "map", "several", "open"]
            )
        if self.draw(st.integers(0, 11)) == 0:
            kinds = ["anything", "nothing", "null"] if self.spelling == "3.1" else ["anything"]
        schema = getattr(self, f"_{self.draw(st.sampled_from(kinds))}")(depth)
        if not isinstance(schema, dict):
            return schema
        if depth > 0 and self.draw(st.integers(0, 9)) == 0:
            schema = {**schema, **self.conditions(depth)}
        if self.draw(st.integers(0, 6)) == 0:
            schema = self.nullable(schema)
        if self.draw(st.integers(0, 9)) == 0:
            schema = {**schema, **self.draw(annotations)}
        return schema

    def nullable(self, schema: dict[str, Any]) -> Schema:
        if self.spelling == "3.0":
            # beside others, what `nullable` means depends on the reader
            if "type" in schema and not schema.keys() & {"allOf", "anyOf", "oneOf"}:
                return {**schema, "nullable": True}
            return schema
        kind = schema.get("type")
        if (
            isinstance(kind, str)
            and "enum" not in schema
            and "const" not in schema
            and self.draw(st.booleans())
        ):
            return {**schema, "type": [kind, "null"]}
        return {self.draw(st.sampled_from(["anyOf", "oneOf"])): [schema, {"type": "null"}]}

    def test(self, depth: int) -> Schema:
        """A schema that need not say what it is."""
        word = self.draw(st.sampled_from(["any", "required", "property", "bound", "const"]))
        match word:
            case "required":
                return {"required": [self.wire()]}
            case "property":
                return {"properties": {self.wire(): self.any(0)}}
            case "bound":
                return {"minimum": 1, "maxLength": 1, "minProperties": 1, "maxItems": 1}
            case "const" if self.spelling == "3.1":
                return {"const": self.draw(scalars)}
        return self.any(depth)

    def wire(self) -> str:
        return str(self.draw(st.sampled_from(WIRES)))

    def conditions(self, depth: int) -> dict[str, Any]:
        if self.spelling == "3.0":
            return {"not": self.test(0)}
        match self.draw(st.sampled_from(["not", "if", "allOf", "anyOf"])):
            case "not":
                return {"not": self.test(0)}
            case "if":
                schema = {"if": self.test(0)}
                if self.draw(st.booleans()):
                    schema["then"] = self.test(0)
                if self.draw(st.booleans()):
                    schema["else"] = self.test(0)
                return schema
            case word:
                return {word: [self.test(0), self.test(0)]}

    # -- one kind each ----------------------------------------------------------------------------------

    def _anything(self, _: int) -> Schema:
        return self.draw(st.sampled_from([{}, True])) if self.spelling == "3.1" else {}

    def _nothing(self, _: int) -> Schema:
        return False

    def _null(self, _: int) -> Schema:
        return {"type": "null"}

    def _boolean(self, _: int) -> Schema:
        return {"type": "boolean"}

    def _string(self, _: int) -> Schema:
        schema: dict[str, Any] = {"type": "string"}
        match self.draw(st.integers(0, 5)):
            case 0:
                schema["format"] = self.draw(st.sampled_from(list(FORMATS)))
            case 1:
                schema["pattern"] = self.draw(st.sampled_from(PATTERNS))
            case 2:
                schema[self.draw(st.sampled_from(["minLength", "maxLength"]))] = self.draw(
                    st.integers(0, 2)
                )
        return schema

    def _number(self, _: int) -> Schema:
        schema: dict[str, Any] = {"type": self.draw(st.sampled_from(["integer", "number"]))}
        match self.draw(st.integers(0, 5)):
            case 0:
                schema["multipleOf"] = self.draw(st.sampled_from([1, 2, 0.5]))
            case 1:
                word = self.draw(st.sampled_from(["minimum", "maximum"]))
                schema[word] = self.draw(st.sampled_from([0, 1, 2.5]))
                if self.spelling == "3.0" and self.draw(st.booleans()):
                    schema["exclusive" + word.title()] = self.draw(st.booleans())
            case 2 if self.spelling == "3.1":
                word = self.draw(st.sampled_from(["exclusiveMinimum", "exclusiveMaximum"]))
                schema[word] = self.draw(st.sampled_from([0, 1, 2.5]))
        return schema

    def _literal(self, _: int) -> Schema:
        match self.draw(st.integers(0, 3)):
            case 0:
                words = self.draw(
                    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True)
                )
                return {"type": "string", "enum": words}
            case 1:
                several = self.draw(st.lists(numbers, min_size=1, max_size=3, unique=True))
                return {"enum": several}
            case 2 if self.spelling == "3.1":
                return {"const": self.draw(values)}
            case _:
                mixed = self.draw(st.lists(values, min_size=1, max_size=3))
                return {"enum": mixed}

    def _ref(self, _: int) -> Schema:
        return {"$ref": REF + self.draw(st.sampled_from(self.names))}

    def _object(self, depth: int) -> Schema:
        wires = self.draw(st.lists(st.sampled_from(WIRES), min_size=1, max_size=3, unique=True))
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {wire: self.any(depth - 1) for wire in wires},
        }
        required = [wire for wire in wires if self.draw(st.booleans())]
        if self.draw(st.integers(0, 12)) == 0:
            required.append(self.wire())
        if required:
            schema["required"] = list(dict.fromkeys(required))
        match self.draw(st.integers(0, 6)):
            case 0:
                schema["additionalProperties"] = False
            case 1:
                schema["additionalProperties"] = self.any(0)
        schema.update(self._of_objects())
        return schema

    def _map(self, depth: int) -> Schema:
        schema: dict[str, Any] = {"type": "object"}
        if self.draw(st.booleans()):
            schema["additionalProperties"] = self.any(depth - 1)
        schema.update(self._of_objects())
        return schema

    def _of_objects(self) -> dict[str, Any]:
        words = [*self.conditions_of("object"), *[""] * 8]
        if self.spelling == "3.1":
            words += ["patternProperties", "unevaluatedProperties"]
        match self.draw(st.sampled_from(words)):
            case "":
                return {}
            case "patternProperties":
                return {"patternProperties": {self.draw(st.sampled_from(PATTERNS)): self.any(0)}}
            case "propertyNames":
                return {"propertyNames": {"pattern": self.draw(st.sampled_from(PATTERNS))}}
            case "unevaluatedProperties":
                return {
                    "unevaluatedProperties": self.draw(st.sampled_from([False, {"type": "string"}]))
                }
            case word:
                return {word: self.operand(word)}

    def _array(self, depth: int) -> Schema:
        schema: dict[str, Any] = {"type": "array", "items": self.any(depth - 1)}
        words = [*self.conditions_of("array"), *[""] * 4]
        if self.spelling == "3.1":
            words += ["prefixItems", "unevaluatedItems"]
        match self.draw(st.sampled_from(words)):
            case "":
                pass
            case "prefixItems":
                schema["prefixItems"] = [self.any(0) for _ in range(self.draw(st.integers(1, 2)))]
                if self.draw(st.booleans()):
                    del schema["items"]
            case "contains":
                schema["contains"] = self.test(0)
                if self.draw(st.booleans()):
                    word = self.draw(st.sampled_from(["minContains", "maxContains"]))
                    schema[word] = self.draw(st.integers(0, 2))
            case "unevaluatedItems":
                schema["prefixItems"] = [schema.pop("items")]
                schema["unevaluatedItems"] = self.draw(st.sampled_from([False, {"type": "string"}]))
            case word:
                schema[word] = self.operand(word)
        return schema

    def conditions_of(self, kind: str) -> list[str]:
        """The keywords about values of one JSON type that mean something by themselves."""
        words = [row.name for row in CONDITIONS if row.applies_to == (kind,) and not row.beside]
        return [word for word in words if self.spelling == "3.1" or word in IN_3_0]

    def operand(self, word: str) -> Any:
        kind = KEYWORDS[word].operand
        if kind.content == "schema":
            return {self.wire(): self.test(0)} if kind.by_name else self.test(0)
        if kind.content == "names":
            return {self.wire(): [self.wire()]} if kind.by_name else [self.wire()]
        return True if kind == FLAG else self.draw(st.integers(0, 2))

    def _union(self, depth: int) -> Schema:
        members = [self.any(depth - 1) for _ in range(self.draw(st.integers(1, 3)))]
        return {self.draw(st.sampled_from(["anyOf", "oneOf"])): members}

    def _open(self, _: int) -> Schema:
        known = {"type": "string", "enum": ["cat", "dog"]}
        return {"anyOf": [{"type": "string"}, known]}

    def _tagged(self, depth: int) -> Schema:
        """A union of objects with a tag, mostly."""
        wire = self.draw(st.sampled_from(["type", "kind"]))
        members: list[Schema] = []
        for tag in ("cat", "dog", "a")[: self.draw(st.integers(2, 3))]:
            member = self._object(depth - 1)
            fixed = {"type": "string", "enum": [tag]}
            member["properties"] = {
                wire: fixed,
                **{k: v for k, v in member["properties"].items() if k != wire},
            }
            if self.draw(st.integers(0, 5)):
                member["required"] = list(dict.fromkeys([wire, *member.get("required", ())]))
            members.append(member)
        if self.draw(st.integers(0, 5)) == 0:
            members.append(self._ref(depth))
        schema: dict[str, Any] = {self.draw(st.sampled_from(["anyOf", "oneOf"])): members}
        if self.draw(st.booleans()):
            schema["discriminator"] = {"propertyName": wire}
        return schema

    def _all(self, depth: int) -> Schema:
        any_of: list[Callable[[int], Schema]] = [self._object, self._object, self._ref, self.any]
        maps: list[Callable[[int], Schema]] = [self._object, self._map, self._map]
        arrays: list[Callable[[int], Schema]] = [self._array, self._array, self._ref]
        choice = self.draw(st.sampled_from([any_of, any_of, maps, arrays]))
        members = [
            self.draw(st.sampled_from(choice))(depth - 1)
            for _ in range(self.draw(st.integers(1, 3)))
        ]
        schema = {"allOf": members}
        return (
            {**self._object(depth - 1), **schema} if self.draw(st.integers(0, 3)) == 0 else schema
        )

    def _several(self, depth: int) -> Schema:
        if self.spelling == "3.0":
            return self._object(depth)
        kinds = st.sampled_from(
            ["string", "integer", "number", "boolean", "null", "array", "object"]
        )
        schema: dict[str, Any] = {
            "type": self.draw(st.lists(kinds, min_size=2, max_size=3, unique=True))
        }
        if "array" in schema["type"]:
            schema["items"] = self.any(0)
        if "object" in schema["type"]:
            schema["properties"] = {"a": self.any(0)}
        schema["minLength"] = schema["minimum"] = 1
        return schema


annotations = st.sampled_from(
    [
        {"description": 'It says """stop""" \\ and {{ this }}.'},
        {"title": "A title", "deprecated": True},
        {"default": None},
        {"default": "a", "readOnly": True},
        {"writeOnly": True},
    ]
)


@st.composite
def components(draw: Draw, spelling: str = "3.1") -> dict[str, Schema]:
    """The component schemas of a document; they may refer to each other and to themselves."""
    names = COMPONENTS[: draw(st.integers(1, 3))]
    schemas = Schemas(draw, names, spelling)
    return {name: schemas.any(draw(st.integers(1, 3))) for name in names}


# --- values ------------------------------------------------------------------------------------------------


class Values:
    """Draws values that fit a schema more often than not."""

    def __init__(self, draw: Draw, components: Mapping[str, Schema]) -> None:
        self.draw = draw
        self.components = components

    def of(self, schema: Schema, depth: int) -> Any:
        draw = self.draw
        if not isinstance(schema, dict) or depth <= 0 or draw(st.integers(0, 24)) == 0:
            return draw(values)
        if schema.get("nullable") and draw(st.integers(0, 3)) == 0:
            return None
        if "$ref" in schema:
            return self.of(self.components[schema["$ref"].removeprefix(REF)], depth - 1)
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema:
            return copy.deepcopy(draw(st.sampled_from(schema["enum"])))
        for word in ("anyOf", "oneOf"):
            if word in schema and "type" not in schema:
                return self.of(draw(st.sampled_from(schema[word])), depth - 1)
        if "allOf" in schema:
            return self._all(schema, depth)
        if "if" in schema and "type" not in schema:
            return self.of(schema.get("then", True), depth - 1)
        return self._typed(schema, depth)

    def _all(self, schema: dict[str, Any], depth: int) -> Any:
        found = [self.of(member, depth - 1) for member in schema["allOf"]]
        rest = {word: operand for word, operand in schema.items() if word != "allOf"}
        if rest.keys() & {"type", "properties"}:
            found.append(self.of(rest, depth))
        objects = [value for value in found if isinstance(value, dict)]
        if not objects:
            return found[0]
        return {wire: value for part in objects for wire, value in part.items()}

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        draw = self.draw
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = draw(st.sampled_from(kind))
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                prefix = [self.of(member, depth - 1) for member in schema.get("prefixItems", ())]
                more = draw(st.integers(0, 2))
                items = schema.get("items", schema.get("contains", True))
                return prefix[: draw(st.integers(0, 3))] + [
                    self.of(items, depth - 1) for _ in range(more)
                ]
            case "string":
                return draw(st.sampled_from(FORMATS.get(schema.get("format", ""), TEXTS)))
            case "integer":
                return draw(st.sampled_from([0, 1, 2, 3, 1.0, 4, -2]))
            case "number":
                return draw(numbers)
            case "boolean":
                return draw(st.booleans())
            case "null":
                return None
        return draw(values)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        draw = self.draw
        value: dict[str, Any] = {}
        required = schema.get("required", ())
        for wire, inner in schema.get("properties", {}).items():
            if draw(st.integers(0, 15 if wire in required else 1)):
                value[wire] = self.of(inner, depth - 1)
        for wire in required:
            if wire not in value and draw(st.integers(0, 9)):
                value[wire] = draw(values)
        if draw(st.integers(0, 3)) == 0:
            wire = draw(st.sampled_from(WIRES))
            value.setdefault(wire, self.of(schema.get("additionalProperties", True), depth - 1))
        return value


@st.composite
def instances(draw: Draw, schema: Schema, components: Mapping[str, Schema]) -> Any:
    return Values(draw, components).of(schema, 6)
