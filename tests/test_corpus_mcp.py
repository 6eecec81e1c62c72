"""The bundles of the Model Context Protocol: every definition is a type, and every example is valid and returns."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

from emitted import write
from modelgen.emit.styles import STYLES
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project.config import Package

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")


def package(path: Path, folder: Path, style: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    name = f"mcp_{path.stem.replace('-', '_')}_{style}"
    made = generate(load(str(path)), Package(name=name, input=str(path), style=style))
    write(folder / name, made.files)
    monkeypatch.syspath_prepend(str(folder))
    return importlib.import_module(name)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_definition_is_a_type(
    corpus: Path, tmp_path: Path, style: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = corpus / "mcp" / f"{version}.json"
    data = json.loads(path.read_text("utf-8"))
    definitions = data.get("$defs") or data["definitions"]
    module = package(path, tmp_path, style, monkeypatch)
    types = json.loads((tmp_path / module.__name__ / "schema_map.json").read_text())["types"]
    home = "$defs" if "$defs" in data else "definitions"
    named = {type_["pointer"]: name for name, type_ in types.items()}
    assert {named[f"/{home}/{name}"] for name in definitions} <= set(module.__all__)


@pytest.mark.parametrize("style", STYLES)
def test_examples(
    corpus: Path, tmp_path: Path, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = package(corpus / "mcp" / f"{VERSIONS[-1]}.json", tmp_path, style, monkeypatch)
    files = sorted((corpus / "mcp" / "examples").glob("*/*.json"))
    assert len(files) == 81
    for file in files:
        data = json.loads(file.read_text("utf-8"))
        value = module.decode(getattr(module, file.parent.name), data, strict=True)
        assert module.encode(value) == data, file.name
