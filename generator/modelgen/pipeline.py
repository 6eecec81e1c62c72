"""The whole program: documents and a package's configuration in, files out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePath

from . import ir
from .anomalies import KINDS
from .config import Package, Part
from .describe import describe
from .errors import Location
from .files import Files
from .loader import Documents
from .lower.modules import DEFAULT_MODULE, cut
from .lower.package import Origin, schema_map, variants_root
from .lower.package import Package as Lowered
from .lower.types import Scope
from .names import type_names
from .normalizer import normalize
from .render import render, render_code, support
from .styles import STYLES
from .verify import check_module

GENERATOR = f"modelgen {version('realtime-modelgen')}"
SUPPORT = ("_runtime.py", "_formats.py", "_validator.py")


@dataclass(frozen=True, slots=True)
class Generated:
    """A package as files, and what it took."""

    files: Files
    classes: int
    aliases: int
    anomalies: tuple[ir.Anomaly, ...]


def generate(
    documents: Documents | Sequence[Documents],
    package: Package,
    progress: Callable[[str], None] = lambda _: None,
) -> Generated:
    """The files of a package of models, from the document of each of its parts. `progress` hears what is being worked
    on. Raises SpecError."""
    inputs = (documents,) if isinstance(documents, Documents) else tuple(documents)
    collecting = gc.isenabled()
    gc.disable()  # everything made here lives to the end: collecting it would cost a third of the time
    try:
        parts = [
            _part(found, package, part, progress)
            for found, part in zip(inputs, package.parts, strict=True)
        ]
        files = {name: support(name) for name in SUPPORT}
        files["py.typed"] = ""
        if package.variants:
            titles = Origin(package.name, "", GENERATOR)
            root = variants_root([part.name for part in package.variants], titles)
            files[root.path] = render(root)
        for part in parts:
            files.update(part.files)
        return Generated(
            Files(files),
            sum(part.classes for part in parts),
            sum(part.aliases for part in parts),
            tuple(anomaly for part in parts for anomaly in part.anomalies),
        )
    finally:
        if collecting:
            gc.enable()


def _part(
    documents: Documents, package: Package, part: Part, progress: Callable[[str], None]
) -> Generated:
    """The files that one document contributes."""
    api = normalize(documents, part.select, progress)
    names, renamed = type_names(api, part.names, _modules(part))
    rules = [(rule.name, rule.select) for rule in part.modules]
    scope = Scope(api.by_key(), names, cut(api, rules), package.formats)
    origin = Origin(api.title, api.version, GENERATOR)
    lowered = Lowered(api, scope, STYLES[package.style], origin, part.name)
    files = {"_codecs/__init__.py": '"""Generated readers and writers of the models."""\n'}
    for module in lowered.by_module:
        models, codecs = lowered.models(module), lowered.codecs(module)
        for view, printed in ((models, render), (codecs, render_code)):
            progress(view.path)
            files[view.path] = printed(view)
        check_module(files[models.path], models)
        files[f"_codecs/{module}.json"] = lowered.table(module)
    root = lowered.root()
    files[root.path] = render(root)
    files["schema_map.json"] = _schema_map(documents, api, lowered)
    if part.name:
        files = {f"{part.name}/{path}": text for path, text in files.items()}
    classes = len(lowered.attributes)
    return Generated(Files(files), classes, len(api.types) - classes, (*api.anomalies, *renamed))


def _modules(part: Part | Package) -> tuple[str, ...]:
    return (DEFAULT_MODULE, *(rule.name for rule in part.modules))


def _schema_map(documents: Documents, api: ir.Api, lowered: Lowered) -> str:
    places = {}
    for named in api.types:
        fields = named.type.fields if isinstance(named.type, ir.Object) else ()
        for at in (named.at, *(field.at for field in fields)):
            places[at.source, at.pointer] = documents.locate(at).line
    head = {
        "generator": GENERATOR,
        "documents": [
            {"name": display_name(d.source), "sha256": d.sha256} for d in documents.loaded
        ],
        "title": api.title,
        "version": api.version,
    }
    return schema_map(api, lowered, places, head)


def display_name(source: str) -> str:
    """A document's name without folders of the machine: the file's name, or the URL."""
    return source if "://" in source else PurePath(source).name


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A named type. `name` is the component's name, or the path of an inline schema from its component; `definition`
    says what was understood, a line for each property or member."""

    name: str
    pointer: str
    location: Location
    kind: str
    python_name: str
    definition: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnomalyRow:
    code: str
    pointer: str
    location: Location
    message: str
    repair: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the normalizer understood of a document, and the anomalies it repaired."""

    schemas: tuple[SchemaRow, ...]
    anomalies: tuple[AnomalyRow, ...]


def inspect(documents: Documents, package: Package) -> Inspection:
    """What `generate` would make of the documents. Raises SpecError."""
    api = normalize(documents, package.select)
    names, renamed = type_names(api, package.names, _modules(package))
    schemas = tuple(
        SchemaRow(
            name=named.key,
            pointer=named.at.pointer,
            location=documents.locate(named.at),
            kind=_kind(named.type),
            python_name=names[named.key],
            definition=tuple(describe(named)),
        )
        for named in api.types
    )
    anomalies = tuple(
        AnomalyRow(a.code, a.at.pointer, documents.locate(a.at), a.message, KINDS[a.code].repair)
        for a in (*api.anomalies, *renamed)
    )
    return Inspection(schemas, anomalies)


def _kind(type_: ir.Type) -> str:
    match type_:
        case ir.Object():
            return "object"
        case ir.Literal():
            return "enum"
        case ir.Union():
            return "union"
        case _:
            return "alias"
