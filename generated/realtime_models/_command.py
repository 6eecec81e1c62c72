"""The command of this package: `python -m PACKAGE convert`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from ._files import UnreadableError, faults, run, summary, visible
from ._lines import Converter, sentence

PACKAGE = __name__.rpartition(".")[0]

HELP = """Convert payloads from one variant of the API to another.

FILE, or standard input, is a JSON document (a payload, or an array of payloads) or JSON Lines, which are read and
written one at a time. The result goes to standard output, what was lost to standard error. A name that ends in .gz is
packed, and so is one in .zst where Python has zstd (3.14).

Lines that cannot be converted are reported with their number, and the rest goes on: the exit code is 2 then.
"""
# (option, name, metavar, help)
OPTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("--to", "to", "V", "The variant to convert to."),
    ("--from", "source", "V", "The variant to convert from.  [default: detected]"),
    ("--family", "family", "F", "What the payloads are.  [default: detected]"),
    (
        "--stream",
        "side",
        "SIDE",
        "The payloads are events in order, sent by SIDE of the map's streams.",
    ),
    (
        "--session",
        "session",
        "PATH",
        "The id of a session in events of a stream, as $.session.id: each has its own state.",
    ),
    ("--output", "output", "FILE", "Write the result to FILE."),
    ("--losses", "losses", "FILE", "Write every loss to FILE, as JSON Lines."),
    (
        "--bad",
        "bad",
        "FILE",
        "Write lines that cannot be converted to FILE, as JSON Lines: number, fault and text.",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m PACKAGE convert`; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _convert(options)
    except UnreadableError as error:
        place = f":{error.line}:{error.column}" if error.line else ""
        return _fail(f"{visible(options.file)}{place}: {error.message}")
    except BrokenPipeError:  # who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        name = visible(str(error.filename)) if error.filename else options.file
        return _fail(f"{name}: {error.strerror}.")
    except KeyboardInterrupt:
        return _fail("Interrupted.")


def _fail(text: str) -> int:
    print(f"error: {text}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {PACKAGE}", description=None)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    convert = commands.add_parser(
        "convert",
        help="convert payloads from one variant of the API to another",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument("file", metavar="FILE", nargs="?", default="-")
    for option, name, metavar, text in OPTIONS:
        flags = ("-o", option) if name == "output" else (option,)
        convert.add_argument(
            *flags, dest=name, metavar=metavar, help=text, required=name == "to"
        )
    convert.add_argument(
        "--undeclared",
        choices=("keep", "drop"),
        default="keep",
        help="What becomes of properties that no variant declares.  [default: keep]",
    )
    convert.add_argument(
        "--strict",
        action="store_true",
        help="Exit 1 if anything was not just carried.",
    )
    convert.add_argument(
        "--quiet", action="store_true", help="Say nothing but what went wrong."
    )
    return parser


def _convert(options: argparse.Namespace) -> int:
    try:
        converter = Converter(
            options.to,
            source=options.source,
            family=options.family,
            side=options.side,
            session=options.session,
            undeclared=options.undeclared,
        )
    except ValueError as error:
        return _fail(sentence(error))
    with _Progress(not options.quiet) as progress:
        tally = run(converter, options, progress.tell)
    sys.stderr.write(faults(tally))
    if not options.quiet:
        sys.stderr.write(summary(tally, options.to))
    if tally.broken_count:
        return 2
    return 1 if options.strict and tally.is_intolerable else 0


class _Progress:
    """A live line on a terminal, and nothing elsewhere."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown and sys.stderr.isatty()
        self._last = 0.0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def tell(self, text: str) -> None:
        now = time.monotonic()
        if now - self._last > 0.1:
            self._last = now
            self._show(visible(text))

    def _show(self, text: str) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
