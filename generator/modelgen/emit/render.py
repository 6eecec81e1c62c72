"""Views -> text. Which template a view goes through stands on the view; nothing is decided here."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, Undefined

from .text import Code, literal


def templates_folder() -> Path:
    """The folder of the templates, in an installation and in a checkout alike."""
    installed = Path(__file__).parents[1] / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "templates"


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


# A literal or an attribute so wide that a line with it may have to be broken in a way that only black knows.
_WIDE = re.compile(r"""(?:^|[ (\[{])["'](?!["'])[^"'\n]{60}|\bo\.\w{60}""")


def render_code(view: Any) -> str:
    """The same for a module without texts of people. Where a wire name is nearly as wide as a line, black decides how
    to break it: the lowering does not know every way that black has, and no document with readable names needs it.
    """
    text = render(view)
    if not any(_WIDE.search(line) for line in text.splitlines() if len(line) > 88):
        return text
    return _formatted(text)


def render_lines(view: Any) -> str:
    """The text of a view whose lines are short, unless a document has long names: then black breaks them."""
    text = render(view)
    if all(len(line) <= 88 for line in text.splitlines()):
        return text
    return _formatted(text)


def render_formatted(view: Any) -> str:
    """The text of a view whose lines are of any width: black breaks them."""
    return _formatted(render(view))


def _formatted(text: str) -> str:
    import black

    return black.format_str(text, mode=black.Mode())


def _printed(value: object) -> object:
    """What a template of statements writes: code as it is, text as a literal, a tuple as one of those."""
    match value:
        case Code() | Undefined():
            return value
        case str():
            return literal(value)
        case tuple():
            parts = [str(_printed(part)) for part in value]
            return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
        case _:
            return repr(value)


@cache
def _statement_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder() / "conversions"),
        undefined=StrictUndefined,
        autoescape=False,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )


@cache
def _statement(template: str) -> Template:
    return _statement_environment().get_template(template)


def render_statement(template: str, values: Mapping[str, object]) -> list[Code]:
    """The lines of statements. No text of a document can become code: what a template prints of the values is a
    literal, unless it is `Code`."""
    text = _statement(template).render(values)
    return [Code(line) for line in text.split("\n") if line]


# --- HTML -----------------------------------------------------------------------------------------

# What no HTML document may hold, and what would make text look like other text.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]"
)


def _seen(value: object) -> object:
    """What a template writes, with signs in place of what cannot be seen."""
    if isinstance(value, str) and _UNSEEN.search(value):
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    return value


@cache
def _html_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=-1,
        auto_reload=False,
    )


def render_page(view: Any) -> str:
    """A document of HTML in one file: text is escaped, and its policy lets nothing run or load but what is in it."""
    style, script = (
        (templates_folder() / "html" / name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    template = _html_environment().get_template(view.template)
    return template.render(view=view, style=style, script=script, policy=policy)


def _digest(text: str) -> str:
    """A hash as a content security policy has it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def support(name: str) -> str:
    """A support module, as it is."""
    return (templates_folder() / "support" / name).read_text("utf-8")
