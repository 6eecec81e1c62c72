"""`modelgen reconcile`."""

from __future__ import annotations

import click

from ..errors import Diagnostic, Location, SpecError
from ..project.cache import Cache
from ..project.jobs import Job, configured
from . import DIFFERENCE, messages, options, terminal
from .documents import located, of_job, reconciled


@click.command()
@click.option(
    "--suggest", is_flag=True, help="Draft entries for what is undecided, best guess first."
)
@click.option(
    "--prove",
    "proves",
    is_flag=True,
    help="Hold the laws of conversions against payloads made from the documents.",
)
@click.option(
    "--examples",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="With --prove: payloads for each way from a variant to another.",
)
@click.option(
    "--seed",
    metavar="S",
    type=int,
    default=0,
    show_default=True,
    help="With --prove: which payloads.",
)
@options.allow_private_hosts("Fetch an https input from a private address too.")
def reconcile(
    suggest: bool, proves: bool, examples: int, seed: int, allow_private_hosts: bool
) -> int:
    """Say what the map of the variants does not decide.

    Holds the map of each package that has one (`reconcile` in its table) against the documents of its variants:
    every property, listed value, tagged member and schema must be mapped, or lost with a reason, and what is mapped
    must have types that fit. Prints what is undecided, and exits 1 if anything is. `modelgen generate` refuses such
    a map.

    With --prove, the conversions of a map that decides everything are made and run: each breach of a law is printed
    with the smallest payload that shows it and the line of the map, and exits 1.

    \b
    Examples:
        modelgen reconcile
        modelgen reconcile --suggest
        modelgen reconcile --prove --examples 1000
    """
    jobs = [job for job in configured(Cache()) if job.map]
    if not jobs:
        message = "No package has a map, so there is nothing to reconcile."
        hint = "Add reconcile = …, the path of the map, to a package with variants."
        at = Location("pyproject.toml")
        raise SpecError(Diagnostic("reconcile-nothing", message, at, hint))
    are_sound = [
        _is_decided(job, suggest, allow_private_hosts)
        and (not proves or _is_proven(job, examples, seed, allow_private_hosts))
        for job in jobs
    ]
    return 0 if all(are_sound) else DIFFERENCE


def _is_proven(job: Job, examples: int, seed: int, private: bool) -> bool:
    """Whether the conversions of a map keep the laws; says which they break."""
    from ..loader import load_data
    from ..pipeline import generate
    from ..pipeline import reconcile as resolved
    from ..prove import prove

    with terminal.progress() as progress:
        documents = of_job(job, private, progress)
        map_ = load_data(job.map)
        with located(*documents):
            resolution, _ = resolved(documents, job.package, map_)
            files = generate(documents, job.package, progress, map_).files
        proof = prove(files, resolution, examples, seed, progress)
    broken = [
        Diagnostic(
            "reconcile-law",
            messages.breach(one),
            map_.locate(one.at.pointer),
            messages.payload(one),
        )
        for one in proof.broken
    ]
    click.echo(messages.diagnostics(broken), nl=False)
    terminal.tell(messages.proven(job.map, proof, seed))
    return not broken


def _is_decided(job: Job, suggest: bool, private: bool) -> bool:
    """Whether the map of one package decides everything; says what it does not."""
    with terminal.progress() as progress:
        resolution, faults = reconciled(job, private, progress)
    if not faults:
        terminal.tell(messages.decided(resolution.map))
        return True
    if suggest:
        from ..reconcile.suggest import drafts

        click.echo(messages.drafts(drafts(resolution)), nl=False)
        others = [fault for fault in faults if fault.code != "reconcile-undecided"]
        terminal.complain(messages.diagnostics(others))
    else:
        click.echo(messages.diagnostics(faults), nl=False)
    terminal.tell(f"{job.map}: {messages.counted(len(faults), 'fault')}\n")
    return False
