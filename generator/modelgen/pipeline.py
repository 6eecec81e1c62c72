"""The whole program: documents and a package's configuration in, files out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePath

from . import ir
from .disk.files import Files
from .emit.conversions.modules import Conversions
from .emit.conversions.signatures import signatures
from .emit.conversions.streams import streams
from .emit.conversions.tables import tables
from .emit.modules import DEFAULT_MODULE, cut
from .emit.names import type_names
from .emit.package import Origin, schema_map, variants_root
from .emit.package import Package as Lowered
from .emit.render import render, render_code, render_formatted, support
from .emit.styles import STYLES
from .emit.types import Scope
from .emit.verify import check_module
from .errors import Diagnostic, Location, SpecError
from .ir.describe import describe
from .ir.words import snake_case
from .loader import Document, Documents
from .normalizer import normalize
from .normalizer.anomalies import KINDS
from .project.config import ModuleRule, Package, Part
from .reconcile import HUB, Resolution, faults, hub_api, read_map, resolve

GENERATOR = f"modelgen {version('realtime-modelgen')}"
SUPPORT = ("_runtime.py", "_formats.py", "_validator.py")
CONVERSION_SUPPORT = ("_conversion.py", "_translator.py")


@dataclass(frozen=True, slots=True)
class Generated:
    """A package as files, and what it took."""

    files: Files
    classes: int
    aliases: int
    anomalies: tuple[ir.Anomaly, ...]
    map: Document | None = None


def generate(
    documents: Documents | Sequence[Documents],
    package: Package,
    progress: Callable[[str], None] = lambda _: None,
    map_: Document | None = None,
) -> Generated:
    """The files of a package of models, from the document of each of its parts; with the map of its variants, the
    reconciled model and the conversions too. `progress` hears what is being worked on. Raises SpecError.
    """
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
        names = [part.name for part in package.variants]
        if map_ is not None:
            progress(map_.source)
            parts.append(_reconciled(map_, package, parts, inputs, files))
            names.append(HUB)
        if package.variants:
            titles = Origin(package.name, "", GENERATOR)
            root = variants_root(names, titles, map_ is not None)
            files[root.path] = render(root)
        for part in parts:
            files.update(part.files)
        return Generated(
            Files(files),
            sum(part.classes for part in parts),
            sum(part.aliases for part in parts),
            tuple(anomaly for part in parts for anomaly in part.anomalies),
            map_,
        )
    finally:
        if collecting:
            gc.enable()


def reconcile(
    documents: Sequence[Documents], package: Package, map_: Document
) -> tuple[Resolution, tuple[Diagnostic, ...]]:
    """The map of a package's variants, held against their documents, and what it does not decide. Raises SpecError for
    a map that cannot be read."""
    apis = {
        part.name: normalize(found, part.select)
        for found, part in zip(documents, package.variants, strict=True)
    }
    return _resolved(map_, package, apis, documents)


def _resolved(
    map_: Document, package: Package, apis: Mapping[str, ir.Api], documents: Sequence[Documents]
) -> tuple[Resolution, tuple[Diagnostic, ...]]:
    of = {part.name: found for part, found in zip(package.variants, documents, strict=True)}
    resolution = resolve(read_map(map_), apis)
    return resolution, faults(resolution, lambda variant, at: of[variant].locate(at))


@dataclass(frozen=True, slots=True)
class _Part:
    """What one document, or the map, contributes to a package."""

    api: ir.Api
    names: Mapping[str, str]
    files: dict[str, str]
    classes: int
    aliases: int
    anomalies: tuple[ir.Anomaly, ...]


def _part(
    documents: Documents, package: Package, part: Part, progress: Callable[[str], None]
) -> _Part:
    """The files that one document contributes."""
    api = normalize(documents, part.select, progress)
    places = {}
    for named in api.types:
        fields = named.type.fields if isinstance(named.type, ir.Object) else ()
        for at in (named.at, *(field.at for field in fields)):
            places[at.source, at.pointer] = documents.locate(at).line
    head = [{"name": display_name(d.source), "sha256": d.sha256} for d in documents.loaded]
    return _emitted(api, package, part, places, head, progress)


def _reconciled(
    map_: Document,
    package: Package,
    parts: Sequence[_Part],
    documents: Sequence[Documents],
    files: dict[str, str],
) -> _Part:
    """The reconciled model; the conversions are added to `files`."""
    variants = {of.name: part for of, part in zip(package.variants, parts, strict=True)}
    apis = {name: part.api for name, part in variants.items()}
    resolution, undecided = _resolved(map_, package, apis, documents)
    if undecided:
        raise SpecError(undecided)
    hub = hub_api(resolution, package.name)
    rules = tuple(
        ModuleRule(f"{snake_case(shape.name)}s", (f"{shape.name}*",))
        for shape in resolution.map.families
        if shape.tag
    )
    places = {(map_.source, ""): 0}
    head = [{"name": display_name(map_.source), "sha256": map_.sha256}]
    part = Part(name=HUB, input=map_.source, modules=rules)
    made = _emitted(hub, package, part, places, head, lambda _: None)
    origin = Origin(package.name, "", GENERATOR)
    conversions = Conversions(resolution)
    reader = conversions.reader(origin.doc("payloads of any variant, read into the hub"))
    files[reader.path] = render_formatted(reader)
    for name in variants:
        writer = conversions.writer(name, origin.doc(f"the hub, written for {name}"))
        files[writer.path] = render_formatted(writer)
    around = streams(resolution, origin.doc("events that are formed of several"))
    files[around.path] = render_formatted(around)
    names = {name: part.names for name, part in variants.items()} | {HUB: made.names}
    typed = signatures(resolution, names, origin.doc("which model becomes which"))
    files[typed.path] = render_formatted(typed)
    files["_conversions/tables.json"] = tables(resolution, names, conversions.writers)
    files["_conversions/__init__.py"] = '"""Generated conversions between the variants."""\n'
    for support_module in CONVERSION_SUPPORT:
        files[support_module] = support(support_module)
    return made


def _emitted(
    api: ir.Api,
    package: Package,
    part: Part,
    places: Mapping[tuple[str, str], int],
    documents: Sequence[Mapping[str, str]],
    progress: Callable[[str], None],
) -> _Part:
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
    head = {
        "generator": GENERATOR,
        "documents": documents,
        "title": api.title,
        "version": api.version,
    }
    files["schema_map.json"] = schema_map(api, lowered, places, head)
    if part.name:
        files = {f"{part.name}/{path}": text for path, text in files.items()}
    classes = len(lowered.attributes)
    anomalies = (*api.anomalies, *renamed)
    return _Part(api, names, files, classes, len(api.types) - classes, anomalies)


def _modules(part: Part | Package) -> tuple[str, ...]:
    return (DEFAULT_MODULE, *(rule.name for rule in part.modules))


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
