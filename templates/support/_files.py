"""Files of payloads of one variant in, files of payloads of another out.

Text is one JSON document or JSON Lines; lines are converted one by one, so that a long file needs no more memory than
a short one.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

from ._conversion import copied, intolerable
from ._lines import Converter, Line, parsed, why_not, written

# So many different losses are told apart in a summary; a schema has far fewer.
MOST_KINDS = 2000
# The first lines tell what an input is.
LEADING = 2
GZIP = ".gz"
ZSTD = ".zst"
# What may stand alone in the first line of a document.
_OPENING = (b"[", b"{")
_INDEX = re.compile(r"\[\d+\]")
# Progress is told once in so many lines.
STEP = 4096

Progress: TypeAlias = Callable[[str], None]
# Hears of each payload: as it was, its text if it is a line, and what became of it.
Watch: TypeAlias = Callable[[object, Line], None]


class UnreadableError(Exception):
    """An input that cannot be read to its end: a sentence, and the line and column where that is, 0 if nothing tells. The
    cause is the error that the text gave, if it is no JSON."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        self.message = message
        self.line = line
        self.column = column
        super().__init__(message)


# -- files -----------------------------------------------------------------------------------------------------------


def _zstd() -> Any:
    """The module that packs with zstd. Raises UnreadableError if this interpreter has none."""
    try:
        return import_module("compression.zstd")
    except ImportError:
        raise UnreadableError(
            "This interpreter has no zstd: Python 3.14 or newer has it."
        ) from None


def opened(name: str) -> tuple[IO[bytes], Callable[[], str]]:
    """A file to read, unpacked if its name says that it is packed, and what says how much of it is read: "43 %", "" if
    nothing tells. `-` is standard input."""
    raw = sys.stdin.buffer if name == "-" else open(name, "rb")
    try:
        size = 0 if name == "-" else os.fstat(raw.fileno()).st_size

        def read() -> str:
            return f"{min(100, 100 * raw.tell() // size)} %" if size else ""

        if name.endswith(GZIP):
            return cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="rb")), read
        if name.endswith(ZSTD):
            return cast("IO[bytes]", _zstd().open(raw, "rb")), read
    except BaseException:
        raw.close()
        raise
    return raw, read


@contextmanager
def created(name: str) -> Generator[IO[bytes]]:
    """A file to write, packed if its name says so. It takes the place of one of that name when all is written, and is
    not there if something fails before."""
    part = f"{name}.part"
    try:
        with open(part, "wb") as raw:
            if name.endswith(GZIP):
                # neither a name nor a time: the same content is the same bytes
                with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            elif name.endswith(ZSTD):
                with _zstd().open(raw, "wb") as packed:
                    yield packed
            else:
                yield raw
        os.replace(part, name)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def is_lines(name: str, leading: Sequence[bytes]) -> bool:
    """Whether an input is JSON Lines: by its name, else if its first line is a JSON object by itself, or is none that a
    document begins with and the next line is one. `leading` are the first lines with something in them.
    """
    suffix = Path(name.removesuffix(GZIP).removesuffix(ZSTD)).suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return True
    if suffix == ".json":
        return False
    return any(map(_is_object, leading[:1])) or (
        leading[0].strip() not in _OPENING and any(map(_is_object, leading[1:]))
    )


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(parsed(line), dict)
    except (ValueError, RecursionError):
        return False


# -- what became of them ---------------------------------------------------------------------------------------------


class Count:
    """A loss that occurred `times`, and where it did first."""

    __slots__ = ("kind", "line", "path", "reason", "severity", "times")

    def __init__(
        self, path: str, kind: str, severity: str, reason: str, line: int
    ) -> None:
        self.path = path
        self.kind = kind
        self.severity = severity
        self.reason = reason
        self.line = line
        self.times = 1


class Tally:
    """What became of the payloads of one input. `is_intolerable`: something was not just carried. `is_lines`: the input
    was JSON Lines."""

    __slots__ = (
        "broken",
        "broken_count",
        "dropped",
        "is_intolerable",
        "is_lines",
        "losses",
        "payloads",
        "unlisted",
    )

    def __init__(self) -> None:
        self.payloads = 0
        self.dropped = 0
        self.broken: list[tuple[int, str]] = []
        self.broken_count = 0
        self.losses: dict[tuple[str, str, str], Count] = {}
        self.unlisted = 0
        self.is_intolerable = False
        self.is_lines = True

    def add(self, line: Line) -> None:
        if line.fault is not None:
            self.broken_count += 1
            if len(self.broken) < MOST_KINDS:
                self.broken.append((line.number, line.fault))
            return
        self.payloads += 1
        if not line.values:
            self.dropped += 1
        if not line.losses:
            return
        if not self.is_intolerable:
            self.is_intolerable = bool(intolerable(line.losses, True))
        for loss in line.losses:
            key = (_INDEX.sub("[]", loss.path), loss.kind, loss.reason)
            count = self.losses.get(key)
            if count is not None:
                count.times += 1
            elif len(self.losses) < MOST_KINDS:
                self.losses[key] = Count(
                    loss.path, loss.kind, loss.severity, loss.reason, line.number
                )
            else:
                self.unlisted += 1


def faults(tally: Tally) -> str:
    """What could not be converted, and why, a line each."""
    rows: list[str] = []
    for line, why in tally.broken:
        prefix = f"line {line}: " if line else ""
        rows.append(f"{prefix}error[convert]: {visible(why)}")
    if more := tally.broken_count - len(tally.broken):
        rows.append(f"{more} more could not be converted")
    return "".join(f"{row}\n" for row in rows)


