"""Generated files against a folder: what differs, as a diff, and written in one step.

A package folder belongs to the generator only as far as its manifest says. The manifest, `.modelgen.json`,
lists what an earlier run wrote; every other file there is somebody else's and is neither touched nor lost.

Writing builds the whole new folder beside the old one, swaps the two, and brings over what others wrote
meanwhile. So whoever looks, even after a kill, sees the old package or the new one. On Linux and macOS the
swap is one system call. Elsewhere it is two renames; a kill between them leaves the old package under a
temporary name, and the next run puts it back.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import Diagnostic, Location, SpecError
from .foreign import adopt, discard, foreign, is_missed, keep, link, recover, unfinished
from .manifest import MANIFEST, content_of, hash_of, is_generated_path, mode_of, read_manifest
from .swap import exchange, parking

_ELSEWHERE = "Choose another folder with -o, or with `output` in the configuration."


@dataclass(frozen=True, slots=True)
class Changes:
    """How a folder differs from the generated files. `stale` were written by an earlier run only."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.stale)


class Files(Mapping[str, str]):
    """Texts by path. Paths are relative to the package folder, with `/`."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        for path in texts:
            if not is_generated_path(path):
                raise ValueError(f"not the path of a generated file: {path!r}")
        self._texts = dict(sorted(texts.items()))

    def __getitem__(self, path: str) -> str:
        return self._texts[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def manifest(self) -> str:
        """The text of the manifest: what is generated, and the hash of each file."""
        hashes = {path: hash_of(text.encode()) for path, text in self.items()}
        return json.dumps({"files": hashes}, indent=1) + "\n"

    def compare(self, folder: Path) -> Changes:
        """What writing would change. Raises where it would overwrite a file that is not generated."""
        with _reported(folder):
            return self._compare(folder)

    def _compare(self, folder: Path) -> Changes:
        nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        listed = read_manifest(folder)
        added, changed = [], []
        for path, text in self.items():
            if mode_of(folder, path) is None:
                added.append(path)
            elif content_of(folder, path) != text.encode():
                changed.append(path)
        self._refuse_foreign((*added, *changed), listed, folder)
        stale = tuple(p for p in sorted(listed - self.keys()) if mode_of(folder, p) is not None)
        if added or changed or stale:
            return Changes(tuple(added), tuple(changed), stale)
        match content_of(folder, MANIFEST):
            case None:
                return Changes(added=(MANIFEST,))
            case old if old != self.manifest.encode():
                return Changes(changed=(MANIFEST,))
        return Changes()

    def unified_diff(self, folder: Path, label: str = "") -> Iterator[str]:
        """The lines of a diff that turns the folder into the generated files; `patch -p1` applies it where the folder is
        called `label`, by default as it is called here."""
        texts = {**self, MANIFEST: self.manifest}
        changes = self.compare(folder)
        if not changes:
            return
        for path in sorted({*changes.added, *changes.changed, *changes.stale, MANIFEST}):
            old = content_of(folder, path)
            before = None if old is None else old.decode(errors="replace")
            if before != texts.get(path):
                yield from file_diff(
                    before, texts.get(path), f"{label or folder.as_posix()}/{path}"
                )

    def write(self, folder: Path) -> Changes:
        """Make the folder hold these files, in one step. An unchanged folder is not touched."""
        with _reported(folder):
            target = Path(os.path.realpath(folder))
            created = _create_parents(target)
            try:
                with _locked(target.parent):
                    recover(target)
                    if changes := self.compare(folder):
                        self._replace(target, frozenset((*changes.added, *changes.changed)))
                    return changes
            except BaseException:
                for parent in created:
                    with suppress(OSError):
                        parent.rmdir()
                raise

    def _refuse_foreign(self, paths: tuple[str, ...], listed: frozenset[str], folder: Path) -> None:
        blocked = []
        for path in paths:
            for step in (*reversed(PurePosixPath(path).parents[:-1]), PurePosixPath(path)):
                mode = mode_of(folder, str(step))
                is_folder = mode is not None and stat.S_ISDIR(mode)
                if mode is None or (is_folder and str(step) != path):
                    continue
                if is_folder or str(step) not in listed:
                    blocked.append(str(step))
                    break
        if blocked:
            raise _overwrites(folder, blocked)

    def _replace(self, folder: Path, fresh: frozenset[str]) -> None:
        new, listed = unfinished(folder), read_manifest(folder)
        try:
            self._build(folder, new, fresh | {MANIFEST})
            exchange(new, folder)
        except BaseException:
            discard(new)
            raise
        if parking(folder).exists():
            parking(folder).rename(new)
        if new.exists():
            self._bring_over(new, folder, listed)
            discard(new)
        _sync(folder.parent)

    def _bring_over(self, old: Path, folder: Path, listed: frozenset[str]) -> None:
        """What others wrote into the old folder while the new one was built. Where that stands in the way of a
        generated file, the old folder is put back, and the writer is told."""
        others = [path for path in foreign(old, listed) if is_missed(path, old, folder)]
        blocked = [path for path in others if not self._leaves_room(path)]
        if blocked:
            exchange(old, folder)
            for left in (old, parking(folder)):
                discard(left)
            raise _overwrites(folder, blocked)
        adopt(others, old, folder)

    def _leaves_room(self, path: str) -> bool:
        """Whether a file of somebody else can stand beside the generated ones."""
        above = map(str, PurePosixPath(path).parents[:-1])
        below = f"{path}/"
        return self.keys().isdisjoint((path, *above)) and not any(
            of.startswith(below) for of in self
        )

    def _build(self, folder: Path, new: Path, fresh: frozenset[str]) -> None:
        new.mkdir()
        # first of all, so that what is there after a kill can be told from what is somebody else's
        (new / MANIFEST).write_bytes(self.manifest.encode())
        if folder.exists():
            shutil.copymode(folder, new)
            keep(folder, new, read_manifest(folder) | self.keys() | {MANIFEST})
        for path, text in self.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in fresh:
                target.write_bytes(text.encode())
            else:  # keeps its time of change
                link(folder / path, target)
        for path in fresh:
            _sync(new / path)
        for parent in {(new / path).parent for path in fresh}:
            _sync(parent)


def _overwrites(folder: Path, blocked: Iterable[str]) -> SpecError:
    first, *others = (Location(str(folder / path)) for path in sorted(set(blocked)))
    return SpecError(
        Diagnostic(
            "would-overwrite",
            "This file was not generated, and a generated file would overwrite it.",
            first,
            "Move it away, or choose another folder or package name.",
            tuple(others),
        )
    )


def file_diff(before: str | None, after: str | None, label: str) -> Iterator[str]:
    """The lines of a unified diff of one file; None: there is none."""
    from difflib import unified_diff

    label = label.lstrip("/")
    # in git's own words: only so does an empty file come or go, and what follows is not taken for its text
    quote = '"' if " " in label else ""
    yield f"diff --git {quote}a/{label}{quote} {quote}b/{label}{quote}\n"
    if before is None or after is None:
        yield f"{'new' if before is None else 'deleted'} file mode 100644\n"
    end = "\t" if quote else ""
    lines = unified_diff(
        _lines(before or ""),
        _lines(after or ""),
        "/dev/null" if before is None else f"a/{label}{end}",
        "/dev/null" if after is None else f"b/{label}{end}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as `patch` sees them: only a line feed ends one."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _create_parents(folder: Path) -> list[Path]:
    """The folders above that did not exist, innermost first."""
    created: list[Path] = []
    missing = [parent for parent in folder.parents if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir()
        created.insert(0, parent)
    return created


# --- leftovers and failures -----------------------------------------------------------------------


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system has advisory locks. A killed process holds none."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


_FAULTS = {
    errno.ENOSPC: ("output-disk-full", "The disk is full.", "Free some space and run it again."),
    errno.EDQUOT: ("output-disk-full", "The disk quota is used up.", "Free some space."),
    errno.EACCES: ("output-not-writable", "There is no permission to write here.", _ELSEWHERE),
    errno.EPERM: ("output-not-writable", "There is no permission to write here.", _ELSEWHERE),
    errno.EROFS: ("output-not-writable", "The file system is read-only.", _ELSEWHERE),
    errno.ENOTDIR: ("output-not-a-folder", "A file stands where a folder is needed.", _ELSEWHERE),
    errno.EEXIST: ("output-not-a-folder", "A file stands where a folder is needed.", _ELSEWHERE),
}


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        other = ("output-failed", f"The package cannot be written: {error.strerror or error}.", "")
        code, message, hint = _FAULTS.get(error.errno or 0, other)
        raise SpecError(Diagnostic(code, message, Location(str(folder)), hint)) from error
