"""Folders of expected files: what differs from them, and how they are written anew."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path


def written(folder: Path) -> dict[str, str]:
    """The files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.glob("**/*"))
        if path.is_file()
    }


def update(folder: Path, texts: Mapping[str, str]) -> None:
    """Write these files, and remove those that nothing writes."""
    for path in written(folder).keys() - texts.keys():
        (folder / path).unlink()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def difference(folder: Path, texts: Mapping[str, str]) -> str:
    """What is not as written down; empty if all is."""
    expected = written(folder)
    parts = [f"missing: {path}" for path in sorted(expected.keys() - texts.keys())]
    parts += [f"extra: {path}" for path in sorted(texts.keys() - expected.keys())]
    for path in sorted(expected.keys() & texts.keys()):
        old, new = expected[path].splitlines(), texts[path].splitlines()
        parts += unified_diff(old, new, path, "generated now", lineterm="")
    return "\n".join(parts)
