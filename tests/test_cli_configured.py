"""What the commands say of a configuration: which packages, what does nothing, where something is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main

SPEC = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets: {get: {operationId: listPets, responses: {"204": {description: None.}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Kind: {enum: [cat, dog]}
"""
PROJECT = """\
[tool.modelgen.packages.one]
input = "spec.yaml"

[tool.modelgen.packages.two]
input = "spec.yaml"
output = "src"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)
    Path("pyproject.toml").write_text(PROJECT)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_some_packages_by_name() -> None:
    assert run("generate", "two").exit_code == 0
    assert Path("src/two").is_dir() and not Path("one").exists()
    assert run("check", "two").exit_code == 0
    assert run("check").exit_code == 1
    assert run("check", "two", "one").exit_code == 1
    assert run("generate", "one", "two").exit_code == 0
    assert run("generate", "one").stderr.startswith(
        "one: 1 class"
    )  # though there is a folder of that name
    assert run("check").exit_code == 0


def test_a_package_that_is_not_configured() -> None:
    found = run("check", "tow")
    assert (found.exit_code, "No package is called tow; did you mean two?" in found.stderr) == (
        2,
        True,
    )
    assert "No package is called three" in run("generate", "one", "three").stderr
    assert "There is no file tow." in run("generate", "tow").stderr  # one name may be a document
    assert not Path("one").exists()


def test_a_document_of_that_name_wins() -> None:
    Path("two").write_text(SPEC)
    assert run("generate", "two").exit_code == 0
    assert Path("models").is_dir() and not Path("src").exists()


@pytest.mark.parametrize(
    ("setting", "place", "message"),
    [
        ('select = ["Pet", "Zork*"]', "3:19", "No component matches `Zork*`."),
        ('modules = [\\n  { name = "x", select = ["Zork*"] },\\n]', "3:1",
         "No component matches `Zork*`, for the module `x`."),
        ('[[tool.modelgen.packages.one.modules]]\\nname = "x"\\nselect = ["Zork*"]', "5:12",
         "No component matches `Zork*`, for the module `x`."),
        ('operations = ["listPets", "GET /zork"]', "3:28", "No operation matches `GET /zork`."),
        ('[tool.modelgen.packages.one.names]\\n"#/components/schemas/Zork" = "Zork"', "4:1",
         "`names` has /components/schemas/Zork, but no class, alias or attribute is made of what is there."),
    ],
)  # fmt: skip
def test_a_setting_that_does_nothing_is_told(setting: str, place: str, message: str) -> None:
    setting = setting.replace("\\n", "\n")
    Path("pyproject.toml").write_text(
        f'[tool.modelgen.packages.one]\ninput = "spec.yaml"\n{setting}\n'
    )
    for _ in range(2):  # also where nothing else has changed
        found = run("generate")
        assert found.exit_code == 0
        assert found.stderr.splitlines()[0] == f"pyproject.toml:{place}: warning: {message}"
    assert "warning" in run("check", "-q").stderr


def test_variants_may_share_what_one_of_them_needs() -> None:
    variant = (
        '[tool.modelgen.packages.one.variants.{}]\ninput = "{}.yaml"\nselect = ["Pet", "Kind"]\n'
    )
    Path("pyproject.toml").write_text(variant.format("a", "spec") + variant.format("b", "other"))
    Path("other.yaml").write_text(SPEC.replace("Kind", "Sort"))
    assert "warning" not in run("generate").stderr
    Path("spec.yaml").write_text(SPEC.replace("Kind", "Sort"))
    assert run("generate").stderr.startswith("pyproject.toml:3:19: warning: No component")


def test_in_a_variant_too() -> None:
    Path("pyproject.toml").write_text(
        '[tool.modelgen.packages.one.variants.a]\ninput = "spec.yaml"\n'
        '[tool.modelgen.packages.one.variants.b]\ninput = "spec.yaml"\nselect = ["Zork*", "Pet"]\n'
    )
    assert run("generate").stderr.startswith("pyproject.toml:5:12: warning: No component matches")


def test_what_is_missing_is_told_where_it_is_named() -> None:
    with Path("pyproject.toml").open("a") as file:
        file.write('\n[tool.modelgen.packages.three]\ninput = "no.yaml"\n')
    found = run("generate", "three", "one")
    assert found.exit_code == 2
    assert found.stderr.splitlines()[-4:] == [
        "pyproject.toml:9:1: error[file-missing]: There is no file no.yaml.",
        '   9 | input = "no.yaml"',
        "     | ^",
        "  hint: Check the path.",
    ]
    Path("pyproject.toml").write_text(PROJECT.replace("output", 'select = ["Zork"]\noutput'))
    found = run("check", "two")
    assert found.stderr.startswith(
        "pyproject.toml:6:1: error[nothing-selected]: No component schema"
    )
    assert "see: spec.yaml:6:3 at /components/schemas" in found.stderr


def test_quiet_leaves_data_and_what_is_wrong() -> None:
    assert run("generate", "--quiet").stderr == ""
    Path("spec.yaml").write_text(SPEC.replace("cat,", "cat, cow,"))
    found = run("check", "-q")
    assert (found.exit_code, found.stderr, "+++ b/one/models.py" in found.stdout) == (1, "", True)
    assert run("inspect", "spec.yaml", "-q").stdout.startswith("SCHEMA")
    assert "error[file-missing]" in run("generate", "no.yaml", "-q").stderr
    assert "files: " in run("generate").stderr


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@pytest.mark.parametrize(("where", "output"), [(".", "src"), ("docs", "src"), (".", "my src")])
def test_patch_applies_what_check_prints(
    folder: Path, where: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = PROJECT.replace("src", output)
    Path("pyproject.toml").write_text(project)
    Path("docs").mkdir()
    monkeypatch.chdir(where)

    def patch() -> None:
        found = run("check")
        assert found.exit_code == 1
        command = ["patch", "-p1", "-d", str(folder)]
        patched = subprocess.run(
            command, input=found.stdout_bytes, capture_output=True, check=False
        )
        assert patched.returncode == 0, (patched.stdout + patched.stderr).decode()
        assert run("check").exit_code == 0
        assert not [*folder.rglob("*.orig"), *folder.rglob("*.rej")]

    patch()  # all files are new
    assert (folder / output / "two/py.typed").is_file()
    (folder / "spec.yaml").write_text(
        SPEC.replace("Kind: {enum: [cat, dog]}", "Cat: {type: object}")
    )
    text = project.replace("two]", "two]\noperations = false\n")
    (folder / "pyproject.toml").write_text(text)
    patch()  # files change, and go
    assert not (folder / output / "two/operations.py").exists()
    (folder / "spec.yaml").write_bytes(SPEC.replace("Pets", "Caf\u00e9").encode())
    (folder / "one/py.typed").unlink()
    (folder / "one/models.py").write_bytes(b"no line end, and a lone \r")
    patch()


def test_what_an_addition_calls_otherwise_is_told_with_the_line_that_keeps_it() -> None:
    inline = (
        "Pet: {type: object, properties: {owner: {type: object, properties: {a: {}}}, zoo: {}}}"
    )
    Path("spec.yaml").write_text(
        SPEC.replace("Pet: {type: object, properties: {name: {type: string}}}", inline)
    )
    Path("pyproject.toml").write_text('[tool.modelgen.packages.one]\ninput = "spec.yaml"\n')
    assert "called" not in run("generate").stderr
    before = Path("spec.yaml").read_text()
    Path("spec.yaml").write_text(before + "    PetOwner: {type: object}\n    zoo: {type: object}\n")
    for command in ("check", "generate"):
        lines = run(command).stderr.splitlines()
        assert (
            "PetOwner is called PetOwnerInline now, at /components/schemas/Pet/properties/owner"
            in lines
        )
        assert "Pet.zoo is called Pet.zoo_ now, at /components/schemas/Pet/properties/zoo" in lines
        assert not any("to keep" in line for line in lines)  # another schema has the name
    Path("spec.yaml").write_text(before)
    lines = run("generate").stderr.splitlines()
    at = lines.index(
        "PetOwnerInline is called PetOwner now, at /components/schemas/Pet/properties/owner"
    )
    assert lines[at + 1 :][:2] == [
        "  to keep the name, under [tool.modelgen.packages.one.names]:",
        '    "/components/schemas/Pet/properties/owner" = "PetOwnerInline"',
    ]
    with Path("pyproject.toml").open("a") as file:
        file.write("\n".join((lines[at + 1].split()[-1].rstrip(":"), lines[at + 2].strip())))
    assert run("generate").exit_code == 0
    assert "PetOwnerInline" in Path("one/__init__.py").read_text()


def test_a_table_without_packages_serves_the_other_commands() -> None:
    Path("pyproject.toml").write_text('[tool.modelgen.diff]\nignore = ["default-changed"]\n')
    assert run("diff", "spec.yaml", "spec.yaml").stdout == "no change\n"
    assert run("inspect", "spec.yaml").exit_code == 0
    assert run("generate", "spec.yaml").exit_code == 0
    for command in ("generate", "check", "build"):
        found = run(command)
        assert found.exit_code == 2
        assert found.stderr.splitlines()[0] == (
            'pyproject.toml:1:7: error[config-missing-key]: [tool.modelgen] has no "packages".'
        )
