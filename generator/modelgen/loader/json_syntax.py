"""Where a text stops being JSON, and why. The sentences of the standard library change with the interpreter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn, TypeAlias

from ..errors import visible

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# The standard library reads the last three, which the loader refuses by name.
_CONSTANTS = frozenset({"true", "false", "null", "NaN", "Infinity", "-Infinity"})
_SCALAR = re.compile(r'[^ \t\n\r{}\[\],:"]+')
_CHARACTERS = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SHOWN = 40


class FaultError(Exception):
    """`offset` is where the text stops being JSON, `message` says why."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def check(body: str) -> None:
    """Raises FaultError at the first fault of a text."""
    reader = _Reader(body)
    state: _State = reader.value
    while state != reader.done:
        reader.skip_space()
        state = state()


_State: TypeAlias = "Callable[[], _State]"


class _Reader:
    """Goes through a text token by token. Each state reads one token and returns the state after it."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.at = 0
        self.comma = 0
        self.closers: list[str] = []  # what ends each open container

    def skip_space(self) -> None:
        self.at = _end(_SPACE, self.body, self.at)

    # -- states ------------------------------------------------------------------------------------------------

    def value(self) -> _State:
        match self._next():
            case "{":
                return self._open("}", self.first_name)
            case "[":
                return self._open("]", self.first_item)
            case '"':
                self._string()
            case "]" if self.closers[-1:] == ["]"]:
                raise FaultError(self.comma, "no item follows this comma")
            case _:
                self._scalar()
        return self._after_value()

    def first_item(self) -> _State:
        return self._close() if self._next() == "]" else self.value()

    def first_name(self) -> _State:
        return self._close() if self._next() == "}" else self.name()

    def name(self) -> _State:
        match self._next():
            case '"':
                self._string()
                return self.colon
            case "}":
                raise FaultError(self.comma, "no property follows this comma")
            case _:
                self._expect("a property name in double quotes")

    def colon(self) -> _State:
        if self._next() != ":":
            self._expect("':' and the value of the property")
        self.at += 1
        return self.value

    def separator(self) -> _State:
        char, closer = self._next(), self.closers[-1]
        if char == closer:
            return self._close()
        if char != ",":
            self._expect(f"',' or '{closer}'")
        self.comma = self.at
        self.at += 1
        return self.name if closer == "}" else self.value

    def end(self) -> _State:
        if self._next():
            raise FaultError(self.at, "more text follows the end of the document")
        return self.done

    def done(self) -> _State:
        return self.done

    # -- tokens ------------------------------------------------------------------------------------------------

    def _next(self) -> str:
        """The next character; "" at the end."""
        return self.body[self.at : self.at + 1]

    def _open(self, closer: str, state: _State) -> _State:
        self.closers.append(closer)
        self.at += 1
        return state

    def _close(self) -> _State:
        self.closers.pop()
        self.at += 1
        return self._after_value()

    def _after_value(self) -> _State:
        return self.separator if self.closers else self.end

    def _scalar(self) -> None:
        end = _end(_SCALAR, self.body, self.at)
        text = self.body[self.at : end]
        if text not in _CONSTANTS and not _NUMBER.fullmatch(text):
            self._expect(f"a value, not `{visible(text[:_SHOWN])}`" if text else "a value")
        self.at = end

    def _string(self) -> None:
        start = self.at
        self.at += 1
        while True:
            self.at = _end(_CHARACTERS, self.body, self.at)
            match self._next():
                case '"':
                    self.at += 1
                    return
                case "\\":
                    self._escape()
                case "":
                    raise FaultError(start, "this string has no end")
                case _:
                    raise FaultError(
                        self.at, "in a string, line breaks and control characters are escaped"
                    )

    def _escape(self) -> None:
        end = _end(_ESCAPE, self.body, self.at)
        if end == self.at:
            text = visible(self.body[self.at : self.at + 2])
            wanted = "is followed by four hexadecimal digits" if text == "\\u" else "is no escape"
            raise FaultError(self.at, f"`{text}` {wanted}")
        self.at = end

    def _expect(self, what: str) -> NoReturn:
        if not self._next():
            raise FaultError(len(self.body.rstrip()), f"it ends too early (expected {what})")
        raise FaultError(self.at, f"expected {what}")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the text of a pattern ends that begins here; here if there is none."""
    match = pattern.match(text, at)
    return match.end() if match else at
