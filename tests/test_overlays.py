"""Overlays: what commands make of them, and what cases cannot show."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from modelgen.cli import main
from modelgen.errors import SpecError
from modelgen.loader import Document, load, parse
from modelgen.loader.document import parse_root
from modelgen.loader.overlay import laid

SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {}
components:
  schemas:
    Pet:
      type: object
      properties: {name: {type: string}}
"""
OVERLAY = """\
overlay: 1.1.0
info: {title: Repairs, version: "1"}
actions:
  - target: $.components.schemas.Pet.properties
    update:
      winters: {type: integer, nullable: true}
"""
CONFIGURED = """\
[tool.modelgen.packages.pets]
input = "spec.yaml"
overlays = ["mended.overlay.yaml"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)
    Path("mended.overlay.yaml").write_text(OVERLAY)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True)


def test_an_anomaly_is_where_the_overlay_has_it() -> None:
    result = run("inspect", "spec.yaml", "--overlay", "mended.overlay.yaml")
    assert "mended.overlay.yaml:6:" in result.stdout
    assert run("inspect", "spec.yaml").stdout.endswith("1 schema, 0 anomalies\n")


def test_an_error_is_where_the_overlay_has_it() -> None:
    text = OVERLAY.replace(
        "{type: integer, nullable: true}", "{$ref: '#/components/schemas/Nobody'}"
    )
    Path("mended.overlay.yaml").write_text(text)
    result = run("generate", "spec.yaml", "--overlay", "mended.overlay.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("mended.overlay.yaml:6:17: error[ref-unresolved]")


def test_a_configured_overlay_holds_for_every_command() -> None:
    Path("pyproject.toml").write_text(CONFIGURED)
    assert run("generate").exit_code == 0
    assert "winters" in Path("pets/models.py").read_text()
    assert run("check").exit_code == 0
    assert "1 anomaly" in run("inspect", "spec.yaml").stdout
    # what was remembered of the run is of the overlay too
    Path("mended.overlay.yaml").write_text(OVERLAY.replace("winters", "years"))
    assert run("check").exit_code == 1
    assert run("generate").exit_code == 0
    assert "years" in Path("pets/models.py").read_text()


def test_versions_are_compared_as_they_are_under_their_overlays() -> None:
    Path("pyproject.toml").write_text(CONFIGURED)
    git("init", "-q", ".")
    git("add", "spec.yaml")
    git("commit", "-qm", "Without an overlay")
    git("add", "-A")
    git("commit", "-qm", "With one")
    same = run("diff", "HEAD:spec.yaml", "spec.yaml", "--fail-on", "any")
    assert same.exit_code == 0, same.output
    before = run("diff", "HEAD~:spec.yaml", "spec.yaml", "--fail-on", "any")
    assert before.exit_code == 1, before.output
    assert "winters" in before.stdout


def test_an_overlay_that_is_given_is_laid_over_both_sides() -> None:
    Path("new.yaml").write_text(SPEC.replace("name:", "called:"))
    result = run("diff", "spec.yaml", "new.yaml", "--overlay", "mended.overlay.yaml")
    assert result.exit_code == 0
    assert "winters" not in result.stdout
    missing = run("diff", "spec.yaml", "new.yaml", "--overlay", "no.yaml")
    assert missing.exit_code == 2


def test_what_is_no_mapping_is_refused_as_such() -> None:
    Path("list.yaml").write_text("[]")
    with pytest.raises(SpecError) as refused:
        load("list.yaml", overlays=["mended.overlay.yaml"])
    assert refused.value.diagnostics[0].code == "not-openapi"


def test_copies_of_copies_end() -> None:
    actions = [{"target": "$", "update": {"x-a": {"many": list(range(500))}}}]
    actions += [
        {"target": "$['x-a']", "update": {f"x-{n}": {}}} for n in range(40)
    ]  # somewhere to copy to
    copies = [{"target": f"$['x-a']['x-{n}']", "copy": "$['x-a']"} for n in range(40)]
    with pytest.raises(SpecError) as refused:
        overlaid({"openapi": "3.1.0"}, [*actions, *copies])
    assert {each.code for each in refused.value.diagnostics} <= {"too-large", "too-deep"}


def test_a_document_is_not_changed_by_what_is_laid_over_it() -> None:
    document = parse("spec.yaml", SPEC.encode())
    before = json.dumps(document.data)
    data, _ = laid(document, [parse("mended.overlay.yaml", OVERLAY.encode())])
    assert json.dumps(document.data) == before
    assert "winters" in json.dumps(data)


VALUES = st.recursive(
    st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=20,
)


@given(VALUES, st.lists(st.sampled_from(["$.a", "$.b.*", "$..c", "$.a[0]", "$.*[1:]"]), max_size=3))
def test_what_is_left_is_found_where_it_stands(value: object, removed: list[str]) -> None:
    """Whatever was removed, the place of every value that is left leads to that value in the text."""
    text = json.dumps({"a": value, "b": value, "keep": 1})
    actions = [{"target": path, "remove": True} for path in removed]
    document = parse("spec.json", text.encode())
    try:
        data, places = laid(document, [parse("o.json", overlay_text(actions).encode())])
    except SpecError:
        return
    original = json.loads(text)
    for pointer, node in nodes(data, ""):
        place = places.of(pointer)
        assert place.document is None
        if not isinstance(node, dict | list):
            assert at(original, place.pointer) == node


def overlay_text(actions: list[dict[str, object]]) -> str:
    actions = actions or [{"target": "$.keep", "remove": True}]
    info = {"title": "Changes", "version": "1"}
    return json.dumps({"overlay": "1.1.0", "info": info, "actions": actions})


def overlaid(data: dict[str, object], actions: list[dict[str, object]]) -> Document:
    overlay = parse("o.json", overlay_text(actions).encode())
    return parse_root("spec.json", json.dumps(data).encode(), [overlay])


def nodes(node: object, pointer: str) -> list[tuple[str, object]]:
    found = [(pointer, node)]
    items = node.items() if isinstance(node, dict) else ()
    for key, child in (*items, *(enumerate(node) if isinstance(node, list) else ())):
        found += nodes(child, f"{pointer}/{key}")
    return found


def at(node: object, pointer: str) -> object:
    for token in pointer.split("/")[1:]:
        node = node[int(token)] if isinstance(node, list) else node[token]  # type: ignore[index]
    return node
