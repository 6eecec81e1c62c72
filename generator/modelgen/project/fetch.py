"""Upstream documents: brought to their paths, pinned in the lock file, and compared with it.

Everything is fetched and read as OpenAPI before anything is written; then the documents are replaced and, last, the
lock file. If any of it fails, all of it is as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ..disk.replace import replace_files
from ..errors import Diagnostic, Location, SpecError
from ..loader import parse_root
from ..loader.fetch import fetch_newer
from . import lock
from .config import Config, Source
from .inside import inside
from .lock import Pin

EXAMPLE = '[tool.modelgen.sources.NAME] with url = "https://…" and path = "specs/….yaml"'
_FETCH = "Run `modelgen fetch`, and commit what it changes."


@dataclass(frozen=True, slots=True)
class Brought:
    """A document at its path. `before` is the sha256 of what was there, "" if nothing was."""

    path: Path
    size: int
    before: str
    sha256: str


def fetch(
    settings: Config, name: str | None, private: bool, progress: Callable[[str], None]
) -> tuple[Brought, ...]:
    """Bring the source of that name, or all, up to date. Raises SpecError; then nothing was changed."""
    lock_path = settings.path.with_name(lock.NAME)
    with _reported(lock_path):
        pins = lock.read(lock_path)
        fresh: dict[Path, bytes] = {}
        brought = []
        for source in _chosen(settings, name):
            progress(f"fetching {source.url}")
            path = _path(settings, source)
            with _unchanged(path):
                before, size = _digest(path)
                pin, body = _newest(source, path, pins.get(source.name), before, size, private)
            if body is not None:
                fresh[path] = body
            pins[source.name] = pin
            brought.append(Brought(path, pin.size, before, pin.sha256))
        configured = {source.name for source in settings.sources}
        text = lock.text({key: pin for key, pin in pins.items() if key in configured}).encode()
        if not lock_path.exists() or lock_path.read_bytes() != text:
            fresh[lock_path] = text
        replace_files(fresh)
    return tuple(brought)


def verify(settings: Config, name: str | None) -> tuple[Brought, ...]:
    """Compare the source of that name, or all, with the lock file. Reads local files only."""
    lock_path = settings.path.with_name(lock.NAME)
    kept = []
    faults: list[Diagnostic] = []
    with _reported(lock_path):
        pins = lock.read(lock_path)
        for source in _chosen(settings, name):
            path = _path(settings, source)
            pin = pins.get(source.name)
            sha256, size = _digest(path)
            if fault := _fault(source, pin, sha256, lock_path, path):
                faults.append(fault)
            kept.append(Brought(path, size, sha256, sha256))
    if faults:
        raise SpecError(faults)
    return tuple(kept)


def _newest(
    source: Source, path: Path, pin: Pin | None, sha256: str, size: int, private: bool
) -> tuple[Pin, bytes | None]:
    """The pin of what is upstream now, and its bytes if they are not on disk yet."""
    is_pinned = pin is not None and pin.url == source.url and pin.sha256 == sha256
    etag = pin.etag if pin and is_pinned else ""
    answer = fetch_newer(source.url, etag, allow_private_hosts=private)
    if answer is None:
        assert pin
        return pin, None
    # The name says both, and ends as the path does: that decides whether YAML will do.
    parse_root(f"{source.url} -> {path.as_posix()}", answer.body)
    new = Pin(source.url, hashlib.sha256(answer.body).hexdigest(), len(answer.body), answer.etag)
    if new.sha256 != sha256:
        return new, answer.body
    # A new ETag for the same bytes is no news, and must not look like a change in version control.
    return (pin if pin and is_pinned else new), None


def _fault(
    source: Source, pin: Pin | None, sha256: str, lock_path: Path, path: Path
) -> Diagnostic | None:
    if pin is None:
        message = f'The lock file does not have the source "{source.name}".'
        return Diagnostic("lock-missing", message, Location(lock_path.as_posix()), _FETCH)
    if pin.url != source.url:
        message = f'The lock file has the source "{source.name}" from another URL: {pin.url}.'
        return Diagnostic("lock-outdated", message, Location(lock_path.as_posix()), _FETCH)
    if pin.sha256 == sha256:
        return None
    message = f"The document is not the one in the lock file: sha256 {sha256}, not {pin.sha256}."
    if not sha256:
        message = "The document that the lock file names is not there."
    hint = "Restore it from version control, or run `modelgen fetch` to take what is upstream now."
    return Diagnostic("lock-mismatch", message, Location(path.as_posix()), hint)


def _chosen(settings: Config, name: str | None) -> tuple[Source, ...]:
    at = Location(str(settings.path))
    if not settings.sources:
        message = "No [tool.modelgen.sources] are configured."
        raise SpecError(Diagnostic("config-missing", message, at, f"Add {EXAMPLE}."))
    if name is None:
        return settings.sources
    for source in settings.sources:
        if source.name == name:
            return (source,)
    known = [source.name for source in settings.sources]
    close = get_close_matches(name, known, 1)
    hint = f'Did you mean "{close[0]}"?' if close else f"There are: {', '.join(known)}."
    raise SpecError(Diagnostic("unknown-source", f'There is no source "{name}".', at, hint))


def _path(settings: Config, source: Source) -> Path:
    return inside(settings.path, source.path, f"sources.{source.name}.path")


def _digest(path: Path) -> tuple[str, int]:
    """The sha256 and the size of a file; of none if there is no file."""
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            return sha256, stream.tell()
    except (FileNotFoundError, NotADirectoryError):
        return "", 0


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """What went wrong upstream, with the word that nothing happened here."""
    try:
        yield
    except SpecError as error:
        kept = f"{path.as_posix()} is as it was."
        raise SpecError(
            replace(item, hint=f"{item.hint} {kept}".lstrip()) for item in error.diagnostics
        ) from None


@contextmanager
def _reported(lock_path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        at = Location(str(error.filename or lock_path))
        message = f"This cannot be read or written: {error.strerror or error}."
        hint = "Nothing was changed. Check the path, its permissions and the space on the disk."
        raise SpecError(Diagnostic("fetch-not-written", message, at, hint)) from None
