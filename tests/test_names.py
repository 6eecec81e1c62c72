"""Names of schemas and properties, whatever the document calls them: legal, distinct, the same in any order."""

from __future__ import annotations

import ast
import importlib
import io
import json
import keyword
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modelgen import ir
from modelgen.emit.attributes import SPELLINGS, AttributeNamer, Spelling
from modelgen.emit.names import class_name, type_names
from modelgen.emit.parts import SUPPORT
from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.normalizer import normalize
from modelgen.pipeline import generate
from modelgen.project import config

WORDS = st.sampled_from(["foo", "Foo", "bar", "type", "class", "None", "x1", "1", "3d", "str", "Unset", "self", "ﬁ", "ä", "名", "Ⅸ"])  # fmt: skip
MARKS = st.sampled_from(
    ["", "_", "__", "-", ".", " ", "/", "+", "$", "[]", "{}", "|0", "#", "&", "\n", '"', "😀", "é"]
)
WIRES = st.one_of(
    st.lists(st.tuples(MARKS, WORDS, MARKS), min_size=1, max_size=3).map(
        lambda parts: "".join("".join(part) for part in parts)
    ),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)


def is_name(text: str) -> bool:
    return (
        text.isidentifier()
        and not keyword.iskeyword(text)
        and not text.startswith("_")
        and unicodedata.normalize("NFKC", text) == text
    )


def document(schemas: dict[str, Any]) -> bytes:
    info = {"title": "Example", "version": "1"}
    data = {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}
    return json.dumps(data).encode()


def names_of(schemas: dict[str, Any]) -> dict[str, str]:
    return type_names(normalize(load("-", stdin=io.BytesIO(document(schemas)))))[0]


@settings(deadline=None)
@given(
    st.lists(WIRES, unique=True, min_size=1, max_size=6), st.sampled_from(SPELLINGS), st.randoms()
)
def test_properties(wires: list[str], spelling: Spelling, chance: Any) -> None:
    fields = [ir.Field(wire=wire, type=ir.Anything()) for wire in wires]
    try:
        names = AttributeNamer({"Foo"}, spelling).names(fields)
    except SpecError as error:
        assert [item.code for item in error.diagnostics] == ["name-clash"]
        return
    assert names.keys() == set(wires)
    assert len(set(names.values())) == len(wires)
    assert all(is_name(name) and name != "Foo" for name in names.values()), names
    chance.shuffle(fields)
    assert AttributeNamer({"Foo"}, spelling).names(fields) == names


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("createdAt", "created_at"),
        ("petID", "pet_id"),
        ("petIDs", "pet_ids"),
        ("userIDsOf", "user_ids_of"),
        ("HTTPServer", "http_server"),
        ("URL", "url"),
        ("FOO_BAR", "foo_bar"),
        ("foo__bar", "foo__bar"),
        ("sha256Hash", "sha256_hash"),
        ("IPv6Address", "ipv6_address"),
        ("OAuthToken", "oauth_token"),
        ("X-Rate-Limit", "x_rate_limit"),
        ("Class", "class_"),
        ("List", "list_"),
        ("größeMax", "größe_max"),
        ("ÄÖÜ", "äöü"),
        ("@Type", "type"),
        ("2FA", "field_2_fa"),
    ],
)
def test_snake_case(wire: str, name: str) -> None:
    field = ir.Field(wire=wire, type=ir.Anything())
    assert AttributeNamer().names([field]) == {wire: name}
    written = AttributeNamer(spelling="wire").names([field])[wire]
    assert written.rstrip("_") in (wire, re.sub(r"\W", "_", wire).strip("_"), f"field_{wire}")


@settings(deadline=None)
@given(st.lists(WIRES, unique=True, min_size=1, max_size=5), st.randoms())
def test_components_and_inline_schemas(wires: list[str], chance: Any) -> None:
    inline = {"type": "object", "properties": {"foo": {"enum": ["a", "b"]}, "bar": {"type": "array", "items": {"enum": [1, 2]}}}}  # fmt: skip
    try:
        names = names_of(dict.fromkeys(wires, inline))
    except SpecError as error:
        assert {item.code for item in error.diagnostics} == {"name-clash"}
        return
    assert len(set(names.values())) == len(names)
    assert all(is_name(name) for name in names.values()), names
    chance.shuffle(wires)
    assert names_of(dict.fromkeys(wires, inline)) == names


