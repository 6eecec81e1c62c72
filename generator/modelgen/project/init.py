"""A starting configuration for a document: a `[tool.modelgen]` table with comments, added to a pyproject.toml."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..disk.replace import replace_files
from ..emit.styles import STYLES
from ..errors import Diagnostic, Location, SpecError
from . import config
from .jobs import is_path

# What a document is called where nobody chose a name.
USUAL_NAMES = tuple(f"openapi.{ending}" for ending in ("yaml", "yml", "json"))


@dataclass(frozen=True, slots=True)
class Start:
    """What was written. `document` and the folder `package` are as seen from the current folder."""

    path: Path
    is_new: bool
    document: str
    is_fetched: bool
    package: Path
    schemas: int


def find_document(folder: Path) -> Path:
    """The document in a folder that has exactly one of the usual names. Raises SpecError."""
    paths = [folder / name for name in USUAL_NAMES if (folder / name).is_file()]
    match paths:
        case [path]:
            return path
        case []:
            message = f"There is no {', '.join(USUAL_NAMES[:-1])} or {USUAL_NAMES[-1]} here."
        case _:
            message = f"There are several: {', '.join(path.name for path in paths)}."
    hint = "Name the document: modelgen init INPUT."
    raise SpecError(Diagnostic("init-input", message, Location(str(folder)), hint))


def read(path: Path, name: str, source: str) -> bytes:
    """A pyproject.toml that a table for the package `name` of a document can be added to, b"" if there is no file. Raises
    SpecError."""
    if not path.exists():
        return b""
    _, table = config.read(path)
    if table is not None:
        message = f"{path.name} has a [tool.modelgen] table already."
        raise _refusal(path, message, name, _kept(path, name, source))
    return path.read_bytes()


def write(path: Path, old: bytes, name: str, source: str, document: Any) -> Start:
    """Add a table for the package `name` to a pyproject.toml that holds `old`. Raises SpecError.

    `source` is the document as seen from the current folder, `document` its data.
    """
    is_fetched = source.startswith("https://")
    kept = _kept(path, name, source)
    output = "src" if (path.parent / "src").is_dir() else "."
    schemas = document.get("components", {}).get("schemas", {})
    lines = [
        *(_source(name, source, kept) if is_fetched else ()),
        *_package(name, kept, output),
    ]
    text = "".join(f"{line}\n" for line in lines).encode()
    try:
        replace_files({path: _joined(old, text) if old else text})
    except tomllib.TOMLDecodeError:
        message = "A table cannot be added, since `tool` is not written as a table of its own."
        raise _refusal(path, message, name, kept) from None
    folder = Path(os.path.normpath(path.parent / output / name))
    shown = (path.parent / kept).as_posix() if is_fetched else source
    return Start(path, not old, shown, is_fetched, folder, len(schemas))


def _source(name: str, url: str, path: str) -> Iterator[str]:
    yield "# `modelgen fetch` brings this document, and pins it in modelgen.lock."
    yield f"[tool.modelgen.sources.{_key(name)}]"
    yield f"url = {_toml(url)}"
    yield f"path = {_toml(path)}"
    yield ""


def _package(name: str, source: str, output: str) -> Iterator[str]:
    yield "# `modelgen generate` writes this package, `modelgen check` tells whether it is up to date."
    yield f"[tool.modelgen.packages.{_key(name)}]"
    yield f"input = {_toml(source)}"
    yield f"output = {_toml(output)}  # the folder that holds {name}/"
    default, *others = map(_toml, STYLES)
    yield f"style = {default}  # or {', '.join(others)}"
    yield '# select = ["Pet*"]  # only components of these names, and what they refer to'


def _joined(old: bytes, text: bytes) -> bytes:
    """Raises TOMLDecodeError if the two make no TOML."""
    gap = b"\n" if old.endswith(b"\n") else b"\n\n"
    added = gap + text
    if b"\r\n" in old:
        added = added.replace(b"\n", b"\r\n")
    tomllib.loads((old + added).decode())
    return old + added


def _kept(path: Path, name: str, source: str) -> str:
    """The document as the configuration names it, which stands beside `path`."""
    if source.startswith("https://"):
        return f"specs/{name}{'.json' if urlsplit(source).path.endswith('.json') else '.yaml'}"
    if is_path(Path(), source):
        return Path(os.path.relpath(source, path.parent)).as_posix()
    return source


def _refusal(path: Path, message: str, name: str, kept: str) -> SpecError:
    table = f"[tool.modelgen.packages.{_key(name)}] with input = {_toml(kept)}"
    hint = f"Nothing was changed. Write by hand: {table}."
    return SpecError(Diagnostic("init-refused", message, Location(str(path)), hint))


def _key(name: str) -> str:
    return name if name.isascii() else _toml(name)


def _toml(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for a character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
