"""The test suite of JSON Schema, as bundles and as components of OpenAPI: strict decoding says of every value what the
suite says, but for the cases of `json_schema_suite.yaml`, each with the choice behind it.

The suite comes with the sources of `jsonschema`, which are downloaded into `build/`.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project.config import Package

ROOT = Path(__file__).parents[1]
VERSION = "4.26.0"
CHOICES = yaml.safe_load(Path(__file__).with_name("json_schema_suite.yaml").read_text("utf-8"))
DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
OPENAPI = "openapi"


@pytest.fixture(scope="session")
def suite() -> Path:
    """The folder of the suite."""
    folder = ROOT / "build" / "json-schema-suite"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"jsonschema-{VERSION}"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several processes of tests one downloads it
        if not (folder / name).is_dir():
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
            options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(folder)]
            done = subprocess.run(
                [*pip, *options, f"jsonschema=={VERSION}"],
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            if done.returncode and not {"CI", "MODELGEN_NEEDS_SDKS"} & os.environ.keys():
                pytest.skip("the package index gave no sources of jsonschema")
            assert not done.returncode, done.stderr
            with tarfile.open(folder / f"{name}.tar.gz") as archive:
                archive.extractall(folder, filter="data")
    return folder / name / "json" / "tests"


def groups(suite: Path, draft: str) -> Iterator[tuple[str, Any, list[Any]]]:
    """Each group of the tests of a draft: its name, its schema, and its values."""
    for path in sorted((suite / draft).glob("*.json")):
        for group in json.loads(path.read_text("utf-8")):
            yield f"{path.stem}: {group['description']}", group["schema"], group["tests"]


def document(schema: Any, kind: str) -> Any:
    """A document in which a schema is called `Case`."""
    if kind == OPENAPI:
        if isinstance(schema, dict):
            schema = {"$id": "https://example.com/case", **schema}
        components = {"schemas": {"Case": schema}}
        info = {"title": "Suite", "version": "1"}
        return {"openapi": "3.1.0", "info": info, "paths": {}, "components": components}
    if isinstance(schema, dict):
        return {"$schema": DRAFTS[kind], **schema}
    return {"$schema": DRAFTS[kind], "$defs": {"Case": schema}}


def differing(package: str, tests: list[Any]) -> list[str]:
    """The values of which strict decoding says something else."""
    module = importlib.import_module(package)
    wrong = []
    for test in tests:
        try:
            module.decode(module.Case, test["data"], strict=True)
            valid = True
        except module.DecodeError:
            valid = False
        if valid != test["valid"]:
            wrong.append(test["description"])
    return wrong


@pytest.mark.parametrize("kind", [*DRAFTS, OPENAPI])
def test_suite(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    draft = "draft2020-12" if kind == OPENAPI else kind
    missed: dict[str, str] = {}
    for number, (name, schema, tests) in enumerate(groups(suite, draft)):
        package = f"suite_{kind.replace('-', '_')}_{number}"
        spec = tmp_path / "Case.json"
        spec.write_text(json.dumps(document(schema, kind)))
        try:
            made = generate(load(str(spec)), Package(name=package, input="Case.json"))
        except SpecError as error:
            missed[name] = error.diagnostics[0].code
            continue
        for path, text in made.files.items():
            file = tmp_path / package / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        if wrong := differing(package, tests):
            missed[name] = ", ".join(wrong)
    known = {
        name
        for choice in CHOICES
        if kind in choice.get("kinds", [kind])
        for name in choice["groups"]
    }
    unknown = {name: why for name, why in missed.items() if name not in known}
    assert not unknown
    remote = {name for choice in CHOICES if choice.get("refused") for name in choice["groups"]}
    refused = {name for name, why in missed.items() if why.startswith("ref-")}
    assert refused <= remote


def test_every_choice_is_needed(suite: Path) -> None:
    names = {name for draft in DRAFTS for name, _, _ in groups(suite, draft)}
    listed = [name for choice in CHOICES for name in choice["groups"]]
    assert set(listed) <= names
    assert len(listed) == len(set(listed))
