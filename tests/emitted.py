"""Generate a package in this process and import it, for tests that need many of them.

A package lives in a folder of its own under a name that no other has, until the `with` ends.
"""

from __future__ import annotations

import ast
import importlib
import io
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from modelgen import ir
from modelgen.emit.conversions.files import SUPPORT as CONVERSION_SUPPORT
from modelgen.emit.parts import SUPPORT
from modelgen.loader import load
from modelgen.pipeline import Generated, generate
from modelgen.project import config

_NUMBERS = itertools.count()
_COMPILED: dict[str, CodeType] = {}


def document(schemas: Mapping[str, Any], openapi: str = "3.1.0") -> dict[str, Any]:
    """An OpenAPI document of these component schemas."""
    info = {"title": "Test", "version": "1"}
    return {"openapi": openapi, "info": info, "paths": {}, "components": {"schemas": dict(schemas)}}


def generated(data: Mapping[str, Any], style: str = "dataclass", name: str = "models") -> Generated:
    """What the generator makes of a document."""
    text = json.dumps(data).encode()
    package = config.Package(name=name, input="-", style=style)
    return generate(load("-", stdin=io.BytesIO(text)), package)


def identifiers(code: str) -> set[str]:
    """Every name that a module defines or uses."""
    kinds = ("id", "name", "attr", "arg")
    names = (getattr(node, kind, None) for node in ast.walk(ast.parse(code)) for kind in kinds)
    return {name for name in names if isinstance(name, str)}


def numbered(code: str, given: str) -> list[str]:
    """The identifiers of a module that end in a number which the given text does not have, dates as one number."""
    numbers = {re.sub(r"\D", "", number) for number in re.findall(r"[0-9]+(?:[-_.][0-9]+)*", given)}
    ends = {name: re.search(r"[0-9]+(?:_[0-9]+)*$", name) for name in sorted(identifiers(code))}
    return [name for name, end in ends.items() if end and end[0].replace("_", "") not in numbers]


@dataclass(frozen=True, slots=True)
class Emitted:
    """An imported package, and the anomalies of its document."""

    package: ModuleType
    anomalies: tuple[ir.Anomaly, ...]
    files: Mapping[str, str]

    def type(self, name: str) -> Any:
        return getattr(self.package, name)

    @property
    def schema_map(self) -> Any:
        return json.loads(self.files["schema_map.json"])


@contextmanager
def imported(data: Mapping[str, Any], style: str = "dataclass") -> Iterator[Emitted]:
    """The package of a document, for the length of a `with`."""
    name = f"emitted_{next(_NUMBERS)}"
    made = generated(data, style, name)
    with (
        tempfile.TemporaryDirectory(prefix="emitted-") as folder,
        importable(name, folder, made.files) as package,
    ):
        yield Emitted(package, made.anomalies, made.files)


@contextmanager
def importable(name: str, folder: str, files: Mapping[str, str]) -> Iterator[ModuleType]:
    """The package of these files, imported from a folder for the length of a `with`."""
    write(Path(folder) / name, files)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        package = importlib.import_module(name)
        for module in (*SUPPORT, *CONVERSION_SUPPORT):
            if module in files and module != "_pydantic.py":
                _load_support(name, module, folder, files)
        yield package
    finally:
        sys.dont_write_bytecode = kept
        sys.path.remove(folder)
        for module in [m for m in sys.modules if m.partition(".")[0] == name]:
            del sys.modules[module]
        sys.path_importer_cache.pop(folder, None)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def _load_support(name: str, path: str, folder: str, files: Mapping[str, str]) -> None:
    """Import a support module from code that is compiled once for all packages."""
    bare = f"{name}.{path.removesuffix('.py')}"
    if bare in sys.modules:
        return
    code = _COMPILED.get(path)
    if code is None:
        code = _COMPILED[path] = compile(files[path], path, "exec")
    spec = importlib.util.spec_from_file_location(bare, f"{folder}/{name}/{path}")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[bare] = module
    exec(code, module.__dict__)
    setattr(sys.modules[name], bare.rpartition(".")[2], module)
