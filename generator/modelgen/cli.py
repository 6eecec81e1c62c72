"""The commands. With `terminal`, the only module that prints, reads argv or exits.

Imports inside the commands keep `--help` and a run with nothing to do fast.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .commands import messages as report
from .commands import terminal
from .diff import formats as diff_formats
from .errors import Diagnostic, Location, SpecError, visible
from .history import formats as history_formats
from .project import cache, config
from .project.cache import Cache
from .project.jobs import (
    Job,
    configuration,
    configured,
    diff_settings,
    from_here,
    of_package,
    of_source,
)

if TYPE_CHECKING:
    from .loader import Documents
    from .pipeline import Generated
    from .reconcile import Resolution
    from .reconcile.facts import Facts

DIFFERENCE, FAILURE, INTERRUPTED = 1, 2, 130


class Program(click.Group):
    """The command group, with the one place where a failure becomes text and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):  # a narrow encoding must not stop a message
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except SpecError as error:
            click.echo(report.diagnostics(error.diagnostics, terminal.paint), err=True, nl=False)
            ctx.exit(FAILURE)
        except BrokenPipeError:  # whoever read our output has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(FAILURE)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"{place}error[system]: {error.strerror or error}.", err=True)
            ctx.exit(FAILURE)
        except KeyboardInterrupt:
            click.echo("interrupted; nothing is half written", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            line = visible(f"{type(error).__name__}: {error}")
            click.echo(f"error[internal]: {line}", err=True)
            click.echo(
                "  hint: This is a bug. Please report it, with what --debug prints.", err=True
            )
            ctx.exit(FAILURE)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="realtime-modelgen", prog_name="modelgen")
@click.option("--debug", is_flag=True, help="Show a traceback when modelgen itself fails.")
def main(debug: bool) -> None:
    """Typed Python models and codecs from OpenAPI documents.

    \b
    Try it on a document of yours:
        modelgen inspect openapi.yaml
        modelgen generate openapi.yaml --package my_models

    Exit codes: 0 done, 1 a difference was found, 2 it could not be done.
    """


@main.command()
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option(
    "-o", "--output", metavar="DIR", help="The folder that will hold NAME/.  [default: .]"
)
@click.option("--package", metavar="NAME", help="The package's import name.  [default: models]")
@click.option(
    "--style",
    type=click.Choice(["dataclass", "attrs"]),
    help="What the classes are.  [default: dataclass]",
)
@click.option(
    "--select",
    metavar="GLOB",
    multiple=True,
    help="Only components whose name matches, and what they refer to. May be repeated.",
)
@click.option(
    "--check", is_flag=True, help="Write nothing; print what would change, exit 1 if any."
)
@click.option(
    "--allow-ref-root",
    metavar="DIR",
    multiple=True,
    help="A further folder that a $ref may point into. May be repeated.",
)
@click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch an https INPUT from a private address too."
)
def generate(
    input_: str | None,
    output: str | None,
    package: str | None,
    style: config.Style | None,
    select: tuple[str, ...],
    check: bool,
    allow_ref_root: tuple[str, ...],
    allow_private_hosts: bool,
) -> None:
    """Write the models package of an OpenAPI document.

    INPUT is a path, - for standard input, an https URL, or REV:path in the current git repository. Without
    INPUT, everything in [tool.modelgen] of the nearest pyproject.toml is generated, and only --check and
    --allow-private-hosts apply.

    Files of an earlier run that are no longer generated are removed. Files that were not generated are never
    touched.

    \b
    Examples:
        modelgen generate openapi.yaml -o src --package my_models
        modelgen generate openapi.yaml --select 'Realtime*' --style attrs
        modelgen generate --check
    """
    records = Cache()
    if input_ is None:
        given = {"-o": output, "--package": package, "--style": style, "--select": select}
        for option, value in (given | {"--allow-ref-root": allow_ref_root}).items():
            if value:
                raise click.UsageError(f"{option} needs INPUT; without it, pyproject.toml decides")
        _run(configured(records), check, allow_private_hosts, records)
        return
    name = "models" if package is None else package
    _check_name(name)
    settings = config.Package(
        name=name,
        input=input_,
        output=output or ".",
        style=style or "dataclass",
        select=select,
        ref_roots=allow_ref_root,
    )
    _run((of_package(settings, Path()),), check, allow_private_hosts, records)


