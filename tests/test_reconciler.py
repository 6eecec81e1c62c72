"""The reconciler on small maps and documents: what it refuses, in which words, and that no text of them becomes code."""

from __future__ import annotations

import ast
import builtins
import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emitted import document
from modelgen.emit.parts import SUPPORT
from modelgen.errors import Diagnostic, SpecError
from modelgen.loader import Documents, load, load_data
from modelgen.pipeline import generate, reconcile
from modelgen.project import config
from test_injection import PAYLOADS

Json = dict[str, Any]
TEXT = {"type": "string"}


def schemas(name: str, **properties: Any) -> Json:
    return {name: {"type": "object", "properties": properties}}


OLD = schemas("Thing", colour=TEXT, size={"type": "integer"})
NEW = schemas("Thing", color=TEXT, size={"type": "integer"})
MAP: Json = {
    "variants": {"old": "2024-01-01", "new": "2025-01-01"},
    "shapes": {
        "Thing": {
            "schemas": {"whole": {"old": "Thing", "new": "Thing"}},
            "fields": {"color": {"was": "colour"}, "size": None},
        }
    },
}


def mapped(**fields: Any) -> Json:
    """The map with other fields, and without those that are `...`."""
    made = copy.deepcopy(MAP)
    own = made["shapes"]["Thing"]["fields"]
    own.update(fields)
    made["shapes"]["Thing"]["fields"] = {k: v for k, v in own.items() if v is not ...}
    return made


def inputs(
    folder: Path, map_: Any, old: Json, new: Json
) -> tuple[list[Documents], config.Package, Any]:
    documents = []
    for data in (old, new):
        text = json.dumps(document(data)).encode()
        documents.append(load("-", stdin=io.BytesIO(text)))
    (folder / "map.yaml").write_text(json.dumps(map_), "utf-8")
    parts = tuple(config.Part(name=name, input="-") for name in ("old", "new"))
    package = config.Package(name="things", variants=parts, reconcile="map.yaml")
    return documents, package, load_data(str(folder / "map.yaml"))


def faults(folder: Path, map_: Any, old: Json = OLD, new: Json = NEW) -> list[Diagnostic]:
    try:
        _, undecided = reconcile(*inputs(folder, map_, old, new))
    except SpecError as error:
        return list(error.diagnostics)
    return list(undecided)


def test_a_map_that_decides_all_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, MAP) == []


