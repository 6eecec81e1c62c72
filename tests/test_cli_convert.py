"""`modelgen convert`: documents and lines, what is reported where, and exit codes."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from realtime_package import ROOT

UPDATE: dict[str, Any] = {
    "type": "session.update",
    "session": {"voice": "alloy", "temperature": 0.7},
}
UPDATED = {
    "type": "session.update",
    "session": {"audio": {"output": {"voice": "alloy"}}, "type": "realtime"},
}
DELTA = {"type": "response.audio.delta", "event_id": "e", "delta": "AAAA"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "generated").symlink_to(ROOT / "generated")
    return tmp_path


def run(*arguments: str, text: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: it imports a package."""
    raw = text.encode() if isinstance(text, str) else text
    done = subprocess.run(
        [sys.executable, "-m", "modelgen", "convert", *arguments],
        input=raw,
        capture_output=True,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_a_document() -> None:
    Path("update.json").write_text(json.dumps(UPDATE, indent=4))
    done = run("--to", "ga", "update.json")
    assert (done.returncode, json.loads(done.stdout)) == (0, UPDATED)
    assert done.stdout.startswith("{\n  ")
    assert done.stderr == (
        "$.session.temperature: dropped: It was removed in 2025-09, and nothing took its place.\n"
        "1 payload converted to ga\n"
    )


def test_an_array_of_payloads() -> None:
    done = run("--to", "ga", text=json.dumps([UPDATE, DELTA], indent=1))
    assert done.returncode == 0
    converted = [item["type"] for item in json.loads(done.stdout)]
    assert converted == ["session.update", "response.output_audio.delta"]


def test_lines_one_by_one() -> None:
    text = f"{json.dumps(UPDATE)}\n\n{json.dumps(DELTA)}\n{json.dumps(UPDATE)}"
    done = run("--from", "beta", "--to", "ga", text=text)
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        UPDATED,
        {**DELTA, "type": "response.output_audio.delta"},
        UPDATED,
    ]
    assert done.stderr == (
        "line 1: $.session.temperature: dropped: It was removed in 2025-09, and nothing took its "
        "place. (2 times)\n"
        "3 payloads converted to ga\n"
    )


def test_broken_lines_are_reported_and_the_rest_goes_on() -> None:
    lines = [
        json.dumps(DELTA).encode(),
        b'{"type":',
        b"[1]",
        b'{"a": NaN}',
        b'{"unheard": 1}',
        b"\xff{}",
        b"[" * 100_000,
        json.dumps(DELTA).encode(),
    ]
    done = run("--to", "ga", text=b"\n".join(lines))
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    broken = [line for line in done.stderr.splitlines() if "error[convert]" in line]
    assert [line.partition(":")[0] for line in broken] == [f"line {n}" for n in range(2, 8)]
    assert done.stderr.splitlines()[-1] == "2 payloads converted to ga, 6 could not be converted"


def test_lines_by_name_though_the_first_is_broken() -> None:
    Path("events.jsonl").write_text("{\n" + json.dumps(DELTA) + "\n")
    done = run("--to", "ga", "events.jsonl")
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 1)


def test_what_no_variant_declares_is_removed_if_that_is_wanted() -> None:
    text = json.dumps({**UPDATE, "session": {**UPDATE["session"], "silence_timeout": 1}})
    done = run("--to", "ga", "--undeclared", "drop", text=text)
    assert (done.returncode, json.loads(done.stdout)) == (0, UPDATED)
    assert "$.session.silence_timeout: dropped: No variant declares it." in done.stderr
    text = json.dumps({**DELTA, "x": 1})
    options = ("--from", "beta", "--to", "ga", "--stream", "server", "--undeclared", "drop")
    assert "x" not in json.loads(run(*options, text=text).stdout)


def test_a_broken_first_line_spoils_no_other() -> None:
    for broken in (b"\xff{}", b'{"type":', b"x"):
        done = run("--to", "ga", text=broken + b"\n\n" + json.dumps(DELTA).encode())
        assert (done.returncode, len(done.stdout.splitlines())) == (2, 1), broken
        assert done.stderr.startswith("line 1: error[convert]: It is not JSON"), broken
    document = run("--to", "ga", text=f"[\n{json.dumps(DELTA)}\n]")
    assert (document.returncode, len(json.loads(document.stdout))) == (0, 1)


def test_nothing_is_no_error() -> None:
    Path("none.json").touch()
    for arguments, text in (((), ""), ((), "\n \n"), (("none.json",), "")):
        done = run("--to", "ga", *arguments, text=text)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == "0 payloads converted to ga\n"


def test_what_is_packed_is_unpacked() -> None:
    packed = gzip.compress(f"{json.dumps(UPDATE)}\n{json.dumps(DELTA)}\n".encode())
    Path("events.jsonl.gz").write_bytes(packed)
    assert len(run("--to", "ga", "events.jsonl.gz").stdout.splitlines()) == 2
    Path("update.json.gz").write_bytes(gzip.compress(json.dumps(UPDATE).encode()))
    assert json.loads(run("--to", "ga", "update.json.gz").stdout) == UPDATED
    for spoilt in (packed[:-12], b"{}", packed[:30] + b"xxxxxx" + packed[36:]):
        Path("events.jsonl.gz").write_bytes(spoilt)
        done = run("--to", "ga", "events.jsonl.gz")
        assert done.returncode == 2
        assert "events.jsonl.gz: error[convert-json]: This cannot be unpacked" in done.stderr


