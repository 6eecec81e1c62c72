"""`modelgen.lock`: which version of each fetched document is in use, and what was taken of it, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Diagnostic, Location, SpecError

NAME = "modelgen.lock"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What of a document is kept, as the configuration says it, and the hash of that. `overlays`: path -> sha256."""

    sha256: str
    select: Sequence[str] = ()
    operations: Sequence[str] | None = None
    prose: bool = True
    overlays: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One version of a document. `etag` is the server's name for it, "" if it has none; `version` what the document
    calls itself; `date` the day of it, as 2026-08-21: of its commit, else as the server says, else of the first fetch.
    `taken` is None if the whole of it is kept."""

    url: str
    sha256: str
    size: int
    etag: str = ""
    version: str = ""
    date: str = ""
    taken: Taken | None = None

    @property
    def kept(self) -> str:
        """The sha256 of the file that is kept."""
        return self.taken.sha256 if self.taken else self.sha256


def read(path: Path) -> dict[str, Pin]:
    """The pins by source name; none if there is no file."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            raise ValueError
        pins = {name: _pin(entry) for name, entry in data["sources"].items()}
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
    sources = {name: _entry(pin) for name, pin in sorted(pins.items())}
    return json.dumps({"version": VERSION, "sources": sources}, ensure_ascii=False, indent=2) + "\n"


def _entry(pin: Pin) -> dict[str, object]:
    entry = asdict(pin)
    if pin.taken is None:
        del entry["taken"]
    return entry


def _pin(entry: Mapping[str, Any]) -> Pin:
    taken = entry.get("taken")
    return Pin(**{**entry, "taken": Taken(**taken) if taken is not None else None})


def _is_valid(pin: Pin) -> bool:
    texts = (pin.url, pin.sha256, pin.etag, pin.version, pin.date, pin.kept)
    return all(isinstance(item, str) for item in texts) and type(pin.size) is int