@main.command()
@click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch an https input from a private address too."
)
def check(allow_private_hosts: bool) -> None:
    """Compare everything in [tool.modelgen] with what is on disk.

    Writes nothing. Prints a unified diff of what `modelgen generate` would change, and exits 1 if there is
    any; `modelgen check | patch -p1` applies it.

    \b
    Example, as a step of a CI job:
        modelgen check
    """
    records = Cache()
    _run(configured(records), True, allow_private_hosts, records)


@main.command()
@click.argument("input_", metavar="INPUT")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--select",
    metavar="GLOB",
    multiple=True,
    help="Only components whose name matches, and what they refer to. May be repeated.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option("--allow-ref-root", metavar="DIR", multiple=True, help="See `modelgen generate`.")
@click.option("--allow-private-hosts", is_flag=True, help="See `modelgen generate`.")
def inspect(
    input_: str,
    names: tuple[str, ...],
    select: tuple[str, ...],
    format_: str,
    allow_ref_root: tuple[str, ...],
    allow_private_hosts: bool,
) -> None:
    """Show what was understood of a document, and the anomalies in it.

    With NAMEs (or globs), shows where those schemas are written and the anomalies inside them. Where
    pyproject.toml generates a package from the same INPUT, the names and rules configured there are used.

    \b
    Examples:
        modelgen inspect openapi.yaml
        modelgen inspect openapi.yaml Session 'Realtime*'
        modelgen inspect openapi.yaml --format json
    """
    from .pipeline import inspect as examine

    package = config.Package(name="models", input=input_)
    roots = tuple(Path(root) for root in allow_ref_root)
    configured_for = of_source(input_, Cache())
    if configured_for is not None:
        job, part = configured_for
        package, roots = job.package.alone(part), (*job.ref_roots, *roots)
    package = replace(package, select=select or package.select)
    with terminal.progress() as progress:
        progress(f"reading {input_}")
        documents = _load(input_, roots, allow_private_hosts)
        with _located(documents):
            found = examine(documents, package)
    if names:
        found = report.chosen(found, names, input_)
    if format_ == "json":
        click.echo(report.inspection_json(found), nl=False)
    elif names:
        click.echo(report.details(found), nl=False)
    else:
        click.echo(report.inspection(found), nl=False)


@main.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--select",
    metavar="GLOB",
    multiple=True,
    help="Only components whose name matches, and what they refer to. May be repeated.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(diff_formats.FORMATS)),
    default="text",
    show_default=True,
    help="What to print.",
)
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
@click.option("-o", "--output", metavar="FILE", help="Where to write it.  [default: stdout]")
@click.option("--allow-ref-root", metavar="DIR", multiple=True, help="See `modelgen generate`.")
@click.option("--allow-private-hosts", is_flag=True, help="See `modelgen generate`.")
def diff(
    old: str,
    new: str,
    select: tuple[str, ...],
    format_: str,
    fail_on: tuple[str, ...],
    sent: tuple[str, ...],
    received: tuple[str, ...],
    docs: bool,
    baseline: str | None,
    write_baseline: str | None,
    output: str | None,
    allow_ref_root: tuple[str, ...],
    allow_private_hosts: bool,
) -> None:
    """Show what changed between two versions of a document, and for whom it breaks.

    For each change there are three verdicts: for whoever sends the schema, for whoever receives it, and for code
    that uses the generated package. Who sends what follows from the operations and, for events, from their names
    (ClientEvent, ServerEvent) or from --sent and --received; where nothing says it, both count.

    --write-baseline lists what breaks or may break now in a file, where you give each entry a reason and, if you like, a
    day on which it expires; with --baseline, what the file lists is accepted. [tool.modelgen.diff] of pyproject.toml says
    how bad kinds of change are, if you see it differently.

    Exit codes: 0 compared, 1 a change reaches --fail-on, 2 inconclusive: something could not be read.

    \b
    Examples:
        modelgen diff old.yaml new.yaml
        modelgen diff HEAD:openapi.yaml openapi.yaml --fail-on wire
        modelgen diff old.yaml new.yaml --select 'Realtime*' --format markdown -o changes.md
    """
    from datetime import date

    from .diff import baseline as accepted
    from .diff.policy import Baseline, baseline_of
    from .diff.run import Options, compare
    from .disk.replace import replace_files

    roots = tuple(Path(root) for root in allow_ref_root)
    try:
        entries = accepted.read(Path(baseline)) if baseline is not None else ()
        settings = diff_settings(Cache())
        with terminal.progress() as progress:
            documents = []
            for source in (old, new):
                progress(f"reading {source}")
                documents.append(_load(source, roots, allow_private_hosts))
            progress("comparing")
            decided = _decisions(allow_private_hosts)(old, new)
            with _located(*documents):
                options = Options(
                    facts=decided,
                    select=select,
                    sent=sent,
                    received=received,
                    docs=docs,
                    settings=settings,
                    baseline=None if baseline is None else Baseline(entries, date.today()),
                    packages=(_package_of(old), _package_of(new)),
                )
                found = compare(documents[0], documents[1], options)
        text = found.text(format_)
    except Exception:
        _tell("inconclusive: the documents could not be compared\n")
        raise
    _put(text, output)
    if write_baseline is not None:
        entries = baseline_of(found.comparison, entries)
        replace_files({Path(write_baseline): accepted.text(entries).encode()})
        _tell(f"{write_baseline}: {report.counted(len(entries), 'accepted change')}\n")
        return
    if found.fails(fail_on):
        click.get_current_context().exit(DIFFERENCE)


