"""`modelgen inspect`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..project.cache import Cache
from ..project.config import Package
from ..project.jobs import of_source
from . import options, terminal
from .documents import load, located
from .inspection_reports import FORMATS


@click.command()
@click.argument("input_", metavar="INPUT")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@options.select()
@options.operations()
@options.overlay()
@options.format_(FORMATS)
@options.allow_ref_root()
@options.allow_ref_host()
@options.allow_private_hosts()
def inspect(
    input_: str,
    names: tuple[str, ...],
    select: tuple[str, ...],
    operations: tuple[str, ...],
    overlay: tuple[str, ...],
    format_: str,
    allow_ref_root: tuple[str, ...],
    allow_ref_host: tuple[str, ...],
    allow_private_hosts: bool,
) -> None:
    """Show what was understood of a document, and the anomalies in it.

    With NAMEs (or globs), shows where those schemas are written and the anomalies inside them. Where
    pyproject.toml generates a package from the same INPUT, the names, rules and overlays configured there are used.

    \b
    Examples:
        modelgen inspect openapi.yaml
        modelgen inspect openapi.yaml Session 'Realtime*'
        modelgen inspect openapi.yaml --format json
    """
    from . import inspection

    roots = tuple(Path(root) for root in allow_ref_root)
    hosts = allow_ref_host
    configured_for = of_source(input_, Cache())
    if configured_for is None:
        package = Package(name="models", input=input_)
    else:
        job, part = configured_for
        package, roots = job.package.alone(part), (*job.ref_roots, *roots)
        hosts = (*package.ref_hosts, *hosts)
    with terminal.progress() as progress:
        progress(f"reading {input_}")
        documents = load(input_, roots, hosts, allow_private_hosts, overlay)
        with located(documents):
            package = replace(
                package,
                select=select or package.select,
                operations=operations or package.operations,
            )
            whole = inspection.inspect(documents, package)
    result = whole.narrowed(names, input_) if names else whole
    click.echo(FORMATS[format_](result), nl=False)