REFUSED: dict[str, tuple[Any, Json, Json, str, list[str]]] = {
    "a rename between unlike types names both": (
        MAP,
        OLD,
        schemas("Thing", color={"type": "integer"}, size={"type": "integer"}),
        "reconcile-types",
        ["`color` of Thing is a string in old (`colour`) and an integer in new (`color`)"],
    ),
    "a rename between two lists of values": (
        MAP,
        schemas("Thing", colour={"enum": ["red", "blue"]}, size={"type": "integer"}),
        schemas("Thing", color={"enum": ["red", "green"]}, size={"type": "integer"}),
        "reconcile-types",
        ['one of "red", "blue" in old', 'one of "red", "green" in new'],
    ),
    "a property nobody decided": (
        mapped(size=...),
        OLD,
        NEW,
        "reconcile-undecided",
        ["`size` of Thing (old) is not decided", "`size` of Thing (new) is not decided"],
    ),
    "a property that one lacks, without a reason": (
        mapped(weight=None),
        OLD,
        schemas("Thing", color=TEXT, size={"type": "integer"}, weight={"type": "integer"}),
        "reconcile-undecided",
        ["`weight` is not in Thing (old), and nothing says why it is lost there"],
    ),
    "a path nobody has": (
        mapped(color={"was": ["colour", "hue"]}),
        OLD,
        NEW,
        "reconcile-map",
        ["`hue` of Thing is in no variant"],
    ),
    "a path of two entries": (
        mapped(size={"was": "colour"}),
        OLD,
        NEW,
        "reconcile-map",
        ["`colour` is mapped twice in Thing"],
    ),
    "a variant that the configuration lacks": (
        {**MAP, "variants": {**MAP["variants"], "other": "2026-01-01"}},
        OLD,
        NEW,
        "reconcile-map",
        ['The configuration has no variant "other"'],
    ),
    "a variant that the map lacks": (
        {"variants": {"old": "2024-01-01", "new_": "2025-01-01"}, "shapes": {"Thing": {"fields": {}}}},
        OLD,
        NEW,
        "reconcile-undecided",
        ['The variant "new" is not in the map'],
    ),
    "a schema of a variant nobody knows": (
        {**MAP, "shapes": {"Thing": {**MAP["shapes"]["Thing"], "schemas": {"whole": {"oldest": "Thing"}}}}},
        OLD,
        NEW,
        "reconcile-map",
        ['There is no variant "oldest"'],
    ),
    "a table nobody made": (
        mapped(color={"was": "colour", "values": "colours"}),
        OLD,
        NEW,
        "reconcile-map",
        ['There is no table of values "colours"'],
    ),
    "a shape nobody made": (
        mapped(color={"was": "colour", "shape": "Colour"}),
        OLD,
        NEW,
        "reconcile-map",
        ['There is no shape "Colour"'],
    ),
    "a value decided twice": (
        {
            **mapped(color={"was": "colour", "values": "colours"}),
            "values": {"colours": [{"was": "red", "is": "rot"}, {"was": "red", "is": "rose"}]},
        },
        schemas("Thing", colour={"enum": ["red"]}, size={"type": "integer"}),
        schemas("Thing", color={"enum": ["rot", "rose"]}, size={"type": "integer"}),
        "reconcile-map",
        ['`was: "red"` is decided twice in `colours`'],
    ),
    "a value nobody decided": (
        {
            **mapped(color={"was": "colour", "values": "colours"}),
            "values": {"colours": [{"was": "red", "is": "rot"}]},
        },
        schemas("Thing", colour={"enum": ["red", "blue"]}, size={"type": "integer"}),
        schemas("Thing", color={"enum": ["rot"]}, size={"type": "integer"}),
        "reconcile-undecided",
        ['The value "blue" of `colour` of Thing (old) is not decided'],
    ),
    "a schema of no family": (
        MAP,
        OLD,
        {**NEW, "Extra": {"type": "object"}},
        "reconcile-undecided",
        ["The schema Extra (new) belongs to no family"],
    ),
    "a schema outside that is not there": (
        {**MAP, "outside": {"new": {"Extra": "Of another API."}}},
        OLD,
        NEW,
        "reconcile-map",
        ['"Extra" of new is named as outside'],
    ),
    "a name with a dot": (
        {**MAP, "shapes": {"Thing": {**MAP["shapes"]["Thing"], "fields": {**MAP["shapes"]["Thing"]["fields"], "a.b": "Lost."}}}},
        OLD,
        schemas("Thing", color=TEXT, size={"type": "integer"}, **{"a.b": TEXT}),
        "reconcile-map",
        ["The name `a.b` in Thing (new) has a dot"],
    ),
    "a word the map does not take": (
        mapped(color={"was": "colour", "rename": "x"}),
        OLD,
        NEW,
        "reconcile-map",
        ["This is not what the map takes"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(name: str, tmp_path: Path) -> None:
    map_, old, new, code, messages = REFUSED[name]
    found = faults(tmp_path, map_, old, new)
    for message in messages:
        assert any(
            f.code == code and message in f.message for f in found
        ), [f.message for f in found]  # fmt: skip
    for fault in found:
        assert fault.at.source and fault.at.line, fault


def tagged(*tags: str) -> Json:
    """A union of events."""
    members = {
        f"Event{n}": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"const": tag}, "a": TEXT},
        }
        for n, tag in enumerate(tags)
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in members]
    return {**members, "Event": {"oneOf": refs}}


