"""Bindings -> the modules that turn payloads of any variant into the hub's, and the hub's into those of one variant.

All of their functions change a payload that the caller owns, in place, and report to a `Report` what could not be
carried over.
"""

from __future__ import annotations

from ...reconcile import Bindings
from ..views import ConversionsView
from .reader import Reader
from .writer import Writer


class Conversions:
    """Makes the modules of conversions of one package."""

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self.lens = bindings.lens
        self.writers: dict[tuple[str, str, str], str] = {}

    def reader(self, doc: tuple[str, ...]) -> ConversionsView:
        """The module that reads payloads of any variant."""
        return Reader(self.bindings).module(doc)

    def writer(self, variant: str, doc: tuple[str, ...]) -> ConversionsView:
        """The module that writes payloads of one variant."""
        writer = Writer(self.bindings, variant)
        made = writer.module(doc)
        for bound in self.bindings.roots.values():
            if bound.variant == variant:
                self.writers[variant, bound.shape.name, bound.key] = writer.name(bound)
        return made
