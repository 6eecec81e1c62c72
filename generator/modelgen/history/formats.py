"""The formats of a history. A module is imported when its format is asked for: `--help` needs the names alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .model import History


class Renderer(Protocol):
    def __call__(self, history: History) -> str: ...


# name -> the module whose `render` makes it
FORMATS = {
    "text": "report_text",
    "json": "report_json",
    "markdown": "report_markdown",
    "html": "report_html",
}


def renderer(name: str) -> Renderer:
    render: Renderer = import_module(f"{__package__}.{FORMATS[name]}").render
    return render
