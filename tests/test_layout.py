"""Random expressions in every statement that is laid out: black changes nothing, and they mean what is on one line."""

from __future__ import annotations

import ast
import textwrap

import black
from hypothesis import given, settings
from hypothesis import strategies as st

from modelgen.emit.layout import assigned, declared, returned, signature
from modelgen.emit.syntax import (
    NONE,
    Atom,
    Call,
    Comprehension,
    Conditional,
    Dict,
    Keyword,
    Lambda,
    Node,
    Set,
    Subscript,
    Tuple,
    flat,
    united,
)
from modelgen.emit.text import literal

FEW_WORDS = st.integers(1, 12).map(lambda n: "name_" * n + "x")
NAMES = st.one_of(st.sampled_from(["v", "x", "str", "_items"]), FEW_WORDS)
LITERALS = st.text(max_size=40).map(literal)
ATOMS = st.one_of(NAMES, LITERALS).map(Atom)


def several(nodes: st.SearchStrategy[Node], least: int = 1) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(nodes, min_size=least, max_size=5).map(tuple)


def types(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Subscript, NAMES.map(Atom), several(inner)),
        several(inner, 2).map(united),
    )


def expressions(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    keywords = st.builds(Keyword, st.sampled_from(["missing", "unknown"]), inner)
    arguments = st.tuples(several(inner, 0), st.lists(keywords, max_size=1).map(tuple))
    return st.one_of(
        st.builds(lambda name, both: Call(name, (*both[0], *both[1])), NAMES, arguments),
        st.builds(Tuple, several(inner)),
        st.builds(Set, several(inner)),
        st.builds(Dict, st.lists(st.tuples(LITERALS, ATOMS), min_size=1, max_size=3).map(tuple)),
        st.builds(Comprehension, inner, st.just("x"), ATOMS),
        st.builds(
            Comprehension, inner, st.just("k, x"), st.just(Call("rest.items", ())), st.just("k")
        ),
        st.builds(Conditional, NAMES.map(Atom), inner),
        st.builds(Lambda, st.just("x"), inner),
    )


RETURNED = st.one_of(NAMES.map(Atom), st.just(Subscript(Atom("dict"), (Atom("str"), Atom("Any")))))
TYPES = st.recursive(ATOMS, types, max_leaves=12)
EXPRESSIONS = st.recursive(ATOMS, expressions, max_leaves=10)
CALLS = st.builds(Call, NAMES, several(ATOMS, 0))
INDENTS = st.sampled_from([0, 4, 8, 12])


def check(text: str, one_line: str, indent: int) -> None:
    """`text` stands `indent` columns in; `one_line` is the same statement on one line."""
    blocks = "".join(" " * n + "if x:\n" for n in range(0, indent, 4))
    assert ast.dump(ast.parse(textwrap.dedent(" " * indent + text))) == ast.dump(
        ast.parse(one_line)
    )
    module = f"{blocks}{' ' * indent}{text}\n"
    assert black.format_str(module, mode=black.Mode()) == module


@settings(max_examples=400, derandomize=True)
@given(NAMES, EXPRESSIONS, INDENTS)
def test_assignments(name: str, value: Node, indent: int) -> None:
    head = f"o.{name} = "
    check(head + assigned(f"o.{name}", value, indent), head + flat(value), indent)


@settings(max_examples=400, derandomize=True)
@given(EXPRESSIONS)
def test_returns(value: Node) -> None:
    text = f"def f():\n    return {returned(value, 4)}\n"
    assert black.format_str(text, mode=black.Mode()) == text
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(f"def f():\n    return {flat(value)}"))


@settings(max_examples=400, derandomize=True)
@given(NAMES, TYPES, st.one_of(st.none(), ATOMS, CALLS), INDENTS)
def test_declarations(name: str, type_: Node, default: Node | None, indent: int) -> None:
    value = "" if default is None else f" = {flat(default)}"
    text = f"{name}: {declared(name, type_, default, indent)}"
    check(text, f"{name}: {flat(type_)}{value}", indent)


@settings(max_examples=200, derandomize=True)
@given(
    NAMES,
    st.lists(st.sampled_from(["d: Any", "*", "strict: bool = False"]), min_size=1, unique=True),
    RETURNED,
)
def test_functions(name: str, parameters: list[str], returns: Node) -> None:
    if parameters[-1] == "*":
        parameters.append("o: Any")
    text = f"def {name}{signature(name, parameters, returns)}\n    pass\n"
    assert black.format_str(text, mode=black.Mode()) == text


def test_none() -> None:
    assert flat(united([Atom("A"), united([Atom("B"), NONE]), Atom("A")])) == "A | B | None"
