"""Whatever the bytes are, the loader gives a document or a SpecError; positions agree with PyYAML's."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelgen.errors import Location, SpecError, step
from modelgen.loader import Documents, load, yaml_nodes, yaml_text

YAML_SEED = """\
openapi: 3.1.0
info: &info {title: "A \\u00e9", version: '1'}
components:
  schemas:
    Session: &s
      type: [object, "null"]
      properties: {id: {type: string}, n: {default: 0x1F}}
      description: |
        text: more
    Copy:
      <<: *s
      $ref: '#/components/schemas/Session'
    Tree: {items: [*s, {$ref: "#anchor", $anchor: anchor}]}
x: [1, 1.5e3, true, ~, >-
  folded]
"""
JSON_SEED = json.dumps(
    {
        "openapi": "3.0.0",
        "components": {"schemas": {"A": {"enum": ["é\u2028", 1.5, None]}}},
        "x": [[], {}],
    }
)
PIECES = st.sampled_from(
    ["&a ", "*a", "*s", "<<: ", "!!str ", "!t ", "? ", ": ", "- ", "[", "]", "{", "}", ",", '"', "'", "|\n", ">",
     "\n", "\r", "\t", "  ", "#", "%", "@", "`", "\0", "\x85", "\u2028", "\ufeff", "\ud7ff", "😀", "---\n", "...\n",
     ".inf", ".nan", "1e999", "0x", "0o8", "\\", '"\\ud800"', '"\\x', "null", "~", "NaN", "-Infinity", "<<"]
)  # fmt: skip


def attempt(raw: bytes) -> Documents | None:
    try:
        documents = load("-", stdin=io.BytesIO(raw))
    except SpecError as error:
        assert error.diagnostics
        for item in error.diagnostics:
            assert item.code and item.message.endswith(".") and item.hint
            assert "\n" not in item.message
            assert item.at.source == "-"
        return None
    json.dumps(documents.root.data, allow_nan=False)
    return documents


def pointers(node: Any, pointer: str = "") -> Iterator[str]:
    yield pointer
    children: Any = node.items() if isinstance(node, dict) else ()
    for key, child in enumerate(node) if isinstance(node, list) else children:
        yield from pointers(child, step(pointer, key))


@st.composite
def mutations(draw: st.DrawFn, seed: str) -> bytes:
    """A seed with some parts deleted, doubled, moved or replaced."""
    text = seed
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        middle = draw(
            st.one_of(PIECES, st.just(text[start:end] * 2), st.text(max_size=3), st.just(""))
        )
        text = text[:start] + middle + text[end:]
    raw = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        index = draw(st.integers(0, len(raw)))
        raw = raw[:index] + draw(st.binary(max_size=4)) + raw[index:]
    return raw


def check_document(raw: bytes) -> None:
    documents = attempt(raw)
    if documents is None:
        return
    lines = documents.root.locate("/nothing").line
    assert lines >= 1
    for pointer in pointers(documents.root.data):
        at = documents.root.locate(pointer)
        assert at.line >= 1 and at.column >= 1
        assert documents.resolve("#" + pointer.replace("%", "%25"), at).pointer == pointer
    for ref in ("#anchor", "#/x/0", "a.yaml", "#/components/schemas/Nope"):
        try:
            documents.resolve(ref, Location("-", "/x"))
        except SpecError as error:
            assert error.diagnostics[0].code in (
                "ref-unresolved",
                "ref-forbidden",
                "duplicate-anchor",
            )


@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    check_document(raw)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30))
def test_any_pieces(pieces: list[str]) -> None:
    check_document(("openapi: 3.1.0\nx: " + "".join(pieces)).encode("utf-8", "surrogatepass"))


@given(st.one_of(mutations(YAML_SEED), mutations(JSON_SEED)))
@settings(max_examples=400)
def test_mutated_documents(raw: bytes) -> None:
    check_document(raw)


@pytest.fixture(scope="module")
def pure_python() -> Iterator[None]:
    """The loader on a machine whose PyYAML has no libyaml."""
    fast = yaml.CSafeLoader
    del yaml.CSafeLoader
    importlib.reload(yaml_nodes)
    importlib.reload(yaml_text)
    yield
    yaml.CSafeLoader = fast  # type: ignore[misc]
    importlib.reload(yaml_nodes)
    importlib.reload(yaml_text)


@given(raw=st.one_of(mutations(YAML_SEED), st.binary(max_size=50)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_documents_without_libyaml(pure_python: None, raw: bytes) -> None:
    check_document(raw)


@pytest.mark.parametrize("text", ["[" * 10_000, "- " * 10_000, "{a: " * 10_000])
def test_deep_nesting_without_libyaml(pure_python: None, text: str) -> None:
    with pytest.raises(SpecError) as caught:
        load("-", stdin=io.BytesIO(text.encode()))
    assert caught.value.diagnostics[0].code == "too-deep"


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def marks(node: yaml.Node, pointer: str = "") -> Iterator[tuple[str, int, int]]:
    """Pointer, line and column (from 1) of everything inside a node of PyYAML."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            child = step(pointer, key.value)
            yield child, key.start_mark.line + 1, key.start_mark.column + 1
            yield from marks(value, child)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            child = step(pointer, index)
            yield child, item.start_mark.line + 1, item.start_mark.column + 1
            yield from marks(item, child)


@given(VALUES, st.sampled_from([None, True, False]), st.booleans())
def test_positions_are_those_of_pyyaml(
    value: object, flow: bool | None, allow_unicode: bool
) -> None:
    data = {"openapi": "3.1.0", "x": value}
    text = yaml.safe_dump(
        data, default_flow_style=flow, allow_unicode=allow_unicode, sort_keys=False
    )
    documents = attempt(text.encode())
    node = yaml.compose(text, yaml.SafeLoader)
    assert documents is not None and node is not None
    found = [(pointer, *place(documents, pointer)) for pointer, _, _ in marks(node)]
    if not {"\x85", "\u2028", "\u2029"} & set(text):  # PyYAML counts these as lines
        assert found == list(marks(node))


def place(documents: Documents, pointer: str) -> tuple[int, int]:
    at = documents.root.locate(pointer)
    return at.line, at.column


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_it_is(value: object, indent: Any, ascii_only: bool) -> None:
    data = {"openapi": "3.1.0", "x": value}
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    documents = attempt(text.encode())
    assert documents is not None
    assert json.dumps(documents.root.data) == json.dumps(data)
    lines = text.split("\n")
    for pointer in pointers(data):
        line, column = place(documents, pointer)
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        rest = lines[line - 1][column - 1 :]
        parent = documents.resolve(
            "#" + pointer.rpartition("/")[0].replace("%", "%25"), Location("-")
        ).node
        if isinstance(parent, dict) and pointer:
            assert rest.startswith(json.dumps(key, ensure_ascii=ascii_only) + ":")
