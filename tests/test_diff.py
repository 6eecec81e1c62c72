"""Comparing documents: a case folder for each kind of change, and what holds for every comparison.

tests/cases/diff/RULE/old.yaml, new.yaml: what two documents say, see diff_cases; changes.txt: the text report, documentation
included; diff.toml: settings, as in [tool.modelgen.diff]. A folder named after no rule shows that something is no change of
its own.
"""

from __future__ import annotations

import ast
import json
import os
import re
import tomllib
from datetime import date
from difflib import unified_diff
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from diff_cases import CASES, ROOT, loaded
from diff_mirror import ONE_WAY, is_one_sided, widens
from modelgen import cli
from modelgen.diff import report_json, rules
from modelgen.diff.changes import Comparison
from modelgen.diff.formats import FORMATS
from modelgen.diff.rules import RULES
from modelgen.diff.run import Options, Outcome, compare
from modelgen.loader import load
from modelgen.project import config
from modelgen.project.cache import Cache
from modelgen.project.jobs import overlays_of

TODAY = date(2026, 6, 30)
REALTIME = sorted((Path(__file__).parents[1] / "specs" / "realtime").glob("20*.yaml"))


def compared(old: Path, new: Path, select: tuple[str, ...] = (), docs: bool = True) -> Outcome:
    documents = (load(str(path), overlays=overlays_of(str(path), Cache())) for path in (old, new))
    return compare(*documents, Options(select=select, docs=docs))


@cache
def compared_case(case: Path, old: str = "old.yaml", new: str = "new.yaml") -> Outcome:
    toml = case / "diff.toml"
    settings = config.diff(tomllib.loads(toml.read_text()) if toml.exists() else {}, str(toml))
    options = Options(docs=True, settings=settings, today=TODAY)
    return compare(loaded(case / old), loaded(case / new), options)


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest) -> Path:
    found = request.param
    assert isinstance(found, Path)
    return found


def test_it_is_as_written_down(case: Path, update_golden: bool) -> None:
    text = compared_case(case).text("text")
    check(text, case / "changes.txt", update_golden)


def check(text: str, golden: Path, update: bool) -> None:
    """The text is what the file says."""
    name = golden.relative_to(ROOT.parent).as_posix()
    if update:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="\n")
    expected = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if text != expected:
        lines = (expected.splitlines(), text.splitlines())
        diff = unified_diff(*lines, name, "reported now", lineterm="")
        hint = f"pytest --update-golden tests/test_diff.py -k '{golden.parent.name}'"
        pytest.fail("\n".join((*diff, hint)), pytrace=False)


def test_it_says_what_it_shows(case: Path) -> None:
    assert (case / "old.yaml").read_text("utf-8").startswith("# ")


