"""The support module of emitted packages: what decoding and encoding do at their edges."""

from __future__ import annotations

import copy
import json
import pickle
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any, Optional, Union

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emitted import Emitted, document, imported
from modelgen.emit.styles import STYLES
from modelgen.ir import Value
from test_conformance import EXAMPLES

SCHEMAS = {
    "Pet": {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"},
    },
    "Cat": {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["cat"]},
            "born": {"type": "string", "format": "date"},
            "seen": {"type": "string", "format": "date-time"},
            "id": {"type": "string", "format": "uuid"},
            "age": {"type": "integer"},
            "weight": {"type": "number", "multipleOf": 0.1},
            "name": {"type": ["string", "null"]},
            "mood": {"type": "string", "enum": ["calm", "wild"]},
            "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "notes": {},
        },
        "required": ["kind"],
    },
    "Dog": {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["dog"]},
            "size": {"$ref": "#/components/schemas/Size"},
        },
        "required": ["kind"],
        "additionalProperties": False,
    },
    "Size": {"type": ["integer", "null"], "minimum": 1},
    "Tree": {
        "type": "object",
        "properties": {"left": {"$ref": "#/components/schemas/Tree"}, "x": {}},
    },
    "Text": {"type": "string"},
    "Anything": {"type": ["number", "string", "array", "object"]},
    "Other": {"type": "string", "maxLength": 3},
}


@pytest.fixture(scope="module", params=list(STYLES))
def emitted(request: pytest.FixtureRequest) -> Iterator[Emitted]:
    with imported(document(SCHEMAS), request.param) as found:
        yield found


@pytest.fixture
def style(request: pytest.FixtureRequest, emitted: Emitted) -> str:
    return "attrs" if hasattr(emitted.package.Cat, "__attrs_attrs__") else "dataclass"


@pytest.fixture
def package(emitted: Emitted) -> Any:
    return emitted.package


def faults(package: Any, type_: Any, data: object, strict: bool = False) -> list[str]:
    with pytest.raises(package.DecodeError) as caught:
        package.decode(type_, data, strict=strict)
    return [str(fault) for fault in caught.value.errors]


# --- text ---------------------------------------------------------------------------------------------------


@given(
    st.binary()
    | st.text()
    | st.text(alphabet='[]{}",:0123456789.eE+-truefalsnNI\\u \n', max_size=40)
)
@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_any_text_is_json_or_a_decode_error(emitted: Emitted, text: str | bytes) -> None:
    package = emitted.package
    for name in ("Cat", "Pet", "Size", "Text"):
        for strict in (True, False):
            try:
                value = package.decode_json(emitted.type(name), text, strict=strict)
            except package.DecodeError as error:
                assert error.errors
                assert all(fault.path.startswith("$") for fault in error.errors)
            else:
                assert Value.of(json.loads(package.encode_json(value))) == Value.of(
                    json.loads(text)
                )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        "NaN",
        '{"a": Infinity}',
        "[1,]",
        "'a'",
        '"\\ud800"',
        "1e999",
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 5000,
        "\x00",
    ],
    ids=range(14),
)
def test_text_that_is_not_json(
    emitted: Emitted, monkeypatch: pytest.MonkeyPatch, text: str | bytes
) -> None:
    """With orjson and without."""
    package = emitted.package
    runtime = package.decode.__globals__
    for loads in (runtime["_loads"], runtime["_loads_standard"]):
        monkeypatch.setitem(runtime, "_loads", loads)
        for name in ("Cat", "Text", "Tree", "Anything"):
            for strict in (True, False):
                with pytest.raises(package.DecodeError) as caught:
                    package.decode_json(emitted.type(name), text, strict=strict)
                assert caught.value.errors[0].path == "$"


def test_a_key_that_comes_twice_means_the_last(package: Any) -> None:
    assert package.decode_json(package.Tree, '{"x": 1, "x": 2}').x == 2


def test_bytes_strings_and_bytearrays_are_text(package: Any) -> None:
    for text in ('{"x": "é"}', '{"x": "é"}'.encode(), bytearray('{"x": "é"}'.encode())):
        assert package.Tree.from_json(text).x == "é"


def test_nesting_beyond_reason_is_a_decode_error(package: Any) -> None:
    data: dict[str, Any] = {}
    for _ in range(100_000):
        data = {"left": data}
    for strict in (True, False):
        assert faults(package, package.Tree, data, strict) == ["$: nested too deeply"]


