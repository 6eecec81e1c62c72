"""Statements broken over lines as black would break them."""

from __future__ import annotations

import re

from ..errors import width
from .text import WIDTH, indented


def statement(head: str, value: str, tail: str, indent: int) -> tuple[str, ...]:
    """`head` + `value` + `tail`, a declaration `name: type = default`, as black prints it at this indent."""
    if width(head) + width(value) + width(tail) <= WIDTH - indent:
        return (head + value + tail,)
    if tail and width(head) + width(value) + 4 <= WIDTH - indent:
        return (head + value + " = (", "    " + tail[3:], ")")
    members = split_union(value)
    if len(members) == 1 and value.endswith("]") and "[" in value and not tail:
        inner = subscript(value, indent)
        return (head + inner[0], *inner[1:])
    if width(value) + 4 <= WIDTH - indent:
        return (head + "(", "    " + value, ")" + tail)
    if len(members) == 1:
        return (head + value + tail,)
    body = _united(members, "", indent + 4)
    return (head + "(", *("    " + line for line in body), ")" + tail)


def call(head: str, arguments: list[str], tail: str, indent: int) -> list[str]:
    """`head(arguments)tail`, a statement that ends in a call or another bracket, as black prints it."""
    masked, texts = _masked([head, *arguments])
    return _unmasked(_call(masked[0], masked[1:], tail, indent), texts)


def _call(head: str, arguments: list[str], tail: str, indent: int) -> list[str]:
    opening, closing = head[-1], {"(": ")", "[": "]", "{": "}"}[head[-1]]
    inside = ", ".join(arguments)
    if width(head) + width(inside) + 1 + width(tail) <= WIDTH - indent:
        return [head + inside + closing + tail]
    left, equals, callee = head.rpartition(" = ")
    if width(head) > WIDTH - indent and equals and opening == "(":
        if width(left) + 4 <= WIDTH - indent and width(callee) + 4 <= WIDTH - indent:
            return [
                left + " = (",
                *("    " + line for line in _call(callee, arguments, "", indent + 4)),
                ")",
            ]
        name, colon, annotation = left.partition(": ")
        if colon and width(annotation) + 4 <= WIDTH - indent:
            return [
                name + ": (",
                "    " + annotation,
                *_call(f") = {callee}", arguments, tail, indent),
            ]
    if opening == "(" and width(inside) + 4 <= WIDTH - indent:
        return [head, "    " + inside, closing + tail]
    return [head, *(f"    {argument}," for argument in arguments), closing + tail]


def function(name: str, parameters: list[str], returns: str) -> list[str]:
    """The head of a function."""
    line = f"def {name}({', '.join(parameters)}) -> {returns}:"
    if width(line) <= WIDTH:
        return [line]
    inside = "    " + ", ".join(parameters)
    if width(returns) + 6 > WIDTH:
        return [f"def {name}(", inside, ") -> (", f"    {returns}", "):"]
    if width(inside) <= WIDTH and len(parameters) > 1:
        return [f"def {name}(", inside, f") -> {returns}:"]
    return [f"def {name}(", *(f"    {parameter}," for parameter in parameters), f") -> {returns}:"]


def assign(target: str, expression: str, indent: int) -> list[str]:
    return _broken(f"{target} = ", expression, indent)


def returned(expression: str, indent: int) -> list[str]:
    return _broken("return ", expression, indent)


def _broken(head: str, expression: str, indent: int) -> list[str]:
    """A statement; too long a call or comprehension is broken inside its brackets."""
    if width(head + expression) <= WIDTH - indent:
        return [head + expression]
    masked, texts = _masked([expression])
    return _unmasked(_broken_inside(head, masked[0], indent), texts)


def _broken_inside(head: str, expression: str, indent: int) -> list[str]:
    if expression.startswith("["):
        item, _, loop = expression[1:-1].rpartition(" for x in ")
        return [f"{head}[", *indented(_comprehension(item, f"for x in {loop}", indent + 4)), "]"]
    if expression.startswith("{"):
        item, _, loop = expression[1:-1].rpartition(" for k, x in ")
        return [
            f"{head}{{",
            *indented(_comprehension(item, f"for k, x in {loop}", indent + 4)),
            "}",
        ]
    if expression.startswith("None if v is None else "):
        first = f"None if v is None else {expression[23:]}"
        return [f"{head}(", *indented([first]), ")"]
    name, parenthesis, arguments = expression.partition("(")
    if not parenthesis:
        return [head + expression]
    return _call(f"{head}{name}(", split_arguments(arguments[:-1]), "", indent)


def _comprehension(item: str, loop: str, indent: int) -> list[str]:
    line = f"{item} {loop}"
    if width(line) <= WIDTH - indent:
        return [line]
    name, _, arguments = item.partition("(")
    if width(item) <= WIDTH - indent or not name.removeprefix("k: ").isidentifier():
        return [item, loop]
    return [*_call(f"{name}(", split_arguments(arguments[:-1]), "", indent), loop]


_LITERAL = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_MASK = re.compile("\ue000\ue001+")


def _masked(parts: list[str]) -> tuple[list[str], list[str]]:
    """The parts with each string literal replaced by something of its width that no layout can mistake for code."""
    texts: list[str] = []

    def mask(match: re.Match[str]) -> str:
        texts.append(match[0])
        return "\ue000" + "\ue001" * (width(match[0]) - 1)

    return [_LITERAL.sub(mask, part) for part in parts], texts


def _unmasked(lines: list[str], texts: list[str]) -> list[str]:
    rest = iter(texts)
    return [_MASK.sub(lambda _: next(rest), line) for line in lines]


def subscript(text: str, indent: int) -> tuple[str, ...]:
    """`Name[...]` over several lines, one argument a line."""
    name, _, rest = text.partition("[")
    arguments = split_arguments(rest[:-1])
    comma = "," if len(arguments) > 1 else ""
    lines: list[str] = []
    for argument in arguments:
        lines.extend("    " + line for line in element(argument, comma, indent + 4))
    return (name + "[", *lines, "]")


def element(text: str, comma: str, indent: int) -> tuple[str, ...]:
    """One argument of an exploded bracket."""
    if width(text) + len(comma) <= WIDTH - indent:
        return (text + comma,)
    members = split_union(text)
    if len(members) > 1:
        return tuple(_united(members, comma, indent))
    if text.endswith("]"):
        inner = subscript(text, indent)
        return (*inner[:-1], inner[-1] + comma)
    return (text + comma,)


def _united(members: list[str], comma: str, indent: int) -> list[str]:
    """The members of a union, one a line; too long a subscript over several."""
    lines = [members[0], *(f"| {member}" for member in members[1:])]
    out: list[str] = []
    for n, line in enumerate(lines):
        end = comma if n == len(lines) - 1 else ""
        if width(line) + len(end) <= WIDTH - indent or not line.endswith("]"):
            out.append(line + end)
        else:
            inner = subscript(line, indent)
            out.extend((*inner[:-1], inner[-1] + end))
    return out


def split_union(text: str) -> list[str]:
    """The members of `A | B[C | D]` at the top level."""
    return _split(text, " | ")


def split_arguments(text: str) -> list[str]:
    return _split(text, ", ")


def _split(text: str, separator: str) -> list[str]:
    parts: list[str] = []
    depth = start = n = 0
    quote = ""
    while n < len(text):
        char = text[n]
        if quote:
            if char == "\\":
                n += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif depth == 0 and text.startswith(separator, n):
            parts.append(text[start:n])
            n += len(separator)
            start = n
            continue
        n += 1
    parts.append(text[start:])
    return parts
