"""What the last run of each target read and wrote, so that a run with nothing to do ends at once.

A record is a hint, never a source: it holds hashes only, and a missing, damaged or unwritable one costs time,
not correctness.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..disk.files import Files
from ..disk.manifest import is_current
from .config import Package

PROJECT = Path(__file__).parents[1]


class Cache:
    """Small JSON records in one folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _default_folder()

    def get(self, *key: str) -> Mapping[str, Any]:
        try:
            record = json.loads(self._path(key).read_bytes())
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def put(self, *key: str, record: Mapping[str, object]) -> None:
        path = self._path(key)
        partial = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(record))
            partial.replace(path)

    def _path(self, key: tuple[str, ...]) -> Path:
        return self._folder / f"{_digest(*key)[:32]}.json"


def remembered(
    cache: Cache, package: Package, sources: Sequence[str], folder: Path
) -> Mapping[str, Any]:
    """The counts of the run that wrote `folder`, if the same run now would write it just so; else empty."""
    record = cache.get(*_key(sources, folder))
    try:
        documents = {path: _hash(Path(path)) for path in record["documents"]}
        same = record["fingerprint"] == _fingerprint(package, documents)
        if same and is_current(folder, record["manifest"]):
            counts: Mapping[str, Any] = record["counts"]
            return counts
    except (OSError, KeyError, TypeError, ValueError):
        pass
    return {}


def remember(
    cache: Cache,
    package: Package,
    sources: Sequence[str],
    folder: Path,
    documents: Mapping[str, str],
    files: Files,
    counts: Mapping[str, int],
) -> None:
    """Record a finished run. `documents` has the hash of every file that was read."""
    with suppress(OSError):
        record = {
            "documents": sorted(documents),
            "fingerprint": _fingerprint(package, documents),
            "manifest": hashlib.sha256(files.manifest.encode()).hexdigest(),
            "counts": counts,
        }
        cache.put(*_key(sources, folder), record=record)


def _key(sources: Sequence[str], folder: Path) -> tuple[str, ...]:
    return (str(folder.resolve()), *(str(Path(source).resolve()) for source in sources))


def _fingerprint(package: Package, documents: Mapping[str, str]) -> str:
    """Everything the output follows from: the documents, the settings, the generator, and its formatter."""
    generator = {str(path): _hash(path) for path in _generator_files()}
    settings = json.dumps(asdict(package), sort_keys=True)
    return _digest(settings, json.dumps([sorted(documents.items()), generator]))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _generator_files() -> Iterable[Path]:
    templates = PROJECT / "templates"
    if not templates.is_dir():  # a checkout: beside the source root, not inside the package
        templates = PROJECT.parents[1] / "templates"
    for root in (PROJECT, templates):
        files = (path for path in root.rglob("*") if path.suffix not in (".pyc", ""))
        yield from sorted(path for path in files if path.is_file())
    version = find_spec("_black_version")  # names the version, without importing black
    if version is not None and version.origin:
        yield Path(version.origin)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _default_folder() -> Path:
    if folder := os.environ.get("MODELGEN_CACHE_DIR"):
        return Path(folder)
    from platformdirs import user_cache_path

    return user_cache_path("modelgen")
