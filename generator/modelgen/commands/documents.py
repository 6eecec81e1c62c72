"""The documents that a command reads, and what the configuration has to do with them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, Location, SpecError
from ..project import config
from ..project.cache import Cache
from ..project.jobs import Job, configured, of_source, overlays_of

if TYPE_CHECKING:
    from ..loader import Documents
    from ..reconcile import Resolution
    from ..reconcile.facts import Facts


def load(
    source: str,
    ref_roots: Sequence[Path],
    ref_hosts: Sequence[str],
    private: bool,
    overlays: Sequence[str] = (),
) -> Documents:
    """The document that a user named, under overlays, and with it the files it refers to. Without overlays, those that
    are configured for the document."""
    laid = overlays or overlays_of(source, Cache())
    return _loaded(source, ref_roots, ref_hosts, private, laid)


def _loaded(
    source: str,
    ref_roots: Sequence[Path],
    ref_hosts: Sequence[str],
    private: bool,
    overlays: Sequence[str],
) -> Documents:
    from .. import loader

    return loader.load(
        source,
        ref_roots=ref_roots,
        ref_hosts=ref_hosts,
        allow_private_hosts=private,
        stdin=sys.stdin.buffer,
        overlays=overlays,
    )


def of_job(job: Job, private: bool, progress: Callable[[str], None]) -> tuple[Documents, ...]:
    """The document of each part of a package."""

    def read(part: config.Part, source: str, overlays: Sequence[str]) -> Documents:
        progress(f"reading {source}")
        with _configured(job, part, source):
            return _loaded(source, job.ref_roots, job.package.ref_hosts, private, overlays)

    return tuple(map(read, job.package.parts, job.sources, job.overlays))


@contextmanager
def _configured(job: Job, part: config.Part, source: str) -> Iterator[None]:
    """An input that is missing is told where the configuration names it."""
    try:
        yield
    except SpecError as error:
        at = job.at(part.name, "input")
        raise SpecError(
            replace(item, at=at) if at and _is_missing(item, source) else item
            for item in error.diagnostics
        ) from error


def _is_missing(item: Diagnostic, source: str) -> bool:
    return item.code in ("file-missing", "file-unreadable") and item.at == Location(source)


@contextmanager
def located(*documents: Documents) -> Iterator[None]:
    """Lines, columns and excerpts for diagnostics that know only their pointers."""

    def locate(at: Location) -> Location:
        for each in documents:
            at = at if at.line else each.locate(at)
        return at

    try:
        yield
    except SpecError as error:
        raise SpecError(
            replace(d, at=locate(d.at), related=tuple(locate(at) for at in d.related))
            for d in error.diagnostics
        ) from error


def package_of(source: str) -> config.Package:
    """How a document becomes Python: as configured, if some package is made from it."""
    configured_for = of_source(source, Cache())
    if configured_for is None:
        return config.Package(name="models", input=source)
    job, part = configured_for
    return job.package.alone(part)


def is_beside(source: str) -> bool:
    """Whether a source is the map or an overlay of a configured package, which a glob over its documents finds too."""
    try:
        jobs = list(configured(Cache()))
    except SpecError:
        return False
    beside = (path for job in jobs for path in (job.map, *chain(*job.overlays)) if path)
    return Path(source).resolve() in (Path(path).resolve() for path in beside)


def reconciled(
    job: Job, private: bool, progress: Callable[[str], None]
) -> tuple[Resolution, tuple[Diagnostic, ...]]:
    """The map of a package, held against the documents of its variants, and what it does not decide."""
    from ..loader import load_data
    from ..pipeline import reconcile

    documents = of_job(job, private, progress)
    map_ = load_data(job.map)
    with located(*documents):
        return reconcile(documents, job.package, map_)


def decisions(private: bool) -> Callable[[str, str], Facts]:
    """What maps decide about two documents, given their sources: renames and moves, if both are variants of one
    package that has a map."""
    known: dict[Path, Resolution] = {}

    def decided(old: str, new: str) -> Facts:
        one, other = of_source(old, Cache()), of_source(new, Cache())
        if one is None or other is None or one[0] != other[0] or not one[0].map:
            return {}
        from ..reconcile.facts import facts

        job = one[0]
        if job.folder not in known:
            known[job.folder], _ = reconciled(job, private, lambda _: None)
        return facts(known[job.folder], one[1].name, other[1].name)

    return decided
