"""Unions and aliases -> a reader and the public function that decodes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from ... import ir
from ...ir import dispatch
from ..layout import assigned, declared, returned, signature
from ..syntax import Atom, Call, Keyword, Node, Tuple, flat, name
from ..text import doc_text, literal
from ..views import AliasCodecView, HelperView, KindView, TableView
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
_V, _ANY = name("v"), name("Any")
_DECODED = ("data: object", "*", "strict: bool = False")


class UnionCodecs:
    """Makes the codec views of the unions and aliases of one module, and the tables that they look tags up in."""

    def __init__(self, expressions: Expressions, functions: Mapping[str, str]) -> None:
        self.expressions = expressions
        self.functions = functions
        self.tables: list[TableView] = []

    def view(self, named: ir.Named) -> AliasCodecView:
        alias = self.expressions.model(named.key)
        made = name(self.expressions.alias(named.key))
        reader = f"read_{alias}"
        function = self.functions[named.key]
        run = self.expressions.runtime("_run", name(reader), made, name("data"), name("strict"))
        helpers: list[HelperView] = []
        kinds: tuple[KindView, ...] = ()
        value: Node = _V
        type_ = named.type
        if isinstance(type_, ir.Union):
            self.expressions.use("_MISMATCH")
            union = _UnionReader(type_, alias, self.expressions, self.tables)
            kinds, helpers = union.kinds(), union.helpers
        else:
            value = self.expressions.of(type_, _V)
        is_union = isinstance(type_, ir.Union)
        return AliasCodecView(
            gap=True,
            name=alias,
            helpers=tuple(helpers),
            reads=signature(reader, ("v: Any",), _ANY),
            accepts_null=named.nullable and (is_union or value != _V),
            is_union=is_union,
            kinds=kinds,
            value=returned(value, 4),
            function=function,
            decodes=signature(function, _DECODED, name(alias)),
            doc=doc_text(f"Decode `{alias}`. Raises DecodeError.", 4),
            run=declared("value", name(alias), run, 4),
        )


class _UnionReader:
    """Reads one union as its plan tells: the parts of its reader, and the helpers and tables that these need."""

    def __init__(
        self, union: ir.Union, owner: str, expressions: Expressions, tables: list[TableView]
    ) -> None:
        self.union = union
        self.owner = owner
        self.expressions = expressions
        self.tables = tables
        self.helpers: list[HelperView] = []

    def kinds(self) -> tuple[KindView, ...]:
        """What is done for each JSON type; objects come first."""
        by_kind = self.expressions.scope.plan(self.union).by_kind
        order = sorted(by_kind, key=lambda pair: pair[0] != "object")
        return tuple(self._kind(kind, choice) for kind, choice in order)

    def _kind(self, kind: str, choice: dispatch.Choice) -> KindView:
        if isinstance(choice, dispatch.Switch) and not (choice.missing or choice.unknown):
            # a tag that every member requires is looked up in place
            self.expressions.use("_UnknownVariant")
            look_up = Call(f"{self._table(choice, self.owner)}.get", (name("tag"),))
            return KindView(_TESTS[kind], literal(choice.wire), assigned("read", look_up, 8), "")
        value = self._choose(choice, self.owner, kind)
        return KindView(_TESTS[kind], "", "", returned(value, 8))

    def _choose(self, choice: dispatch.Choice, label: str, kind: str) -> Node:
        """An expression of `v` for a choice."""
        match choice:
            case dispatch.Take(member=n):
                member = self.union.members[n]
                if kind in ("string", "boolean", "null") and self.expressions.is_plain(member):
                    return _V
                return self.expressions.of(member, _V)
            case dispatch.Try():
                return self._attempt(choice, label, kind)
            case dispatch.Switch(wire=wire, missing=missing, unknown=unknown):
                table = name(self._table(choice, label))
                options = [
                    Keyword(word, name(self._reader(other, f"{label}_{word}")))
                    for word, other in (("missing", missing), ("unknown", unknown))
                    if other is not None
                ]
                return self.expressions.runtime(
                    "_variant", _V, Atom(literal(wire)), table, *options
                )
            case _:
                assert_never(choice)

    def _attempt(self, choice: dispatch.Try, label: str, kind: str) -> Node:
        readers = [name(self._member(n, label)) for n in choice.members]
        if choice.ambiguous:
            every = [name(self._member(n, label)) for n in range(len(self.union.members))]
            table = self._tuple(f"{label}_members", every)
            arguments = (_V, name("__name__"), Atom(literal(self.owner)), table)
            return self.expressions.attempt("_attempt_strictly", *arguments)
        if any(choice.keys):
            rows = [
                Tuple((Atom(literal(key)), reader))
                for key, reader in zip(choice.keys, readers, strict=True)
            ]
            table = self._tuple(f"{label}_by_key", rows)
            return self.expressions.attempt("_attempt_by_key", _V, table)
        return self.expressions.attempt("_attempt", _V, self._tuple(f"{label}_{kind}", readers))

    def _table(self, choice: dispatch.Switch, label: str) -> str:
        """The name of the table from the values of a tag to readers."""
        rows = tuple(
            f"{literal(value)}: {self._reader(case, f'{label}_{_letters(n)}')}"
            for n, (value, case) in enumerate(choice.cases)
        )
        table = f"_{label}_by_tag"
        self.tables.append(TableView(table, rows))
        return table

    def _reader(self, choice: dispatch.Choice, label: str) -> str:
        """The name of a function that reads a choice."""
        if isinstance(choice, dispatch.Take):
            return self._member(choice.member, label)
        return self._helper(label, self._choose(choice, label, "object"))

    def _member(self, n: int, label: str) -> str:
        member = self.union.members[n]
        if isinstance(member, ir.Ref):
            return self.expressions.reader(member.target)
        return self._helper(f"{label}_{_letters(n)}", self.expressions.of(member, _V))

    def _helper(self, label: str, value: Node) -> str:
        helper = f"_read_{label}"
        if not any(other.name == helper for other in self.helpers):
            head = signature(helper, ("v: Any",), _ANY)
            self.helpers.append(HelperView(helper, head, returned(value, 4)))
        return helper

    def _tuple(self, label: str, members: Sequence[Node]) -> Node:
        """A module constant of these expressions, defined after all functions."""
        table = f"_{label}"
        if not any(other.name == table for other in self.tables):
            self.tables.append(TableView(table, tuple(map(flat, members)), is_tuple=True))
        return name(table)


def _letters(n: int) -> str:
    text = ""
    while True:
        n, rest = divmod(n, 26)
        text = chr(ord("a") + rest) + text
        if not n:
            return text
        n -= 1