# --- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (float("nan"), "$.x: nan is not a JSON value"),
        (float("inf"), "$.x: inf is not a JSON value"),
        ({1: 2}, "$.x: a property name must be a string, not 1"),
        ({1, 2}, "$.x: set is not a JSON value"),
        (b"a", "$.x: bytes is not a JSON value"),
        (object, "$.x: type is not a JSON value"),
    ],
)
def test_what_is_no_json_is_a_fault(package: Any, value: object, fault: str) -> None:
    assert faults(package, package.Tree, {"x": value}, strict=True) == [fault]
    assert faults(package, package.Size, value)


def test_relatives_of_json_values_are_read_as_such(package: Any) -> None:
    class Word(str):
        pass

    class Kind(StrEnum):
        CAT = "cat"

    class Table(Mapping[str, Any]):
        def __init__(self, data: dict[str, Any]) -> None:
            self.data = data

        def __getitem__(self, key: str) -> Any:
            return self.data[key]

        def __iter__(self) -> Iterator[str]:
            return iter(self.data)

        def __len__(self) -> int:
            return len(self.data)

    data = Table({"kind": Kind.CAT, "friends": (Table({"kind": Word("dog")}),), Word("age"): 3})
    plain = {"kind": "cat", "friends": [{"kind": "dog"}], "age": 3}
    for strict in (True, False):
        value = package.decode(package.Cat, data, strict=strict)
        assert value == package.decode(package.Cat, plain)
        assert type(value.kind) is str
        assert package.encode(value) == plain


@pytest.mark.parametrize("number", [0, 1, -1, 2**63, -(2**64), 10**400, 1.0, 1e22])
def test_whole_numbers_of_any_size(package: Any, number: float) -> None:
    for strict in (True, False):
        value = package.decode(package.Cat, {"kind": "cat", "age": number}, strict=strict)
        assert value.age == number
        assert type(value.age) is int
        assert json.loads(package.encode_json(value)) == {"kind": "cat", "age": number}


@pytest.mark.parametrize("text", ["x", "x" * 2000, "1" * 2000])
@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**400, -(10**25)])
def test_integers_of_json_text_are_exact(package: Any, number: int, text: str) -> None:
    for strict in (True, False):
        for data in (
            {"kind": "cat", "notes": number, "name": text},
            {"kind": "cat", "notes": [number, {"a": number}], "name": text},
            {"kind": "cat", "age": number, "friends": [], "name": text},
        ):
            for written in (json.dumps(data), json.dumps(data, indent=1).encode()):
                value = package.decode_json(package.Cat, written, strict=strict)
                assert json.loads(package.encode_json(value)) == data
                found = value.to_dict()
                assert Value.of(found) == Value.of(data)
                assert repr(found) == repr({name: data[name] for name in found})


def test_long_text_that_is_not_json(package: Any) -> None:
    for text in (
        '{"x": "' + "a" * 2000,
        '{"x": "' + "1" * 2000,
        "[" * 2000,
        '{"x": nope}' + " " * 2000,
    ):
        with pytest.raises(package.DecodeError, match="not valid JSON"):
            package.decode_json(package.Tree, text)


def test_numbers_beyond_print(package: Any) -> None:
    assert faults(package, package.Text, 10**5000) == ["$: expected string, got integer"]
    assert faults(package, package.Size, -(10**5000), strict=True)
    assert package.decode(package.Size, 10**5000, strict=True) == 10**5000


@pytest.mark.parametrize("weight", [0.1, 0.3, 4.7, 1e20, 123456789.1, -2.2])
def test_a_multiple_is_judged_as_it_is_written(package: Any, weight: float) -> None:
    package.decode(package.Cat, {"kind": "cat", "weight": weight}, strict=True)


def test_true_is_no_number_and_one_is_not_true(package: Any) -> None:
    assert faults(package, package.Cat, {"kind": "cat", "age": True}) == [
        "$.age: expected integer, got boolean"
    ]
    assert faults(package, package.Size, False)


