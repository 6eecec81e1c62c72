"""`modelgen reconcile`: what is undecided, what is drafted, and how much of the real map the drafts find."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from modelgen.cli import main
from modelgen.loader.document import parse
from modelgen.pipeline import reconcile
from modelgen.reconcile.suggest import drafts
from realtime_package import PACKAGE, ROOT, documents

OLD = """\
openapi: 3.1.0
info: {title: Sessions, version: "1"}
components:
  schemas:
    Session:
      type: object
      properties:
        voice: {type: string}
        speed: {type: number}
"""
NEW = """\
openapi: 3.1.0
info: {title: Sessions, version: "2"}
components:
  schemas:
    Session:
      type: object
      properties:
        audio:
          type: object
          properties:
            voice: {type: string}
            speed: {type: number}
"""
CONFIG = """\
[tool.modelgen.packages.sessions]
reconcile = "reconcile.yaml"
variants.old.input = "old.yaml"
variants.new.input = "new.yaml"
"""
MAP = """\
variants: {old: "2024-01-01", new: "2025-01-01"}
shapes:
  Session:
    schemas: {body: {old: Session, new: Session}}
    fields:
      audio.voice: {was: voice}
      audio.speed: {was: speed}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("reconcile.yaml", MAP)):
        Path(name).write_text(text)
    Path("pyproject.toml").write_text(CONFIG)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments], catch_exceptions=False)


def test_a_map_that_decides_everything() -> None:
    result = run("reconcile")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "reconcile.yaml: everything is decided "
        "(2 variants, 1 shape, 2 fields, 0 tagged members, 0 values)\n"
    )


def test_what_is_undecided_is_named_where_it_stands() -> None:
    Path("reconcile.yaml").write_text(MAP.replace("      audio.speed: {was: speed}\n", ""))
    result = run("reconcile")
    assert result.exit_code == 1
    assert result.stdout == (
        "old.yaml:9:9: error[reconcile-undecided]: `speed` of Session (old) is not decided.\n"
        "  at /components/schemas/Session/properties/speed\n"
        "   9 |         speed: {type: number}\n"
        "     |         ^\n"
        "  hint: Add it to `fields` of Session, or say why it is lost.\n"
        "  see: reconcile.yaml:3:3 at /shapes/Session\n"
        "new.yaml:12:13: error[reconcile-undecided]: `audio.speed` of Session (new) is not decided.\n"
        "  at /components/schemas/Session/properties/audio/properties/speed\n"
        "  12 |             speed: {type: number}\n"
        "     |             ^\n"
        "  hint: Add it to `fields` of Session, or say why it is lost.\n"
        "  see: reconcile.yaml:3:3 at /shapes/Session\n"
    )
    assert result.stderr == "reconcile.yaml: 2 faults\n"


def test_a_new_property_stops_generate_too() -> None:
    Path("new.yaml").write_text(NEW + "        model: {type: string}\n")
    result = run("generate")
    assert result.exit_code == 2
    assert "`model` of Session (new) is not decided." in result.stderr
    assert not Path("sessions").exists()


def test_drafts_can_be_pasted() -> None:
    Path("reconcile.yaml").write_text(MAP.partition("      audio.voice")[0][:-1] + " {}\n")
    result = run("reconcile", "--suggest")
    assert result.exit_code == 1
    drafted = yaml.safe_load(result.stdout)
    assert drafted == {
        "audio": None,
        "audio.voice": {"was": "voice"},
        "audio.speed": {"was": "speed"},
    }
    pasted = yaml.safe_load(MAP)
    pasted["shapes"]["Session"]["fields"] = {
        path: body for path, body in drafted.items() if path != "audio"
    }
    Path("reconcile.yaml").write_text(yaml.safe_dump(pasted))
    assert run("reconcile").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shapes: [", "error[yaml-syntax]"),
        ("shapes: {}\nvariants: {}", "error[reconcile-map]"),
        (MAP.replace("was: voice", "vas: voice"), "error[reconcile-map]"),
        (MAP.replace("was: speed", "was: voice"), "`voice` is mapped twice in Session."),
        (MAP.replace("was: speed", "shape: Voise"), 'There is no shape "Voise".'),
        (MAP.replace("was: speed", "values: speeds"), 'There is no table of values "speeds".'),
    ],
)
def test_a_map_that_cannot_be_read(text: str, message: str) -> None:
    Path("reconcile.yaml").write_text(text)
    result = run("reconcile")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "reconcile.yaml:" in result.stderr


