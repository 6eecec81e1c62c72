"""The whole program: documents and a package's configuration in, files out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import PurePath

from . import ir
from .disk.files import Files
from .emit.conversions.files import conversion_files, hub_modules
from .emit.heading import Heading
from .emit.package import variants_root
from .emit.parts import (
    LINKS_SUPPORT,
    OPERATIONS_SUPPORT,
    EmittedPart,
    Provenance,
    Settings,
    emit_part,
    support_files,
)
from .emit.render import render
from .emit.styles import STYLES
from .errors import Diagnostic, Location, SpecError
from .loader import Document, Documents
from .normalizer import directed, normalize
from .normalizer.anomalies import KINDS
from .project.config import Package, Part
from .reconcile import HUB, Resolution, faults, hub_api, read_map, resolve


@dataclass(frozen=True, slots=True)
class Unused:
    """A setting that does nothing. `keys` lead to it in the table of a part, `part` is the name of that."""

    part: str
    keys: tuple[str | int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Generated:
    """A package as files, and what it took."""

    files: Files
    classes: int
    aliases: int
    anomalies: tuple[ir.Anomaly, ...]
    map: Document | None = None
    unused: tuple[Unused, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each thing that a user is told of."""
        return {
            "class": self.classes,
            "alias": self.aliases,
            "module": sum(_holds_models(path) for path in self.files),
            "anomaly": len(self.anomalies),
        }


def generate(
    documents: Documents | Sequence[Documents],
    package: Package,
    progress: Callable[[str], None] = lambda _: None,
    map_: Document | None = None,
) -> Generated:
    """The files of a package of models, from the document of each of its parts; with the map of its variants, the
    reconciled model and the conversions too. `progress` hears what is being worked on. Raises SpecError.
    """
    _check_codes(package)
    inputs = (documents,) if isinstance(documents, Documents) else tuple(documents)
    with _nothing_collected():
        for read in inputs:
            _ = read.root.content_sha256  # before anything in it is repaired
        parts = [
            _emitted(
                directed(normalize(read, part.select, progress, operations=part.operation_globs)),
                package,
                part,
                read,
                progress,
            )
            for read, part in zip(inputs, package.parts, strict=True)
        ]
        unused = _unused(
            setting
            for part, read, of in zip(parts, inputs, package.parts, strict=True)
            for setting in _matching(part.api, of, read)
        )
        files = support_files()
        if any(part.api.operations for part in parts):
            files |= support_files(OPERATIONS_SUPPORT)
        if any(part.is_linked for part in parts):
            files |= support_files(LINKS_SUPPORT)
        if map_ is not None:
            progress(map_.source)
            hub, conversions = _reconciled(map_, package, parts, inputs)
            parts.append(hub)
            files |= conversions
        return replace(_joined(package, parts, files, map_), unused=unused)


def reconcile(
    documents: Sequence[Documents], package: Package, map_: Document
) -> tuple[Resolution, tuple[Diagnostic, ...]]:
    """The map of a package's variants, held against their documents, and what it does not decide. Raises SpecError for
    a map that cannot be read."""
    apis = [
        normalize(read, part.select) for read, part in zip(documents, package.variants, strict=True)
    ]
    return _resolved(map_, package, apis, documents)


def _emitted(
    api: ir.Api,
    package: Package,
    part: Part,
    documents: Documents,
    progress: Callable[[str], None],
) -> EmittedPart:
    """What one document contributes."""
    read = tuple((display_name(each.source), each.content_sha256) for each in documents.loaded)
    settings = _settings(package, part, documents.names(part.names))
    return emit_part(api, settings, Provenance(read, _written_in(documents)), progress)


def _matching(api: ir.Api, part: Part, documents: Documents) -> Iterator[tuple[Unused, bool]]:
    """What is to be said of each setting of a part if it does nothing, and whether it does something."""

    def found(message: str, used: bool, *keys: str | int) -> tuple[Unused, bool]:
        return Unused(part.name, keys, message), used

    components = [named.key for named in api.types if named.component]

    def is_component(glob: str) -> bool:
        return any(fnmatchcase(name, glob) for name in components)

    for glob in part.select:
        yield found(f"No component matches `{glob}`.", is_component(glob), "select", glob)
    for n, rule in enumerate(part.modules):
        for glob in rule.select:
            message = f"No component matches `{glob}`, for the module `{rule.name}`."
            yield found(message, is_component(glob), "modules", n, "select", glob)
    pointers = {named.at.pointer for named in api.types}
    for written in part.names:
        message = f"`names` has {written}, but no class or alias is made of what is there."
        yield found(message, documents.names({written: ""}).keys() <= pointers, "names", written)
    for glob in part.operations or ():
        used = any(ir.is_named(of.id, of.method, of.path, glob) for of in api.operations)
        yield found(f"No operation matches `{glob}`.", used, "operations", glob)


