"""Components of OLD and of NEW: which is which, which came, which went, which name means something else now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import ir
from .changes import DECIDED, Python
from .renames import is_another, names_alike
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

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


def match(walk: Walk) -> Matched:
    old, new = walk.old.components, walk.new.components
    pairs = {name: name for name in old if name in new}
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    decided = [
        Rename(ours, theirs, 1.0, (DECIDED,))
        for (ours, before), (theirs, after) in walk.facts.items()
        if not before and not after and ours in gone and theirs in come
    ]
    renames = _renames(walk, gone, come, decided)
    pairs.update({rename.old: rename.new for rename in renames})
    found = {rename.old for rename in renames}, {rename.new for rename in renames}
    gone = [name for name in gone if name not in found[0]]
    come = [name for name in come if name not in found[1]]
    return Matched(
        pairs, tuple(renames), tuple(_reused(walk, gone, come)), tuple(gone), tuple(come)
    )


def _renames(walk: Walk, gone: list[str], come: list[str], decided: list[Rename]) -> list[Rename]:
    scored = []
    for old in gone:
        for new in come:
            alike = _alike(walk, old, new)
            by_name = names_alike(old, new)
            score = round(0.75 * alike + 0.25 * by_name, 2)
            if score < RENAMED or not (_is_telling(walk, old) or by_name >= 0.8):
                continue
            shared = walk.old.referrers.get(old, set()) & walk.new.referrers.get(new, set())
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


def _is_telling(walk: Walk, name: str) -> bool:
    """Whether a type has enough to it to be found again by its structure."""
    type_ = walk.old.types[name].type
    match type_:
        case ir.Object(fields=fields):
            return len(fields) > 1 or any(walk.old.tags(type_))
        case ir.Literal(values=values):
            return len(values) > 1
        case ir.Union(members=members):
            return len(members) > 1
        case _:
            return False


def _alike(walk: Walk, old: str, new: str) -> float:
    left, right = walk.old.types[old].type, walk.new.types[new].type
    if left.__class__ is not right.__class__:
        return 0.0
    if isinstance(left, ir.Object) and isinstance(right, ir.Object):
        ours = {field.wire for field in left.fields}
        theirs = {field.wire for field in right.fields}
        if 3 * len(ours & theirs) < len(ours | theirs):
            return 0.0
        tags = dict(walk.old.tags(left)), dict(walk.new.tags(right))
        if any(tags[0][wire] != tags[1][wire] for wire in tags[0].keys() & tags[1].keys()):
            return 0.0
    return walk.likeness.named(old, new, 3)


def _reused(walk: Walk, gone: list[str], come: list[str]) -> list[Rename]:
    """Names that stayed while their meaning went to another component, or came from one."""
    found = []
    for name in walk.old.components:
        if name not in walk.new.components or name in walk.sameness.unchanged:
            continue
        type_ = walk.old.types[name].type
        if not isinstance(type_, ir.Object) or len(type_.fields) < 4:
            continue
        own = _alike(walk, name, name)
        goes = [(_alike(walk, name, other), other) for other in come if _shares_word(name, other)]
        comes = [
            (_alike(walk, other, name), other)
            for other in walk.old.components
            if other != name and _shares_word(name, other)
        ]
        for scored, is_new in ((goes, True), (comes, False)):
            score, other = max(scored, default=(0.0, ""), key=lambda pair: (pair[0], pair[1]))
            if score >= SAME and score - own >= CLOSER:
                evidence = (f"alike {score:.2f}", f"to its own old self {own:.2f}")
                pair = (name, other) if is_new else (other, name)
                found.append(Rename(*pair, round(score, 2), evidence))
    return found


def _shares_word(left: str, right: str) -> bool:
    return left[:4] == right[:4]


def report(walk: Walk) -> None:
    """What is known of whole components before any of them is compared."""
    matched = walk.matched
    for rename in matched.renames:
        names = Python(walk.old.names[rename.old], walk.new.names[rename.new])
        facts = {"score": rename.score, "evidence": rename.evidence}
        site = walk.site(rename.old, rename.new)
        walk.emit("schema-renamed", site, rename.old, rename.new, types=names, **facts)  # type: ignore[arg-type]
    for rename in matched.reused:
        stays = rename.old if rename.old in walk.new.components else rename.new
        goes = rename.old == stays and rename.new not in walk.old.components
        name = rename.old if goes else rename.new
        facts = {"score": rename.score, "evidence": rename.evidence}
        old, new = (
            ("", f"the old meaning is now {rename.new}")
            if goes
            else (f"now means what {rename.old} meant", "")
        )
        walk.emit("schema-name-reused", walk.site(name, name), old, new, types=Python(), python="breaks", **facts)  # type: ignore[arg-type]
    for name in matched.gone:
        named = walk.old.types[name]
        site = Site(schema=name, keys=(name, ""), old_at=named.at)
        walk.emit("schema-removed", site, types=Python(walk.old.definition(name), ""))
    for name in matched.come:
        named = walk.new.types[name]
        site = Site(schema=name, keys=("", name), new_at=named.at)
        walk.emit("schema-added", site, types=Python("", walk.new.definition(name)))
