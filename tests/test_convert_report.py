"""Reports of `modelgen convert`: what became of each field.

tests/cases/reports/convert: payloads.jsonl is what is converted, report.FORMAT what is said of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from modelgen import cli
from modelgen.convert.paths import general, is_within, leaves, replaced, without, written

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "cases" / "reports" / "convert"
UPDATE = {
    "type": "session.update",
    "session": {"voice": "alloy", "input_audio_format": "pcm16", "temperature": 0.7},
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(cli.main, ["convert", "--to", "ga", *arguments], input=text)


def report(*arguments: str, payloads: list[Any]) -> dict[str, Any]:
    text = "".join(f"{json.dumps(payload)}\n" for payload in payloads)
    made: dict[str, Any] = json.loads(run("--report", "json", *arguments, text=text).stdout)
    return made


def fields(of: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (one for one in of["kinds"] if one["name"] == kind)
    return {one["path"]: one for one in found["fields"]}


@pytest.mark.parametrize("format_", ["markdown", "json"])
def test_a_report_is_as_reviewed(format_: str, update_golden: bool) -> None:
    done = run("--report", format_, "--from", "beta", str(FOLDER / "payloads.jsonl"))
    assert done.exit_code == 2, "two lines could not be converted"
    target = FOLDER / f"report.{format_}"
    if update_golden:
        target.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == target.read_text("utf-8"), "pytest --update-golden writes it"


def test_each_field_has_its_way() -> None:
    known = fields(report(payloads=[UPDATE, UPDATE]), "session.update")
    ways = {path: (one["ways"], one["otherwise"]) for path, one in known.items()}
    form = "$.session.audio.input.format"
    assert ways == {
        "$.type": (["$.type"], False),
        "$.session.voice": (["$.session.audio.output.voice"], False),
        "$.session.input_audio_format": ([f"{form}.rate", f"{form}.type"], True),
        "$.session.temperature": ([], False),
    }
    assert [known["$.session.temperature"][word] for word in ("seen", "carried", "lost")] == [
        2,
        0,
        2,
    ]
    (loss,) = known["$.session.temperature"]["losses"]
    assert (loss["kind"], loss["times"], loss["first_line"]) == ("dropped", 2, 1)


def test_what_has_no_form_loses_every_field() -> None:
    event = {"type": "mcp_list_tools.completed", "event_id": "e", "item_id": "i"}
    made = CliRunner().invoke(
        cli.main, ["convert", "--to", "beta", "--report", "json"], input=json.dumps(event)
    )
    data = json.loads(made.stdout)
    assert data["kinds"][0]["without_form"] == 1
    assert {one["lost"] for path, one in fields(data, event["type"]).items() if path != "$"} == {1}


def test_what_is_missing_is_told_though_it_was_never_seen() -> None:
    call = {"type": "response.function_call_arguments.done", "event_id": "e", "item_id": "i"}
    known = fields(report("--from", "beta", payloads=[call]), call["type"])
    missing = {path for path, one in known.items() if not one["seen"]}
    assert missing
    assert all(known[path]["losses"][0]["severity"] == "refused" for path in missing)


def test_a_stream_has_a_report_too() -> None:
    item = {"id": "i", "type": "message", "role": "user", "status": "completed", "content": []}
    event = {"type": "conversation.item.created", "event_id": "e", "item": item}
    made = report("--from", "beta", "--stream", "server", payloads=[event])
    assert [one["type"] for one in made["kinds"][0]["examples"][0]["after"]] == [
        "conversation.item.added",
        "conversation.item.done",
    ]
    assert fields(made, event["type"])["$.item.role"]["ways"] == ["$.item.role"]


def test_the_result_is_written_only_where_it_is_wanted(tmp_path: Path) -> None:
    target = tmp_path / "ga.json"
    done = run("--report", "json", "-o", str(target), text=json.dumps(UPDATE))
    assert json.loads(target.read_text())["session"]["audio"]["output"] == {"voice": "alloy"}
    assert json.loads(done.stdout)["kinds"]


def test_kinds_and_fields_without_end_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelgen.convert.coverage.MOST_KINDS", 2)
    monkeypatch.setattr("modelgen.convert.coverage.MOST_FIELDS", 3)
    payloads = [{"type": f"t{n}", "a": 1, "b": 2, "c": 3} for n in range(4)]
    made = report(payloads=payloads)
    assert made["payloads"] == 4
    assert [len(kind["fields"]) for kind in made["kinds"]] == [3, 3]
    assert made["unlisted"] == 2 + 2, "a field of each of two, and two payloads"


def test_paths() -> None:
    value = {"a": [{"b c": 1}, {}], "d": ["x"], "e": None}
    found = {written(steps): item for steps, item in leaves(value)}
    assert found == {'$.a[0]["b c"]': 1, "$.a[1]": {}, "$.d": ["x"], "$.e": None}
    assert general('$.a[0]["b c"]') == '$.a[]["b c"]'
    assert without(value, ("a", 0, "b c")) == {"a": [{}, {}], "d": ["x"], "e": None}
    assert without(value, ("a", 0)) == {"a": [{}], "d": ["x"], "e": None}
    assert replaced(value, ("a", 1), 5) == {"a": [{"b c": 1}, 5], "d": ["x"], "e": None}
    assert value["e"] is None and len(value["a"]) == 2  # type: ignore[arg-type]
    assert is_within("$.a.b", "$.a") and is_within("$.a", "$.a") and not is_within("$.ab", "$.a")
