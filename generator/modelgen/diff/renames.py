"""How alike two names, two types, two components are; and which of what is gone goes on as which of what is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from .. import ir
from .changes import DECIDED
from .side import Side

ACCEPTED = 0.6
NEAR = 0.72
GREW = 0.75  # of `text` that became `output_text`: alone with that word, or several values with the same words more
DEPTH = 4
MANY = 300
# Names that say too little to find a property by, in another place.
_VAGUE = frozenset({"id", "type", "name", "object", "value", "status", "text", "content", "data"})


def words(name: str) -> list[str]:
    """`input_audio_format`, `inputAudioFormat` -> input, audio, format."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def names_alike(old: str, new: str) -> float:
    """By words or, for what is only spelled in another way, by letters."""
    by_letters = SequenceMatcher(None, old.lower(), new.lower()).ratio()
    return max(words_alike(old, new), 0.9 * by_letters)


def words_alike(old: str, new: str) -> float:
    ours, left = words(old), words(new)
    total = len(ours) + len(left)
    shared = 0
    for word in ours:
        if word in left:
            left.remove(word)
            shared += 1
    return 2 * shared / total if total else 0.0


def is_another(old: str, new: str) -> bool:
    """Whether each of two names has a word that the other has nothing like: `ListThreads` and `ListCertificates`, not `Click`
    and `ClickParam`, nor `Finetune` and `FineTune`."""
    if old.lower() == new.lower():
        return False
    ours, theirs = words(old), words(new)

    def alone(mine: list[str], others: list[str]) -> bool:
        return any(
            not any(other.startswith(word) or word.startswith(other) for other in others)
            for word in mine
        )

    return alone(ours, theirs) and alone(theirs, ours)


def pairs_of_words(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[float, str, str]]:
    """Values that took the place of similar ones: the best pairs first, each value once."""
    pairs = [(old, new) for old in gone for new in come]
    longer = [pair for pair in pairs if _added(*pair)]
    added = Counter(_added(*pair) for pair in longer)
    scored = []
    for old, new in pairs:
        score = 0.0 if is_another(old, new) else names_alike(old, new)
        alone = [pair for pair in longer if old == pair[0] or new == pair[1]] == [(old, new)]
        if alone or added[_added(old, new)] > 1:
            score = max(score, GREW)
        scored.append((round(score, 2), old, new))
    used: set[tuple[int, str]] = set()
    for score, old, new in sorted(scored, key=lambda pair: -pair[0]):
        if score >= NEAR and not used & {(0, old), (1, new)}:
            used |= {(0, old), (1, new)}
            yield score, old, new


def _added(old: str, new: str) -> tuple[str, ...]:
    """The words that the second name has more, if it has all of the first."""
    ours, theirs = words(old), words(new)
    for word in ours:
        if word not in theirs:
            return ()
        theirs.remove(word)
    return tuple(theirs) if ours else ()


