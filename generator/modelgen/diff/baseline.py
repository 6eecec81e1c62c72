"""The file that lists accepted changes: JSON or YAML <-> the entries of a baseline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import Diagnostic, Location, SpecError, step
from ..loader import parse
from .policy import Accepted

SCHEMA = Path(__file__).with_name("baseline.schema.json")


def read(path: Path) -> tuple[Accepted, ...]:
    """Raises SpecError for what is no baseline, OSError for what cannot be read."""
    from jsonschema import Draft202012Validator

    document = parse(str(path), path.read_bytes())
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = []
    for error in Draft202012Validator(schema).iter_errors(document.data):
        pointer = ""
        for key in error.absolute_path:
            pointer = step(pointer, str(key))
        at = document.locate(pointer)
        faults.append(Diagnostic("baseline-invalid", f"{error.message}.", at, _hint(error.schema)))
    if faults:
        raise SpecError(faults)
    return tuple(
        _entry(entry, document.locate(f"/accepted/{n}/expires"))
        for n, entry in enumerate(document.data["accepted"])
    )


def _hint(schema: Any) -> str:
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


def _entry(entry: Mapping[str, str], at: Location) -> Accepted:
    expires = None
    if "expires" in entry:
        try:
            expires = date.fromisoformat(entry["expires"])
        except ValueError:
            message = f"There is no day {entry['expires']}."
            raise SpecError(Diagnostic("baseline-invalid", message, at)) from None
    return Accepted(
        rule=entry["rule"],
        schema=entry["schema"],
        path=entry["path"],
        value=entry.get("value"),
        reason=entry["reason"],
        expires=expires,
    )


def text(entries: Iterable[Accepted]) -> str:
    accepted = []
    for entry in entries:
        item: dict[str, str] = {"rule": entry.rule, "schema": entry.schema, "path": entry.path}
        if entry.value is not None:
            item["value"] = entry.value
        item["reason"] = entry.reason
        if entry.expires is not None:
            item["expires"] = entry.expires.isoformat()
        accepted.append(item)
    return json.dumps({"accepted": accepted}, indent=2, ensure_ascii=False) + "\n"
