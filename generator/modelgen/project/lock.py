"""`modelgen.lock`: which version of each fetched document is in use, as JSON without a date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import Diagnostic, Location, SpecError

NAME = "modelgen.lock"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of a document. `etag` is the server's name for it, "" if it has none."""

    url: str
    sha256: str
    size: int
    etag: str = ""


def read(path: Path) -> dict[str, Pin]:
    """The pins by source name; none if there is no file."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            raise ValueError
        pins = {name: Pin(**entry) for name, entry in data["sources"].items()}
        if not all(_is_valid(pin) for pin in pins.values()):
            raise ValueError
        return pins
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SpecError(
            Diagnostic(
                "lock-damaged",
                "The lock file is damaged, or of another version of modelgen.",
                Location(str(path)),
                "Restore it from version control, or remove it and run `modelgen fetch`.",
            )
        ) from None


def text(pins: Mapping[str, Pin]) -> str:
    """The content of the file: the same for the same pins in any order."""
    sources = {name: asdict(pin) for name, pin in sorted(pins.items())}
    return json.dumps({"version": VERSION, "sources": sources}, indent=2) + "\n"


def _is_valid(pin: Pin) -> bool:
    texts = (pin.url, pin.sha256, pin.etag)
    return all(isinstance(item, str) for item in texts) and type(pin.size) is int