def events(**members: Any) -> Json:
    schemas_ = {"event": {"old": "Event", "new": "Event"}}
    shape = {"tag": "type", "schemas": schemas_, "members": members}
    return {"variants": MAP["variants"], "shapes": {"Event": shape}}


FIELDS = {"fields": ["a"]}


def test_members_must_be_decided(tmp_path: Path) -> None:
    def of(**members: Any) -> list[str]:
        return [
            f.message for f in faults(tmp_path, events(**members), tagged("x"), tagged("x", "y"))
        ]

    assert of(x=FIELDS, y={**FIELDS, "lost": "It is new."}) == []
    assert any("`y` (Event1 of new) is not decided" in m for m in of(x=FIELDS))
    assert any("`y` is not in Event" in m for m in of(x=FIELDS, y=FIELDS))
    twice = of(x={**FIELDS, "was": "y"}, y=FIELDS)
    assert any('The tag "y" is mapped twice' in m for m in twice)
    gone = of(x=FIELDS, y={**FIELDS, "lost": "It is new."}, z={**FIELDS, "lost": "Never was."})
    assert any("`a` of Event.z is in no variant" in m for m in gone)


# --- text stays text --------------------------------------------------------------------------------------

NAMES = [*PAYLOADS.values(), "class", "None", "__class__", "d", "path", "r", "self", "a b", "é"]


def hostile_field(text: str) -> tuple[Json, Json, Json]:
    old = schemas("Thing", **{text + "1": {"enum": [text, "b"]}, "size": TEXT})
    new = schemas("Thing", **{text: {"enum": [text, "c"]}, "size": TEXT})
    fields = {text: {"was": text + "1", "values": "words"}, "size": None}
    map_ = {
        "variants": MAP["variants"],
        "values": {"words": [{"is": text, "reason": text + "."}, {"was": "b", "is": "c"}]},
        "shapes": {"Thing": {**MAP["shapes"]["Thing"], "about": text, "fields": fields}},
    }
    map_["values"]["words"] = [{"was": text, "is": text}, {"was": "b", "is": "c"}]
    return map_, old, new


def hostile_reason(text: str) -> tuple[Json, Json, Json]:
    new = schemas("Thing", color=TEXT, size={"type": "integer"}, **{text: TEXT})
    return mapped(**{text: {"lost": text}}), OLD, new


def hostile_nesting(text: str) -> tuple[Json, Json, Json]:
    inner = {"type": "object", "properties": {text: TEXT}}
    new = schemas("Thing", **{text: inner, "size": {"type": "integer"}})
    return mapped(**{f"{text}.{text}": {"was": "colour"}, "color": ...}), OLD, new


def hostile_tag(text: str) -> tuple[Json, Json, Json]:
    lost = {**FIELDS, "lost": text}
    return (
        events(**{text: {**FIELDS, "was": text + "1"}, "y": lost}),
        tagged(text + "1"),
        tagged(text, "y"),
    )


@pytest.mark.parametrize("make", [hostile_field, hostile_reason, hostile_nesting, hostile_tag])
@pytest.mark.parametrize("number", range(len(NAMES)))
def test_text_of_maps_and_documents_stays_text(
    number: int, make: Callable[[str], tuple[Json, Json, Json]], tmp_path: Path
) -> None:
    text = NAMES[number].replace(".", "_")  # a dot is for paths
    documents, package, map_ = inputs(tmp_path, *make(text))
    try:
        files = generate(documents, package, map_=map_).files
    except SpecError as error:
        # two names that differ in nothing a Python name can hold
        assert {d.code for d in error.diagnostics} <= {"name-clash"}, error.diagnostics
        return
    support = {*SUPPORT, "_conversion.py", "_translator.py"}
    for path, code in files.items():
        if path.endswith(".py") and path not in support:
            called = {
                node.func.id
                for node in ast.walk(ast.parse(code))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not {"__import__", "exec", "eval", "pwn"} & called, path
    assert not hasattr(builtins, "PWNED")
