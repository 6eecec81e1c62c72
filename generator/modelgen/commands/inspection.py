"""What is understood of a document, as data that `modelgen inspect` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from ..emit.modules import cut
from ..emit.names import type_names
from ..emit.operations import records
from ..errors import Diagnostic, Location, SpecError
from ..ir.describe import describe, sort
from ..loader import Documents
from ..normalizer import directed, normalize
from ..normalizer.anomalies import KINDS
from ..project.config import Package


@dataclass(frozen=True, slots=True)
class InspectedAnomaly:
    """An anomaly, and how it was repaired."""

    code: str
    at: Location
    message: str
    repair: str


@dataclass(frozen=True, slots=True)
class InspectedSchema:
    """A named type. `name` is the component's name, or the path of an inline schema from its component; `definition`
    is what was understood, a line for each property or member."""

    name: str
    at: Location
    kind: str
    python_name: str
    definition: tuple[str, ...] = ()

    def contains(self, anomaly: InspectedAnomaly) -> bool:
        """Whether an anomaly is inside this schema."""
        is_below = f"{anomaly.at.pointer}/".startswith(f"{self.at.pointer}/")
        return is_below and anomaly.at.source == self.at.source


@dataclass(frozen=True, slots=True)
class InspectedOperation:
    """An operation, and the name of its record in `operations`."""

    name: str
    at: Location
    method: str
    path: str
    python_name: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """Schemas of a document, and the anomalies that were repaired in them: all, or those of the `names` (or globs) that
    were asked for."""

    schemas: tuple[InspectedSchema, ...]
    anomalies: tuple[InspectedAnomaly, ...]
    operations: tuple[InspectedOperation, ...] = ()
    names: tuple[str, ...] = ()

    def narrowed(self, names: Sequence[str], source: str) -> Inspection:
        """The part that is about some names. Raises SpecError for one that no schema of `source` has."""
        known = [schema.name for schema in self.schemas]
        for name in names:
            if not any(fnmatchcase(other, name) for other in known):
                close = get_close_matches(name, known, 1)
                hint = f'Did you mean "{close[0]}"?' if close else ""
                message = f'There is no schema "{name}".'
                raise SpecError(Diagnostic("unknown-schema", message, Location(source), hint))
        schemas = [s for s in self.schemas if any(fnmatchcase(s.name, name) for name in names)]
        anomalies = [a for a in self.anomalies if any(s.contains(a) for s in schemas)]
        return replace(
            self,
            schemas=tuple(schemas),
            anomalies=tuple(anomalies),
            names=tuple(names),
            operations=(),
        )


def inspect(documents: Documents, package: Package) -> Inspection:
    """What `generate` would make of the documents. Raises SpecError."""
    operations = package.parts[0].operation_globs
    api = directed(normalize(documents, package.select, operations=operations))
    rules = tuple((rule.name, rule.select) for rule in package.modules)
    modules = cut(api, rules).modules
    names, renamed = type_names(api, documents.names(package.names), modules)
    schemas = tuple(
        InspectedSchema(
            name=named.key,
            at=documents.locate(named.at),
            kind=sort(named.type),
            python_name=names[named.key],
            definition=tuple(describe(named)),
        )
        for named in api.types
    )
    anomalies = tuple(
        InspectedAnomaly(a.code, documents.locate(a.at), a.message, KINDS[a.code].repair)
        for a in (*api.anomalies, *renamed)
    )
    shown = tuple(
        InspectedOperation(
            operation.id, documents.locate(operation.at), operation.method, operation.path, name
        )
        for name, operation in records(api.operations).items()
    )
    return Inspection(schemas, anomalies, shown)
