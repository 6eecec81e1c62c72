"""Two documents -> what changed between them, and for whom it breaks."""

from .changes import Change, Comparison
from .comparison import compare, fails
from .direction import Directions
from .side import Side

__all__ = ["Change", "Comparison", "Directions", "Side", "compare", "fails"]
