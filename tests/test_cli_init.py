"""`modelgen init`: the configuration it writes, where, and when it refuses to."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main
from modelgen.loader import fetch as fetching
from modelgen.project import config
from modelgen.project.config import Package, Source
from tls_server import Server, address

SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Dog: {type: object}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("openapi.yaml").write_text(SPEC)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def packages() -> tuple[Package, ...]:
    return config.load(Path("pyproject.toml")).packages


def refused(*arguments: str) -> str:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = run("init", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return result.stderr


def test_a_first_configuration() -> None:
    result = run("init")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "pyproject.toml: written, for 2 schemas\n"
        "\n"
        "Next:\n"
        "    modelgen inspect openapi.yaml  see what is understood of it, and its anomalies\n"
        "    modelgen generate              write models/\n"
        "    modelgen check                 as a step of a CI job: is the package up to date?\n"
    )
    assert Path("pyproject.toml").read_text() == (
        "# `modelgen generate` writes this package, `modelgen check` tells whether it is up to date.\n"
        "[tool.modelgen.packages.models]\n"
        'input = "openapi.yaml"\n'
        'output = "."  # the folder that holds models/\n'
        'style = "dataclass"  # or "attrs"\n'
        '# select = ["Pet*"]  # only components of these names, and what they refer to\n'
    )


def test_every_step_it_names_works() -> None:
    shown = run("init", "--package", "pets").stderr
    for line in shown.partition("Next:\n")[2].splitlines():
        command = line.strip().partition("  ")[0].split()
        assert command[0] == "modelgen"
        assert run(*command[1:]).exit_code == 0
    assert Path("pets/__init__.py").exists()


def test_it_is_added_to_a_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = '[project]\nname = "pets"\n\n[tool.other]\nkey = 1'
    Path("pyproject.toml").write_text(before)
    Path("src").mkdir()
    Path("docs").mkdir()
    Path("openapi.yaml").rename("docs/api.yaml")
    monkeypatch.chdir("docs")
    shown = run("init", "api.yaml", "--package", "pets").stderr
    assert "../pyproject.toml: [tool.modelgen] added, for 2 schemas\n" in shown
    assert "modelgen inspect api.yaml " in shown
    assert "write ../src/pets/\n" in shown
    assert run("generate").exit_code == 0
    monkeypatch.chdir(folder)
    assert Path("pyproject.toml").read_text().startswith(f"{before}\n\n# `modelgen generate`")
    assert packages() == (Package(name="pets", input="docs/api.yaml", output="src"),)
    assert Path("src/pets/__init__.py").exists()


def test_line_ends_stay_as_they_are() -> None:
    Path("pyproject.toml").write_bytes(b"[project]\r\nname = 'pets'\r\n")
    run("init")
    text = Path("pyproject.toml").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 5
    assert packages() == (Package(name="models", input="openapi.yaml"),)


def test_awkward_names() -> None:
    Path('a "b" \x7f \\ é.yaml').write_text(SPEC)
    assert run("init", 'a "b" \x7f \\ é.yaml', "--package", "é").exit_code == 0
    assert packages() == (Package(name="é", input='a "b" \x7f \\ é.yaml'),)


def test_a_document_from_a_url(
    server: Server, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching.ssl, "create_default_context", lambda: context)
    server.body = b'{"openapi": "3.1.0", "components": {"schemas": {"Pet": {}}}}'
    url = address(server, "/spec.json?a=b")
    shown = run("init", url, "--package", "pets", "--allow-private-hosts").stderr
    assert "modelgen fetch                    bring specs/pets.json\n" in shown
    assert "modelgen inspect specs/pets.json " in shown
    found = config.load(Path("pyproject.toml"))
    assert found.sources == (Source(name="pets", url=url, path="specs/pets.json"),)
    assert found.packages == (Package(name="pets", input="specs/pets.json"),)
    assert run("fetch", "--allow-private-hosts").exit_code == 0
    assert run("inspect", "specs/pets.json").exit_code == 0


def test_a_configuration_is_not_touched() -> None:
    run("init")
    text = refused()
    assert "error[init-refused]: pyproject.toml has a [tool.modelgen] table already." in text
    assert "Nothing was changed." in text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[tool.modelgen]\n", "init-refused"),
        ("tool = {}\n", "init-refused"),
        ("tool = 1\n", "init-refused"),
        ("[tool\n", "config-syntax"),
    ],
)
def test_a_file_that_cannot_be_added_to(text: str, code: str) -> None:
    Path("pyproject.toml").write_text(text)
    assert f"error[{code}]" in refused()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["none.yaml"], "error[file-missing]"),
        (["broken.yaml"], "error[not-openapi]"),
        (["-"], "standard input cannot be configured"),
        (["openapi.yaml", "--package", "class"], "is a Python keyword"),
        (["http://spec.test/a.yaml"], "is not an https URL"),
    ],
)
def test_what_is_no_document(arguments: list[str], part: str) -> None:
    Path("broken.yaml").write_text("a: 1\n")
    assert part in refused(*arguments)


def test_which_document() -> None:
    Path("openapi.json").write_text("{}")
    assert "error[init-input]: There are several: openapi.yaml, openapi.json." in refused()
    Path("openapi.json").unlink()
    Path("openapi.yaml").unlink()
    text = refused()
    assert "There is no openapi.yaml, openapi.yml or openapi.json here." in text
    assert "Name the document: modelgen init INPUT." in text
