"""What one kind of change is: all that does not depend on where it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..changes import Verdict

SAFE: Verdict = "safe"
NOTE: Verdict = "note"
MAY: Verdict = "may break"
BREAKS: Verdict = "breaks"

# When it is reported: always, with the changes of documentation, or only if the configuration gives it a severity.
Listed: TypeAlias = Literal["always", "docs", "on request"]
# What before and after are: a text, values of one list, names of components, the Python names of two classes, the attribute
# of a property that came or went, or the definition of a whole component.
Fact: TypeAlias = Literal["text", "values", "names", "classes", "attribute", "definition"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change. The verdicts hold where the handler does not know better.

    `opposites`: what may be reported of the way back; () if it is about the newer document alone. `forgiven`: lax decoding,
    which checks no bounds and no conditions, takes what `received` says breaks. `typed`: the annotation in Python is
    reported where it changed. `judged`: the verdicts say which values are valid, which any validator can confirm.
    """

    id: str
    purpose: str
    sent: Verdict
    received: Verdict
    python: Verdict
    opposites: tuple[str, ...] = ()
    forgiven: bool = False
    listed: Listed = "always"
    fact: Fact = "text"
    typed: bool = True
    judged: bool = True
