"""A core for tests of the commands: one class for each component, an anomaly for each `nullable`.

`python fake_pipeline.py ARGS` is `modelgen ARGS` with this core.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from modelgen import pipeline
from modelgen.commands import inspection
from modelgen.commands.inspection import InspectedAnomaly, InspectedSchema, Inspection
from modelgen.disk.files import Files
from modelgen.errors import Diagnostic, Location, SpecError, step
from modelgen.ir import Anomaly
from modelgen.loader import Document, Documents
from modelgen.pipeline import Generated
from modelgen.project.config import Package

SCHEMAS = "/components/schemas"


def generate(
    documents: Sequence[Documents],
    package: Package,
    progress: Callable[[str], None] = lambda _: None,
    map_: Document | None = None,
) -> Generated:
    if "FAKE_SECONDS" in os.environ:
        print("working", flush=True)
        time.sleep(float(os.environ["FAKE_SECONDS"]))
    progress("writing models")
    (read,) = documents
    inspected = inspect(read, package)
    names = [schema.python_name for schema in inspected.schemas]
    if "Broken" in names:
        at = Location(read.root.source, step(SCHEMAS, "Broken"))
        first = Location(read.root.source, SCHEMAS)
        raise SpecError(Diagnostic("name-clash", "Two are Broken.", at, "Rename one.", (first,)))
    if "Bug" in names:
        raise ZeroDivisionError("a \x1b[31mbug")
    text = "".join(f"class {name}: ...  # {package.style}\n" for name in names)
    files = Files({"__init__.py": "", "models.py": text, "_runtime.py": "# support\n"})
    anomalies = tuple(Anomaly(each.code, each.message, each.at) for each in inspected.anomalies)
    return Generated(files, len(names), 0, anomalies)


def inspect(documents: Documents, package: Package) -> Inspection:
    schemas, anomalies = [], []
    for name, schema in documents.root.data["components"]["schemas"].items():
        pointer = step(SCHEMAS, name)
        at = documents.locate(Location(documents.root.source, pointer))
        python_name = package.names.get(pointer, name.replace("-", "_"))
        schemas.append(InspectedSchema(name, at, "object", python_name))
        if schema.get("nullable"):
            at = documents.locate(Location(documents.root.source, f"{pointer}/nullable"))
            anomalies.append(InspectedAnomaly("nullable", at, "It is nullable.", "Null is valid."))
    return Inspection(tuple(schemas), tuple(anomalies))


if __name__ == "__main__":
    pipeline.generate = generate
    inspection.inspect = inspect
    from modelgen.cli import main

    main(prog_name="modelgen")
