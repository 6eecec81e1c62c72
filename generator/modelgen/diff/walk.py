"""Two documents -> changes. Each pair of named types is compared once; references are followed, never expanded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from .. import ir
from . import annotations as said
from . import arrays, checks, components, enums, objects, operations, unions
from .changes import READ_ONLY, WRITE_ONLY, Change, Facts, Python, Verdict, rank
from .containment import Containment
from .renames import Likeness
from .rules import FORGIVEN, RULES
from .sameness import Sameness
from .shapes import reshaped
from .side import Side
from .site import Site, Spared


class Walk:
    def __init__(self, old: Side, new: Side, facts: Facts = MappingProxyType({})) -> None:
        self.facts = facts
        self.old = old
        self.new = new
        self.sameness = Sameness(old, new)
        self.forth = Containment(old, new, self.sameness)
        self.back = Containment(new, old, self.sameness)
        self.likeness = Likeness(old, new)
        self.changes: list[Change] = []
        self.matched = components.match(self)
        self._waiting: deque[tuple[str, str, Site | None, Spared]] = deque()
        self._seen: set[tuple[str, str, str]] = set()

    def run(self) -> list[Change]:
        components.report(self)
        operations.report(self)
        for old, new in self.matched.pairs.items():
            self.visit(old, new)
        while self._waiting:
            self._named(*self._waiting.popleft())
        return self.changes

    def visit(self, old: str, new: str, seen_from: Site | None = None) -> None:
        """Compare two named types, sooner or later, once: where they stand or, if no component holds both, for each
        component that went from one to the other."""
        owners = self.old.owner(old), self.new.owner(new)
        stays = self.matched.pairs.get(owners[0], owners[0]) == owners[1]
        is_inline = seen_from is not None and new not in self.new.components
        spared = seen_from.spared if seen_from is not None and is_inline else ""
        if stays:
            seen_from = None
        where = seen_from.schema if seen_from is not None else ""
        if (old, new, where) not in self._seen:
            self._seen.add((old, new, where))
            self._waiting.append((old, new, seen_from, spared))

    def emit(
        self,
        rule: str,
        site: Site,
        old: str = "",
        new: str = "",
        *,
        verdicts: tuple[Verdict, Verdict] | None = None,
        python: Verdict | None = None,
        types: Python | None = None,
        given: str = "",
        forgiven: bool = False,
        old_path: str = "",
        score: float | None = None,
        evidence: Iterable[str] = (),
    ) -> None:
        """Note a change. `verdicts` (sent, received) and `python` replace what the rule says."""
        known = RULES[rule]
        if site.schema in self.old.parts or site.schema in self.new.parts:
            types, python = Python(), "safe"
        sent, received = verdicts or (known.sent, known.received)
        shown = site.types if types is None else types
        if types is None and shown.old == shown.new:
            shown = Python()
            python = python or ("safe" if known.python == "breaks" and site.types.old else None)
        if site.spared == "sent" and rank(sent) > rank("note"):
            sent, given = "note", given or READ_ONLY
        if site.spared == "received" and rank(received) > rank("note"):
            received, given = "note", given or WRITE_ONLY
        change = Change(
            rule=rule,
            schemas=(site.schema,),
            was=site.was,
            path=site.path,
            old_path=old_path,
            old=old,
            new=new,
            sent=sent,
            received=received,
            python=python or known.python,
            types=shown,
            given=given,
            forgiven=(forgiven or rule in FORGIVEN) and rank(received) > rank("note"),
            score=score,
            evidence=tuple(evidence),
            old_at=site.old_at,
            new_at=site.new_at,
        )
        self.changes.append(change)

    def decided(self, site: Site) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The facts about what is inside the two objects at a site, by paths that lead from there."""
        heads = [
            (side.owner(key), side.path(key))
            for side, key in zip((self.old, self.new), site.keys, strict=True)
        ]
        found = {}
        for places in self.facts.items():
            steps = [
                _inside(head, path)
                for (schema, path), (owner, head) in zip(places, heads, strict=True)
                if schema == owner
            ]
            if len(steps) == 2 and all(steps):
                found[steps[0]] = steps[1]
        return found

    # -- relations -----------------------------------------------------------------------------------

    def relation(self, old: ir.Type, new: ir.Type) -> tuple[Verdict, Verdict]:
        """What is proved of two types: (safe when sent, safe when received), `breaks` where it is not."""
        sent: Verdict = "safe" if self.forth.within(old, new) else "breaks"
        received: Verdict = "safe" if self.back.within(new, old) else "breaks"
        return sent, received

    # -- types ---------------------------------------------------------------------------------------

    def _named(self, old_key: str, new_key: str, seen_from: Site | None, spared: Spared) -> None:
        old, new = self.old.types[old_key], self.new.types[new_key]
        site = replace(self.site(old_key, new_key, seen_from), spared=spared)
        said.compare(self, site, old, new)
        nulls = (old.nullable or old.null_beside, new.nullable or new.null_beside)
        if isinstance(old.type, ir.Ref) or isinstance(new.type, ir.Ref):
            self.types(old.type, new.type, site, nulls)
        else:
            self._nullability(old.type, new.type, site, nulls)
            self._shapes(old.type, new.type, site, named=True)
        checks.affected(self, site, old.type, new.type)

    def site(self, old_key: str, new_key: str, seen_from: Site | None = None) -> Site:
        """Where the changes of a pair belong: to the component that holds both, else to where they were met."""
        old_owner, owner = self.old.owner(old_key), self.new.owner(new_key)
        known = replace(
            seen_from or Site(schema=owner),
            keys=(old_key, new_key),
            types=Python(self.old.definition(old_key), self.new.definition(new_key)),
            old_at=self.old.types[old_key].at,
            new_at=self.new.types[new_key].at,
        )
        if seen_from is not None:
            return known
        was = old_owner if old_owner != owner else ""
        return replace(known, schema=owner, was=was, path=self.new.path(new_key))

    def types(
        self, old: ir.Type, new: ir.Type, site: Site, nulls: tuple[bool, bool] = (False, False)
    ) -> None:
        """Compare two type expressions. `nulls`: whether null is a value besides, in OLD and in NEW."""
        old, old_null = ir.split_null(old)
        new, new_null = ir.split_null(new)
        nulls = (nulls[0] or old_null, nulls[1] or new_null)
        if isinstance(old, ir.Ref) and isinstance(new, ir.Ref):
            if nulls[0] != nulls[1] and not self._says_so_itself(old.target, new.target):
                theirs = (self.old.accepts_null(old), self.new.accepts_null(new))
                if (nulls[0] or theirs[0]) != (nulls[1] or theirs[1]):
                    self._nullability(old, new, site, nulls)
            checks.compare(self, site, old.checks, new.checks)
            self._references(old.target, new.target, site)
            return
        keys = self.old.behind(old, site.keys[0]), self.new.behind(new, site.keys[1])
        site = replace(site, keys=keys)
        old, resolved_null = self.old.resolve(old)
        nulls = (nulls[0] or resolved_null, nulls[1])
        new, resolved_null = self.new.resolve(new)
        nulls = (nulls[0], nulls[1] or resolved_null)
        old, old_null = ir.split_null(old)
        new, new_null = ir.split_null(new)
        nulls = (nulls[0] or old_null, nulls[1] or new_null)
        self._nullability(old, new, site, nulls)
        self._shapes(old, new, site, named=False)

    def _nullability(
        self, old: ir.Type, new: ir.Type, site: Site, nulls: tuple[bool, bool]
    ) -> None:
        had = nulls[0] or old == ir.Anything() or ir.is_null(old)
        has = nulls[1] or new == ir.Anything() or ir.is_null(new)
        if had == has:
            return
        if ir.is_null(old) or ir.is_null(new) or ir.Anything() in (old, new):
            return  # the change of the type says it
        self.emit("became-nullable" if has else "became-not-nullable", site, forgiven=site.optional)

    def _says_so_itself(self, old: str, new: str) -> bool:
        """Whether null came or went beside every reference to a class, which is one fact and said of the class."""
        ours, theirs = self.old.types[old], self.new.types[new]
        is_one = self.matched.pairs.get(old) == new
        return is_one and ours.null_beside != theirs.null_beside

    def _references(self, old: str, new: str, site: Site) -> None:
        old_named, new_named = self.old.types[old], self.new.types[new]
        if self.matched.pairs.get(old) == new or not (old_named.component or new_named.component):
            self.visit(old, new, site)
        elif old_named.component and new_named.component:
            verdicts = self.relation(ir.Ref(target=old), ir.Ref(target=new))
            self.emit("ref-target-changed", site, old, new, verdicts=verdicts)
            is_new = old in self.matched.gone or new in self.matched.come
            if is_new and old_named.type.__class__ is new_named.type.__class__:
                self.visit(old, new, site)
        else:
            if old_named.type.__class__ is new_named.type.__class__:
                kind = "enum" if isinstance(old_named.type, ir.Literal) else "schema"
                done = "extracted" if new_named.component else "inlined"
                names = Python(self.old.names[old], self.new.names[new])
                self.emit(f"{kind}-{done}", site, *self._shown(old, new), types=names)
            self.visit(old, new, site)

    def _shown(self, old: str, new: str) -> tuple[str, str]:
        """A component by its name, an inline schema by nothing: its place says it."""
        ours, theirs = self.old.types[old], self.new.types[new]
        return old if ours.component else "inline", new if theirs.component else "inline"

    def _shapes(self, old: ir.Type, new: ir.Type, site: Site, named: bool) -> None:
        match old, new:
            case ir.Object(), ir.Object():
                objects.compare(self, site, old, new)
            case ir.Map(), ir.Map():
                objects.extras(self, site, old.values, new.values)
                objects.patterns(self, site, old.patterns, new.patterns)
            case ir.Array(), ir.Array():
                arrays.compare(self, site, old, new)
            case ir.Tuple() | ir.Array(), ir.Tuple() | ir.Array():
                arrays.compare_positions(self, site, old, new)
            case ir.Union(), ir.Union():
                unions.compare(self, site, old, new)
            case ir.Literal(), ir.Literal():
                enums.compare(self, site, old, new)
            case ir.Scalar(), ir.Scalar() if old.kind == new.kind:
                arrays.compare_formats(self, site, old, new)
            case ir.Anything(), ir.Anything():
                pass
            case ir.Never(), ir.Never():
                pass
            case _:
                reshaped(self, site, old, new, named)
                return
        checks.compare(self, site, old.checks, new.checks)


def _inside(head: str, path: str) -> tuple[str, ...]:
    """The names of the properties that lead on from a path to another below it; () if they do not."""
    if not path.startswith(head):
        return ()
    rest = path[len(head) :]
    steps = list(ir.key_steps(rest if head else f".{rest}"))
    if any(kind != "property" for kind, _ in steps):
        return ()
    return tuple(wire for _, wire in steps)
