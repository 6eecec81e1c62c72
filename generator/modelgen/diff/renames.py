"""How alike two names are, and two types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from .. import ir
from .side import Side

NEAR = 0.72
GREW = 0.75  # of `text` that became `output_text`: alone with that word, or several values with the same words more
DEPTH = 4
SPELLED = 0.8  # two words of which one may be misspelt


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
        return any(not any(_is_spelled_like(word, other) for other in others) for word in mine)

    return alone(ours, theirs) and alone(theirs, ours)


def _is_spelled_like(word: str, other: str) -> bool:
    if other.startswith(word) or word.startswith(other):
        return True
    return SequenceMatcher(None, word, other).ratio() >= SPELLED


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
