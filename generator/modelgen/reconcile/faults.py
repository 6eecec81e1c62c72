"""All that is wrong with a resolution."""

from __future__ import annotations

from ..errors import Diagnostic
from .containers import undecided_containers
from .resolution import Locate, Resolution
from .totality import undecided, unmatched_variants
from .values import undecided_values


def faults(resolution: Resolution, locate: Locate) -> tuple[Diagnostic, ...]:
    """What the map does not decide; empty if conversions can be made. `locate` fills in the line of a location in the
    document of a variant."""
    unmatched = tuple(unmatched_variants(resolution))
    if unmatched:  # nothing else can be judged without them
        return unmatched
    return (
        *undecided(resolution, locate),
        *undecided_containers(resolution, locate),
        *undecided_values(resolution, locate),
    )
