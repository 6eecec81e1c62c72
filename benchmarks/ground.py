"""What the measures stand on: the corpus, the peers' environment, and processes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from figures import SubjectError
from platformdirs import user_cache_path

UNWANTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
WEEK = 7 * 24 * 3600
REPOSITORY = Path(__file__).resolve().parents[1]
WORKERS = Path(__file__).resolve().parent / "workers"
REQUIREMENTS = ("attrs", "datamodel-code-generator", "openai", "orjson", "pydantic")
SNAPSHOT = "f85dbe2"  # the GA document that the payloads of the corpus were recorded against
SESSION = "RealtimeSessionCreateRequestGA"  # openai.types.realtime.RealtimeSessionCreateRequest
EVENT = "RealtimeServerEvent"


@dataclass(frozen=True)
class Corpus:
    """Real documents and payloads: openai/*.yaml and payloads/*.jsonl."""

    folder: Path

    @cached_property
    def document(self) -> Path:
        """The OpenAPI document of `SNAPSHOT`, the newest one."""
        found = sorted(self.folder.glob(f"openai/*-{SNAPSHOT}.yaml"))
        if not found:
            sys.exit(f"MODELGEN_CORPUS holds no openai/*-{SNAPSHOT}.yaml")
        return found[-1]

    @property
    def payloads(self) -> tuple[Path, ...]:
        return tuple(
            self.folder / "payloads" / f"{name}.jsonl" for name in ("wild", "spec_examples")
        )


def corpus() -> Corpus | None:
    """The corpus that MODELGEN_CORPUS names, if it is set."""
    folder = os.environ.get("MODELGEN_CORPUS")
    return Corpus(Path(folder).resolve()) if folder else None


@dataclass(frozen=True)
class Peers:
    """A throw-away environment with the peers in it; `python` is its interpreter."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    def command(self, name: str) -> str:
        return str(self.python.with_name(name))

    def versions(self) -> dict[str, str]:
        code = "import sys, importlib.metadata as m; [print(n, m.version(n)) for n in sys.argv[1:]]"
        text = output([str(self.python), "-c", code, *REQUIREMENTS])
        return dict(line.split() for line in text.splitlines())


def peers() -> Peers:
    """The environment with the peers of this week, in the user's cache folder."""
    wanted = "\n".join((sys.version, *REQUIREMENTS))
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:10]
    found = Peers(user_cache_path("modelgen-bench") / digest)
    ready = found.folder / "ready"
    if not ready.exists() or time.time() - ready.stat().st_mtime > WEEK:
        print(f"installing {', '.join(REQUIREMENTS)} into {found.folder}", file=sys.stderr)
        venv.create(found.folder, with_pip=True, clear=True)
        output([str(found.python), "-m", "pip", "install", "-q", *REQUIREMENTS])
        ready.touch()
    return found


def modelgen() -> list[str]:
    """The command under test, of the environment that runs the benchmark."""
    return [str(Path(sys.executable).with_name("modelgen"))]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every process here: byte code is kept, as it is for those who install us."""
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return {**inherited, **(more or {})}


def output(
    command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Standard output of a command; `SubjectError` with the first line of its complaint if it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment(env),
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise SubjectError(f"{Path(command[0]).name}: {error.strerror}") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
        last = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        raise SubjectError(f"{Path(command[0]).name} exited with {done.returncode}: {last}")
    return done.stdout


def seconds(
    command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> float:
    """Processor time of a whole process, which other programs on the machine disturb least."""
    start = os.times()
    output(command, cwd, env)
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system