def test_every_fault_is_listed_once_and_their_number_is_bounded(package: Any) -> None:
    data = {"kind": "cat", "age": "x", "friends": [{"kind": "dog", "size": "L"}, {"kind": 1}]}
    assert faults(package, package.Pet, data) == [
        "$.age: expected integer, got string",
        "$.friends[0].size: expected integer or null, got string",
        "$.friends[1].kind: expected string, got integer",
    ]
    many = {"kind": "cat", "friends": [1] * 1000}
    assert len(faults(package, package.Cat, many)) == 100


def test_decoding_leaves_its_input_alone(package: Any) -> None:
    data = {
        "kind": "cat",
        "notes": [{"a": [1]}],
        "more": {"b": [2]},
        "friends": [{"kind": "bird", "c": [3]}],
    }
    before = copy.deepcopy(data)
    value = package.decode(package.Cat, data)
    assert data == before
    encoded = package.encode(value)
    assert encoded == before
    encoded["notes"][0]["a"].append(4)
    encoded["more"]["b"].append(4)
    encoded["friends"][0]["c"].append(4)
    assert data == before


# --- unknown things -----------------------------------------------------------------------------------------


def test_lax_keeps_what_it_does_not_know(package: Any) -> None:
    data = {"kind": "cat", "mood": "regal", "tail": {"length": 3}, "name": None, "age": None}
    value = package.decode(package.Pet, data)
    assert (value.mood, value.name, value.age) == ("regal", None, None)
    assert value.additional_properties == {"tail": {"length": 3}}
    assert package.encode(value) == data
    assert faults(package, package.Pet, data, strict=True) == [
        "$.age: expected integer, got null",
        '$.mood: expected one of "calm", "wild"; got "regal"',
    ]


def test_an_unknown_variant_is_kept(package: Any) -> None:
    data = {"kind": "bird", "wings": 2}
    value = package.decode(package.Pet, data)
    assert value == package.UnknownVariant("bird", data)
    assert value.to_dict() == package.encode(value) == data
    assert pickle.loads(pickle.dumps(value)) == value
    assert faults(package, package.Pet, data, strict=True) == [
        '$.kind: expected one of "cat", "dog"; got "bird"'
    ]
    for without in ({}, {"kind": None}, {"kind": 1}):
        assert faults(package, package.Pet, without)


def test_strict_refuses_undeclared_properties(package: Any) -> None:
    data = {"kind": "dog", "tail": 1}
    assert package.encode(package.decode(package.Dog, data)) == data
    assert faults(package, package.Dog, data, strict=True) == [
        '$: unknown property "tail" is not allowed'
    ]


# --- three states -------------------------------------------------------------------------------------------


def test_absent_null_and_empty_stay_apart(package: Any) -> None:
    for data in ({"kind": "cat"}, {"kind": "cat", "name": None}, {"kind": "cat", "name": ""}):
        assert package.encode(package.decode(package.Cat, data)) == data
    value = package.decode(package.Cat, {"kind": "cat"})
    assert value.name is package.UNSET
    assert not package.UNSET
    assert repr(package.UNSET) == "UNSET"
    for copied in (
        copy.copy(package.UNSET),
        copy.deepcopy(package.UNSET),
        pickle.loads(pickle.dumps(package.UNSET)),
    ):
        assert copied is package.UNSET


def test_a_constant_is_the_default_of_its_argument(package: Any) -> None:
    assert package.encode(package.Cat()) == {"kind": "cat"}
    assert package.Cat() == package.decode(package.Cat, {"kind": "cat"})


def test_values_copy_compare_and_pickle(package: Any) -> None:
    data = {"kind": "cat", "age": 3, "friends": [{"kind": "dog", "size": None}], "x": [1]}
    value = package.Cat.from_dict(data)
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert value != package.decode(package.Cat, {**data, "age": 4})
    assert value.to_dict() == data
    assert json.loads(value.to_json()) == data
    assert package.Cat.from_json(value.to_json(), strict=True) == value
    assert "age=3" in repr(value)
    assert "weight" not in repr(value)
    with pytest.raises(AttributeError):
        value.wieght = 1


# --- types --------------------------------------------------------------------------------------------------


def test_aliases_of_one_type_are_two_schemas(package: Any) -> None:
    assert package.decode(package.Text, "four", strict=True) == "four"
    assert faults(package, package.Other, "four", strict=True) == ['$: "four" is longer than 3']
    assert package.decode_other("abc", strict=True) == "abc"


