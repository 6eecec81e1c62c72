"""JSON text -> data and a syntax tree with positions. The tree is only built when a position is asked for."""

from __future__ import annotations

import json
import math
import re
from typing import Any, TypeAlias

from ..errors import Diagnostic, SpecError, step
from . import json_syntax, limits
from .positions import Positions
from .text import Oddity, Text

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What is in a container: key or index -> what is in that, and the offset of the key or item.
_Syntax: TypeAlias = "dict[str, tuple[_Syntax | None, int]]"


class NotJsonError(Exception):
    """The text is not JSON at all; `diagnostic` says where it stops being so."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def parse(text: Text) -> tuple[Any, JsonTree]:
    """The data of a JSON document and its tree.

    Raises NotJsonError on a syntax error (the text may still be YAML), SpecError on JSON that is refused.
    """
    tree = JsonTree(text)
    repeated = False

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        result = dict(pairs)
        repeated |= len(result) != len(pairs)
        return result

    try:
        data = json.loads(
            text.body,
            object_pairs_hook=mapping,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_constant,
        )
    except json.JSONDecodeError:
        raise NotJsonError(_syntax_fault(text)) from None
    except _RefusedError as error:
        raise _refused_number(text, *error.args) from None
    except RecursionError:
        tree.scan()
        raise AssertionError("the scan finds what the parser met") from None
    if repeated or _is_too_deep(data):
        text.oddities += tree.duplicates()
    if _SURROGATE_ESCAPE.search(text.body):
        _refuse_surrogates(data, Positions(text, tree))
    return data, tree


class JsonTree:
    """The syntax of a JSON document, as `positions.Tree` has it."""

    __slots__ = ("_duplicates", "_root", "_text")

    def __init__(self, text: Text) -> None:
        self._text = text
        self._root: tuple[_Syntax | None, int] | None = None
        self._duplicates: list[Oddity] = []

    @property
    def root(self) -> tuple[_Syntax | None, int]:
        if self._root is None:
            self._root = self.scan()
        return self._root

    def children(self, node: _Syntax | None) -> _Syntax:
        return node or {}

    def duplicates(self) -> list[Oddity]:
        """The keys that an object has twice. Raises SpecError on too deep nesting."""
        self._root = self.scan()
        return self._duplicates

    def scan(self) -> tuple[_Syntax | None, int]:
        """Index the text, which must be JSON. Raises SpecError on too deep nesting."""
        top: _Syntax = {}
        stack: list[tuple[_Syntax, str, bool]] = (
            []
        )  # outer containers: what, its current key, is it an array
        here, key, is_array = top, "0", True
        is_key = False
        for token in _TOKEN.finditer(self._text.body):
            match token[0]:
                case "{" | "[" as bracket:
                    inner: _Syntax = {}
                    if is_array:
                        key = str(len(here))
                        here[key] = inner, token.start()
                    else:
                        here[key] = inner, here[key][1]
                    if len(stack) == limits.MAX_DEPTH:
                        raise limits.too_deep(self._text.at_offset(token.start()))
                    stack.append((here, key, is_array))
                    here, is_array = inner, bracket == "["
                    is_key = not is_array
                case "}" | "]":
                    here, key, is_array = stack.pop()
                case ",":
                    is_key = not is_array
                case ":":
                    is_key = False
                case text:
                    if is_key:
                        key = json.loads(text)
                        if key in here:
                            self._duplicates.append(
                                self._duplicate(stack, here, key, token.start())
                            )
                        here[key] = None, token.start()
                    elif is_array:
                        here[str(len(here))] = None, token.start()
        return top["0"]

    def _duplicate(
        self, stack: list[tuple[_Syntax, str, bool]], here: _Syntax, key: str, again: int
    ) -> Oddity:
        pointer = step("", *(name for _, name, _ in stack[1:]), key)
        return limits.duplicate_key(
            key, self._text.at_offset(again, pointer), self._text.at_offset(here[key][1], pointer)
        )


class _RefusedError(Exception):
    """A number; args: how the text spells it, the message."""


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _RefusedError(text, f"The number {text[:40]} is too large.")
    return value


def _int(text: str) -> int:
    if len(text) > limits.MAX_DIGITS:
        raise _RefusedError(text, limits.integer_too_long())
    return int(text)


def _constant(text: str) -> Any:
    raise _RefusedError(text, f"{text} is not a number that JSON has.")


def _refused_number(text: Text, spelling: str, message: str) -> SpecError:
    """The error for a number. Raises NotJsonError if more follows it, as in `NaNs` and `1e999.1`."""
    for token in _TOKEN.finditer(text.body):
        if token[0].startswith(spelling):
            break
    if token[0] != spelling:
        raise NotJsonError(_syntax_fault(text))
    return limits.number_invalid(message, text.at_offset(token.start()))


def _syntax_fault(text: Text) -> Diagnostic:
    try:
        json_syntax.check(text.body)
    except json_syntax.FaultError as fault:
        message = f"This is not valid JSON: {fault.message}."
        hint = "Check the quotes, commas and brackets before this place."
        return Diagnostic("json-syntax", message, text.at_offset(fault.offset), hint)
    raise AssertionError("what the parser refuses has a fault")


def _is_too_deep(data: Any) -> bool:
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(limits.MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if parent.__class__ is dict else parent)
            if child.__class__ is dict or child.__class__ is list
        ]
    return bool(level)


def _refuse_surrogates(data: Any, positions: Positions) -> None:
    pending = [(data, "")]
    while pending:
        node, pointer = pending.pop()
        if isinstance(node, str):
            if half := _SURROGATE.search(node):
                raise SpecError(
                    Diagnostic(
                        "surrogate",
                        f"The text contains \\u{ord(half[0]):04x}, half of a surrogate pair.",
                        positions.locate(pointer),
                        "Write the whole pair, or the character itself.",
                    )
                )
        elif isinstance(node, dict):
            pending += [(key, pointer) for key in node if _SURROGATE.search(key)]
            pending += [(value, step(pointer, key)) for key, value in node.items()]
        elif isinstance(node, list):
            pending += [(value, step(pointer, index)) for index, value in enumerate(node)]
