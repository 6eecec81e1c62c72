"""The words that the reports of a history have in common."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .model import History, Schema, State

VALUES = 12
FEW = 6


def facts(state: State, before: State | None = None) -> str:
    """`string or null, required, one of "a", "b"`; of a long enum that was there before, what came and what went."""
    listed = values(state, before.values if before else ())
    return f"{summary(state)}, {listed}" if listed else summary(state)


def type_of(state: State) -> str:
    return state.type + (" or null" if state.nullable else "")


def summary(state: State) -> str:
    """The same without the values of an enum."""
    parts = [type_of(state)]
    if state.required is not None:
        parts.append("required" if state.required else "optional")
    if state.deprecated:
        parts.append("deprecated")
    if state.default is not None:
        parts.append(f"default {state.default}")
    return ", ".join(parts)


def values(state: State, before: tuple[str, ...] = ()) -> str:
    """`one of "a", "b"`, or `one of 14: "n" added; "b" removed`."""
    if not state.values:
        return ""
    head = "known values" if state.open else "one of" if len(state.values) > 1 else "always"
    if len(state.values) <= FEW or not before:
        shown = ", ".join(state.values[:VALUES])
        more = len(state.values) - VALUES
        return f"{head} {shown}{f' and {more} more' if more > 0 else ''}"
    come = [value for value in state.values if value not in before]
    gone = [value for value in before if value not in state.values]
    parts = [
        f"{', '.join(some)} {done}" for some, done in ((come, "added"), (gone, "removed")) if some
    ]
    return f"{head} {len(state.values)}{': ' if parts else ''}{'; '.join(parts)}"


def ranges(names: Sequence[str]) -> str:
    """`in 1-3, 7`: the versions that have something."""
    runs: list[list[int]] = []
    for number, name in enumerate(names, 1):
        if not name:
            continue
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "in " + ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def known(schema: Schema) -> str:
    """`in 2-5, 7; until 4 named X`: where a schema is and what it was called; "" if there is nothing to say."""
    parts = [] if all(schema.names) else [ranges(schema.names)]
    named = [(number, name) for number, name in enumerate(schema.names, 1) if name]
    parts += [
        f"until {number} named {name}"
        for (number, name), (_, other) in pairwise(named)
        if name != other
    ]
    return "; ".join(parts)


def totals(history: History) -> str:
    rows = sum(len(schema.properties) for schema in history.schemas)
    counts = (
        (rows, "property", "properties"),
        (len(history.schemas), "schema", "schemas"),
        (len(history.versions), "version", "versions"),
    )
    properties, schemas, versions = (
        f"{count} {one if count == 1 else many}" for count, one, many in counts
    )
    return f"{properties} of {schemas} in {versions}"
