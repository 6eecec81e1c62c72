"""The table that people read, and the JSON that machines read."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence

from figures import Comparison, Figure
from growth import Step

HEADER = ("measure", "peer", "theirs", "ours", "", "ratio", "goal", "reached")
RIGHT = {2, 3, 5, 6}


def machine() -> str:
    """Where the figures come from, and how busy it was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} cores{load}"


def table(comparisons: Iterable[Comparison]) -> str:
    """The comparisons; what they were made on, and what could not be measured, beneath."""
    rows = [HEADER]
    notes: dict[str, None] = {}
    for row in comparisons:
        rows.append(
            (
                row.measure,
                row.peer,
                _figure(row.theirs, row.unit),
                _figure(row.ours, row.unit),
                row.variant,
                "" if row.ratio is None else f"{row.ratio:.3f}",
                "" if row.goal is None else f"{row.goal:g}",
                {True: "yes", False: "NO", None: ""}[row.reached],
            )
        )
        if row.note:
            notes[f"{row.measure.strip()}: {row.note}"] = None
        for side, figure in (("ours", row.ours), (row.peer, row.theirs)):
            if figure.fault:
                notes[f"{row.measure.strip()}, {side}: {figure.fault}"] = None
    return _aligned(rows) + "".join(f"\n  {note}" for note in notes)


def growth(steps: Sequence[Step], peer: str) -> str:
    """Time by size; linear growth keeps the last two columns level."""
    rows = [("schemas", "kB", peer, "ours", "ratio", "theirs, ms/kB", "ours, ms/kB")]
    for step in steps:
        both = step.theirs.samples and step.ours.samples
        rows.append(
            (
                str(step.schemas),
                f"{step.kilobytes:.0f}",
                _figure(step.theirs, "s"),
                _figure(step.ours, "s"),
                f"{step.ours.median / step.theirs.median:.3f}" if both else "",
                _rate(step.theirs, step),
                _rate(step.ours, step),
            )
        )
    return _aligned(rows, range(7))


def as_json(
    comparisons: Iterable[Comparison], steps: Iterable[Step], versions: Mapping[str, str]
) -> str:
    record = {
        "machine": machine(),
        "versions": versions,
        "comparisons": [
            {
                "measure": row.measure.strip(),
                "peer": row.peer,
                "variant": row.variant,
                "unit": row.unit,
                "theirs": _record(row.theirs),
                "ours": _record(row.ours),
                "ratio": row.ratio,
                "goal": row.goal,
                "reached": row.reached,
                "note": row.note,
            }
            for row in comparisons
        ],
        "growth": [
            {
                "schemas": step.schemas,
                "kilobytes": step.kilobytes,
                "theirs": _record(step.theirs),
                "ours": _record(step.ours),
            }
            for step in steps
        ],
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _record(figure: Figure) -> Mapping[str, object]:
    if not figure.samples:
        return {"fault": figure.fault}
    return {"median": figure.median, "min": figure.least, "samples": figure.samples}


def _figure(figure: Figure, unit: str) -> str:
    if not figure.samples:
        return "–"
    return f"{_number(figure.median)} ({_number(figure.least)}) {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _rate(figure: Figure, step: Step) -> str:
    return f"{figure.median * 1000 / step.kilobytes:.2f}" if figure.samples else "–"


def _aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = frozenset(RIGHT)) -> str:
    right = set(right)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
