"""Two documents as the packages that they make, and what became of each name of the first in the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..diff.alignment import aligned
from ..diff.changes import Facts
from ..diff.parts import parts as parts_of
from ..diff.run import side_of
from ..emit.modules import DEFAULT_MODULE
from ..emit.names import type_names
from ..loader import Documents
from ..normalizer import normalize
from ..pipeline import generate
from ..project.config import Package
from ..reconcile.resolution import Resolution
from . import pairs
from .fates import Fates
from .surface import Surface, surface
from .table import table


@dataclass(frozen=True, slots=True)
class Version:
    """A document, how it becomes Python, and the import name of its package."""

    documents: Documents
    package: Package
    root: str

    def files(self) -> Mapping[str, str]:
        """The package, as dataclasses, which a checker knows without further ado."""
        plain = replace(self.package, style="dataclass", deny=())
        return generate(self.documents, plain).files

    def names(self) -> dict[str, str]:
        """The Python names of its types, by key."""
        part = self.package.parts[0]
        api = normalize(self.documents, part.select, operations=part.operation_globs)
        modules = (DEFAULT_MODULE, *(rule.name for rule in part.modules))
        return type_names(api, self.documents.names(part.names), modules)[0]


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of each name, and the package of OLD."""

    fates: Fates
    files: Mapping[str, str]


def by_comparison(old: Version, new: Version, facts: Facts) -> Compared:
    """What a comparison of the documents says. Raises SpecError."""
    theirs = parts_of(new.documents)
    ours = aligned(parts_of(old.documents), theirs)
    sides = (
        side_of(old.documents, old.package, old.package.select, {} if old.package.select else ours),
        side_of(
            new.documents, new.package, new.package.select, {} if new.package.select else theirs
        ),
    )
    return _compared(old, new, pairs.compared(*sides, facts))


def by_map(old: Version, new: Version, variants: tuple[str, str], map_: Resolution) -> Compared:
    """What the map of a package says of two of its variants. Raises SpecError."""
    found = pairs.mapped(map_, *variants, (old.names(), new.names()))
    return _compared(old, new, found)


def _compared(old: Version, new: Version, found: pairs.Pairs) -> Compared:
    files = old.files()
    surfaces: tuple[Surface, Surface] = surface(files, old.root), surface(new.files(), new.root)
    return Compared(table(*surfaces, found), files)
