"""Generated files against a folder: what differs, as a diff, and written in one step.

A package folder belongs to the generator only as far as its manifest says. The manifest, `.modelgen.json`,
lists what an earlier run wrote; every other file there is somebody else's and is neither touched nor lost.

Writing builds the whole new folder beside the old one and then swaps the two, so that whoever looks, even
after a kill, sees the old package or the new one. On Linux and macOS the swap is one system call. Elsewhere
it is two renames; a kill between them leaves the old package under a temporary name, and the next run puts
it back.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import Diagnostic, Location, SpecError
from .swap import exchange, parking

MANIFEST = ".modelgen.json"
DISPOSABLE = frozenset({"__pycache__"})
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
            parts = path.split("/")
            if "\\" in path or path == MANIFEST or not {"", ".", ".."}.isdisjoint(parts):
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
        hashes = {path: _hash(text.encode()) for path, text in self.items()}
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
            if not os.path.lexists(folder / path):
                added.append(path)
            elif _content(folder / path) != text.encode():
                changed.append(path)
        self._refuse_foreign((*added, *changed), listed, folder)
        stale = tuple(p for p in sorted(listed - self.keys()) if os.path.lexists(folder / p))
        if added or changed or stale:
            return Changes(tuple(added), tuple(changed), stale)
        match _content(folder / MANIFEST):
            case None:
                return Changes(added=(MANIFEST,))
            case old if old != self.manifest.encode():
                return Changes(changed=(MANIFEST,))
        return Changes()

    def unified_diff(self, folder: Path) -> Iterator[str]:
        """The lines of a diff that turns the folder into the generated files; `patch -p1` applies it."""
        texts = {**self, MANIFEST: self.manifest}
        changes = self.compare(folder)
        for path in sorted((*changes.added, *changes.changed, *changes.stale)):
            old = _content(folder / path)
            before = None if old is None else old.decode(errors="replace")
            yield from _diff(before, texts.get(path), (folder / path).as_posix())

    def write(self, folder: Path) -> Changes:
        """Make the folder hold these files, in one step. An unchanged folder is not touched."""
        with _reported(folder):
            target = Path(os.path.realpath(folder))
            created = _create_parents(target)
            try:
                with _locked(target.parent):
                    _recover(target)
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
                mode = _mode(folder / step)
                is_folder = mode is not None and stat.S_ISDIR(mode)
                if mode is None or (is_folder and str(step) != path):
                    continue
                if is_folder or str(step) not in listed:
                    blocked.append(str(step))
                    break
        if blocked:
            first, *others = (Location(str(folder / path)) for path in sorted(set(blocked)))
            raise SpecError(
                Diagnostic(
                    "would-overwrite",
                    "This file was not generated, and a generated file would overwrite it.",
                    first,
                    "Move it away, or choose another folder or package name.",
                    tuple(others),
                )
            )

    def _replace(self, folder: Path, fresh: frozenset[str]) -> None:
        new = folder.with_name(f"{_prefix(folder)}{os.getpid()}")
        try:
            self._build(folder, new, fresh | {MANIFEST})
            exchange(new, folder)
            _sync(folder.parent)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            if folder.exists():
                shutil.rmtree(parking(folder), ignore_errors=True)

    def _build(self, folder: Path, new: Path, fresh: frozenset[str]) -> None:
        new.mkdir()
        if folder.exists():
            shutil.copymode(folder, new)
            _keep(folder, new, read_manifest(folder) | self.keys() | {MANIFEST})
        for path, text in {**self, MANIFEST: self.manifest}.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in fresh:
                target.write_bytes(text.encode())
            else:  # keeps its time of change
                _link(folder / path, target)
        for path in fresh:
            _sync(new / path)
        for parent in {(new / path).parent for path in fresh}:
            _sync(parent)


def read_manifest(folder: Path) -> frozenset[str]:
    """The paths that an earlier run wrote into a folder."""
    content = _content(folder / MANIFEST)
    if content is None:
        return frozenset()
    try:
        return frozenset(json.loads(content)["files"])
    except (ValueError, KeyError, TypeError):
        raise SpecError(
            Diagnostic(
                "output-manifest",
                "The list of generated files is damaged.",
                Location(str(folder / MANIFEST)),
                "Restore it from version control, or remove the whole folder.",
            )
        ) from None


def is_current(folder: Path, manifest_hash: str) -> bool:
    """Whether a folder holds exactly what the manifest of that hash lists."""
    try:
        content = _content(folder / MANIFEST)
        if content is None or _hash(content) != manifest_hash:
            return False
        listed: dict[str, str] = json.loads(content)["files"]
        for path, expected in listed.items():
            content = _content(folder / path)
            if content is None or _hash(content) != expected:
                return False
    except OSError:
        return False
    return True


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file; a symlink's or folder's content is none of ours."""
    mode = _mode(path)
    return path.read_bytes() if mode is not None and stat.S_ISREG(mode) else None


def _diff(before: str | None, after: str | None, label: str) -> Iterator[str]:
    from difflib import unified_diff

    label = label.lstrip("/")
    if not before and not after:  # an empty file comes or goes, which takes git's own words
        verb = "new" if before is None else "deleted"
        yield f"diff --git a/{label} b/{label}\n{verb} file mode 100644\n"
    lines = unified_diff(
        _lines(before or ""),
        _lines(after or ""),
        "/dev/null" if before is None else f"a/{label}",
        "/dev/null" if after is None else f"b/{label}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as `patch` sees them: only a line feed ends one."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


# --- the new folder -------------------------------------------------------------------------------


def _keep(old: Path, new: Path, listed: frozenset[str], inside: str = "") -> bool:
    """Link everything that is not generated from the old folder into the new one; whether there was any."""
    kept = False
    for entry in os.scandir(old / inside):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name in DISPOSABLE:
                continue
            (new / path).mkdir()
            # An empty folder is somebody's; one that only held generated files goes with them.
            if _keep(old, new, listed, f"{path}/") or not os.listdir(entry):
                shutil.copymode(entry, new / path)
                kept = True
            else:
                (new / path).rmdir()
        elif path not in listed:
            _link(old / path, new / path)
            kept = True
    return kept


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # another file system, or none with hard links
        shutil.copy2(source, target, follow_symlinks=False)


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


def _prefix(folder: Path) -> str:
    return f".{folder.name}.modelgen-"


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


def _recover(folder: Path) -> None:
    """Clean up after a killed run: put an old package back that only its temporary name has, drop the rest."""
    parked = parking(folder)
    if parked.exists() and not folder.exists():
        parked.rename(folder)
    for entry in os.scandir(folder.parent):
        if entry.name.startswith(_prefix(folder)) and entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry, ignore_errors=True)


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
