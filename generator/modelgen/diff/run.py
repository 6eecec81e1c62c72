"""`modelgen diff`: two loaded documents -> a comparison, and its report in one of the formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from ..errors import Diagnostic, Location, SpecError
from ..loader import Documents
from ..normalizer import normalize
from ..openapi.structure import SCHEMAS
from ..project.config import Diff, Package
from . import comparison
from .alignment import aligned
from .changes import Comparison, Facts
from .direction import Directions
from .formats import renderer
from .identical import are_identical
from .narrowed import within
from .parts import OperationPart
from .parts import parts as parts_of
from .policy import Baseline, Policy
from .side import Side
from .sources import Sources

_DEFAULTS = Package(name="models")
_SETTINGS = Diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to compare of two documents, and what is known of who sends what."""

    select: tuple[str, ...] = ()
    operations: tuple[
        str, ...
    ] = ()  # only changes that concern these, by operationId or `GET /path`
    tags: tuple[str, ...] = ()  # or operations with these
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    docs: bool = False
    facts: Facts = field(default_factory=dict)  # renames and moves that somebody decided
    settings: Diff = _SETTINGS
    baseline: Baseline | None = None
    fail_on: tuple[str, ...] = ()  # for whom a change makes it fail
    today: date | None = None  # None: nothing that is deprecated is over
    packages: tuple[Package, Package] = (_DEFAULTS, _DEFAULTS)  # how each document becomes Python


@dataclass(frozen=True, slots=True)
class Outcome:
    """A comparison and the documents it is about."""

    comparison: Comparison
    sources: Sources

    def text(self, format_: str) -> str:
        return renderer(format_)(self.comparison, self.sources)

    @property
    def fails(self) -> bool:
        return comparison.fails(self.comparison)


def compare(old: Documents, new: Documents, options: Options) -> Outcome:
    """What changed from one document to the other. Raises SpecError."""
    severity = policy(options.settings)
    if are_identical(old, new, options.packages, options.select) and not options.facts:
        compared = _unchanged(old, new)
    else:
        compared = severity.apply(_walked(old, new, options))
    if options.baseline is not None:
        compared = options.baseline.apply(compared)
    compared = replace(compared, fail_on=options.fail_on)
    if not options.docs:
        compared = replace(compared, docs=())
    return Outcome(compared, Sources(old, new))


def _unchanged(old: Documents, new: Documents) -> Comparison:
    info = old.root.data.get("info")
    version = str(info.get("version", "")) if isinstance(info, dict) else ""
    return Comparison(
        old=old.root.source,
        new=new.root.source,
        old_version=version,
        new_version=version,
        changes=(),
    )


def _walked(old: Documents, new: Documents, options: Options) -> Comparison:
    sent = (*options.settings.sent, *options.sent)
    received = (*options.settings.received, *options.received)
    theirs = parts_of(new)
    parts = aligned(parts_of(old), theirs), theirs
    sides = (
        side_of(old, options.packages[0], options.select, parts[0] if not options.select else {}),
        side_of(new, options.packages[1], options.select, parts[1] if not options.select else {}),
    )
    if options.select and not (sides[0].components or sides[1].components):
        raise _nothing(options.select, new)
    directions = (
        Directions(sides[0], parts[0], sent, received),
        Directions(sides[1], parts[1], sent, received),
    )
    names = old.root.source, new.root.source
    compared = comparison.compare(*sides, directions, names, options.facts, options.today)
    if options.operations or options.tags:
        return within(compared, sides, options.operations, options.tags)
    return compared


def policy(settings: Diff) -> Policy:
    """How bad kinds of change are, by the configuration. Raises SpecError if it names one that does not exist."""
    chosen = Policy(settings.severity, settings.ignore)
    unknown = chosen.unknown()
    if unknown:
        raise SpecError(
            Diagnostic(
                "config-bad-value",
                f'There is no kind of change "{rule}".',
                Location(settings.source),
                "docs/diff.md lists them.",
            )
            for rule in unknown
        )
    return chosen


def _nothing(select: Sequence[str], documents: Documents) -> SpecError:
    return SpecError(
        Diagnostic(
            "nothing-selected",
            f"No component schema of either document matches {', '.join(select)}.",
            documents.root.locate(SCHEMAS),
            "List the names with `modelgen inspect`.",
        )
    )


def side_of(
    documents: Documents,
    package: Package,
    select: Sequence[str] = (),
    parts: Mapping[str, OperationPart] = MappingProxyType({}),
) -> Side:
    """A document as it is compared: components and, unless some are selected, the schemas of operations. Where the package
    has types of operations, they are read for their names."""
    further = {name: part.schema for name, part in parts.items() if part.schema is not None}
    operations = package.parts[0].operation_globs if parts else ()
    api = normalize(documents, select, further=further, operations=operations, may_be_empty=True)
    return Side(api, documents.node, package.names, package.formats, parts, package.fields)
