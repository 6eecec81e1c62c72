"""The formats of a report. A module is imported when its format is asked for: `--help` needs the names alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .changes import Comparison
    from .sources import Sources


class Renderer(Protocol):
    def __call__(self, comparison: Comparison, sources: Sources) -> str: ...


# name -> the module whose `render` makes it
FORMATS = {
    "text": "report_text",
    "json": "report_json",
    "markdown": "report_markdown",
    "html": "report_html",
    "github": "report_github",
    "junit": "report_junit",
    "sarif": "report_sarif",
}


def renderer(name: str) -> Renderer:
    render: Renderer = import_module(f"{__package__}.{FORMATS[name]}").render
    return render
