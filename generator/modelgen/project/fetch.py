"""Upstream documents: brought to their paths, pinned in the lock file, and compared with it.

Everything is fetched and read as OpenAPI before anything is written; then the documents are replaced and, last, the
lock file. If any of it fails, all of it is as it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from ..disk.replace import replace_files
from ..errors import Diagnostic, Location, SpecError
from ..loader import load_data, parse, parse_root
from ..loader.fetch import Answer, fetch_newer
from ..loader.origins import Reach, committed, origin
from . import lock
from .config import Config, Source
from .inside import inside
from .jobs import from_here, is_path
from .lock import Pin, Taken
from .taking import taken

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
    settings: Config,
    name: str | None,
    private: bool,
    today: date,
    progress: Callable[[str], None],
) -> tuple[Brought, ...]:
    """Bring the source of that name, or all, up to date. Raises SpecError; then nothing was changed."""
    lock_path = settings.path.with_name(lock.NAME)
    with _reported(lock_path):
        pins = lock.read(lock_path)
        fresh: dict[Path, bytes] = {}
        brought = []
        for source in chosen(settings, name):
            progress(f"fetching {source.url}")
            path = path_of(settings, source)
            with _unchanged(path):
                before, size = _digest(path)
                base = settings.path.parent
                pin, body = _newest(
                    source, base, path, pins.get(source.name), before, private, today
                )
            if body is not None:
                fresh[path] = body
                size = len(body)
            pins[source.name] = pin
            brought.append(Brought(path, size, before, pin.kept))
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
        for source in chosen(settings, name):
            path = path_of(settings, source)
            pin = pins.get(source.name)
            sha256, size = _digest(path)
            overlays = _overlay_hashes(settings.path.parent, source)
            if fault := _fault(source, pin, sha256, overlays, lock_path, path):
                faults.append(fault)
            kept.append(Brought(path, size, sha256, sha256))
    if faults:
        raise SpecError(faults)
    return tuple(kept)


def _newest(
    source: Source,
    base: Path,
    path: Path,
    pin: Pin | None,
    sha256: str,
    private: bool,
    today: date,
) -> tuple[Pin, bytes | None]:
    """The pin of what is upstream now, and the bytes that are kept of it if they are not on disk yet. `sha256` is of what
    is there."""
    overlays = _overlay_hashes(base, source)
    is_pinned = pin is not None and pin.kept == sha256 and _is_taken_so(source, pin, overlays)
    answer = _read(source, base, pin.etag if pin and is_pinned else "", private)
    if answer is None:
        assert pin
        return pin, None
    # The name says both, and ends as the path does: that decides whether YAML will do.
    document = parse_root(f"{source.url} -> {path.as_posix()}", answer.body)
    upstream = hashlib.sha256(answer.body).hexdigest()
    if pin and is_pinned and pin.sha256 == upstream:
        # A new ETag for the same bytes is no news, and must not look like a change in version control.
        return pin, None
    is_known = pin is not None and pin.url == source.url and pin.sha256 == upstream
    day = pin.date if pin and is_known else answer.date or today.isoformat()
    info = document.data.get("info")
    version = info.get("version", "") if isinstance(info, dict) else ""
    new = Pin(
        url=source.url,
        sha256=upstream,
        size=len(answer.body),
        etag=answer.etag,
        version=version if isinstance(version, str) else "",
        date=day,
    )
    if pin and pin.url == source.url and not is_known:
        _check_direction(source, pin, new)
    body = answer.body
    if not source.is_whole:
        laid = [load_data(from_here(base, each)) for each in source.overlays]
        written = parse(source.url, answer.body)  # not yet read as OpenAPI 3
        body = taken(source, written, laid)
        parse_root(path.as_posix(), body)
        new = replace(
            new,
            taken=Taken(
                sha256=hashlib.sha256(body).hexdigest(),
                select=source.select,
                operations=source.operations,
                prose=source.prose,
                overlays=overlays,
            ),
        )
    return new, (body if new.kept != sha256 else None)


def _read(source: Source, base: Path, etag: str, private: bool) -> Answer | None:
    """What is at the source now, or None if it still is what `etag` names."""
    if "://" in source.url:
        return fetch_newer(source.url, etag, allow_private_hosts=private)
    here = from_here(base, source.url) if is_path(base, source.url) else source.url
    raw = origin(here, Reach(private_hosts=private), None).read()
    return Answer(raw, date=committed(here, raw))


def _check_direction(source: Source, old: Pin, new: Pin) -> None:
    """Refuse what is older than what is in use."""
    for was, now in ((old.date, new.date), (old.version, new.version)):
        if _numbers(now) < _numbers(was):
            message = (
                f"The source gives a version that is older than the one in use: {now}, not {was}."
            )
            hint = f"Remove {source.name} from {lock.NAME} to go back."
            raise SpecError(Diagnostic("source-older", message, Location(source.url), hint))


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, none if it is not made of numbers."""
    is_one = re.fullmatch(r"\d{1,9}([.-]\d{1,9})*", version, re.ASCII)
    return tuple(int(part) for part in re.split("[.-]", version)) if is_one else ()


def _is_taken_so(source: Source, pin: Pin, overlays: Mapping[str, str]) -> bool:
    """Whether a pin is of this source, and of what it takes now."""
    if pin.url != source.url:
        return False
    if pin.taken is None:
        return source.is_whole
    now = (source.select, source.operations, source.prose, overlays)
    was = pin.taken
    globs = None if was.operations is None else tuple(was.operations)
    return now == (tuple(was.select), globs, was.prose, was.overlays)


def _overlay_hashes(base: Path, source: Source) -> dict[str, str]:
    return {path: _digest(Path(from_here(base, path)))[0] for path in source.overlays}


def _fault(
    source: Source,
    pin: Pin | None,
    sha256: str,
    overlays: Mapping[str, str],
    lock_path: Path,
    path: Path,
) -> Diagnostic | None:
    if pin is None:
        message = f'The lock file does not have the source "{source.name}".'
        return Diagnostic("lock-missing", message, Location(lock_path.as_posix()), _FETCH)
    if pin.url != source.url:
        message = f'The lock file has the source "{source.name}" from another URL: {pin.url}.'
        return Diagnostic("lock-outdated", message, Location(lock_path.as_posix()), _FETCH)
    if not _is_taken_so(source, pin, overlays):
        message = f'The lock file has something else taken of the source "{source.name}".'
        return Diagnostic("lock-outdated", message, Location(lock_path.as_posix()), _FETCH)
    if pin.kept == sha256:
        return None
    message = f"The document is not the one in the lock file: sha256 {sha256}, not {pin.kept}."
    if not sha256:
        message = "The document that the lock file names is not there."
    hint = "Restore it from version control, or run `modelgen fetch` to take what is upstream now."
    return Diagnostic("lock-mismatch", message, Location(path.as_posix()), hint)


def chosen(settings: Config, name: str | None) -> tuple[Source, ...]:
    """The source of that name, or all. Raises SpecError."""
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


def path_of(settings: Config, source: Source) -> Path:
    """Where a source is kept. Raises SpecError."""
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
