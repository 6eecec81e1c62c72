"""What a change is about: a component, the path in it, and what Python shows there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from .. import ir
from ..errors import Location
from .changes import NOTHING, Python

# Who never meets a property: nobody sends what can only be read, nobody receives what can only be written.
Spared: TypeAlias = Literal["", "sent", "received"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    schema: str
    was: str = ""
    path: str = ""
    keys: tuple[str, str] = ("", "")  # of the named types in OLD and in NEW
    types: Python = NOTHING
    spared: Spared = ""
    optional: bool = False  # a property that may be left out in OLD, where lax decoding takes null
    old_at: Location = ir.NOWHERE
    new_at: Location = ir.NOWHERE

    def property(self, wire: str, types: Python, old_at: Location, new_at: Location) -> Subject:
        path = ir.property_key(self.path, wire).removeprefix(".")
        return replace(self, path=path, types=types, old_at=old_at, new_at=new_at, optional=False)

    def below(self, step: str) -> Subject:
        """The items of an array, the values of a map, a member of a union."""
        return replace(self, path=self.path + step, optional=False)
