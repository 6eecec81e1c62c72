"""A core for tests of the commands: one class for each component, an anomaly for each `nullable`.

`python fake_pipeline.py ARGS` is `modelgen ARGS` with this core.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modelgen.disk.files import Files
from modelgen.errors import Diagnostic, Location, SpecError, step
from modelgen.ir import Anomaly

SCHEMAS = "/components/schemas"


@dataclass(frozen=True, slots=True)
class Generated:
    files: Files
    classes: int
    aliases: int
    anomalies: tuple[Anomaly, ...]
    map: None = None


@dataclass(frozen=True, slots=True)
class SchemaRow:
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
    schemas: tuple[SchemaRow, ...]
    anomalies: tuple[AnomalyRow, ...]


def generate(
    documents: Any,
    package: Any,
    progress: Callable[[str], None] = lambda _: None,
    map_: None = None,
) -> Any:
    if "FAKE_SECONDS" in os.environ:
        time.sleep(float(os.environ["FAKE_SECONDS"]))
    progress("writing models")
    (documents,) = documents
    found = inspect(documents, package)
    names = [row.python_name for row in found.schemas]
    if "Broken" in names:
        at = Location(documents.root.source, step(SCHEMAS, "Broken"))
        first = Location(documents.root.source, SCHEMAS)
        raise SpecError(Diagnostic("name-clash", "Two are Broken.", at, "Rename one.", (first,)))
    if "Bug" in names:
        raise ZeroDivisionError("a \x1b[31mbug")
    text = "".join(f"class {name}: ...  # {package.style}\n" for name in names)
    files = Files({"__init__.py": "", "models.py": text, "_runtime.py": "# support\n"})
    anomalies = tuple(Anomaly(row.code, row.message, row.location) for row in found.anomalies)
    return Generated(files, len(names), 0, anomalies)


def inspect(documents: Any, package: Any) -> Inspection:
    schemas, anomalies = [], []
    for name, schema in documents.root.data["components"]["schemas"].items():
        pointer = step(SCHEMAS, name)
        at = documents.locate(Location(documents.root.source, pointer))
        python_name = package.names.get(pointer, name.replace("-", "_"))
        schemas.append(SchemaRow(name, pointer, at, "object", python_name))
        if schema.get("nullable"):
            at = documents.locate(Location(documents.root.source, f"{pointer}/nullable"))
            row = AnomalyRow(
                "nullable", f"{pointer}/nullable", at, "It is nullable.", "Null is valid."
            )
            anomalies.append(row)
    return Inspection(tuple(schemas), tuple(anomalies))


if __name__ == "__main__":
    sys.modules["modelgen.pipeline"] = sys.modules["__main__"]
    from modelgen.cli import main

    main(prog_name="modelgen")