@main.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "--select",
    metavar="GLOB",
    multiple=True,
    help="Only components whose name matches in some version, and what they refer to. May be repeated.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(history_formats.FORMATS)),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option("--sent", metavar="GLOB", multiple=True, help="See `modelgen diff`.")
@click.option("--received", metavar="GLOB", multiple=True, help="See `modelgen diff`.")
@click.option("-o", "--output", metavar="FILE", help="Where to write it.  [default: stdout]")
@click.option("--allow-ref-root", metavar="DIR", multiple=True, help="See `modelgen generate`.")
@click.option("--allow-private-hosts", is_flag=True, help="See `modelgen generate`.")
def history(
    inputs: tuple[str, ...],
    select: tuple[str, ...],
    format_: str,
    sent: tuple[str, ...],
    received: tuple[str, ...],
    output: str | None,
    allow_ref_root: tuple[str, ...],
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
    from .history import run as tracing

    if inputs.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    roots = tuple(Path(root) for root in allow_ref_root)
    settings = diff_settings(Cache())
    with terminal.progress() as progress:
        found = []
        for source in inputs:
            if _is_map(source):
                _tell(f"{source}: a map of variants; what it decides is used\n")
                continue
            progress(f"reading {source}")
            documents = _load(source, roots, allow_private_hosts)
            found.append(
                tracing.Input(source=source, documents=documents, package=_package_of(source))
            )
        if not found:
            raise click.UsageError("none of the inputs is a document")
        progress("comparing")
        with _located(*(item.documents for item in found)):
            traced = tracing.trace(
                found, select, sent, received, settings, _decisions(allow_private_hosts)
            )
    _put(tracing.text(traced, format_), output)


@main.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Where to put them.  [default: dist beside pyproject.toml]",
)
@click.option(
    "--build",
    "number",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The last number of the version, for another package of the same documents.",
)
@click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch an https input from a private address too."
)
def build(output: str | None, number: int, allow_private_hosts: bool) -> None:
    """Build a wheel and an sdist of each package that has a [distribution] table.

    The version is that of the newest document and the build number: 2026-08-21 gives 2026.8.21.0. The same
    files give the same bytes, at any time and in any folder. What is on disk must be what `modelgen generate` would
    write. Prints a line for each archive, as sha256sum does.

    \b
    Examples:
        modelgen build
        modelgen build -o /tmp/wheels --build 1
    """
    settings = configuration(Cache())
    base = settings.path.parent
    jobs = [of_package(package, base) for package in settings.packages if package.distribution]
    if not jobs:
        message = "No package has a [distribution] table, so there is nothing to build."
        hint = (
            f"Add [tool.modelgen.packages.{settings.packages[0].name}.distribution] "
            "with name and description."
        )
        raise SpecError(Diagnostic("build-nothing", message, Location(str(settings.path)), hint))
    folder = Path(output or from_here(base, "dist"))
    for job in jobs:
        _build(job, base, folder, number, allow_private_hosts)


