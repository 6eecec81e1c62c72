"""The laws of conversions hold for every map here, and each of them is broken by conversions that do something wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main
from modelgen.loader import load, load_data
from modelgen.pipeline import generate, reconcile
from modelgen.project import config
from modelgen.prove import LAWS, Proof, prove
from modelgen.reconcile import Resolution
from realtime_package import PACKAGE, ROOT, VARIANTS, documents
from test_cli_reconcile import CONFIG, MAP, NEW, OLD
from test_reconcile_cases import CASES, FOLDER, NAME, output, variants

EXAMPLES = 40


@cache
def resolution(case: Path) -> Resolution:
    of = [load(str(case / f"{name}.yaml")) for name in variants(case)]
    parts = tuple(config.Part(name=name, input=f"{name}.yaml") for name in variants(case))
    package = config.Package(name=NAME, variants=parts, reconcile="reconcile.yaml")
    resolved, faults = reconcile(of, package, load_data(str(case / "reconcile.yaml")))
    assert not faults
    return resolved


def breaches(proof: Proof) -> list[tuple[str, str, object]]:
    return [(one.law.name, one.breach.message, one.case.payload) for one in proof.broken]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_laws_hold_for_every_case(case: Path) -> None:
    proof = prove(output(case), resolution(case), EXAMPLES, seed=0)
    assert breaches(proof) == []
    assert proof.without == ()
    assert proof.payloads == EXAMPLES * proof.pairs


def test_the_laws_hold_for_the_map_of_the_realtime_variants() -> None:
    read = [documents(variant) for variant in VARIANTS]
    map_ = load_data(str(ROOT / (PACKAGE.reconcile or "")))
    resolved, _ = reconcile(read, PACKAGE, map_)
    proof = prove(generate(read, PACKAGE, map_=map_).files, resolved, 4, seed=0)
    assert breaches(proof) == []
    assert proof.without == ()


SABOTAGE = {
    "no-failure": ("rename", "_conversions/reading.py", "report.move(", "report.moved("),
    "own": ("rename", "_conversion.py", "    if source == to:\n        return payload, []", "    if source == to:\n        return {}, []"),
    "untouched": ("rename", "_conversion.py", 'copied(dict(cast("Json", value)))', "value"),
    "there-and-back": ("drops", "_conversion.py", "self.dropped(path + step(name), data.pop(name), reason)", "data.pop(name)"),
    "of-the-payload": ("drops", "_conversion.py", 'Loss(path, copied(value), reason, "dropped")', 'Loss(path + ".x", copied(value), reason, "dropped")'),
    "nothing-invented": ("rename", "_conversion.py", "        owner[name] = value\n", '        owner[name] = "invented"\n'),
    "valid": ("domains", "_conversion.py", "self._as_it_was(path, value, reason, kind)", "del kind"),
    "through-another": ("rename", "_conversions/mid.py", 'data.pop("name")', 'f"{data.pop(\'name\')}-"'),
}  # fmt: skip


def test_there_is_a_sabotage_for_every_law() -> None:
    assert list(SABOTAGE) == [law.name for law in LAWS]


@pytest.mark.parametrize("law", SABOTAGE)
def test_conversions_that_do_something_wrong_break_a_law(law: str) -> None:
    name, file, right, wrong = SABOTAGE[law]
    case = FOLDER / name
    files = output(case)
    assert right in files[file]
    broken = files | {file: files[file].replace(right, wrong)}
    proof = prove(broken, resolution(case), EXAMPLES, seed=0)
    assert law in {one.law.name for one in proof.broken}


def test_the_same_seed_gives_the_same_payloads() -> None:
    case = FOLDER / "drops"
    _, file, right, wrong = SABOTAGE["there-and-back"]
    files = output(case) | {file: output(case)[file].replace(right, wrong)}
    one, other = (breaches(prove(files, resolution(case), EXAMPLES, seed=3)) for _ in range(2))
    assert one and one == other


def test_the_payload_is_the_smallest_and_the_line_is_that_of_the_field() -> None:
    case = FOLDER / "drops"
    _, file, right, wrong = SABOTAGE["there-and-back"]
    files = output(case) | {file: output(case)[file].replace(right, wrong)}
    found = prove(files, resolution(case), EXAMPLES, seed=0).broken
    assert found
    for one in found:
        name = str(one.breach.path[0])
        assert one.case.payload.keys() - {"type"} == {name}, "two variants require the type"
        assert one.at.pointer.startswith(f"/shapes/Thing/fields/{name}")


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("reconcile.yaml", MAP)):
        Path(name).write_text(text)
    Path("pyproject.toml").write_text(CONFIG)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments], catch_exceptions=False)


@pytest.mark.usefixtures("folder")
def test_the_command_says_that_all_laws_hold() -> None:
    result = run("reconcile", "--prove", "--examples", "20", "--seed", "5")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith("reconcile.yaml: all laws hold (40 payloads, 2 ways, seed 5)\n")
    assert not Path("sessions").exists()


@pytest.mark.usefixtures("folder")
def test_the_command_says_which_law_is_broken_by_what(monkeypatch: pytest.MonkeyPatch) -> None:
    from modelgen.emit import render

    def wrong(name: str) -> str:
        text = kept(name)
        return text.replace("        owner[name] = value\n", "        owner[name] = None\n")

    kept = render.support
    monkeypatch.setattr("modelgen.emit.parts.support", wrong)
    result = run("reconcile", "--prove", "--examples", "20")
    assert result.exit_code == 1
    assert (
        "reconcile.yaml:6:7: error[reconcile-law]: old to new, Session: $.audio.voice of the result is null, "
        "which neither the payload nor the map says. The result says what the payload or the map says.\n"
        "  at /shapes/Session/fields/audio.voice\n"
    ) in result.stdout
    assert '  hint: The payload is {"voice": ' in result.stdout
    assert "breaches (40 payloads, 2 ways, seed 0)" in result.stderr


@pytest.mark.usefixtures("folder")
def test_what_is_undecided_is_not_proven() -> None:
    Path("reconcile.yaml").write_text(MAP.replace("      audio.speed: {was: speed}\n", ""))
    result = run("reconcile", "--prove")
    assert result.exit_code == 1
    assert "reconcile-undecided" in result.stdout
    assert "laws" not in result.stderr
