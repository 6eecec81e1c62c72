"""The Python files below a folder: found, read in their encoding, and told from what is generated."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..disk.manifest import MANIFEST
from ..errors import Diagnostic, Location, SpecError

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})
_POOL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Source:
    """A file. `plain` is its text with every character beyond ASCII replaced by one within, so that positions in it are
    the same however they are counted."""

    path: Path
    shown: str
    encoding: str
    text: str
    plain: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read as Python, and why."""

    shown: str
    line: int
    column: int
    why: str


def files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The Python files below a folder, and the folders of generated packages there, which are left alone. Links are not
    followed. Raises SpecError if there is no such folder."""
    if not folder.is_dir():
        raise SpecError(
            Diagnostic(
                "code-no-folder",
                "There is no such folder.",
                Location(str(folder)),
                "Name the folder that holds the code.",
            )
        )
    found, generated = [], []
    for here, folders, names in os.walk(folder):
        place = Path(here)
        if MANIFEST in names:
            generated.append(place)
            folders.clear()
            continue
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not (place / name / "pyvenv.cfg").exists()
            and not (place / name).is_symlink()
        )
        found += [
            place / name
            for name in sorted(names)
            if name.endswith(".py") and not (place / name).is_symlink()
        ]
    return found, generated


def read(path: Path) -> Source | Unread:
    """A file as text and as a tree, or why not."""
    shown = path.as_posix()
    try:
        content = path.read_bytes()
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        text = content.decode(encoding)
        ast.parse(text)
        plain = _plain(text)
        return Source(path, shown, encoding, text, plain, ast.parse(plain))
    except UnicodeDecodeError as error:
        return Unread(shown, 0, 0, f"It is not {error.encoding}, as it says or as is usual.")
    except SyntaxError as error:
        return Unread(shown, error.lineno or 0, error.offset or 0, f"{_sentence(error.msg)}")
    except (ValueError, RecursionError, MemoryError, LookupError) as error:
        return Unread(shown, 0, 0, _sentence(str(error)))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _plain(text: str) -> str:
    """The text in ASCII, character for character. Names stay different from each other."""
    if text.isascii():
        return text
    names = {
        token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME
    }
    foreign = sorted({char for name in names for char in name if not char.isascii()})
    letters: dict[str, str] = {}
    for char in foreign:
        for letter in _POOL:
            so_far = {**letters, char: letter}
            trial = {"".join(so_far.get(one, one) for one in name) for name in names}
            if len(trial) == len(names):
                letters[char] = letter
                break
        else:
            raise ValueError("its names are beyond ASCII in too many ways")
    return _replaced(text, letters)


def _replaced(text: str, letters: dict[str, str]) -> str:
    return "".join(char if char.isascii() else letters.get(char, "x") for char in text)


def tracked(folder: Path) -> frozenset[Path] | None:
    """The files below a folder that are under version control; None if nothing is."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(folder), "ls-files", "-z", "--full-name", "--", "."],
            capture_output=True,
            check=True,
        ).stdout
        top = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "--show-toplevel"],
            capture_output=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    root = Path(os.fsdecode(top.rstrip(b"\n")))
    return frozenset((root / os.fsdecode(name)).resolve() for name in listed.split(b"\0") if name)


def module_names(paths: list[Path], folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file with the name that imports call it by: from the outermost folder with an `__init__.py`, else from
    `folder`; one that several have goes to the first, and the others get names of their own."""
    taken: set[str] = set()
    for n, path in enumerate(paths):
        top = path.parent
        while (top / "__init__.py").exists() and top != top.parent:
            top = top.parent
        if top == path.parent and path.is_relative_to(folder):
            top = folder
        steps = path.relative_to(top).with_suffix("").parts
        steps = steps[:-1] if steps[-1] == "__init__" else steps
        name = ".".join(steps)
        is_hidden = bool(steps) and steps[0] in sys.stdlib_module_names
        if not name or is_hidden or name in taken or not all(step.isidentifier() for step in steps):
            name = f"_file_{n}"
        taken.add(name)
        yield path, name