def summary(tally: Tally, to: str) -> str:
    """What was lost, each kind of loss once with how often it occurred, and counts."""
    rows: list[str] = []
    for count in tally.losses.values():
        prefix = f"line {count.line}: " if tally.is_lines else ""
        times = f" ({count.times} times)" if count.times > 1 else ""
        rows.append(
            f"{prefix}{visible(count.path)}: {count.kind}: {visible(count.reason)}{times}"
        )
    if tally.unlisted:
        rows.append(f"{tally.unlisted} more losses, of other kinds")
    noun = "payload" if tally.payloads == 1 else "payloads"
    parts = [f"{tally.payloads} {noun} converted to {to}"]
    if tally.dropped:
        parts.append(f"{tally.dropped} without a form there")
    if tally.broken_count:
        parts.append(f"{tally.broken_count} could not be converted")
    if tally.is_lines or tally.losses or tally.broken_count:
        rows.append(", ".join(parts))
    return "".join(f"{row}\n" for row in rows)


def visible(text: str) -> str:
    """Text of a payload without anything that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


# -- conversion ------------------------------------------------------------------------------------------------------


class Run:
    """The conversion of one input. `losses` and `bad` are files for each loss, and for each line that could not be
    converted, as lines of JSON."""

    def __init__(
        self,
        converter: Converter,
        out: IO[bytes] | None,
        losses: IO[bytes] | None = None,
        bad: IO[bytes] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.tally = Tally()
        self._converter = converter
        self._out = out
        self._losses = losses
        self._bad = bad
        self._watch = watch

    def run(self, text: IO[bytes], name: str, progress: Callable[[int], None]) -> None:
        """Convert all of an input. `progress` hears the number of a line now and then. Raises UnreadableError for a
        document that is not JSON, and for a file that cannot be unpacked."""
        try:
            self._run(text, name, progress)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            reason = str(error).rstrip(".")
            raise UnreadableError(f"This cannot be unpacked: {reason}.") from None
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise UnreadableError(f"This cannot be unpacked: {error}.") from None

    def _run(self, text: IO[bytes], name: str, progress: Callable[[int], None]) -> None:
        read: list[bytes] = []
        leading: list[bytes] = []
        while len(leading) < LEADING and (line := text.readline()):
            read.append(line)
            if not line.isspace():
                leading.append(line)
        if not leading or is_lines(name, leading):
            self._lines(itertools.chain(read, text), progress)
            return
        self.tally.is_lines = False
        content = b"".join(read) + text.read()
        try:
            value = parsed(content)
        except (ValueError, RecursionError) as error:
            message = f"This is not JSON: {why_not(error)}."
            if isinstance(error, json.JSONDecodeError):
                raise UnreadableError(message, error.lineno, error.colno) from error
            raise UnreadableError(message) from error
        self._document(value)

    def _lines(self, text: Iterable[bytes], progress: Callable[[int], None]) -> None:
        converter = self._converter
        out = self._out
        for number, raw in enumerate(text, 1):
            if number % STEP == 0:
                progress(number)
            if raw.isspace():
                continue
            line = converter.text(raw, number)
            self._note(line, raw)
            if out is not None:
                for made in line.values:
                    out.write(written(made))

    def _document(self, value: object) -> None:
        """One JSON document, a payload or an array of payloads, as the document that it becomes."""
        is_array = isinstance(value, list)
        items = cast("list[object]", value) if is_array else [value]
        made: list[object] = []
        for number, item in enumerate(items, 1):
            before = copied(item)
            line = self._converter.payload(item, number if is_array else 0)
            self._note(line, before)
            made += line.values
        if self._out is not None:
            if is_array:
                self._out.write(written(made, indent=2))
            else:
                for one in made:
                    self._out.write(written(one, indent=2))

    def _note(self, line: Line, before: object) -> None:
        """Count a line, and write down what is wrong with it. `before` is its text, or what it was."""
        self.tally.add(line)
        if self._watch is not None:
            self._watch(before, line)
        if line.losses and self._losses is not None:
            at = {"line": line.number} if line.number else {}
            for loss in line.losses:
                self._losses.write(written({**at, **loss.to_dict()}))
        if line.fault is not None and self._bad is not None:
            text = (
                before.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
                if isinstance(before, bytes)
                else written(before).decode().rstrip("\n")
            )
            row = {"line": line.number, "fault": line.fault, "text": text}
            self._bad.write(written(row))


def run(
    converter: Converter,
    options: Any,
    progress: Progress,
    watch: Watch | None = None,
    prints: bool = True,
) -> Tally:
    """Convert the input of a command. `options` has `file`, `output`, `losses` and `bad`, the last three may be None;
    `prints`: without an output, the result goes to standard output."""
    with ExitStack() as stack:
        text, done = opened(options.file)
        stack.callback(text.close)
        out, losses, bad = (
            stack.enter_context(created(name)) if name else None
            for name in (options.output, options.losses, options.bad)
        )
        if out is None and prints:
            out = sys.stdout.buffer

        def tell(number: int) -> None:
            progress(f"{options.file}: line {number:,} {done()}".rstrip())

        job = Run(converter, out, losses, bad, watch)
        job.run(text, options.file, tell)
        return job.tally
