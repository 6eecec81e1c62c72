"""The wheel in an empty environment: it imports, its README runs, and user code type-checks against it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installed import Environment, create

EVENT = {
    "type": "response.output_text.delta",
    "event_id": "e",
    "response_id": "r",
    "item_id": "i",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hi",
}

# Runs the blocks of the page that an index shows: the description in the installed metadata.
EXAMPLES = """
import doctest, re
from importlib.metadata import metadata

page = metadata("realtime-models").get_payload()
names, sessions = {"__name__": "__main__"}, 0
for language, text in re.findall(r"^```(python|pycon)\\n(.*?)^```$", page, re.M | re.S):
    if language == "python":
        exec(text, names)
        continue
    test = doctest.DocTestParser().get_doctest(text, names, "README", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert not runner.run(test, clear_globs=False).failed
    names.update(test.globs)
    sessions += 1
print(sessions)
"""

# Everything that a module exports, in all modules; what it loads beyond the standard library is printed.
EVERYTHING = """
import pkgutil, sys
before = set(sys.modules)
import realtime_models

count = 0
for found in pkgutil.walk_packages(realtime_models.__path__, "realtime_models."):
    module = __import__(found.name, fromlist=["*"])
    for name in getattr(module, "__all__", ()):
        getattr(module, name)
        count += 1
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(count, *sorted(roots - sys.stdlib_module_names))
"""

USER = """\
# pyright: strict
from typing import assert_never, assert_type

from realtime_models import UNSET, DecodeError, UnknownVariant, Unset, beta
from realtime_models import ga as rt
from realtime_models.ga.session import RealtimeSessionCreateRequestGA


def decoded(data: object, text: bytes) -> None:
    reasoning = rt.decode(rt.RealtimeReasoning, data)
    assert_type(reasoning, rt.RealtimeReasoning)
    assert_type(rt.decode_json(rt.RealtimeReasoning, text, strict=True), rt.RealtimeReasoning)
    assert_type(rt.RealtimeReasoning.from_dict({}), rt.RealtimeReasoning)
    assert_type(rt.decode_realtime_server_event(data), rt.RealtimeServerEvent)
    assert_type(rt.decode_realtime_turn_detection(data), rt.RealtimeTurnDetection)
    assert_type(beta.decode_realtime_server_event(data), beta.RealtimeServerEvent)
    assert_type(beta.decode(beta.RealtimeSession, data), beta.RealtimeSession)
    assert_type(rt.encode_json(reasoning), bytes)


def fields(session: RealtimeSessionCreateRequestGA) -> str:
    assert_type(session.instructions, str | Unset)
    assert_type(rt.RealtimeServerEventError.from_json(b"").error, rt.RealtimeServerEventErrorError)
    return "" if session.instructions is UNSET else session.instructions


def threshold(detection: rt.RealtimeTurnDetection) -> float | None:
    match detection:
        case rt.RealtimeTurnDetectionServerVad():
            return None if detection.threshold is UNSET else detection.threshold
        case rt.RealtimeTurnDetectionSemanticVad() | UnknownVariant() | None:
            return None
        case _:
            assert_never(detection)


def faults(error: DecodeError) -> list[str]:
    return [fault.path for fault in error.errors]
"""
WRONG = """\
from realtime_models import beta, ga

ga.RealtimeReasoning(effort=1)
ga.RealtimeReasoning(efort="low")
session: ga.RealtimeSession = beta.RealtimeSession()
ga.RealtimeReason
"""


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return create(tmp_path_factory.mktemp("installed"))


def test_it_imports_without_anything_else(environment: Environment) -> None:
    count, *roots = environment.run("-c", EVERYTHING).split()
    assert int(count) > 500
    assert roots == ["realtime_models"]


def test_an_import_loads_only_what_is_used(environment: Environment) -> None:
    code = "import sys; from realtime_models.ga import RealtimeSessionCreateRequestGA; print(*sys.modules)"
    loaded = environment.run("-c", code).split()
    ours = {name.partition(".")[2] for name in loaded if name.startswith("realtime_models.")}
    assert {"_runtime", "ga", "ga.session"} <= ours
    assert ours.isdisjoint(
        {"_predicates", "_validator", "beta", "ga.server_events", "ga._codecs.session"}
    )


def test_it_decodes_and_encodes_an_event(environment: Environment) -> None:
    code = f"""
from realtime_models import ga
event = ga.decode(ga.RealtimeServerEvent, {EVENT!r}, strict=True)
print(type(event).__name__)
print(ga.encode_json(event).decode())
"""
    name, text = environment.run("-c", code).splitlines()
    assert name == "RealtimeServerEventResponseTextDelta"
    assert json.loads(text) == EVENT


def test_the_readme_runs(environment: Environment) -> None:
    assert int(environment.run("-c", EXAMPLES)) >= 4


# --- type checkers --------------------------------------------------------------------------------


def check(tool: str, environment: Environment, folder: Path, text: str) -> tuple[int, str]:
    """The exit code and the output of a type checker that sees the installed package only."""
    folder.joinpath("user.py").write_text(text, encoding="utf-8")
    options: dict[str, list[str | Path]] = {
        "mypy": ["--strict", "--python-executable", environment.python, "--cache-dir", folder],
        "pyright": ["--pythonpath", environment.python],
    }
    done = subprocess.run(
        [sys.executable, "-m", tool, *options[tool], "user.py"],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "MYPYPATH"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


TOOLS = [
    "mypy",
    pytest.param(
        "pyright", marks=pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
    ),
]


@pytest.mark.parametrize("tool", TOOLS)
def test_user_code_has_the_right_types(tool: str, environment: Environment, tmp_path: Path) -> None:
    """`assert_type` fails for `Any` too, as everything would be of a package without types."""
    code, said = check(tool, environment, tmp_path, USER)
    assert code == 0, said
    code, said = check(tool, environment, tmp_path, WRONG)
    lines = {line for line in range(1, 8) if f"user.py:{line}:" in said}
    assert (code, lines) == (1, {3, 4, 5, 6}), said
