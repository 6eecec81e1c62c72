"""A map and the conversions that it makes -> what breaks the laws that hold for every map.

`payloads` makes values that schemas admit, from a seed. `laws` are records: a name, what it says, and a handler that
yields what breaks it for one payload. `trial` runs them over the package of the map, and makes each payload that breaks
one as small as it can be.
"""

from __future__ import annotations

from .laws import LAWS
from .trial import Broken, Proof, prove

__all__ = ["LAWS", "Broken", "Proof", "prove"]
