"""New content for several files: all of them get it, or none does.

The new bytes are first written beside each file; then they take its place, by one rename each. A failure or an
interrupt between two renames puts back what was there. Only a kill at that moment leaves some files new and the
rest old, none of them half written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A file to be replaced, and where its new and its old bytes stand meanwhile."""

    file: Path
    new: Path
    old: Path


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write these files in this order. Raises OSError; then every file and folder is as it was."""
    replacements = [_replacement(path) for path in contents]
    created: list[Path] = []
    begun: list[_Replacement] = []
    try:
        for item, content in zip(replacements, contents.values(), strict=True):
            _create_parents(item.file, created)
            _stage(item, content)
        for item in replacements:
            begun.append(item)
            item.new.replace(item.file)
            _sync(item.file.parent)
    except BaseException:
        for item in begun:
            _restore(item)
        _clear(replacements)
        for folder in created:
            with suppress(OSError):
                folder.rmdir()
        raise
    _clear(replacements)


def _replacement(path: Path) -> _Replacement:
    file = Path(os.path.realpath(path))  # a symbolic link stays one
    prefix = f"{_prefix(file)}{os.getpid()}"
    return _Replacement(file, file.with_name(f"{prefix}-new"), file.with_name(f"{prefix}-old"))


def _create_parents(file: Path, created: list[Path]) -> None:
    """Create the folders above a file; note them, innermost first."""
    for folder in reversed([parent for parent in file.parents if not parent.exists()]):
        folder.mkdir()
        created.insert(0, folder)


def _stage(item: _Replacement, content: bytes) -> None:
    with item.new.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if item.file.exists():
        shutil.copymode(item.file, item.new)
        try:
            os.link(item.file, item.old)
        except (OSError, NotImplementedError):  # a file system without hard links
            shutil.copy2(item.file, item.old)


def _restore(item: _Replacement) -> None:
    if item.new.exists():  # it never took the place of the old one
        return
    if item.old.exists():
        item.old.replace(item.file)
    else:
        item.file.unlink()


def _prefix(file: Path) -> str:
    return f".{file.name}.modelgen-"


def _clear(replacements: Iterable[_Replacement]) -> None:
    """Remove what this run, or one that was killed, left beside the files."""
    for file in (item.file for item in replacements if item.file.parent.is_dir()):
        for path in file.parent.iterdir():
            if path.name.startswith(_prefix(file)):
                path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
