"""Emitted packages under the strictest settings of pyright; mypy --strict on the flagship is part of `make test`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from case_kinds import Case, workspace
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project.config import Package

ROOT = Path(__file__).parents[1]
CORPUS = os.environ.get("MODELGEN_CORPUS")
NEWEST = "2026-08-21-f85dbe2"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs node")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="MODELGEN_CORPUS is not set")


def strict(folder: Path, work: Path) -> str:
    """What pyright says of a folder, "" for nothing."""
    settings = {"include": [str(folder)], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (work / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--project", str(work), "--outputjson"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] > 5
    found = report["generalDiagnostics"]
    return "\n".join(
        f"{row['file']}:{row['range']['start']['line'] + 1}: {row['message']}" for row in found
    )


@needs_node
def test_the_flagship_package_is_clean(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "generated", tmp_path / "generated")
    assert strict(tmp_path / "generated", tmp_path) == ""


@needs_node
@needs_corpus
def test_a_whole_document_is_clean(tmp_path: Path) -> None:
    assert CORPUS is not None
    source = Path(CORPUS, "openai", f"{NEWEST}.yaml")
    package = Package(name="models", input=str(source))
    generate(load(str(source)), package).files.write(tmp_path / "out" / "models")
    assert strict(tmp_path / "out", tmp_path) == ""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=cache"]
    done = subprocess.run([*command, "out/models"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@needs_node
def test_programs_are_clean(tmp_path: Path) -> None:
    """The programs of cases, against the packages of their cases."""
    programs = sorted((ROOT / "tests" / "cases").glob("*/*/program.py"))
    assert programs
    for program in programs:
        name = program.parent.name.replace("-", "_")
        (tmp_path / f"use_{name}.py").write_text(program.read_text())
        with workspace(Case(program.parent)) as package:
            made = generate(load(package.input), replace(package, name=name))
        made.files.write(tmp_path / name)
    assert strict(tmp_path, tmp_path) == ""
    names = [f"use_{program.parent.name.replace('-', '_')}.py" for program in programs]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=cache"]
    done = subprocess.run([*command, *names], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
