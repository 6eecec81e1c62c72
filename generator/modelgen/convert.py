"""Payloads of one variant in, payloads of another out, with the conversions of a generated package.

Text is one JSON document or JSON Lines; lines are converted one by one, so that a long file needs no more memory than
a short one. As a stream they are converted with what earlier ones said.
"""

from __future__ import annotations

import gzip
import importlib
import itertools
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Literal, cast

from .errors import Diagnostic, Location, SpecError
from .loader import json_syntax
from .project.jobs import Job

# So many different losses are told apart in a summary; a schema has far fewer.
MOST_KINDS = 2000
# The first lines tell what an input is.
LEADING = 2
GZIP = ".gz"
# What may stand alone in the first line of a document.
_OPENING = (b"[", b"{")
_INDEX = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class Count:
    """A loss that occurred `times`, and where it did first."""

    path: str
    kind: str
    reason: str
    line: int
    times: int = 1


@dataclass(slots=True)
class Tally:
    """What became of the payloads of one input."""

    payloads: int = 0
    dropped: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)
    broken_count: int = 0
    losses: dict[tuple[str, str, str], Count] = field(default_factory=dict)
    is_intolerable: bool = False

    def lose(self, line: int, path: str, kind: str, reason: str) -> None:
        key = (_INDEX.sub("[]", path), kind, reason)
        count = self.losses.get(key)
        if count is not None:
            count.times += 1
        elif len(self.losses) < MOST_KINDS:
            self.losses[key] = Count(path, kind, reason, line)

    def fail(self, line: int, why: str) -> None:
        self.broken_count += 1
        if len(self.broken) < MOST_KINDS:
            self.broken.append((line, why))


@dataclass(frozen=True, slots=True)
class Request:
    """What to convert to, and what the user said of the payloads; "" where it is to be detected. `side`: they are a
    stream of events of that side."""

    to: str
    source: str = ""
    family: str = ""
    side: str = ""
    undeclared: Literal["keep", "drop"] = "keep"


def package(job: Job) -> ModuleType:
    """Import the generated package of a job. Raises SpecError if there is none, or none that converts."""
    name = job.package.name
    at = Location(job.folder.as_posix())
    with _importing(job.folder.resolve().parent):
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            message = f"The package {name} cannot be imported: {error}."
            hint = "Run modelgen generate first."
            raise SpecError(Diagnostic("convert-package", message, at, hint)) from None
        if not hasattr(module, "convert"):
            message = f"The package {name} has no conversions."
            hint = "Run modelgen generate with `reconcile` in the package's table."
            raise SpecError(Diagnostic("convert-package", message, at, hint))
    return module


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


