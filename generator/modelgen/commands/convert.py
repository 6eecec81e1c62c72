"""`modelgen convert`."""

from __future__ import annotations

from typing import Literal

import click

from ..convert.formats import FORMATS, renderer
from ..errors import Diagnostic, Location, SpecError
from ..project.cache import Cache
from ..project.jobs import configured
from . import DIFFERENCE, FAILURE, terminal


@click.command()
@click.argument("file", metavar="[FILE]", default="-")
@click.option("--to", "to", metavar="V", required=True, help="The variant to convert to.")
@click.option(
    "--from", "source", metavar="V", help="The variant to convert from.  [default: detected]"
)
@click.option("--family", metavar="F", help="What the payloads are.  [default: detected]")
@click.option(
    "--stream",
    "side",
    metavar="SIDE",
    help="The payloads are events in order, sent by SIDE of the map's streams.",
)
@click.option(
    "--session",
    metavar="PATH",
    help="The id of a session in events of a stream, as $.session.id: each has its own state.",
)
@click.option(
    "--undeclared",
    type=click.Choice(["keep", "drop"]),
    default="keep",
    help="What becomes of properties that no variant declares.  [default: keep]",
)
@click.option("--strict", is_flag=True, help="Exit 1 if anything was not just carried.")
@click.option("-o", "--output", metavar="FILE", help="Write the result to FILE.")
@click.option("--losses", metavar="FILE", help="Write every loss to FILE, as JSON Lines.")
@click.option(
    "--bad",
    metavar="FILE",
    help="Write lines that cannot be converted to FILE, as JSON Lines: number, fault and text.",
)
@click.option(
    "--report",
    "report_",
    type=click.Choice(tuple(FORMATS)),
    help="Print a report of what became of each field, in place of the result.",
)
def convert(
    file: str,
    to: str,
    source: str | None,
    family: str | None,
    side: str | None,
    session: str | None,
    undeclared: Literal["keep", "drop"],
    strict: bool,
    output: str | None,
    losses: str | None,
    bad: str | None,
    report_: str | None,
) -> int:
    """Convert payloads from one variant of an API to another.

    FILE, or standard input, is a JSON document (a payload, or an array of payloads) or JSON Lines, which are read
    and written one at a time. The result goes to standard output, what was lost to standard error. A name that ends in
    .gz is packed, and so is one in .zst where Python has zstd (3.14). Uses the generated package of the nearest
    pyproject.toml whose variants are reconciled; `python -m PACKAGE convert` does the same without the generator.

    With --report, standard output gets a report: how often each field was seen, carried, changed, lost or refused, where
    it went, and payloads before and after. The result is then written only with --output.

    Lines that cannot be converted are reported with their number, and the rest goes on: the exit code is 2 then.

    \b
    Examples:
        modelgen convert --to ga session.json
        modelgen convert --from ga --to beta --losses losses.jsonl <events.jsonl >beta.jsonl
        modelgen convert --from beta --to ga --stream server log.jsonl.gz -o ga.jsonl.gz
        modelgen convert --from beta --to ga --report html log.jsonl >report.html
    """
    from ..convert.coverage import Observer
    from ..convert.package import Converting, Request

    jobs = [job for job in configured(Cache()) if job.map]
    if not jobs:
        message = "No package has reconciled variants, so there is nothing to convert with."
        hint = "Add reconcile = …, the path of the map, to a package with variants."
        raise SpecError(Diagnostic("convert-package", message, Location("pyproject.toml"), hint))
    request = Request(
        to=to,
        file=file,
        source=source,
        family=family,
        side=side,
        session=session,
        undeclared=undeclared,
        output=output,
        losses=losses,
        bad=bad,
    )
    converting = Converting(jobs[0], request)
    observer = Observer(converting) if report_ else None
    with terminal.progress() as progress:
        tally = converting.run(progress, observer, prints=observer is None)
    if report_ and observer:
        observer.coverage.is_lines = tally.is_lines
        click.echo(renderer(report_)(observer.coverage), nl=False)
    terminal.complain(converting.faults(tally))
    terminal.tell(converting.summary(tally))
    if tally.broken_count:
        return FAILURE
    return DIFFERENCE if strict and tally.is_intolerable else 0
