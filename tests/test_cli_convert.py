"""`modelgen convert`: documents and lines, what is reported where, and exit codes."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from realtime_package import NAME, ROOT

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


def run(
    *arguments: str, text: str | bytes = "", module: str = "modelgen"
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: it imports a package."""
    raw = text.encode() if isinstance(text, str) else text
    done = subprocess.run(
        [sys.executable, "-m", module, "convert", *arguments],
        input=raw,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "generated"},
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


def test_each_session_has_a_state_of_its_own() -> None:
    item = {"id": "i", "type": "message", "role": "assistant", "status": "in_progress"}
    log = [
        {"type": "session.created", "event_id": "e0", "session": {"id": "a"}},
        {"type": "conversation.item.created", "event_id": "e1", "item": item},
        {"type": "session.created", "event_id": "e2", "session": {"id": "b"}},
        {"type": "response.output_item.done", "event_id": "e3", "item": item},
    ]
    text = "\n".join(map(json.dumps, log))
    options = ("--from", "beta", "--to", "ga", "--stream", "server")
    for more, count in (((), 5), (("--session", "$.session.id"), 4)):
        done = run(*options, *more, text=text)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, count)


def test_the_result_is_packed_by_its_name(folder: Path) -> None:
    text = f"{json.dumps(UPDATE)}\n{json.dumps(DELTA)}\n"
    plain = run("--to", "ga", text=text).stdout
    packed = []
    for name in ("ga.jsonl", "ga.jsonl.gz", "again.jsonl.gz"):
        done = run("--to", "ga", "-o", name, "--losses", f"losses.{name}", text=text)
        assert (done.returncode, done.stdout) == (0, "")
        content = Path(name).read_bytes()
        packed.append(content)
        losses = Path(f"losses.{name}").read_bytes()
        if name.endswith(".gz"):
            content, losses = gzip.decompress(content), gzip.decompress(losses)
        assert content.decode() == plain
        assert json.loads(losses)["path"] == "$.session.temperature"
    assert packed[1] == packed[2]
    assert not list(folder.glob("*.part"))


def test_nothing_takes_the_place_of_a_file_before_it_is_whole() -> None:
    Path("ga.jsonl").write_text("as it was")
    packed = gzip.compress(f"{json.dumps(DELTA)}\n".encode() * 9)
    Path("cut.jsonl.gz").write_bytes(packed[:-9])
    done = run("--to", "ga", "-o", "ga.jsonl", "cut.jsonl.gz")
    assert done.returncode == 2
    assert Path("ga.jsonl").read_text() == "as it was"
    assert not Path("ga.jsonl.part").exists()
    Path("ga.jsonl").write_text(json.dumps(DELTA))
    assert run("--to", "ga", "-o", "ga.jsonl", "ga.jsonl").returncode == 0
    assert json.loads(Path("ga.jsonl").read_text())["type"] == "response.output_audio.delta"


def test_zstd_by_name_where_python_has_it() -> None:
    name = "events.jsonl.zst"
    if sys.version_info < (3, 14):
        Path(name).write_bytes(b"")
        done = run("--to", "ga", name)
        assert done.returncode == 2
        assert "This interpreter has no zstd: Python 3.14 or newer has it." in done.stderr
        assert run("--to", "ga", "-o", name, text="{}").returncode == 2
        return
    text = f"{json.dumps(UPDATE)}\n{json.dumps(DELTA)}\n"
    assert run("--to", "beta", "-o", name, text=text).returncode == 0
    assert len(run("--to", "ga", name).stdout.splitlines()) == 2
    Path(name).write_bytes(Path(name).read_bytes()[:-9])
    assert "This cannot be unpacked" in run("--to", "ga", name).stderr


