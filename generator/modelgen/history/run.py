"""`modelgen history`: loaded documents, the oldest first -> the life of every property, as text in one of its formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePosixPath

from ..diff import comparison
from ..diff.changes import Comparison, Facts
from ..diff.direction import Directions
from ..diff.parts import parts
from ..diff.run import policy, side_of
from ..errors import Diagnostic, Location, SpecError
from ..loader import Documents
from ..project.config import Diff, Package
from . import lives
from .formats import renderer
from .model import History, Version

_SETTINGS = Diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One version: what the user called it, the document, and how it becomes Python."""

    source: str
    documents: Documents
    package: Package


def trace(
    inputs: Sequence[Input],
    select: Sequence[str] = (),
    sent: Sequence[str] = (),
    received: Sequence[str] = (),
    settings: Diff = _SETTINGS,
    decided: Callable[[str, str], Facts] = lambda _, __: {},
    today: date | None = None,
) -> History:
    """The life of every property of the selected components. `decided` says what is known of two versions, by their
    sources: renames and moves. Raises SpecError."""
    severity = policy(settings)
    sent, received = (*settings.sent, *sent), (*settings.received, *received)
    sides = [side_of(item.documents, item.package) for item in inputs]
    directions = [
        Directions(side, parts(item.documents), sent, received)
        for side, item in zip(sides, inputs, strict=True)
    ]

    @cache
    def compared(j: int, k: int) -> Comparison:
        names = inputs[j].source, inputs[k].source
        around = directions[j], directions[k]
        return severity.apply(
            comparison.compare(sides[j], sides[k], around, names, decided(*names), today)
        )

    versions = [
        Version(label=label, source=item.source, title=side.api.title, version=side.api.version)
        for label, item, side in zip(
            labels([item.source for item in inputs]), inputs, sides, strict=True
        )
    ]
    history = lives.trace(versions, sides, compared, select)
    if select and not history.schemas:
        message = f"no component schema of any version matches {', '.join(select)}"
        hint = "`modelgen inspect` lists the names"
        raise SpecError(Diagnostic("nothing-selected", message, Location(inputs[-1].source), hint))
    return history


def text(history: History, format_: str) -> str:
    return renderer(format_)(history)


def labels(sources: Sequence[str]) -> list[str]:
    """A short name for each: the stem of the file; where two would be equal, the source as given, then numbered."""
    stems = [_stem(source) for source in sources]
    count = Counter(stems)
    names = [
        stem if count[stem] == 1 else source for stem, source in zip(stems, sources, strict=True)
    ]
    count = Counter(names)
    seen: Counter[str] = Counter()
    for n, label in enumerate(names):
        if count[label] > 1:
            seen[label] += 1
            names[n] = f"{label} ({seen[label]})"
    return names


def _stem(source: str) -> str:
    if source == "-":
        return "standard input"
    return PurePosixPath(source.replace("\\", "/").partition("?")[0]).stem or source
