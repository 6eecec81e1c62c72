"""What the commands that look at code have in common: two packages, and what became of the names of the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, Location, SpecError
from ..project import config
from ..project.cache import Cache
from ..project.jobs import Job, configured, of_source
from .documents import decisions, load, located, reconciled

if TYPE_CHECKING:
    from ..code.comparison import Compared
    from ..code.look import Looked

_Progress = Callable[[str], None]


def between(
    old: str,
    new: str,
    package: str | None,
    folder: Path,
    roots: Sequence[Path],
    private: bool,
    progress: _Progress,
    hosts: Sequence[str] = (),
    overlays: Sequence[str] = (),
) -> Compared:
    """What became of the names of the package of one document in that of another. Raises SpecError."""
    known = [of_source(source, Cache()) for source in (old, new)]
    if known[0] and known[1] and known[0] != known[1] and known[0][0].map:
        job = known[0][0]
        if job == known[1][0]:
            names = known[0][1].name, known[1][1].name
            return of_variants(job, *names, folder, private, progress)
    from ..code.comparison import Version, by_comparison
    from ..code.look import root_in

    chosen = known[1] or known[0]
    versions = []
    for source, found in zip((old, new), known, strict=True):
        settings, name = _settings(source, found or chosen, package)
        progress(f"reading {source}")
        top, _, rest = name.partition(".")
        root = root_in(folder, top) + (f".{rest}" if rest else "")
        versions.append(Version(load(source, roots, hosts, private, overlays), settings, root))
    progress("comparing")
    with located(*(one.documents for one in versions)):
        return by_comparison(versions[0], versions[1], decisions(private)(old, new))


def _settings(
    source: str, found: tuple[Job, config.Part] | None, package: str | None
) -> tuple[config.Package, str]:
    """How a document becomes Python, and the import name of its package."""
    if found is None:
        name = package or "models"
        return config.Package(name=name.rpartition(".")[2], input=source), name
    job, part = found
    name = package or job.package.name
    if part.name:
        name = f"{name}.{part.name}"
    return replace(job.package.alone(part), input=source), name


def of_variants(
    job: Job, old: str, new: str, folder: Path, private: bool, progress: _Progress
) -> Compared:
    """What became of the names of one variant of a package in another, by its map. Raises SpecError."""
    from ..code.comparison import Version, by_map
    from ..code.look import root_in

    resolution, undecided = reconciled(job, private, progress)
    if undecided:
        raise SpecError(undecided)
    root = root_in(folder, job.package.name)
    versions = []
    for name in (old, new):
        parts = [part.name for part in job.package.variants]
        source = job.sources[parts.index(name)]
        settings = job.package.alone(job.package.variants[parts.index(name)])
        versions.append(
            Version(load(source, job.ref_roots, (), private), settings, f"{root}.{name}")
        )
    progress("comparing")
    with located(*(one.documents for one in versions)):
        return by_map(versions[0], versions[1], (old, new), resolution)


def job_of_variants(package: str | None, *variants: str) -> Job:
    """The configured package that has a map and these variants. Raises SpecError."""
    jobs = [job for job in configured(Cache()) if job.map and package in (None, job.package.name)]
    for job in jobs:
        if set(variants) <= {part.name for part in job.package.variants}:
            return job
    names = sorted({part.name for job in jobs for part in job.package.variants})
    raise SpecError(
        Diagnostic(
            "code-no-variant",
            f"No package with a map has the variants {' and '.join(variants)}.",
            Location("pyproject.toml"),
            f"There are {', '.join(names)}." if names else "Only a package with a map knows them.",
        )
    )


def look(folder: Path, compared: Compared, progress: _Progress) -> Looked:
    """What code below a folder uses of them. Raises SpecError."""
    from ..code.look import look as look_at

    progress(f"looking at {folder}")
    return look_at(folder, compared.fates, compared.files)
