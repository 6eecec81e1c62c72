"""Whether new facts are the same variant that moved on, or another one; and how another one is configured."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from ..diff.changes import Comparison

_DATED = re.compile(r"\d{4}-\d\d-\d\d")


def other_names(comparison: Comparison) -> tuple[str, ...]:
    """The names that mean something else in new facts: with any of those that are reused, they are another variant."""
    return tuple(
        dict.fromkeys(
            name
            for change in comparison.changes
            if change.rule == "schema-name-reused"
            for name in change.schemas
        )
    )


def new_path(path: str, date: str) -> str:
    """Where the facts of another variant are kept: `specs/2026-05-13-ga.yaml` beside `specs/2025-07-04-ga.yaml`."""
    pure = PurePosixPath(path)
    name = _DATED.sub(date, pure.name, count=1)
    if name == pure.name:
        stem, dot, suffixes = pure.name.partition(".")
        name = f"{stem}-{date}{dot}{suffixes}"
    return pure.with_name(name).as_posix()


def new_name(date: str) -> str:
    """What another variant is called until somebody has a better name."""
    return "v" + date.replace("-", "_")


def has_tables(text: str, source: str, package: str, variant: str) -> bool:
    """Whether a pyproject.toml has the source and the variant as tables of their own, so that a copy can be made."""
    lines = [line.strip() for line in text.splitlines()]
    return all(header in lines for header in _headers(source, package, variant))


def _headers(source: str, package: str, variant: str) -> tuple[str, str]:
    return (
        f"[tool.modelgen.sources.{source}]",
        f"[tool.modelgen.packages.{package}.variants.{variant}]",
    )


def configured(
    text: str, source: str, package: str, variant: str, paths: Mapping[str, str], name: str
) -> str:
    """A pyproject.toml with one more variant, like the one that there is; the source leads to it. `paths`: what the old
    variant reads -> what the new one does."""
    lines = text.splitlines(keepends=True)
    of_source, of_variant = _headers(source, package, variant)
    first, last = _table(lines, of_source)
    for index in range(first, last):
        if lines[index].startswith("path"):
            lines[index] = _led_elsewhere(lines[index], paths)
    first, last = _table(lines, of_variant)
    while not lines[last - 1].strip():
        last -= 1
    new = [_led_elsewhere(line, paths) for line in lines[first + 1 : last]]
    lines[last:last] = ["\n", of_variant.replace(f".{variant}]", f".{name}]") + "\n", *new]
    return "".join(lines)


def mapped(text: str, variant: str, name: str, date: str) -> str:
    """A map with one more variant, right behind the one it is like."""
    pattern = re.compile(rf"^( *){re.escape(variant)}:.*\n", re.MULTILINE)
    match = pattern.search(text, text.find("variants:"))
    if match is None:
        return text
    return f'{text[: match.end()]}{match[1]}{name}: "{date}"\n{text[match.end() :]}'


def _led_elsewhere(line: str, paths: Mapping[str, str]) -> str:
    for before, after in paths.items():
        line = line.replace(f'"{before}"', f'"{after}"')
    return line


def _table(lines: Sequence[str], header: str) -> tuple[int, int]:
    """The first line of a table, and the one behind its last."""
    first = next(index for index, line in enumerate(lines) if line.strip() == header)
    last = first + 1
    while last < len(lines) and not lines[last].startswith("["):
        last += 1
    return first, last
