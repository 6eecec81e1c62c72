"""`[tool.modelgen]` of a pyproject.toml, or the options of one command, as a `Config`.

`checks` says whether the table is as it should be.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..emit.styles import DEFAULT_STYLE
from ..errors import Diagnostic, Location, SpecError
from ..openapi.formats import DEFAULTS
from .checks import EXAMPLE, faults, schema
from .key_positions import KeyPositions

Severity: TypeAlias = Literal["safe", "note", "may break", "breaks"]


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """Components whose name matches one of `select` go to the module `name`."""

    name: str
    select: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one document contributes to a package: the whole of it, or, with a `name`, a variant in a subpackage."""

    name: str = ""
    input: str
    select: tuple[str, ...] = ()
    modules: tuple[ModuleRule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    operations: tuple[str, ...] | None = None
    overlays: tuple[str, ...] = ()

    @property
    def operation_globs(self) -> tuple[str, ...]:
        """Which operations are read, by operationId or `GET /path`: all of a whole document, none where components are
        selected, unless it is said."""
        if self.operations is not None:
            return self.operations
        return () if self.select else ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How a package is published: what `modelgen build` cannot know. The keys are those of `[project]`."""

    name: str
    description: str
    readme: str = ""
    changelog: str = ""
    license: str = ""
    license_files: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package to generate. Paths are as the user wrote them; `Config` says what they are relative to.

    With `variants`, the package has a subpackage for each of them and no `input` of its own."""

    name: str
    input: str = ""
    output: str = "."
    style: str = DEFAULT_STYLE
    select: tuple[str, ...] = ()
    modules: tuple[ModuleRule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    operations: tuple[str, ...] | None = None
    overlays: tuple[str, ...] = ()
    formats: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    ref_roots: tuple[str, ...] = ()
    ref_hosts: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    variants: tuple[Part, ...] = ()
    reconcile: str = ""
    distribution: Distribution | None = None

    def alone(self, part: Part) -> Package:
        """The same settings for one part, as a package without variants."""
        return replace(
            self,
            input=part.input,
            select=part.select,
            modules=part.modules,
            names=part.names,
            operations=part.operations,
            overlays=part.overlays,
            variants=(),
            reconcile="",
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The variants, or the one nameless part of a package without variants."""
        if self.variants:
            return self.variants
        return (
            Part(
                input=self.input,
                select=self.select,
                modules=self.modules,
                names=self.names,
                operations=self.operations,
                overlays=self.overlays,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that is brought from `url` and kept at `path`: the whole of it, or what `select` and `operations` name,
    with or without its prose, under overlays."""

    name: str
    url: str
    path: str
    select: tuple[str, ...] = ()
    operations: tuple[str, ...] | None = None
    prose: bool = True
    overlays: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the document is kept byte for byte."""
        return not (self.select or self.operations is not None or self.overlays or not self.prose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """How `modelgen diff` judges: who sends and receives which components, and how bad kinds of change are.

    `severity`: who (sent, received, python) -> kind of change -> verdict. `source` is the file that says so.
    """

    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Mapping[str, Severity]] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """A checked pyproject.toml. `digest` is the same for the same table under the same rules."""

    path: Path
    packages: tuple[Package, ...]
    digest: str = ""
    sources: tuple[Source, ...] = ()
    diff: Diff = Diff()


def find(start: Path) -> Path | None:
    """The nearest pyproject.toml, in `start` or a folder above it."""
    for folder in (start, *start.parents):
        if (path := folder / "pyproject.toml").is_file():
            return path
    return None


def load(path: Path, accepted: Container[str] = ()) -> Config:
    """Read a pyproject.toml. A table whose digest is in `accepted` passed the checks before."""
    text, table = read(path)
    if table is None:
        message = f"{path.name} has no [tool.modelgen] table."
        hint = f"Add {EXAMPLE}, or name a document: modelgen generate INPUT."
        raise SpecError(Diagnostic("config-missing", message, Location(str(path)), hint))
    rules_and_table = json.dumps([schema(), table], sort_keys=True, default=str)
    digest = hashlib.sha256(rules_and_table.encode()).hexdigest()
    if digest not in accepted:
        diagnostics = tuple(faults(table, KeyPositions(path, text)))
        if diagnostics:
            raise SpecError(diagnostics)
    packages = tuple(package(name, entry) for name, entry in table["packages"].items())
    sources = tuple(
        Source(
            name=name,
            url=entry["url"],
            path=entry["path"],
            select=tuple(entry.get("select", ())),
            operations=_globs(entry.get("operations", True)),
            prose=entry.get("prose", True),
            overlays=tuple(entry.get("overlays", ())),
        )
        for name, entry in table.get("sources", {}).items()
    )
    return Config(path, packages, digest, sources, diff(table.get("diff", {}), str(path)))


def read(path: Path) -> tuple[str, Any]:
    """The text of a pyproject.toml, and its [tool.modelgen] table or None."""
    text = _read(path)
    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError as error:
        raise SpecError(_syntax_error(path, text, str(error))) from None
    return text, tool.get("modelgen") if isinstance(tool, dict) else None


def key_at(path: Path, *keys: str | int) -> Location:
    """Where a key of [tool.modelgen] stands in a pyproject.toml."""
    return KeyPositions(path, _read(path)).at(*keys)


def package(name: str, entry: Mapping[str, Any]) -> Package:
    """The package that a checked table describes."""
    alone = _part("", entry)
    return Package(
        name=name,
        input=alone.input,
        output=entry.get("output", "."),
        style=entry.get("style", DEFAULT_STYLE),
        select=alone.select,
        modules=alone.modules,
        names=alone.names,
        operations=alone.operations,
        overlays=alone.overlays,
        formats={**DEFAULTS, **entry.get("formats", {})},
        ref_roots=tuple(entry.get("allow-ref-roots", ())),
        ref_hosts=tuple(entry.get("allow-ref-hosts", ())),
        deny=tuple(entry.get("deny", ())),
        variants=tuple(_part(of, variant) for of, variant in entry.get("variants", {}).items()),
        reconcile=entry.get("reconcile", ""),
        distribution=_distribution(entry["distribution"]) if "distribution" in entry else None,
    )


def diff(entry: Mapping[str, Any], source: str) -> Diff:
    """The settings that a checked table describes."""
    return Diff(
        sent=tuple(entry.get("sent", ())),
        received=tuple(entry.get("received", ())),
        ignore=tuple(entry.get("ignore", ())),
        severity=entry.get("severity", {}),
        source=source,
    )


def _distribution(entry: Mapping[str, Any]) -> Distribution:
    return Distribution(
        name=entry["name"],
        description=entry["description"],
        readme=entry.get("readme", ""),
        changelog=entry.get("changelog", ""),
        license=entry.get("license", ""),
        license_files=tuple(entry.get("license-files", ())),
        urls=entry.get("urls", {}),
    )


def _part(name: str, entry: Mapping[str, Any]) -> Part:
    return Part(
        name=name,
        input=entry.get("input", ""),
        select=tuple(entry.get("select", ())),
        modules=tuple(
            ModuleRule(rule["name"], tuple(rule["select"])) for rule in entry.get("modules", ())
        ),
        names={pointer.removeprefix("#"): to for pointer, to in entry.get("names", {}).items()},
        operations=_globs(entry.get("operations", True)),
        overlays=tuple(entry.get("overlays", ())),
    )


def _globs(operations: bool | list[str]) -> tuple[str, ...] | None:
    """The globs of operations; None for what is usual, and nothing for `false`."""
    if operations is True:
        return None
    return tuple(operations) if operations else ()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        at = Location(str(path))
        message = f"{path.name} is not UTF-8: {error.reason}."
        raise SpecError(Diagnostic("config-syntax", message, at)) from None
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}."
        raise SpecError(Diagnostic("config-unreadable", message, Location(str(path)))) from None


def _syntax_error(path: Path, text: str, message: str) -> Diagnostic:
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if match is None:
        match = re.fullmatch(r"(.*) \((at end of document)\)()", message, re.DOTALL)
    if match is None:
        return Diagnostic("config-syntax", f"This is not TOML: {message}.", Location(str(path)))
    lines = text.rstrip("\n").split("\n")
    line = int(match[2]) if match[3] else len(lines)
    column = int(match[3]) if match[3] else len(lines[-1]) + 1
    at = Location(str(path), "", line, column, text.split("\n")[line - 1].rstrip("\r"))
    return Diagnostic("config-syntax", f"This is not TOML: {match[1]}.", at)
