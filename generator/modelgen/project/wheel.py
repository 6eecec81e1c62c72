"""A generated package -> its wheel and sdist, of the same bytes for the same files.

A source tree is laid out in a temporary folder and given to hatchling, as `python -m build` would. Times inside the
archives come from the version, never from the clock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from typing import Any

from ..disk.files import Files
from ..emit.styles import STYLES
from ..errors import Diagnostic, Location, SpecError
from .config import Distribution
from .inside import inside
from .jobs import Job
from .sbom import SBOM, pins_by_document, sbom

PROVENANCE = "provenance.json"
BACKEND = "hatchling>=1.28"
METADATA_VERSION = "2.4"  # else the backend's newest, which indexes and installers may not know yet
TOOLS = ("build", "hatchling", "pyproject_hooks", "tomli_w")
EXTRAS = {
    **{name: list(style.requires) for name, style in STYLES.items() if style.requires},
    "orjson": ["orjson>=3.10"],
}
NO_DATE = datetime(2020, 2, 2, tzinfo=UTC)  # for a version that is none; the backend's own choice
CLASSIFIERS = ("Programming Language :: Python :: 3 :: Only", "Typing :: Typed")


@dataclass(frozen=True, slots=True)
class Version:
    """`numbers` are those of the newest document's version, then the build number. `date` is what archives say."""

    numbers: tuple[int, ...]
    date: datetime

    def __str__(self) -> str:
        return ".".join(str(number) for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Archive:
    path: Path
    sha256: str


def build(
    job: Job, pyproject: Path, files: Files, output: Path, number: int
) -> tuple[Archive, ...]:
    """Write the sdist and the wheel of a package's files to `output`. Its distribution's paths are relative to the
    folder of `pyproject`. Raises SpecError."""
    distribution = job.package.distribution
    assert distribution is not None, "the caller looks for packages that have one"
    _check_tools()
    maps = [
        json.loads(files[Path(part.name, "schema_map.json").as_posix()])
        for part in job.package.parts
    ]
    version = newest([each["version"] for each in maps], job.sources, number)
    with TemporaryDirectory() as folder:
        tree = Path(folder)
        _lay_out(tree, job, distribution, pyproject, version)
        pins = pins_by_document(pyproject)
        _write(tree / SBOM, sbom(distribution, str(version), maps, pins).encode())
        package = tree / job.package.name
        for path, text in {**files, PROVENANCE: _provenance(job, version, maps)}.items():
            _write(package / path, text.encode())
        return _run(tree, output, version)


def newest(versions: Sequence[str], sources: Sequence[str], number: int) -> Version:
    """The version of a package, from those of its documents: `2026-08-21` gives 2026.8.21.N."""
    versions_and_dates = []
    for text, source in zip(versions, sources, strict=True):
        if not re.fullmatch(r"\d+([.-]\d+)*", text, re.ASCII):
            message = f'The version "{text}" gives no version of a distribution.'
            hint = "It takes a date, as 2026-08-21, or numbers, as 1.4.0."
            raise SpecError(
                Diagnostic("build-version", message, Location(source, "/info/version"), hint)
            )
        numbers = tuple(int(part) for part in re.split("[.-]", text))
        date = NO_DATE
        with suppress(ValueError):
            date = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        versions_and_dates.append((numbers, date))
    numbers, date = max(versions_and_dates, key=lambda item: item[0])
    return Version((*numbers, number), date)


def _check_tools() -> None:
    missing = [tool for tool in TOOLS if find_spec(tool) is None]
    if missing:
        message = f"What builds a wheel is not installed: {', '.join(missing)}."
        hint = "Run pip install 'openapi-modelgen[build]'."
        raise SpecError(Diagnostic("build-tools-missing", message, Location("modelgen"), hint))


# --- the source tree ------------------------------------------------------------------------------


def _lay_out(
    tree: Path, job: Job, distribution: Distribution, pyproject: Path, version: Version
) -> None:
    """Everything that stands beside the package."""
    import tomli_w

    project: dict[str, Any] = {
        "name": distribution.name,
        "version": str(version),
        "description": distribution.description,
        "requires-python": ">=3.11",
        "classifiers": CLASSIFIERS,
        "dependencies": list(STYLES[job.package.style].requires),
        "optional-dependencies": EXTRAS,
    }
    if distribution.license:
        project["license"] = distribution.license
    if distribution.urls:
        project["urls"] = distribution.urls
    project["license-files"] = distribution.license_files
    for path in distribution.license_files:
        _write(tree / path, inside(pyproject, path, "license-files").read_bytes())
    if distribution.readme:
        project["readme"] = f"README{Path(distribution.readme).suffix}"
        readme = inside(pyproject, distribution.readme, "readme")
        _write(tree / project["readme"], readme.read_bytes())
    metadata = {"core-metadata-version": METADATA_VERSION}
    wheel = {**metadata, "packages": [job.package.name], "sbom-files": [SBOM]}
    targets = {"sdist": metadata, "wheel": wheel}
    table = {
        "build-system": {"requires": [BACKEND], "build-backend": "hatchling.build"},
        "project": project,
        "tool": {"hatch": {"build": {"ignore-vcs": True, "targets": targets}}},
    }
    for wall in (".git", ".hg"):  # the backend looks for ignore files in the folders above
        (tree / wall).mkdir()
    _write(tree / "pyproject.toml", tomli_w.dumps(table).encode())


def _provenance(job: Job, version: Version, maps: Sequence[Mapping[str, Any]]) -> str:
    """What the package was made from, as JSON."""
    record = {
        "distribution": job.package.distribution and job.package.distribution.name,
        "version": str(version),
        "generator": maps[0]["generator"],
        "sources": [
            {
                "variant": part.name or None,
                "title": schema_map["title"],
                "version": schema_map["version"],
                "documents": schema_map["documents"],
            }
            for part, schema_map in zip(job.package.parts, maps, strict=True)
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


# --- the backend ----------------------------------------------------------------------------------


def _run(tree: Path, output: Path, version: Version) -> tuple[Archive, ...]:
    """Let the backend build the tree, then move both archives to where they are wanted."""
    from build import BuildBackendException, BuildException, ProjectBuilder
    from pyproject_hooks import quiet_subprocess_runner

    clock = {"SOURCE_DATE_EPOCH": f"{version.date.timestamp():.0f}"}

    def run(
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        quiet_subprocess_runner(cmd, cwd, {**(extra_environ or {}), **clock})

    builder = ProjectBuilder(tree, sys.executable, run)
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".modelgen-", dir=output) as folder:
        try:
            built = [Path(builder.build(kind, folder)) for kind in ("sdist", "wheel")]
        except (BuildException, BuildBackendException) as error:
            message = f"The build backend failed: {_reason(error)}."
            at = Location("pyproject.toml")
            raise SpecError(Diagnostic("build-failed", message, at)) from error
        return tuple(_placed(path, output) for path in built)


def _placed(path: Path, output: Path) -> Archive:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    target = output / path.name
    os.replace(path, target)
    return Archive(target, digest)


def _reason(error: Exception) -> str:
    """The last line that the backend wrote, which names its exception."""
    cause = getattr(error, "exception", error)
    output = cause.output if isinstance(cause, CalledProcessError) else str(error)
    text = output.decode(errors="replace") if isinstance(output, bytes) else str(output)
    lines = text.strip().splitlines()
    return lines[-1].rstrip(".") if lines else type(error).__name__