@pytest.mark.parametrize("type_", [dict, list, set[int], dict[int, str], "Cat", object(), [int]])
def test_what_is_not_of_the_package_is_a_type_error(package: Any, type_: object) -> None:
    for decode, data in ((package.decode, {}), (package.decode_json, "{}")):
        with pytest.raises(TypeError, match="is not a class, union or alias"):
            decode(type_, data)
    with pytest.raises(TypeError, match="is not a class, union or alias"):
        package.decode(list[type_], [])  # type: ignore[valid-type]


# --- types made of those of the package ---------------------------------------------------------------------


def compounds(package: Any) -> list[tuple[Any, object, Any, str]]:
    """A type, data that it has, its value, and the name of the type."""
    cat, dog = package.Cat(age=2), package.Dog()
    plain, other = {"kind": "cat", "age": 2}, {"kind": "dog"}
    return [
        (list[package.Cat], [plain], [cat], "list[Cat]"),
        (list[package.Pet], [plain, other], [cat, dog], "list[Pet]"),
        (dict[str, package.Cat], {"a": plain}, {"a": cat}, "dict[str, Cat]"),
        (package.Cat | None, None, None, "Cat | None"),
        (Optional[package.Cat], plain, cat, "Cat | None"),  # noqa: UP045
        (package.Cat | package.Dog, other, dog, "Cat | Dog"),
        (Union[package.Cat, package.Dog], plain, cat, "Cat | Dog"),  # noqa: UP007
        (Annotated[package.Cat, "a note"], plain, cat, "Cat"),
        (Annotated[package.Pet, "a note"], other, dog, "Pet"),
        (list[package.Cat | None], [None, plain], [None, cat], "list[Cat | None]"),
        (list[package.Other], ["abc"], ["abc"], "list[Other]"),
        (package.Cat | list[package.Cat], [plain], [cat], "Cat | list[Cat]"),
        (tuple[int, package.Cat], [1, plain], (1, cat), "tuple[int, Cat]"),
        (tuple[package.Cat, ...], [plain], (cat,), "tuple[Cat, ...]"),
        (dict[str, Any], {"a": [1]}, {"a": [1]}, "dict[str, Any]"),
        (str | int, 1, 1, "str | int"),
        (None, None, None, "None"),
    ]


@pytest.mark.parametrize("number", range(17))
def test_types_made_of_those_of_the_package(package: Any, number: int) -> None:
    type_, data, value, name = compounds(package)[number]
    for strict in (False, True):
        found = package.decode(type_, data, strict=strict)
        assert (found, type(found)) == (value, type(value))
        assert package.decode(type_, data, strict=strict) == value
        assert package.decode_json(type_, json.dumps(data), strict=strict) == value
        with pytest.raises(package.DecodeError) as caught:
            package.decode(type_, {"kind": 1.5, "a": {1}}, strict=True)
        assert caught.value.type_name == name
    assert package.encode(value) == data
    assert json.loads(package.encode_json(value)) == data


def test_faults_in_types_made_of_others_have_their_paths(package: Any) -> None:
    cats = [{"kind": "cat"}, {"kind": "cat", "age": "x"}, {}]
    assert faults(package, list[package.Cat], cats) == [
        "$[1].age: expected integer, got string",
        '$[2]: required property "kind" is missing',
    ]
    assert faults(package, dict[str, package.Cat], {"a b": {}}) == [
        '$["a b"]: required property "kind" is missing'
    ]
    assert faults(package, package.Cat | None, 1) == ["$: expected object or null, got integer"]
    assert faults(package, list[package.Other], ["abcd"], strict=True) == [
        '$[0]: "abcd" is longer than 3'
    ]
    assert faults(package, tuple[int, str], [1]) == ["$: 1 items, expected 2"]
    assert faults(package, tuple[int, str], [1, "a", 2]) == ["$: 3 items, expected 2"]


def test_a_union_is_the_member_that_fits_strictly_or_else_the_first_that_reads(
    package: Any,
) -> None:
    either = package.Tree | package.Cat
    assert type(package.decode(either, {"kind": "cat", "left": 1})) is package.Cat
    assert type(package.decode(either, {"left": {"x": 1}})) is package.Tree


# --- classes of users ---------------------------------------------------------------------------------------


