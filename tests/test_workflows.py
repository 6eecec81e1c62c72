"""Workflows, action and hook: they run make targets and modelgen commands that exist, and pin what they use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelgen.cli import COMMANDS

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE))
NO_COMMAND = "this is not a make target or a modelgen command"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    if path == ACTION:
        yield from read(path)["runs"]["steps"]
    else:
        for job in jobs(path).values():
            yield from job["steps"]


def commands(words: str) -> set[str]:
    """The modelgen commands that a text runs; options of modelgen itself are not used there."""
    return set(re.findall(r"\bmodelgen ([a-z]+)", words))


def test_the_workflows_are_there() -> None:
    assert [path.stem for path in WORKFLOWS] == ["publish", "regenerate", "test"]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_steps_run_what_can_be_run_anywhere(path: Path) -> None:
    for step in steps(path):
        match step.get("run", "make test").split():
            case ["make", target]:
                assert target in TARGETS
            case ["pipx", "run", "--no-cache", "--python", _, "--spec", _, "modelgen", command]:
                assert command in COMMANDS
            case _:
                pytest.fail(f"{step['run']}: {NO_COMMAND}")


def test_the_makefile_names_commands_that_exist() -> None:
    named = commands(MAKEFILE.replace("$(BIN)/modelgen", "modelgen"))
    assert {"build", "check", "generate", "update"} <= named <= set(COMMANDS)


def test_the_makefile_names_targets_that_exist() -> None:
    assert set(re.findall(r"\$\(MAKE\) ([a-z]+)", MAKEFILE)) <= TARGETS


def test_every_target_is_phony() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.split()) == TARGETS


def test_the_hook_checks() -> None:
    (hook,) = read(ROOT / ".pre-commit-hooks.yaml")
    program, command = hook["entry"].split()
    assert (program, command in COMMANDS) == ("modelgen", True)
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert program in scripts


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.name)
def test_actions_are_pinned_by_hash(path: Path) -> None:
    used = re.findall(r"\buses: (.*)", path.read_text())
    assert len(used) == sum("uses" in step for step in steps(path))
    for line in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_no_step_keeps_the_token() -> None:
    checkouts = [
        step
        for path in WORKFLOWS
        for step in steps(path)
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    for step in checkouts:
        assert step["with"]["persist-credentials"] is False


def test_an_action_has_one_version() -> None:
    used = {
        line
        for path in (*WORKFLOWS, ACTION)
        for line in re.findall(r"\buses: (.*)", path.read_text())
    }
    names = [line.partition("@")[0] for line in used]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_given_job_by_job(path: Path) -> None:
    assert read(path)["permissions"] == {}
    for job in jobs(path).values():
        assert job["permissions"]
        assert job["timeout-minutes"]


def test_only_these_may_write() -> None:
    writes = {
        f"{path.stem}.{name}: {what}"
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        for what, level in job["permissions"].items()
        if level != "read"
    }
    assert writes == {
        "publish.attest: attestations",
        "publish.attest: id-token",
        "publish.publish: id-token",
        "regenerate.regenerate: contents",
        "regenerate.regenerate: pull-requests",
    }


def test_every_supported_python_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (matrix,) = (job["strategy"]["matrix"] for job in jobs(WORKFLOWS[-1]).values())
    prefix = "Programming Language :: Python :: 3."
    listed = [f"3.{text.removeprefix(prefix)}" for text in project["classifiers"] if prefix in text]
    assert matrix["python"] == listed
    assert project["requires-python"] == f">={listed[0]}"
    assert {entry["system"] for entry in matrix["include"]} == {"macos-latest"}


def test_the_report_is_written_where_it_is_read() -> None:
    bodies = [
        step["with"]["body-path"]
        for step in steps(WORKFLOWS[1])
        if "body-path" in step.get("with", {})
    ]
    assert len(bodies) == 1
    assert f">{bodies[0]}\n" in MAKEFILE
