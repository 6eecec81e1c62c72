"""Two surfaces, and what is which in them -> the table of what became of each name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from ..emit.modules import OPERATION_TYPES_MODULE
from ..ir import Value
from ..ir.words import snake_case
from .fates import Fate, Fates, TypeFate
from .pairs import Pairs, Path
from .surface import ALIAS, FUNCTION, MODEL, Exported, Shown, Surface, members

_EMPTY = frozenset({"Unset", "None"})
_UNKNOWN = "UnknownVariant"
_TEXT = re.compile(r"Literal\['|Literal\[\"")


def table(old: Surface, new: Surface, pairs: Pairs) -> Fates:
    """What became of each public name of OLD that is not as it was."""
    return _Table(old, new, pairs).fates()


class _Table:
    def __init__(self, old: Surface, new: Surface, pairs: Pairs) -> None:
        self.old, self.new, self.pairs = old, new, pairs
        self._add_inner()
        self._renamed = {name: self._counterpart(name) for name in old.names}

    def fates(self) -> Fates:
        made = (self._type(one) for one in self.old.names.values())
        return Fates(
            roots=(self.old.root, self.new.root),
            types={fate.name: fate for fate in made if fate is not None},
            known={one.name: one.full for one in self.old.names.values()},
        )

    # -- counterparts ------------------------------------------------------------------------------

    def _counterpart(self, name: str) -> str:
        """The name in NEW, "" if there is none or no single one."""
        found = [one for one in self.pairs.types.get(name, ()) if one in self.new.names]
        if len(found) > 1 and name in found and self.old.root == self.new.root:
            return name
        return found[0] if len(found) == 1 else ""

    def _add_inner(self) -> None:
        """What the attributes of counterparts are made of are counterparts too, where each names one type that has none; and
        so is what has the same name and the same definition, or decodes counterparts."""
        waiting = [(one, other) for one, others in self.pairs.types.items() for other in others]
        while waiting:
            name, other = waiting.pop(0)
            if name not in self.old.names or other not in self.new.names:
                continue
            one, theirs = self.old.names[name], self.new.names[other]
            annotations = [(one.value, theirs.value)]
            for shown in one.attributes.values():
                way = self._found(theirs, self._path(one, shown))
                if way is not None:
                    annotations.append((shown.annotation, way[-1][1].annotation))
            for annotation in annotations:
                waiting += self._pair_annotations(*annotation)
        for one in self.old.names.values():
            same = self.new.names.get(one.name)
            if same is not None and one.name not in self.pairs.types and _alike(one, same):
                self.pairs.add(one.name, one.name)
        functions = {one.name for one in self.new.names.values() if one.kind == FUNCTION}
        for one in list(self.old.names.values()):
            for name in self.pairs.types.get(one.name, ()):
                before, after = _function(one.name), _function(name)
                if before in self.old.names and after in functions and one.kind != FUNCTION:
                    self.pairs.types[before] = [after]

    def _pair_annotations(self, old: str, new: str) -> list[tuple[str, str]]:
        ours, theirs = _named(old, self.old), _named(new, self.new)
        if len(ours) != 1 or len(theirs) != 1 or ours[0] in self.pairs.types:
            return []
        same = self.new.names.get(ours[0])
        if same is not None and same.kind == self.old.names[ours[0]].kind:
            theirs = ours
        if ALIAS not in (self.new.names[theirs[0]].kind, self.old.names[ours[0]].kind) or (
            self.new.names[theirs[0]].kind == self.old.names[ours[0]].kind
        ):
            self.pairs.add(ours[0], theirs[0])
            return [(ours[0], theirs[0])]
        return []

    def _path(self, one: Exported, shown: Shown) -> Path:
        return self.pairs.moved.get((one.name, (shown.wire,)), (shown.wire,))

    def _found(self, one: Exported, path: Path) -> list[tuple[Exported, Shown]] | None:
        """The attributes that a path of properties leads over, each with its class; None if it leads nowhere."""
        way: list[tuple[Exported, Shown]] = []
        here: Exported | None = one
        for wire in path:
            shown = here.of_wire(wire) if here is not None else None
            if here is None or shown is None:
                return None
            way.append((here, shown))
            here = self._object(shown.annotation)
        return way

    def _object(self, annotation: str) -> Exported | None:
        """The one class that an annotation admits beside null and absence."""
        for _ in range(9):
            rest = members(annotation) - _EMPTY
            known = self.new.names.get(next(iter(rest))) if len(rest) == 1 else None
            if known is None or known.kind == MODEL:
                return known
            annotation = known.value
        return None

    # -- fates -------------------------------------------------------------------------------------

    def _type(self, one: Exported) -> TypeFate | None:
        name = self._renamed[one.name]
        if not name:
            found = [n for n in self.pairs.types.get(one.name, ()) if n in self.new.names]
            why = f"It is {' or '.join(found)} now, by the place." if found else ""
            rule = "ref-target-changed" if found else "schema-removed"
            return TypeFate(name=one.full, rule=rule, why=why, old=_definition(one), new="")
        other = self.new.names[name]
        rule = "schema-renamed" if one.name != name else ""
        rule = rule or ("module-changed" if one.home != other.home else "")
        is_another = one.kind != other.kind or (
            one.kind == ALIAS and self._in_new(one.value) != self.new.flat(other.value)
        )
        if is_another:
            rule = self.pairs.rules.get((one.name, ""), "schema-kind-changed")
        tag, chosen = self._tagged(one, other) if one.kind == MODEL != other.kind else ("", {})
        also = self.pairs.wrapped.get(one.name, "")
        attributes = {
            fate.name: fate
            for shown in one.attributes.values()
            if (fate := self._attribute(one, shown, other)) is not None
        }
        required = tuple(self._required(one, other, attributes)) if other.kind == MODEL else ()
        values = self._values(one.value, other.value, (one.name, "")) if one.kind == ALIAS else {}
        if not (rule or attributes or required or values or also):
            return None
        return TypeFate(
            name=one.full,
            rule=rule,
            becomes=other.full,
            is_another=is_another,
            old=_definition(one),
            new=_definition(other),
            attributes=attributes,
            required=required,
            values=values,
            tag=tag,
            members=chosen,
            also=also if also in self.new.names else "",
            wires={shown.name: shown.wire for shown in one.attributes.values()},
        )

    def _attribute(self, one: Exported, shown: Shown, other: Exported) -> Fate | None:
        if not shown.wire:
            return None
        place = (one.name, shown.wire)
        before = f"{shown.name}: {shown.annotation}"
        path = self._path(one, shown)
        if other.kind != MODEL:
            return self._attribute_of_union(one, shown, other)
        way = self._found(other, path)
        if way is None:
            return Fate(
                name=shown.name,
                rule=self.pairs.rules.get(place, "property-removed"),
                old=before,
                why=self.pairs.why.get(place, ""),
                reads=True,
                writes=True,
            )
        found = way[-1][1]
        becomes = tuple(step.name for _, step in way)
        values = self._values(shown.annotation, found.annotation, place)
        rule = "attribute-name-changed" if becomes != (shown.name,) else ""
        if path != (shown.wire,):
            rule = "property-moved" if len(path) > 1 else "property-renamed"
        come, left = self._differ(shown.annotation, found.annotation)
        reads, writes = bool(come), bool(left)
        if not (rule or reads or writes or values):
            return None
        if not rule:
            inner = [
                self.pairs.rules.get((name, "")) for name in _named(shown.annotation, self.old)
            ]
            known = [one for one in (self.pairs.rules.get(place), *inner) if one]
            rule = known[0] if known else "type-changed"
        return Fate(
            name=shown.name,
            rule=rule,
            becomes=becomes,
            objects=tuple(step[0].full for step in way[1:]),
            absent=any(_EMPTY & members(step.annotation) for _, step in way[:-1]),
            reads=reads,
            writes=writes,
            old=before,
            new=f"{'.'.join(becomes)}: {found.annotation}",
            values=values,
            come=tuple(sorted(come)),
            gone=tuple(sorted(left)),
            made=self._made(found.annotation, values),
        )

    def _attribute_of_union(self, one: Exported, shown: Shown, other: Exported) -> Fate | None:
        """An attribute of a class that is a union now."""
        classes = self._classes(other)
        has = [known for known in classes if known.of_wire(shown.wire) is not None]
        is_known = _UNKNOWN not in self.new.flat(other.value)
        if has == classes != [] and is_known:
            return None
        names = " or ".join(known.name for known in has)
        if has == classes:
            why = f"it may be an {_UNKNOWN}, which has none"
        else:
            why = f"only {names} has it" if has else ""
        return Fate(
            name=shown.name,
            rule=self.pairs.rules.get((one.name, ""), "schema-kind-changed"),
            becomes=(shown.name,) if has else (),
            why=why,
            reads=True,
            old=f"{shown.name}: {shown.annotation}",
            new=f"{shown.name} of {names}" if has else "",
        )

    def _classes(self, one: Exported) -> list[Exported]:
        """The classes that are members of an alias."""
        found: list[Exported] = []
        waiting, seen = [one.name], set[str]()
        while waiting:
            known = self.new.names[waiting.pop(0)]
            if known.name in seen:
                continue
            seen.add(known.name)
            if known.kind == MODEL:
                found.append(known)
            elif known.kind == ALIAS:
                waiting += [name for name in sorted(members(known.value)) if name in self.new.names]
        return found

    def _tagged(self, one: Exported, other: Exported) -> tuple[str, dict[str, str]]:
        """The argument of a class that says which member of the union it became, and the members by its value."""
        for shown in one.attributes.values():
            chosen: dict[str, str] = {}
            classes = self._classes(other) if other.kind == ALIAS else []
            for known in classes:
                theirs = known.of_wire(shown.wire)
                values = self.new.values(theirs.annotation) if theirs is not None else frozenset()
                if len(values) == 1:
                    chosen.setdefault(next(iter(values)), known.full)
            if classes and len(chosen) == len(classes):
                return shown.name, chosen
        return "", {}

    def _required(
        self, one: Exported, other: Exported, attributes: Mapping[str, Fate]
    ) -> Iterator[Fate]:
        """Arguments that the constructor cannot do without and that code for OLD need not give."""
        given = {
            fate.becomes[0]
            for shown in one.attributes.values()
            if not shown.has_default
            for fate in [attributes.get(shown.name, Fate(name="", rule="", becomes=(shown.name,)))]
            if fate.becomes
        }
        for shown in other.attributes.values():
            if not shown.has_default and shown.name not in given:
                before = one.of_wire(shown.wire)
                rule = "property-became-required" if before else "property-added-required"
                yield Fate(
                    name=shown.name,
                    rule=self.pairs.rules.get((one.name, shown.wire), rule),
                    new=f"{shown.name}: {shown.annotation}",
                )

    # -- annotations and values --------------------------------------------------------------------

    def _in_new(self, annotation: str) -> frozenset[str]:
        """The members of an annotation of OLD, as NEW has them."""
        found: set[str] = set()
        for member in self.old.flat(annotation, self._renamed):
            known = self.new.names.get(member)
            found |= self.new.flat(member) if known is not None else {member}
        return frozenset(found)

    def _differ(self, old: str, new: str) -> tuple[frozenset[str], frozenset[str]]:
        """What an annotation admits now and did not, and the other way round."""
        ours, theirs = self._in_new(old), self.new.flat(new)
        come, gone = theirs - ours, ours - theirs
        if "str" in ours:
            come = frozenset(one for one in come if not _TEXT.match(one))
        if "str" in theirs:
            gone = frozenset(one for one in gone if not _TEXT.match(one))
        return come, gone

    def _values(self, old: str, new: str, place: tuple[str, str]) -> dict[str, str | None]:
        known = dict(self.pairs.values.get(place, {}))
        for name in _named(old, self.old):
            known |= self.pairs.values.get((name, ""), {})
        ours, theirs = self.old.values(old), self.new.values(new)
        gone: frozenset[str] = frozenset()
        if (
            theirs
            and "str" not in self.new.flat(new)
            and "str" not in str(self.new.flat(new) - theirs)
        ):
            gone = ours - theirs
        if len(ours) == len(theirs) == len(gone) == 1:
            return {next(iter(gone)): next(iter(theirs)), **known}
        return {**dict.fromkeys(gone), **known}

    def _made(
        self, annotation: str, values: Mapping[str, str | None]
    ) -> dict[str, tuple[str, dict[str, object]]]:
        """Of values that are objects now, the class and its arguments, where one value of an object chooses a class."""
        made: dict[str, tuple[str, dict[str, object]]] = {}
        classes = [
            known
            for member in self.new.flat(annotation)
            if (known := self.new.names.get(member)) is not None and known.kind == MODEL
        ]
        for text in values.values():
            value = Value(text).json if text is not None else None
            if not isinstance(value, dict):
                continue
            fitting = []
            for known in classes:
                shown = {wire: known.of_wire(str(wire)) for wire in value}
                fixed = {
                    wire: self.new.values(one.annotation)
                    for wire, one in shown.items()
                    if one is not None
                }
                fits = all(shown.values()) and all(
                    Value.of(value[wire]).text in listed for wire, listed in fixed.items() if listed
                )
                if fits:
                    fitting.append(
                        (
                            known.full,
                            {
                                one.name: value[wire]
                                for wire, one in shown.items()
                                if one is not None and not (one.is_fixed and len(fixed[wire]) == 1)
                            },
                        )
                    )
            if len(fitting) == 1 and text is not None:
                made[text] = fitting[0]
        return made


def _function(name: str) -> str:
    """What the function that decodes an alias is called."""
    return f"decode_{snake_case(name)}"


def _named(annotation: str, surface: Surface) -> list[str]:
    tree = ast.parse(annotation or "None", mode="eval")
    found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return [name for name in dict.fromkeys(found) if name in surface.names]


def _alike(one: Exported, other: Exported) -> bool:
    """Whether two names of the same name are the same thing, though no schema has it: what decodes, what describes an operation
    or holds its parameters; or have the same properties, or the same value."""
    if one.kind != other.kind:
        return False
    if one.kind not in (MODEL, ALIAS) or _module(one) == OPERATION_TYPES_MODULE:
        return True
    wires = [{shown.wire for shown in side.attributes.values()} for side in (one, other)]
    return wires[0] == wires[1] and one.value == other.value


def _module(one: Exported) -> str:
    return one.home.rpartition(".")[2]


def _definition(one: Exported) -> str:
    if one.kind == ALIAS:
        return f"{one.name} = {one.value}"
    return f"class {one.name}" if one.kind == MODEL else one.name
