"""The example proxy with the OpenAI SDK as its client: one that speaks the beta, and one that speaks GA.

tests/proxy/conversation.yaml is the conversation, in both dialects. Every client speaks with every server.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers

from proxy_running import ENVIRONMENT, KEY, PATH, ROOT, Running, between

HERE = Path(__file__).parent / "proxy"
DIALECTS = ["beta", "ga"]
Json = dict[str, Any]


# --- environments ---------------------------------------------------------------------------------


def install(requirements: Path, folder: Path) -> str:
    """Make a virtual environment of what is required, unless it is there. Returns what went wrong."""
    is_as = requirements.read_text(encoding="utf-8") + sys.version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several processes of tests one makes it
        complete = folder / "complete.txt"
        if complete.is_file() and complete.read_text(encoding="utf-8") == is_as:
            return ""
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
        options = ["install", "--quiet", "--only-binary", ":all:", "--requirement"]
        done = subprocess.run(
            [*pip, folder / "bin" / "python", *options, requirements],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            return done.stderr
        complete.write_text(is_as, encoding="utf-8")
        return ""


@pytest.fixture(scope="session")
def sdk() -> Callable[[str], Path]:
    """The Python of an environment that has the SDK of a dialect."""

    @cache
    def python(dialect: str) -> Path:
        requirements = HERE / f"{dialect}.txt"
        version = re.findall(r"^openai.*==(.+)$", requirements.read_text("utf-8"), re.M)[0]
        folder = ROOT / "build" / "sdks" / version
        problem = install(requirements, folder)
        if problem and not {"CI", "MODELGEN_NEEDS_SDKS"} & os.environ.keys():
            pytest.skip(f"the package index gave no openai package: {problem.splitlines()[-1]}")
        assert not problem, problem
        return folder / "bin" / "python"

    return python


# --- the conversation -----------------------------------------------------------------------------

STEPS: list[Json] = yaml.safe_load((HERE / "conversation.yaml").read_text(encoding="utf-8"))


def said(step: Json, side: str, dialect: str) -> Json | None:
    """The event of a side in a step, None if it has none in that dialect."""
    forms = step.get(side, {})
    found: Json | None = forms.get(dialect, forms.get("both"))
    return deepcopy(found)


def without(event: Json, paths: list[str]) -> Json:
    for path in paths:
        *names, last = path.split(".")
        owner: Any = event
        for name in names:
            owner = owner.get(name) if isinstance(owner, dict) else None
        if isinstance(owner, dict):
            owner.pop(last, None)
    return event


def heard(side: str, dialect: str, speaker: str) -> list[Json]:
    """What a side says, as it arrives at one who speaks `dialect`."""
    return [
        without(event, step.get("lost", []) if dialect != speaker else [])
        for step in STEPS
        if (event := said(step, side, dialect)) is not None
    ]


# --- the two ends ---------------------------------------------------------------------------------


@dataclass
class Server:
    """Says its part of the conversation, and keeps what it is told."""

    dialect: str
    events: list[Json] = field(default_factory=list)
    headers: Headers = field(default_factory=Headers)
    path: str = ""

    async def speak(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.headers, self.path = connection.request.headers, connection.request.path
        for step in STEPS:
            if said(step, "client", self.dialect) is not None:
                self.events.append(json.loads(await connection.recv()))
            if (event := said(step, "server", self.dialect)) is not None:
                await connection.send(json.dumps(event, ensure_ascii=False))


async def converse(python: Path, client: str, server: Server) -> tuple[list[Json], Running]:
    """What a client understood of a conversation."""
    steps = [
        said(step, "client", client)
        for step in STEPS
        if said(step, "client", client) or said(step, "server", client)
    ]
    async with between(server.speak, client, server.dialect) as running:
        process = await asyncio.create_subprocess_exec(
            *(python, "-I", HERE / "sdk_client.py", client, f"{running.url}/v1"),
            env=ENVIRONMENT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(30):
                out, errors = await process.communicate(json.dumps(steps).encode())
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, errors.decode() + running.log
    return [json.loads(line) for line in out.splitlines()], running


@pytest.mark.parametrize("server", DIALECTS)
@pytest.mark.parametrize("client", DIALECTS)
def test_the_sdk_speaks_through_the_proxy(
    client: str, server: str, sdk: Callable[[str], Path]
) -> None:
    told = Server(server)
    understood, running = asyncio.run(converse(sdk(client), client, told))

    assert told.events == heard("client", server, client)
    assert [one["event"] for one in understood] == heard("server", client, server)
    assert all(one["fits"] for one in understood)
    assert [fault for one in understood for fault in one["faults"]] == []

    assert told.path == PATH
    assert told.headers["Authorization"] == f"Bearer {KEY}"
    assert told.headers.get("OpenAI-Beta") == ("realtime=v1" if server == "beta" else None)
    assert ("$.session.temperature: dropped" in running.log) == (client != server)
