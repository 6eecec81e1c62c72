"""`modelgen build`: the archives, their bytes and their contents."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from installed import ROOT, WHEEL, build_realtime_models, generated_files
from modelgen.cli import main
from modelgen.errors import SpecError
from modelgen.loader import load_data
from modelgen.project import wheel

NAME = "realtime_models-2026.8.21.0"
SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1.4"}
paths: {}
components:
  schemas:
    Pet:
      type: object
      properties: {name: {type: string}}
"""
PROJECT = """\
[tool.modelgen.packages.pets]
input = "pets.yaml"
output = "src"

[tool.modelgen.packages.pets.distribution]
name = "my.pets"
description = "Pets"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build_realtime_models(folder)
    return folder


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one document, generated."""
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(SPEC)
    Path("pyproject.toml").write_text(PROJECT)
    assert run("generate").exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def metadata(text: str) -> Message:
    return Parser().parsestr(text)


# --- bytes ----------------------------------------------------------------------------------------


def test_two_builds_are_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """In another folder, below ignore files, in another time zone, with other hashes and permissions."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in (".gitignore", ".hgignore"):
        (elsewhere / name).write_text("*\n")
    environment = {
        **os.environ,
        "TMPDIR": str(elsewhere),
        "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "0",
    }
    code = f"import installed, pathlib; installed.build_realtime_models(pathlib.Path({str(elsewhere / 'dist')!r}))"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "tests",
        env=environment,
        umask=0o077,
        check=True,
    )
    assert hashes(elsewhere / "dist") == hashes(built)


def test_the_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", "dist", tmp_path / NAME],
        cwd=tmp_path,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1787270400"},
        capture_output=True,
        check=True,
    )
    assert hashes(tmp_path / "dist").items() <= hashes(built).items()


# --- contents -------------------------------------------------------------------------------------


def test_the_wheel_holds_the_generated_files_and_their_provenance(built: Path) -> None:
    with ZipFile(built / WHEEL) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    files = {f"realtime_models/{p}": text.encode() for p, text in generated_files().items()}
    assert "realtime_models/py.typed" in files
    added = {
        "realtime_models/provenance.json",
        *(f"{NAME}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL")),
        f"{NAME}.dist-info/licenses/LICENSE",
    }
    assert found.keys() == files.keys() | added
    assert {name: found[name] for name in files} == files


def test_provenance_names_each_document_and_its_hash(built: Path) -> None:
    with ZipFile(built / WHEEL) as archive:
        record = json.loads(archive.read("realtime_models/provenance.json"))
    sources = {source["variant"]: source for source in record.pop("sources")}
    assert record == {
        "distribution": "realtime-models",
        "version": "2026.8.21.0",
        "generator": json.loads(generated_files()["ga/schema_map.json"])["generator"],
    }
    assert sources.keys() == {
        "ga",
        "beta",
        "v2024_12_04",
        "v2024_12_18",
        "v2025_09_02",
        "v2025_09_09",
        "v2025_09_10",
    }
    for source in sources.values():
        document, *overlays = source["documents"]
        assert document["name"].startswith(source["version"])
        assert [each["name"] for each in overlays] == (
            ["ga.overlay.yaml"] if source["variant"] == "ga" else []
        )
        for each in source["documents"]:
            content = json.dumps(load_data(str(ROOT / "specs/realtime" / each["name"])).data)
            assert each["content_sha256"] == hashlib.sha256(content.encode()).hexdigest()
        assert source["title"].startswith("Realtime API, ")


def test_metadata(built: Path) -> None:
    with ZipFile(built / WHEEL) as archive:
        found = metadata(archive.read(f"{NAME}.dist-info/METADATA").decode())
    assert (found["Name"], found["Version"]) == ("realtime-models", "2026.8.21.0")
    assert found["License-Expression"] == "MIT"
    assert found["Requires-Python"] == ">=3.11"
    assert found.get_all("Provides-Extra") == ["attrs", "orjson"]
    assert all("; extra == " in wanted for wanted in found.get_all("Requires-Dist", []))
    assert found["Description-Content-Type"] == "text/markdown"
    assert found.get_payload() == (ROOT / "docs/realtime-models.md").read_text("utf-8")


def test_the_sdist_holds_what_it_is_built_from(built: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    package = {f"realtime_models/{path}" for path in (*generated_files(), "provenance.json")}
    assert names == package | {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}


# --- versions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "number", "expected", "year"),
    [
        (["2026-08-21"], 0, "2026.8.21.0", 2026),
        (["2025-07-04", "2026-08-21", "2024-12-18"], 3, "2026.8.21.3", 2026),
        (["2026-08-21", "2026-08-21"], 0, "2026.8.21.0", 2026),
        (["1.4", "1.10"], 2, "1.10.2", 2020),
        (["2026-13-99"], 0, "2026.13.99.0", 2020),
    ],
)
def test_versions(versions: list[str], number: int, expected: str, year: int) -> None:
    found = wheel.newest(versions, versions, number)
    assert str(found) == expected
    assert found.date.year == year


@pytest.mark.parametrize("text", ["", "v1", "2024-10-21-preview", "1.", "1..2", "١", "1.0\n"])
def test_a_version_that_is_not_numbers_is_refused(text: str) -> None:
    with pytest.raises(SpecError) as error:
        wheel.newest(["1.0", text], ["a.yaml", "b.yaml"], 0)
    (found,) = error.value.diagnostics
    assert found.code == "build-version"
    assert (found.at.source, found.at.pointer) == ("b.yaml", "/info/version")


# --- the command ----------------------------------------------------------------------------------


def test_the_command_prints_what_sha256sum_checks(pets: Path) -> None:
    result = run("build", "--build", "2")
    assert result.exit_code == 0, result.output
    written = hashes(pets / "dist")
    assert sorted(written) == ["my_pets-1.4.2-py3-none-any.whl", "my_pets-1.4.2.tar.gz"]
    assert sorted(result.stdout.splitlines()) == sorted(
        f"{digest}  dist/{name}" for name, digest in written.items()
    )


def test_the_folder_is_beside_pyproject_or_where_one_says(
    pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pets / "src")
    assert run("build").exit_code == 0
    assert run("build", "-o", "here").exit_code == 0
    assert hashes(pets / "dist") == hashes(pets / "src/here")


def test_attrs_is_a_dependency_of_attrs_classes(pets: Path) -> None:
    styled = PROJECT.replace('output = "src"', 'output = "src"\nstyle = "attrs"')
    Path("pyproject.toml").write_text(styled)
    assert run("generate").exit_code == 0
    assert run("build").exit_code == 0
    with ZipFile(pets / "dist/my_pets-1.4.0-py3-none-any.whl") as archive:
        found = metadata(archive.read("my_pets-1.4.0.dist-info/METADATA").decode())
    assert found.get_all("Requires-Dist", [])[0] == "attrs>=24.2"


def edited_document() -> None:
    Path("pets.yaml").write_text(SPEC.replace("name:", "title:"))


def edited_package() -> None:
    Path("src/pets/models.py").write_text("")


def no_distribution() -> None:
    Path("pyproject.toml").write_text(PROJECT.partition("\n\n")[0])


def odd_version() -> None:
    Path("pets.yaml").write_text(SPEC.replace('"1.4"', "v1"))
    run("generate")


def unknown_licence() -> None:
    Path("pyproject.toml").write_text(f'{PROJECT}license = "Mine"\n')


def missing_readme() -> None:
    Path("pyproject.toml").write_text(f'{PROJECT}readme = "README.md"\n')


def outside(line: str, link: str = "") -> Callable[[], None]:
    """A line of the configuration, and what is a symbolic link to a file outside."""

    def change() -> None:
        secret = Path("../secret.md")
        secret.write_text("secret")
        if link:
            Path(link).parent.mkdir(exist_ok=True)
            Path(link).symlink_to(secret.resolve())
        Path("pyproject.toml").write_text(f"{PROJECT}{line}\n")

    return change


def line(text: str) -> Callable[[], None]:
    return lambda: Path("pyproject.toml").write_text(f"{PROJECT}{text}\n") and None


OUTSIDE = "pyproject.toml: error[config-path-outside]"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (outside('readme = "../secret.md"'), OUTSIDE),
        (outside('readme = "README.md"', "README.md"), OUTSIDE),
        (outside('license-files = ["LICENSE"]', "LICENSE"), OUTSIDE),
        (outside('license-files = ["a/../../secret.md"]'), "error[config-bad-value]"),
        (line(r'urls = {Home = "https://x\nX-Evil: 1"}'), "error[config-bad-value]"),
        (line(r'urls = {Home = "https://x\u2028X-Evil: 1"}'), "error[config-bad-value]"),
        (line(r'urls = {"Home\nX-Evil" = "https://x"}'), "error[config-bad-value]"),
        (line(r'license = "MIT\nX-Evil: 1"'), "error[config-bad-value]"),
        (line(r'readme = "README.md\n"'), "error[config-bad-value]"),
        (edited_document, "src/pets: error[build-out-of-date]"),
        (edited_package, "src/pets: error[build-out-of-date]"),
        (no_distribution, "pyproject.toml: error[build-nothing]"),
        (odd_version, "pets.yaml:2:21: error[build-version]"),
        (unknown_licence, "pyproject.toml: error[build-failed]"),
        (missing_readme, "README.md: error[system]: No such file"),
    ],
)
def test_failures_leave_nothing(pets: Path, change: Callable[[], None], message: str) -> None:
    change()
    result = run("build")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert not list(pets.glob("dist/*"))


@pytest.mark.parametrize("key", ["name", "description"])
def test_no_line_break_gets_into_a_header(pets: Path, key: str) -> None:
    Path("pyproject.toml").write_text(PROJECT.replace('ets"\n', 'ets\\n"\n'))
    result = run("build")
    assert result.exit_code == 2
    assert f"distribution.{key} is " in result.stderr


def test_a_link_to_a_file_of_the_project_is_packed(pets: Path) -> None:
    (pets / "docs").mkdir()
    (pets / "docs/start.md").write_text("# Start")
    (pets / "README.md").symlink_to("docs/start.md")
    Path("pyproject.toml").write_text(f'{PROJECT}readme = "README.md"\n')
    assert run("build").exit_code == 0
    with ZipFile(pets / "dist/my_pets-1.4.0-py3-none-any.whl") as archive:
        assert "# Start" in archive.read("my_pets-1.4.0.dist-info/METADATA").decode()


def test_missing_tools_are_named(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "find_spec", lambda name: None if name == "hatchling" else name)
    result = run("build")
    assert result.exit_code == 2
    assert "error[build-tools-missing]: What builds a wheel is not installed: hatchling." in (
        result.stderr
    )
    assert "pip install 'realtime-modelgen[build]'" in result.stderr


def test_two_packages_cannot_have_one_name(pets: Path) -> None:
    more = PROJECT.replace("packages.pets", "packages.more").replace("my.pets", "My_Pets")
    Path("pyproject.toml").write_text(f"{PROJECT}\n{more}")
    result = run("build")
    assert result.exit_code == 2
    assert (
        'pyproject.toml:14:1: error[config-bad-name]: Two packages are published as "My_Pets".'
        in (result.stderr)
    )
    assert "see: pyproject.toml:6:1" in result.stderr
