"""mypy --strict, pyright (strict) and black find nothing in the packages of the real documents, nor in code that uses
them."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import black
import pytest

from corpus_packages import DOCUMENTS, NEWEST, PARTS, made, settings
from emitted import write
from modelgen.emit.styles import STYLES

every_style = pytest.mark.parametrize("style", list(STYLES))

USE = """
from typing import Any, assert_type

import {name} as m
from {name} import (
    DecodeError,
    RealtimeConversationItem,
    RealtimeResponse,
    RealtimeServerEvent,
    RealtimeServerEventResponseDone,
    UnknownVariant,
    Unset,
    decode,
    decode_json,
    decode_realtime_server_event,
    encode,
    encode_json,
)

data: dict[str, Any] = {{}}
assert_type(decode(RealtimeServerEventResponseDone, data), RealtimeServerEventResponseDone)
assert_type(decode(RealtimeServerEventResponseDone, data, strict=True), RealtimeServerEventResponseDone)
assert_type(decode_json(m.RealtimeSession, b""), m.RealtimeSession)
assert_type(m.RealtimeSession.from_dict(data), m.RealtimeSession)
assert_type(decode_realtime_server_event(data), RealtimeServerEvent)


def read(text: bytes) -> str:
    try:
        event = decode_realtime_server_event(m.decode_json(RealtimeServerEvent, text))
    except DecodeError as error:
        return error.errors[0].path
    if isinstance(event, UnknownVariant):
        return event.tag
    if isinstance(event, RealtimeServerEventResponseDone):
        assert_type(event.response, RealtimeResponse)
        output = event.response.output
        assert_type(output, list[RealtimeConversationItem] | Unset)
        return str(len(output) if output else 0)
    return event.type


def write(event: RealtimeServerEventResponseDone) -> bytes:
    assert_type(event.to_dict(), dict[str, Any])
    assert_type(encode_json(event), bytes)
    return encode_json(encode(event))
"""


@pytest.fixture(scope="module", params=list(STYLES))
def folder(
    request: pytest.FixtureRequest, corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """All packages of one style, and code that uses the newest."""
    style: str = request.param
    found = tmp_path_factory.mktemp(f"types-{style}")
    for name in DOCUMENTS:
        package = settings(corpus, name, "whole", style)
        write(found / package.name, made(corpus, name, "whole", style).files)
    newest = settings(corpus, NEWEST, "whole", style).name
    (found / "use.py").write_text(USE.format(name=newest))
    return found


def test_mypy_finds_nothing(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir() if path.name != "cache")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir=cache"]
    command += ["--python-version=3.11", *names]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs node")
def test_pyright_finds_nothing(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir() if path.name != "cache")
    said = {
        "typeCheckingMode": "strict",
        "include": names,
        "pythonVersion": "3.11",
        "pythonPlatform": "Linux",
    }
    said |= {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name}
    (folder / "pyrightconfig.json").write_text(json.dumps(said))
    command = [sys.executable, "-m", "pyright", "--outputjson"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    (folder / "pyrightconfig.json").unlink()
    report = json.loads(result.stdout)
    assert report["summary"]["filesAnalyzed"] > 6 * len(DOCUMENTS)
    found = [
        f"{Path(entry['file']).relative_to(folder)}:{entry['range']['start']['line'] + 1}: {entry['message']}"
        for entry in report["generalDiagnostics"]
    ]
    assert found == []


PRINTED = [(name, "realtime", style) for name in DOCUMENTS for style in STYLES]


@pytest.mark.parametrize(("name", "part", "style"), [*PRINTED, (NEWEST, "whole", "dataclass")])
def test_black_would_change_nothing(corpus: Path, name: str, part: str, style: str) -> None:
    assert part in PARTS
    for path, text in made(corpus, name, part, style).files.items():
        if path.endswith(".py"):
            ast.parse(text)
            assert black.format_str(text, mode=black.Mode()) == text, path