@main.command()
@click.option(
    "--suggest", is_flag=True, help="Draft entries for what is undecided, best guess first."
)
@click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch an https input from a private address too."
)
def reconcile(suggest: bool, allow_private_hosts: bool) -> None:
    """Say what the map of the variants does not decide.

    Holds the map of each package that has one (`reconcile` in its table) against the documents of its variants:
    every property, listed value, tagged member and schema must be mapped, or lost with a reason, and what is mapped
    must have types that fit. Prints what is undecided, and exits 1 if anything is. `modelgen generate` refuses such
    a map.

    \b
    Examples:
        modelgen reconcile
        modelgen reconcile --suggest
    """
    from .loader import load_data
    from .pipeline import reconcile as held

    jobs = [job for job in configured(Cache()) if job.map]
    if not jobs:
        message = "No package has a map, so there is nothing to reconcile."
        hint = "Add reconcile = …, the path of the map, to a package with variants."
        at = Location("pyproject.toml")
        raise SpecError(Diagnostic("reconcile-nothing", message, at, hint))
    differ = False
    for job in jobs:
        with terminal.progress() as progress:
            documents = tuple(_documents(job, allow_private_hosts, progress))
            map_ = load_data(job.map)
            with _located(*documents):
                resolution, faults = held(documents, job.package, map_)
        if not faults:
            _tell(report.decided(resolution.map))
            continue
        differ = True
        if suggest:
            from .reconcile.suggest import drafts

            click.echo(report.drafts(drafts(resolution)), nl=False)
            _tell(report.diagnostics(f for f in faults if f.code != "reconcile-undecided"))
        else:
            click.echo(report.diagnostics(faults), nl=False)
        _tell(f"{job.map}: {report.counted(len(faults), 'fault')}\n")
    if differ:
        click.get_current_context().exit(DIFFERENCE)


@main.command()
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
@click.option("--strict", is_flag=True, help="Exit 1 if anything was lost.")
@click.option(
    "--report",
    "report_",
    metavar="FILE",
    help="Write every loss to FILE, as JSON Lines.",
)
def convert(
    file: str, to: str, source: str, family: str, strict: bool, report_: str | None
) -> None:
    """Convert payloads from one variant of an API to another.

    FILE, or standard input, is a JSON document (a payload, or an array of payloads) or JSON Lines, which are read
    and written one at a time. The result goes to standard output, what was lost to standard error. Uses the
    generated package of the nearest pyproject.toml whose variants are reconciled.

    Lines that cannot be converted are reported with their number, and the rest goes on: the exit code is 2 then.

    \b
    Examples:
        modelgen convert --to ga session.json
        modelgen convert --from ga --to beta --report losses.jsonl <events.jsonl >beta.jsonl
    """
    from . import convert as converting

    jobs = [job for job in configured(Cache()) if job.map]
    if not jobs:
        message = "No package has reconciled variants, so there is nothing to convert with."
        hint = "Add reconcile = …, the path of the map, to a package with variants."
        raise SpecError(Diagnostic("convert-package", message, Location("pyproject.toml"), hint))
    request = converting.Request(to, source, family)
    module = converting.package(jobs[0])
    with ExitStack() as stack:
        losses = stack.enter_context(open(report_, "w", encoding="utf-8")) if report_ else None
        text: IO[bytes] = sys.stdin.buffer if file == "-" else stack.enter_context(open(file, "rb"))
        progress = stack.enter_context(terminal.progress())
        converter = converting.Converter(module, request, losses)
        lines = converting.run(converter, text, file, sys.stdout.buffer, progress)
    tally = converter.tally
    _tell(report.conversion(tally, to, lines))
    if tally.broken_count:
        click.get_current_context().exit(FAILURE)
    if strict and tally.losses:
        click.get_current_context().exit(DIFFERENCE)


