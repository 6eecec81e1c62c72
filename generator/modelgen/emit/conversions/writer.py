"""Bindings -> the functions that write the hub's payloads for one variant: one for each of its schemas.

A writer returns False where the object has no form in its variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ... import ir
from ...ir.words import snake_case
from ...reconcile import (
    Bindings,
    Bound,
    Entry,
    Place,
    Row,
    Shape,
    constant,
    json_type,
    kind_of,
    opened,
    required,
    told,
)
from ..layout import indented, literal
from ..views import ConversionsView
from .code import (
    DATA,
    Emitter,
    below,
    by_group,
    container,
    element,
    function_name,
    has_pairs,
    is_disjoint,
    is_own,
    items_of,
    joined,
    key,
    names_tuple,
    said,
    value_table,
    view,
)
from .domains import Domain, domain

NO_FORM = "It has no form in this variant."


class Writer(Emitter):
    def __init__(self, bindings: Bindings, variant: str) -> None:
        super().__init__(bindings)
        self.variant = variant
        self.types = bindings.apis[variant]
        self.names: dict[int, str] = {}
        self.partial: set[int] = set()
        self.written: dict[int, tuple[str, ...]] = {}

    def module(self, doc: tuple[str, ...]) -> ConversionsView:
        own = [bound for bound in self.bindings.bound.values() if bound.variant == self.variant]
        for bound in own:
            self.code.taken.add(self.name(bound))
        self.partial = {id(bound) for bound in own if self.can_fail(bound, set())}
        self.alike(own)
        for bound in own:
            if bound.shape.tag:
                self.union(bound)
            elif (lines := self.lines(bound)) or self.is_root(bound):
                doc_line = f"The hub's {bound.shape.name}, as {bound.key}."
                body = lines or ("pass",)
                self.code.define(self.name(bound), doc_line, body, self.returns(bound))
        return view(self.code, f"_conversions/{self.variant}.py", doc)

    def name(self, bound: Bound) -> str:
        found = self.names.get(id(bound))
        if found is None:
            base = function_name(bound.shape.name)
            taken = set(self.names.values())
            found, n = base, 1
            while found in taken:
                n += 1
                found = f"{base}_{n}"
            self.names[id(bound)] = found
        return found

    def lines(self, bound: Bound) -> tuple[str, ...]:
        """The body of an object's writer; empty if there is nothing to do."""
        found = self.written.get(id(bound))
        if found is None:
            self.written[id(bound)] = ("pass",)  # an object that holds itself is called
            found = self.written[id(bound)] = self.body(bound, bound.shape, bound.entries, "")
        return found

    def is_root(self, bound: Bound) -> bool:
        """Whether `convert` starts at it: then it is there, even if there is nothing to do."""
        return any(root is bound for root in self.bindings.roots.values())

    def is_idle(self, bound: Bound) -> bool:
        return not bound.shape.tag and not self.lines(bound)

    def returns(self, bound: Bound) -> str:
        return "bool" if id(bound) in self.partial else "None"

    def can_fail(self, bound: Bound, seen: set[int]) -> bool:
        """Whether a writer may find that its object has no form here."""
        if id(bound) in seen:
            return False
        seen = {*seen, id(bound)}
        if bound.shape.tag or bound.wrapped:
            return True
        for entry in bound.entries:
            place = bound.places.get(entry.path)
            if place is None:
                continue
            if any(row.whole for row in self.rows(entry)):
                return True
            if place.required and any(
                self.can_fail(inner, seen) for inner in place.shapes.values()
            ):
                return True
        return False

    def alike(self, own: Sequence[Bound]) -> None:
        """Of the writers that one place chooses from, all answer whether there is a form, or none does."""
        for bound in own:
            for one in (bound, *(m.bound for found in bound.members.values() for m in found)):
                for place in one.places.values():
                    chosen = {id(inner) for inner in place.shapes.values()}
                    if chosen & self.partial:
                        self.partial |= chosen

    # -- unions -------------------------------------------------------------------------------------------------

    def union(self, bound: Bound) -> None:
        shape = bound.shape
        table = f"_{self.name(bound).upper()}"
        rows = []
        for member in shape.members:
            found = bound.members.get(member.tag, [])
            same = [one for one in found if one.alias.tag == member.tag]
            # a schema may have the newer tag beside an older one that says the same
            plain = next((one for one in same or found if not one.alias.when), None)
            lines: list[str] = []
            for one in found:
                if one.alias.when:
                    test = " and ".join(
                        f"r.says(d, {names_tuple(path.split('.'))}, {literal(text)})"
                        for path, text in one.alias.when
                    )
                    inner = self.member_lines(bound, one.alias.tag, member.tag, one.bound)
                    lines += [f"if {test}:", *indented(inner)]
            doc = f"`{member.tag}`." if lines or plain is None else f"`{plain.alias.tag}`."
            if plain is not None:
                lines += self.member_lines(bound, plain.alias.tag, member.tag, plain.bound)
            else:
                lines += [f"r.dropped(path, d, {literal(member.lost or NO_FORM)})", "return False"]
            own = function_name(shape.name, member.tag)
            doc = doc if found else "No form here."
            name = self.code.function(shape.name, own, doc, lines, "bool")
            rows.append(f"{literal(member.tag)}: {name},")
        self.code.tables[table] = rows
        tag = literal(shape.tag)
        lines = [
            f"tag = d.get({tag})",
            f"write = {table}.get(tag) if tag.__class__ is str else None",
            "return True if write is None else write(d, path, r)",
        ]
        self.code.define(self.name(bound), f"The hub's {shape.name}.", lines, "bool")

    def member_lines(self, bound: Bound, tag: str, hub_tag: str, inner: Bound) -> list[str]:
        lines = list(self.body(inner, bound.shape, inner.entries, hub_tag, fails=True))
        if tag != hub_tag:
            lines.insert(0, f"d[{literal(bound.shape.tag)}] = {literal(tag)}")
        return [*lines, "return True"]

    # -- objects ------------------------------------------------------------------------------------------------

    def body(
        self,
        bound: Bound,
        shape: Shape,
        entries: Sequence[Entry],
        tag: str,
        fails: bool | None = None,
    ) -> tuple[str, ...]:
        partial = id(bound) in self.partial if fails is None else fails
        peers = self.bounds(shape, tag)
        todo = by_group(entries)
        lines = [*self.defaults(bound), *self.undeclared(bound)]
        lines += self.level(bound, todo, peers, "", DATA, partial)
        if bound.wrapped:
            lines += self.unwrapped(bound)
        lines += self.required(bound, peers)
        if partial and fails is None:
            lines.append("return True")
        return tuple(lines)

    def unwrapped(self, bound: Bound) -> Iterator[str]:
        """Make the object itself what it wraps in the hub."""
        wire, at = literal(bound.shape.wraps), f"path + {literal(said(bound.shape.wraps))}"
        (entry,) = filter(bound.wraps_here, bound.entries)
        ((_, inner),) = bound.places[entry.path].shapes.items()
        yield f"if (v := d.pop({wire}, None)).__class__ is dict:"
        for text, _ in entry.shape.shapes if entry.shape else ():
            by = literal(entry.shape.by.removeprefix(".")) if entry.shape else ""
            yield f"    if v.get({by}) == {literal(text)}:"
            yield f"        r.dropped({at}, v, {literal(NO_FORM)})"
            yield "        return False"
        if not self.is_idle(inner):
            yield f"    {self.name(inner)}(v, {at}, r)"
        yield "    r.unwrap(d, v, path)"
        needed = {name for object_ in inner.objects for name in required(object_)} - inner.beside
        yield "else:"
        if needed:
            yield f"    r.missing({at}, {literal(f'{bound.variant} requires some of it.')})"
        else:
            yield f"    r.changed({at}, None, {literal('Without one, the body is an empty one there.')})"

    def level(
        self,
        bound: Bound,
        todo: Mapping[str, list[Entry]],
        peers: Sequence[Bound],
        prefix: str,
        var: str,
        partial: bool,
    ) -> Iterator[str]:
        for entry in todo.get(prefix, ()):
            yield from self.field(bound, entry, peers, var, partial)
        for name, path, inner in below(todo, prefix):
            lines = list(self.level(bound, todo, peers, path, inner, partial))
            gone = path not in bound.groups
            if not lines and not gone:
                continue
            yield f"if ({inner} := {var}.get({literal(name)})).__class__ is dict:"
            at = f"path + {literal(said(path))}"
            if gone:
                yield f"    if not {inner}:"
                reason = "An empty object has no place there."
                yield f"        r.dropped({at}, {inner}, {literal(reason)})"
            yield from indented(lines)
            if gone:
                yield f"    if not {inner}:"
                yield f"        del {var}[{literal(name)}]"

    def field(
        self, bound: Bound, entry: Entry, peers: Sequence[Bound], var: str, partial: bool
    ) -> Iterator[str]:
        wire = literal(entry.path.rpartition(".")[2])
        at = f"path + {literal(said(entry.path))}"
        place = bound.places.get(entry.path)
        if bound.wraps_here(entry):
            return
        if place is None:
            fixed = self.fixed(entry, peers)
            yield f"if {wire} in {var}:"
            if fixed is None:
                yield f"    r.drop({var}, {wire}, {at}, {literal(entry.lost)})"
            else:
                test = f"{var}[{wire}] != {literal(fixed)}"
                if implied := self.implied(entry, peers):
                    test += f" or r.source not in {joined([literal(name) for name in implied])}"
                else:
                    test = ""
                lines = [f"r.dropped({at}, {var}[{wire}], {literal(entry.lost)})"]
                yield from indented([f"if {test}:", *indented(lines)] if test else lines)
                yield f"    del {var}[{wire}]"
            return
        lines = self.values(bound, entry, place, peers, var, wire, at)
        lines += self.shapes(bound, entry, place, peers, var, wire, partial)
        lines += self.unfit(bound, entry, place, peers, var, wire, at, partial)
        yield from lines
        if place.path != entry.path:
            target = place.path.split(".")
            yield f"if {wire} in {var}:"
            if len(target) == 1:
                yield f"    d[{literal(target[0])}] = {var}.pop({wire})"
            else:
                yield f"    r.put(d, {names_tuple(target)}, {var}.pop({wire}))"

    def implied(self, entry: Entry, peers: Sequence[Bound]) -> list[str]:
        """The variants that require a field wherever they have its shape, so that it comes back by itself."""
        has = {
            variant: all(
                entry.path in peer.places and peer.places[entry.path].required
                for peer in peers
                if peer.variant == variant
            )
            for variant in dict.fromkeys(peer.variant for peer in peers)
        }
        return [variant for variant, always in has.items() if always]

    def fixed(self, entry: Entry, peers: Sequence[Bound]) -> str | None:
        """The one text that a field ever says: it is implied where the field is missing."""
        texts = {
            text
            for peer in peers
            if entry.path in peer.places
            for type_ in peer.places[entry.path].types
            if (text := constant(type_)) is not None
        }
        return texts.pop() if len(texts) == 1 else None

    def values(
        self,
        bound: Bound,
        entry: Entry,
        place: Place,
        peers: Sequence[Bound],
        var: str,
        wire: str,
        at: str,
    ) -> list[str]:
        rows = self.rows(entry)
        if not has_pairs(rows) or not self.is_old(bound, entry, place, rows):
            return []
        table = self.code.constant(f"{entry.values}_down", value_table(rows, False))
        some = any(row.way == "some" for row in rows)
        return [
            f"if {wire} in {var}:",
            f"    {var}[{wire}] = r.mapped({var}[{wire}], {table}, {at}{', True' if some else ''})",
        ]

    def is_old(self, bound: Bound, entry: Entry, place: Place, rows: Sequence[Row]) -> bool:
        """Whether a schema has the older side of a table of values."""
        if not is_own(rows):
            return place.path != entry.path
        hub = {kind_of(row.hub.json) for row in rows if row.was is not None}
        parts = [part for type_ in place.types for part in opened(type_, self.types)]
        if not is_disjoint(rows):
            listed = {
                value for part in parts if isinstance(part, ir.Literal) for value in part.values
            }
            return not any(row.hub in listed for row in rows if row.was is not None)
        return not hub & {json_type(part) for part in parts}

    def shapes(
        self,
        bound: Bound,
        entry: Entry,
        place: Place,
        peers: Sequence[Bound],
        var: str,
        wire: str,
        partial: bool,
    ) -> list[str]:
        if not entry.shape or not place.shapes:
            return []
        kind = container([bound], entry.path, self.bindings) or container(
            peers, entry.path, self.bindings
        )
        choice = entry.shape
        steps: list[tuple[str, Bound | None]] = [
            *((text, place.shapes.get(name)) for text, name in choice.shapes),
            ("", place.shapes.get(choice.other)),
        ]
        at = said(entry.path)
        inner = [b for _, b in steps if b is not None]
        if not inner or (len(inner) == len(steps) and all(self.is_idle(b) for b in inner)):
            return []
        if kind:
            return self.each(entry, steps, kind, var, wire, at)
        lines = [f"if (v := {var}.get({wire})).__class__ is dict:"]
        word = "if"
        for text, found in steps:
            call = self.call(found, entry, "v", f"path + {literal(at)}", var, wire, place, partial)
            if text:
                by = choice.by.removeprefix(".")
                owner = "v" if choice.by.startswith(".") else "d"
                lines.append(f"    {word} {owner}.get({literal(by)}) == {literal(text)}:")
                lines += indented(indented(call))
                word = "elif"
            elif word == "elif":
                lines += ["    else:", *indented(indented(call))]
            else:
                lines += indented(call)
        return lines

    def call(
        self,
        found: Bound | None,
        entry: Entry,
        value: str,
        at: str,
        var: str,
        wire: str,
        place: Place,
        partial: bool,
    ) -> list[str]:
        if found is None:
            reason = entry.lost or NO_FORM
            lost = [f"r.dropped({at}, {value}, {literal(reason)})"]
            if place.required and partial:
                return [*lost, "return False"]
            return [*lost, f"del {var}[{wire}]"]
        name = self.name(found)
        if self.is_idle(found):
            return ["pass"]
        if id(found) not in self.partial:
            return [f"{name}({value}, {at}, r)"]
        if place.required and partial:
            return [f"if not {name}({value}, {at}, r):", "    return False"]
        return [f"if not {name}({value}, {at}, r):", f"    del {var}[{wire}]"]

    def each(
        self,
        entry: Entry,
        steps: Sequence[tuple[str, Bound | None]],
        kind: str,
        var: str,
        wire: str,
        at: str,
    ) -> list[str]:
        assert entry.shape
        functions = {text: self.name(b) for text, b in steps if b and not self.is_idle(b)}
        partial = any(id(b) in self.partial for _, b in steps if b is not None)
        if list(functions) == [""]:
            return self.loop(functions[""], partial, kind, var, wire, at)
        by = literal(entry.shape.by)
        if "" not in functions and len(functions) == 1:
            ((text, name),) = functions.items()
            inner = self.loop(name, partial, kind, var, wire, at)
            return [f"if d.get({by}) == {literal(text)}:", *indented(inner)]
        lines = [f"write = {functions['']}"] if "" in functions else []
        word = "if"
        for text, function in functions.items():
            if text:
                lines += [f"{word} d.get({by}) == {literal(text)}:", f"    write = {function}"]
                word = "elif"
        if "" in functions:
            return [*lines, *self.loop("write", partial, kind, var, wire, at)]
        lines += ["else:", "    write = None"]
        inner = self.loop("write", partial, kind, var, wire, at)
        return [*lines, "if write is not None:", *indented(inner)]

    def loop(self, name: str, partial: bool, kind: str, var: str, wire: str, at: str) -> list[str]:
        class_, items = items_of(kind)
        head = f"if (v := {var}.get({wire})).__class__ is {class_}:"
        call = f"{name}(item, {element(at, kind)}, r)"
        if partial and kind == "array":
            body = [
                f"{var}[{wire}] = [",
                "    item",
                f"    for n, item in {items}",
                f"    if item.__class__ is not dict or {call}",
                "]",
            ]
        else:
            body = [f"for n, item in {items}:", "    if item.__class__ is dict:", f"        {call}"]
        return [head, *indented(body)]

    # -- what does not fit --------------------------------------------------------------------------------------

    def unfit(
        self,
        bound: Bound,
        entry: Entry,
        place: Place,
        peers: Sequence[Bound],
        var: str,
        wire: str,
        at: str,
        partial: bool,
    ) -> list[str]:
        rows = self.rows(entry)
        own = self.domain(bound.variant, place, entry)
        is_mapped = has_pairs(rows) and self.is_old(bound, entry, place, rows)
        if is_mapped and not any(row.way == "some" for row in rows):
            return self.unfit_after_table(own, var, wire, at, rows)
        others = [
            self.domain(peer.variant, peer.places[entry.path], entry)
            for peer in peers
            if peer is not bound and entry.path in peer.places
        ]
        whole = [row for row in rows if row.whole]
        if all(own.covers(other) for other in others):
            return []
        hint = f"{snake_case(entry.path.replace('.', '_'))}_values"
        test = own.test("v", lambda text: self.code.constant(hint, text))
        if not test:
            return []
        reason = entry.kept or f"It is not {own.shown()}."
        lines = [
            f"if {wire} in {var}:",
            f"    v = {var}[{wire}]",
            f"    if not ({test}):",
        ]
        if whole and partial:
            lost = [row for row in whole if not self.lists(own, row)]
            if lost:
                names = joined([key(row.hub.json) for row in lost])
                lines += [
                    f"        if v.__class__ is str and v in {names}:",
                    f"            r.dropped(path, d, {literal(lost[0].reason)})",
                    "            return False",
                ]
        return [*lines, f"        r.unfit({at}, v, {literal(reason)})"]

    def lists(self, own: Domain, row: Row) -> bool:
        return own.texts is None or row.hub.json in own.texts

    def unfit_after_table(
        self, own: Domain, var: str, wire: str, at: str, rows: Sequence[Row]
    ) -> list[str]:
        """Where every value was mapped, or reported as unknown: null, and older values the schema does not list."""
        lines = []
        if not own.null and not own.any:
            lines += [
                f"if {var}.get({wire}, r) is None:",
                f"    r.unfit({at}, None, {literal('It is not null there.')})",
            ]
        missing = [
            row.was.json
            for row in rows
            if row.was is not None
            and isinstance(row.was.json, str)
            and own.texts is not None
            and row.was.json not in own.texts
        ]
        if missing:
            names = joined(list(dict.fromkeys(key(value) for value in missing)))
            lines += [
                f"if (v := {var}.get({wire})).__class__ is str and v in {names}:",
                f"    r.unfit({at}, v, {literal(f'It is not {own.shown()}.')})",
            ]
        return lines

    def domain(self, variant: str, place: Place, entry: Entry) -> Domain:
        found = domain(place.types, self.bindings.apis[variant])
        found.null = found.null or place.nullable or entry.null
        return found

    def defaults(self, bound: Bound) -> Iterator[str]:
        """Say what the source implied, where the schema wants it said."""
        for entry in bound.entries:
            place = bound.places.get(entry.path)
            if entry.default and place is not None and place.required and "." not in entry.path:
                wire, at = literal(entry.path), literal(said(entry.path))
                yield f"if {wire} not in d:"
                yield f"    d[{wire}] = {literal(entry.default)}"
                yield f"    r.changed(path + {at}, None, {literal(entry.why)})"

    def undeclared(self, bound: Bound) -> Iterator[str]:
        """Drop what other members of a union declare and the one that its constants tell does not."""
        if len(bound.objects) < 2:
            return
        wires = {
            path: place.path.partition(".")[0]
            for path, place in bound.places.items()
            if "." not in path
        }
        names = [entry.path for entry in bound.entries if entry.path in wires]
        for object_ in bound.objects:
            constants = told(object_)
            own = {found.wire for found in object_.fields}
            foreign = [name for name in names if wires[name] not in own]
            if not constants or not foreign:
                continue
            reason = f"{', '.join(text for _, text in constants)} has no such property."
            yield f"if {_says(constants)}:"
            yield f"    r.foreign(d, {names_tuple(foreign)}, path, {literal(reason)})"

    def required(self, bound: Bound, peers: Sequence[Bound]) -> Iterator[str]:
        """Fill in what can only be one thing, and report what the schema requires and nobody said."""
        always = set.intersection(*(_always(peer) for peer in peers)) if peers else set()
        where = f"{bound.variant} requires it."
        single = len(bound.objects) == 1
        own = {place.path.partition(".")[0] for place in bound.places.values()}
        yield from self.telling(bound, always, where)
        for entry in bound.entries:
            place = bound.places.get(entry.path)
            if place is None or not place.required or place.path.count(".") != 1:
                continue
            if all(peer.places[entry.path].required for peer in peers if entry.path in peer.places):
                continue
            group, _, last = place.path.partition(".")
            yield f"if (g1 := d.get({literal(group)})).__class__ is dict and {literal(last)} not in g1:"
            yield f"    r.missing(path + {literal(said(place.path))}, {literal(where)})"
        for object_ in bound.objects:
            lines = []
            constants = dict(told(object_))
            for wire in required(object_):
                if wire in always or wire == bound.shape.tag or wire in bound.beside:
                    continue
                if bound.wrapped and wire not in own:  # what it wraps says that of itself
                    continue
                if wire in constants and not single:
                    continue
                lines.append(f"if {literal(wire)} not in d:")
                if wire in constants:
                    lines.append(f"    d[{literal(wire)}] = {literal(constants[wire])}")
                    if known := self.knowing(wire, bound, peers):
                        lines += [
                            f"    if r.source in {joined([literal(name) for name in known])}:",
                            f"        r.changed(path + {literal(said(wire))}, None, {literal(where)})",
                        ]
                else:
                    lines.append(f"    r.missing(path + {literal(said(wire))}, {literal(where)})")
            if lines and not single and constants:
                yield f"if {_says(constants.items())}:"
                yield from indented(lines)
            elif lines and single:
                yield from lines

    def telling(self, bound: Bound, always: set[str], where: str) -> Iterator[str]:
        """Report what tells the objects of a union apart, where nobody said it."""
        if len(bound.objects) < 2:
            return
        seen: set[tuple[str, ...]] = set()
        for constants in map(told, bound.objects):
            for wire, _ in constants:
                if wire in always or wire == bound.shape.tag or wire in bound.beside:
                    continue
                others = [pair for pair in constants if pair[0] != wire]
                test = f"{literal(wire)} not in d" + (f" and {_says(others)}" if others else "")
                lines = (
                    f"if {test}:",
                    f"    r.missing(path + {literal(said(wire))}, {literal(where)})",
                )
                if lines not in seen:
                    seen.add(lines)
                    yield from lines

    def knowing(self, wire: str, bound: Bound, peers: Sequence[Bound]) -> list[str]:
        """The other variants that have a property too, so that it stays when it is written back for them."""
        found = (
            peer.variant
            for peer in peers
            if peer.variant != bound.variant
            and any(place.path == wire for place in peer.places.values())
        )
        return list(dict.fromkeys(found))


def _says(constants: Iterable[tuple[str, str]]) -> str:
    """A test for an object that has some constants."""
    return " and ".join(f"d.get({literal(wire)}) == {literal(text)}" for wire, text in constants)


def _always(bound: Bound) -> set[str]:
    """The properties that every object of a binding requires."""
    found = [set(required(object_)) for object_ in bound.objects]
    return set.intersection(*found) if found else set()
