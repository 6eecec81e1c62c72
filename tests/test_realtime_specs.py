"""The seven Realtime documents: complete, described throughout, with examples that are valid.

With MODELGEN_CORPUS set, four of them are also compared with the real documents of their day:
the structure is theirs, the words are not.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from modelgen.loader import load as read
from modelgen.loader import parse
from modelgen.project import config, lock
from modelgen.project.taking import taken

SPECS = Path(__file__).parent.parent / "specs" / "realtime"
# What is taken of upstream, and the words that are laid over it.
OF_UPSTREAM = "2026-08-21-ga"
OVERLAY = SPECS / "ga.overlay.yaml"

# document: (OpenAPI version, number of schemas)
DOCUMENTS = {
    "2024-12-04-beta": ("3.0.0", 40),
    "2024-12-18-beta": ("3.0.0", 43),
    "2025-07-04-beta": ("3.1.0", 60),
    "2025-09-02-transitional": ("3.1.0", 14),
    "2025-09-09-ga": ("3.1.0", 18),
    "2025-09-10-ga": ("3.1.0", 18),
    "2026-08-21-ga": ("3.1.0", 193),
}
WITH_ORIGINAL = ["2024-12-04-beta", "2024-12-18-beta", "2025-07-04-beta", "2026-08-21-ga"]

PROSE = {
    "description",
    "title",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "x-oaiMeta",
    "x-oaiTypeLabel",
}
DATA = {"const", "default", "enum", "example", "examples"}  # keywords that hold no schema
CARRIES_EXAMPLE = re.compile(r"^Realtime.*(Event|Session|Item|Response)|^RealtimeMCP.*(?<!Error)$")

document = pytest.mark.parametrize("name", DOCUMENTS)
original = pytest.mark.parametrize("name", WITH_ORIGINAL)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as JSON has it: dates stay strings."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in Loader.yaml_implicit_resolvers.items()
}


@functools.cache
def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)


@functools.cache
def described(name: str) -> Any:
    """A document as packages are made from it: the newest one is the facts of upstream, under an overlay of our words."""
    overlays = [str(OVERLAY)] if name == OF_UPSTREAM else []
    return read(str(SPECS / f"{name}.yaml"), overlays=overlays).root.data


def schemas(name: str) -> dict[str, Any]:
    return described(name)["components"]["schemas"]


def children(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas directly inside a schema, each with its place."""
    for key, value in schema.items():
        if key == "properties":
            yield from ((f"properties/{wire}", inner) for wire, inner in value.items())
        elif key in {"allOf", "anyOf", "oneOf"}:
            yield from ((f"{key}/{index}", inner) for index, inner in enumerate(value))
        elif key in {"items", "additionalProperties"} and isinstance(value, dict):
            yield key, value


