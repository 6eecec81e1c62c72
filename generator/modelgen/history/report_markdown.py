"""A history as Markdown: a table for each schema, a row for each property, a column for each version."""

from __future__ import annotations

from collections.abc import Iterator

from ..diff.markdown import BAR, code, escaped
from ..errors import visible
from .model import History, Moment, Property, Schema, State
from .wording import facts, known


def render(history: History) -> str:
    return "".join(f"{visible(line)}\n" for line in _lines(history))


def _lines(history: History) -> Iterator[str]:
    yield f"## From {escaped(history.versions[0].label)} to {escaped(history.versions[-1].label)}"
    yield ""
    yield "`=` is as in the version before; an empty cell is a version without the property."
    for schema in history.schemas:
        if schema.properties:
            yield from _schema(schema, history)


def _schema(schema: Schema, history: History) -> Iterator[str]:
    yield ""
    yield f"### {escaped(schema.name)}"
    if known(schema):
        yield ""
        yield escaped(f"{known(schema)[:1].upper()}{known(schema)[1:]}.")
    yield ""
    numbered = (f"{number} {version.label}" for number, version in enumerate(history.versions, 1))
    yield f"| property | {' | '.join(map(escaped, numbered))} |"
    yield "|" + " --- |" * (len(history.versions) + 1)
    for row in schema.properties:
        yield _row(row)


def _row(row: Property) -> str:
    name = " → ".join(code(path or "(itself)") for path in row.paths)
    before = (None, *(moment.state for moment in row.life))
    cells = (name, *(_cell(moment, old) for moment, old in zip(row.life, before, strict=False)))
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _cell(moment: Moment, before: State | None) -> str:
    if moment.state is None:
        return ""
    if moment.step == "same":
        return "="
    moved = f"now {code(moment.state.path)}: " if moment.step == "moved" else ""
    return f"{moved}{code(facts(moment.state, before))}"
