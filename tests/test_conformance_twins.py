"""One meaning, several spellings: the package is the same whichever a document uses."""

from __future__ import annotations

import ast
import io
import json
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from emitted import document, generated
from modelgen.emit.styles import STYLES
from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project import config
from schema_strategies import components
from test_conformance import EXAMPLES, in_3_1

profile = settings(
    max_examples=max(EXAMPLES // 5, 60),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

# schemas of OpenAPI 3.0 and the same in 3.1
TWINS: dict[str, tuple[Any, Any]] = {
    "nullable": (
        {"type": "string", "nullable": True},
        {"type": ["string", "null"]},
    ),
    "nullable union": (
        {"type": "string", "nullable": True},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
    ),
    "nullable enum": (
        {"type": "string", "enum": ["a", "b", None], "nullable": True},
        {"type": ["string", "null"], "enum": ["a", "b", None]},
    ),
    "exclusive bound": (
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        {"type": "integer", "exclusiveMinimum": 1},
    ),
    "inclusive bound": (
        {"type": "integer", "maximum": 1, "exclusiveMaximum": False},
        {"type": "integer", "maximum": 1},
    ),
    "one value": ({"type": "string", "enum": ["a"]}, {"const": "a"}),
    "wrapped": (
        {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}]},
        {"type": "object", "properties": {"a": {"type": "string"}}},
    ),
    "nullable beside a union": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "nullable": True},
                {"oneOf": [{"type": "object", "required": ["b"]}, {"type": "object"}]},
            ]
        },
        {
            "allOf": [
                {"type": ["object", "null"], "properties": {"a": {"type": "string"}}},
                {"oneOf": [{"type": "object", "required": ["b"]}, {"type": "object"}]},
            ]
        },
    ),
    "nullable object": (
        {"type": "object", "properties": {"a": {"type": "string"}}, "nullable": True},
        {"type": ["object", "null"], "properties": {"a": {"type": "string"}}},
    ),
}


def meaning(files: Any) -> dict[str, str]:
    """The files of a package, without the places in the document."""
    return {path: text for path, text in files.items() if path != "schema_map.json"}


def of_3_0(schema: Any) -> dict[str, Any]:
    return {
        "Alpha": schema,
        "Beta": {
            "type": "object",
            "properties": {"a": schema, "b": schema},
            "required": ["a"],
        },
    }


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("style", list(STYLES))
def test_3_0_and_3_1_give_the_same_package(name: str, style: str) -> None:
    old, new = (of_3_0(schema) for schema in TWINS[name])
    before = generated(document(old, "3.0.3"), style).files
    after = generated(document(new, "3.1.0"), style).files
    assert meaning(before) == meaning(after)


@given(components("3.0"))
@profile
def test_any_3_0_document_and_its_translation_give_the_same_package(
    schemas: dict[str, Any],
) -> None:
    translated = {name: in_3_1(schema) for name, schema in schemas.items()}
    assert outcome(document(schemas, "3.0.3")) == outcome(document(translated, "3.1.0"))


@given(components("3.1"), st.sampled_from(list(STYLES)))
@profile
def test_yaml_and_json_give_the_same_package(schemas: dict[str, Any], style: str) -> None:
    data = document(schemas)
    package = config.Package(name="models", input="-", style=style)
    texts = (json.dumps(data), yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    assume(
        yaml.safe_load(texts[1]) == data
    )  # PyYAML writes some line breaks that it reads as others
    files = []
    for text in texts:
        try:
            found = generate(load("-", stdin=io.BytesIO(text.encode())), package)
            files.append(meaning(found.files))
        except SpecError as error:
            files.append({"error": error.diagnostics[0].code})
    assert files[0] == files[1]


@given(components("3.1"))
@profile
def test_the_order_of_components_does_not_matter(schemas: dict[str, Any]) -> None:
    turned = dict(reversed(schemas.items()))
    assert definitions(document(schemas)) == definitions(document(turned))


def outcome(data: dict[str, Any]) -> Any:
    try:
        return meaning(generated(data).files)
    except SpecError as error:
        return error.diagnostics[0].code


def definitions(data: dict[str, Any]) -> Any:
    """The classes of a package and the schemas of all its types, in no order."""
    files = outcome(data)
    if isinstance(files, str):
        return files
    body = ast.parse(files["models.py"]).body
    return (
        sorted(ast.unparse(node) for node in body if isinstance(node, ast.ClassDef)),
        json.loads(files["_codecs/models.json"]),
    )