def test_no_map() -> None:
    Path("pyproject.toml").write_text(CONFIG.replace('reconcile = "reconcile.yaml"\n', ""))
    result = run("reconcile")
    assert result.exit_code == 2
    assert "error[reconcile-nothing]: No package has a map" in result.stderr
    assert "there is nothing to reconcile" in result.stderr


# --- the map of this repository -------------------------------------------------------------------


def flagship(change: Any) -> Any:
    path = ROOT / PACKAGE.reconcile
    raw = yaml.safe_load(path.read_text("utf-8"))
    change(raw)
    text = yaml.safe_dump(raw, sort_keys=False).encode()
    found = [documents(part.name) for part in PACKAGE.variants]
    return reconcile(found, PACKAGE, parse("reconcile.yaml", text))


def test_everything_is_decided_over_seven_variants() -> None:
    resolution, faults = flagship(lambda raw: None)
    assert len(resolution.map.variants) == 7
    assert not faults


def test_the_drafts_of_an_emptied_map_find_what_was_renamed_and_moved() -> None:
    resolution, _ = flagship(lambda raw: None)
    decided = resolution.map.shapes

    def empty(raw: dict[str, Any]) -> None:
        del raw["values"], raw["streams"]
        shapes = raw["shapes"].items()
        raw["shapes"] = {
            name: {**shape, "fields": {}}
            for name, shape in shapes
            if "schemas" in shape and "tag" not in shape
        }

    undecided, _ = flagship(empty)
    made = {(draft.where, draft.path): draft.guesses for draft in drafts(undecided)}
    truth = {
        (name, was): entry.path
        for name, shape in decided.items()
        if shape.schemas
        for entry in shape.entries
        for was in entry.was
        if not shape.wraps  # what it wraps is undecided as a whole
    }
    first = {key for key, path in truth.items() if made[key] and made[key][0].path == path}
    assert len(truth) == 20
    assert first == truth.keys()


# --- what it decides is used by others -------------------------------------------------------------


def test_what_the_map_decides_is_a_fact_for_diff() -> None:
    text = MAP.replace("{was: voice}", "{was: speed}").replace(
        "speed: {was: speed}", "speed: {was: voice}"
    )
    Path("reconcile.yaml").write_text(text.replace("was: speed}", "was: speed, kept: Crossed.}"))
    result = run("diff", "old.yaml", "new.yaml", "--format", "json")
    assert result.exit_code == 0
    moved = sorted(
        (change["old_path"], change["path"], change["score"])
        for change in json.loads(result.stdout)["changes"]
        if change["rule"] == "property-moved"
    )
    assert moved == [("speed", "audio.voice", 1.0), ("voice", "audio.speed", 1.0)]


# tests/cases/reports/reconcile: a project with a map; page.md is what --docs prints of it.
# --- a page for people who migrate ----------------------------------------------------------------

PAGE = ROOT / "tests" / "cases" / "reports" / "reconcile"


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: it imports a package."""
    return subprocess.run(
        [sys.executable, "-m", "modelgen", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_page_says_what_becomes_of_each_field(tmp_path: Path, update_golden: bool) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PAGE, folder)
    missing = command(folder, "reconcile", "--docs")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "hint: Run modelgen generate first." in missing.stderr
    assert command(folder, "generate").returncode == 0
    done = command(folder, "reconcile", "--docs")
    assert done.returncode == 0, done.stderr
    if update_golden:
        (PAGE / "page.md").write_text(done.stdout, encoding="utf-8")
    assert done.stdout == (PAGE / "page.md").read_text("utf-8"), "--update-golden writes it"


def test_a_page_of_the_real_map_leaves_nothing_out() -> None:
    done = command(ROOT, "reconcile", "--docs")
    assert done.returncode == 0, done.stderr
    map_ = yaml.safe_load((ROOT / "specs" / "realtime" / "reconcile.yaml").read_text("utf-8"))
    headings = {line.removeprefix("## ") for line in done.stdout.splitlines()}
    for shape in map_["shapes"]:
        assert shape in headings
    for table in map_["values"]:
        assert "### " + table.replace("_", "\\_") in done.stdout
    reasons = [row["reason"] for rows in map_["values"].values() for row in rows if "reason" in row]
    text = done.stdout.replace("\\", "")
    assert all(" ".join(reason.split()) in text for reason in reasons)
    assert done.stdout == command(ROOT, "reconcile", "--docs").stdout