class Converter:
    """Converts payloads, counts what is lost, and writes each loss to `report` as a line of JSON if there is one.

    Raises SpecError if the package knows no such variant or family.
    """

    def __init__(self, module: ModuleType, request: Request, report: IO[str] | None) -> None:
        internals = importlib.import_module(f"{module.__name__}._conversion")
        try:
            internals.check_variant(request.to, "variant")
            if request.source:
                internals.check_variant(request.source, "source")
            if request.family:
                internals.check_family(request.family)
            self._translator: Any = _translator(module, request) if request.side else None
        except ValueError as error:
            message = f"{str(error)[:1].upper()}{str(error)[1:]}."
            raise SpecError(
                Diagnostic("convert-name", message, Location(module.__name__))
            ) from None
        self._convert: Callable[..., Any] = internals.convert_own
        self._intolerable: Callable[..., Any] = internals.intolerable
        self._request = request
        self._report = report
        self.tally = Tally()

    def payload(self, value: object, line: int) -> list[object]:
        """The payloads that a parsed one becomes: none if the target has nothing like it, or it cannot be converted."""
        tally = self.tally
        if not isinstance(value, dict):
            tally.fail(line, "It is not a JSON object.")
            return []
        try:
            made, losses = self._converted(value)
        except (ValueError, RecursionError) as error:
            tally.fail(line, f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return []
        tally.payloads += 1
        tally.is_intolerable |= bool(self._intolerable(losses, True))
        for loss in losses:
            tally.lose(line, loss.path, loss.kind, loss.reason)
            if self._report is not None:
                row = {"line": line, **loss.to_dict()} if line else loss.to_dict()
                self._report.write(json.dumps(row, ensure_ascii=False) + "\n")
        if not made:
            tally.dropped += 1
        return made

    def _converted(self, value: dict[str, object]) -> tuple[list[object], Sequence[Any]]:
        """What a payload becomes, and the losses."""
        if self._translator is not None:
            return self._translator.feed(value), self._translator.losses
        request = self._request
        made, losses, *_ = self._convert(
            value,
            request.to,
            request.source or None,
            request.family or None,
            undeclared=request.undeclared,
        )
        return [] if made is None else [made], losses

    def lines(self, text: Iterable[bytes], progress: Callable[[int], None]) -> Iterator[bytes]:
        """JSON Lines -> JSON Lines. `progress` hears the number of a line now and then. A broken line is counted, and
        the rest goes on."""
        for number, line in enumerate(text, 1):
            if number % 4096 == 0:
                progress(number)
            if line.isspace():
                continue
            try:
                value = parsed(line)
            except (ValueError, RecursionError) as error:
                self.tally.fail(number, f"It is not JSON: {_why(error)[0]}.")
                continue
            for made in self.payload(value, number):
                yield written(made)

    def document(self, value: object) -> bytes:
        """One JSON document, a payload or an array of payloads, as the document that it becomes."""
        if isinstance(value, list):
            items = (self.payload(item, n) for n, item in enumerate(value, 1))
            return written([made for several in items for made in several], indent=2)
        return b"".join(written(made, indent=2) for made in self.payload(value, 0))


def _translator(module: ModuleType, request: Request) -> Any:
    """What translates a stream of events. Raises ValueError if the package has no such stream."""
    if not request.source:
        raise ValueError("a stream is of one variant: say --from which")
    return module.Translator(
        source=request.source, to=request.to, side=request.side, undeclared=request.undeclared
    )


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


# Made once: `json.loads` and `json.dumps` make them anew at each call with options.
_decode = json.JSONDecoder(parse_constant=_no_constant).decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_escaped = json.JSONEncoder(separators=(",", ":")).encode


def parsed(text: bytes) -> object:
    """Parsed JSON in UTF-8. Raises ValueError for anything else, numbers that JSON does not have included."""
    return _decode(text.decode("utf-8-sig"))


def _why(error: ValueError | RecursionError) -> tuple[str, int, int]:
    """Why a text is not JSON, and the line and column where it stops being it, 0 if it is the whole text.

    The sentence does not depend on the interpreter."""
    match error:
        case json.JSONDecodeError():
            try:
                json_syntax.check(error.doc)
            except json_syntax.FaultError as fault:
                before = error.doc[: fault.offset]
                column = fault.offset - before.rfind("\n")
                return fault.message, before.count("\n") + 1, column
            return "it cannot be read", error.lineno, error.colno
        case UnicodeDecodeError():
            return f"byte {error.start + 1} is not UTF-8", 0, 0
        case RecursionError():
            return "it is nested too deep", 0, 0
    return str(error), 0, 0


def written(value: object, indent: int | None = None) -> bytes:
    """JSON in UTF-8, with the end of the line; what UTF-8 cannot say is escaped."""
    if indent is not None:
        text = json.dumps(value, ensure_ascii=False, indent=indent)
    else:
        text = _encode(value)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair
        return _encode_escaped(value).encode() + b"\n"


def is_lines(name: str, leading: Sequence[bytes]) -> bool:
    """Whether an input is JSON Lines: by its name, else if its first line is a JSON object by itself, or is none that a
    document begins with and the next line is one. `leading` are the first lines with something in them.
    """
    suffix = Path(name.removesuffix(GZIP)).suffix.lower()
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


def opened(name: str) -> IO[bytes]:
    """A file to read, unpacked if its name says that it is packed."""
    if name.endswith(GZIP):
        return cast("IO[bytes]", gzip.open(name, "rb"))
    return open(name, "rb")


def run(
    converter: Converter,
    text: IO[bytes],
    name: str,
    out: IO[bytes],
    progress: Callable[[str], None],
) -> bool:
    """Convert all of an input, and say whether it was JSON Lines, as an input without anything is. Raises SpecError for
    a document that is not JSON, and for a file that cannot be unpacked."""
    try:
        return _run(converter, text, name, out, progress)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        message = f"This cannot be unpacked: {str(error).rstrip('.')}."
        raise SpecError(Diagnostic("convert-json", message, Location(name))) from None


def _run(
    converter: Converter,
    text: IO[bytes],
    name: str,
    out: IO[bytes],
    progress: Callable[[str], None],
) -> bool:
    read: list[bytes] = []
    leading: list[bytes] = []
    while len(leading) < LEADING and (line := text.readline()):
        read.append(line)
        if not line.isspace():
            leading.append(line)
    if not leading or is_lines(name, leading):

        def tell(number: int) -> None:
            progress(f"{name}: line {number:,}")

        for line in converter.lines(itertools.chain(read, text), tell):
            out.write(line)
        return True
    try:
        value = parsed(b"".join(read) + text.read())
    except (ValueError, RecursionError) as error:
        why, row, column = _why(error)
        at = Location(name, "", row, column)
        raise SpecError(Diagnostic("convert-json", f"This is not JSON: {why}.", at)) from None
    out.write(converter.document(value))
    return False
