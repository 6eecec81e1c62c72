"""Which property that is gone goes on as which one that is new: beside it, below, or above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from .. import ir
from . import evidence
from .changes import DECIDED
from .renames import DEPTH, Likeness, is_another, words_alike
from .side import Side

CLEAR = 0.72
SAME_WORDS = 0.6  # enough where the words are the same, whatever became of the type
MANY = 300
STAYED = 3  # properties beside the only one that went and the only one that came
# Names that say too little to find a property by, in another place.
_VAGUE = frozenset({"id", "type", "name", "object", "value", "status", "text", "content", "data"})
# What speaks for it, and against.
_DOCS, _EXAMPLES, _ALONE, _ANOTHER = 0.45, 0.1, 0.1, -0.15

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A property that goes on as another one. Paths lead from the object in which it was looked for."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    score: float
    evidence: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        is_same = bool({"same name", "same words"} & set(self.evidence))
        return self.score >= (SAME_WORDS if is_same else CLEAR)


def moves(
    likeness: Likeness, old: ir.Object, new: ir.Object, decided: Mapping[Path, Path]
) -> list[Move]:
    """What is gone from the object and goes on, beside or below; and what came up from below."""
    ours = dict(_leaves(likeness.old, old))
    theirs = dict(_leaves(likeness.new, new))
    gone = {path: field for path, field in ours.items() if path not in theirs}
    come = {path: field for path, field in theirs.items() if path not in ours}
    stayed = len([path for path in ours if len(path) == 1 and path in theirs])
    judge = _Judge(likeness, gone, come, stayed)
    scored = []
    for path, field in gone.items():
        for other, target in come.items():
            # down into what is new, up out of what is gone, or beside
            down = len(path) == 1 and (len(other) == 1 or other[:1] in come)
            if down or (len(other) == 1 and path[:1] in gone):
                move = judge.move(path, field, other, target)
                if move is not None:
                    scored.append(move)
    together: dict[str, set[str]] = {}
    for move in scored:
        if move.is_clear and len(move.new) > len(move.old):
            together.setdefault(move.new[0], set()).add(move.old[0])
    facts = [
        Move(path, other, 1.0, (DECIDED,))
        for path, other in decided.items()
        if path in gone and other in come
    ]
    scored = [_with_siblings(move, together) for move in scored]
    # what goes on as a whole takes what is in it along
    scored.sort(key=lambda m: (len(m.old) > 1, -m.score, len(m.new), m.old, m.new))
    return list(_best([*facts, *scored]))


def _leaves(
    side: Side, object_: ir.Object, path: tuple[str, ...] = ()
) -> Iterator[tuple[Path, ir.Field]]:
    """The properties of an object and of the objects in it, by path, as far down as is of use."""
    waiting = [(path, object_)]
    count = 0
    while waiting and count < MANY:
        above, current = waiting.pop(0)
        for field in current.fields:
            count += 1
            here = (*above, field.wire)
            yield here, field
            inner = side.resolve(field.type)[0]
            if len(here) < DEPTH and isinstance(inner, ir.Object):
                waiting.append((here, inner))


class _Judge:
    """Says how likely it is that one property is another, and why."""

    def __init__(
        self,
        likeness: Likeness,
        gone: Mapping[Path, ir.Field],
        come: Mapping[Path, ir.Field],
        stayed: int,
    ) -> None:
        self._likeness = likeness
        self._docs = [
            Counter(" ".join(field.doc.split()) for field in fields.values())
            for fields in (gone, come)
        ]
        ours, theirs = ([path for path in fields if len(path) == 1] for fields in (gone, come))
        is_alone = stayed >= STAYED and len(ours) == len(theirs) == 1
        self._alone = (ours[0], theirs[0]) if is_alone else None

    def move(self, old: Path, field: ir.Field, new: Path, target: ir.Field) -> Move | None:
        by_name = self._by_name(old, new)
        docs = self._documented(field, target)
        if by_name is None or (by_name < 0.5 and not docs):
            return None
        by_type = self._likeness.types(field.type, target.type)
        if by_name == 1.0:
            told = ["same name" if old[-1] == new[-1] else "same words"]
        else:
            told = [f"names alike {by_name:.2f}"]
        told.append("same type" if by_type == 1.0 else f"types alike {by_type:.2f}")
        plain = self._is_plain(self._likeness.old, field) and self._is_plain(
            self._likeness.new, target
        )
        # that two things are texts says little
        score = 0.7 * by_name + 0.2 * by_type if plain else 0.6 * by_name + 0.4 * by_type
        if by_name == 1.0:
            score = 0.6 + 0.4 * by_type
        if docs:
            score += _DOCS
            told.append("same description")
        elif by_name < 1.0 and is_another(old[-1], new[-1]):
            score += _ANOTHER
        if evidence.same_examples(
            self._likeness.old.raw(field.at), self._likeness.new.raw(target.at)
        ):
            score += _EXAMPLES
            told.append("same example")
        if self._alone == (old, new):
            score += _ALONE
            told.append("all else stayed")
        return Move(old, new, round(min(max(score, 0.0), 1.0), 2), tuple(told))

    def _by_name(self, old: Path, new: Path) -> float | None:
        """None where nothing of the names is the same, which is asked for in another place."""
        alike = evidence.names if len(old) == len(new) else words_alike
        leaf = alike(old[-1], new[-1])
        whole = alike("_".join(old), "_".join(new))
        by_name = max(leaf, whole)
        if len(old) != len(new):
            if by_name < 0.5 or not words_alike(old[-1], new[-1]):
                return None
            if by_name == leaf and leaf > whole and new[-1] in _VAGUE:
                return None
        return by_name

    def _documented(self, old: ir.Field, new: ir.Field) -> bool:
        """Whether the descriptions say the same, and say it of nothing else."""
        alike = evidence.docs(old.doc, new.doc)
        if alike is None or alike < evidence.ALIKE_DOC:
            return False
        counts = zip(self._docs, (old.doc, new.doc), strict=True)
        return all(count[" ".join(doc.split())] == 1 for count, doc in counts)

    def _is_plain(self, side: Side, field: ir.Field) -> bool:
        type_ = side.resolve(field.type)[0]
        return isinstance(type_, ir.Anything) or (
            isinstance(type_, ir.Scalar) and not type_.checks and not type_.format
        )


def _with_siblings(move: Move, together: Mapping[str, set[str]]) -> Move:
    siblings = sorted(together.get(move.new[0], set()) - {move.old[0]})
    if len(move.new) <= len(move.old) or not siblings:
        return move
    score = round(min(1.0, move.score + 0.05), 2)
    return replace(move, score=score, evidence=(*move.evidence, f"moves with {siblings[0]}"))


def _best(scored: Iterable[Move]) -> Iterator[Move]:
    old_used: set[Path] = set()
    new_used: set[Path] = set()
    for move in scored:
        if not move.is_clear or move.old in old_used or move.new in new_used:
            continue
        # what is said of an object is said of all in it
        if any(move.new[: len(path)] == path for path in new_used):
            continue
        if any(move.old[: len(path)] == path for path in old_used):
            continue
        old_used.add(move.old)
        new_used.add(move.new)
        yield move