def test_bad_lines_go_to_a_file_of_their_own() -> None:
    lines = [json.dumps(DELTA).encode(), b'{"type":', b"\xff{}", json.dumps(DELTA).encode()]
    done = run("--to", "ga", "--bad", "bad.jsonl", text=b"\r\n".join(lines))
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 2)
    rows = [json.loads(line) for line in Path("bad.jsonl").read_text().splitlines()]
    assert rows == [
        {"line": 2, "fault": "It is not JSON: expecting value at column 9.", "text": '{"type":'},
        {"line": 3, "fault": "It is not JSON: byte 1 is not UTF-8.", "text": "\udcff{}"},
    ]
    assert rows[1]["text"].encode("utf-8", "surrogateescape") == lines[2]
    run("--to", "ga", "--bad", "bad.jsonl", text=json.dumps([DELTA, 7]))
    (row,) = map(json.loads, Path("bad.jsonl").read_text().splitlines())
    assert row == {"line": 2, "fault": "It is not a JSON object.", "text": "7"}


def test_quiet_says_only_what_went_wrong() -> None:
    for module in ("modelgen", NAME):
        done = run("--to", "ga", "--quiet", text=f"{json.dumps(UPDATE)}\n{{", module=module)
        assert done.returncode == 2
        assert done.stderr.startswith("line 2: error[convert]: It is not JSON")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--to", "ga"),
        ("--to", "ga", "--strict"),
        ("--from", "beta", "--to", "ga", "--undeclared", "drop"),
        ("--from", "beta", "--to", "ga", "--stream", "client", "--session", "$.id"),
        ("--to", "ga", "--losses", "losses", "--bad", "bad"),
    ],
)
def test_the_package_does_the_same_without_the_generator(arguments: tuple[str, ...]) -> None:
    texts = (
        json.dumps(UPDATE),
        json.dumps([UPDATE, {**DELTA, "x": 1}]),
        f'{json.dumps(UPDATE)}\n{{"a\n\n{json.dumps({**DELTA, "x": 1})}\n[]',
        "",
    )
    for text in texts:
        results = []
        for module in ("modelgen", NAME):
            done = run(*arguments, text=text, module=module)
            made = [Path(name).read_bytes() for name in ("losses", "bad") if Path(name).exists()]
            results.append((done.returncode, done.stdout, done.stderr, made))
        assert results[0] == results[1]


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["--to", "gaa"], "{}", "error: There is no variant 'gaa'"),
        (["--to", "ga"], '{\n "a": }\n', "error: -:2:7: This is not JSON: expecting value"),
        (["--to", "ga", "nothing.json"], "", "error: nothing.json: No such file or directory."),
        (["--to", "ga", "-o", "none/x"], "{}", "error: none/x.part: No such file or directory."),
        ([], "{}", "the following arguments are required: --to"),
    ],
)
def test_what_the_package_cannot_do(arguments: list[str], text: str, message: str) -> None:
    done = run(*arguments, text=text, module=NAME)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_who_reads_may_stop() -> None:
    text = (json.dumps(DELTA) + "\n").encode() * 20_000
    for module in ("modelgen", NAME):
        process = subprocess.Popen(
            [sys.executable, "-m", module, "convert", "--to", "ga", "--quiet"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": "generated"},
        )
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        try:
            process.stdin.write(text)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert b"Traceback" not in process.stderr.read()
        process.stderr.close()
        process.wait()


def test_progress_on_a_terminal() -> None:
    Path("events.jsonl").write_text((json.dumps(DELTA) + "\n") * 60_000)
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", NAME, "convert", "--to", "ga", "events.jsonl", "-o", "ga.jsonl"],
        stderr=secondary,
        env={**os.environ, "PYTHONPATH": "generated"},
    )
    os.close(secondary)
    seen = b""
    with contextlib.suppress(OSError):  # the terminal is closed
        while part := os.read(primary, 4096):
            seen += part
    os.close(primary)
    assert process.wait() == 0
    assert re.search(rb"events\.jsonl: line [\d,]+ \d+ %", seen), seen
    assert seen.rstrip().endswith(b"\r\x1b[K60000 payloads converted to ga")


def test_what_has_no_form_is_counted() -> None:
    event = {"type": "mcp_list_tools.completed", "event_id": "e", "item_id": "i"}
    done = run("--to", "beta", text=json.dumps(event))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == "1 payload converted to beta, 1 without a form there"


def test_the_report_has_every_loss() -> None:
    text = f"{json.dumps(UPDATE)}\n{json.dumps(UPDATE)}\n"
    run("--to", "ga", "--losses", "losses.jsonl", text=text)
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
            "A stream is of one variant: say of which it is.",
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