@settings(deadline=None)
@given(WIRES, st.lists(WIRES, unique=True, max_size=3))
def test_a_component_does_not_care_for_the_others(wire: str, others: list[str]) -> None:
    """Unless their names differ in nothing but case, punctuation or underscores."""

    def core(text: str) -> str:
        return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()

    assume(all(core(wire) not in core(other) and core(other) not in core(wire) for other in others))
    assume(core(wire) and wire not in others)
    schema = {"type": "object", "properties": {"a": {"enum": ["x", "y"]}}}
    alone = names_of({wire: schema})
    try:
        together = names_of({wire: schema} | dict.fromkeys(others, schema))
    except SpecError:
        return
    assert together.items() >= alone.items()


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("RealtimeSession", "RealtimeSession"),
        ("voice", "voice"),
        ("FOO_bar", "FOO_bar"),
        ("foo_bar-baz", "FooBarBaz"),
        ("my-schema.v1", "MySchemaV1"),
        ("3d", "Schema3d"),
        ("class", "class_"),
        ("str", "str_"),
        ("_private", "Private"),
        ("", "Empty"),
        ("+1", "Schema1"),
        ("***", "StarStarStar"),
        ("名前", "名前"),
        ("ﬁle", "file"),
    ],
)
def test_components(wire: str, name: str) -> None:
    assert class_name(wire) == name


def test_names_in_the_emitted_code_are_free_for_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A component with the name of anything that emitted code mentions hides nothing that the code needs."""
    found = {name for _, text in _modules(_everything({})) for name in _names(text)}
    found = {name for name in found if is_name(name) and not name.startswith(("read_", "write_"))}
    assert len(found) > 50
    shapes = (
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "string"},
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "properties": {"a": {"type": "string"}}},
            ]
        },
        {"type": "array", "items": {"type": "string", "format": "date"}},
    )
    for number, shape in enumerate(shapes):
        schemas = {name: shape for name in sorted(found) if name not in _everything({})}
        files = _files(_everything(schemas))
        package = f"free_{number}"
        for path, text in files.items():
            (tmp_path / package / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / package / path).write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        root = importlib.import_module(package)
        names = json.loads(files["schema_map.json"])["types"]
        value: Any = [{"a": "x"}, "x", {"a": "x"}, ["2025-01-02"]][number]
        for name, entry in names.items():
            _, _, _, wire, *below = entry["pointer"].split("/")
            if wire in schemas and not below:
                assert (
                    root.encode(root.decode(getattr(root, name), value, strict=True)) == value
                ), name
        holder = {
            "text": "a",
            "when": "2025-01-02T03:04:05Z",
            "either": {"kind": "one"},
            "more": [{"n": 1}],
        }
        assert root.encode(root.decode(root.Holder, holder)) == holder
        assert root.Holder.from_dict(holder).to_dict() == holder
        assert set(root.__all__) <= set(dir(root))
        with pytest.raises(root.DecodeError):
            root.decode(root.Holder, {"either": {"kind": 1}})
        for module in [module for module in sys.modules if module.split(".")[0] == package]:
            del sys.modules[module]


def _everything(more: dict[str, Any]) -> dict[str, Any]:
    """A document that makes use of all that emitted code can do, or nearly so."""
    text = {"type": "string"}
    one, two = (
        {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}}
        for kind in ("one", "two")
    )
    holder = {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": text,
            "when": {"type": "string", "format": "date-time"},
            "id": {"type": "string", "format": "uuid"},
            "never": False,
            "anything": {},
            "either": {"$ref": "#/components/schemas/Either"},
            "loose": {"anyOf": [{"type": "object", "properties": {"a": text}}, {"type": "object", "properties": {"b": text}}]},
            "keys": {"anyOf": [{"type": "object", "required": ["a"], "properties": {"a": text}}, {"type": "object", "required": ["b"], "properties": {"b": text}}]},
            "mixed": {"enum": [1, "a", True, 1.5]},
            "more": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
            "map": {"type": "object", "additionalProperties": {"type": "number"}},
            "pair": {"type": "array", "prefixItems": [text, {"type": "boolean"}], "items": False},
            "maybe": {"type": ["array", "null"], "items": text},
        },
        "additionalProperties": {"type": "object", "properties": {"x": text}},
    }  # fmt: skip
    either = {"oneOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/Two"}]}
    return {"Holder": holder, "One": one, "Two": two, "Either": either, **more}


def _files(schemas: dict[str, Any]) -> dict[str, str]:
    documents = load("-", stdin=io.BytesIO(document(schemas)))
    return dict(generate(documents, config.Package(name="models", input="-")).files)


def _modules(schemas: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (p, text) for p, text in _files(schemas).items() if p.endswith(".py") and p not in SUPPORT
    ]


def _names(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        for attribute in ("id", "name", "asname", "arg", "attr"):
            if isinstance(name := getattr(node, attribute, None), str):
                found.add(name)
    return found


def test_a_schema_with_the_name_of_a_codec() -> None:
    both = {"Session": {"type": "object"}, "read_Session": {"type": "object"}}
    assert names_of(both) == {"Session": "Session", "read_Session": "ReadUnderscoreSession"}
    assert names_of({"read_Session": {"type": "object"}}) == {"read_Session": "read_Session"}
