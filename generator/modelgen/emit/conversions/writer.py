"""Resolution -> the functions that write the hub's payloads for one variant: one for each of its schemas.

A writer returns False where the object has no form in its variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ... import ir
from ...ir.words import snake_case
from ...reconcile import (
    Entry,
    Key,
    Occurrence,
    Placement,
    Resolution,
    Row,
    Shape,
    constant,
    constants,
    json_type,
    kind_of,
    opened,
    required,
)
from ..text import indented, literal
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
    def __init__(self, resolution: Resolution, variant: str) -> None:
        super().__init__(resolution)
        self.variant = variant
        self.types = resolution.apis[variant]
        self.names: dict[Key, str] = {}
        self.partial: set[Key] = set()
        self.written: dict[Key, tuple[str, ...]] = {}

    def module(self, doc: tuple[str, ...]) -> ConversionsView:
        own = [
            occurrence
            for key, occurrence in self.resolution.occurrences.items()
            if key.variant == self.variant and not key.member
        ]
        for occurrence in own:
            self.code.taken.add(self.name(occurrence.key))
        self.partial = {o.key for o in own if self.can_fail(o.key, frozenset())}
        self.alike(own)
        for occurrence in own:
            if occurrence.shape.tag:
                self.union(occurrence)
            elif (lines := self.lines(occurrence)) or self.is_root(occurrence):
                doc_line = f"The hub's {occurrence.shape.name}, as {occurrence.key.schema}."
                self.code.define(
                    self.name(occurrence.key),
                    doc_line,
                    lines or ("pass",),
                    self.returns(occurrence),
                )
        return view(self.code, f"_conversions/{self.variant}.py", doc)

    def name(self, of: Key) -> str:
        found = self.names.get(of)
        if found is None:
            base = function_name(of.shape)
            taken = set(self.names.values())
            found, n = base, 1
            while found in taken:
                n += 1
                found = f"{base}_{n}"
            self.names[of] = found
        return found

    def lines(self, occurrence: Occurrence) -> tuple[str, ...]:
        """The body of an object's writer; empty if there is nothing to do."""
        found = self.written.get(occurrence.key)
        if found is None:
            self.written[occurrence.key] = ("pass",)  # an object that holds itself is called
            found = self.written[occurrence.key] = self.body(
                occurrence, occurrence.shape, occurrence.entries, ""
            )
        return found

    def is_root(self, occurrence: Occurrence) -> bool:
        """Whether `convert` starts at it: then it is there, even if there is nothing to do."""
        return occurrence.key in self.resolution.roots.values()

    def is_idle(self, of: Key) -> bool:
        occurrence = self.resolution[of]
        return not occurrence.shape.tag and not self.lines(occurrence)

    def returns(self, occurrence: Occurrence) -> str:
        return "bool" if occurrence.key in self.partial else "None"

    def can_fail(self, of: Key, seen: frozenset[Key]) -> bool:
        """Whether a writer may find that its object has no form here."""
        if of in seen:
            return False
        seen, occurrence = seen | {of}, self.resolution[of]
        if occurrence.shape.tag or occurrence.is_unwrapped:
            return True
        for entry in occurrence.entries:
            placement = occurrence.placements.get(entry.path)
            if placement is None:
                continue
            if any(row.whole for row in self.rows(entry)):
                return True
            if placement.required and any(
                self.can_fail(inner, seen) for inner in placement.shapes.values()
            ):
                return True
        return False

    def alike(self, own: Sequence[Occurrence]) -> None:
        """Of the writers that one placement chooses from, all answer whether there is a form, or none does."""
        for occurrence in own:
            for one in (
                occurrence,
                *(self.resolution[m.key] for found in occurrence.members.values() for m in found),
            ):
                for placement in one.placements.values():
                    chosen = set(placement.shapes.values())
                    if chosen & self.partial:
                        self.partial |= chosen

    # -- unions -------------------------------------------------------------------------------------------------

    def union(self, occurrence: Occurrence) -> None:
        shape = occurrence.shape
        table = f"_{self.name(occurrence.key).upper()}"
        rows = []
        for member in shape.members:
            found = occurrence.members.get(member.tag, ())
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
                    inner = self.member_lines(
                        occurrence, one.alias.tag, member.tag, self.resolution[one.key]
                    )
                    lines += [f"if {test}:", *indented(inner)]
            doc = f"`{member.tag}`." if lines or plain is None else f"`{plain.alias.tag}`."
            if plain is not None:
                lines += self.member_lines(
                    occurrence, plain.alias.tag, member.tag, self.resolution[plain.key]
                )
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
        self.code.define(self.name(occurrence.key), f"The hub's {shape.name}.", lines, "bool")

    def member_lines(
        self, occurrence: Occurrence, tag: str, hub_tag: str, inner: Occurrence
    ) -> list[str]:
        lines = list(self.body(inner, occurrence.shape, inner.entries, hub_tag, fails=True))
        if tag != hub_tag:
            lines.insert(0, f"d[{literal(occurrence.shape.tag)}] = {literal(tag)}")
        return [*lines, "return True"]

    # -- objects ------------------------------------------------------------------------------------------------

    def body(
        self,
        occurrence: Occurrence,
        shape: Shape,
        entries: Sequence[Entry],
        tag: str,
        fails: bool | None = None,
    ) -> tuple[str, ...]:
        partial = occurrence.key in self.partial if fails is None else fails
        peers = self.occurrences(shape, tag)
        todo = by_group(entries)
        lines = [*self.defaults(occurrence), *self.undeclared(occurrence)]
        lines += self.level(occurrence, todo, peers, "", DATA, partial)
        if occurrence.is_unwrapped:
            lines += self.unwrapped(occurrence)
        lines += self.required(occurrence, peers)
        if partial and fails is None:
            lines.append("return True")
        return tuple(lines)

    def unwrapped(self, occurrence: Occurrence) -> Iterator[str]:
        """Make the object itself what it wraps in the hub."""
        wire, at = (
            literal(occurrence.shape.wraps),
            f"path + {literal(said(occurrence.shape.wraps))}",
        )
        (entry,) = filter(occurrence.is_itself, occurrence.entries)
        ((_, inner),) = occurrence.placements[entry.path].shapes.items()
        wrapped = self.resolution[inner]
        yield f"if (v := d.pop({wire}, None)).__class__ is dict:"
        for text, _ in entry.shape.shapes if entry.shape else ():
            by = literal(entry.shape.by.removeprefix(".")) if entry.shape else ""
            yield f"    if v.get({by}) == {literal(text)}:"
            yield f"        r.dropped({at}, v, {literal(NO_FORM)})"
            yield "        return False"
        if not self.is_idle(inner):
            yield f"    {self.name(inner)}(v, {at}, r)"
        yield "    r.unwrap(d, v, path)"
        needed = {n for object_ in wrapped.objects for n in required(object_)} - wrapped.beside
        yield "else:"
        if needed:
            yield f"    r.missing({at}, {literal(f'{occurrence.variant} requires some of it.')})"
        else:
            yield f"    r.changed({at}, None, {literal('Without one, the body is an empty one there.')})"

    def level(
        self,
        occurrence: Occurrence,
        todo: Mapping[str, list[Entry]],
        peers: Sequence[Occurrence],
        prefix: str,
        var: str,
        partial: bool,
    ) -> Iterator[str]:
        for entry in todo.get(prefix, ()):
            yield from self.field(occurrence, entry, peers, var, partial)
        for name, path, inner in below(todo, prefix):
            lines = list(self.level(occurrence, todo, peers, path, inner, partial))
            gone = path not in occurrence.groups
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
        self,
        occurrence: Occurrence,
        entry: Entry,
        peers: Sequence[Occurrence],
        var: str,
        partial: bool,
    ) -> Iterator[str]:
        wire = literal(entry.path.rpartition(".")[2])
        at = f"path + {literal(said(entry.path))}"
        placement = occurrence.placements.get(entry.path)
        if occurrence.is_itself(entry):
            return
        if placement is None:
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
        lines = self.values(occurrence, entry, placement, peers, var, wire, at)
        lines += self.shapes(occurrence, entry, placement, peers, var, wire, partial)
        lines += self.unfit(occurrence, entry, placement, peers, var, wire, at, partial)
        yield from lines
        if placement.path != entry.path:
            target = placement.path.split(".")
            yield f"if {wire} in {var}:"
            if len(target) == 1:
                yield f"    d[{literal(target[0])}] = {var}.pop({wire})"
            else:
                yield f"    r.put(d, {names_tuple(target)}, {var}.pop({wire}))"

    def implied(self, entry: Entry, peers: Sequence[Occurrence]) -> list[str]:
        """The variants that require a field wherever they have its shape, so that it comes back by itself."""
        has = {
            variant: all(
                entry.path in peer.placements and peer.placements[entry.path].required
                for peer in peers
                if peer.variant == variant
            )
            for variant in dict.fromkeys(peer.variant for peer in peers)
        }
        return [variant for variant, always in has.items() if always]

    def fixed(self, entry: Entry, peers: Sequence[Occurrence]) -> str | None:
        """The one text that a field ever says: it is implied where the field is missing."""
        texts = {
            text
            for peer in peers
            if entry.path in peer.placements
            for type_ in peer.placements[entry.path].types
            if (text := constant(type_)) is not None
        }
        return texts.pop() if len(texts) == 1 else None

    def values(
        self,
        occurrence: Occurrence,
        entry: Entry,
        placement: Placement,
        peers: Sequence[Occurrence],
        var: str,
        wire: str,
        at: str,
    ) -> list[str]:
        rows = self.rows(entry)
        if not has_pairs(rows) or not self.is_old(occurrence, entry, placement, rows):
            return []
        table = self.code.constant(f"{entry.values}_down", value_table(rows, False))
        some = any(row.way == "some" for row in rows)
        return [
            f"if {wire} in {var}:",
            f"    {var}[{wire}] = r.mapped({var}[{wire}], {table}, {at}{', True' if some else ''})",
        ]

    def is_old(
        self, occurrence: Occurrence, entry: Entry, placement: Placement, rows: Sequence[Row]
    ) -> bool:
        """Whether a schema has the older side of a table of values."""
        if not is_own(rows):
            return placement.path != entry.path
        hub = {kind_of(row.hub.json) for row in rows if row.was is not None}
        parts = [part for type_ in placement.types for part in opened(type_, self.types)]
        if not is_disjoint(rows):
            listed = {
                value for part in parts if isinstance(part, ir.Literal) for value in part.values
            }
            return not any(row.hub in listed for row in rows if row.was is not None)
        return not hub & {json_type(part) for part in parts}

    def shapes(
        self,
        occurrence: Occurrence,
        entry: Entry,
        placement: Placement,
        peers: Sequence[Occurrence],
        var: str,
        wire: str,
        partial: bool,
    ) -> list[str]:
        if not entry.shape or not placement.shapes:
            return []
        kind = container([occurrence], entry.path, self.resolution) or container(
            peers, entry.path, self.resolution
        )
        choice = entry.shape
        steps: list[tuple[str, Key | None]] = [
            *((text, placement.shapes.get(name)) for text, name in choice.shapes),
            ("", placement.shapes.get(choice.other)),
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
            call = self.call(
                found, entry, "v", f"path + {literal(at)}", var, wire, placement, partial
            )
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
        found: Key | None,
        entry: Entry,
        value: str,
        at: str,
        var: str,
        wire: str,
        placement: Placement,
        partial: bool,
    ) -> list[str]:
        if found is None:
            reason = entry.lost or NO_FORM
            lost = [f"r.dropped({at}, {value}, {literal(reason)})"]
            if placement.required and partial:
                return [*lost, "return False"]
            return [*lost, f"del {var}[{wire}]"]
        name = self.name(found)
        if self.is_idle(found):
            return ["pass"]
        if found not in self.partial:
            return [f"{name}({value}, {at}, r)"]
        if placement.required and partial:
            return [f"if not {name}({value}, {at}, r):", "    return False"]
        return [f"if not {name}({value}, {at}, r):", f"    del {var}[{wire}]"]

    def each(
        self,
        entry: Entry,
        steps: Sequence[tuple[str, Key | None]],
        kind: str,
        var: str,
        wire: str,
        at: str,
    ) -> list[str]:
        assert entry.shape
        functions = {text: self.name(b) for text, b in steps if b and not self.is_idle(b)}
        partial = any(b in self.partial for _, b in steps if b is not None)
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
        occurrence: Occurrence,
        entry: Entry,
        placement: Placement,
        peers: Sequence[Occurrence],
        var: str,
        wire: str,
        at: str,
        partial: bool,
    ) -> list[str]:
        rows = self.rows(entry)
        own = self.domain(occurrence.variant, placement, entry)
        is_mapped = has_pairs(rows) and self.is_old(occurrence, entry, placement, rows)
        if is_mapped and not any(row.way == "some" for row in rows):
            return self.unfit_after_table(own, var, wire, at, rows)
        others = [
            self.domain(peer.variant, peer.placements[entry.path], entry)
            for peer in peers
            if peer is not occurrence and entry.path in peer.placements
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

    def domain(self, variant: str, placement: Placement, entry: Entry) -> Domain:
        found = domain(placement.types, self.resolution.apis[variant])
        found.null = found.null or placement.nullable or entry.null
        return found

    def defaults(self, occurrence: Occurrence) -> Iterator[str]:
        """Say what the source implied, where the schema wants it said."""
        for entry in occurrence.entries:
            placement = occurrence.placements.get(entry.path)
            if (
                entry.default
                and placement is not None
                and placement.required
                and "." not in entry.path
            ):
                wire, at = literal(entry.path), literal(said(entry.path))
                yield f"if {wire} not in d:"
                yield f"    d[{wire}] = {literal(entry.default)}"
                yield f"    r.changed(path + {at}, None, {literal(entry.why)})"

    def undeclared(self, occurrence: Occurrence) -> Iterator[str]:
        """Drop what other members of a union declare and the one that its constants tell does not."""
        if len(occurrence.objects) < 2:
            return
        wires = {
            path: placement.path.partition(".")[0]
            for path, placement in occurrence.placements.items()
            if "." not in path
        }
        names = [entry.path for entry in occurrence.entries if entry.path in wires]
        for object_ in occurrence.objects:
            fixed = constants(object_)
            own = {found.wire for found in object_.fields}
            foreign = [name for name in names if wires[name] not in own]
            if not fixed or not foreign:
                continue
            reason = f"{', '.join(text for _, text in fixed)} has no such property."
            yield f"if {_says(fixed)}:"
            yield f"    r.foreign(d, {names_tuple(foreign)}, path, {literal(reason)})"

    def required(self, occurrence: Occurrence, peers: Sequence[Occurrence]) -> Iterator[str]:
        """Fill in what can only be one thing, and report what the schema requires and nobody said."""
        always = set.intersection(*(_always(peer) for peer in peers)) if peers else set()
        where = f"{occurrence.variant} requires it."
        single = len(occurrence.objects) == 1
        own = {p.path.partition(".")[0] for p in occurrence.placements.values()}
        yield from self.telling(occurrence, always, where)
        for entry in occurrence.entries:
            placement = occurrence.placements.get(entry.path)
            if placement is None or not placement.required or placement.path.count(".") != 1:
                continue
            if all(
                peer.placements[entry.path].required
                for peer in peers
                if entry.path in peer.placements
            ):
                continue
            group, _, last = placement.path.partition(".")
            yield f"if (g1 := d.get({literal(group)})).__class__ is dict and {literal(last)} not in g1:"
            yield f"    r.missing(path + {literal(said(placement.path))}, {literal(where)})"
        for object_ in occurrence.objects:
            lines = []
            fixed = dict(constants(object_))
            for wire in required(object_):
                if wire in always or wire == occurrence.shape.tag or wire in occurrence.beside:
                    continue
                if occurrence.is_unwrapped and wire not in own:  # what it wraps says that of itself
                    continue
                if wire in fixed and not single:
                    continue
                lines.append(f"if {literal(wire)} not in d:")
                if wire in fixed:
                    lines.append(f"    d[{literal(wire)}] = {literal(fixed[wire])}")
                    if known := self.knowing(wire, occurrence, peers):
                        lines += [
                            f"    if r.source in {joined([literal(name) for name in known])}:",
                            f"        r.changed(path + {literal(said(wire))}, None, {literal(where)})",
                        ]
                else:
                    lines.append(f"    r.missing(path + {literal(said(wire))}, {literal(where)})")
            if lines and not single and fixed:
                yield f"if {_says(fixed.items())}:"
                yield from indented(lines)
            elif lines and single:
                yield from lines

    def telling(self, occurrence: Occurrence, always: set[str], where: str) -> Iterator[str]:
        """Report what tells the objects of a union apart, where nobody said it."""
        if len(occurrence.objects) < 2:
            return
        seen: set[tuple[str, ...]] = set()
        for own in map(constants, occurrence.objects):
            for wire, _ in own:
                if wire in always or wire == occurrence.shape.tag or wire in occurrence.beside:
                    continue
                others = [pair for pair in own if pair[0] != wire]
                test = f"{literal(wire)} not in d" + (f" and {_says(others)}" if others else "")
                lines = (
                    f"if {test}:",
                    f"    r.missing(path + {literal(said(wire))}, {literal(where)})",
                )
                if lines not in seen:
                    seen.add(lines)
                    yield from lines

    def knowing(self, wire: str, occurrence: Occurrence, peers: Sequence[Occurrence]) -> list[str]:
        """The other variants that have a property too, so that it stays when it is written back for them."""
        found = (
            peer.variant
            for peer in peers
            if peer.variant != occurrence.variant
            and any(placement.path == wire for placement in peer.placements.values())
        )
        return list(dict.fromkeys(found))


def _says(constants: Iterable[tuple[str, str]]) -> str:
    """A test for an object that has some constants."""
    return " and ".join(f"d.get({literal(wire)}) == {literal(text)}" for wire, text in constants)


def _always(occurrence: Occurrence) -> set[str]:
    """The properties that every object of a binding requires."""
    found = [set(required(object_)) for object_ in occurrence.objects]
    return set.intersection(*found) if found else set()
