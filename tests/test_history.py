"""Following properties through versions: case folders, and what holds for every history.

tests/cases/history/CASE/v1.yaml, v2.yaml, ...: the versions; history.txt, history.json and history.md: the reports.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from diff_cases import CASES as CHANGES
from diff_cases import document
from modelgen import cli
from modelgen.history import report_json
from modelgen.history import run as tracing
from modelgen.history.formats import FORMATS

ROOT = Path(__file__).parent / "cases" / "history"
CASES = sorted(path.parent for path in ROOT.glob("*/v1.yaml"))
REALTIME = sorted((Path(__file__).parents[1] / "specs" / "realtime").glob("2*.yaml"))
GOLDEN = {"history.txt": "text", "history.json": "json", "history.md": "markdown"}
SCHEMA = json.loads(report_json.SCHEMA.read_text("utf-8"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, ["history", *map(str, arguments)])


def report(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(*arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report(*arguments, "--format", "json"))
    return found


def versions(case: Path) -> list[str]:
    return [path.name for path in sorted(case.glob("v*.yaml"))]


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = request.param
    assert isinstance(found, Path)
    monkeypatch.chdir(found)
    return found


@pytest.mark.parametrize("name", GOLDEN)
def test_it_is_as_written_down(case: Path, name: str, update_golden: bool) -> None:
    text = report(*versions(case), "--format", GOLDEN[name])
    golden = case / name
    if update_golden:
        golden.write_text(text, encoding="utf-8", newline="\n")
    expected = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if text != expected:
        lines = (expected.splitlines(), text.splitlines())
        diff = unified_diff(*lines, f"{case.name}/{name}", "reported now", lineterm="")
        hint = f"pytest --update-golden tests/test_history.py -k '{case.name}'"
        pytest.fail("\n".join((*diff, hint)), pytrace=False)


def test_every_format_has_a_golden() -> None:
    assert {*GOLDEN.values(), "html"} == FORMATS.keys(), "html: see test_html"


def test_it_says_what_it_shows(case: Path) -> None:
    assert (case / "v1.yaml").read_text("utf-8").startswith("# ")


def test_the_json_fits_its_schema(case: Path) -> None:
    Draft202012Validator(SCHEMA).validate(as_json(*versions(case)))


def test_the_way_back_has_the_same_properties(case: Path) -> None:
    """Read backwards, each version still has each of its properties in just one row."""
    forth, back = as_json(*versions(case)), as_json(*reversed(versions(case)))
    assert paths(forth) == list(reversed(paths(back)))


def test_one_version_alone_is_a_history(case: Path) -> None:
    found = as_json("v1.yaml")
    steps = {moment["step"] for schema in found["schemas"] for moment in moments(schema)}
    assert steps <= {"first"}


def test_the_same_version_twice_is_no_change(case: Path) -> None:
    found = as_json("v1.yaml", "v1.yaml")
    assert [version["label"] for version in found["versions"]] == ["v1.yaml (1)", "v1.yaml (2)"]
    steps = {moment["step"] for schema in found["schemas"] for moment in moments(schema)}
    assert steps <= {"first", "same"}


def moments(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [moment for row in schema["properties"] for moment in row["life"]]


def paths(history: dict[str, Any]) -> list[set[tuple[str, str]]]:
    """For each version, its schemas and the paths in them; a path that occurs twice is a fault."""
    found: list[set[tuple[str, str]]] = [set() for _ in history["versions"]]
    for schema in history["schemas"]:
        for row in schema["properties"]:
            for n, moment in enumerate(row["life"]):
                if moment["state"]:
                    place = (schema["names"][n], moment["state"]["path"])
                    assert place not in found[n], place
                    found[n].add(place)
    return found


@pytest.mark.parametrize("folder", CHANGES, ids=lambda path: path.name)
def test_every_kind_of_change_has_a_history(folder: Path, tmp_path: Path) -> None:
    """Every property is in one row, and every change of a schema that goes on stands there or at the schema."""
    sources = [tmp_path / name for name in ("old.yaml", "new.yaml")]
    for source in sources:
        source.write_text(document(folder / source.name), encoding="utf-8")
    found = as_json(*sources)
    Draft202012Validator(SCHEMA).validate(found)
    for source, both in zip(sources, paths(found), strict=True):
        assert paths(as_json(source))[0] <= both
    assert "<!doctype html>" in report(*sources, "--format", "html")
    compared = CliRunner().invoke(cli.main, ["diff", *map(str, sources), "--format", "json"])
    names = [schema["names"] for schema in found["schemas"]]
    reported = {
        change["rule"]
        for change in json.loads(compared.stdout)["changes"]
        if [change["was"] or change["schemas"][0], change["schemas"][0]] in names
    }
    listed = {
        change["rule"]
        for schema in found["schemas"]
        for changes in (*schema["changes"], *(moment["changes"] for moment in moments(schema)))
        for change in changes
    }
    assert reported == listed


# --- real documents -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def realtime() -> dict[str, Any]:
    return as_json(*REALTIME)


def life(history: dict[str, Any], schema: str, path: str) -> list[str]:
    """The path of a property in each version, "" where it is not; `path` is one it had."""
    for found in history["schemas"]:
        for row in found["properties"] if schema in found["names"] else ():
            places = [moment["state"]["path"] if moment["state"] else "" for moment in row["life"]]
            if path in places:
                return places
    raise AssertionError(f"{schema}.{path}")


def test_the_realtime_history_fits_its_schema(realtime: dict[str, Any]) -> None:
    Draft202012Validator(SCHEMA).validate(realtime)
    assert len(realtime["versions"]) == 7
    paths(realtime)
    ids = [row["id"] for schema in realtime["schemas"] for row in (schema, *schema["properties"])]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("modalities", "output_modalities"),
        ("voice", "audio.output.voice"),
        ("input_audio_format", "audio.input.format"),
        ("output_audio_format", "audio.output.format"),
        ("input_audio_transcription", "audio.input.transcription"),
        ("input_audio_transcription.model", "audio.input.transcription.model"),
        ("max_response_output_tokens", "max_output_tokens"),
    ],
)
def test_the_settings_of_a_session_are_one_row_from_beta_to_ga(
    realtime: dict[str, Any], old: str, new: str
) -> None:
    # the third of the GA documents describes what is sent under no name
    assert life(realtime, "RealtimeSessionCreateRequestGA", new) == (
        ["", old, old, new, new, "", new]
    )


def test_each_version_has_each_of_its_properties(realtime: dict[str, Any]) -> None:
    alone = [paths(as_json(path))[0] for path in REALTIME]
    for forth, back, declared in zip(
        paths(realtime), reversed(paths(as_json(*reversed(REALTIME)))), alone, strict=True
    ):
        assert declared <= forth and declared <= back


def test_the_map_of_the_variants_is_no_version_and_its_decisions_are_used(
    realtime: dict[str, Any],
) -> None:
    found = as_json(*REALTIME, REALTIME[0].with_name("reconcile.yaml"))
    assert found == realtime
    alone = run(REALTIME[0].with_name("reconcile.yaml"))
    assert alone.exit_code == 2
    assert "none of the inputs is a document" in alone.stderr


def test_whole_documents(corpus: Path) -> None:
    found = as_json(*sorted((corpus / "openai").glob("*.yaml"))[:3])
    Draft202012Validator(SCHEMA).validate(found)
    assert all(len(version) > 1000 for version in paths(found))


def test_a_rename_is_not_believed_against_later_versions(realtime: dict[str, Any]) -> None:
    names = [schema["names"] for schema in realtime["schemas"]]
    request, response = "RealtimeSessionCreateRequestGA", "RealtimeSessionCreateResponseGA"
    before = ["RealtimeSessionCreateRequest"] * 3
    assert [None, *before, request, None, request] in names
    assert [None, None, None, None, None, response, response] in names


def test_enums_are_told_at_each_version(realtime: dict[str, Any]) -> None:
    (session,) = (s for s in realtime["schemas"] if s["id"] == "RealtimeSession")
    (voice,) = (row for row in session["properties"] if row["id"] == "RealtimeSession.voice")
    enums = [moment["state"] and moment["state"]["enum"] for moment in voice["life"]]
    assert "marin" not in enums[0] and "marin" in enums[6]
    assert enums[3:6] == [None, None, None]


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "html"])
def test_equal_input_gives_equal_output(tmp_path: Path, format_: str) -> None:
    first, second = (report(*REALTIME[3:6], "--format", format_) for _ in range(2))
    assert first == second != ""
    target = tmp_path / "report"
    assert report(*REALTIME[3:6], "--format", format_, "-o", target) == ""
    assert target.read_text("utf-8") == first


@pytest.mark.parametrize("format_", ["json", "html"])
def test_the_hash_seed_does_not_matter(format_: str) -> None:
    command = [sys.executable, "-m", "modelgen", "history", *map(str, REALTIME[2:4])]
    texts = {
        subprocess.run(
            [*command, "--format", format_],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(texts) == 1


def test_select_takes_components_and_what_they_refer_to() -> None:
    found = as_json(REALTIME[-1], "--select", "RealtimeSession")
    names = {schema["names"][0] for schema in found["schemas"]}
    assert {"RealtimeSession", "VoiceIdsShared"} <= names
    assert not any("Event" in name for name in names)


def test_select_finds_a_schema_by_any_name_it_had() -> None:
    for name in ("RealtimeSessionCreateRequest", "RealtimeSessionCreateRequestGA"):
        found = as_json(*REALTIME[2:5], "--select", name)
        (names,) = (
            s["names"] for s in found["schemas"] if s["id"] == "RealtimeSessionCreateRequest"
        )
        assert names == ["RealtimeSessionCreateRequest"] * 2 + ["RealtimeSessionCreateRequestGA"]
        assert life(found, "RealtimeSessionCreateRequestGA", "voice")[0] == "voice"


def test_select_may_match_in_some_versions_only() -> None:
    found = as_json(*REALTIME, "--select", "RealtimeSession")
    assert "RealtimeSession" in {schema["id"] for schema in found["schemas"]}
    result = run(*REALTIME, "--select", "RealtimeSesion")
    assert result.exit_code == 2
    assert "nothing-selected" in result.stderr


def test_only_what_changed() -> None:
    for documents, arguments, first in (
        (REALTIME[-3:-1], ("--only-changed",), 1),
        (REALTIME, ("--since", REALTIME[-1]), 6),
        (REALTIME, ("--only-changed", "--since", REALTIME[5]), 5),
    ):
        whole = as_json(*documents)
        found = as_json(*documents, *arguments)
        Draft202012Validator(SCHEMA).validate(found)
        kept = {row["id"] for schema in found["schemas"] for row in schema["properties"]}
        for schema in whole["schemas"]:
            for row in schema["properties"]:
                later = row["life"][first:]
                steps = {moment["step"] for moment in later} - {"absent", "first", "same"}
                assert (row["id"] in kept) == bool(
                    steps or any(moment["changes"] for moment in later)
                )
        rows = sum(len(schema["properties"]) for schema in whole["schemas"])
        assert 0 < len(kept) < rows
        assert len(found["schemas"]) <= len(whole["schemas"])
        assert found["versions"] == whole["versions"]


def test_since_takes_one_of_the_inputs() -> None:
    found = run(*REALTIME, "--since", "v0.yaml")
    assert found.exit_code == 2
    assert "--since v0.yaml: it is none of " in found.stderr


def test_one_document_is_told_to_be_one(case: Path) -> None:
    found = run("v1.yaml")
    assert found.exit_code == 0
    assert "v1.yaml: one version, so nothing is compared" in found.stderr
    assert "one version" not in run("v1.yaml", "v2.yaml").stderr


def test_the_order_is_that_of_the_arguments() -> None:
    found = as_json(*reversed(REALTIME[3:6]))
    labels = [version["label"] for version in found["versions"]]
    assert labels == ["2025-09-10-ga", "2025-09-09-ga", "2025-09-02-transitional"]


@pytest.mark.parametrize(
    ("sources", "labels"),
    [
        (["a/v1.yaml", "b/v2.json"], ["v1", "v2"]),
        (["a/x.yaml", "b/x.yaml", "y.yaml"], ["a/x.yaml", "b/x.yaml", "y"]),
        (["HEAD~1:x.yaml", "HEAD:x.yaml"], ["HEAD~1:x", "HEAD:x"]),
        (["HEAD:specs/x.yaml", "-"], ["x", "standard input"]),
        (["https://example.com/v1/openapi.yaml?raw=1", "x.yaml"], ["openapi", "x"]),
        (["x.yaml", "x.yaml"], ["x.yaml (1)", "x.yaml (2)"]),
    ],
)
def test_labels(sources: list[str], labels: list[str]) -> None:
    assert tracing.labels(sources) == labels


def test_standard_input_is_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(CASES[0] / "v1.yaml", "v1.yaml")
    text = (CASES[0] / "v2.yaml").read_text("utf-8")
    result = CliRunner().invoke(cli.main, ["history", "v1.yaml", "-"], input=text)
    assert result.exit_code == 0
    assert "2  standard input" in result.output
    assert run("-", "-").exit_code == 2


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    result = run(REALTIME[0], tmp_path / "none.yaml", "-o", target)
    assert result.exit_code == 2
    assert "none.yaml" in result.stderr
    assert not target.exists()
    assert run().exit_code == 2


def test_a_terminal_obeys_nothing() -> None:
    case = ROOT / "hostile-text"
    for format_ in ("text", "markdown"):
        text = report(case / "v1.yaml", case / "v2.yaml", "--format", format_)
        assert all(line.isprintable() for line in text.splitlines())
        assert "u001b[31mred" in text and "u202eevil" in text
