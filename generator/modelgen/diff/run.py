"""`modelgen diff`: two loaded documents -> a comparison, as text in one of its formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import Diagnostic, Location, SpecError, visible
from ..loader import Documents
from ..normalizer import normalize
from ..project.config import Diff, Package
from . import (
    Baseline,
    Comparison,
    Directions,
    Policy,
    Side,
    fails,
    report_github,
    report_html,
    report_json,
    report_markdown,
    report_text,
)
from . import compare as compare_sides
from .changes import Change, Facts, Python
from .operations import parts

_DEFAULTS = Package(name="models")
_SETTINGS = Diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to compare of two documents, and what is known of who sends what."""

    select: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    docs: bool = False
    facts: Facts = field(default_factory=dict)  # renames and moves that somebody decided
    settings: Diff = _SETTINGS
    baseline: Baseline | None = None
    packages: tuple[Package, Package] = (_DEFAULTS, _DEFAULTS)  # how each document becomes Python


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison and the documents it is about."""

    comparison: Comparison
    documents: tuple[Documents, Documents]

    def text(self, format_: str) -> str:
        return FORMATS[format_](self)

    def fails(self, thresholds: Sequence[str]) -> bool:
        return fails(self.comparison, thresholds)

    def located(self, at: Location) -> Location:
        for documents in self.documents:
            found = documents.locate(at)
            if found.line:
                return found
        return at

    def excerpt(self, at: Location, most: int) -> tuple[str, list[tuple[int, str]]]:
        """The lines at a location with their numbers; of a document in one line, the node laid out anew."""
        for documents in self.documents:
            found = documents.locate(at)
            place = f"{found.source}:{found.line}"
            if found.line and found.excerpt:
                return place, list(enumerate(documents.block(at, most), found.line))
            if found.line:
                laid_out = json.dumps(documents.node(at), indent=2, ensure_ascii=False).split("\n")
                return place, [(0, line) for line in laid_out[:most]]
        return "", []


def _html(found: Found) -> str:
    from ..emit.render import render_page

    return render_page(report_html.page(found.comparison, found.excerpt))


FORMATS: Mapping[str, Callable[[Found], str]] = {
    "text": lambda found: report_text.render(_seen(found.comparison)),
    "json": lambda found: report_json.render(found.comparison, found.located),
    "markdown": lambda found: report_markdown.render(_seen(found.comparison)),
    "html": _html,
    "github": lambda found: report_github.render(_seen(found.comparison), found.located),
}


def _seen(comparison: Comparison) -> Comparison:
    """The same without anything in its texts that a terminal or a workflow would obey, or that nobody sees."""

    def change(found: Change) -> Change:
        return replace(
            found,
            schemas=tuple(map(visible, found.schemas)),
            was=visible(found.was),
            path=visible(found.path),
            old_path=visible(found.old_path),
            old=visible(found.old),
            new=visible(found.new),
            types=Python(visible(found.types.old), visible(found.types.new)),
            evidence=tuple(map(visible, found.evidence)),
        )

    return replace(
        comparison,
        old_version=visible(comparison.old_version),
        new_version=visible(comparison.new_version),
        changes=tuple(map(change, comparison.changes)),
        docs=tuple(map(change, comparison.docs)),
        accepted=tuple(map(change, comparison.accepted)),
    )


def compare(old: Documents, new: Documents, request: Request) -> Found:
    """What changed from one document to the other. Raises SpecError."""
    severity = policy(request.settings)
    sent = (*request.settings.sent, *request.sent)
    received = (*request.settings.received, *request.received)
    sides = (
        _side(old, request.select, request.packages[0]),
        _side(new, request.select, request.packages[1]),
    )
    directions = (
        Directions(sides[0], old.root.data, sent, received),
        Directions(sides[1], new.root.data, sent, received),
    )
    names = old.root.source, new.root.source
    comparison = severity.apply(compare_sides(*sides, directions, names, request.facts))
    if request.baseline is not None:
        comparison = request.baseline.apply(comparison)
    if not request.docs:
        comparison = replace(comparison, docs=())
    return Found(comparison, (old, new))


def policy(settings: Diff) -> Policy:
    """How bad kinds of change are, by the configuration. Raises SpecError if it names one that does not exist."""
    found = Policy(settings.severity, settings.ignore)
    unknown = found.unknown()
    if unknown:
        raise SpecError(
            Diagnostic(
                "config-bad-value",
                f'There is no kind of change "{rule}".',
                Location(settings.source),
                "docs/diff.md lists them.",
            )
            for rule in unknown
        )
    return found


def _side(documents: Documents, select: Sequence[str], package: Package) -> Side:
    found = {} if select else parts(documents)
    further = {name: part.schema for name, part in found.items() if part.schema is not None}
    api = normalize(documents, select, further=further)
    return Side(api, documents.node, package.names, package.formats, found)
