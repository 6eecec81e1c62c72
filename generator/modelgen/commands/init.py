"""`modelgen init`."""

from __future__ import annotations

from pathlib import Path

import click

from ..project import config
from ..project.jobs import from_here
from . import messages, options, terminal
from .documents import load


@click.command()
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option(
    "--package",
    metavar="NAME",
    default="models",
    show_default=True,
    help="The package's import name.",
)
@options.allow_private_hosts()
def init(input_: str | None, package: str, allow_private_hosts: bool) -> None:
    """Write a starting configuration for an OpenAPI document.

    Adds a [tool.modelgen] table to the nearest pyproject.toml, or writes one here, and says what to do next.
    INPUT is a path, an https URL, or REV:path; without it, the openapi.yaml, openapi.yml or openapi.json here.

    \b
    Examples:
        modelgen init openapi.yaml --package my_models
        modelgen init https://example.com/openapi.yaml
    """
    from ..project import init as starter

    options.check_name(package)
    if input_ == "-":
        raise click.UsageError("standard input cannot be configured; give a file")
    source = starter.find_document(Path()).as_posix() if input_ is None else input_
    nearest = config.find(Path.cwd())
    path = Path(from_here(nearest.parent, nearest.name)) if nearest else Path("pyproject.toml")
    old = starter.read(path, package, source)
    with terminal.progress() as progress:
        progress(f"reading {source}")
        document = load(source, (), (), allow_private_hosts).root
    terminal.tell(messages.started(starter.write(path, old, package, source, document.data)))
