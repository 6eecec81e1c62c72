"""Text of a spec as Python text. Literals and docstrings of emitted code are made here and nowhere else."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from functools import cache

WIDTH = 88


def width(text: str) -> int:
    """Columns, as black counts them: wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


@cache
def literal(text: str) -> str:
    """A string literal whose value is `text`, in the quotes that black would choose."""
    if _is_plain(text):
        return f'"{text}"'
    quote = "'" if text.count("'") < text.count('"') else '"'
    made = quote + "".join(_escaped(char, quote) for char in text) + quote
    if ast.literal_eval(made) != text:
        raise RuntimeError(f"no literal for {text!a}")
    return made


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _escaped(char: str, quote: str) -> str:
    if char in (quote, "\\"):
        return "\\" + char
    return char if char.isprintable() else _code(char)


def _code(char: str) -> str:
    point = ord(char)
    if char == "\n":
        return "\\n"
    if char == "\t":
        return "\\t"
    if char == "\r":
        return "\\r"
    return (
        f"\\x{point:02x}"
        if point < 0x100
        else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
    )


def json_literal(value: object) -> str:
    """A scalar JSON value as a Python literal."""
    return literal(value) if isinstance(value, str) else repr(value)


def docstring(doc: str, indent: int) -> tuple[str, ...]:
    """The lines of a docstring, unindented, for a place `indent` columns in. None for an empty text."""
    lines = _wrapped(doc, WIDTH - indent)
    if not lines:
        return ()
    # a quote must not touch the closing ones
    gap = " " if lines[-1].endswith('"') else ""
    if len(lines) == 1 and width(lines[0] + gap) + 6 > WIDTH - indent and " " in lines[0]:
        lines = [*lines[0].rsplit(" ", 1)]
    if len(lines) == 1:
        return (f'"""{lines[0]}{gap}"""',)
    return ('"""' + lines[0], *lines[1:], '"""')


_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+")
_SPACE = re.compile(r"\s+")


def _wrapped(doc: str, columns: int) -> list[str]:
    """Paragraphs and list items, wrapped; blank lines between paragraphs; safe between triple quotes."""
    lines: list[str] = []
    words: list[str] = []
    hang = ""

    def flush() -> None:
        nonlocal words
        if words:
            lines.extend(_filled(words, hang, columns))
            words = []

    for raw in doc.splitlines():
        line = raw.strip()
        if not line:
            flush()
            hang = ""
            if lines and lines[-1]:
                lines.append("")
            continue
        item = _ITEM.match(line)
        if item:
            flush()
            hang = " " * min(len(item.group()), 4)
        words.extend(_safe(word) for word in _SPACE.split(line))
    flush()
    while lines and not lines[-1]:
        lines.pop()
    if lines and lines[0].startswith('"'):
        lines[0] = "\\" + lines[0]
    return lines


def _filled(words: list[str], hang: str, columns: int) -> list[str]:
    # the opening quotes stand before the first line
    room = columns - 3
    lines: list[str] = []
    current = words[0]
    used = width(current)
    for word in words[1:]:
        size = width(word)
        if used + 1 + size > room:
            lines.append(current)
            current, used = hang + word, len(hang) + size
        else:
            current += " " + word
            used += 1 + size
    lines.append(current)
    return lines


@cache
def _safe(word: str) -> str:
    if word.isascii() and word.isprintable() and "\\" not in word and '"""' not in word:
        return word
    word = word.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "".join(char if char.isprintable() else _code(char) for char in word)


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


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


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


def json_line(value: object) -> str:
    """Compact JSON, ASCII only."""
    return json.dumps(value, separators=(",", ":"))