class Likeness:
    """Compares types of OLD with types of NEW, from 0 to 1, each pair of names once."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new
        self._known: dict[tuple[str, str], float] = {}

    def types(self, old: ir.Type, new: ir.Type, depth: int = 2) -> float:
        old, new = ir.split_null(old)[0], ir.split_null(new)[0]
        if isinstance(old, ir.Ref) and isinstance(new, ir.Ref):
            return self.named(old.target, new.target, depth)
        old, new = self.old.resolve(old)[0], self.new.resolve(new)[0]
        match old, new:
            case ir.Object(), ir.Object():
                return self.objects(old, new, depth)
            case ir.Literal(), ir.Literal():
                return _jaccard({v.text for v in old.values}, {v.text for v in new.values})
            case ir.Scalar(), ir.Scalar():
                kinds = {old.kind, new.kind}
                return 1.0 if old.kind == new.kind else 0.7 if kinds == {"integer", "number"} else 0
            case ir.Array(), ir.Array():
                return 0.3 + 0.7 * self.types(old.items, new.items, depth)
            case ir.Map(), ir.Map():
                return 0.3 + 0.7 * self.types(old.values, new.values, depth)
            case ir.Union(), ir.Union():
                return self.unions(old, new, depth)
            case ir.Union(), _:
                return 0.8 * max(self.types(member, new, depth) for member in old.members)
            case _, ir.Union():
                return 0.8 * max(self.types(old, member, depth) for member in new.members)
            case (ir.Scalar(kind="string"), ir.Literal()) | (
                ir.Literal(),
                ir.Scalar(kind="string"),
            ):
                return 0.6
            case _:
                return 1.0 if old.__class__ is new.__class__ else 0.0

    def named(self, old: str, new: str, depth: int = 2) -> float:
        if depth <= 0:
            return 1.0 if old == new else names_alike(old, new)
        score = self._known.get((old, new))
        if score is None:
            self._known[old, new] = 1.0 if old == new else 0.5  # for what contains itself
            left, right = self.old.types[old].type, self.new.types[new].type
            score = self._known[old, new] = self.types(left, right, depth - 1)
        return score

    def objects(self, old: ir.Object, new: ir.Object, depth: int = 2) -> float:
        theirs = {field.wire: field for field in new.fields}
        shared = 0.0
        for field in old.fields:
            other = theirs.get(field.wire)
            if other is not None:
                shared += 0.5 + 0.5 * self.types(field.type, other.type, depth - 1)
        return 2 * shared / (len(old.fields) + len(new.fields) or 1)

    def unions(self, old: ir.Union, new: ir.Union, depth: int) -> float:
        best = [
            max(self.types(member, other, depth - 1) for other in new.members)
            for member in old.members
        ]
        return sum(best) / max(len(old.members), len(new.members))


def _jaccard(old: set[str], new: set[str]) -> float:
    return len(old & new) / len(old | new) if old | new else 1.0


# --- properties -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A property that goes on as another one. Paths lead from the object in which it was looked for."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    score: float
    evidence: tuple[str, ...]


Path: TypeAlias = tuple[str, ...]


def moves(
    likeness: Likeness, old: ir.Object, new: ir.Object, decided: Mapping[Path, Path]
) -> list[Move]:
    """What is gone from the object and goes on, beside or below; and what came up from below."""
    ours = dict(_leaves(likeness.old, old))
    theirs = dict(_leaves(likeness.new, new))
    gone = {path: field for path, field in ours.items() if path not in theirs}
    come = {path: field for path, field in theirs.items() if path not in ours}
    scored = []
    for path, field in gone.items():
        for other, target in come.items():
            # down into what is new, up out of what is gone, or beside
            down = len(path) == 1 and (len(other) == 1 or other[:1] in come)
            if down or (len(other) == 1 and path[:1] in gone):
                move = _score(likeness, path, field, other, target)
                if move is not None:
                    scored.append(move)
    together: dict[str, set[str]] = {}
    for move in scored:
        if move.score >= ACCEPTED and len(move.new) > len(move.old):
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
) -> Iterator[tuple[tuple[str, ...], ir.Field]]:
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


def _score(
    likeness: Likeness,
    old: tuple[str, ...],
    field: ir.Field,
    new: tuple[str, ...],
    target: ir.Field,
) -> Move | None:
    alike = names_alike if len(old) == len(new) else words_alike
    leaf = alike(old[-1], new[-1])
    whole = alike("_".join(old), "_".join(new))
    by_name = max(leaf, whole)
    if by_name < 0.5 or (not words_alike(old[-1], new[-1]) and len(old) != len(new)):
        return None
    if len(old) != len(new) and by_name == leaf and leaf > whole and new[-1] in _VAGUE:
        return None
    by_type = likeness.types(field.type, target.type)
    evidence = []
    if by_name == 1.0:
        evidence.append("same name" if old[-1] == new[-1] else "same words")
    else:
        evidence.append(f"names alike {by_name:.2f}")
    evidence.append("same type" if by_type == 1.0 else f"types alike {by_type:.2f}")
    return Move(old, new, round(0.6 * by_name + 0.4 * by_type, 2), tuple(evidence))


def _with_siblings(move: Move, together: Mapping[str, set[str]]) -> Move:
    siblings = sorted(together.get(move.new[0], set()) - {move.old[0]})
    if len(move.new) <= len(move.old) or not siblings:
        return move
    score = round(min(1.0, move.score + 0.05), 2)
    return Move(move.old, move.new, score, (*move.evidence, f"moves with {siblings[0]}"))


def _best(scored: Iterable[Move]) -> Iterator[Move]:
    old_used: set[tuple[str, ...]] = set()
    new_used: set[tuple[str, ...]] = set()
    for move in scored:
        if move.score < ACCEPTED or move.old in old_used or move.new in new_used:
            continue
        # what is said of an object is said of all in it
        if any(move.new[: len(path)] == path for path in new_used):
            continue
        if any(move.old[: len(path)] == path for path in old_used):
            continue
        old_used.add(move.old)
        new_used.add(move.new)
        yield move
