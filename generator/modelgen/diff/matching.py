"""Components of OLD and of NEW: which is which, which came, which went, which name means something else now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

from .. import ir
from . import evidence
from .changes import DECIDED, Facts
from .renames import Likeness, is_another, names_alike
from .sameness import Sameness
from .side import Side

RENAMED = 0.75
RARE = 2  # components that have a property, for it to tell which one it is
DISTINCT = 3  # properties that tell
UNLIKE_DOC = 0.3
# What speaks for it, and against.
_DOCS, _PLACE, _ALONE, _ANOTHER = 0.1, 0.1, 0.1, 0.3
SAME = 0.8
CLOSER = 0.12

_Places: TypeAlias = Mapping[str, set[str]]


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
    known = {wire for wire, count in _wires(likeness.old).items() if count <= RARE}
    places = _places(likeness.old), _places(likeness.new)
    scored = []
    for old in gone:
        for new in come:
            rename = _scored(likeness, old, new, known, places, len(gone) == len(come) == 1)
            if rename is not None and rename.score >= RENAMED:
                scored.append(rename)
    scored.sort(key=lambda rename: (-rename.score, rename.old, rename.new))
    best: list[Rename] = []
    for rename in (*decided, *scored):
        if all(rename.old != other.old and rename.new != other.new for other in best):
            best.append(rename)
    return best


def _scored(
    likeness: Likeness,
    old: str,
    new: str,
    rare: Set[str],
    places: tuple[_Places, _Places],
    is_alone: bool,
) -> Rename | None:
    """How likely it is that a component is another, and why."""
    alike = _alike(likeness, old, new)
    by_name = names_alike(old, new)
    score = 0.75 * alike + 0.25 * by_name
    if score < RENAMED - _DOCS - _PLACE:
        return None
    how = "same structure" if alike == 1.0 else f"structure alike {alike:.2f}"
    told = [how, f"names alike {by_name:.2f}"]
    docs = evidence.docs(likeness.old.types[old].doc, likeness.new.types[new].doc)
    shared = sorted(places[0].get(old, set()) & places[1].get(new, set()))
    if docs is not None and docs >= evidence.ALIKE_DOC:
        score += _DOCS
        told.append("same description")
    elif docs is not None and docs < UNLIKE_DOC:
        score -= _DOCS
    if shared:
        score += _PLACE
        told.append(f"{shared[0]} refers to it as before")
    is_vouched = len(told) > 2
    if is_another(old, new) and not is_vouched:
        # names that say different things need the same structure, and one that nothing else has
        if alike < 1.0:
            return None
        score -= _ANOTHER * (1 - _distinction(likeness, old, new, rare))
        if is_alone:
            score += _ALONE
            told.append("the only one that went and the only one that came")
    if not (_is_telling(likeness.old, old) or by_name >= 0.8):
        return None
    return Rename(old, new, round(min(score, 1.0), 2), tuple(told))


def _wires(side: Side) -> Counter[str]:
    """The names of properties, each with the number of components that have it."""
    return Counter(
        field.wire
        for key in side.components
        if isinstance(object_ := side.types[key].type, ir.Object)
        for field in object_.fields
    )


def _places(side: Side) -> _Places:
    """Component -> the places that refer to it and to no other: `Call.session`."""
    found: dict[str, set[str]] = {}
    for named in side.types.values():
        for field in named.type.fields if isinstance(named.type, ir.Object) else ():
            targets = set(ir.references(field.type)) & side.components.keys()
            if len(targets) == 1:
                place = ir.property_key(named.key, field.wire)
                found.setdefault(targets.pop(), set()).add(place)
        is_part = named.key in side.parts
        if is_part and isinstance(named.type, ir.Ref | ir.Array):
            for target in set(ir.references(named.type)) & side.components.keys():
                found.setdefault(target, set()).add(named.key)
    return found


def _distinction(likeness: Likeness, old: str, new: str, rare: Set[str]) -> float:
    """From 0 to 1, how much of what two components have in common is theirs alone."""
    left, right = likeness.old.types[old].type, likeness.new.types[new].type
    match left, right:
        case ir.Object(), ir.Object():
            shared = {field.wire for field in left.fields} & {field.wire for field in right.fields}
            return min(1.0, len((shared & rare) - evidence.VAGUE) / DISTINCT)
        case ir.Literal(), ir.Literal():
            return min(1.0, len(set(left.values) & set(right.values)) / DISTINCT)
        case ir.Union(), ir.Union():
            targets = set(ir.references(left)) & set(ir.references(right))
            return min(1.0, len(targets) / DISTINCT)
        case _:
            return 0.0


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
