"""Several variants of one API -> one model that can hold what any of them says.

`lens` reads the map, `binding` holds it against the schemas of every variant, `hub` makes the model, `suggest` drafts
what the map does not say yet. `lower.conversions` makes code of the bindings.
"""

from __future__ import annotations

from .binding import Bindings, Bound, BoundMember, Place, bind, constant
from .hub import hub_api, member_key
from .lens import HUB, Choice, Entry, Fills, Forms, Lens, Member, Row, Shape, read
from .meaning import json_type, opened

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
    "bind",
    "constant",
    "hub_api",
    "json_type",
    "member_key",
    "opened",
    "read",
]
