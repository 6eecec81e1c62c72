"""What a command works on: packages of a configuration, with paths as seen from the current folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ..errors import Diagnostic, Location, SpecError
from . import config
from .cache import Cache
from .checks import no_packages
from .config import key_at


@dataclass(frozen=True, slots=True)
class Job:
    """One package. `sources` has the document of each part and `overlays` what is laid over it, `folder` is its own
    folder, NAME included, `map` is what reconciles its variants, and `config` the file that says all this, if one does.
    """

    package: config.Package
    sources: tuple[str, ...]
    overlays: tuple[tuple[str, ...], ...]
    folder: Path
    ref_roots: tuple[Path, ...] = ()
    map: str = ""
    config: Path | None = None

    @property
    def is_local(self) -> bool:
        return all(is_path(Path(), source) for source in chain(self.sources, *self.overlays))

    @property
    def label(self) -> str:
        """The folder as seen from that of the configuration, or from here without one."""
        if self.config is None:
            return self.folder.as_posix()
        return Path(os.path.normpath(Path(self.package.output, self.package.name))).as_posix()

    def at(self, part: str, *keys: str | int) -> Location | None:
        """Where the configuration says something of a part of this package: the line of a key in its table."""
        if self.config is None:
            return None
        above = ("variants", part) if part else ()
        return key_at(self.config, "packages", self.package.name, *above, *keys)


def of_package(package: config.Package, base: Path, at: Path | None = None) -> Job:
    """The job of a package whose paths are relative to `base`. `at` is the file that describes it, if one does."""
    parts = package.parts
    return Job(
        package,
        tuple(_from_here(base, part.input) for part in parts),
        tuple(tuple(_from_here(base, path) for path in part.overlays) for part in parts),
        Path(from_here(base, package.output), package.name),
        tuple(Path(from_here(base, root)) for root in package.ref_roots),
        from_here(base, package.reconcile) if package.reconcile else "",
        at,
    )


def configuration(cache: Cache) -> config.Config:
    """The nearest pyproject.toml."""
    path = config.find(Path.cwd())
    if path is None:
        message = "There is no pyproject.toml here or in a folder above."
        hint = (
            "Run `modelgen init INPUT` to write one, or name a document: modelgen generate INPUT."
        )
        raise SpecError(Diagnostic("config-missing", message, Location("pyproject.toml"), hint))
    shown = Path(from_here(path.parent, path.name))
    # A table that passed its checks once needs no jsonschema again.
    passed = str(cache.get("config", str(path)).get("digest", ""))
    settings = config.load(shown, {passed})
    if settings.digest != passed:
        cache.put("config", str(path), record={"digest": settings.digest})
    return settings


def to_generate(cache: Cache) -> Iterator[Job]:
    """A job for each package of the nearest pyproject.toml, which has some. Raises SpecError."""
    settings = configuration(cache)
    if not settings.packages:
        raise SpecError(no_packages(key_at(settings.path)))
    yield from configured(cache)


def configured(cache: Cache) -> Iterator[Job]:
    """A job for each package of the nearest pyproject.toml, if it has any."""
    settings = configuration(cache)
    for package in settings.packages:
        yield of_package(package, settings.path.parent, settings.path)


def configured_if_any(cache: Cache) -> tuple[Job, ...]:
    """All that is configured, nothing where there is no configuration."""
    with _missing_is_fine():
        return tuple(configured(cache))
    return ()


def diff_settings(cache: Cache) -> config.Diff:
    """How changes are judged: as the nearest pyproject.toml says, if there is one."""
    with _missing_is_fine():
        return configuration(cache).diff
    return config.Diff()


@contextmanager
def _missing_is_fine() -> Iterator[None]:
    """No configuration is no error here."""
    try:
        yield
    except SpecError as error:
        if error.diagnostics[0].code != "config-missing":
            raise


def of_source(source: str, cache: Cache) -> tuple[Job, config.Part] | None:
    """The configured job that reads `source` and the part it is read for, if there is one."""
    wanted = Path(source).resolve()
    for job in configured_if_any(cache):
        for input_, part in zip(job.sources, job.package.parts, strict=True):
            if input_ == source or Path(input_).resolve() == wanted:
                return job, part
    return None


def overlays_of(source: str, cache: Cache) -> tuple[str, ...]:
    """What is laid over a document that a user named: as is configured for it. Over a revision of it, what the revision
    has of that."""
    from ..loader.origins import exists

    found = of_source(source, cache)
    revision = ""
    if found is None and not is_path(Path(), source):
        revision, _, path = source.partition(":")
        found = of_source(path, cache) if path and "://" not in source else None
    if found is None:
        return ()
    job, part = found
    overlays = job.overlays[job.package.parts.index(part)]
    if not revision:
        return overlays
    return tuple(
        earlier
        for earlier in (f"{revision}:{path}" for path in overlays if is_path(Path(), path))
        if exists(earlier)
    )


def _from_here(base: Path, source: str) -> str:
    return from_here(base, source) if is_path(base, source) else source


def is_path(base: Path, source: str) -> bool:
    """Whether an input names a file, rather than standard input, a URL or REV:path."""
    if source == "-" or "://" in source:
        return False
    return ":" not in source or (base / source).exists()


def from_here(base: Path, path: str) -> str:
    """A path that is relative to `base`, as seen from the current folder."""
    absolute = base / path
    if Path(path).is_absolute():
        return path
    try:
        return Path(os.path.relpath(absolute)).as_posix()
    except ValueError:  # another drive
        return str(absolute)
