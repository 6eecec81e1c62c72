"""No text of a map, or of the documents that it is about, becomes code."""

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
from modelgen.emit.conversions.files import SUPPORT as CONVERSIONS
from modelgen.emit.parts import SUPPORT
from modelgen.errors import SpecError
from modelgen.loader import Documents, load, load_data
from modelgen.pipeline import generate
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
    support = {*SUPPORT, *CONVERSIONS}
    for path, code in files.items():
        if path.endswith(".py") and path not in support:
            called = {
                node.func.id
                for node in ast.walk(ast.parse(code))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not {"__import__", "exec", "eval", "pwn"} & called, path
    assert not hasattr(builtins, "PWNED")
