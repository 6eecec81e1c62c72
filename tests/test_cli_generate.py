"""`modelgen generate` and `check`: what they write, print and exit with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import fake_pipeline
from modelgen.cli import main

SPEC = """\
# a document
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {}
components:
  schemas:
    Pet:
      type: object
      nullable: true
    big-dog:
      type: object
"""
PROJECT = """\
[tool.modelgen.packages.pets]
input = "specs/pets.yaml"
output = "src"
style = "attrs"

[tool.modelgen.packages.more]
input = "specs/pets.yaml"
"""
FAKE = [sys.executable, fake_pipeline.__file__]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("modelgen.pipeline.generate", fake_pipeline.generate)
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, catch_exceptions=False)


def project(folder: Path) -> None:
    (folder / "specs").mkdir()
    (folder / "specs/pets.yaml").write_text(SPEC)
    (folder / "pyproject.toml").write_text(PROJECT)


def test_input_is_written_to_models_here() -> None:
    result = run("generate", "spec.yaml")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "models: 2 classes, 0 aliases, 1 module (files: 3 added)",
        "1 anomaly is worked around; `modelgen inspect spec.yaml` lists them",
    ]
    assert "class Pet: ...  # dataclass" in Path("models/models.py").read_text()


def test_options_say_where_and_how() -> None:
    assert (
        run("generate", "spec.yaml", "-o", "a/b", "--package", "p", "--style", "attrs").exit_code
        == 0
    )
    assert "# attrs" in Path("a/b/p/models.py").read_text()


def test_a_document_on_standard_input() -> None:
    assert run("generate", "-", stdin=SPEC).exit_code == 0
    assert Path("models/models.py").exists()


def test_everything_configured_from_any_folder_below(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder)
    (folder / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep/er")
    result = run("generate")
    assert result.exit_code == 0
    assert "../../src/pets: 2 classes" in result.stderr
    assert "# attrs" in (folder / "src/pets/models.py").read_text()
    assert "# dataclass" in (folder / "more/models.py").read_text()


def test_a_second_run_is_remembered(folder: Path) -> None:
    project(folder)
    first = run("generate")
    second = run("generate")
    assert second.exit_code == 0
    assert second.stderr.splitlines()[0] == "src/pets: 2 classes, 0 aliases, 1 module (unchanged)"
    assert second.stderr.splitlines()[1] == first.stderr.splitlines()[1]


@pytest.mark.parametrize(
    "change", ["spec", "settings", "output", "missing output", "manifest", "new file", "record"]
)
def test_any_change_is_noticed(folder: Path, own_cache: Path, change: str) -> None:
    project(folder)
    run("generate")
    target = folder / "src/pets/models.py"
    before = target.read_text()
    match change:
        case "spec":
            (folder / "specs/pets.yaml").write_text(SPEC.replace("Pet:", "Cat:"))
            before = before.replace("class Pet", "class Cat")
        case "settings":
            (folder / "pyproject.toml").write_text(PROJECT.replace("attrs", "dataclass"))
            before = before.replace("attrs", "dataclass")
        case "output":
            target.write_text("edited\n")
        case "missing output":
            target.unlink()
        case "manifest":
            (target.parent / ".modelgen.json").write_text('{"files": {"models.py": ""}}')
        case "new file":
            (target.parent / "mine.py").write_text("")
        case "record":
            for path in own_cache.iterdir():
                path.write_text("{")
    assert run("generate").exit_code == 0
    assert target.read_text() == before
    assert run("check").exit_code == 0


def test_an_error_in_the_settings_is_found_although_the_last_run_was_fine(folder: Path) -> None:
    project(folder)
    run("generate")
    (folder / "pyproject.toml").write_text(PROJECT + "stile = 1\n")
    result = run("generate")
    assert result.exit_code == 2
    assert "pyproject.toml:8:1: error[config-unknown-key]" in result.stderr
    assert 'Did you mean "style"?' in result.stderr


def test_nothing_to_do_imports_nothing_heavy(folder: Path) -> None:
    project(folder)
    subprocess.run([*FAKE, "generate"], check=True, capture_output=True)
    code = (
        "import sys; from modelgen.cli import main; main(['generate'], standalone_mode=False);"
        "print(sorted({'yaml', 'jinja2', 'black', 'jsonschema', 'rich', 'urllib3', 'modelgen.pipeline',"
        " 'modelgen.loader'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stderr.count("(unchanged)") == 2
    assert result.stdout == "[]\n"


def test_an_unusable_cache_does_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(folder)
    (folder / "file").write_text("")
    monkeypatch.setenv("MODELGEN_CACHE_DIR", str(folder / "file"))
    for _ in range(2):
        assert run("generate").exit_code == 0


# --- check ----------------------------------------------------------------------------------------


def test_check_writes_nothing_and_prints_the_diff(folder: Path) -> None:
    project(folder)
    result = run("check")
    assert result.exit_code == 1
    assert "--- /dev/null\n+++ b/src/pets/models.py\n" in result.stdout
    assert "+class Pet: ...  # attrs\n" in result.stdout
    assert "src/pets: out of date; `modelgen generate` brings it up to date" in result.stderr
    assert "`modelgen diff HEAD:" in result.stderr
    assert not (folder / "src").exists()
    run("generate")
    result = run("generate", "--check")
    assert (result.exit_code, result.stdout) == (0, "")
    (folder / "src/pets/models.py").write_text("")
    assert run("check").exit_code == 1
    assert (folder / "src/pets/models.py").read_text() == ""


def test_check_of_an_input(folder: Path) -> None:
    run("generate", "spec.yaml")
    assert run("generate", "spec.yaml", "--check").exit_code == 0
    result = run("generate", "spec.yaml", "--check", "--style", "attrs")
    assert result.exit_code == 1
    assert "-class Pet: ...  # dataclass\n" in result.stdout


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["-o", "--package", "--style", "--select", "--allow-ref-root"])
def test_options_for_one_document_need_one(option: str) -> None:
    result = run("generate", option, "attrs")
    assert result.exit_code == 2
    assert f"{option} needs INPUT" in result.stderr


@pytest.mark.parametrize("name", ["class", "a-b", "", "_models", "a.b", "../up", "1st"])
def test_a_package_name_is_an_identifier(name: str) -> None:
    result = run("generate", "spec.yaml", "--package", name)
    assert result.exit_code == 2
    assert "--package" in result.stderr


@pytest.mark.parametrize("name", ["json", "types", "attr"])
def test_a_package_hides_no_module(name: str) -> None:
    result = run("generate", "spec.yaml", "--package", name)
    assert result.exit_code == 2
    assert f'"{name}" is a ' in result.stderr
    assert f"such as {name}_models" in result.stderr.replace("\n", " ")
    assert sorted(os.listdir()) == ["spec.yaml"]


def test_an_error_of_the_core_gets_its_place(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC.replace("big-dog", "Broken"))
    result = run("generate", "spec.yaml")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "spec.yaml:10:5: error[name-clash]: Two are Broken.\n"
        "  at /components/schemas/Broken\n"
        "  10 |     Broken:\n"
        "     |     ^\n"
        "  hint: Rename one.\n"
        "  see: spec.yaml:6:3 at /components/schemas\n"
    )
    assert sorted(os.listdir()) == ["spec.yaml"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("nowhere.yaml", "file-missing"),
        ("empty.yaml", "document-empty"),
        (".", "file-"),
        ("HEAD:spec.yaml", "file-missing"),
        ("https://127.0.0.1/spec.yaml", ""),
        ("http://example.com/spec.yaml", ""),
    ],
)
def test_an_input_that_cannot_be_read(folder: Path, source: str, code: str) -> None:
    (folder / "empty.yaml").write_text("")
    before = sorted(os.listdir())
    result = run("generate", source)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{source}: error[{code}")
    assert result.stderr.count("error[") == 1
    assert "  hint: " in result.stderr
    assert sorted(os.listdir()) == before


def test_no_project(folder: Path) -> None:
    for command in ("generate", "check"):
        result = run(command)
        assert result.exit_code == 2
        assert "pyproject.toml: error[config-missing]" in result.stderr


def test_a_bug_is_one_line(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC.replace("Pet", "Bug"))
    result = run("generate", "spec.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("error[internal]: ZeroDivisionError: a \\x1b[31mbug\n  hint: ")
    with pytest.raises(ZeroDivisionError):
        run("--debug", "generate", "spec.yaml")


def test_somebody_elses_file_is_named(folder: Path) -> None:
    (folder / "models").mkdir()
    (folder / "models/models.py").write_text("mine = 1\n")
    result = run("generate", "spec.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("models/models.py: error[would-overwrite]: ")
    assert (folder / "models/models.py").read_text() == "mine = 1\n"


def test_a_reader_that_leaves_early(folder: Path) -> None:
    schemas = "".join(f"    Pet{number}: {{}}\n" for number in range(50_000))
    (folder / "spec.yaml").write_text(SPEC + schemas)
    command = [*FAKE, "generate", "spec.yaml", "--check"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 2


@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_an_interrupt_is_one_line(folder: Path) -> None:
    process = subprocess.Popen(
        [*FAKE, "generate", "spec.yaml"],
        env={**os.environ, "FAKE_SECONDS": "20"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=10)
    assert process.returncode == 130
    assert stderr == "interrupted; nothing is half written\n"
    assert sorted(os.listdir()) == ["spec.yaml"]


# --- how it looks ---------------------------------------------------------------------------------


def on_a_terminal(folder: Path, **environment: str) -> str:
    pty = pytest.importorskip("pty")
    here, there = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    process = subprocess.Popen(
        [*FAKE, "generate", "spec.yaml"], stderr=there, env={**kept, "TERM": "xterm", **environment}
    )
    os.close(there)
    shown = b""
    while True:
        try:
            chunk = os.read(here, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    process.wait()
    os.close(here)
    return shown.decode()


def test_colour_is_for_terminals_that_want_it(folder: Path) -> None:
    (folder / "spec.yaml").write_text("openapi: 2\n")
    assert "\x1b[31m\x1b[1merror[" in on_a_terminal(folder)
    assert "\x1b[31m" not in on_a_terminal(folder, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(folder, TERM="dumb")
    assert "\x1b" not in run("generate", "spec.yaml").stderr


def test_progress_is_shown_on_a_terminal(folder: Path) -> None:
    assert "reading spec.yaml" in on_a_terminal(folder, FAKE_SECONDS="0.3")


def test_progress_is_lines_elsewhere_if_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelgen.commands.terminal.SILENT_SECONDS", -1)
    result = run("generate", "spec.yaml")
    assert result.stderr.splitlines()[:2] == ["reading spec.yaml …", "writing models …"]


def test_a_long_line_is_cut_around_its_fault(folder: Path) -> None:
    schemas = {f"Pet{number}": {} for number in range(20)} | {"Broken": {}}
    document = {"openapi": "3.1.0", "components": {"schemas": schemas}}
    (folder / "spec.json").write_text(json.dumps(document))
    lines = run("generate", "spec.json").stderr.splitlines()
    source, caret = (line for line in lines if " | " in line)
    assert len(source) < 120
    assert source[caret.index("^") :].startswith('"Broken"')


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["generate", "--help"], ["-h"]])
def test_help(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "modelgen" in result.stdout
