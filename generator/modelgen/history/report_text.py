"""A history for a terminal: a strip of signs for each property, a sign for each version, and what it was when it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import visible
from .model import History, Property, Schema, State
from .wording import facts, known, totals

SIGNS = {
    "absent": ".",
    "removed": ".",
    "first": "=",
    "same": "=",
    "added": "+",
    "changed": "~",
    "moved": ">",
}
LEGEND = "= there   + new or back   ~ changed   > renamed or moved   . not there"
WIDTH = 34


def render(history: History) -> str:
    return "".join(f"{visible(line)}\n" for line in _lines(history))


def _lines(history: History) -> Iterator[str]:
    last = len(str(len(history.versions)))
    for number, version in enumerate(history.versions, 1):
        yield f"{number:>{last}}  {version.label}"
    yield ""
    yield LEGEND
    for schema in history.schemas:
        yield ""
        yield _heading(schema)
        for row in schema.properties:
            yield from _row(row)
    yield ""
    yield totals(history)


def _heading(schema: Schema) -> str:
    return f"{schema.name}  ({known(schema)})" if known(schema) else schema.name


def _row(row: Property) -> Iterator[str]:
    strip = "".join(SIGNS[moment.step] for moment in row.life)
    name = " -> ".join(path or "(itself)" for path in row.paths)
    texts = list(_texts(row))
    if len(texts) == 1:
        yield f"  {strip}  {name:<{WIDTH}}  {texts[0][1]}".rstrip()
        return
    yield f"  {strip}  {name}"
    for number, text in texts:
        yield f"  {'':<{len(strip)}}    {number}: {text}"


def _texts(row: Property) -> Iterator[tuple[int, str]]:
    """What it was from which version on; nothing where only its place changed."""
    before: State | None = None
    for number, moment in enumerate(row.life, 1):
        now = moment.state
        if now and (before is None or replace(now, path=before.path) != before):
            yield number, facts(now, before)
        before = now or before
