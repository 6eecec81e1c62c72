"""Resolution -> the functions that read payloads of any variant into the hub.

One function a shape for all variants: the spellings of a field have different places, so that a payload that mixes
them is read too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ...ir.words import snake_case
from ...reconcile import Choice, Entry, Occurrence, Shape, prefixes
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
    names_tuple,
    said,
    value_table,
    view,
)

Call = Callable[[str, str], list[str]]


class Reader(Emitter):
    def module(self, doc: tuple[str, ...]) -> ConversionsView:
        self.code.taken |= {function_name(name) for name in self.map.shapes}
        for shape in self.map.shapes.values():
            if shape.tag:
                self.union(shape)
            else:
                name = function_name(shape.name)
                lines = self.body(shape, shape.entries, "")
                self.code.define(name, f"Any variant's {shape.name}, as the hub's.", lines, "None")
        return view(self.code, "_conversions/reading.py", doc)

    def union(self, shape: Shape) -> None:
        table = f"_{function_name(shape.name).upper()}"
        rows = []
        for member in shape.members:
            own = function_name(shape.name, member.tag)
            lines = self.body(shape, member.entries, member.tag)
            name = self.code.function(shape.name, own, f"`{member.tag}`.", lines, "None")
            rows.append(f"{literal(member.tag)}: ({name}, {literal(member.tag)}, None),")
            for alias in member.aliases:
                when: list[str] = []
                for path, text in alias.when:
                    owner, _, last = path.partition(".")
                    when = [literal(owner), literal(last), literal(text)]
                condition = f"({', '.join(when)})" if when else "None"
                rows.append(f"{literal(alias.tag)}: ({name}, {literal(member.tag)}, {condition}),")
        self.code.tables[table] = rows
        both = self.both(shape)
        run = [
            f"tag = d.get({literal(shape.tag)})",
            f"found = {table}.get(tag) if tag.__class__ is str else None",
            "if found is None:",
            f"    r.unknown_tag(tag, path + {literal(said(shape.tag))})",
            "    return",
            "read, name, when = found",
            "if name != tag:",
            f"    d[{literal(shape.tag)}] = name",
        ]
        if both:
            pairs = joined([f"({literal(v)}, {literal(t)})" for v, t in both])
            run += [
                f"    if (r.source, tag) in {pairs}:",
                f"        r.changed(path + {literal(said(shape.tag))}, tag, "
                f"{literal('Read as another event, which this variant has as well.')})",
            ]
        run += ["    if when is not None:", "        r.say(d, *when)", "read(d, path, r)"]
        name = function_name(shape.name)
        self.code.define(name, f"Any variant's {shape.name}.", run, "None")

    def both(self, shape: Shape) -> list[tuple[str, str]]:
        """Variants that have a member under an older tag and under the hub's too."""
        found = []
        for occurrence in self.resolution.of(shape.name):
            for tag, members in occurrence.members.items():
                tags = {member.alias.tag for member in members if not member.alias.when}
                older = sorted(tags - {tag}) if tag in tags else ()
                found += [(occurrence.variant, other) for other in older]
        return found

    def body(self, shape: Shape, entries: Sequence[Entry], tag: str) -> tuple[str, ...]:
        occurrences = self.occurrences(shape, tag)
        paths = {path for entry in entries for path in entry.paths}
        keys: dict[str, dict[str, None]] = {"": {shape.tag: None} if tag else {}}
        for path in sorted(paths):
            for one in prefixes(path):
                group, _, name = one.rpartition(".")
                keys.setdefault(group, {})[name] = None
        lines: list[str] = []
        hint = function_name(shape.name)
        if shape.wraps:
            own = sorted({entry.path.partition(".")[0] for entry in entries})
            apart = sorted({path.partition(".")[0] for entry in entries for path in entry.was})
            within = names_tuple(
                list(dict.fromkeys(b.variant for b in occurrences if b.is_unwrapped))
            )
            words = ", ".join((literal(shape.wraps), names_tuple(own), names_tuple(apart), within))
            lines.append(f"r.wrap(d, {words}, path)")
        self.known(lines, keys, "", DATA, "", f"{hint}")
        for entry in entries:
            for old in entry.was:
                self.move(lines, entry, old, occurrences)
        lines += self.tree(entries, occurrences)
        return tuple(lines)

    def known(
        self,
        lines: list[str],
        keys: Mapping[str, Mapping[str, None]],
        prefix: str,
        var: str,
        indent: str,
        hint: str,
    ) -> None:
        """Report the names that no variant knows, here and in the groups below."""
        text = f"frozenset({names_tuple(sorted(keys[prefix]))})"
        name = self.code.constant(f"known_{hint}", text)
        at = "path" if not prefix else f"path + {literal(said(prefix))}"
        lines += [
            f"{indent}if not {var}.keys() <= {name}:",
            f"{indent}    r.unknown({var}, {name}, {at})",
        ]
        inside = sorted(
            path for path in keys if path and path.rpartition(".")[0] == prefix and path != prefix
        )
        for path in inside:
            inner = f"{var}{len(path.split('.'))}"
            wire = path.rpartition(".")[2]
            lines += [
                f"{indent}if ({inner} := {var}.get({literal(wire)})).__class__ is dict:",
            ]
            self.known(lines, keys, path, inner, indent + "    ", f"{hint}_{snake_case(wire)}")
            lines += [
                f"{indent}elif {inner} is not None or {literal(wire)} in {var}:",
                f"{indent}    r.unfit(path + {literal(said(path))}, {inner}, "
                f"{literal('An object is expected here.')})",
            ]

    def move(
        self, lines: list[str], entry: Entry, old: str, occurrences: Sequence[Occurrence]
    ) -> None:
        rows = self.rows(entry)
        table = "None"
        if has_pairs(rows):
            table = self.code.constant(f"{entry.values}_up", value_table(rows, True))
        *groups, last = entry.path.split(".")
        source = names_tuple(old.split("."))
        where = f"{names_tuple(groups) if groups else '()'}, {literal(last)}, path"
        steps = f"({literal(said(old))}, {literal(said(entry.path))})"
        lines.append(f"if {literal(old)} in d:" if "." not in old else f"if r.holds(d, {source}):")
        both = [b.variant for b in occurrences if {old, entry.path} <= b.present]
        if both:
            reason = f"It is said as `{entry.path}` too, and comes back as that."
            lines += [
                f"    if r.source in {joined([literal(name) for name in dict.fromkeys(both)])}:",
                f"        r.changed(path + {literal(said(old))}, r.at(d, {source}), {literal(reason)})",
            ]
        if "." not in old:
            lines.append(f"    r.move(d, {literal(old)}, {where}, {steps}, {table})")
        else:
            lines.append(f"    r.settle(d, r.taken(d, {source}), {where}, {steps}, {table})")

    def tree(self, entries: Sequence[Entry], occurrences: Sequence[Occurrence]) -> Iterator[str]:
        """What is done where the hub has a field: shapes, and values that can only be of an older table."""
        todo = [entry for entry in entries if entry.shape or self.reads_anywhere(entry)]
        yield from self.level(by_group(todo), occurrences, "", DATA)

    def reads_anywhere(self, entry: Entry) -> bool:
        """Whether the older values of a field are read where the hub has it, too."""
        rows = self.rows(entry)
        return has_pairs(rows) and is_own(rows)

    def level(
        self,
        todo: Mapping[str, list[Entry]],
        occurrences: Sequence[Occurrence],
        prefix: str,
        var: str,
    ) -> Iterator[str]:
        for entry in todo.get(prefix, ()):
            yield from self.field(entry, occurrences, var)
        for name, path, inner in below(todo, prefix):
            lines = list(self.level(todo, occurrences, path, inner))
            if lines:
                yield f"if ({inner} := {var}.get({literal(name)})).__class__ is dict:"
                yield from indented(lines)

    def field(self, entry: Entry, occurrences: Sequence[Occurrence], var: str) -> Iterator[str]:
        wire = literal(entry.path.rpartition(".")[2])
        rows = self.rows(entry)
        if self.reads_anywhere(entry):
            table = self.code.constant(f"{entry.values}_up", value_table(rows, True))
            at = literal(said(entry.path))
            if is_disjoint(rows):
                yield f"if {var}.get({wire}).__class__ is str:"
                yield f"    {var}[{wire}] = r.mapped({var}[{wire}], {table}, path + {at})"
            else:
                yield f"if (v := {var}.get({wire})) is not None:"
                yield f"    {var}[{wire}] = r.mapped(v, {table}, path + {at}, True)"
        if not entry.shape:
            return
        kind = container(occurrences, entry.path, self.resolution)
        at = said(entry.path)
        lines, call = _chosen(entry.shape)
        if kind:
            class_, items = items_of(kind)
            yield f"if (v := {var}.get({wire})).__class__ is {class_}:"
            yield from indented(lines)
            yield f"    for n, item in {items}:"
            yield "        if item.__class__ is dict:"
            yield from indented(indented(indented(call("item", element(at, kind)))))
        else:
            yield f"if (v := {var}.get({wire})).__class__ is dict:"
            yield from indented(lines)
            yield from indented(call("v", f"path + {literal(at)}"))


def _chosen(choice: Choice) -> tuple[list[str], Call]:
    """Statements that come first, and how the function of a choice is called for a value at a path."""
    if not choice.by:
        return [], lambda value, at: [f"{function_name(choice.other)}({value}, {at}, r)"]
    if choice.by.startswith("."):
        wire = literal(choice.by[1:])

        def call(value: str, at: str) -> list[str]:
            lines = []
            word = "if"
            for text, shape in choice.shapes:
                lines += [
                    f"{word} {value}.get({wire}) == {literal(text)}:",
                    f"    {function_name(shape)}({value}, {at}, r)",
                ]
                word = "elif"
            return [*lines, "else:", f"    {function_name(choice.other)}({value}, {at}, r)"]

        return [], call
    first = [
        f"read = {function_name(choice.other)}",
        *(
            line
            for text, shape in choice.shapes
            for line in (
                f"if {DATA}.get({literal(choice.by)}) == {literal(text)}:",
                f"    read = {function_name(shape)}",
            )
        ),
    ]
    return first, lambda value, at: [f"read({value}, {at}, r)"]
