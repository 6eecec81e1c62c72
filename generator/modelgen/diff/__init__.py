"""Two documents -> what changed between them, and for whom it breaks."""

from .changes import Change, Comparison
from .comparison import compare, fails
from .direction import Directions
from .policy import Baseline, Entry, Policy, baseline_of
from .side import Side

__all__ = [
    "Baseline",
    "Change",
    "Comparison",
    "Directions",
    "Entry",
    "Policy",
    "Side",
    "baseline_of",
    "compare",
    "fails",
]
