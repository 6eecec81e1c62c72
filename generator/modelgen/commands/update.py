"""`modelgen update`."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..project.cache import Cache
from ..project.jobs import configuration
from . import DIFFERENCE, messages, options, terminal

if TYPE_CHECKING:
    from ..update.pull_request import PullRequest


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@options.output_file()
@options.allow_private_hosts("Fetch an https URL from a private address too.")
def update(name: str | None, output: str | None, allow_private_hosts: bool) -> int:
    """Bring packages up to what upstream publishes now, and write the text of a pull request.

    Fetches the source NAME, or all of them; says what changed in the facts, for whom it breaks, and whether they are
    the same variant that moved on or another one; takes out of overlays what has no target any more; drafts the entries
    of the map; generates; writes the changelog; and tries whether all of it holds. What somebody has to decide is on
    top of the text, and where a decision is missing, `modelgen check` says so until it is there.

    If nothing changed, nothing is written. If something is wrong with what upstream publishes, everything is as it was.

    \b
    Exit codes: 0 nothing is left to decide, 1 something is, 2 it could not be done.

    \b
    Example:
        modelgen update -o build/pull-request.md
    """
    from ..update import steps
    from ..update.pull_request import text

    settings = configuration(Cache())
    if output is not None:
        with suppress(FileNotFoundError):  # of an earlier run
            Path(output).unlink()
    with terminal.progress() as progress:
        today = datetime.now(UTC).date()
        request = steps.update(
            settings, name, allow_private_hosts, today, progress, messages.drafts
        )
    if request is None:
        terminal.tell("nothing changed upstream\n")
        return 0
    terminal.put(text(request), output)
    terminal.tell(_summary(request))
    return DIFFERENCE if request.decisions else 0


def _summary(request: PullRequest) -> str:
    left = messages.counted(request.count, "decision")
    return f"{request.title}: {left} to make\n"
