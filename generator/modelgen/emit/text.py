"""Text of a document as Python text. Literals and docstrings of emitted code are made here and nowhere else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from functools import cache

from ..errors import width

WIDTH = 88


class Code(str):
    """Finished code: a template of statements prints it as it is, and any other text as a literal."""

    __slots__ = ()


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


def doc_text(doc: str, indent: int) -> str:
    """A docstring as it stands `indent` columns in: its lines after the first have their indent. "" for an empty text."""
    return _indented(docstring(doc, indent), indent)


def _indented(lines: Sequence[str], indent: int) -> str:
    margin = " " * indent
    return "\n".join(margin + line if n and line else line for n, line in enumerate(lines))


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


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def json_line(value: object) -> str:
    """Compact JSON, ASCII only."""
    return json.dumps(value, separators=(",", ":"))
