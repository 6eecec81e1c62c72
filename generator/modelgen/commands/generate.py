"""`modelgen generate` and `modelgen check`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..emit.styles import DEFAULT_STYLE, STYLES
from ..project import cache, config
from ..project.cache import Cache
from ..project.jobs import Job, configured, of_package
from . import DIFFERENCE, messages, options, terminal
from .documents import located, of_job

if TYPE_CHECKING:
    from ..loader import Documents
    from ..pipeline import Generated


@click.command()
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option(
    "-o", "--output", metavar="DIR", help="The folder that will hold NAME/.  [default: .]"
)
@click.option("--package", metavar="NAME", help="The package's import name.  [default: models]")
@click.option(
    "--style",
    type=click.Choice(list(STYLES)),
    help=f"What the classes are.  [default: {DEFAULT_STYLE}]",
)
@options.select()
@options.operations()
@options.overlay()
@click.option(
    "--check", is_flag=True, help="Write nothing; print what would change, exit 1 if any."
)
@click.option(
    "--deny",
    metavar="CODE",
    multiple=True,
    help="Anomalies of this code are errors. May be repeated.",
)
@options.allow_ref_root("A further folder that a $ref may point into. May be repeated.")
@options.allow_ref_host("A host whose https URLs a $ref may name. May be repeated.")
@options.allow_private_hosts("Fetch what is at https from a private address too.")
def generate(
    input_: str | None,
    output: str | None,
    package: str | None,
    style: str | None,
    select: tuple[str, ...],
    operations: tuple[str, ...],
    overlay: tuple[str, ...],
    check: bool,
    deny: tuple[str, ...],
    allow_ref_root: tuple[str, ...],
    allow_ref_host: tuple[str, ...],
    allow_private_hosts: bool,
) -> int:
    """Write the models package of an OpenAPI document.

    INPUT is a path, - for standard input, an https URL, or REV:path in the current git repository. Without
    INPUT, everything in [tool.modelgen] of the nearest pyproject.toml is generated, and only --check and
    --allow-private-hosts apply.

    Files of an earlier run that are no longer generated are removed. Files that were not generated are never
    touched.

    \b
    Examples:
        modelgen generate openapi.yaml -o src --package my_models
        modelgen generate openapi.yaml --select 'Realtime*' --style attrs
        modelgen generate openapi.yaml --overlay mended.overlay.yaml
        modelgen generate --check
    """
    records = Cache()
    if input_ is None:
        given = {
            "-o": output,
            "--package": package,
            "--style": style,
            "--select": select,
            "--operations": operations,
            "--overlay": overlay,
            "--deny": deny,
            "--allow-ref-root": allow_ref_root,
            "--allow-ref-host": allow_ref_host,
        }
        for option, value in given.items():
            if value:
                raise click.UsageError(f"{option} needs INPUT; without it, pyproject.toml decides")
        return _run(configured(records), check, allow_private_hosts, records)
    name = "models" if package is None else package
    options.check_name(name)
    settings = config.Package(
        name=name,
        input=input_,
        output=output or ".",
        style=style or DEFAULT_STYLE,
        select=select,
        operations=operations or None,
        overlays=overlay,
        ref_roots=allow_ref_root,
        ref_hosts=allow_ref_host,
        deny=deny,
    )
    return _run((of_package(settings, Path()),), check, allow_private_hosts, records)


@click.command()
@options.allow_private_hosts("Fetch an https input from a private address too.")
def check(allow_private_hosts: bool) -> int:
    """Compare everything in [tool.modelgen] with what is on disk.

    Writes nothing. Prints a unified diff of what `modelgen generate` would change, and exits 1 if there is
    any; `modelgen check | patch -p1` applies it.

    \b
    Example, as a step of a CI job:
        modelgen check
    """
    records = Cache()
    return _run(configured(records), True, allow_private_hosts, records)


def generated(job: Job, private: bool) -> tuple[tuple[Documents, ...], Generated]:
    """What a job's documents are, and what they give."""
    with terminal.progress() as progress:
        documents = of_job(job, private, progress)
        from ..loader import load_data
        from ..pipeline import generate

        map_ = load_data(job.map) if job.map else None
        with located(*documents):
            return documents, generate(documents, job.package, progress, map_)


def _run(jobs: Iterable[Job], check: bool, private: bool, records: Cache) -> int:
    are_current = [
        _is_current(job, private) if check else _write(job, private, records) for job in jobs
    ]
    return 0 if all(are_current) else DIFFERENCE


def _write(job: Job, private: bool, records: Cache) -> bool:
    if job.is_local and (counts := cache.remembered(records, job.package, job.sources, job.folder)):
        terminal.tell(messages.summary(job.folder.as_posix(), job.sources, counts, None))
        return True
    documents, package = generated(job, private)
    changes = package.files.write(job.folder)
    if job.is_local:
        read = [document for part in documents for document in part.loaded]
        read += [package.map] if package.map else []
        hashes = {str(Path(document.source).resolve()): document.sha256 for document in read}
        cache.remember(
            records, job.package, job.sources, job.folder, hashes, package.files, package.counts
        )
    terminal.tell(messages.summary(job.folder.as_posix(), job.sources, package.counts, changes))
    return True


def _is_current(job: Job, private: bool) -> bool:
    _, package = generated(job, private)
    changes = package.files.compare(job.folder)
    terminal.tell(messages.summary(job.folder.as_posix(), job.sources, package.counts, changes))
    if not changes:
        return True
    for line in package.files.unified_diff(job.folder):
        click.echo(line, nl=False)
    terminal.tell(messages.out_of_date(job.folder.as_posix(), job.sources, job.is_local))
    return False
