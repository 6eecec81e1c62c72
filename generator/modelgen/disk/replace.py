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
class _Place:
    """A file to be replaced, and where its new and its old bytes stand meanwhile."""

    file: Path
    new: Path
    old: Path


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write these files in this order. Raises OSError; then every file and folder is as it was."""
    places = [_place(path) for path in contents]
    created: list[Path] = []
    begun: list[_Place] = []
    try:
        for place, content in zip(places, contents.values(), strict=True):
            _create_parents(place.file, created)
            _stage(place, content)
        for place in places:
            begun.append(place)
            place.new.replace(place.file)
            _sync(place.file.parent)
    except BaseException:
        for place in begun:
            _restore(place)
        _clear(places)
        for folder in created:
            with suppress(OSError):
                folder.rmdir()
        raise
    _clear(places)


def _place(path: Path) -> _Place:
    file = Path(os.path.realpath(path))  # a symbolic link stays one
    prefix = f"{_prefix(file)}{os.getpid()}"
    return _Place(file, file.with_name(f"{prefix}-new"), file.with_name(f"{prefix}-old"))


def _create_parents(file: Path, created: list[Path]) -> None:
    """Create the folders above a file; note them, innermost first."""
    for folder in reversed([parent for parent in file.parents if not parent.exists()]):
        folder.mkdir()
        created.insert(0, folder)


def _stage(place: _Place, content: bytes) -> None:
    with place.new.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if place.file.exists():
        shutil.copymode(place.file, place.new)
        try:
            os.link(place.file, place.old)
        except (OSError, NotImplementedError):  # a file system without hard links
            shutil.copy2(place.file, place.old)


def _restore(place: _Place) -> None:
    if place.new.exists():  # it never took the place of the old one
        return
    if place.old.exists():
        place.old.replace(place.file)
    else:
        place.file.unlink()


def _prefix(file: Path) -> str:
    return f".{file.name}.modelgen-"


def _clear(places: Iterable[_Place]) -> None:
    """Remove what this run, or one that was killed, left beside the files."""
    for file in (place.file for place in places if place.file.parent.is_dir()):
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
