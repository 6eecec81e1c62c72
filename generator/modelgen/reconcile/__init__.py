"""Several variants of one API -> one model that can hold what any of them says.

`lens` reads the map, `binding` holds it against the schemas of every variant, `hub` makes the model, `suggest` drafts
what the map does not say yet. `lower.conversions` makes code of the bindings.
"""

from __future__ import annotations

from .hub import hub_api, member_key
from .map import HUB, Choice, Entry, Fills, Forms, Lens, Member, Row, Shape, prefixes, read
from .meaning import Types, json_type, kind_of, opened
from .resolve import Bindings, Bound, BoundMember, Place, bind, constant, required, told

__all__ = [
    "HUB",
    "Bindings",
    "Bound",
    "BoundMember",
    "Choice",
    "Entry",
    "Fills",
    "Forms",
    "Lens",
    "Member",
    "Place",
    "Row",
    "Shape",
    "Types",
    "bind",
    "constant",
    "hub_api",
    "json_type",
    "kind_of",
    "member_key",
    "opened",
    "prefixes",
    "read",
    "required",
    "told",
]
