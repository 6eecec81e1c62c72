"""The manifest of a package folder, `.modelgen.json`: what an earlier run wrote there.

Whoever wrote the folder wrote the manifest too. What it lists is looked at only inside the folder, and not through a
symbolic link.
"""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path, PurePosixPath

from ..errors import Diagnostic, Location, SpecError

MANIFEST = ".modelgen.json"


def is_generated_path(path: object) -> bool:
    """Whether this can be the path of a generated file: relative to the package folder, in it, with `/`."""
    if not isinstance(path, str) or path == MANIFEST or not path.isprintable():
        return False
    return {"\\", ":"}.isdisjoint(path) and {"", ".", ".."}.isdisjoint(path.split("/"))


def read_manifest(folder: Path) -> frozenset[str]:
    """The paths that an earlier run wrote into a folder. Raises SpecError."""
    content = content_of(folder, MANIFEST)
    if content is None:
        return frozenset()
    try:
        return frozenset(_listed(content))
    except ValueError:
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
        content = content_of(folder, MANIFEST)
        if content is None or hash_of(content) != manifest_hash:
            return False
        for path, expected in _listed(content).items():
            content = content_of(folder, path)
            if content is None or hash_of(content) != expected:
                return False
    except (OSError, ValueError):
        return False
    return True


def _listed(content: bytes) -> dict[str, str]:
    """Path -> hash. Raises ValueError where a manifest is none of ours."""
    try:
        match json.loads(content):
            case {"files": dict(files)} if all(map(is_generated_path, files)):
                return files
    except RecursionError:
        pass
    raise ValueError("not a manifest")


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mode_of(folder: Path, path: str) -> int | None:
    """What stands at a path in a folder; None for nothing, or if it would be reached through a symbolic link."""
    try:
        for above in PurePosixPath(path).parents[:-1]:
            if (folder / above).is_symlink():
                return None
        return (folder / path).lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def content_of(folder: Path, path: str) -> bytes | None:
    """The bytes of a regular file; a symlink's or folder's content is none of ours."""
    mode = mode_of(folder, path)
    return (folder / path).read_bytes() if mode is not None and stat.S_ISREG(mode) else None
