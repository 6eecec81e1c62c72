"""The cut into modules where nobody configured one, and what a module imports of others."""

from __future__ import annotations

import sys
import typing
from types import ModuleType
from typing import Any

import pytest

from emitted import Emitted, document, generated, imported
from modelgen.emit.modules import MANY_TYPES, by_words
from test_growth import ref

STYLES = ["dataclass", "attrs"]


def cut(*names: str, rest: str = "models", many: int = MANY_TYPES) -> dict[str, str]:
    """The modules of these names, among so many others that a cut is made."""
    others = {f"Other{letter}{number}": 1 for letter in "AB" for number in range(many)}
    homes = by_words({**others, **dict.fromkeys(names, 1)}, rest)
    return {name: homes[name] for name in names}


FEW = [f"Pet{word}" for word in ("", "Food", "Toy", "Bed")]


def test_a_small_api_is_one_module() -> None:
    assert set(by_words(dict.fromkeys(FEW, MANY_TYPES // len(FEW)), "models").values()) == {
        "models"
    }


def test_names_that_begin_alike_go_together() -> None:
    assert set(cut(*FEW).values()) == {"pet"}
    assert set(cut(*FEW[1:]).values()) == {"models"}
    assert set(cut("pet_a", "PetB", "PETFood", "pet-d").values()) == {"pet"}


def test_inline_types_count() -> None:
    homes = by_words({"Pet": 4, "Dog": 3, "Other": MANY_TYPES}, "models")
    assert homes == {"Pet": "pet", "Dog": "models", "Other": "other"}


def test_many_that_begin_alike_are_told_apart_by_the_next_word() -> None:
    sizes = {"EventStart": 60, "EventStop": 60, "EventAt": 1, "Event": 1}
    assert by_words(sizes, "models") == {
        "EventStart": "event_start",
        "EventStop": "event_stop",
        "EventAt": "event",
        "Event": "event",
    }


@pytest.mark.parametrize(
    ("word", "module"),
    [
        ("List", "list_"),  # a builtin
        ("Class", "class_"),  # a keyword
        ("Decode", "decode_"),  # a function of the package
        ("Operations", "operations_"),  # a module of the package
        ("Models", "models"),
        ("2Fa", "models"),  # no identifier
        ("Überblick", "models"),  # file systems disagree on it
    ],
)
def test_a_word_that_cannot_name_a_module(word: str, module: str) -> None:
    names = [f"{word}{other}" for other in ("Red", "Green", "Blue", "Grey")]
    assert set(cut(*names).values()) == {module}


def test_an_addition_moves_those_alone_that_begin_as_it_does() -> None:
    names = [f"{a}{b}{c}" for a in ("Cat", "Dog", "Pet") for b in ("Red", "Big") for c in "ABC"]
    before = cut(*names)
    for added in ("CatRedD", "Zoo", "DogBigE", "OtherA500"):
        after = cut(*names, added)
        moved = {name for name in names if before[name] != after[name]}
        assert all(name.startswith(added[:3]) for name in moved), moved


def test_types_of_operations_are_cut_too() -> None:
    homes = cut(*(f"List{word}Query" for word in "ABCD"), rest="operation_types")
    assert set(homes.values()) == {"operation_types_list"}


# --- what a module imports --------------------------------------------------------------------------


def large() -> dict[str, Any]:
    """A document whose classes and aliases refer to each other across its modules, in circles too."""
    words = ("Alpha", "Beta", "Gamma", "Delta")
    schemas: dict[str, Any] = {}
    for n, word in enumerate(words):
        other = words[(n + 1) % len(words)]
        schemas |= {
            f"{word}Part{letter}": {
                "type": "object",
                "required": ["t"],
                "properties": {
                    "t": {"const": f"{word}{letter}"},
                    "next": ref(f"{other}Part{letter}"),
                    "value": ref(f"{other}Value"),
                    "any": ref(f"{other}Any"),
                },
            }
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        }
        schemas[f"{word}Value"] = {
            "anyOf": [{"type": "string"}, {"type": "array", "items": ref(f"{other}Value")}]
        }
        schemas[f"{word}Any"] = {
            "oneOf": [ref(f"{word}PartA"), ref(f"{other}PartB"), ref(f"{other}PartC")]
        }
    return document(schemas)


def modules(emitted: Emitted) -> list[str]:
    prefix = f"{emitted.package.__name__}."
    return sorted(
        name.removeprefix(prefix)
        for name in sys.modules
        if name.startswith(prefix) and not name.startswith(f"{prefix}_")
    )


def module(emitted: Emitted, name: str) -> ModuleType:
    return sys.modules[f"{emitted.package.__name__}.{name}"]


@pytest.mark.parametrize("style", STYLES)
def test_a_model_brings_its_own_module_alone(style: str) -> None:
    with imported(large(), style) as emitted:
        assert modules(emitted) == []
        assert emitted.type("AlphaPartA")(next=emitted.package.UNSET).t == "AlphaA"
        assert modules(emitted) == ["alpha"]
        assert "BetaPartA" not in vars(ModuleType)["__dict__"].__get__(module(emitted, "alpha"))


@pytest.mark.parametrize("style", STYLES)
def test_decoding_brings_what_the_payload_needs(style: str) -> None:
    with imported(large(), style) as emitted:
        part = emitted.type("AlphaPartA")
        decode = emitted.package.decode
        assert decode(part, {"t": "AlphaA"}).next is emitted.package.UNSET
        assert modules(emitted) == ["alpha"]
        payload = {"t": "AlphaA", "next": {"t": "BetaA"}, "any": {"t": "GammaB"}}
        for _ in range(2):
            made = decode(part, payload, strict=True)
            assert type(made.next) is emitted.type("BetaPartA")
            assert type(made.any) is emitted.type("GammaPartB")
            assert made.to_dict() == payload
        assert modules(emitted) == ["alpha", "beta", "gamma"]


def test_a_reader_of_another_module_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with imported(large()) as emitted:
        payload = {"t": "AlphaA", "next": {"t": "BetaA"}, "any": {"t": "GammaB"}}
        emitted.package.decode(emitted.type("AlphaPartA"), payload)
        links = sys.modules[f"{emitted.package.__name__}._links"]
        monkeypatch.delattr(links, "import_module")
        emitted.package.decode(emitted.type("AlphaPartA"), payload)


@pytest.mark.parametrize("style", STYLES)
def test_annotations_of_every_class_can_be_evaluated(style: str) -> None:
    with imported(large(), style) as emitted:
        hints = typing.get_type_hints(emitted.type("AlphaPartA"), include_extras=True)
        unset = emitted.type("Unset")
        assert hints["next"] == emitted.type("BetaPartA") | unset
        assert hints["any"] == emitted.type("BetaAny") | unset
        for name in emitted.package.__all__:
            if name.partition("Part")[1]:
                assert typing.get_type_hints(emitted.type(name))


def test_an_alias_is_a_type_and_not_a_text() -> None:
    with imported(large()) as emitted:
        union = typing.get_args(emitted.type("AlphaAny"))[0]
        names = ("AlphaPartA", "BetaPartB", "BetaPartC", "UnknownVariant")
        assert set(typing.get_args(union)) == {emitted.type(name) for name in names}
        assert emitted.type("AlphaAny") is module(emitted, "alpha").AlphaAny


def test_an_alias_that_leads_back_to_itself_can_be_evaluated_anywhere() -> None:
    with imported(large()) as emitted:

        class User: ...

        User.__annotations__ = {"value": emitted.type("GammaValue")}
        hint = typing.get_type_hints(User)["value"]
        for _ in range(3):
            text, items = typing.get_args(hint)
            assert (text, typing.get_origin(items)) == (str, list)
            (hint,) = typing.get_args(items)


def test_who_looks_into_a_module_finds_what_it_mentions() -> None:
    with imported(large()) as emitted:
        emitted.type("AlphaPartA")
        alpha = module(emitted, "alpha")
        assert vars(alpha)["BetaPartZ"] is emitted.type("BetaPartZ")
        assert {"AlphaAny", "AlphaPartA", "BetaValue"} <= set(dir(alpha))
        with pytest.raises(AttributeError, match="has no attribute 'Missing'"):
            _ = alpha.Missing


def test_the_cut_is_listed_nowhere_else() -> None:
    made = generated(large())
    assert {path for path in made.files if path.count("/") == 0 and not path.startswith("_")} == {
        "alpha.py",
        "beta.py",
        "delta.py",
        "gamma.py",
        "py.typed",
        "schema_map.json",
    }
