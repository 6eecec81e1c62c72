"""A document and itself: nothing is read but the documents, and nothing that differs is taken for equal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelgen.diff import run
from modelgen.diff.run import Options, Outcome, compare
from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.project.config import Package

YAML = """\
openapi: 3.1.0
info: {title: Pets, version: '7'}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {age: {type: integer, maximum: 1}, name: {type: string}}}
    Pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Some:
      oneOf: [{$ref: '#/components/schemas/Pet'}]
      discriminator: {propertyName: name, mapping: {a: Pet, b: '#/components/schemas/Pet'}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compared(old: str, new: str, **options: Any) -> Outcome:
    return compare(load(old), load(new), Options(docs=True, **options))


def write(**texts: str) -> None:
    for name, text in texts.items():
        Path(f"{name}.yaml").write_text(text)


@pytest.mark.parametrize("select", [(), ("P*",)])
def test_a_document_and_itself_cost_their_loading(
    monkeypatch: pytest.MonkeyPatch, select: tuple[str, ...]
) -> None:
    write(old=YAML, new=f"# a comment\n{YAML}")
    plain = load("old.yaml").root.data
    Path("new.json").write_text(json.dumps(plain))
    texts = [
        compared("old.yaml", new, select=select).text("json") for new in ("old.yaml", "new.yaml")
    ]
    monkeypatch.setattr(run, "normalize", lambda *_, **__: 1 / 0)
    for new, text in zip(("old.yaml", "new.yaml"), texts, strict=True):
        outcome = compared("old.yaml", new, select=select)
        assert outcome.text("json") == text
        assert outcome.comparison.old_version == outcome.comparison.new_version == "7"
    assert compared("old.yaml", "new.json", select=select).text("text").endswith("no change\n")


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "html", "github"])
def test_the_report_is_the_same(monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    write(old=YAML)
    short = compared("old.yaml", "old.yaml").text(format_)
    monkeypatch.setattr(run, "are_identical", lambda *_: False)
    assert compared("old.yaml", "old.yaml").text(format_) == short


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("age: {type: integer, maximum: 1}, name: {type: string}", "name: {type: string}, age: {type: integer, maximum: 1}"),
        ("maximum: 1}", "maximum: 1, description: true}"),
        ("maximum: 1}", "maximum: 2}"),
        ("maximum: 1}", "maximum: 1, default: true}"),
    ],
)  # fmt: skip
def test_what_differs_is_compared(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    write(old=YAML, new=YAML.replace(old, new))
    with pytest.raises(ZeroDivisionError):
        monkeypatch.setattr(run, "normalize", lambda *_, **__: 1 / 0)
        compared("old.yaml", "new.yaml")


def test_true_is_not_one() -> None:
    write(
        old=YAML.replace("maximum: 1", "default: 1"),
        new=YAML.replace("maximum: 1", "default: true"),
    )
    assert compared("old.yaml", "new.yaml").comparison.changes


@pytest.mark.parametrize("place", ["items: {$ref: '#/components/schemas/Pet'}", "a: Pet"])
def test_what_refers_to_other_files_is_compared(folder: Path, place: str) -> None:
    other = "items: {$ref: 'other.yaml'}" if place.startswith("items") else "a: other.yaml"
    text = YAML.replace(place, other)
    if place == "a: Pet":
        text = text.replace("oneOf: [", "oneOf: [{$ref: other.yaml}, ")
    for name, kind in (("one", "string"), ("two", "integer")):
        (folder / name).mkdir()
        (folder / name / "spec.yaml").write_text(text)
        (folder / name / "other.yaml").write_text(f"type: {kind}\n")
    assert compared("one/spec.yaml", "two/spec.yaml").comparison.changes


def test_what_becomes_python_in_another_way_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    write(old=YAML)
    named = Package(name="models", names={"/components/schemas/Pet": "Animal"})
    monkeypatch.setattr(run, "normalize", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compared("old.yaml", "old.yaml", packages=(Package(name="models"), named))


def test_a_selection_of_nothing_stays_an_error() -> None:
    write(old=YAML)
    with pytest.raises(SpecError) as caught:
        compared("old.yaml", "old.yaml", select=("Nothing*",))
    assert caught.value.diagnostics[0].code == "nothing-selected"
