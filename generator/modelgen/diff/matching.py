"""Components of OLD and of NEW: which is which, which came, which went, which name means something else now."""

from __future__ import annotations

from dataclasses import dataclass

from .. import ir
from .changes import DECIDED, Facts
from .renames import Likeness, is_another, names_alike
from .sameness import Sameness
from .side import Side

RENAMED = 0.75
SAME = 0.8
CLOSER = 0.12


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """`pairs`: component of OLD -> component of NEW."""

    pairs: dict[str, str]
    renames: tuple[Rename, ...]
    reused: tuple[Rename, ...]  # the name of OLD or NEW stayed, its meaning is `new` or was `old`
    gone: tuple[str, ...]
    come: tuple[str, ...]


def match(likeness: Likeness, sameness: Sameness, facts: Facts) -> Matched:
    old, new = likeness.old.components, likeness.new.components
    pairs = {name: name for name in old if name in new}
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    decided = [
        Rename(ours, theirs, 1.0, (DECIDED,))
        for (ours, before), (theirs, after) in facts.items()
        if not before and not after and ours in gone and theirs in come
    ]
    renames = _renames(likeness, gone, come, decided)
    pairs.update({rename.old: rename.new for rename in renames})
    gone = [name for name in gone if name not in pairs]
    come = [name for name in come if name not in pairs.values()]
    reused = _reused(likeness, sameness, come)
    return Matched(pairs, tuple(renames), tuple(reused), tuple(gone), tuple(come))


def _renames(
    likeness: Likeness, gone: list[str], come: list[str], decided: list[Rename]
) -> list[Rename]:
    scored = []
    for old in gone:
        for new in come:
            alike = _alike(likeness, old, new)
            by_name = names_alike(old, new)
            score = round(0.75 * alike + 0.25 * by_name, 2)
            if score < RENAMED or not (_is_telling(likeness.old, old) or by_name >= 0.8):
                continue
            shared = likeness.old.referrers.get(old, set()) & likeness.new.referrers.get(new, set())
            if is_another(old, new) and alike < 1.0 and not shared:
                continue
            how = "same structure" if alike == 1.0 else f"structure alike {alike:.2f}"
            evidence = [how, f"names alike {by_name:.2f}"]
            if shared:
                evidence.append(f"{min(shared)} refers to it as before")
            scored.append(Rename(old, new, score, tuple(evidence)))
    scored.sort(key=lambda rename: (-rename.score, rename.old, rename.new))
    best: list[Rename] = []
    for rename in (*decided, *scored):
        if all(rename.old != other.old and rename.new != other.new for other in best):
            best.append(rename)
    return best


def _is_telling(side: Side, name: str) -> bool:
    """Whether a type has enough to it to be found again by its structure."""
    type_ = side.types[name].type
    match type_:
        case ir.Object(fields=fields):
            return len(fields) > 1 or any(side.tags(type_))
        case ir.Literal(values=values):
            return len(values) > 1
        case ir.Union(members=members):
            return len(members) > 1
        case _:
            return False


def _alike(likeness: Likeness, old: str, new: str) -> float:
    left, right = likeness.old.types[old].type, likeness.new.types[new].type
    if left.__class__ is not right.__class__:
        return 0.0
    if isinstance(left, ir.Object) and isinstance(right, ir.Object):
        ours = {field.wire for field in left.fields}
        theirs = {field.wire for field in right.fields}
        if 3 * len(ours & theirs) < len(ours | theirs):
            return 0.0
        tags = dict(likeness.old.tags(left)), dict(likeness.new.tags(right))
        if any(tags[0][wire] != tags[1][wire] for wire in tags[0].keys() & tags[1].keys()):
            return 0.0
    return likeness.named(old, new, 3)


def _reused(likeness: Likeness, sameness: Sameness, come: list[str]) -> list[Rename]:
    """Names that stayed while their meaning went to another component, or came from one."""
    reused = []
    for name in likeness.old.components:
        if name not in likeness.new.components or name in sameness.unchanged:
            continue
        type_ = likeness.old.types[name].type
        if not isinstance(type_, ir.Object) or len(type_.fields) < 4:
            continue
        own = _alike(likeness, name, name)
        goes = [
            (_alike(likeness, name, other), other) for other in come if _shares_word(name, other)
        ]
        comes = [
            (_alike(likeness, other, name), other)
            for other in likeness.old.components
            if other != name and _shares_word(name, other)
        ]
        for scored, is_new in ((goes, True), (comes, False)):
            score, other = max(scored, default=(0.0, ""), key=lambda pair: (pair[0], pair[1]))
            if score >= SAME and score - own >= CLOSER:
                evidence = (f"alike {score:.2f}", f"to its own old self {own:.2f}")
                pair = (name, other) if is_new else (other, name)
                reused.append(Rename(*pair, round(score, 2), evidence))
    return reused


def _shares_word(left: str, right: str) -> bool:
    return left[:4] == right[:4]
