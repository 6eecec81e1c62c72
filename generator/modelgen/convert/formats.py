"""The formats of a report on conversions. A module is imported when its format is asked for: `--help` needs the names
alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .coverage import Coverage


class Renderer(Protocol):
    def __call__(self, coverage: Coverage) -> str: ...


# name -> the module whose `render` makes it
FORMATS = {"html": "report_html", "markdown": "report_markdown", "json": "report_json"}


def renderer(name: str) -> Renderer:
    render: Renderer = import_module(f"{__package__}.{FORMATS[name]}").render
    return render
