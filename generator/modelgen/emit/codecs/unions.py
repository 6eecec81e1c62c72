"""Unions and aliases -> a reader and the public function that decodes them."""

from __future__ import annotations

from collections.abc import Mapping

from ... import ir
from ...ir import dispatch
from ..layout import call, function, returned
from ..text import docstring, indented, literal
from ..views import AliasCodecView, HelperView, TableView
from .expressions import Expressions

# JSON type -> the test for it, of the value `v` and its class `c`
_TESTS = {
    "string": "c is str",
    "number": "c is int or c is float",
    "boolean": "c is bool",
    "null": "v is None",
    "array": "c is list",
    "object": "c is dict",
}


class UnionCodecs:
    """Makes the codec views of the unions and aliases of one module, and the tables that they look tags up in."""

    def __init__(self, expressions: Expressions, functions: Mapping[str, str]) -> None:
        self.expressions = expressions
        self.scope = expressions.scope
        self.functions = functions
        self.tables: list[TableView] = []

    def view(self, named: ir.Named) -> AliasCodecView:
        name = self.expressions.model(named.key)
        self.expressions.use("_run")
        helpers: list[HelperView] = []
        read: list[str] = []
        type_ = named.type
        if isinstance(type_, ir.Union):
            if named.nullable:
                read += ["if v is None:", "    return None"]
            read += self._read_union(type_, name, helpers)
        else:
            expression = self.expressions.of(type_, "v")
            if named.nullable and expression != "v":
                read += ["if v is None:", "    return None"]
            read += returned(expression, 4)
        return AliasCodecView(
            gap=True,
            reader=tuple(function(f"read_{name}", ["v: Any"], "Any")),
            public=tuple(
                function(
                    self.functions[named.key], ["data: object", "*", "strict: bool = False"], name
                )
            ),
            doc=docstring(f"Decode `{name}`. Raises DecodeError.", 4),
            read=tuple(read),
            run=tuple(
                call(f"value: {name} = _run(", [f"read_{name}", name, "data", "strict"], "", 4)
            ),
            helpers=tuple(helpers),
        )

    def _read_union(self, union: ir.Union, name: str, helpers: list[HelperView]) -> list[str]:
        lines = ["c = v.__class__"]
        order = sorted(self.scope.plan(union).by_kind, key=lambda pair: pair[0] != "object")
        for kind, choice in order:
            lines.append(f"if {_TESTS[kind]}:")
            if isinstance(choice, dispatch.Switch) and not (choice.missing or choice.unknown):
                lines += indented(self._look_up(choice, union, name, helpers))
            else:
                chosen = self._choose(choice, union, name, name, helpers, kind)
                lines += indented(returned(chosen, 8))
        self.expressions.use("_MISMATCH")
        return [*lines, "raise _MISMATCH"]

    def _look_up(
        self, choice: dispatch.Switch, union: ir.Union, name: str, helpers: list[HelperView]
    ) -> list[str]:
        """A tag that every member requires, looked up in place."""
        self.expressions.use("_UnknownVariant")
        table = self._table(choice, union, name, name, helpers)
        return [
            f"if (tag := v[{literal(choice.wire)}]).__class__ is not str:",
            "    raise _MISMATCH",
            *call(f"read = {table}.get(", ["tag"], "", 8),
            "return _UnknownVariant(tag, v) if read is None else read(v)",
        ]

    def _choose(
        self,
        choice: dispatch.Choice,
        union: ir.Union,
        owner: str,
        label: str,
        helpers: list[HelperView],
        kind: str,
    ) -> str:
        """An expression of `v` for a choice."""
        match choice:
            case dispatch.Take(member=member):
                if kind in ("string", "boolean", "null") and self.expressions.is_plain(
                    union.members[member]
                ):
                    return "v"
                return self.expressions.of(union.members[member], "v")
            case dispatch.Try(members=members, keys=keys, ambiguous=ambiguous):
                readers = [self._member(n, union, label, helpers) for n in members]
                if ambiguous:
                    self.expressions.use("_attempt_strictly")
                    every = [
                        self._member(n, union, label, helpers) for n in range(len(union.members))
                    ]
                    table = self._tuple(f"{label}_members", every)
                    return f"_attempt_strictly(v, __name__, {literal(owner)}, {table})"
                if any(keys):
                    self.expressions.use("_attempt_by_key")
                    rows = [
                        f"({literal(key)}, {reader})"
                        for key, reader in zip(keys, readers, strict=True)
                    ]
                    return f"_attempt_by_key(v, {self._tuple(f'{label}_by_key', rows)})"
                self.expressions.use("_attempt")
                return f"_attempt(v, {self._tuple(f'{label}_{kind}', readers)})"
            case dispatch.Switch(wire=wire, missing=missing, unknown=unknown):
                self.expressions.use("_variant")
                table = self._table(choice, union, owner, label, helpers)
                rest = ""
                if missing is not None:
                    rest += f", missing={self._reader(missing, union, owner, f'{label}_missing', helpers)}"
                if unknown is not None:
                    rest += f", unknown={self._reader(unknown, union, owner, f'{label}_unknown', helpers)}"
                return f"_variant(v, {literal(wire)}, {table}{rest})"

    def _table(
        self,
        choice: dispatch.Switch,
        union: ir.Union,
        owner: str,
        label: str,
        helpers: list[HelperView],
    ) -> str:
        """The name of the table from the values of a tag to readers."""
        rows = []
        for n, (value, case) in enumerate(choice.cases):
            reader = self._reader(case, union, owner, f"{label}_{_letters(n)}", helpers)
            rows.append(f"{literal(value)}: {reader},")
        name = f"_{label}_by_tag"
        self.tables.append(TableView(name=name, rows=tuple(rows)))
        return name

    def _reader(
        self,
        choice: dispatch.Choice,
        union: ir.Union,
        owner: str,
        label: str,
        helpers: list[HelperView],
    ) -> str:
        """The name of a function that reads a choice."""
        if isinstance(choice, dispatch.Take):
            return self._member(choice.member, union, label, helpers)
        return self._helper(
            label, self._choose(choice, union, owner, label, helpers, "object"), helpers
        )

    def _member(self, n: int, union: ir.Union, label: str, helpers: list[HelperView]) -> str:
        member = union.members[n]
        if isinstance(member, ir.Ref):
            return self.expressions.reader(member.target)
        return self._helper(f"{label}_{_letters(n)}", self.expressions.of(member, "v"), helpers)

    def _helper(self, label: str, expression: str, helpers: list[HelperView]) -> str:
        name = f"_read_{label}"
        if not any(helper.name == name for helper in helpers):
            head = tuple(function(name, ["v: Any"], "Any"))
            helpers.append(HelperView(name=name, head=head, read=tuple(returned(expression, 4))))
        return name

    def _tuple(self, label: str, members: list[str]) -> str:
        """A module constant of these expressions, defined after all functions."""
        name = f"_{label}"
        if not any(table.name == name for table in self.tables):
            self.tables.append(
                TableView(name=name, rows=tuple(f"{member}," for member in members), is_tuple=True)
            )
        return name


def _letters(n: int) -> str:
    text = ""
    while True:
        n, rest = divmod(n, 26)
        text = chr(ord("a") + rest) + text
        if not n:
            return text
        n -= 1
