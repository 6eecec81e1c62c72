"""`modelgen fetch`."""

from __future__ import annotations

import click

from ..project.cache import Cache
from ..project.jobs import configuration
from . import messages, options, terminal


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--locked",
    is_flag=True,
    help="Fetch nothing; exit 2 unless the documents are those of modelgen.lock.",
)
@options.allow_private_hosts("Fetch an https URL from a private address too.")
def fetch(name: str | None, locked: bool, allow_private_hosts: bool) -> None:
    """Bring the documents of [tool.modelgen.sources] up to date.

    Brings the source NAME, or all of them, from an https URL, a path or REV:path, keeps each at its path, or what the
    configuration takes of it, and records in modelgen.lock, beside pyproject.toml, what was brought. A document that did
    not change is not sent again. What is not an OpenAPI document, or is older than what is in use, is not kept; if
    anything fails, everything is as it was.

    \b
    Examples:
        modelgen fetch
        modelgen fetch --locked
    """
    from datetime import UTC, datetime

    from ..project import fetch as sources

    settings = configuration(Cache())
    if locked:
        brought = sources.verify(settings, name)
    else:
        with terminal.progress() as progress:
            today = datetime.now(UTC).date()
            brought = sources.fetch(settings, name, allow_private_hosts, today, progress)
    for item in brought:
        terminal.tell(messages.fetched(item))
