"""Files of somebody else in and around a package folder: kept, brought over, and never removed.

While a package is written, its new folder stands beside it under a name that only a writer gives. After a kill that may
be the new folder, half built, or the old one: the manifest in it says what of it was generated.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ..errors import SpecError
from .manifest import MANIFEST, mode_of, read_manifest
from .swap import parking

DISPOSABLE = frozenset({"__pycache__"})


def unfinished(folder: Path) -> Path:
    """Where this process builds the new content of a folder."""
    return folder.with_name(f".{folder.name}.modelgen-{os.getpid()}")


def keep(old: Path, new: Path, listed: frozenset[str], inside: str = "") -> bool:
    """Link everything that is not generated from the old folder into the new one; whether there was any."""
    kept = False
    for entry in os.scandir(old / inside):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name in DISPOSABLE:
                continue
            (new / path).mkdir()
            # An empty folder is somebody's; one that only held generated files goes with them.
            if keep(old, new, listed, f"{path}/") or not os.listdir(entry):
                shutil.copymode(entry, new / path)
                kept = True
            else:
                (new / path).rmdir()
        elif path not in listed:
            link(old / path, new / path)
            kept = True
    return kept


def link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # another file system, or none with hard links
        shutil.copy2(source, target, follow_symlinks=False)


def foreign(folder: Path, listed: frozenset[str], inside: str = "") -> Iterator[str]:
    """The files of a folder that are not listed."""
    for entry in os.scandir(folder / inside):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in DISPOSABLE:
                yield from foreign(folder, listed, f"{path}/")
        elif path not in listed and path != MANIFEST:
            yield path


def is_missed(path: str, old: Path, folder: Path) -> bool:
    """Whether a file of the old folder is not in the new one, or another one than that is."""
    try:
        there = (folder / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    here = (old / path).lstat()
    if os.path.samestat(here, there):
        return False
    if stat.S_ISREG(here.st_mode) and stat.S_ISREG(there.st_mode):
        return (old / path).read_bytes() != (folder / path).read_bytes()
    return True


def adopt(paths: Iterable[str], old: Path, folder: Path) -> None:
    """Move files of the old folder to where they are in the new one."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).replace(folder / path)


def recover(folder: Path) -> None:
    """Clean up after a killed run: put an old package back that only its temporary name has, drop the rest. What may
    be somebody else's is brought over, or left where it is."""
    parked = parking(folder)
    if parked.exists() and not folder.exists():
        parked.rename(folder)
    ours = re.compile(rf"\.{re.escape(folder.name)}\.modelgen-(?:\d+|old)", re.ASCII)
    for entry in os.scandir(folder.parent):
        if ours.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            left = Path(entry)
            if _bring_back(left, folder):
                discard(left)


def discard(folder: Path) -> None:
    """Remove a folder, its manifest last: after a kill, what is left still says what of it was generated."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != MANIFEST:
                os.unlink(entry)
    shutil.rmtree(folder, ignore_errors=True)


def _bring_back(left: Path, folder: Path) -> bool:
    """Whether nothing is lost with a folder that a killed run left."""
    try:
        others = list(foreign(left, frozenset()))
        if others:  # the manifest is written first, and need not be whole before there is more
            listed = read_manifest(left)
            others = [
                path for path in others if path not in listed and is_missed(path, left, folder)
            ]
        if mode_of(left, MANIFEST) is None or not folder.exists():
            return not others
        if any(mode_of(folder, path) is not None for path in others):
            return False
        adopt(others, left, folder)
    except (OSError, SpecError):
        return False
    return True
