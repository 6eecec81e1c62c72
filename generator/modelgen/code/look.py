"""A folder of code and the table of names -> the uses in all of its files, and the edits of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .fates import Fates
from .find import find
from .sources import Source, Unread, files, module_names, read
from .types import checked
from .uses import Edits, Use


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. `edits` are in the order of the files."""

    uses: tuple[Use, ...]
    edits: tuple[tuple[Source, Edits], ...]
    unread: tuple[Unread, ...]
    count: int


def look(folder: Path, fates: Fates, package: Mapping[str, str]) -> Looked:
    """What code below a folder uses of the names of a package, whose files are given. Raises SpecError."""
    paths, _ = files(folder)
    named = dict(module_names(paths, folder))
    sources: list[tuple[Source, str]] = []
    unread: list[Unread] = []
    for path in paths:
        source = read(path)
        if isinstance(source, Unread):
            unread.append(source)
        else:
            sources.append((source, named[path]))
    types = checked(sources, package, fates.roots[0])
    found = [(source, *find(source, types, fates)) for source, _ in sources]
    return Looked(
        tuple(use for _, uses, _ in found for use in uses),
        tuple((source, edits) for source, _, edits in found if edits),
        tuple(unread),
        len(paths),
    )


def root_in(folder: Path, name: str) -> str:
    """What code in a folder calls the package of that name: another name, if it was generated inside another package."""
    for place in _generated(folder, name):
        top = place.parent
        while (top / "__init__.py").exists() and top != top.parent:
            top = top.parent
        return ".".join(place.relative_to(top).parts)
    return name


def _generated(folder: Path, name: str) -> Iterator[Path]:
    return (place for place in files(folder)[1] if place.name == name)
