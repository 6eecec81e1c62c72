"""The two documents, and what handlers ask about both of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from .. import ir
from .changes import Facts, Python
from .containment import Containment
from .matching import Matched, match
from .renames import Likeness
from .sameness import Sameness
from .side import Side
from .steps import Verdicts
from .subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`forth` proves that what is valid in OLD is in NEW, `back` the other way round. `today`, if what is over counts."""

    old: Side
    new: Side
    facts: Facts
    sameness: Sameness
    likeness: Likeness
    matched: Matched
    forth: Containment
    back: Containment
    today: date | None = None

    @classmethod
    def of(cls, old: Side, new: Side, facts: Facts, today: date | None = None) -> Context:
        sameness, likeness = Sameness(old, new), Likeness(old, new)
        return cls(
            old=old,
            new=new,
            facts=facts,
            sameness=sameness,
            likeness=likeness,
            matched=match(likeness, sameness, facts),
            forth=Containment(old, new, sameness),
            back=Containment(new, old, sameness),
            today=today,
        )

    def relation(self, old: ir.Type, new: ir.Type) -> Verdicts:
        """What is proved of two types: safe or, where nothing is, `breaks`."""
        return (
            "safe" if self.forth.within(old, new) else "breaks",
            "safe" if self.back.within(new, old) else "breaks",
        )

    def goes_on(self, old: str, new: str) -> bool:
        """Whether a component of NEW is the one of OLD."""
        return self.matched.pairs.get(old) == new

    def subject(self, old: str, new: str, seen_from: Subject | None = None) -> Subject:
        """What changes of two named types are about: the component that holds both, else where they were met."""
        old_owner, owner = self.old.owner(old), self.new.owner(new)
        known = replace(
            seen_from or Subject(schema=owner),
            keys=(old, new),
            types=Python(self.old.definition(old), self.new.definition(new)),
            old_at=self.old.types[old].at,
            new_at=self.new.types[new].at,
        )
        if seen_from is not None:
            return known
        was = old_owner if old_owner != owner else ""
        return replace(known, schema=owner, was=was, path=self.new.path(new))

    def decided(self, subject: Subject) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The facts about what is inside the two objects of a subject, by paths that lead from there."""
        heads = [
            (side.owner(key), side.path(key))
            for side, key in zip((self.old, self.new), subject.keys, strict=True)
        ]
        decisions = {}
        for fact in self.facts.items():
            steps = [
                _inside(head, path)
                for (schema, path), (owner, head) in zip(fact, heads, strict=True)
                if schema == owner
            ]
            if len(steps) == 2 and all(steps):
                decisions[steps[0]] = steps[1]
        return decisions


def _inside(head: str, path: str) -> tuple[str, ...]:
    """The names of the properties that lead on from a path to another below it; () if they do not."""
    if not path.startswith(head):
        return ()
    rest = path[len(head) :]
    steps = list(ir.key_steps(rest if head else f".{rest}"))
    if any(kind != "property" for kind, _ in steps):
        return ()
    return tuple(wire for _, wire in steps)