def test_a_stream_is_converted_with_what_was_said_before() -> None:
    item = {"id": "i", "type": "message", "role": "assistant", "status": "in_progress"}
    log = [
        {"type": "conversation.item.created", "event_id": "e1", "item": item},
        DELTA,
        {
            "type": "response.output_item.done",
            "event_id": "e2",
            "item": {**item, "status": "completed"},
        },
    ]
    text = "\n".join(map(json.dumps, log))
    done = run("--from", "beta", "--to", "ga", "--stream", "server", text=text)
    assert done.returncode == 0
    assert [json.loads(line)["type"] for line in done.stdout.splitlines()] == [
        "conversation.item.added",
        "response.output_audio.delta",
        "conversation.item.done",
        "response.output_item.done",
    ]
    assert done.stderr.splitlines()[-1] == "3 payloads converted to ga"
    array = run("--from", "beta", "--to", "ga", "--stream", "server", text=json.dumps(log))
    assert len(json.loads(array.stdout)) == 4


def test_what_has_no_form_is_counted() -> None:
    event = {"type": "mcp_list_tools.completed", "event_id": "e", "item_id": "i"}
    done = run("--to", "beta", text=json.dumps(event))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == "1 payload converted to beta, 1 without a form there"


def test_the_report_has_every_loss() -> None:
    text = f"{json.dumps(UPDATE)}\n{json.dumps(UPDATE)}\n"
    run("--to", "ga", "--report", "losses.jsonl", text=text)
    rows = [json.loads(line) for line in Path("losses.jsonl").read_text().splitlines()]
    assert [row["line"] for row in rows] == [1, 2]
    assert rows[0] == {
        "line": 1,
        "path": "$.session.temperature",
        "kind": "dropped",
        "severity": "lost",
        "value": 0.7,
        "reason": "It was removed in 2025-09, and nothing took its place.",
    }


def test_strict_is_an_exit_code() -> None:
    assert run("--to", "ga", "--strict", text=json.dumps(UPDATE)).returncode == 1
    assert run("--to", "ga", "--strict", text=json.dumps(DELTA)).returncode == 0
    carried = run("--to", "ga", "--strict", text=json.dumps({**DELTA, "obfuscation": "x"}))
    assert carried.returncode == 0, "what is carried is no loss"
    assert "$.obfuscation: kept" in carried.stderr


def test_text_survives_as_it_is() -> None:
    text = '{"type":"response.audio_transcript.delta","delta":"Grüße 😀 \\ud800","n":1.0,"big":123456789012345678901234567890}'
    done = run("--to", "ga", text=text)
    made = json.loads(done.stdout)
    assert made == {**json.loads(text), "type": "response.output_audio_transcript.delta"}
    assert isinstance(made["n"], float)


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["--to", "gaa"], "{}", "error[convert-name]: There is no variant 'gaa'"),
        (["--to", "ga", "--from", "x"], "{}", "There is no source 'x'"),
        (["--to", "ga", "--family", "Sesion"], "{}", "There is no family 'Sesion'"),
        (
            ["--to", "ga"],
            '{\n "a": }\n',
            "-:2:7: error[convert-json]: This is not JSON: expected a value.",
        ),
        (["--to", "ga"], '{\n "a": NaN}\n', "This is not JSON: NaN is no JSON value."),
        (["--to", "ga", "nothing.json"], "", "nothing.json: error[system]: No such file"),
        (
            ["--to", "ga", "--stream", "server"],
            "{}",
            "A stream is of one variant: say --from which.",
        ),
        (
            ["--to", "ga", "--from", "beta", "--stream", "x"],
            "{}",
            "There is no side 'x': it is client or server.",
        ),
    ],
)
def test_what_cannot_be_done(arguments: list[str], text: str, message: str) -> None:
    done = run(*arguments, text=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_package_without_conversions() -> None:
    Path("pyproject.toml").write_text('[tool.modelgen.packages.pets]\ninput = "pets.yaml"\n')
    done = run("--to", "ga", text="{}")
    assert done.returncode == 2
    assert "error[convert-package]: No package has reconciled variants" in done.stderr
    assert "there is nothing to convert with" in done.stderr


def test_a_package_that_is_not_generated_yet() -> None:
    Path("generated").unlink()
    done = run("--to", "ga", text="{}")
    assert done.returncode == 2
    assert "hint: Run modelgen generate first." in done.stderr


def test_an_event_that_no_family_knows_travels_as_it_is_and_is_reported() -> None:
    for text in ('{"type":"ping","event_id":"p"}', '{"type":"session.closed","reason":"x"}'):
        for to in ("ga", "beta"):
            done = run("--to", to, text=text)
            assert json.loads(done.stdout) == json.loads(text)
            assert "$.type: kept: No family has it: it stays as it was." in done.stderr
