"""One Api -> the files of its package or subpackage: models, codecs, tables, and the map of where things come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .. import ir
from ..errors import Location
from .heading import GENERATOR, Heading
from .modules import cut
from .names import type_names
from .operations import operations_view
from .package import Package, schema_map
from .renamed import SCHEMA_MAP
from .render import render, render_code, render_lines, support
from .styles import Style
from .types import Scope
from .verify import check_module

OPERATIONS_SUPPORT = ("_operations.py",)
LINKS_SUPPORT = ("_links.py",)
SUPPORT = (
    "_runtime.py",
    "_attempts.py",
    "_compound.py",
    "_formats.py",
    "_predicates.py",
    "_pydantic.py",
    "_validator.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an API becomes Python. `names`: JSON pointer -> Python name. `modules`: name and globs of each rule.
    `subpackage` is "" for the whole package."""

    style: Style
    formats: Mapping[str, str]
    names: Mapping[str, str]
    modules: tuple[tuple[str, tuple[str, ...]], ...]
    subpackage: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an API was written: name and sha256 of the content of each document, and what says where a location is in
    its text: a pointer, and the overlay that it comes from."""

    documents: tuple[tuple[str, str], ...]
    written: Callable[[Location], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class EmittedPart:
    """What one API contributes to a package. `names`: key of a type -> Python name."""

    api: ir.Api
    names: Mapping[str, str]
    files: Mapping[str, str]
    classes: int
    aliases: int
    is_linked: bool
    anomalies: tuple[ir.Anomaly, ...]


def emit_part(
    api: ir.Api, settings: Settings, provenance: Provenance, progress: Callable[[str], None]
) -> EmittedPart:
    """The files of one API. `progress` hears which file is being made. Raises SpecError."""
    found = cut(api, settings.modules)
    names, renamed = type_names(api, settings.names, found.modules)
    scope = Scope(api.by_key(), names, found.homes, settings.formats, found.links, found.waiting)
    heading = Heading(api.title, api.version)
    package = Package(api, scope, settings.style, heading, settings.subpackage)
    files = _files(package, progress)
    head = _head(api, provenance)
    files[SCHEMA_MAP] = schema_map(api, package, provenance.written, head)
    if settings.subpackage:
        files = {f"{settings.subpackage}/{path}": text for path, text in files.items()}
    classes = len(package.attributes)
    anomalies = (*api.anomalies, *renamed)
    aliases = len(api.types) - classes
    return EmittedPart(api, names, files, classes, aliases, bool(found.links), anomalies)


def support_files(modules: Iterable[str] = SUPPORT) -> dict[str, str]:
    """The modules that are the same in every package."""
    return {name: support(name) for name in modules}


def _files(package: Package, progress: Callable[[str], None]) -> dict[str, str]:
    files = {"_codecs/__init__.py": '"""Generated readers and writers of the models."""\n'}
    for module in package.by_module:
        models, codecs = package.models(module), package.codecs(module)
        progress(models.path)
        files[models.path] = render(models)
        check_module(files[models.path], models)
        progress(codecs.path)
        files[codecs.path] = render_code(codecs)
        files[f"_codecs/{module}.json"] = package.table(module)
    if package.api.operations:
        view = operations_view(
            package.api.operations, package.scope, package.heading, package.support
        )
        files[view.path] = render_lines(view)
    root = package.root()
    files[root.path] = render(root)
    return files


def _head(api: ir.Api, provenance: Provenance) -> dict[str, object]:
    return {
        "generator": GENERATOR,
        "documents": [
            {"name": name, "content_sha256": sha256} for name, sha256 in provenance.documents
        ],
        "title": api.title,
        "version": api.version,
    }
