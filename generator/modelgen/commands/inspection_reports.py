"""An inspection as text for people or JSON for programs: the formats of `modelgen inspect`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import visible
from .messages import columns, counted

if TYPE_CHECKING:
    from .inspection import InspectedAnomaly, InspectedOperation, InspectedSchema, Inspection

LOCATIONS_SHOWN = 3


def as_text(inspection: Inspection) -> str:
    """The schemas that were asked for by name in full, else a table of all."""
    return _details(inspection) if inspection.names else _overview(inspection)


def as_json(inspection: Inspection) -> str:
    """Stable keys, for programs."""
    data = {
        "schemas": [
            {
                "name": schema.name,
                "kind": schema.kind,
                "python_name": schema.python_name,
                "pointer": schema.at.pointer,
                "source": schema.at.source,
                "line": schema.at.line,
                "definition": list(schema.definition),
            }
            for schema in inspection.schemas
        ],
        "operations": [
            {
                "id": operation.name,
                "method": operation.method,
                "path": operation.path,
                "python_name": operation.python_name,
                "pointer": operation.at.pointer,
                "source": operation.at.source,
                "line": operation.at.line,
            }
            for operation in inspection.operations
        ],
        "anomalies": [
            {
                "code": anomaly.code,
                "pointer": anomaly.at.pointer,
                "location": {
                    "source": anomaly.at.source,
                    "line": anomaly.at.line,
                    "column": anomaly.at.column,
                },
                "message": anomaly.message,
                "repair": anomaly.repair,
            }
            for anomaly in inspection.anomalies
        ],
    }
    return json.dumps(data, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Inspection], str]] = {"text": as_text, "json": as_json}


def _overview(inspection: Inspection) -> str:
    """A table of the schemas, and the anomalies by code."""
    schemas, anomalies = inspection.schemas, inspection.anomalies
    header = ("SCHEMA", "KIND", "PYTHON NAME", "LINE")
    rows = [(visible(s.name), s.kind, s.python_name, str(s.at.line)) for s in schemas]
    operations = inspection.operations
    lines = [
        *columns(header, rows),
        "",
        *(_operations(operations) if operations else ()),
        f"{counted(len(schemas), 'schema')}, "
        f"{counted(len(operations), 'operation') + ', ' if operations else ''}"
        f"{counted(len(anomalies), 'anomaly')}",
        *_by_code(anomalies),
    ]
    return "".join(f"{line}\n" for line in lines)


def _operations(operations: Sequence[InspectedOperation]) -> Iterator[str]:
    header = ("OPERATION", "", "PYTHON NAME", "LINE")
    rows = [(o.method, visible(o.path), o.python_name, str(o.at.line)) for o in operations]
    yield from columns(header, rows)
    yield ""


def _by_code(anomalies: Sequence[InspectedAnomaly]) -> Iterator[str]:
    groups: dict[str, list[InspectedAnomaly]] = {}
    for anomaly in anomalies:
        groups.setdefault(anomaly.code, []).append(anomaly)
    for code, group in groups.items():
        yield ""
        yield f"{code}: {len(group)}"
        yield f"  {group[0].repair}"
        for anomaly in group[:LOCATIONS_SHOWN]:
            yield f"  {visible(str(anomaly.at))} {visible(anomaly.at.pointer)}"
        if len(group) > LOCATIONS_SHOWN:
            yield f"  and {len(group) - LOCATIONS_SHOWN} more"


def _details(inspection: Inspection) -> str:
    """Each schema in full, with the anomalies inside it."""
    return "\n".join(
        "".join(f"{line}\n" for line in _schema(schema, inspection.anomalies))
        for schema in inspection.schemas
    )


def _schema(schema: InspectedSchema, anomalies: Sequence[InspectedAnomaly]) -> Iterator[str]:
    yield visible(schema.name)
    yield f"  kind         {schema.kind}"
    yield f"  python name  {schema.python_name}"
    yield f"  pointer      {visible(schema.at.pointer)}"
    yield f"  written at   {visible(str(schema.at))}"
    for n, line in enumerate(schema.definition):
        yield f"  {'' if n else 'definition':<11}  {visible(line)}"
    for anomaly in filter(schema.contains, anomalies):
        yield f"  anomaly      {anomaly.code} at {visible(anomaly.at.pointer)}"
        yield f"               {visible(anomaly.message)}"
        yield f"               {visible(anomaly.repair)}"