@main.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--locked",
    is_flag=True,
    help="Fetch nothing; exit 2 unless the documents are those of modelgen.lock.",
)
@click.option(
    "--allow-private-hosts", is_flag=True, help="Fetch an https URL from a private address too."
)
def fetch(name: str | None, locked: bool, allow_private_hosts: bool) -> None:
    """Bring the documents of [tool.modelgen.sources] up to date.

    Fetches the source NAME, or all of them, over https, keeps each at its path, and records in modelgen.lock,
    beside pyproject.toml, what was fetched. A document that did not change is not sent again. What is not an
    OpenAPI document is not kept; if anything fails, everything is as it was.

    \b
    Examples:
        modelgen fetch
        modelgen fetch --locked
    """
    from .project import fetch as sources

    settings = configuration(Cache())
    if locked:
        brought = sources.verify(settings, name)
    else:
        with terminal.progress() as progress:
            brought = sources.fetch(settings, name, allow_private_hosts, progress)
    for item in brought:
        _tell(report.fetched(item))


@main.command()
@click.argument("input_", metavar="[INPUT]", required=False)
@click.option(
    "--package",
    metavar="NAME",
    default="models",
    show_default=True,
    help="The package's import name.",
)
@click.option("--allow-private-hosts", is_flag=True, help="See `modelgen generate`.")
def init(input_: str | None, package: str, allow_private_hosts: bool) -> None:
    """Write a starting configuration for an OpenAPI document.

    Adds a [tool.modelgen] table to the nearest pyproject.toml, or writes one here, and says what to do next.
    INPUT is a path, an https URL, or REV:path; without it, the openapi.yaml, openapi.yml or openapi.json here.

    \b
    Examples:
        modelgen init openapi.yaml --package my_models
        modelgen init https://example.com/openapi.yaml
    """
    from .project import init as starter

    _check_name(package)
    if input_ == "-":
        raise click.UsageError("standard input cannot be configured; give a file")
    source = starter.find_document(Path()).as_posix() if input_ is None else input_
    found = config.find(Path.cwd())
    path = Path(from_here(found.parent, found.name)) if found else Path("pyproject.toml")
    old = starter.read(path)
    with terminal.progress() as progress:
        progress(f"reading {source}")
        document = _load(source, (), allow_private_hosts).root
    _tell(report.started(starter.write(path, old, package, source, document.data)))


# --- the work -------------------------------------------------------------------------------------


def _run(jobs: Iterable[Job], check: bool, private: bool, records: Cache) -> None:
    differ = False
    for job in jobs:
        if check:
            differ |= _check(job, private)
        else:
            _write(job, private, records)
    if differ:
        click.get_current_context().exit(DIFFERENCE)


def _write(job: Job, private: bool, records: Cache) -> None:
    if job.is_local and (counts := cache.remembered(records, job.package, job.sources, job.folder)):
        _tell(report.summary(job.folder.as_posix(), job.sources, counts, None))
        return
    documents, generated = _generate(job, private)
    counts = _counts(generated)
    changes = generated.files.write(job.folder)
    if job.is_local:
        read = [document for part in documents for document in part.loaded]
        read += [generated.map] if generated.map else []
        hashes = {str(Path(document.source).resolve()): document.sha256 for document in read}
        cache.remember(
            records, job.package, job.sources, job.folder, hashes, generated.files, counts
        )
    _tell(report.summary(job.folder.as_posix(), job.sources, counts, changes))


def _check(job: Job, private: bool) -> bool:
    _, generated = _generate(job, private)
    changes = generated.files.compare(job.folder)
    _tell(report.summary(job.folder.as_posix(), job.sources, _counts(generated), changes))
    if not changes:
        return False
    for line in generated.files.unified_diff(job.folder):
        click.echo(line, nl=False)
    _tell(f"{job.folder.as_posix()}: out of date; `modelgen generate` brings it up to date\n")
    if job.is_local:
        source = job.sources[0] if len(job.sources) == 1 else "FILE"
        _tell(f"`modelgen diff HEAD:{source} {source}` says what changed, and for whom it breaks\n")
    return True


