"""`modelgen diff`: two loaded documents -> a comparison, as text in one of its formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .config import Package
from .diff import (
    Comparison,
    Directions,
    Side,
    fails,
    report_github,
    report_html,
    report_json,
    report_markdown,
    report_text,
)
from .diff import compare as compare_sides
from .errors import Location
from .loader import Documents
from .normalizer import normalize

_DEFAULTS = Package(name="models")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to compare of two documents, and what is known of who sends what."""

    select: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    docs: bool = False
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
            case "html":
                from .render import render_page

                return render_page(report_html.page(self.comparison, self._excerpt))
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

    def _excerpt(self, at: Location, most: int) -> tuple[str, list[tuple[int, str]]]:
        """The lines at a location with their numbers; of a document in one line, the node laid out anew."""
        for documents in self.documents:
            found = documents.locate(at)
            if found.line and found.excerpt:
                lines = documents.block(at, most)
                return f"{found.source}:{found.line}", list(enumerate(lines, found.line))
            if found.line:
                laid_out = json.dumps(documents.node(at), indent=2, ensure_ascii=False).split("\n")
                return f"{found.source}:{found.line}", [(0, line) for line in laid_out[:most]]
        return "", []


def compare(old: Documents, new: Documents, request: Request) -> Found:
    """What changed from one document to the other. Raises SpecError."""
    sides = (
        side(old, request.select, request.packages[0]),
        side(new, request.select, request.packages[1]),
    )
    directions = (
        Directions(sides[0], old.root.data, request.sent, request.received),
        Directions(sides[1], new.root.data, request.sent, request.received),
    )
    names = old.root.source, new.root.source
    comparison = compare_sides(*sides, directions, names)
    if not request.docs:
        comparison = replace(comparison, docs=())
    return Found(comparison, (old, new))


def side(documents: Documents, select: Sequence[str], package: Package) -> Side:
    api = normalize(documents, select)
    return Side(api, documents.node, package.names, package.formats)
