"""Paths of the configuration that name files to publish or to replace: they stay in the folder of pyproject.toml."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import Diagnostic, Location, SpecError


def inside(pyproject: Path, path: str, key: str) -> Path:
    """Where a path of the configuration leads, relative to the folder of `pyproject`. Raises SpecError if that is
    outside, by `..` or through a symbolic link. `key` is what the configuration calls it."""
    folder = pyproject.parent
    found = Path(os.path.normpath(folder / path))
    if not Path(os.path.realpath(found)).is_relative_to(os.path.realpath(folder)):
        message = f"{key} = {path!r} leads outside the folder of {pyproject.name}."
        hint = "Put the file into the folder, or below it, and not as a symbolic link."
        raise SpecError(Diagnostic("config-path-outside", message, Location(str(pyproject)), hint))
    return found
