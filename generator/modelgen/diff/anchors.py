"""Names of schemas and properties -> anchors of an HTML document: plain letters, each once, the same in every run."""

from __future__ import annotations

import re


class Anchors:
    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "schema"
        found, number = plain, 1
        while found in self._taken:
            number += 1
            found = f"{plain}-{number}"
        self._taken.add(found)
        return found
