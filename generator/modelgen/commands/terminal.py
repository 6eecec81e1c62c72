"""What the terminal may show: colours, and progress while work is long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

# Without a terminal, there is at most one line in this time; work that is over sooner goes without a word.
SILENT_SECONDS = 2.0

_ROLES: dict[str, dict[str, object]] = {
    "error": {"fg": "red", "bold": True},
    "location": {"bold": True},
    "text": {"bold": True},
    "hint": {"fg": "cyan"},
}


_quiet = False


def be_quiet(quiet: bool) -> None:
    """From now on, print nothing but data and what went wrong."""
    global _quiet
    _quiet = quiet


def paint(text: str, role: str) -> str:
    """Colour for stderr, if that is a terminal that has some and the user did not object."""
    if os.environ.get("NO_COLOR") or not _is_smart():
        return text
    return click.style(text, **_ROLES[role])  # type: ignore[arg-type]


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A function that tells the user what is being done: a live line on a terminal, plain lines elsewhere."""
    if _quiet:
        yield lambda text: None
        return
    if _is_smart():
        from rich.console import Console
        from rich.markup import escape

        with Console(stderr=True).status("starting") as status:
            yield lambda text: status.update(escape(text))
        return
    last = time.monotonic()

    def tell_now_and_then(text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > SILENT_SECONDS:
            last = now
            click.echo(f"{text} …", err=True)

    yield tell_now_and_then


def _is_smart() -> bool:
    """Whether stderr is a terminal that knows more than lines."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def tell(text: str) -> None:
    """Print what is not data, unless the user wants quiet."""
    if not _quiet:
        complain(text)


def complain(text: str) -> None:
    """Print what went wrong, or does nothing though somebody wrote it."""
    click.echo(text, nl=False, err=True)


def put(text: str, output: str | None) -> None:
    """Print data, or write it to the file `output`."""
    if output is None:
        click.echo(text, nl=False)
        return
    from ..disk.replace import replace_files

    replace_files({Path(output): text.encode()})
