"""A comparison as SARIF 2.1.0, for what collects the findings of tools: a result for each change."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import Location
from . import wording
from .arrangement import ordered
from .changes import Change, Comparison
from .legible import legible
from .rules import RULES
from .sources import Sources

_LEVELS = {"breaks": "error", "may break": "warning", "note": "note", "safe": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(comparison: Comparison, sources: Sources) -> str:
    comparison = legible(comparison)
    changes = ordered(comparison.changes)
    used = sorted({change.rule for change in (*changes, *comparison.accepted)})
    driver = {
        "name": "modelgen",
        "version": version("openapi-modelgen"),
        "rules": [{"id": rule, "shortDescription": {"text": RULES[rule].purpose}} for rule in used],
    }
    results = [_result(change, used, sources) for change in changes]
    for change in comparison.accepted:
        accepted = {"suppressions": [{"kind": "external", "status": "accepted"}]}
        results.append(_result(change, used, sources) | accepted)
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    data = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _result(change: Change, used: list[str], sources: Sources) -> dict[str, Any]:
    at = change.new_at if change.new_at.source else change.old_at
    return {
        "ruleId": change.rule,
        "ruleIndex": used.index(change.rule),
        "level": _LEVELS[change.worst],
        "message": {"text": wording.in_short(change)},
        "locations": [_location(at, sources)] if at.source else [],
        "partialFingerprints": {"modelgenChange/v1": change.id},
    }


def _location(at: Location, sources: Sources) -> dict[str, Any]:
    located = sources.locate(at)
    artifact = {"uri": quote(Path(at.source).as_posix(), safe="/:?=&%@-._~")}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if located.line:
        physical["region"] = {"startLine": located.line, "startColumn": max(located.column, 1)}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": at.pointer, "kind": "object"}],
    }
