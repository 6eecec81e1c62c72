"""`modelgen build`."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import Diagnostic, Location, SpecError
from ..project.cache import Cache
from ..project.checks import no_packages
from ..project.config import key_at
from ..project.jobs import Job, configuration, from_here, of_package
from . import options, terminal
from .documents import located
from .generate import generated


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Where to put them.  [default: dist beside pyproject.toml]",
)
@click.option(
    "--build",
    "number",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The last number of the version, for another package of the same documents.",
)
@options.allow_private_hosts("Fetch an https input from a private address too.")
def build(output: str | None, number: int, allow_private_hosts: bool) -> None:
    """Build a wheel and an sdist of each package that has a [distribution] table.

    The version is that of the newest document and the build number: 2026-08-21 gives 2026.8.21.0. The same
    files give the same bytes, at any time and in any folder. What is on disk must be what `modelgen generate` would
    write. Prints a line for each archive, as sha256sum does.

    \b
    Examples:
        modelgen build
        modelgen build -o /tmp/wheels --build 1
    """
    settings = configuration(Cache())
    base = settings.path.parent
    if not settings.packages:
        raise SpecError(no_packages(key_at(settings.path)))
    jobs = [of_package(package, base) for package in settings.packages if package.distribution]
    if not jobs:
        message = "No package has a [distribution] table, so there is nothing to build."
        hint = (
            f"Add [tool.modelgen.packages.{settings.packages[0].name}.distribution] "
            "with name and description."
        )
        raise SpecError(Diagnostic("build-nothing", message, Location(str(settings.path)), hint))
    folder = Path(output or from_here(base, "dist"))
    for job in jobs:
        _build(job, settings.path, folder, number, allow_private_hosts)


def _build(job: Job, pyproject: Path, folder: Path, number: int, private: bool) -> None:
    documents, package = generated(job, private)
    if package.files.compare(job.folder):
        message = "The package is not what its documents say."
        hint = "Run modelgen generate; modelgen check shows the difference."
        raise SpecError(Diagnostic("build-out-of-date", message, Location(str(job.folder)), hint))
    from ..project import wheel

    with terminal.progress() as progress, located(*documents):
        progress(f"building {job.package.name}")
        archives = wheel.build(job, pyproject, package.files, folder, number)
    for archive in archives:
        click.echo(f"{archive.sha256}  {archive.path.as_posix()}")
