"""`modelgen convert`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import IO, Literal

import click

from ..errors import Diagnostic, Location, SpecError
from ..project.cache import Cache
from ..project.jobs import configured
from . import DIFFERENCE, FAILURE, messages, terminal


@click.command()
@click.argument("file", metavar="[FILE]", default="-")
@click.option("--to", "to", metavar="V", required=True, help="The variant to convert to.")
@click.option(
    "--from",
    "source",
    metavar="V",
    default="",
    help="The variant to convert from.  [default: detected]",
)
@click.option(
    "--family", metavar="F", default="", help="What the payloads are.  [default: detected]"
)
@click.option(
    "--stream",
    "side",
    metavar="SIDE",
    default="",
    help="The payloads are events in order, sent by SIDE of the map's streams.",
)
@click.option(
    "--undeclared",
    type=click.Choice(["keep", "drop"]),
    default="keep",
    help="What becomes of properties that no variant declares.  [default: keep]",
)
@click.option("--strict", is_flag=True, help="Exit 1 if anything was not just carried.")
@click.option(
    "--report",
    "report_",
    metavar="FILE",
    help="Write every loss to FILE, as JSON Lines.",
)
def convert(
    file: str,
    to: str,
    source: str,
    family: str,
    side: str,
    undeclared: Literal["keep", "drop"],
    strict: bool,
    report_: str | None,
) -> int:
    """Convert payloads from one variant of an API to another.

    FILE, or standard input, is a JSON document (a payload, or an array of payloads) or JSON Lines, which are read
    and written one at a time; a name that ends in .gz is unpacked. The result goes to standard output, what was lost to standard error. Uses the
    generated package of the nearest pyproject.toml whose variants are reconciled.

    Lines that cannot be converted are reported with their number, and the rest goes on: the exit code is 2 then.

    \b
    Examples:
        modelgen convert --to ga session.json
        modelgen convert --from ga --to beta --report losses.jsonl <events.jsonl >beta.jsonl
        modelgen convert --from beta --to ga --stream server log.jsonl.gz
    """
    from .. import convert as converting

    jobs = [job for job in configured(Cache()) if job.map]
    if not jobs:
        message = "No package has reconciled variants, so there is nothing to convert with."
        hint = "Add reconcile = …, the path of the map, to a package with variants."
        raise SpecError(Diagnostic("convert-package", message, Location("pyproject.toml"), hint))
    request = converting.Request(to, source, family, side, undeclared)
    module = converting.package(jobs[0])
    with ExitStack() as stack:
        losses = stack.enter_context(open(report_, "w", encoding="utf-8")) if report_ else None
        text: IO[bytes] = (
            sys.stdin.buffer if file == "-" else stack.enter_context(converting.opened(file))
        )
        progress = stack.enter_context(terminal.progress())
        converter = converting.Converter(module, request, losses)
        lines = converting.run(converter, text, file, sys.stdout.buffer, progress)
    tally = converter.tally
    terminal.tell(messages.conversion(tally, to, lines))
    if tally.broken_count:
        return FAILURE
    return DIFFERENCE if strict and tally.is_intolerable else 0
