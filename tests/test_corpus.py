"""Six real documents of the OpenAI API become packages: complete, under the names of the document, reproducibly.

What is counted is written down in `corpus/census.txt`; `pytest --update-golden tests/test_corpus.py` rewrites it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import typing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus_packages import (
    DOCUMENTS,
    NEWEST,
    PARTS,
    api,
    component_names,
    inspection,
    live,
    made,
    path,
    raw,
    settings,
)
from modelgen import cli, ir
from modelgen.emit.styles import STYLES

CENSUS = Path(__file__).parent / "corpus" / "census.txt"

every_document = pytest.mark.parametrize("name", DOCUMENTS)
every_part = pytest.mark.parametrize("part", PARTS)
every_style = pytest.mark.parametrize("style", list(STYLES))

# --- 1. all of each document -------------------------------------------------------------------------------


@every_document
@every_part
@every_style
def test_the_command_succeeds_with_the_same_bytes(
    corpus: Path, name: str, part: str, style: str, tmp_path: Path
) -> None:
    """Exit code 0, and what this process generated before is what the command writes now."""
    package = settings(corpus, name, part, style)
    options = ["-o", str(tmp_path), "--package", package.name, "--style", style]
    options += [option for glob in PARTS[part] for option in ("--select", glob)]
    result = CliRunner().invoke(cli.main, ["generate", package.input, *options])
    assert result.exit_code == 0, result.stderr
    folder = tmp_path / package.name
    written = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".modelgen.json"
    }
    assert written == dict(made(corpus, name, part, style).files)


@every_part
def test_another_process_gives_the_same_bytes(corpus: Path, part: str, tmp_path: Path) -> None:
    """Another hash seed, another folder."""
    package = settings(corpus, NEWEST, part)
    script = "from modelgen.cli import main; main()"
    options = ["-o", str(tmp_path), "--package", package.name]
    options += [option for glob in PARTS[part] for option in ("--select", glob)]
    subprocess.run(
        [sys.executable, "-c", script, "generate", package.input, *options],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONHASHSEED": "17",
            "LC_ALL": "C",
            "TZ": "Asia/Tokyo",
            "MODELGEN_CACHE_DIR": str(tmp_path / "cache"),
        },
        check=True,
        capture_output=True,
    )
    for file, text in made(corpus, NEWEST, part).files.items():
        assert (tmp_path / package.name / file).read_text("utf-8") == text, file


@every_document
@every_part
@every_style
def test_every_component_is_importable_under_its_name(
    corpus: Path, name: str, part: str, style: str
) -> None:
    package = live(corpus, name, part, style)
    names = {row.name: row.python_name for row in inspection(corpus, name, part).schemas}
    wanted = component_names(corpus, name, part)
    assert len(wanted) > 30
    for component in wanted:
        assert component in names, f"{component} is lost"
        if component.isidentifier():
            assert names[component] == component
        type_ = getattr(package, names[component])
        assert names[component] in package.__all__
        home = importlib.import_module(package._HOMES[names[component]], package.__name__)
        assert type_ is getattr(home, names[component])
        if isinstance(type_, type):
            assert typing.get_type_hints(type_)


@every_document
@every_part
@every_style
def test_every_module_and_every_export_can_be_imported(
    corpus: Path, name: str, part: str, style: str
) -> None:
    package = live(corpus, name, part, style)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    for export in package.__all__:
        getattr(package, export)


@every_document
@every_part
def test_no_name_ends_in_a_number_of_our_own(corpus: Path, name: str, part: str) -> None:
    """The digits at the end of a name stand in the document: in a component's name, a property's or a tag."""
    for row in inspection(corpus, name, part).schemas:
        digits = re.search(r"\d+$", row.python_name)
        if digits:
            words = [
                row.name,
                *(text for kind, text in ir.key_steps(row.name) if kind == "property"),
            ]
            assert any(
                word.endswith(digits[0]) for word in words
            ), f"{row.python_name} ({row.name})"


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("2026")])
def test_no_beta_class_is_in_a_ga_union(corpus: Path, name: str) -> None:
    """Nothing that a union of the GA dialect leads to is a class of the beta one, where the document says so."""
    types = api(corpus, name, "realtime").by_key()
    unions = [
        named
        for named in types.values()
        if isinstance(named.type, ir.Union) and not named.key.startswith("RealtimeBeta")
    ]
    assert len(unions) > 20
    for union in unions:
        members = _members(union.type, types)
        assert not [key for key in members if key.startswith("RealtimeBeta")], union.key
    for root in ("RealtimeServerEvent", "RealtimeClientEvent", "RealtimeSessionCreateRequestGA"):
        assert not [key for key in _closure(root, types) if key.startswith("RealtimeBeta")], root


def _members(type_: ir.Type, types: dict[str, ir.Named]) -> set[str]:
    """The keys of all members of a union, those of unions inside it included."""
    if isinstance(type_, ir.Ref):
        return {type_.target} | _members(types[type_.target].type, types)
    if isinstance(type_, ir.Union):
        return set().union(*(_members(member, types) for member in type_.members))
    return set()


def _closure(root: str, types: dict[str, ir.Named]) -> set[str]:
    found: set[str] = set()
    wanted = [root]
    while wanted:
        key = wanted.pop()
        if key not in found:
            found.add(key)
            wanted.extend(ir.references(types[key].type))
    return found


# --- 2. names stay ------------------------------------------------------------------------------------------


@every_part
def test_names_stay_the_same_in_the_next_version(corpus: Path, part: str) -> None:
    old, new = (_names_by_pointer(corpus, name, part) for name in ("2026-05-13-5162af9", NEWEST))
    both = old.keys() & new.keys()
    assert len(both) > (1500 if part == "whole" else 300)
    changed = {
        pointer: (old[pointer], new[pointer]) for pointer in both if old[pointer] != new[pointer]
    }
    assert len(changed) <= 0.01 * len(both), changed


def _names_by_pointer(corpus: Path, name: str, part: str) -> dict[str, str]:
    types = json.loads(made(corpus, name, part).files["schema_map.json"])["types"]
    return {entry["pointer"]: python_name for python_name, entry in types.items()}


# --- 3. what the newest document says -----------------------------------------------------------------------


def test_required_and_nullable_fields_hold_none(corpus: Path) -> None:
    """All that are required and `nullable: true`, which 3.1 lacks: 12 of components, 3 of inline schemas."""
    fields = _fields_by_pointer(corpus)
    places = [
        place
        for place, owner, wire, schema in _properties(raw(corpus, NEWEST))
        if wire in owner.get("required", ())
        and isinstance(schema, dict)
        and schema.get("nullable") is True
    ]
    assert (
        len(
            [place for place in places if place.count("/properties/") == 1 and "items" not in place]
        )
        == 12
    )
    assert len(places) == 15
    for place in places:
        class_, attribute = fields[place]
        hint = typing.get_type_hints(class_)[attribute]
        assert type(None) in typing.get_args(hint), place


def test_untyped_arrays_are_lists(corpus: Path) -> None:
    fields = _fields_by_pointer(corpus)
    places = [
        row.at.pointer
        for row in inspection(corpus, NEWEST, "whole").anomalies
        if row.code == "untyped-array"
    ]
    assert len(places) == 4
    for place in places:
        class_, attribute = fields[place]
        hints = typing.get_args(typing.get_type_hints(class_)[attribute])
        lists = [hint for hint in hints if typing.get_origin(hint) is list]
        assert len(lists) == 1, place
        assert typing.get_args(lists[0]) != (Any,), place


def test_wire_names_that_are_no_identifiers_survive(corpus: Path) -> None:
    package = live(corpus, NEWEST)
    types = {named.key: named for named in api(corpus, NEWEST, "whole").types}
    names = {row.name: row.python_name for row in inspection(corpus, NEWEST, "whole").schemas}
    places = _fields_by_pointer(corpus)
    found = set()
    for key, named in types.items():
        if not isinstance(named.type, ir.Object):
            continue
        for field in named.type.fields:
            if field.wire.isidentifier():
                continue
            found.add(field.wire)
            class_ = getattr(package, names[key])
            attribute = places[field.at.pointer][1]
            payload = {other.wire: _sample(other.type, types) for other in named.type.fields}
            value = package.decode(class_, payload)
            assert attribute.isidentifier()
            assert getattr(value, attribute) is not package.UNSET
            assert package.encode(value) == payload
    assert len(found) == 63


def test_open_enums_accept_any_string_and_list_their_values(corpus: Path) -> None:
    package = live(corpus, NEWEST)
    names = {row.name: row.python_name for row in inspection(corpus, NEWEST, "whole").schemas}
    enums = [
        named
        for named in api(corpus, NEWEST, "whole").types
        if isinstance(named.type, ir.Literal) and named.type.open
    ]
    assert len(enums) > 20
    for enum in enums:
        assert isinstance(enum.type, ir.Literal)
        alias = getattr(package, names[enum.key])
        for strict in (True, False):
            assert package.decode(alias, "no-such-value", strict=strict) == "no-such-value"
        listed = set(_literals(typing.get_args(alias)[0]))
        assert listed == {value.json for value in enum.type.values}


def test_conversation_items_are_told_apart_by_type_and_role(corpus: Path) -> None:
    package = live(corpus, NEWEST)
    for role, text, class_ in (
        ("system", "input_text", package.RealtimeConversationItemMessageSystem),
        ("user", "input_text", package.RealtimeConversationItemMessageUser),
        ("assistant", "output_text", package.RealtimeConversationItemMessageAssistant),
    ):
        payload = {"type": "message", "role": role, "content": [{"type": text, "text": "Hello"}]}
        for strict in (True, False):
            value = package.decode(package.RealtimeConversationItem, payload, strict=strict)
            assert type(value) is class_
            assert package.encode(value) == payload
    call = {"type": "function_call", "name": "f", "arguments": "{}"}
    value = package.decode(package.RealtimeConversationItem, call)
    assert type(value) is package.RealtimeConversationItemFunctionCall


def test_an_unknown_server_event_is_kept(corpus: Path) -> None:
    package = live(corpus, NEWEST)
    payload = {
        "type": "response.hologram.delta",
        "event_id": "event_1",
        "delta": {"x": [1, 2.5, None]},
    }
    value = package.decode(package.RealtimeServerEvent, payload)
    assert type(value) is package.UnknownVariant
    assert value.tag == "response.hologram.delta"
    assert package.encode(value) == payload
    assert json.loads(package.encode_json(value)) == payload
    with pytest.raises(package.DecodeError) as caught:
        package.decode(package.RealtimeServerEvent, payload, strict=True)
    assert [fault.path for fault in caught.value.errors] == ["$.type"]


def _properties(
    node: object, at: str = "/components/schemas"
) -> Iterator[tuple[str, dict[str, Any], str, Any]]:
    """Every property below the component schemas: its pointer, the schema around it, its name, its schema."""
    if at == "/components/schemas" and isinstance(node, dict):
        node = node["components"]["schemas"]
    if isinstance(node, list):
        for n, item in enumerate(node):
            yield from _properties(item, f"{at}/{n}")
    if not isinstance(node, dict):
        return
    for key, item in node.items():
        below = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
        if key in ("example", "examples", "default", "enum", "const", "x-oaiMeta"):
            continue
        if key == "properties" and isinstance(item, dict):
            for wire, schema in item.items():
                yield f"{below}/{wire.replace('~', '~0').replace('/', '~1')}", node, wire, schema
        yield from _properties(item, below)


def _fields_by_pointer(corpus: Path) -> dict[str, tuple[type, str]]:
    """Where each field of the newest package comes from: pointer -> class, attribute."""
    package = live(corpus, NEWEST)
    types = json.loads(made(corpus, NEWEST, "whole").files["schema_map.json"])["types"]
    return {
        entry["pointer"]: (getattr(package, name), attribute)
        for name, type_ in types.items()
        for attribute, entry in type_.get("fields", {}).items()
    }


def _sample(type_: ir.Type, types: dict[str, ir.Named]) -> object:
    """Some value of a type, as JSON."""
    match type_:
        case ir.Scalar(kind=kind):
            return {"string": "text", "integer": 1, "number": 0.5, "boolean": True, "null": None}[
                kind
            ]
        case ir.Literal(values=values):
            return values[0].json
        case ir.Ref(target=target):
            return _sample(types[target].type, types)
        case ir.Array() | ir.Tuple():
            return []
        case ir.Object(fields=fields):
            return {field.wire: _sample(field.type, types) for field in fields if field.required}
        case ir.Union(members=members):
            return _sample(members[0], types)
        case _:
            return {}


def _literals(hint: object) -> Iterator[object]:
    """All values that the `Literal`s of a type expression list."""
    for argument in typing.get_args(hint):
        if typing.get_origin(hint) is typing.Literal:
            yield argument
        else:
            yield from _literals(argument)


# --- the census ---------------------------------------------------------------------------------------------


def test_the_census_is_as_written_down(corpus: Path, update_golden: bool) -> None:
    text = "".join(_census(corpus, name, part) for name in DOCUMENTS for part in PARTS)
    if update_golden:
        CENSUS.parent.mkdir(exist_ok=True)
        CENSUS.write_text(text, "utf-8")
    assert (
        CENSUS.read_text("utf-8") == text
    ), "pytest --update-golden tests/test_corpus.py -k census"


def _census(corpus: Path, name: str, part: str) -> str:
    meaning = api(corpus, name, part)
    kinds = Counter(type(named.type).__name__ for named in meaning.types)
    fields = [
        field
        for named in meaning.types
        if isinstance(named.type, ir.Object)
        for field in named.type.fields
    ]
    counts = {
        "components": sum(named.component for named in meaning.types),
        "types": len(meaning.types),
        "classes": kinds["Object"],
        "enums": kinds["Literal"],
        "unions": kinds["Union"],
        "fields": len(fields),
        "required": sum(field.required for field in fields),
        "nullable": sum(field.nullable for field in fields),
        "with a default": sum(field.default is not None for field in fields),
    }
    anomalies = Counter(anomaly.code for anomaly in made(corpus, name, part).anomalies)
    lines = [f"{name} {part}: {', '.join(f'{count} {word}' for word, count in counts.items())}"]
    lines += [f"    {code} {count}" for code, count in sorted(anomalies.items())]
    return "\n".join(lines) + "\n"


def test_the_documents_are_those_of_the_corpus(corpus: Path) -> None:
    assert sorted(file.stem for file in (corpus / "openai").glob("*.yaml")) == sorted(DOCUMENTS)
    assert all(path(corpus, name).exists() for name in DOCUMENTS)