def test_a_class_of_a_user_is_decoded_and_encoded_as_the_one_it_extends(package: Any) -> None:
    class Mine(package.Cat):  # type: ignore[misc, name-defined]
        def sound(self) -> str:
            return "purr" * self.age

    data = {"kind": "cat", "age": 2, "tail": True}
    for value in (
        package.decode(Mine, data),
        package.decode(Mine, data, strict=True),
        package.decode_json(Mine, json.dumps(data)),
        Mine.from_dict(data),
        package.decode(list[Mine], [data])[0],
    ):
        assert type(value) is Mine
        assert value.sound() == "purrpurr"
        assert value.to_dict() == data
    assert package.encode(Mine(age=2)) == {"kind": "cat", "age": 2}
    assert faults(package, Mine, {"kind": "dog"}) == ['$.kind: expected "cat", got "dog"']


def test_a_class_of_a_user_has_no_fields_of_its_own(emitted: Emitted, style: str) -> None:
    package = emitted.package
    bases = (package.Cat,)
    decorate = dataclass(kw_only=True) if style == "dataclass" else attrs.define(kw_only=True)
    mine = decorate(type("Mine", bases, {"tail": 1, "__annotations__": {"tail": int}}))
    with pytest.raises(TypeError, match="Mine has fields that Cat does not have: tail"):
        mine().to_dict()
    with pytest.raises(TypeError, match="Mine has fields that Cat does not have: tail"):
        mine.from_dict({"kind": "cat"})


def test_a_value_is_checked_as_strict_decoding_would(package: Any) -> None:
    assert package.validate(package.Cat(age=2)) is None
    wrong = package.Cat(mood="sad", friends=[package.Dog(size=0)], age="x")
    with pytest.raises(package.DecodeError) as caught:
        package.validate(wrong)
    assert [fault.path for fault in caught.value.errors] == [
        "$.age",
        "$.mood",
        "$.friends[0].size",
    ]
    with pytest.raises(TypeError):
        package.validate(package.Cat(notes={1}))


@pytest.mark.parametrize(
    "value", [{1: 2}, {1, 2}, object(), b"a", 1j, [object()], {"a": {None: 1}}]
)
def test_what_json_cannot_hold_is_a_type_error(package: Any, value: object) -> None:
    with pytest.raises(TypeError):
        package.encode(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_a_value_error(package: Any, value: float) -> None:
    with pytest.raises(ValueError, match="not a JSON value"):
        package.encode_json(package.Cat(weight=value))


# --- formats ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29T12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        ("2024-02-29t12:00:00.5z", datetime(2024, 2, 29, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2024-02-29T12:00:00.123456789Z", datetime(2024, 2, 29, 12, 0, 0, 123_456, tzinfo=UTC)),
        (
            "2024-02-29T12:00:00+05:30",
            datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        ),
        ("2024-02-29T12:00:00-00:00", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2024-02-29 12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC)),
    ],
)
def test_a_date_time_is_written_as_it_was_read(package: Any, text: str, value: datetime) -> None:
    cat = package.decode(package.Cat, {"kind": "cat", "seen": text})
    assert isinstance(cat.seen, datetime)
    assert cat.seen == value
    assert package.encode(cat)["seen"] == text
    for same in (copy.deepcopy(cat), pickle.loads(pickle.dumps(cat))):
        assert package.encode(same)["seen"] == text


def test_dates_and_uuids(package: Any) -> None:
    text = "123E4567-E89B-12D3-A456-426614174000"
    data = {"kind": "cat", "born": "2024-02-29", "id": text}
    value = package.decode(package.Cat, data, strict=True)
    assert value.born == date(2024, 2, 29)
    assert value.id == uuid.UUID(text)
    assert hash(value.id) == hash(uuid.UUID(text))
    assert package.encode(value) == data
    for same in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert package.encode(same) == data


def test_a_date_time_without_a_zone_cannot_be_written(package: Any) -> None:
    with pytest.raises(TypeError, match="time zone"):
        package.encode(package.Cat(seen=datetime(2024, 2, 29)))
    cat = package.Cat(seen=datetime(2024, 2, 29, tzinfo=UTC), born=date(2024, 2, 29))
    assert package.encode(cat) == {
        "kind": "cat",
        "born": "2024-02-29",
        "seen": "2024-02-29T00:00:00Z",
    }