def _unused(settings: Iterable[tuple[Unused, bool]]) -> tuple[Unused, ...]:
    """What does nothing in any part: variants may share what only some of them need."""
    every = list(settings)
    used = {setting.message for setting, is_used in every if is_used}
    first = {setting.message: setting for setting, _ in reversed(every)}
    return tuple(setting for message, setting in reversed(first.items()) if message not in used)


def _written_in(documents: Documents) -> Callable[[Location], dict[str, str]]:
    """What says where a location is in the text of its document, or in that of an overlay."""
    overlays = {each.source: display_name(each.source) for each in documents.root.overlays}

    def written(at: Location) -> dict[str, str]:
        place = documents.written(at)
        overlay = overlays.get(place.source)
        return {"pointer": place.pointer, **({"overlay": overlay} if overlay else {})}

    return written


def _reconciled(
    map_: Document,
    package: Package,
    parts: Sequence[EmittedPart],
    documents: Sequence[Documents],
) -> tuple[EmittedPart, dict[str, str]]:
    """What the map contributes: the reconciled model, and the files of the conversions."""
    resolution, undecided = _resolved(map_, package, [part.api for part in parts], documents)
    if undecided:
        raise SpecError(undecided)
    provenance = Provenance(
        ((display_name(map_.source), map_.content_sha256),), lambda at: {"pointer": at.pointer}
    )
    settings = Settings(
        style=STYLES[package.style],
        formats=package.formats,
        names={},
        modules=hub_modules(resolution),
        subpackage=HUB,
    )
    hub = emit_part(hub_api(resolution, package.name), settings, provenance, lambda _: None)
    names = {of.name: part.names for of, part in zip(package.variants, parts, strict=True)}
    return hub, conversion_files(resolution, {**names, HUB: hub.names}, Heading(package.name))


def _resolved(
    map_: Document, package: Package, apis: Sequence[ir.Api], documents: Sequence[Documents]
) -> tuple[Resolution, tuple[Diagnostic, ...]]:
    names = [part.name for part in package.variants]
    of = dict(zip(names, documents, strict=True))
    by_variant = dict(zip(names, apis, strict=True))
    resolution = resolve(read_map(map_), by_variant)
    return resolution, faults(resolution, lambda variant, at: of[variant].locate(at))


def _joined(
    package: Package,
    parts: Sequence[EmittedPart],
    files: Mapping[str, str],
    map_: Document | None,
) -> Generated:
    """The parts as one package, under one root."""
    texts = {**files, "py.typed": ""}
    if package.variants:
        names = [*(part.name for part in package.variants), *([HUB] if map_ else ())]
        root = variants_root(names, Heading(package.name), map_ is not None)
        texts[root.path] = render(root)
    for part in parts:
        texts |= part.files
    _refuse_denied(package.deny, parts)
    return Generated(
        Files(texts),
        sum(part.classes for part in parts),
        sum(part.aliases for part in parts),
        tuple(anomaly for part in parts for anomaly in part.anomalies),
        map_,
    )


def _check_codes(package: Package) -> None:
    for code in package.deny:
        if code not in KINDS:
            close = get_close_matches(code, KINDS, 1)
            hint = f"Did you mean {close[0]}?" if close else "`modelgen inspect` shows the codes."
            message = f"There is no anomaly {code!r} to deny."
            raise SpecError(
                Diagnostic(
                    "unknown-anomaly", message, Location(package.input or package.name), hint
                )
            )


def _refuse_denied(deny: Sequence[str], parts: Sequence[EmittedPart]) -> None:
    denied = [
        Diagnostic(
            "anomaly-denied",
            f"{anomaly.message[:-1]} ({anomaly.code}).",
            anomaly.at,
            f"Mend the document, or allow {anomaly.code}.",
        )
        for part in parts
        for anomaly in part.anomalies
        if anomaly.code in deny
    ]
    if denied:
        raise SpecError(denied)


def _settings(package: Package, part: Part, names: Mapping[str, str]) -> Settings:
    return Settings(
        style=STYLES[package.style],
        formats=package.formats,
        names=names,
        modules=tuple((rule.name, rule.select) for rule in part.modules),
        subpackage=part.name,
    )


def _holds_models(path: str) -> bool:
    """Whether a file is a module of models: no support module, and not codecs."""
    return path.endswith(".py") and not any(part.startswith("_") for part in path.split("/"))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Everything made here lives to the end: collecting it would cost a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def display_name(source: str) -> str:
    """A document's name without folders of the machine: the file's name, or the URL."""
    return source if "://" in source else PurePath(source).name
