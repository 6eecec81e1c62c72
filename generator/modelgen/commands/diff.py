"""`modelgen diff`."""

from __future__ import annotations

from pathlib import Path

import click

from ..diff.formats import FORMATS
from ..project.cache import Cache
from ..project.jobs import diff_settings
from . import DIFFERENCE, code, options, terminal
from .documents import decisions, load, located, package_of
from .messages import counted


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.select()
@click.option(
    "--operations",
    metavar="GLOB",
    multiple=True,
    help="Only what concerns operations of such an operationId or `GET /path`. May be repeated.",
)
@click.option(
    "--tag",
    metavar="GLOB",
    multiple=True,
    help="Only what concerns operations with such a tag. May be repeated.",
)
@options.overlay()
@options.format_(FORMATS)
@click.option(
    "--fail-on",
    type=click.Choice(["sent", "received", "wire", "python", "any"]),
    multiple=True,
    help="Exit 1 if it breaks or may break for them; any: if anything changed. May be repeated.",
)
@click.option("--sent", metavar="GLOB", multiple=True, help="Components that are sent to the API.")
@click.option("--received", metavar="GLOB", multiple=True, help="Components that the API sends.")
@click.option("--docs", is_flag=True, help="List changes of documentation and order too.")
@click.option("--baseline", metavar="FILE", help="Changes that are accepted.")
@click.option(
    "--write-baseline", metavar="FILE", help="Accept what breaks or may break, from now on."
)
@click.option(
    "--used-by",
    metavar="DIR",
    help="Only what breaks for the Python code below DIR, place by place.",
)
@options.imported_as()
@options.output_file()
@options.allow_ref_root()
@options.allow_ref_host()
@options.allow_private_hosts()
def diff(
    old: str,
    new: str,
    select: tuple[str, ...],
    operations: tuple[str, ...],
    tag: tuple[str, ...],
    overlay: tuple[str, ...],
    format_: str,
    fail_on: tuple[str, ...],
    sent: tuple[str, ...],
    received: tuple[str, ...],
    docs: bool,
    baseline: str | None,
    write_baseline: str | None,
    used_by: str | None,
    package: str | None,
    output: str | None,
    allow_ref_root: tuple[str, ...],
    allow_ref_host: tuple[str, ...],
    allow_private_hosts: bool,
) -> int:
    """Show what changed between two versions of a document, and for whom it breaks.

    For each change there are three verdicts: for whoever sends the schema, for whoever receives it, and for code
    that uses the generated package. Who sends what follows from the operations and, for events, from their names
    (ClientEvent, ServerEvent) or from --sent and --received; where nothing says it, both count.

    --overlay is laid over both. Without it, an input of pyproject.toml is read under the overlays configured for it, and
    REV:path under those that the revision has.

    --write-baseline lists what breaks or may break now in a file, and prints no report. Give each entry a reason and, if
    you like, a day on which it expires; with --baseline, what the file lists is accepted. [tool.modelgen.diff] of
    pyproject.toml says how bad kinds of change are, if you see it differently.

    --used-by looks for the places in code that break, with the types of a checker (the extra openapi-modelgen[migrate]),
    and prints text, json or github; --fail-on python exits 1 if there are any. `modelgen migrate` rewrites them.

    Exit codes: 0 compared, 1 a change reaches --fail-on, 2 inconclusive: something could not be read.

    \b
    Examples:
        modelgen diff old.yaml new.yaml
        modelgen diff HEAD:openapi.yaml openapi.yaml --fail-on wire
        modelgen diff HEAD:openapi.yaml openapi.yaml --used-by src
        modelgen diff old.yaml new.yaml --select 'Realtime*' --format markdown -o changes.md
    """
    from datetime import date

    from ..diff import baseline as accepted
    from ..diff.policy import Baseline, baseline_of
    from ..diff.run import Options, compare
    from ..disk.replace import replace_files

    if select and (operations or tag):
        raise click.UsageError("--select leaves operations out; give it or --operations and --tag")
    roots = tuple(Path(root) for root in allow_ref_root)
    if used_by is not None:
        return _used_by(
            old,
            new,
            Path(used_by),
            package,
            format_,
            fail_on,
            output,
            roots,
            allow_private_hosts,
            allow_ref_host,
            overlay,
        )
    try:
        entries = accepted.read(Path(baseline)) if baseline is not None else ()
        settings = diff_settings(Cache())
        with terminal.progress() as progress:
            documents = []
            for source in (old, new):
                progress(f"reading {source}")
                documents.append(load(source, roots, allow_ref_host, allow_private_hosts, overlay))
            progress("comparing")
            decided = decisions(allow_private_hosts)(old, new)
            with located(*documents):
                chosen = Options(
                    facts=decided,
                    select=select,
                    operations=operations,
                    tags=tag,
                    sent=sent,
                    received=received,
                    docs=docs,
                    fail_on=fail_on,
                    settings=settings,
                    baseline=None if baseline is None else Baseline(entries, date.today()),
                    today=date.today(),
                    packages=(package_of(old), package_of(new)),
                )
                outcome = compare(documents[0], documents[1], chosen)
        text = outcome.text(format_)
    except Exception:
        terminal.complain("inconclusive: the documents could not be compared\n")
        raise
    if write_baseline is not None:
        entries = baseline_of(outcome.comparison, entries)
        replace_files({Path(write_baseline): accepted.text(entries).encode()})
        terminal.tell(f"{write_baseline}: {counted(len(entries), 'accepted change')}\n")
        return 0
    terminal.put(text, output)
    return DIFFERENCE if outcome.fails else 0


def _used_by(
    old: str,
    new: str,
    folder: Path,
    package: str | None,
    format_: str,
    fail_on: tuple[str, ...],
    output: str | None,
    roots: tuple[Path, ...],
    private: bool,
    hosts: tuple[str, ...],
    overlays: tuple[str, ...],
) -> int:
    """The places in code that a change breaks."""
    from ..code import formats

    if format_ not in formats.FORMATS:
        raise click.UsageError(f"--used-by has the formats {', '.join(formats.FORMATS)}.")
    with terminal.progress() as progress:
        compared = code.between(
            old, new, package, folder, roots, private, progress, hosts, overlays
        )
        looked = code.look(folder, compared, progress)
    terminal.put(formats.FORMATS[format_](looked), output)
    breaks = any(use.state != "remark" for use in looked.uses) or bool(looked.unread)
    return DIFFERENCE if breaks and {"python", "any"} & set(fail_on) else 0
