"""The action of diff: what its script prints, puts out and comments, with a `gh` that only writes down what it is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[1] / "diff"
OLD = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get: {responses: {"200": {description: Pets., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}}
components: {schemas: {Pet: {type: object, properties: {name: {type: string}}}}}
"""
NEW = OLD.replace("{name: {type: string}}", "{name: {type: [string, 'null']}}")
GH = """\
#!/usr/bin/env bash
echo "$*" >>asked
case "$*" in *--paginate*) cat existing 2>/dev/null || true;; *body=@*) for word in "$@"; do case $word in body=@*) cp "${word#body=@}" body;; esac; done;; esac
[[ ! -f refuse ]]
"""


class Step:
    """A step of a job, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "old.yaml").write_text(OLD)
        (folder / "new.yaml").write_text(NEW)
        programs = folder / "bin"
        programs.mkdir()
        (programs / "gh").write_text(GH)
        (programs / "gh").chmod(0o755)
        self.path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        for name in ("output", "summary", "asked", "body"):
            (self.folder / name).unlink(missing_ok=True)
        environment = {
            "PATH": self.path,
            "HOME": str(self.folder),
            "OLD": "old.yaml",
            "NEW": "new.yaml",
            "FAIL_ON": "",
            "BASELINE": "",
            "COMMENT": "true",
            "PULL_REQUEST": "7",
            "GITHUB_REPOSITORY": "me/mine",
            "GITHUB_OUTPUT": "output",
            "GITHUB_STEP_SUMMARY": "summary",
            **inputs,
        }
        return subprocess.run(
            ["bash", str(FOLDER / "run.sh")],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


def test_outputs_annotations_and_a_comment(step: Step) -> None:
    done = step.run()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error file=new.yaml,line=6,title=became-nullable::Pet name")
    assert step.read("output") == "wire=1\npython=0\nmay-break=0\nsafe=0\nbump=major\n"
    assert step.read("summary").startswith("## old.yaml to new.yaml\n")
    assert step.read("body") == f"<!-- modelgen diff new.yaml -->\n{step.read('summary')}"
    assert "--method POST repos/me/mine/issues/7/comments" in step.read("asked")


def test_the_comment_is_written_anew(step: Step) -> None:
    (step.folder / "existing").write_text("41\n42\n")
    assert step.run().returncode == 0
    assert "--method PATCH repos/me/mine/issues/comments/41" in step.read("asked")
    assert step.run(NEW="old.yaml").returncode == 0
    assert "PATCH" in step.read("asked")
    assert "No change." in step.read("body")


def test_no_change_needs_no_comment(step: Step) -> None:
    done = step.run(NEW="old.yaml", FAIL_ON="any")
    assert (done.returncode, done.stdout, step.read("body")) == (0, "no change\n", "")
    assert "POST" not in step.read("asked")


@pytest.mark.parametrize("inputs", [{"COMMENT": "false"}, {"PULL_REQUEST": ""}])
def test_nobody_is_asked_without_a_pull_request(step: Step, inputs: dict[str, str]) -> None:
    assert step.run(**inputs).returncode == 0
    assert step.read("asked") == ""


def test_it_fails_as_it_is_told(step: Step) -> None:
    assert step.run(FAIL_ON="sent").returncode == 0
    assert "::warning file" in step.run(FAIL_ON="sent").stdout
    assert step.run(FAIL_ON="sent received").returncode == 1
    assert step.read("body"), "and comments all the same"
    assert step.run(OLD="none.yaml").returncode != 0
    (step.folder / "accepted.json").write_text(
        '{"accepted": [{"rule": "became-nullable", "schema": "*", "path": "*", "reason": "known"}]}'
    )
    assert step.run(FAIL_ON="wire", BASELINE="accepted.json").returncode == 0


def test_a_comment_that_is_refused_is_told(step: Step) -> None:
    (step.folder / "refuse").touch()
    done = step.run()
    assert done.returncode == 0
    assert "::warning title=modelgen diff::The comment could not be written" in done.stdout


def test_the_script_reads_what_the_action_gives_it() -> None:
    action: Any = yaml.safe_load((FOLDER / "action.yml").read_text())
    (step,) = (step for step in action["runs"]["steps"] if step.get("id") == "diff")
    script = (FOLDER / "run.sh").read_text()
    assert set(step["env"]) - {"GH_TOKEN"} == set(re.findall(r"\$\{?([A-Z_]+)\b", script)) - {
        "GITHUB_OUTPUT",
        "GITHUB_REPOSITORY",
        "GITHUB_STEP_SUMMARY",
    }
    used = set(re.findall(r"inputs\.([a-z-]+)", (FOLDER / "action.yml").read_text()))
    assert used == set(action["inputs"])
    for name, said in action["outputs"].items():
        assert f"steps.diff.outputs.{name} " in said["value"]
