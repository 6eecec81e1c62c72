"""The models package as its users have it: built from what is committed, and installed into an empty environment."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from modelgen.disk.files import Files
from modelgen.disk.manifest import read_manifest
from modelgen.project import config, wheel
from modelgen.project.jobs import of_package

ROOT = Path(__file__).parents[1]
GENERATED = ROOT / "generated" / "realtime_models"
WHEEL = "realtime_models-2026.8.21.0-py3-none-any.whl"


def generated_files() -> Files:
    """What `generated/` holds, whether or not it is up to date."""
    return Files(
        {path: (GENERATED / path).read_bytes().decode() for path in read_manifest(GENERATED)}
    )


def build_realtime_models(output: Path) -> None:
    (package,) = config.load(ROOT / "pyproject.toml").packages
    wheel.build(of_package(package, ROOT), ROOT / "pyproject.toml", generated_files(), output, 0)


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment that holds the models package and nothing else, not even pip."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def run(self, *arguments: str | Path) -> str:
        """What Python prints, run without anything of the user's and away from this repository."""
        done = subprocess.run(
            [self.python, "-I", *arguments],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def create(folder: Path) -> Environment:
    """Build the wheel and install it into a new environment."""
    build_realtime_models(folder / "dist")
    environment = Environment(folder / "venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment.folder], check=True)
    install = ["install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
    subprocess.run([*pip, environment.python, *install, folder / "dist" / WHEEL], check=True)
    return environment
