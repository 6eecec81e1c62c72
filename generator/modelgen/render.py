"""Views -> text. Which template a view goes through stands on the view; nothing is decided here."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates_folder() -> Path:
    """The folder of the templates, in an installation and in a checkout alike."""
    installed = Path(__file__).parent / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        cache_size=-1,
        auto_reload=False,
    )


def render(view: Any) -> str:
    """The text of a view that names its template."""
    return _environment().get_template(view.template).render(view=view)


# A literal so wide that a line with it may have to be broken in a way that only black knows.
_WIDE_LITERAL = re.compile(r"""(?:^|[ (\[{])["'](?!["'])[^"'\n]{60}""")


def render_code(view: Any) -> str:
    """The same for a module without texts of people. Where a wire name is nearly as wide as a line, black decides how
    to break it: the lowering does not know every way that black has, and no document with readable names needs it.
    """
    text = render(view)
    if not any(_WIDE_LITERAL.search(line) for line in text.splitlines() if len(line) > 88):
        return text
    import black

    return black.format_str(text, mode=black.Mode())


def support(name: str) -> str:
    """A support module, as it is."""
    return (templates_folder() / "support" / name).read_text("utf-8")
