"""What a package was made from, as a bill of materials that stands in its wheel (PEP 770)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from . import lock
from .config import Distribution, load
from .lock import Pin

SBOM = "documents.cdx.json"


def pins_by_document(pyproject: Path) -> dict[str, Pin]:
    """What the lock says of the documents that are sources, by the names of their files. Raises SpecError."""
    pins = lock.read(pyproject.with_name(lock.NAME))
    return {
        PurePosixPath(source.path).name: pins[source.name]
        for source in load(pyproject).sources
        if source.name in pins
    }


def sbom(
    distribution: Distribution,
    version: str,
    maps: Sequence[Mapping[str, Any]],
    pins: Mapping[str, Pin],
) -> str:
    """CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/, made from the `schema_map.json` of each part. A document that
    is a source is listed with what it was taken of."""
    purl = f"pkg:pypi/{re.sub('[-_.]+', '-', distribution.name).lower()}@{version}"
    documents: dict[str, dict[str, Any]] = {}
    for schema_map in maps:
        for document in schema_map["documents"]:
            name = document["name"]
            documents[name] = _component(name, document["content_sha256"], pins.get(name))
    generator, _, number = maps[0]["generator"].partition(" ")
    tool = {"type": "application", "name": generator, "version": number}
    package: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": distribution.name,
        "version": version,
        "purl": purl,
    }
    if distribution.license:
        package["licenses"] = [{"expression": distribution.license}]
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"tools": {"components": [tool]}, "component": package},
        "components": list(documents.values()),
        "dependencies": [{"ref": purl, "dependsOn": list(documents)}],
    }
    return json.dumps(bom, ensure_ascii=False, indent=2) + "\n"


def _component(name: str, sha256: str, pin: Pin | None) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "data",
        "bom-ref": name,
        "name": name,
        "properties": [{"name": "modelgen:content_sha256", "value": sha256}],
    }
    if pin is not None:
        component["version"] = pin.date
        component["externalReferences"] = [
            {
                "type": "source-distribution",
                "url": pin.url,
                "hashes": [{"alg": "SHA-256", "content": pin.sha256}],
            }
        ]
    return component
