"""`modelgen diff`: two loaded documents -> a comparison, as text in one of its formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .config import Diff, Package
from .diff import (
    Baseline,
    Comparison,
    Directions,
    Policy,
    Side,
    fails,
    report_github,
    report_json,
    report_markdown,
    report_text,
)
from .diff import compare as compare_sides
from .diff.changes import Facts
from .diff.operations import parts
from .errors import Diagnostic, Location, SpecError
from .loader import Documents
from .normalizer import normalize

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
        match format_:
            case "json":
                return report_json.render(self.comparison, self._located)
            case "markdown":
                return report_markdown.render(self.comparison)
            case "github":
                return report_github.render(self.comparison, self._located)
            case _:
                return report_text.render(self.comparison)

    def fails(self, thresholds: Sequence[str]) -> bool:
        return fails(self.comparison, thresholds)

    def _located(self, at: Location) -> Location:
        for documents in self.documents:
            found = documents.locate(at)
            if found.line:
                return found
        return at


def compare(old: Documents, new: Documents, request: Request) -> Found:
    """What changed from one document to the other. Raises SpecError."""
    policy = _policy(request.settings)
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
    comparison = policy.apply(compare_sides(*sides, directions, names, request.facts))
    if request.baseline is not None:
        comparison = request.baseline.apply(comparison)
    if not request.docs:
        comparison = replace(comparison, docs=())
    return Found(comparison, (old, new))


def _policy(settings: Diff) -> Policy:
    policy = Policy(settings.severity, settings.ignore)
    unknown = policy.unknown()
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
    return policy


def _side(documents: Documents, select: Sequence[str], package: Package) -> Side:
    found = {} if select else parts(documents)
    further = {name: part.schema for name, part in found.items() if part.schema is not None}
    api = normalize(documents, select, further=further)
    return Side(api, documents.node, package.names, package.formats, found)
