"""`modelgen history`."""

from __future__ import annotations

from pathlib import Path

import click

from ..history.formats import FORMATS
from ..project.cache import Cache
from ..project.jobs import diff_settings
from . import options, terminal
from .documents import decisions, is_beside, load, located, package_of


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@options.select(" in some version")
@options.format_(FORMATS)
@click.option("--sent", metavar="GLOB", multiple=True, help="See `modelgen diff`.")
@click.option("--received", metavar="GLOB", multiple=True, help="See `modelgen diff`.")
@options.output_file()
@options.allow_ref_root()
@options.allow_ref_host()
@options.allow_private_hosts()
def history(
    inputs: tuple[str, ...],
    select: tuple[str, ...],
    format_: str,
    sent: tuple[str, ...],
    received: tuple[str, ...],
    output: str | None,
    allow_ref_root: tuple[str, ...],
    allow_ref_host: tuple[str, ...],
    allow_private_hosts: bool,
) -> None:
    """Show which property exists in which version of a document, and what it was there.

    INPUT... are the versions, the oldest first: the order is that of the arguments. A property that was renamed or
    moved from one version to the next stays in its row. So does one that was gone for a while. [tool.modelgen.diff] of
    pyproject.toml holds here too.

    \b
    Examples:
        modelgen history v1.yaml v2.yaml v3.yaml
        modelgen history HEAD~9:openapi.yaml HEAD:openapi.yaml openapi.yaml --select 'Session*'
        modelgen history specs/*.yaml --format html -o history.html
    """
    from datetime import date

    from ..history.run import Input, text, trace

    if inputs.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    roots = tuple(Path(root) for root in allow_ref_root)
    settings = diff_settings(Cache())
    with terminal.progress() as progress:
        versions = []
        for source in inputs:
            if is_beside(source):
                terminal.tell(
                    f"{source}: a map or an overlay; it is used with the documents it is for\n"
                )
                continue
            progress(f"reading {source}")
            documents = load(source, roots, allow_ref_host, allow_private_hosts)
            package = package_of(source)
            versions.append(Input(source=source, documents=documents, package=package))
        if not versions:
            raise click.UsageError("none of the inputs is a document")
        progress("comparing")
        with located(*(version.documents for version in versions)):
            decided = decisions(allow_private_hosts)
            traced = trace(versions, select, sent, received, settings, decided, date.today())
    terminal.put(text(traced, format_), output)
