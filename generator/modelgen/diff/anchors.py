"""Names of schemas and properties -> anchors of an HTML document: plain letters, each once, the same in every run."""

from __future__ import annotations

import re


class Anchors:
    def __init__(self) -> None:
        self._used: set[str] = set()

    def of(self, name: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "schema"
        anchor, number = plain, 1
        while anchor in self._used:
            number += 1
            anchor = f"{plain}-{number}"
        self._used.add(anchor)
        return anchor