def _build(job: Job, base: Path, folder: Path, number: int, private: bool) -> None:
    documents, generated = _generate(job, private)
    if generated.files.compare(job.folder):
        message = "The package is not what its documents say."
        hint = "Run modelgen generate; modelgen check shows the difference."
        raise SpecError(Diagnostic("build-out-of-date", message, Location(str(job.folder)), hint))
    from .project import wheel

    with terminal.progress() as progress, _located(*documents):
        progress(f"building {job.package.name}")
        archives = wheel.build(job, base, generated.files, folder, number)
    for archive in archives:
        click.echo(f"{archive.sha256}  {archive.path.as_posix()}")


def _generate(job: Job, private: bool) -> tuple[tuple[Documents, ...], Generated]:
    with terminal.progress() as progress:
        documents = tuple(_documents(job, private, progress))
        from .loader import load_data
        from .pipeline import generate

        map_ = load_data(job.map) if job.map else None
        with _located(*documents):
            return documents, generate(documents, job.package, progress, map_)


def _decisions(private: bool) -> Callable[[str, str], Facts]:
    """What maps decide about two documents, given their sources: renames and moves, if both are variants of one
    package that has a map."""
    known: dict[Path, Resolution] = {}

    def decided(old: str, new: str) -> Facts:
        one, other = of_source(old, Cache()), of_source(new, Cache())
        if one is None or other is None or one[0] != other[0] or not one[0].map:
            return {}
        from .loader import load_data
        from .pipeline import reconcile as held
        from .reconcile.facts import facts

        job = one[0]
        if job.folder not in known:
            documents = tuple(_documents(job, private, lambda _: None))
            known[job.folder], _ = held(documents, job.package, load_data(job.map))
        return facts(known[job.folder], one[1].name, other[1].name)

    return decided


def _is_map(source: str) -> bool:
    """Whether a source is the map of a configured package, which a glob over its documents finds too."""
    try:
        maps = [Path(job.map).resolve() for job in configured(Cache()) if job.map]
    except SpecError:
        return False
    return Path(source).resolve() in maps


def _documents(job: Job, private: bool, progress: Callable[[str], None]) -> Iterator[Documents]:
    """The document of each part."""
    for source in job.sources:
        progress(f"reading {source}")
        yield _load(source, job.ref_roots, private)


def _load(source: str, ref_roots: Sequence[Path], private: bool) -> Documents:
    from .loader import load

    return load(
        source,
        ref_roots=ref_roots,
        allow_private_hosts=private,
        stdin=sys.stdin.buffer,
    )


@contextmanager
def _located(*documents: Documents) -> Iterator[None]:
    """Lines, columns and excerpts for diagnostics that know only their pointers."""

    def place(at: Location) -> Location:
        for part in documents:
            at = at if at.line else part.locate(at)
        return at

    try:
        yield
    except SpecError as error:
        raise SpecError(
            replace(d, at=place(d.at), related=tuple(place(at) for at in d.related))
            for d in error.diagnostics
        ) from error


def _package_of(source: str) -> config.Package:
    """How a document becomes Python: as configured, if some package is made from it."""
    configured_for = of_source(source, Cache())
    if configured_for is None:
        return config.Package(name="models", input=source)
    job, part = configured_for
    return job.package.alone(part)


def _put(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from .disk.replace import replace_files

    replace_files({Path(output): text.encode()})


def _check_name(package: str) -> None:
    if fault := config.package_fault(package):
        other = config.other_name(package)
        hint = f"; choose another name, such as {other}" if other else ""
        raise click.BadParameter(f'"{package}" {fault}{hint}', param_hint="--package")


def _counts(generated: Generated) -> dict[str, int]:
    modules = [path for path in generated.files if _is_module(path)]
    return {
        "class": generated.classes,
        "alias": generated.aliases,
        "module": len(modules),
        "anomaly": len(generated.anomalies),
    }


def _is_module(path: str) -> bool:
    """Whether a file holds models: no support module, and not codecs."""
    return path.endswith(".py") and not any(part.startswith("_") for part in path.split("/"))


def _tell(text: str) -> None:
    click.echo(text, nl=False, err=True)