def walk(schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield place, schema
    for step, inner in children(schema):
        yield from walk(inner, f"{place}/{step}")


def everywhere(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema_name, schema in schemas(name).items():
        yield from walk(schema, schema_name)


def strict(node: Any, inside_properties: bool = False) -> Any:
    """The schema in plain JSON Schema: `nullable` translated, undeclared properties refused."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if inside_properties:
        return {wire: strict(schema) for wire, schema in node.items()}
    result = {
        key: value if key in DATA else strict(value, key == "properties")
        for key, value in node.items()
        if key != "nullable"
    }
    if "properties" in node:
        undeclared = {
            wire: {} for wire in node.get("required", ()) if wire not in node["properties"]
        }
        result["properties"] |= undeclared
        result.setdefault("additionalProperties", False)
    return {"anyOf": [result, {"type": "null"}]} if node.get("nullable") else result


def examples(schema: dict[str, Any]) -> list[Any]:
    return schema.get("examples", [schema["example"]] if "example" in schema else [])


@document
def test_document_is_complete(name: str) -> None:
    version, count = DOCUMENTS[name]
    spec = described(name)
    assert spec["openapi"] == version
    assert spec["info"]["version"] == name[:10]
    assert len(spec["components"]["schemas"]) == count


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix("#/components/schemas/")
            elif key not in DATA:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


@document
def test_every_reference_has_a_target(name: str) -> None:
    assert set(references(described(name))) <= set(schemas(name))


@document
def test_everything_is_described(name: str) -> None:
    bare = [
        place
        for place, schema in everywhere(name)
        if ("/" not in place or place.split("/")[-2] == "properties")
        and "$ref" not in schema
        and not schema.get("description")
    ]
    assert bare == []


@document
def test_descriptions_are_short(name: str) -> None:
    long = [place for place, schema in everywhere(name) if len(schema.get("description", "")) > 200]
    assert long == []


@document
def test_references_of_3_0_stand_alone(name: str) -> None:
    if DOCUMENTS[name][0].startswith("3.0"):
        assert [
            place for place, schema in everywhere(name) if "$ref" in schema and len(schema) > 1
        ] == []


@document
def test_payload_schemas_carry_an_example(name: str) -> None:
    keyword = "example" if DOCUMENTS[name][0].startswith("3.0") else "examples"
    without = [
        schema_name
        for schema_name, schema in schemas(name).items()
        if CARRIES_EXAMPLE.search(schema_name) and keyword not in schema
    ]
    assert without == []


@document
def test_examples_are_valid(name: str) -> None:
    root = {"components": {"schemas": strict(schemas(name), inside_properties=True)}}
    faults = [
        f"{schema_name}{error.json_path[1:]}: {error.message}"
        for schema_name, schema in schemas(name).items()
        for example in examples(schema)
        for error in Draft202012Validator(
            {**root, "$ref": f"#/components/schemas/{schema_name}"}
        ).iter_errors(example)
    ]
    assert faults == []


# With the real documents at hand


@pytest.fixture(scope="module")
def corpus() -> Path:
    folder = os.environ.get("MODELGEN_CORPUS")
    if not folder:
        pytest.skip("MODELGEN_CORPUS is not set: nothing to compare with")
    return Path(folder) / "openai"


def real(corpus: Path, name: str) -> dict[str, Any]:
    (path,) = corpus.glob(f"{name[:10]}-*.yaml")
    return load(path)


def closure(every: dict[str, Any]) -> dict[str, Any]:
    """The Realtime schemas and all they refer to, in the document's order."""
    reached: set[str] = set()
    waiting = [schema_name for schema_name in every if "Realtime" in schema_name]
    while waiting:
        schema_name = waiting.pop()
        if schema_name not in reached:
            reached.add(schema_name)
            waiting += references(every[schema_name])
    return {schema_name: schema for schema_name, schema in every.items() if schema_name in reached}


def structure(node: Any, inside_properties: bool = False) -> Any:
    """The node without its prose; the order of properties is kept, that of keywords is not."""
    if isinstance(node, list):
        return [structure(item) for item in node]
    if not isinstance(node, dict):
        return node
    if inside_properties:
        return [(wire, structure(schema)) for wire, schema in node.items()]
    return {
        key: value if key in DATA else structure(value, key == "properties")
        for key, value in node.items()
        if key not in PROSE
    }


def operations(spec: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Of each Realtime path and webhook, what it is called and which schemas it uses."""
    items = spec.get("paths", {}) | spec.get("webhooks", {})
    return {
        (path, method): (operation.get("operationId"), sorted(references(operation)))
        for path, item in items.items()
        if "realtime" in path
        for method, operation in item.items()
    }


@original
def test_structure_is_that_of_the_real_document(corpus: Path, name: str) -> None:
    theirs = closure(real(corpus, name)["components"]["schemas"])
    ours = schemas(name)
    assert list(ours) == list(theirs)
    different = [
        schema_name
        for schema_name in ours
        if structure(ours[schema_name]) != structure(theirs[schema_name])
    ]
    assert different == []


@original
def test_operations_are_those_of_the_real_document(corpus: Path, name: str) -> None:
    assert operations(described(name)) == operations(real(corpus, name))


def plain(text: str) -> str:
    """Text that compares equal however YAML has quoted and folded it."""
    return " ".join(re.sub(r"""["'\\]""", "", text).lower().split())


def texts(node: Any, inside_properties: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if (
                key in {"description", "summary", "title"}
                and not inside_properties
                and isinstance(value, str)
            ):
                yield value
            elif inside_properties or key not in DATA:
                yield from texts(value, key == "properties" and not inside_properties)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def test_no_sentence_is_taken_from_the_real_documents(corpus: Path) -> None:
    theirs = [plain(path.read_text(encoding="utf-8")) for path in sorted(corpus.glob("*.yaml"))]
    assert theirs
    ours = {
        sentence
        for name in DOCUMENTS
        for text in texts(described(name))
        for sentence in (plain(part) for part in re.split(r"(?<=[.:;])\s", text))
        if len(sentence) >= 40
    }
    assert sorted(s for s in ours if any(s in text for text in theirs)) == []


def test_the_newest_document_is_what_is_taken_of_upstream(corpus: Path) -> None:
    settings = config.load(SPECS.parents[1] / "pyproject.toml")
    (source,) = settings.sources
    (upstream,) = corpus.glob(f"{OF_UPSTREAM[:10]}-*.yaml")
    raw = upstream.read_bytes()
    assert (
        taken(source, parse(source.url, raw), []) == (SPECS.parents[1] / source.path).read_bytes()
    )
    pin = lock.read(SPECS.parents[1] / lock.NAME)[source.name]
    assert (pin.sha256, pin.date) == (hashlib.sha256(raw).hexdigest(), OF_UPSTREAM[:10])
