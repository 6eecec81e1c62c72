"""`modelgen inspect`: the table, the details, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import fake_pipeline
from modelgen.cli import main

SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {}
components:
  schemas:
    Pet: {nullable: true}
    big-dog: {nullable: true}
    Cat: {}
    Owl: {nullable: true}
    Hen: {nullable: true}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("modelgen.commands.inspection.inspect", fake_pipeline.inspect)
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["inspect", *arguments], catch_exceptions=False)


def test_the_table_and_the_anomalies() -> None:
    result = run("spec.yaml")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        "SCHEMA   KIND    PYTHON NAME  LINE\n"
        "Pet      object  Pet          6\n"
        "big-dog  object  big_dog      7\n"
        "Cat      object  Cat          8\n"
        "Owl      object  Owl          9\n"
        "Hen      object  Hen          10\n"
        "\n"
        "5 schemas, 4 anomalies\n"
        "\n"
        "nullable: 4\n"
        "  Null is valid.\n"
        "  spec.yaml:6:11 /components/schemas/Pet/nullable\n"
        "  spec.yaml:7:15 /components/schemas/big-dog/nullable\n"
        "  spec.yaml:9:11 /components/schemas/Owl/nullable\n"
        "  and 1 more\n"
    )


def test_named_schemas_in_full() -> None:
    result = run("spec.yaml", "big-*", "Cat")
    assert result.stdout == (
        "big-dog\n"
        "  kind         object\n"
        "  python name  big_dog\n"
        "  pointer      /components/schemas/big-dog\n"
        "  written at   spec.yaml:7:5\n"
        "  anomaly      nullable at /components/schemas/big-dog/nullable\n"
        "               It is nullable.\n"
        "               Null is valid.\n"
        "\n"
        "Cat\n"
        "  kind         object\n"
        "  python name  Cat\n"
        "  pointer      /components/schemas/Cat\n"
        "  written at   spec.yaml:8:5\n"
    )


def test_json_has_stable_keys() -> None:
    data = json.loads(run("spec.yaml", "Pet", "--format", "json").stdout)
    pointer = "/components/schemas/Pet"
    assert data == {
        "schemas": [
            {
                "name": "Pet",
                "kind": "object",
                "python_name": "Pet",
                "pointer": pointer,
                "source": "spec.yaml",
                "line": 6,
                "definition": [],
            }
        ],
        "operations": [],
        "anomalies": [
            {
                "code": "nullable",
                "pointer": f"{pointer}/nullable",
                "location": {"source": "spec.yaml", "line": 6, "column": 11},
                "message": "It is nullable.",
                "repair": "Null is valid.",
            }
        ],
    }
    assert len(json.loads(run("spec.yaml", "--format", "json").stdout)["schemas"]) == 5


def test_an_unknown_name_is_an_error() -> None:
    result = run("spec.yaml", "Cta")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith('spec.yaml: error[unknown-schema]: There is no schema "Cta".')
    assert 'Did you mean "Cat"?' in result.stderr


def test_settings_of_the_package_that_has_this_input(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.modelgen.packages.pets]\ninput = "./spec.yaml"\n'
        '[tool.modelgen.packages.pets.names]\n"/components/schemas/Cat" = "Tiger"\n'
    )
    assert "Cat      object  Tiger        8\n" in run("spec.yaml").stdout
    (folder / "other.yaml").write_text(SPEC)
    assert "Tiger" not in run("other.yaml").stdout


def test_nothing_of_a_document_reaches_the_terminal_as_a_command(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC.replace("big-dog", '"\\e[31mred\\u202e"'))
    result = run("spec.yaml")
    assert "\\x1b[31mred\\u202e  object" in result.stdout
    assert "\x1b" not in result.stdout
    assert "\x1b" not in run("spec.yaml", "*red*").stdout


def test_a_missing_file() -> None:
    result = run("nowhere.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere.yaml: error[")
