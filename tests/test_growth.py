"""Large and tangled documents: the work grows as the document does. What is counted is calls, not time."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Container
from typing import Any

import pytest

from emitted import document, generated, imported
from modelgen import ir
from modelgen.emit.attributes import AttributeNamer
from modelgen.emit.types import MAX_PIPES
from modelgen.errors import SpecError
from modelgen.normalizer.schemas import Schemas

Components = dict[str, Any]


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def calls(run: Callable[[], object]) -> int:
    """How many functions are called, those of C included."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def web(size: int) -> Components:
    """Objects that refer to each other."""
    return {
        f"C{n}": {
            "type": "object",
            "properties": {
                "next": ref(f"C{(n + 1) % size}"),
                "other": ref(f"C{(n * 7 + 3) % size}"),
                "list": {"type": "array", "items": ref(f"C{(n * 13 + 5) % size}")},
                "name": {"type": "string", "description": "Its name."},
            },
        }
        for n in range(size)
    }


def tagged(n: int) -> dict[str, Any]:
    return {"type": "object", "required": ["t"], "properties": {"t": {"const": f"t{n}"}}}


def own(n: int) -> dict[str, Any]:
    return {"type": "object", "required": [f"p{n}"], "properties": {f"p{n}": {"type": "string"}}}


def union(size: int, member: Callable[[int], dict[str, Any]], inline: bool) -> Components:
    members = {f"M{n}": member(n) for n in range(size)}
    if inline:
        return {"U": {"oneOf": list(members.values())}}
    return {**members, "U": {"oneOf": list(map(ref, members))}}


def chain(size: int, link: Callable[[dict[str, str]], dict[str, Any]]) -> Components:
    """Each schema holds the next one."""
    schemas = {f"C{n}": link(ref(f"C{n + 1}")) for n in range(size)}
    return {**schemas, f"C{size}": {"type": "object", "properties": {"x": {"type": "integer"}}}}


LINKS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "property": lambda next_: {"type": "object", "properties": {"n": next_}},
    "items": lambda next_: {"type": "array", "items": next_},
    "values": lambda next_: {"type": "object", "additionalProperties": next_},
}


def diamond(levels: int, beside: dict[str, Any], word: str, leaf: dict[str, Any]) -> Components:
    """Each of two schemas is one of the two of the next level: 2^levels ways lead to the last two."""
    schemas = {
        f"{side}{n}": {word: [ref(f"A{n + 1}"), ref(f"B{n + 1}")], **beside}
        for n in range(levels)
        for side in "AB"
    }
    return {**schemas, f"A{levels}": leaf, f"B{levels}": {**leaf, "description": "The other."}}


BESIDE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "bound": {"minLength": 1},
    "type": {"type": "object"},
    "properties": {"properties": {"p": {"type": "string"}}},
    "required": {"required": ["a"]},
    "unevaluated": {"unevaluatedProperties": False},
}
LEAVES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "object": {"type": "object", "properties": {"a": {"type": "string"}}},
}
GROWING: dict[str, Callable[[int], Components]] = {
    "web": web,
    "union": lambda size: union(size, tagged, inline=False),
    "inline union": lambda size: union(size, tagged, inline=True),
    "union by key": lambda size: union(size, own, inline=False),
    "inline union by key": lambda size: union(size, own, inline=True),
    **{
        f"chain by {name}": lambda size, link=link: chain(size, link)
        for name, link in LINKS.items()
    },
}


@pytest.mark.parametrize("kind", GROWING)
def test_the_work_grows_as_the_document_does(kind: str) -> None:
    generated(document(GROWING[kind](10)))  # what is loaded and compiled once
    small, large = (
        calls(lambda size=size: generated(document(GROWING[kind](size)))) for size in (60, 240)
    )
    assert large < 4.4 * small


def test_nobody_goes_through_the_names_of_all_classes() -> None:
    class Names(Container[str]):
        asked = 0

        def __contains__(self, name: object) -> bool:
            self.asked += 1
            return name == "next"

    names = Names()
    fields = [ir.Field(wire=wire, type=ir.Anything()) for wire in ("next", "other")]
    assert AttributeNamer(names).names(fields) == {"next": "next_", "other": "other"}
    assert names.asked < 20


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("word", ["oneOf", "anyOf", "allOf"])
def test_a_diamond_of_forty_levels(
    monkeypatch: pytest.MonkeyPatch, word: str, beside: str, leaf: str
) -> None:
    built = 0
    build = Schemas.build

    def counted(*of: Any) -> Any:
        nonlocal built
        built += 1
        assert built < 10_000
        return build(*of)

    monkeypatch.setattr(Schemas, "build", counted)
    generated(document(diamond(40, BESIDE[beside], word, LEAVES[leaf])))


@pytest.mark.parametrize("beside", [{}, {"minLength": 1}])
@pytest.mark.parametrize("word", ["oneOf", "anyOf", "allOf", "not"])
@pytest.mark.parametrize("nesting", [30, 60])
def test_deep_nesting_behind_references_is_read_or_is_one_clear_error(
    word: str, beside: dict[str, Any], nesting: int
) -> None:
    def link(schema: dict[str, Any]) -> dict[str, Any]:
        for _ in range(nesting):
            schema = {word: schema if word == "not" else [schema], **beside}
        return schema

    try:
        made = generated(document(chain(95, link)))
    except SpecError as error:
        assert [found.code for found in error.diagnostics] == ["too-deep"]
    else:
        assert made.classes + made.aliases >= 96


@pytest.mark.parametrize("link", LINKS)
def test_a_chain_of_five_thousand_schemas(link: str) -> None:
    made = generated(document(chain(5_000, LINKS[link])))
    assert made.classes + made.aliases == 5_001


@pytest.mark.parametrize("word", ["allOf", "oneOf", "not", "$ref"])
def test_a_chain_of_conditions_is_refused(word: str) -> None:
    """A value would have to meet all of them."""
    links: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
        "not": lambda next_: {"type": "string", "not": next_},
        "$ref": lambda next_: {**next_, "minLength": 1},
    }
    link = links.get(word, lambda next_: {word: [next_, {"type": "string", "minLength": 1}]})
    with pytest.raises(SpecError) as caught:
        generated(document(chain(5_000, link)))
    assert {found.code for found in caught.value.diagnostics} == {"ref-chain"}


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("member", [tagged, own])
def test_a_union_of_five_thousand_members(
    member: Callable[[int], dict[str, Any]], inline: bool
) -> None:
    schemas = union(5_000, member, inline)
    schemas["Holder"] = {
        "type": "object",
        "properties": {"u": {"anyOf": [ref("U"), {"type": "null"}]}},
    }
    with imported(document(schemas)) as emitted:
        for n in (0, 4_999):
            data = {"t": f"t{n}"} if member is tagged else {f"p{n}": "x"}
            value = emitted.package.decode(emitted.type("U"), data)
            assert json.loads(emitted.package.encode_json(value)) == data
            holder = emitted.package.Holder.from_dict({"u": data})
            assert type(holder.u) is type(value)


def test_few_members_stand_between_pipes() -> None:
    for size, expected in ((MAX_PIPES - 1, "M0\n    | M1"), (MAX_PIPES + 1, "_Union[")):
        text = generated(document(union(size, tagged, inline=False))).files["models.py"]
        assert expected in text
