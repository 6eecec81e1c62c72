"""The real documents of the corpus, whole and in part, and the packages made of them: each made once in a run."""

from __future__ import annotations

import atexit
import importlib
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from emitted import write
from modelgen import ir
from modelgen.commands.inspection import Inspection, inspect
from modelgen.loader import load
from modelgen.loader.document import parse
from modelgen.normalizer import normalize
from modelgen.pipeline import Generated, generate
from modelgen.project import config

NEWEST = "2026-08-21-f85dbe2"
DOCUMENTS = (
    "2024-12-04-7d205ff",
    "2024-12-18-25be478",
    "2025-03-22-1ff8b64",
    "2025-07-04-f7f4b05",
    "2026-05-13-5162af9",
    NEWEST,
)
# what is generated of each document
PARTS: dict[str, tuple[str, ...]] = {"whole": (), "realtime": ("Realtime*",)}
SNAPSHOTS = {"f85dbe2": NEWEST, "f7f4b05": "2025-07-04-f7f4b05"}


def path(corpus: Path, name: str) -> Path:
    return corpus / "openai" / f"{name}.yaml"


def settings(corpus: Path, name: str, part: str, style: str = "dataclass") -> config.Package:
    package = f"{part}_{name.rpartition('-')[2]}_{style}"
    return config.Package(
        name=package, input=str(path(corpus, name)), style=style, select=PARTS[part]
    )


@cache
def raw(corpus: Path, name: str) -> dict[str, Any]:
    """A document as it is written."""
    data: dict[str, Any] = parse(name, path(corpus, name).read_bytes()).data
    return data


@cache
def api(corpus: Path, name: str, part: str) -> ir.Api:
    return normalize(load(str(path(corpus, name))), PARTS[part])


@cache
def inspection(corpus: Path, name: str, part: str) -> Inspection:
    return inspect(load(str(path(corpus, name))), settings(corpus, name, part))


@cache
def made(corpus: Path, name: str, part: str, style: str = "dataclass") -> Generated:
    return generate(load(str(path(corpus, name))), settings(corpus, name, part, style))


@cache
def live(corpus: Path, name: str, part: str = "whole", style: str = "dataclass") -> ModuleType:
    """The package of a document, imported for the rest of the run."""
    package = settings(corpus, name, part, style).name
    write(_folder() / package, made(corpus, name, part, style).files)
    importlib.invalidate_caches()
    return importlib.import_module(package)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sys.path.append(str(folder))
    return folder


def component_names(corpus: Path, name: str, part: str) -> list[str]:
    """The components that a package must have: those of the document, or the chosen ones."""
    schemas = raw(corpus, name)["components"]["schemas"]
    return [key for key in schemas if part == "whole" or key.startswith("Realtime")]
