"""What a handler yields: a difference, or what has to be compared because of what it saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TypeAlias

from .. import ir
from .changes import Python, Verdict
from .subject import Subject

# Whether null is a value besides, in OLD and in NEW.
Nulls: TypeAlias = tuple[bool, bool]
# For who sends and for who receives.
Verdicts: TypeAlias = tuple[Verdict, Verdict]


@dataclass(frozen=True, slots=True)
class Difference:
    """A change as its handler sees it. `verdicts` and `types` replace what the rule and the subject say."""

    rule: str
    subject: Subject
    old: str = ""
    new: str = ""
    _: KW_ONLY
    verdicts: Verdicts | None = None
    types: Python | None = None
    given: str = ""
    forgiven: bool = False
    old_path: str = ""
    score: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """Two type expressions, to be compared at once."""

    old: ir.Type
    new: ir.Type
    subject: Subject
    nulls: Nulls = (False, False)


@dataclass(frozen=True, slots=True)
class Visit:
    """Two named types by their keys, to be compared once: where they stand or, if no component holds both, for each
    component that went from one to the other."""

    old: str
    new: str
    seen_from: Subject | None = None


Step: TypeAlias = Difference | Compare | Visit
Steps: TypeAlias = Iterator[Step]
