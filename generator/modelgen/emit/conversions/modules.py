"""Resolution -> the modules that turn payloads of any variant into the hub's, and the hub's into those of one variant.

All of their functions change a payload that the caller owns, in placement, and report to a `Report` what could not be
carried over.
"""

from __future__ import annotations

from ...reconcile import Key, Resolution
from ..views import ConversionsView
from .reader import Reader
from .writer import Writer


class Conversions:
    """Makes the modules of conversions of one package."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.map = resolution.map
        self.writers: dict[Key, str] = {}

    def reader(self, doc: tuple[str, ...]) -> ConversionsView:
        """The module that reads payloads of any variant."""
        return Reader(self.resolution).module(doc)

    def writer(self, variant: str, doc: tuple[str, ...]) -> ConversionsView:
        """The module that writes payloads of one variant."""
        writer = Writer(self.resolution, variant)
        made = writer.module(doc)
        for key in self.resolution.roots.values():
            if key.variant == variant:
                self.writers[key] = writer.name(key)
        return made
