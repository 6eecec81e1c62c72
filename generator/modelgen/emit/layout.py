"""Statements with expressions too wide for a line, broken as black would break them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from ..errors import width
from .lines import (
    BRACES,
    CALL,
    COMMA,
    COMPARISON,
    INDEX,
    LISTED_CALL,
    LOOP,
    OPTIONAL,
    PIPE,
    SET,
    SQUARE,
    TERNARY,
    TUPLE,
    Line,
    Pair,
    Token,
    broken,
)
from .syntax import (
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
    Union,
    flat,
)
from .text import WIDTH


def assigned(target: str, value: Node, indent: int) -> str:
    """What follows `target = `, a statement `indent` columns in. Lines after the first have their indent."""
    return _after(f"{target} = ", value, indent)


def returned(value: Node, indent: int) -> str:
    """What follows `return `."""
    return _after("return ", value, indent)


def _after(head: str, value: Node, indent: int) -> str:
    text = flat(value)
    if indent + width(head) + width(text) <= WIDTH:
        return text
    if simple := _simple(indent + width(head), value, indent):
        return simple
    line = Line([Token(head), *_optional(value)], indent, "whole")
    return _text(line)[len(head) :]


def _simple(columns: int, value: Node, indent: int) -> str:
    """What most wide statements become, without a search: a call with its arguments on a line of their own, or a set or
    a subscript with an item on each line; "" for others. `columns` stand before the value."""
    match value:
        case Call(function=function, arguments=arguments, in_rows=False) if arguments:
            return _boxed(
                columns, f"{function}(", [", ".join(map(flat, arguments))], "", ")", indent
            )
        case Set(items=items) if items:
            return _boxed(columns, "{", list(map(flat, items)), ",", "}", indent)
        case Subscript(value=owner, items=(_, _, *_) as items):
            return _boxed(columns, f"{flat(owner)}[", list(map(flat, items)), ",", "]", indent)
        case _:
            return ""


def _boxed(columns: int, left: str, rows: list[str], comma: str, right: str, indent: int) -> str:
    """Rows between brackets, "" if a line would be too wide."""
    widest = max(map(width, rows)) + len(comma)
    if max(columns + width(left), indent + 4 + widest) > WIDTH:
        return ""
    margin = " " * indent
    lines = "".join(f"\n{margin}    {row}{comma}" for row in rows)
    return f"{left}{lines}\n{margin}{right}"


def declared(name: str, type_: Node, default: Node | None, indent: int) -> str:
    """What follows `name: ` of a declaration."""
    text = flat(type_)
    columns = indent + width(name) + len(": ")
    if default is None:
        if columns + width(text) <= WIDTH:
            return text
    else:
        columns += width(text) + len(" = ")
        value = flat(default)
        if columns + width(value) <= WIDTH:
            return f"{text} = {value}"
        if simple := _simple(columns, default, indent):
            return f"{text} = {simple}"
    tokens = [Token(name), Token(": "), *_optional(type_)]
    if default is not None:
        tokens += [Token("=", gap=" "), *_optional(default, " ")]
    return _text(Line(tokens, indent, "whole"))[len(name) + 2 :]


def entry(key: str, value: Node, indent: int) -> str:
    """What follows `key: ` in a dict that has an entry on each line, without the comma at the end."""
    text = flat(value)
    if indent + width(key) + width(text) + 3 <= WIDTH:
        return text
    tokens = [Token(key), Token(":"), *_spaced(value), Token(",", after=COMMA)]
    return _text(Line(tokens, indent, "body"))[len(key) + 2 : -1]


def signature(name: str, parameters: Sequence[str], returns: Node) -> str:
    """What follows `def name` of a function at the left margin."""
    inside, result = ", ".join(parameters), flat(returns)
    text = f"({inside}) -> {result}:"
    if len("def ") + width(name) + width(text) <= WIDTH:
        return text
    comma = "," if len(parameters) == 1 else ""
    if max(width(inside) + 5, width(result) + 6) <= WIDTH:
        return f"(\n    {inside}{comma}\n) -> {result}:"
    tokens = [
        Token("def "),
        Token(name),
        *_enclosed(CALL, _listed([Atom(parameter) for parameter in parameters])),
        Token("->", gap=" "),
        *_optional(returns, " "),
        Token(":"),
    ]
    return _text(Line(tokens, 0, "whole"))[len("def ") + len(name) :]


def _text(line: Line) -> str:
    return "\n".join(part.text for part in broken(line))[line.indent :]


def _optional(node: Node, gap: str = "") -> Iterator[Token]:
    """An expression that black may put into parentheses."""
    return _enclosed(OPTIONAL, _tokens(node, parenthesized=True), gap)


def _enclosed(pair: Pair, inside: Iterable[Token], gap: str = "") -> Iterator[Token]:
    opening = Token(pair.left, gap, pair=pair)
    yield opening
    yield from inside
    yield Token(pair.right, pair=pair, opening=opening)


def _listed(nodes: Sequence[Node], comma: bool = False) -> Iterator[Token]:
    """`comma`: one stands after the last, too."""
    for n, node in enumerate(nodes):
        yield from _spaced(node) if n else _tokens(node)
        if comma or n < len(nodes) - 1:
            yield Token(",", after=COMMA)


def _spaced(node: Node) -> Iterator[Token]:
    tokens = _tokens(node)
    first = next(tokens)
    first.gap = " "
    yield first
    yield from tokens


def _tokens(node: Node, parenthesized: bool = False) -> Iterator[Token]:
    """`parenthesized`: it stands alone between parentheses."""
    match node:
        case Atom(text=text):
            yield Token(text)
        case Call(function=function, arguments=(only,)):
            yield Token(function)
            yield from _enclosed(CALL, _tokens(only, parenthesized=True))
        case Call(function=function, arguments=arguments, in_rows=in_rows):
            yield Token(function)
            yield from _enclosed(LISTED_CALL if in_rows else CALL, _listed(arguments))
        case Keyword(name=name, value=value):
            yield Token(name)
            yield Token("=")
            yield from _tokens(value)
        case Subscript(value=value, items=items):
            yield from _tokens(value)
            yield from _enclosed(INDEX, _listed(items))
        case Union(members=members):
            yield from _tokens(members[0])
            for member in members[1:]:
                yield Token("|", " ", before=PIPE)
                yield from _spaced(member)
        case Tuple(items=items):
            yield from _enclosed(TUPLE, _listed(items, comma=len(items) == 1))
        case Set(items=items):
            yield from _enclosed(SET, _listed(items))
        case Dict(entries=entries):
            yield from _enclosed(SET, _entries(entries))
        case Comprehension(key=key):
            yield from _enclosed(BRACES if key else SQUARE, _loop(node))
        case Conditional():
            inside = _ternary(node)
            yield from inside if parenthesized else _enclosed(OPTIONAL, inside)
        case Lambda(parameter=parameter, body=body):
            yield Token(f"lambda {parameter}:")
            yield from _spaced(body)
        case _:
            assert_never(node)


def _entries(entries: Sequence[tuple[str, Node]]) -> Iterator[Token]:
    for n, (key, value) in enumerate(entries):
        yield Token(key, " " if n else "")
        yield Token(":")
        yield from _spaced(value)
        if n < len(entries) - 1:
            yield Token(",", after=COMMA)


def _loop(node: Comprehension) -> Iterator[Token]:
    if node.key:
        yield Token(f"{node.key}:")
        yield from _spaced(node.item)
    else:
        yield from _tokens(node.item)
    yield Token("for", " ", before=LOOP)
    yield Token(f"{node.target} in", " ")
    yield from _spaced(node.iterable)


def _ternary(node: Conditional) -> Iterator[Token]:
    yield Token("None")
    yield Token("if", " ", before=TERNARY)
    yield from _spaced(node.name)
    yield Token("is", " ", before=COMPARISON)
    yield Token("None", " ")
    yield Token("else", " ", before=TERNARY)
    yield from _spaced(node.other)