def test_it_shows_its_rule(case: Path) -> None:
    found = compared_case(case).comparison
    if case.name in RULES:
        assert case.name in {change.rule for change in (*found.changes, *found.docs)}


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal documents are compared as others are."""
    monkeypatch.setattr("modelgen.diff.run.are_identical", lambda *_: False)


@pytest.mark.usefixtures("walked")
def test_a_document_is_equal_to_itself(case: Path) -> None:
    for name in ("old.yaml", "new.yaml"):
        found = compared_case(case, name, name).comparison
        assert not found.changes and not found.docs


def test_every_rule_has_a_case() -> None:
    assert not RULES.keys() - {case.name for case in CASES}


def test_every_rule_can_be_found_where_it_is_reported() -> None:
    """Searching diff/ for the id of a rule finds the handler, and no handler has an id that is no rule."""
    literals = set()
    for path in Path(rules.__file__).parents[1].glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        literals |= {n.value for n in nodes if isinstance(n, ast.Constant)}
        glued = [n for n in nodes if isinstance(n, ast.Call) and _is_glued(n)]
        assert not glued, f"{path.name} makes the id of a rule of pieces"
    assert not RULES.keys() - literals


def _is_glued(call: ast.Call) -> bool:
    is_difference = isinstance(call.func, ast.Name) and call.func.id == "Difference"
    return is_difference and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)


def test_opposites_are_mutual() -> None:
    for rule in RULES.values():
        for opposite in rule.opposites:
            assert rule.id in RULES[opposite].opposites


def test_the_json_fits_its_schema(case: Path) -> None:
    schema = json.loads(report_json.SCHEMA.read_text("utf-8"))
    data = json.loads(compared_case(case).text("json"))
    Draft202012Validator(schema).validate(data)


# The page is opened in a browser, by test_html.
@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"html"}))
def test_a_format_is_as_written_down(
    name: str, update_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ROOT.parent / "reports" / "diff"
    monkeypatch.chdir(folder)
    text = compared(Path("old.yaml"), Path("new.yaml")).text(name)
    check(text, folder / f"report.{name}", update_golden)


def test_only_what_concerns_some_operations(tmp_path: Path) -> None:
    def answering(path: str, schema: str, tag: str) -> dict[str, object]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
        answer = {"200": {"description": "Done.", "content": content}}
        return {path: {"get": {"tags": [tag], "operationId": f"get{schema}", "responses": answer}}}

    documents = []
    for name, kind in (("old", "string"), ("new", "integer")):
        schema = {"type": "object", "properties": {"id": {"type": kind}}}
        documents.append(str(tmp_path / f"{name}.json"))
        document = {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "servers": [{"url": f"https://{name}.example"}],
            "paths": {**answering("/cats", "Cat", "pets"), **answering("/hats", "Hat", "things")},
            "components": {"schemas": {"Cat": schema, "Hat": schema}},
        }
        Path(documents[-1]).write_text(json.dumps(document))

    def told(*arguments: str) -> list[str]:
        data = json.loads(run(*documents, "--format", "json", *arguments).output)
        return sorted(schema for change in data["changes"] for schema in change["schemas"])

    everything, cats = ["Cat", "Hat"], ["Cat"]
    document = ["the document"] * 2
    assert told() == everything + document
    assert told("--tag", "pet*") == cats + document
    assert told("--operations", "getCat") == cats + document
    assert told("--operations", "GET /c*") == cats + document
    assert told("--operations", "getCat", "--tag", "things") == everything + document
    assert told("--tag", "none") == document
    assert run(*documents, "--select", "Cat", "--tag", "pets").exit_code == 2


def test_all_operations_are_what_is_used(case: Path) -> None:
    """Every change of a case is left, but for components that no operation uses."""
    old, new = loaded(case / "old.yaml"), loaded(case / "new.yaml")
    whole = compare(old, new, Options()).comparison.changes
    found = compare(old, new, Options(operations=("*",))).comparison.changes
    left = {(change.rule, schema) for change in whole for schema in change.schemas} - {
        (change.rule, schema) for change in found for schema in change.schemas
    }
    used = {schema for change in whole if change.operations for schema in change.schemas}
    assert not any(schema in used or " /" in schema for _, schema in left)


def test_annotations_are_few_and_ranked(tmp_path: Path) -> None:
    properties = {f"p{n:02}": {"type": "string"} for n in range(15)}
    wider = {name: {"type": ["string", "null"]} for name in properties}
    narrower = {f"{name}": {**schema, "maxLength": 9} for name, schema in properties.items()}
    old = written(tmp_path, "old.yaml", A={"type": "object", "properties": properties},
                  B={"type": "object", "properties": properties})  # fmt: skip
    new = written(tmp_path, "new.yaml", A={"type": "object", "properties": narrower},
                  B={"type": "object", "properties": wider})  # fmt: skip
    lines = run(old, new, "--format", "github", "--fail-on", "sent").output.splitlines()
    assert [line.split()[0] for line in lines[:20]] == ["::error"] * 10 + ["::warning"] * 10
    assert all("title=max-length-set" in line for line in lines[:10])
    assert lines[20] == "10 more without an annotation; the other formats have all"


def test_cases_of_junit_fail_as_the_command_does(tmp_path: Path, pair: tuple[str, str]) -> None:
    def cases(*arguments: str) -> list[tuple[str, list[str]]]:
        suite = ElementTree.fromstring(run(*pair, "--format", "junit", *arguments).output)[0]
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        return [(case.get("classname", ""), [said.tag for said in case]) for case in suite]

    assert cases() == [("became-nullable", ["failure"])]
    assert cases("--fail-on", "sent") == [("became-nullable", [])]
    assert cases("--fail-on", "received") == [("became-nullable", ["failure"])]
    assert cases("--baseline", accepting(tmp_path, entry())) == [("became-nullable", ["skipped"])]


def test_sarif_suppresses_what_is_accepted(tmp_path: Path, pair: tuple[str, str]) -> None:
    for arguments, suppressed in (
        ((), False),
        (("--baseline", accepting(tmp_path, entry())), True),
    ):
        (found,) = json.loads(run(*pair, "--format", "sarif", *arguments).output)["runs"]
        (result,) = found["results"]
        (rule,) = found["tool"]["driver"]["rules"]
        assert (result["ruleId"], rule["id"]) == ("became-nullable", "became-nullable")
        assert ("suppressions" in result) == suppressed
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 0


# Parts of operations that have another name in the other document.
RENAMING = {"path-parameter-renamed", "response-widened", "response-narrowed"}


# --- the way back ---------------------------------------------------------------------------------


def place(name: str) -> str:
    """A place without what the two documents may spell in another way."""
    return re.sub(r"\{[^{}]*\}", "{}", name).lower()


@pytest.fixture
def both_ways(case: Path) -> tuple[Comparison, Comparison]:
    back = compared_case(case, "new.yaml", "old.yaml")
    return compared_case(case).comparison, back.comparison


def test_the_way_back_undoes_each_change(both_ways: tuple[Comparison, Comparison]) -> None:
    forth, back = both_ways
    left = [
        (change.rule, change.was or schema) for change in back.changes for schema in change.schemas
    ]
    for change in forth.changes:
        for schema in change.schemas if change.rule not in ONE_WAY else ():
            here = place(schema), place(change.was or schema)
            undone = [
                item
                for item in left
                if item[0] in RULES[change.rule].opposites
                and (place(item[1]) in here or change.rule in RENAMING)
            ]
            assert undone, f"nothing undoes {change.rule}; the way back has {left}"
            left.remove(undone[0])
    assert {rule for rule, _ in left} <= ONE_WAY | {"deprecated", "undeprecated"}


def test_what_is_safe_one_way_is_safe_the_other(both_ways: tuple[Comparison, Comparison]) -> None:
    """Sent to NEW what is valid in OLD, or received from OLD by a reader of NEW: the same question."""
    forth, back = both_ways
    if is_one_sided(forth, back):
        pytest.skip("JSON Schema knows nothing of what can only be read")
    assert widens(forth, "sent") == widens(back, "received")
    assert widens(forth, "received") == widens(back, "sent")


# --- real documents -------------------------------------------------------------------------------


CORPUS = sorted(Path(os.environ.get("MODELGEN_CORPUS", "none")).glob("openai/*.yaml"))
SPECS = sorted(
    path
    for path in ROOT.parent.glob("*/*/spec.*")
    if path.suffix in (".yaml", ".json")
    and not any((path.parent / name).exists() for name in ("error.txt", "modelgen.toml"))
)


@pytest.mark.usefixtures("walked")
@pytest.mark.parametrize("path", [*REALTIME, *CORPUS], ids=lambda path: path.stem)
def test_a_real_document_is_equal_to_itself(path: Path) -> None:
    found = compared(path, path).comparison
    assert not found.changes and not found.docs


@pytest.mark.usefixtures("walked")
@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_any_document_is_equal_to_itself(path: Path) -> None:
    found = compared(path, path).comparison
    assert not found.changes and not found.docs


JUMP = ("2025-07-04-beta", "2026-08-21-ga")
PAIRS = [*pairwise(path.stem for path in REALTIME), JUMP]


@pytest.mark.parametrize("pair", PAIRS, ids=" to ".join)
def test_reports_of_real_documents_are_as_reviewed(
    pair: tuple[str, str], update_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REALTIME[0].parent)
    found = compared(Path(f"{pair[0]}.yaml"), Path(f"{pair[1]}.yaml"), docs=False)
    folder = ROOT.parent / "versions" / "_".join(pair)
    check(found.text("text"), folder / "changes.txt", update_golden)
    check(found.text("markdown"), folder / "changes.md", update_golden)


@pytest.fixture(scope="module")
def beta_to_ga() -> Outcome:
    old, new = (path for path in REALTIME if path.stem in JUMP)
    return compared(old, new, select=("Realtime*",), docs=False)


def test_what_harms_somebody_in_the_jump_from_beta_to_ga_is_a_page_or_two(
    beta_to_ga: Outcome,
) -> None:
    harm, _, _ = beta_to_ga.text("text").partition("== Safe")
    assert harm.count("\n") < 250


@pytest.mark.parametrize("pair", PAIRS, ids=" to ".join)
def test_the_summary_of_a_long_report_leads(pair: tuple[str, str]) -> None:
    old, new = (path for path in REALTIME if path.stem in pair)
    found = compared(old, new)
    data = json.loads(found.text("json"))
    assert set(data["summary"]["worst"][0]) <= {change["id"] for change in data["changes"]}
    lines = found.text("text").splitlines()
    assert "package version" in lines[0] and lines[1].startswith("sent: ")
    assert lines.index("The worst:") < 5
    assert "…" not in "".join(line for line in lines if line.lstrip().startswith("also: "))


def many(folder: Path, count: int) -> Outcome:
    """A comparison of documents that differ in ever other ways."""
    schemas = [
        {
            f"Schema{n}": {
                "type": "object",
                "properties": {f"name_of_{n}": {"type": kind}, f"gone_{n}": {"type": "string"}},
            }
            for n in range(count)
        }
        for kind in ("string", "integer")
    ]
    for schema in schemas[1].values():
        schema["properties"].popitem()
    old, new = written(folder, "old.yaml", **schemas[0]), written(folder, "new.yaml", **schemas[1])
    return compared(Path(old), Path(new))


def test_markdown_fits_a_comment_and_counts_what_it_leaves_out(tmp_path: Path) -> None:
    found = many(tmp_path, 600)
    text = found.text("markdown")
    assert 50_000 < len(text) <= 65_536
    assert text.index("The worst:") < 500
    left = re.search(r"^(\d+) more changes are left out here", text, re.MULTILINE)
    shown = len(re.findall(r"^\| (?:type-changed|property-removed) ", text, re.MULTILINE))
    assert left and shown + int(left[1]) == len(found.comparison.changes)
    assert text.count("<details>") == text.count("</details>")


def test_like_facts_are_one_entry(tmp_path: Path) -> None:
    versions = []
    for version in ("old", "new"):
        schemas = {
            f"Event{n}": {
                "type": "object",
                "required": ["type"],
                "properties": {"type": {"const": f"{version}.{n}"}},
            }
            for n in range(37)
        }
        versions.append(Path(written(tmp_path, f"{version}.yaml", **schemas)))
    found = compared(*versions)
    for format_ in ("text", "markdown"):
        text = found.text(format_)
        assert text.count("const-changed") == 1
        assert all(f'"old.{n}" -> "new.{n}"' in text for n in range(37))
    assert len(json.loads(found.text("json"))["changes"]) == 37
    assert json.loads(found.text("json"))["summary"]["entries"] == {"wire": 1}


def test_moves_and_renames_of_the_jump_are_recognised(beta_to_ga: Outcome) -> None:
    moved = {
        (change.old_path.removeprefix("session."), change.path.removeprefix("session."))
        for change in beta_to_ga.comparison.changes
        if change.rule in ("property-moved", "property-renamed")
    }
    assert moved == {
        ("input_audio_format", "audio.input.format"),
        ("input_audio_noise_reduction", "audio.input.noise_reduction"),
        ("input_audio_transcription", "audio.input.transcription"),
        ("max_response_output_tokens", "max_output_tokens"),
        ("modalities", "output_modalities"),
        ("output_audio_format", "audio.output.format"),
        ("speed", "audio.output.speed"),
        ("turn_detection", "audio.input.turn_detection"),
        ("voice", "audio.output.voice"),
    }


def test_names_that_mean_something_else_are_recognised(beta_to_ga: Outcome) -> None:
    reused = {
        (change.schema, change.old or change.new)
        for change in beta_to_ga.comparison.changes
        if change.rule == "schema-name-reused"
    }
    meant = "now means what RealtimeSessionCreateResponse meant"
    assert ("RealtimeSessionCreateRequest", meant) in reused
    assert ("RealtimeResponse", "the old meaning is now RealtimeBetaResponse") in reused


def test_values_of_content_parts_that_were_renamed(beta_to_ga: Outcome) -> None:
    renamed = {
        (change.schema, change.path, change.old, change.new)
        for change in beta_to_ga.comparison.changes
        if change.rule == "enum-value-renamed"
    }
    item = "RealtimeConversationItem", "content[].type"
    assert renamed == {(*item, '"text"', '"output_text"')}


def test_events_that_changed_their_tag(beta_to_ga: Outcome) -> None:
    tags = {
        (change.old.strip('"'), change.new.strip('"'))
        for change in beta_to_ga.comparison.changes
        if change.rule == "tag-value-changed"
    }
    assert ("response.audio.delta", "response.output_audio.delta") in tags
    assert len(tags) == 6


def test_what_was_decided_is_used_as_a_fact(tmp_path: Path) -> None:
    text = {"type": "string"}

    def session(**properties: object) -> dict[str, object]:
        return {"type": "object", "properties": properties}

    old = written(
        tmp_path, "old.yaml", Session=session(voice=text, tone=text, speed=text, pace=text)
    )
    out = session(timbre=text, tempo=text)
    new = written(tmp_path, "new.yaml", Talk=session(audio=session(out=out), pace=text, key=text))
    facts = {
        ("Session", ""): ("Talk", ""),
        ("Session", "voice"): ("Talk", "audio.out.timbre"),
        ("Session", "speed"): ("Talk", "audio.out.tempo"),
        ("Session", "tone"): ("Talk", "key"),
        ("Session", "pace"): ("Talk", "gone"),  # of no use: it stayed
        ("Session", "never"): ("Talk", "key"),
    }
    guessed = compare(load(old), load(new), Options()).comparison
    assert "schema-removed" in {change.rule for change in guessed.changes}
    found = compare(load(old), load(new), Options(facts=facts)).comparison.changes
    assert {(change.rule, change.old_path or change.old, change.path) for change in found} == {
        ("schema-renamed", "Session", ""),
        ("properties-grouped", "", "audio"),
        ("property-moved", "voice", "audio.out.timbre"),
        ("property-moved", "speed", "audio.out.tempo"),
        ("property-renamed", "tone", "key"),
    }
    scored = [change for change in found if change.score is not None]
    assert all(change.score == 1 and "decided" in change.evidence[0] for change in scored)


def test_events_have_a_direction_without_any_path() -> None:
    old, new = (path for path in REALTIME if path.stem in ("2024-12-04-beta", "2024-12-18-beta"))
    for change in compared(old, new).comparison.changes:
        if change.schema.startswith("RealtimeClientEvent"):
            assert change.direction == "sent"
        if change.schema.startswith("RealtimeServerEvent"):
            assert change.direction == "received"


# --- the command ----------------------------------------------------------------------------------

TOOL: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}


def written(folder: Path, name: str, **schemas: object) -> str:
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    path = folder / name
    path.write_text(yaml.safe_dump({**data, "components": {"schemas": schemas}}))
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["diff", *arguments])


def test_exit_codes(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    wider = {**TOOL, "properties": {"name": {"type": ["string", "null"]}}}
    new = written(tmp_path, "new.yaml", ToolParam=wider)
    assert run(old, new).exit_code == 0
    assert run(old, new, "--fail-on", "any").exit_code == 1
    assert run(old, new, "--fail-on", "sent").exit_code == 0
    assert run(old, new, "--fail-on", "received").exit_code == 1
    assert run(old, new, "--fail-on", "received", "--sent", "Tool*").exit_code == 0
    assert run(old, new, "--fail-on", "wire").exit_code == 1
    assert run(old, new, "--fail-on", "python").exit_code == 1
    assert run(old, old, "--fail-on", "any").exit_code == 0


def test_what_cannot_be_read_is_inconclusive(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    broken = tmp_path / "broken.yaml"
    broken.write_text("openapi: [")
    for pair in ((old, str(tmp_path / "none.yaml")), (str(broken), old)):
        result = run(*pair)
        assert result.exit_code == 2
        assert "inconclusive" in result.stderr
        assert "no change" not in result.stdout


def test_a_bug_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    monkeypatch.setattr("modelgen.diff.run.compare", lambda *_: 1 / 0)
    result = run(old, old)
    assert result.exit_code == 2
    assert "inconclusive" in result.stderr
    assert not result.stdout


def test_annotations_begin_with_the_worst(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", A=TOOL, B=TOOL)
    more = {**TOOL, "properties": {**TOOL["properties"], "size": {"type": "integer"}}}
    new = written(tmp_path, "new.yaml", A=more, B={**TOOL, "required": ["name"]})
    levels = [line.split()[0] for line in run(old, new, "--format", "github").stdout.splitlines()]
    assert levels[:2] == ["::error", "::notice"]


def test_documentation_alone_is_no_change(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    new = written(tmp_path, "new.yaml", ToolParam={**TOOL, "description": "A tool."})
    assert run(old, new, "--fail-on", "any").output == "no change\n"
    assert "description-changed" in run(old, new, "--docs").output


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "github"])
def test_equal_input_gives_equal_output(tmp_path: Path, format_: str) -> None:
    paths = [str(path) for path in REALTIME if path.stem in ("2025-09-09-ga", "2025-09-10-ga")]
    first, second = (run(*paths, "--format", format_).stdout for _ in range(2))
    assert first == second != ""
    target = tmp_path / "report"
    run(*paths, "--format", format_, "-o", str(target))
    assert target.read_text("utf-8") == first


@pytest.mark.parametrize("name", ["<script>|`x`", "``<script>", "<script>\n::error::"])
def test_text_of_a_document_stays_text(tmp_path: Path, name: str) -> None:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    new = written(tmp_path, "new.yaml", ToolParam=TOOL, **{name: TOOL})
    assert "<script>" not in run(old, new, "--format", "markdown").stdout.replace("\\<script", "")
    annotations = run(old, new, "--format", "github").stdout
    assert all(
        line.startswith("::") for line in annotations.splitlines()[:-1]
    ), "one line for each change"


# --- baseline and severities ----------------------------------------------------------------------

WIDER = {**TOOL, "properties": {"name": {"type": ["string", "null"]}}}


def entry(**said: str) -> dict[str, str]:
    place = {"rule": "became-nullable", "schema": "ToolParam", "path": "name"}
    return {**place, "reason": "nobody reads it", **said}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    return old, written(tmp_path, "new.yaml", ToolParam=WIDER)


def accepting(folder: Path, *entries: dict[str, str]) -> str:
    path = folder / "baseline.json"
    path.write_text(json.dumps({"accepted": entries}))
    return str(path)


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({}, 0, "1 accepted"),
        ({"value": ""}, 0, "1 accepted"),
        ({"expires": "9999-12-31"}, 0, "1 accepted"),
        ({"expires": "2020-01-01"}, 1, "no longer accepted: became-nullable ToolParam name"),
        ({"path": "other"}, 1, "stale, accepts nothing: became-nullable ToolParam other"),
        ({"value": "another"}, 1, "stale"),
        ({"schema": "Tool"}, 1, "stale"),
        ({"rule": "property-removed"}, 1, "stale"),
        ({"schema": "Tool*", "path": "*"}, 0, "1 accepted"),
        ({"rule": "became-*", "value": "*"}, 0, "1 accepted"),
        ({"schema": "*", "path": "*", "expires": "2020-01-01"}, 1, "no longer accepted"),
        ({"schema": "*", "path": "n*x"}, 1, "stale, accepts nothing: became-nullable"),
        ({"schema": "[T]ool*"}, 1, "stale"),
    ],
    ids=lambda said: str(said)[:40],
)
def test_a_baseline_accepts_what_it_names(
    tmp_path: Path, pair: tuple[str, str], said: dict[str, str], code: int, words: str
) -> None:
    baseline = accepting(tmp_path, entry(**said))
    for format_ in ("text", "markdown"):
        result = run(*pair, "--fail-on", "any", "--baseline", baseline, "--format", format_)
        assert result.exit_code == code, result.output
        assert words in result.output
    assert (
        "version: major" in result.output.lower()
    ), "it breaks the users of the package all the same"


def test_a_baseline_that_was_written_is_accepted(tmp_path: Path, pair: tuple[str, str]) -> None:
    path = str(tmp_path / "accepted.json")
    result = run(*pair, "--fail-on", "wire", "--write-baseline", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith("accepted.json: 1 accepted change\n")
    assert run(*pair, "--fail-on", "wire", "--baseline", path).exit_code == 0
    first = Path(path).read_text()
    explained = first.replace(json.loads(first)["accepted"][0]["reason"], "it is a draft")
    Path(path).write_text(explained)
    run(*pair, "--baseline", path, "--write-baseline", path)
    assert Path(path).read_text() == explained, "a reason is kept"
    back = pair[::-1]
    assert run(*back, "--fail-on", "wire", "--baseline", path).exit_code == 1
    run(*back, "--baseline", path, "--write-baseline", path)
    rules = [item["rule"] for item in json.loads(Path(path).read_text())["accepted"]]
    assert rules == ["became-not-nullable"], "what is stale is left out"


def test_an_entry_holds_for_its_schema_alone(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", A=TOOL, B=TOOL, C=TOOL)
    new = written(tmp_path, "new.yaml", A=WIDER, B=WIDER, C=WIDER)
    result = run(old, new, "--baseline", accepting(tmp_path, entry(schema="B")))
    assert "2 schemas: A, C" in result.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json-syntax"),
        ("[]", "baseline-invalid"),
        ('{"accepted": [{"rule": "became-nullable"}]}', "baseline-invalid"),
        (json.dumps({"accepted": [entry(expires="2026-02-30")]}), "baseline-invalid"),
        (json.dumps({"accepted": [entry(x="")]}), "baseline-invalid"),
    ],
)
def test_a_bad_baseline_is_inconclusive(
    tmp_path: Path, pair: tuple[str, str], text: str, code: str
) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    result = run(*pair, "--baseline", str(path))
    assert result.exit_code == 2
    assert "inconclusive" in result.stderr
    assert "baseline.json:1" in result.stderr
    assert f"error[{code}]" in result.stderr
    assert not result.stdout


def configured(folder: Path, settings: str) -> None:
    text = '[tool.modelgen.packages.x]\ninput = "x.yaml"\n[tool.modelgen.diff]\n'
    (folder / "pyproject.toml").write_text(text + settings)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("", 1),
        ('severity.received = { became-nullable = "note" }', 0),
        ('severity.sent = { became-nullable = "note" }', 1),
        ('ignore = ["became-nullable"]', 0),
        ('sent = ["Tool*"]', 0),
        ('received = ["Tool*"]', 1),
        ('severity.received = { became-nullabel = "note" }', 2),
        ('severity.received = { became-nullable = "bad" }', 2),
        ('severity.readers = { became-nullable = "note" }', 2),
    ],
)
def test_the_configuration_says_how_bad_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pair: tuple[str, str],
    settings: str,
    code: int,
) -> None:
    configured(tmp_path, settings)
    monkeypatch.chdir(tmp_path)
    result = run("old.yaml", "new.yaml", "--fail-on", "received")
    assert result.exit_code == code, result.output
    assert ("inconclusive" in result.stderr) == (code == 2)


def test_what_is_ignored_though_it_breaks_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.modelgen.diff]\nignore = ["became-nullable", "schema-added"]\n'
    )
    monkeypatch.chdir(tmp_path)
    told = "ignored by the configuration, though it breaks or may break: became-nullable, once"
    for format_ in ("text", "markdown", "github", "html"):
        assert told in run("old.yaml", "new.yaml", "--format", format_).output
    assert run("old.yaml", "new.yaml").output.startswith("no change, 1 ignored\n")
    data = json.loads(run("old.yaml", "new.yaml", "--format", "json").output)
    assert (data["ignored"], data["changes"]) == ({"became-nullable": 1}, [])


def test_what_was_proved_safe_stays_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(tmp_path, 'severity.sent = { pattern-added = "breaks" }')
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "old.yaml", Name={"type": "string"})
    written(tmp_path, "new.yaml", Name={"type": "string", "pattern": ".*"})
    assert run("old.yaml", "new.yaml", "--fail-on", "sent").exit_code == 0


def test_nothing_is_half_written(tmp_path: Path, pair: tuple[str, str]) -> None:
    target = tmp_path / "report"
    target.write_text("before")
    assert run(*pair, "-o", str(target), "--baseline", str(tmp_path / "none")).exit_code == 2
    assert target.read_text() == "before"
    assert run(*pair, "-o", str(tmp_path / "new.yaml" / "report")).exit_code == 2


# --- operations -----------------------------------------------------------------------------------


def serving(folder: Path, name: str, **said: object) -> str:
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    path = folder / name
    path.write_text(yaml.safe_dump({**data, "components": {"schemas": {"A": TOOL}}, **said}))
    return str(path)


def answer(**schema: object) -> dict[str, object]:
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def test_what_an_operation_receives_and_a_webhook_sends(tmp_path: Path) -> None:
    paths = []
    for name, kind in (("old.yaml", "integer"), ("new.yaml", "number")):
        item = {"post": {"responses": answer(type=kind)}}
        paths.append(serving(tmp_path, name, paths={"/x": item}, webhooks={"y": item}))
    result = json.loads(run(*paths, "--format", "json").stdout)
    found = {change["schemas"][0]: change["direction"] for change in result["changes"]}
    assert found == {
        "POST /x response 200 application/json": "received",
        "POST webhook y response 200 application/json": "sent",
    }
    assert result["bump"] == "major", "operations have types in Python"
    annotations = run(*paths, "--format", "github").stdout.splitlines()
    lines = Path(paths[1]).read_text().splitlines()
    numbers = [int(line.partition("line=")[2].partition(",")[0]) for line in annotations[:-1]]
    assert all("number" in "".join(lines[n - 1 : n + 1]) for n in numbers)


def test_operations_that_the_package_leaves_out_change_nothing_in_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, kind in (("old.yaml", "integer"), ("new.yaml", "number")):
        serving(tmp_path, name, paths={"/x": {"post": {"responses": answer(type=kind)}}})
    settings = "".join(
        f'[tool.modelgen.packages.{name}]\ninput = "{name}.yaml"\noperations = false\n'
        for name in ("old", "new")
    )
    (tmp_path / "pyproject.toml").write_text(settings)
    result = run("old.yaml", "new.yaml")
    assert "breaks: received]" in result.stdout
    assert "package version: patch" in result.stdout


def test_a_document_without_anything_is_compared(tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n")
    old = written(tmp_path, "old.yaml", ToolParam=TOOL)
    assert run(str(empty), str(empty)).output == "no change\n"
    assert "schema-removed" in run(old, str(empty)).output
    result = run(old, str(empty), "--select", "ToolParam")
    assert result.exit_code == 0 and "schema-removed" in result.output
    assert run(old, str(empty), "--select", "Toll*").exit_code == 2


def test_parameters_of_the_path_and_references(tmp_path: Path) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    shared = {"schemas": {"A": TOOL}, "parameters": {"Limit": limit}}
    ref = {"$ref": "#/components/parameters/Limit"}
    item = {"get": {"responses": {}}, "parameters": [ref]}
    old = serving(tmp_path, "old.yaml", paths={"/x": item}, components=shared)
    inline = {"get": {"responses": {}, "parameters": [limit]}}
    same = serving(tmp_path, "same.yaml", paths={"/x": inline})
    assert run(old, same).output == "no change\n", "the same parameter, written elsewhere"
    wider = {"get": {"responses": {}, "parameters": [{**limit, "schema": {}}]}}
    new = serving(tmp_path, "new.yaml", paths={"/x": wider})
    assert "type-removed" in run(old, new).output
    assert run(old, new, "--select", "A").output == "no change\n", "components alone"


def test_callbacks_that_lead_back_come_to_an_end(tmp_path: Path) -> None:
    item = {"post": {"responses": {}, "callbacks": {"c": {"{$url}": {"$ref": "#/paths/~1x"}}}}}
    path = serving(tmp_path, "old.yaml", paths={"/x": item})
    assert run(path, path).output == "no change\n"


@pytest.mark.parametrize("format_", ["text", "markdown", "github"])
def test_no_text_of_a_document_is_obeyed(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "A\x1b[2J\u202e\n::error::x"
    for version, kind in (("old", "string"), ("new", "integer")):
        schema = {"type": "object", "properties": {name: {"type": kind, "enum": [version + name]}}}
        spec = {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": name},
            "components": {"schemas": {name: schema}},
        }
        Path(f"{version}.json").write_text(json.dumps(spec))
    result = CliRunner().invoke(cli.main, ["diff", "old.json", "new.json", "--format", format_])
    assert result.exit_code == 0, result.stderr
    assert all(line.isprintable() for line in result.stdout.split("\n"))
    assert not any(line.startswith("::error::x") for line in result.stdout.split("\n"))


def test_the_table_of_the_rules_of_oasdiff_is_whole() -> None:
    page = (ROOT.parents[2] / "docs" / "oasdiff.md").read_text("utf-8")
    kinds, _, others = page.partition("What has no kind of its own")
    rows = re.findall(r"^\| \[`([a-z-]+)`\]\(diff/\1\.md\) \| (.+) \|$", kinds, re.MULTILINE)
    assert len(rows) == kinds.count("\n| [")
    assert {kind for kind, _ in rows} <= RULES.keys()
    theirs = re.findall(r"`([a-z-]{8,})`", " ".join(cell for _, cell in rows) + others)
    assert len(set(theirs)) > 400
