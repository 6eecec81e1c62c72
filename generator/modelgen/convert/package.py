"""Payloads of one variant in, payloads of another out: what a generated package does, by the generator's command.

The package of a job is imported, and its own `_lines` and `_files` do the work; here their errors become diagnostics.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..errors import Diagnostic, Location, SpecError
from ..loader import json_syntax
from ..project.jobs import Job

PARTS = ("_lines", "_files")


@dataclass(frozen=True, slots=True)
class Request:
    """What to convert to, and what the user said of the payloads; None where it is to be detected. `side`: they are a
    stream of events of that side; `session` is the path of the id of a session in one. `output`, `losses` and `bad` are
    names of files to write, or None."""

    to: str
    file: str = "-"
    source: str | None = None
    family: str | None = None
    side: str | None = None
    session: str | None = None
    undeclared: Literal["keep", "drop"] = "keep"
    output: str | None = None
    losses: str | None = None
    bad: str | None = None


class Converting:
    """The conversions of the generated package of a job, which has a `name`. Raises SpecError if there is none, or
    none that converts, and if the package knows no such variant, family, side or path as is requested.
    """

    def __init__(self, job: Job, request: Request) -> None:
        self.request = request
        self.name = name = job.package.name
        lines, self._files = _modules(name, job.folder)
        try:
            self._converter = lines.Converter(
                request.to,
                source=request.source,
                family=request.family,
                side=request.side,
                session=request.session,
                undeclared=request.undeclared,
            )
        except ValueError as error:
            message = lines.sentence(error)
            raise SpecError(Diagnostic("convert-name", message, Location(name))) from None

    def run(
        self,
        progress: Callable[[str], None],
        watch: Callable[[object, Any], None] | None = None,
        prints: bool = True,
    ) -> Any:
        """Convert all of the input: the tally of the package. `watch` hears of each payload, as it was and what became of
        it; `prints`: without an output, the result goes to standard output. Raises SpecError for a document that is not
        JSON, and for a file that cannot be unpacked."""
        try:
            return self._files.run(self._converter, self.request, progress, watch, prints)
        except self._files.UnreadableError as error:
            raise SpecError(_unreadable(error, self.request.file)) from None

    def faults(self, tally: Any) -> str:
        """What could not be converted, and why."""
        text: str = self._files.faults(tally)
        return text

    def summary(self, tally: Any) -> str:
        """What was lost, and counts, for people."""
        text: str = self._files.summary(tally, self.request.to)
        return text


def one_by_one(job: Job) -> Callable[[Any, str, str, str], tuple[Any, tuple[str, ...]]]:
    """What converts a payload from a variant to another as a family, with the package of a job: the result, None if it
    has no form there, and the losses as texts. Raises SpecError if there is none, or none that converts.
    """
    _modules(job.package.name, job.folder)
    convert: Callable[..., Any] = importlib.import_module(job.package.name).convert

    def converted(payload: Any, source: str, to: str, family: str) -> tuple[Any, tuple[str, ...]]:
        made = convert(payload, to=to, source=source, family=family)
        return made.value, tuple(map(str, made.losses))

    return converted


def _modules(name: str, folder: Path) -> tuple[Any, Any]:
    at = Location(folder.as_posix())
    with _importing(folder.resolve().parent):
        try:
            module = importlib.import_module(name)
            if not hasattr(module, "convert"):
                message = f"The package {name} has no conversions."
                hint = "Run modelgen generate with `reconcile` in the package's table."
                raise SpecError(Diagnostic("convert-package", message, at, hint))
            lines, files = (importlib.import_module(f"{name}.{part}") for part in PARTS)
            return lines, files
        except ImportError as error:
            message = f"The package {name} cannot be imported: {error}."
            hint = "Run modelgen generate first."
            raise SpecError(Diagnostic("convert-package", message, at, hint)) from None


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _unreadable(error: Any, name: str) -> Diagnostic:
    """What is wrong with an input. What is no JSON is said as it is said of documents, in the same words on every
    interpreter."""
    message: str = error.message
    line, column = error.line, error.column
    if isinstance(cause := error.__cause__, json.JSONDecodeError):
        try:
            json_syntax.check(cause.doc)
        except json_syntax.FaultError as fault:
            before = cause.doc[: fault.offset]
            message = f"This is not JSON: {fault.message}."
            line, column = before.count("\n") + 1, fault.offset - before.rfind("\n")
    return Diagnostic("convert-json", message, Location(name, "", line, column))
