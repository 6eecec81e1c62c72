"""The kinds of change: what each is called, what it means in a sentence, and for whom it breaks unless more is known.

How bad a change is depends on who asks. `sent`: a client of OLD goes on sending to a server of NEW. `received`: a reader made
for OLD meets values of NEW. `python`: code written for the package made from OLD meets the one made from NEW.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...openapi.keywords import BOUNDS
from ..bounds import BOUND_RULES
from .composition import COMPOSITION, DISCRIMINATORS
from .containers import ARRAYS, OBJECTS
from .documentation import DEFAULTS, DOCUMENTATION, LIFECYCLE
from .interface import INTERFACE, SECURITY
from .operations import OPERATIONS
from .properties import PROPERTIES
from .rule import BREAKS, SAFE, Rule
from .schemas import NULL, SCHEMAS, TYPES
from .values import ENUMS, PATTERNS

__all__ = ["RULES", "Rule"]


def _of(keyword: str) -> Iterator[Rule]:
    bound, rules = BOUNDS[keyword], BOUND_RULES[keyword]
    limit = f"{'An upper' if bound.side == 'upper' else 'A lower'} limit for {bound.limits}"
    for id_, done, narrows, opposite in (
        (rules.set, "set", True, rules.unset),
        (rules.unset, "gone", False, rules.set),
        (rules.tighter, "tighter", True, rules.looser),
        (rules.looser, "looser", False, rules.tighter),
    ):
        sent, received = (BREAKS, SAFE) if narrows else (SAFE, BREAKS)
        purpose = f"{limit} is {done}."
        yield Rule(id_, purpose, sent, received, SAFE, opposites=(opposite,), forgiven=True)


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *SCHEMAS,
        *TYPES,
        *NULL,
        *PROPERTIES,
        *ENUMS,
        *PATTERNS,
        *ARRAYS,
        *OBJECTS,
        *COMPOSITION,
        *DISCRIMINATORS,
        *DEFAULTS,
        *LIFECYCLE,
        *OPERATIONS,
        *INTERFACE,
        *SECURITY,
        *(rule for keyword in BOUND_RULES for rule in _of(keyword)),
        *DOCUMENTATION,
    )
}
