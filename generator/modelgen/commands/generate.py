"""`modelgen generate` and `modelgen check`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..disk.manifest import content_of
from ..emit.renamed import SCHEMA_MAP, renamed
from ..emit.styles import DEFAULT_STYLE, STYLES
from ..errors import Location, SpecError
from ..project import cache, config
from ..project.cache import Cache
from ..project.jobs import Job, configured_if_any, of_package, to_generate
from . import DIFFERENCE, messages, options, terminal
from .documents import located, of_job

if TYPE_CHECKING:
    from ..loader import Documents
    from ..pipeline import Generated


@click.command()
@click.argument("inputs", metavar="[INPUT | PACKAGE...]", nargs=-1)
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
    inputs: tuple[str, ...],
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
    INPUT, everything in [tool.modelgen] of the nearest pyproject.toml is generated, or the PACKAGEs of it, and only
    --check and --allow-private-hosts apply.

    Files of an earlier run that are no longer generated are removed. Files that were not generated are never
    touched.

    \b
    Examples:
        modelgen generate openapi.yaml -o src --package my_models
        modelgen generate openapi.yaml --select 'Realtime*' --style attrs
        modelgen generate openapi.yaml --overlay mended.overlay.yaml
        modelgen generate my_models --check
    """
    records = Cache()
    packages = _packages(inputs, records)
    if packages is not None:
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
        return _run(packages, check, allow_private_hosts, records)
    name = "models" if package is None else package
    options.check_name(name)
    settings = config.Package(
        name=name,
        input=inputs[0],
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
@click.argument("packages", metavar="[PACKAGE]...", nargs=-1)
@options.allow_private_hosts("Fetch an https input from a private address too.")
def check(packages: tuple[str, ...], allow_private_hosts: bool) -> int:
    """Compare what is in [tool.modelgen], or the PACKAGEs of it, with what is on disk.

    Writes nothing. Prints a unified diff of what `modelgen generate` would change, and exits 1 if there is
    any; `modelgen check | patch -p1` applies it in the folder of pyproject.toml, and from one below it
    `modelgen check | patch -p1 -d FOLDER`.

    \b
    Example, as a step of a CI job:
        modelgen check
    """
    records = Cache()
    return _run(_named(packages, records), True, allow_private_hosts, records)


def _packages(inputs: Sequence[str], records: Cache) -> Iterable[Job] | None:
    """What to generate of the configuration; None if a document is named instead."""
    if not inputs:
        return to_generate(records)
    if len(inputs) == 1 and (os.path.isfile(inputs[0]) or not inputs[0].isidentifier()):
        return None
    if len(inputs) > 1 or inputs[0] in {job.package.name for job in configured_if_any(records)}:
        return _named(inputs, records)
    return None


def _named(names: Sequence[str], records: Cache) -> Sequence[Job]:
    """The configured packages of these names, or all."""
    jobs = tuple(to_generate(records))
    known = [job.package.name for job in jobs]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}."
            message = f"No package is called {name}"
            raise click.UsageError(f"{message}; {hint[0].lower()}{hint[1:]}")
    return [job for job in jobs if not names or job.package.name in names]


def generated(job: Job, private: bool) -> tuple[tuple[Documents, ...], Generated]:
    """What a job's documents are, and what they give."""
    with terminal.progress() as progress:
        documents = of_job(job, private, progress)
        from ..loader import load_data
        from ..pipeline import generate

        map_ = load_data(job.map) if job.map else None
        with located(*documents), _selecting(job, documents):
            package = generate(documents, job.package, progress, map_)
    for unused in package.unused:
        at = job.at(unused.part, *unused.keys) or Location(job.sources[0])
        terminal.complain(messages.warning(at, unused.message, terminal.paint))
    return documents, package


@contextmanager
def _selecting(job: Job, documents: Sequence[Documents]) -> Iterator[None]:
    """A selection of nothing is told where the configuration makes it."""
    try:
        yield
    except SpecError as error:
        parts = {
            read.root.source: part
            for read, part in zip(documents, job.package.parts, strict=True)
            if part.select
        }
        raise SpecError(
            (
                replace(item, at=at, related=(item.at, *item.related))
                if item.code == "nothing-selected"
                and (part := parts.get(item.at.source))
                and (at := job.at(part.name, "select"))
                else item
            )
            for item in error.diagnostics
        ) from error


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
    names = _renamed(job, package)
    changes = package.files.write(job.folder)
    if job.is_local and not package.unused:
        read = [document for part in documents for document in part.loaded]
        read += [package.map] if package.map else []
        hashes = {str(Path(document.source).resolve()): document.sha256 for document in read}
        cache.remember(
            records, job.package, job.sources, job.folder, hashes, package.files, package.counts
        )
    terminal.tell(messages.summary(job.folder.as_posix(), job.sources, package.counts, changes))
    terminal.tell(names)
    return True


def _is_current(job: Job, private: bool) -> bool:
    _, package = generated(job, private)
    changes = package.files.compare(job.folder)
    terminal.tell(messages.summary(job.folder.as_posix(), job.sources, package.counts, changes))
    if not changes:
        return True
    for line in package.files.unified_diff(job.folder, job.label):
        click.echo(line, nl=False)
    terminal.tell(_renamed(job, package))
    terminal.tell(messages.out_of_date(job.folder.as_posix(), job.sources, job.is_local))
    return False


def _renamed(job: Job, package: Generated) -> str:
    """What is called otherwise than it is on disk now, and the line that keeps the old name."""
    lines = []
    for path, text in package.files.items():
        if path.rpartition("/")[2] == SCHEMA_MAP and (old := content_of(job.folder, path)):
            part = path.rpartition("/")[0]
            table = f"[tool.modelgen.packages.{job.package.name}.{f'variants.{part}.' if part else ''}names]"
            found = renamed(old.decode(errors="replace"), text)
            lines += [messages.renamed(one, table) for one in found]
    return "".join(lines)
