"""Generated models in programs that use other libraries: right JSON, or an error; never a property that is absent."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import cattrs
import fastapi.testclient
import msgspec
import orjson
import pydantic
import pytest

from emitted import Emitted, document, imported

SCHEMAS = {
    "Cat": {
        "type": "object",
        "required": ["lives"],
        "properties": {
            "kind": {"const": "cat"},
            "lives": {"type": "integer", "minimum": 0},
            "from": {"type": "string"},
            "born": {"type": "string", "format": "date-time"},
            "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        },
    },
    "Dog": {
        "type": "object",
        "required": ["kind", "name"],
        "properties": {"kind": {"const": "dog"}, "name": {"type": "string", "maxLength": 3}},
    },
    "Pet": {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"},
    },
    "Names": {"type": "array", "items": {"type": "string"}},
}
FULL = {
    "kind": "cat",
    "lives": 1,
    "from": "x",
    "born": "2020-01-01T00:00:00Z",
    "friends": [],
    "z": 1,
}
SHORT = {"lives": 3}
FOREIGN: dict[str, Callable[[Any], Any]] = {
    "json": json.dumps,
    "orjson": orjson.dumps,
    "msgspec.json": msgspec.json.encode,
    "msgspec.msgpack": msgspec.msgpack.encode,
    "msgspec.to_builtins": msgspec.to_builtins,
}


@pytest.fixture(scope="module", params=["dataclass", "attrs"])
def pets(request: pytest.FixtureRequest) -> Iterator[Emitted]:
    with imported(document(SCHEMAS), request.param) as emitted:
        yield emitted


@pytest.mark.parametrize("library", FOREIGN)
@pytest.mark.parametrize("payload", [SHORT, FULL], ids=["short", "full"])
def test_encoders_that_know_nothing_of_models_refuse_them(
    pets: Emitted, library: str, payload: dict[str, Any]
) -> None:
    cat = pets.package.decode(pets.package.Cat, payload)
    for value in (cat, [cat], {"cat": cat}):
        with pytest.raises((TypeError, RuntimeError)):
            FOREIGN[library](value)


@pytest.mark.parametrize("library", [name for name in FOREIGN if name != "msgspec.to_builtins"])
def test_encoders_refuse_what_is_absent(pets: Emitted, library: str) -> None:
    with pytest.raises(TypeError):
        FOREIGN[library]({"name": pets.package.UNSET})


def test_encoders_with_a_hook_write_what_the_package_writes(pets: Emitted) -> None:
    models = pets.package
    cat = models.decode(models.Cat, FULL)
    for text in (
        json.dumps(cat, default=models.encode),
        orjson.dumps(cat, default=models.encode),
        models.encode_json(cat),
        models.encode_json_str(cat),
        cat.to_json(),
        cat.to_json_str(),
    ):
        assert json.loads(text) == FULL
    assert isinstance(cat.to_json_str(), str)


def test_absence_survives_pickling_and_copying(pets: Emitted) -> None:
    cat = pets.package.decode(pets.package.Cat, SHORT)
    for same in (pickle.loads(pickle.dumps(cat)), copy.deepcopy(cat), copy.copy(cat)):
        assert same == cat and same.from_ is pets.package.UNSET


def test_classes_are_what_the_standard_library_and_attrs_expect(pets: Emitted) -> None:
    models = pets.package
    cat = models.decode(models.Cat, SHORT)
    if dataclasses.is_dataclass(models.Cat):
        assert [field.name for field in dataclasses.fields(models.Cat)][:2] == ["kind", "lives"]
        assert dataclasses.replace(cat, lives=4).lives == 4
        assert dataclasses.asdict(cat)["lives"] == 3
    else:
        assert [field.name for field in attrs.fields(models.Cat)][:2] == ["kind", "lives"]
        assert attrs.evolve(cat, lives=4).lives == 4
        assert attrs.asdict(cat)["lives"] == 3
    assert not dataclasses.is_dataclass(models.Model) and not attrs.has(models.Model)


def test_a_class_that_extends_a_model_keeps_its_fields(pets: Emitted) -> None:
    if not dataclasses.is_dataclass(pets.package.Cat):
        return
    own = dataclasses.make_dataclass(
        "Own", [("extra", int, 1)], bases=(pets.package.Cat,), kw_only=True
    )
    assert [field.name for field in dataclasses.fields(own)][-1] == "extra"
    plain = type("Plain", (pets.package.Cat,), {})
    assert dataclasses.replace(plain(lives=1), lives=2).lives == 2


# -- pydantic --------------------------------------------------------------------------------------


def faults(call: Callable[[], object]) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(pydantic.ValidationError) as caught:
        call()
    return [(row["loc"], row["msg"]) for row in caught.value.errors()]


def test_pydantic_decodes_and_encodes_as_the_package_does(pets: Emitted) -> None:
    models = pets.package
    for type_, payload in (
        (models.Cat, FULL),
        (models.Cat, SHORT),
        (models.Pet, {"kind": "dog", "name": "Rex", "more": [1]}),
        (models.Pet, {"kind": "zebra", "stripes": 7}),
        (models.Names, ["a", "b"]),
    ):
        adapter = pydantic.TypeAdapter(type_)
        value = adapter.validate_python(payload)
        assert value == models.decode(type_, payload)
        assert adapter.validate_json(json.dumps(payload)) == value
        assert adapter.validate_python(value) == value
        assert json.loads(adapter.dump_json(value)) == payload


def test_pydantic_is_told_every_fault_at_its_place(pets: Emitted) -> None:
    models = pets.package
    cat = pydantic.TypeAdapter(models.Cat)
    payload = {"lives": "x", "friends": [{"kind": "dog"}]}
    assert faults(lambda: cat.validate_python(payload)) == [
        (("lives",), "expected integer, got string"),
        (("friends", 0), 'required property "name" is missing'),
    ]
    cats = pydantic.TypeAdapter(list[models.Cat])
    assert faults(lambda: cats.validate_python([SHORT, {}])) == [
        ((1,), 'required property "lives" is missing')
    ]


def test_pydantic_is_strict_where_it_is_told_to_be(pets: Emitted) -> None:
    adapter = pydantic.TypeAdapter(pets.package.Dog)
    payload = {"kind": "dog", "name": "too long"}
    assert adapter.validate_python(payload).name == "too long"
    strict = faults(lambda: adapter.validate_python(payload, strict=True))
    assert strict == [(("name",), '"too long" is longer than 3')]


def test_models_are_fields_of_pydantic_models(pets: Emitted) -> None:
    models = pets.package
    owner_type = pydantic.create_model(
        "Owner",
        pet=(models.Pet, ...),
        either=(models.Cat | models.Dog, ...),
        cats=(dict[str, models.Cat], ...),
    )
    payload = {"pet": FULL, "either": {"kind": "dog", "name": "Rex"}, "cats": {"Tom": SHORT}}
    owner: Any = owner_type.model_validate(payload)
    assert (type(owner.pet), type(owner.either)) == (models.Cat, models.Dog)
    assert owner.model_dump() == payload
    assert json.loads(owner.model_dump_json()) == payload


def test_the_json_schema_is_that_of_the_document(pets: Emitted) -> None:
    made = pydantic.TypeAdapter(pets.package.Pet).json_schema()
    names = {"#/components/schemas/": "#/$defs/"}
    expected = json.loads(json.dumps(SCHEMAS).replace(*next(iter(names.items()))))
    del expected["Names"], expected["Pet"]["discriminator"]
    for name, kind in (("Cat", "cat"), ("Dog", "dog")):
        expected[name]["properties"]["kind"] = {"enum": [kind]}
    assert made["$defs"] == expected
    assert made["$ref"] == "#/$defs/Pet"


def test_fastapi_reads_answers_and_describes_models(pets: Emitted) -> None:
    models = pets.package
    app = fastapi.FastAPI()

    def echo(pet: Any) -> Any:
        return pet

    body = fastapi.Body()
    echo.__annotations__ = {"pet": models.Dog, "return": models.Dog}
    echo.__defaults__ = (body,)
    app.post("/dogs")(echo)
    client = fastapi.testclient.TestClient(app)
    rex = {"kind": "dog", "name": "Rex", "more": {"a": [1]}}
    assert client.post("/dogs", json=rex).json() == rex
    refused = client.post("/dogs", json={"kind": "dog"})
    assert refused.status_code == 422
    assert [fault["loc"] for fault in refused.json()["detail"]] == [["body"]]
    described = app.openapi()["components"]["schemas"]["Dog"]
    assert described["properties"]["name"] == SCHEMAS["Dog"]["properties"]["name"]  # type: ignore[index]
    assert described["required"] == ["kind", "name"]


def test_cattrs_with_the_codecs_of_the_package(pets: Emitted) -> None:
    models = pets.package
    converter = cattrs.Converter()
    converter.register_unstructure_hook(models.Model, models.encode)
    converter.register_structure_hook_func(
        lambda type_: isinstance(type_, type) and issubclass(type_, models.Model),
        lambda data, type_: models.decode(type_, data),
    )
    cats = converter.structure([FULL, SHORT], list[models.Cat])
    assert cats == [models.decode(models.Cat, data) for data in (FULL, SHORT)]
    assert converter.unstructure(cats) == [FULL, SHORT]


def test_msgspec_with_the_codecs_of_the_package(pets: Emitted) -> None:
    models = pets.package
    cats = [models.decode(models.Cat, data) for data in (FULL, SHORT)]
    assert msgspec.json.decode(msgspec.json.encode(models.encode(cats))) == [FULL, SHORT]
