"""Deep payloads, and what is no payload: one clear error, or it comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from emitted import Emitted, document, imported
from modelgen.emit.styles import STYLES

TREE = {"$ref": "#/components/schemas/Tree"}
SCHEMAS = {
    "Tree": {
        "type": "object",
        "properties": {
            "left": TREE,
            "all": {"type": "array", "items": TREE},
            "map": {"type": "object", "additionalProperties": TREE},
            "either": {"$ref": "#/components/schemas/Either"},
            "any": {},
        },
    },
    "Either": {
        "oneOf": [TREE, {"type": "array", "items": {"$ref": "#/components/schemas/Either"}}]
    },
}
SHAPES = {
    "unknown": '{"y":',
    "lists": "[",
    "any": '{"any":',
    "typed": '{"left":',
    "typed-lists": '{"all":[',
    "typed-maps": '{"map":{"k":',
    "union": '{"either":',
}


@pytest.fixture(scope="module", params=list(STYLES))
def emitted(request: pytest.FixtureRequest) -> Iterator[Emitted]:
    with imported(document(SCHEMAS), request.param) as found:
        yield found


def nested(shape: str, depth: int) -> str:
    """A tree that holds this shape as many times."""
    start = SHAPES[shape]
    end = "".join("}" if char == "{" else "]" for char in reversed(start) if char in "{[")
    return (
        '{"any":' + start * depth + "{}" + end * depth + "}"
        if shape == "lists"
        else (start * depth + "{}" + end * depth)
    )


@pytest.mark.parametrize("reader", ["standard", "fast"])
@pytest.mark.parametrize("depth", [10, 240, 300, 450, 900, 980, 1_100, 100_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_deep_comes_back_or_is_one_clear_error(
    emitted: Emitted, monkeypatch: pytest.MonkeyPatch, shape: str, depth: int, reader: str
) -> None:
    package = emitted.package
    if reader == "standard":
        monkeypatch.setattr(package._runtime, "_loads", package._runtime._loads_standard)
        monkeypatch.setattr(package._runtime, "_dumps", package._runtime._dumps_standard)
    text = nested(shape, depth)
    for strict in (False, True):
        try:
            value = package.decode_json(package.Tree, text, strict=strict)
        except package.DecodeError as error:
            assert depth > 200
            assert len(error.errors) == 1
            continue
        for encode in (package.encode_json, package.encode_json_str, package.encode):
            try:
                made = encode(value)
                written = made if isinstance(made, bytes | str) else package.encode_json(made)
            except ValueError as error:
                assert depth > 200
                assert str(error) == "nested too deeply for JSON"
            else:
                assert written == (text if isinstance(written, str) else text.encode())


def test_untyped_values_may_be_as_deep_as_python_goes(emitted: Emitted) -> None:
    package = emitted.package
    for shape in ("unknown", "any", "lists"):
        text = nested(shape, 900)
        value = package.decode_json(package.Tree, text)
        assert value.to_json() == text.encode()


def test_what_holds_itself_cannot_be_written(emitted: Emitted) -> None:
    package = emitted.package
    loop: list[Any] = []
    loop.append(loop)
    tree = package.Tree()
    tree.left = tree
    for value in (loop, tree, package.Tree(any=loop), {"a": loop}):
        for encode in (package.encode, package.encode_json, package.encode_json_str):
            with pytest.raises(ValueError, match=r"^nested too deeply for JSON$"):
                encode(value)


@pytest.mark.parametrize("reader", ["standard", "fast"])
@pytest.mark.parametrize(
    "text",
    [None, 1, Decimal(1), memoryview(b"{}"), [b"{}"], {}, object(), Ellipsis],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_text_is_a_type_error(
    emitted: Emitted, monkeypatch: pytest.MonkeyPatch, text: Any, reader: str
) -> None:
    package = emitted.package
    if reader == "standard":
        monkeypatch.setattr(package._runtime, "_loads", package._runtime._loads_standard)
    for type_ in (package.Tree, package.Either):
        for strict in (False, True):
            with pytest.raises(TypeError, match="str, bytes or bytearray"):
                package.decode_json(type_, text, strict=strict)
    with pytest.raises(TypeError, match="str, bytes or bytearray"):
        package.Tree.from_json(text)


@pytest.mark.parametrize(
    "data",
    [None, Decimal(1), memoryview(b"{}"), b"{}", {1}, {"left": Decimal(1)}, object()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_json_is_a_decode_error(emitted: Emitted, data: Any) -> None:
    for strict in (False, True):
        with pytest.raises(emitted.package.DecodeError):
            emitted.package.decode(emitted.package.Tree, data, strict=strict)
