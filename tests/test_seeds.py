"""The five documents the project started from: our class of each has its properties, with the types they should have had.

A folder of `cases/seeds` has two files:

properties.yaml   what the document lists, as facts: for each property by its name in JSON the kind of type it `said`,
                  whether it was `optional`, and the `type` of ours, with aliases written out; then the classes
                  that those types are made of
payload.json      a payload of that shape
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from realtime_package import package, properties, subpackage

FOLDERS = sorted((Path(__file__).parent / "cases" / "seeds").iterdir())

seed = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)

VAGUE = {"Any", "object", "dict[str, Any]"}
MOST_TOKENS = {"max_output_tokens", "max_response_output_tokens"}


@dataclass(frozen=True)
class Table:
    """What properties.yaml says. `classes` has the type of each property, and whether it may be left out."""

    variant: str
    name: str
    properties: dict[str, dict[str, Any]]
    classes: dict[str, dict[str, tuple[str, bool]]]

    @property
    def package(self) -> Any:
        return subpackage(package(), self.variant)

    @property
    def model(self) -> Any:
        return getattr(self.package, self.name)


@cache
def table(folder: Path) -> Table:
    said = yaml.safe_load((folder / "properties.yaml").read_text("utf-8"))
    assert said.keys() == {"document", "generator", "variant", "class", "properties", "classes"}
    classes = {
        name: {
            wire.removesuffix("?"): (type_, wire.endswith("?")) for wire, type_ in fields.items()
        }
        for name, fields in said["classes"].items()
    }
    return Table(said["variant"], said["class"], said["properties"], classes)


def payload(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "payload.json").read_text("utf-8"))
    return found


def test_there_are_five() -> None:
    assert [folder.name[:3] for folder in FOLDERS] == ["000", "001", "002", "003", "004"]


@seed
def test_the_class_has_exactly_these_properties(folder: Path) -> None:
    """In the order of the document, each with its type, and optional where the document says so."""
    wanted = {
        wire: (row["type"], row["optional"]) for wire, row in table(folder).properties.items()
    }
    found = properties(table(folder).model)
    assert found == wanted
    assert list(found) == list(wanted)


@seed
def test_the_classes_inside_it_too(folder: Path) -> None:
    for name, wanted in table(folder).classes.items():
        assert properties(getattr(table(folder).package, name)) == wanted, name


@seed
def test_a_property_that_is_optional_may_be_left_out(folder: Path) -> None:
    """And one that is required may not, in the constructor and in JSON."""
    seed = table(folder)
    unset = seed.package.UNSET
    for field in dataclasses.fields(seed.model):
        if field.name == "additional_properties":
            continue
        rest = {wire: value for wire, value in payload(folder).items() if wire != field.name}
        if seed.properties[field.name]["optional"]:
            value = seed.package.decode(seed.model, rest, strict=True)
            assert getattr(value, field.name) is unset
            assert field.default is not dataclasses.MISSING
        else:
            assert field.default is dataclasses.MISSING
            with pytest.raises(seed.package.DecodeError, match=f'"{field.name}" is missing'):
                seed.package.decode(seed.model, rest)


@seed
def test_the_payload_decodes_and_comes_back(folder: Path) -> None:
    """It has every property, and none is kept as an unknown one or as raw data."""
    seed, data = table(folder), payload(folder)
    assert data.keys() == seed.properties.keys()
    value = seed.package.decode(seed.model, data, strict=True)
    assert type(value) is seed.model
    assert value.additional_properties is seed.package.UNSET
    assert seed.package.encode(value) == data == payload(folder)
    text = seed.package.encode_json(value)
    assert seed.package.decode_json(seed.model, text, strict=True) == value
    made = seed.model(**{wire: getattr(value, wire) for wire in data})
    assert made == value
    for wire, item in data.items():
        if isinstance(item, dict):
            assert not isinstance(getattr(value, wire), dict), wire


# --- where the documents fell short -----------------------------------------------------------------------


@seed
def test_no_type_is_vague(folder: Path) -> None:
    for wire, (type_, _) in properties(table(folder).model).items():
        assert type_ not in VAGUE, wire


@seed
def test_modalities_are_a_list_of_known_values(folder: Path) -> None:
    seed, data = table(folder), payload(folder)
    (wire,) = {"modalities", "output_modalities"} & seed.properties.keys()
    assert seed.properties[wire]["type"] == 'list[Literal["text", "audio"]]'
    for wrong in ("text", ["text", "video"], {"text": True}):
        with pytest.raises(seed.package.DecodeError):
            seed.package.decode(seed.model, {**data, wire: wrong}, strict=True)


@seed
def test_most_tokens_are_a_number_or_inf(folder: Path) -> None:
    seed, data = table(folder), payload(folder)
    (wire,) = MOST_TOKENS & seed.properties.keys()
    assert seed.properties[wire]["type"] == 'int | Literal["inf"]'
    for right in (1, 4096, "inf"):
        value = seed.package.decode(seed.model, {**data, wire: right}, strict=True)
        assert getattr(value, wire) == right
    for wrong in ("many", 1.5, [1]):
        with pytest.raises(seed.package.DecodeError):
            seed.package.decode(seed.model, {**data, wire: wrong}, strict=True)


@seed
def test_tool_choice_admits_a_function_where_the_spec_does(folder: Path) -> None:
    """One of the five has an object there; of the others the spec says that it is a string."""
    seed, data = table(folder), payload(folder)
    function = {"type": "function", "name": "f"}
    if "ToolChoiceFunction" in seed.properties["tool_choice"]["type"]:
        assert seed.variant == "v2025_09_09"
        value = seed.package.decode(seed.model, {**data, "tool_choice": function}, strict=True)
        assert value.tool_choice == seed.package.ToolChoiceFunction(name="f")
    else:
        assert seed.properties["tool_choice"]["type"] == "str"
        with pytest.raises(seed.package.DecodeError, match="expected string, got object"):
            seed.package.decode(seed.model, {**data, "tool_choice": function})
    for word in ("auto", "none", "required"):
        value = seed.package.decode(seed.model, {**data, "tool_choice": word}, strict=True)
        assert value.tool_choice == word
