"""Lines of tokens, broken as black would break them.

This is black's own algorithm, for what is emitted: a line is split at its last brackets, what stands between brackets
at its weakest operator, and each part again until it fits. Where an expression may be put into parentheses, black has
brackets without text, which get text when a line is split there; tokens here do so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from ..errors import width
from .text import WIDTH

# How weakly an operator binds: the weakest ones of a line are where it is broken. 0 is no operator.
LOOP, COMMA, TERNARY, COMPARISON, PIPE = 20, 18, 16, 10, 9


@dataclass(frozen=True, slots=True)
class Pair:
    """Brackets. `rows`: where they are broken, what is between them stands on a line each; `comma`: with a comma after
    the last, even if it is the only one. Optional ones get a text only where a line is split at them.
    """

    left: str
    right: str
    rows: bool = False
    comma: bool = False


CALL, TUPLE = Pair("(", ")"), Pair("(", ")", rows=True)
INDEX = Pair("[", "]", rows=True)
SET, LISTED_CALL = Pair("{", "}", rows=True, comma=True), Pair("(", ")", rows=True, comma=True)
SQUARE, BRACES = Pair("[", "]"), Pair("{", "}")  # of comprehensions
OPTIONAL = Pair("", "")


@dataclass(slots=True, eq=False)
class Token:
    """`before`, `after`: how weak an operator it is, if a line is broken before or after it. `pair`: it is a bracket;
    `opening`: the other half of a closing one."""

    text: str
    gap: str = ""
    before: int = 0
    after: int = 0
    pair: Pair | None = None
    opening: Token | None = None

    @property
    def opens(self) -> bool:
        return self.pair is not None and self.opening is None

    @property
    def closes(self) -> bool:
        return self.opening is not None

    @property
    def length(self) -> int:
        return len(self.gap) + len(self.text)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What counts in a line: how weak an operator stands after each token, the brackets without text, and those of them
    that stand in no others."""

    operators: list[int]
    optional: list[Token]
    outer: list[Token]


class Line:
    """`part`: the whole statement, or the head, body or tail of a split. Only a body is between brackets, and may be
    split at its operators."""

    def __init__(self, tokens: list[Token], indent: int, part: str) -> None:
        self.tokens = tokens
        self.indent = indent
        self.part = part
        self.explode = False

    @cached_property
    def marks(self) -> _Marks:
        marks = _Marks([0] * len(self.tokens), [], [])
        depth = 0
        for n in _tracked(self.tokens, self.part):
            token = self.tokens[n]
            if token.opening is not None:
                depth -= 1
            if not depth:
                marks.operators[n] = token.after
                if token.before and n:
                    marks.operators[n - 1] = token.before
            if token.pair is None:
                continue
            if not token.text:
                marks.optional.append(token)
                if not depth:
                    marks.outer.append(token)
            if token.opening is None:
                depth += 1
        return marks

    @property
    def text(self) -> str:
        text = "".join([token.gap + token.text for token in self.tokens])
        return " " * self.indent + text[len(self.tokens[0].gap) :]

    @property
    def fits(self) -> bool:
        return width(self.text) <= WIDTH

    @property
    def weakest(self) -> int:
        """The weakest operator of the line; a comma at its end is none."""
        return max(self.marks.operators[:-1], default=0)


def _tracked(tokens: list[Token], part: str) -> Iterable[int]:
    """The tokens whose brackets count: all but in a head or a tail, where one bracket has no partner."""
    if part in ("whole", "body"):
        return range(len(tokens))
    if part == "tail":
        return ()
    within: set[int] = set()
    stack: list[int] = []
    for n, token in enumerate(tokens):
        if token.opens:
            stack.append(n)
        elif token.closes and stack:
            within.update(range(stack.pop(), n + 1))
    return sorted(within)


class _CannotSplitError(Exception):
    pass


_Split: TypeAlias = "Callable[[Line, bool], list[Line]]"


def broken(line: Line, forced: bool = False) -> list[Line]:
    """The lines that a line becomes. `forced`: parentheses that may be left out are not."""
    if line.fits and not line.explode:
        return [line]
    splits: tuple[_Split, ...] = (_at_last_brackets,)
    if line.part == "body":
        splits = (_at_operators, _at_last_brackets)
    elif line.part == "whole" and line.tokens[0].text == "def ":
        splits = (_at_parameters,)
    for split in splits:
        try:
            return _split(line, split, forced)
        except _CannotSplitError:
            continue
    return [line]


def _split(line: Line, split: _Split, forced: bool) -> list[Line]:
    before = line.text
    marks = line.marks  # as they are before brackets get text
    lines: list[Line] = []
    for part in split(line, forced):
        if part.text == before:
            raise _CannotSplitError
        part.explode = part.explode or (
            _has_shown(part) and any(one.text.endswith(",") for one in lines)
        )
        lines += broken(part, forced)
    if forced or split is not _at_last_brackets or not marks.optional or lines[0].fits:
        return lines
    if any(token.text for token in marks.outer):
        return lines
    second = _split(_copied(line), split, True)
    return second if all(part.fits for part in second) else lines


def _has_shown(line: Line) -> bool:
    """Whether a tail has parentheses that got text in an earlier attempt. Black keeps them; after commas that it added
    it splits there."""
    return line.part == "tail" and any(
        token.pair is OPTIONAL and token.text and token.opening in line.tokens
        for token in line.tokens
    )


def _copied(line: Line) -> Line:
    copies = {id(token): replace(token) for token in line.tokens}
    for copy in copies.values():
        if copy.opening is not None:
            copy.opening = copies.get(id(copy.opening), copy.opening)
    return Line(list(copies.values()), line.indent, line.part)


def _at_operators(line: Line, forced: bool) -> list[Line]:
    """A line for each operand of the weakest operator."""
    weakest = line.weakest
    if not weakest:
        raise _CannotSplitError
    lines: list[list[Token]] = [[]]
    for token, strength in zip(line.tokens, line.marks.operators, strict=True):
        lines[-1].append(token)
        if strength == weakest:
            lines.append([])
    if weakest == COMMA and lines[-1]:
        lines[-1].append(Token(",", after=COMMA))
    return [Line(tokens, line.indent, "body") for tokens in lines if tokens]


def _at_parameters(line: Line, forced: bool) -> list[Line]:
    """The head of a function at the brackets of its parameters."""
    start = next(n for n, token in enumerate(line.tokens) if token.opens)
    end = next(n for n, token in enumerate(line.tokens) if token.opening is line.tokens[start])
    body = line.tokens[start + 1 : end]
    if not body:
        raise _CannotSplitError
    if not any(token.text == "," for token in body):
        body.append(Token(",", after=COMMA))
    return [
        Line(line.tokens[: start + 1], line.indent, "head"),
        Line(body, line.indent + 4, "body"),
        Line(line.tokens[end:], line.indent, "tail"),
    ]


@dataclass(frozen=True, slots=True)
class _Parts:
    """A line split at brackets: the head ends with the opening one, the tail begins with the closing one."""

    head: Line
    body: Line
    tail: Line

    @property
    def brackets(self) -> tuple[Token, Token]:
        return self.head.tokens[-1], self.tail.tokens[0]

    @property
    def is_optional(self) -> bool:
        return not any(bracket.text for bracket in self.brackets)


def _at_last_brackets(line: Line, forced: bool) -> list[Line]:
    """Head, body and tail of the last brackets, or of earlier ones if the head would not fit."""
    first: list[Line] = []
    for omitted in _omissions(line):
        lines = _at_brackets(line, _parts(line, omitted), omitted, forced)
        if lines[0].fits:
            return lines
        first = first or lines
    return first


def _omissions(line: Line) -> Iterator[frozenset[Token]]:
    """The closing brackets to pass over: none, then more and more of those from the end that fit on one line."""
    omitted: set[Token] = set()
    yield frozenset()
    inner: set[Token] = set()
    opening: Token | None = None
    closing: Token | None = None
    length = line.indent
    for n in reversed(range(len(line.tokens))):
        token = line.tokens[n]
        length += token.length
        if length > WIDTH:
            return
        if opening is not None:
            if token is opening:
                opening = None
            elif token.closes:
                inner.add(token)
        elif token.closes:
            if n and line.tokens[n - 1].opens:
                inner.add(token)
                continue
            if closing is not None:
                omitted |= {closing, *inner}
                inner.clear()
                yield frozenset(omitted)
            if token.text:
                opening, closing = token.opening, token


def _parts(line: Line, omitted: frozenset[Token]) -> _Parts:
    """The line, split at its last brackets that have something between them."""
    tokens = line.tokens
    positions = {token: n for n, token in enumerate(tokens)}
    for end in reversed(range(len(tokens))):
        token = tokens[end]
        if token.opening is None or token.pair is None or token in omitted:
            continue
        start = positions.get(token.opening, end)
        if start == end:  # it was opened on an earlier line
            break
        if start < end - 1:
            head = Line(tokens[: start + 1], line.indent, "head")
            body = _body(tokens[start + 1 : end], line.indent, token.pair)
            return _Parts(head, body, Line(tokens[end:], line.indent, "tail"))
    raise _CannotSplitError


def _body(tokens: list[Token], indent: int, pair: Pair) -> Line:
    if pair.comma and tokens[-1].text != ",":
        tokens = [*tokens, Token(",", after=COMMA)]
    body = Line(tokens, indent + 4, "body")
    body.explode = pair.rows and body.weakest == COMMA
    if pair is CALL and len(tokens) == 1 and not body.fits:
        return Line([*tokens, Token(",", after=COMMA)], indent + 4, "body")
    return body


def _at_brackets(line: Line, parts: _Parts, omitted: frozenset[Token], forced: bool) -> list[Line]:
    """The parts, or those of earlier brackets where these are optional and better left out."""
    if not forced and parts.is_optional and _can_omit(parts.body):
        omitted |= {parts.brackets[1]}
        try:
            others = _parts(line, omitted)
            if _is_better(others, parts):
                return _at_brackets(line, others, omitted, forced)
        except _CannotSplitError:
            if len(parts.body.tokens) < 2 and not parts.body.fits:
                raise
    if parts.is_optional:
        opening, closing = parts.brackets
        opening.text, closing.text = "(", ")"
    return [parts.head, parts.body, parts.tail]


def _can_omit(body: Line) -> bool:
    """Whether an expression reads well without parentheses around it: it has no operator, or one and brackets."""
    operators = [strength for strength in body.marks.operators if strength]
    if not operators:
        return True
    if operators.count(max(operators)) > 1:
        return False
    first, second, *_ = body.tokens
    if first.opens and not second.closes and _fits_after(body, first):
        return True
    *_, penultimate, last = body.tokens
    if not last.closes or last.pair is INDEX:
        return False
    return not penultimate.opens and _fits_up_to(body, last.opening)


def _fits_after(body: Line, first: Token) -> bool:
    """Whether what follows the brackets that a line begins with fits on a line, or has brackets to split at."""
    length = body.indent
    counts = False
    for token in body.tokens:
        counts = counts or token.opening is first
        if counts:
            length += token.length
            if length > WIDTH:
                return False
            counts = not token.opens
    return True


def _fits_up_to(body: Line, opening: Token | None) -> bool:
    """Whether what precedes the brackets that a line ends with fits on a line, or has brackets to split at."""
    length = body.indent
    others = False
    for token in body.tokens:
        length += token.length
        if token is opening:
            return others or length <= WIDTH
        others = others or token.opens
    return False


def _is_better(others: _Parts, parts: _Parts) -> bool:
    """Whether a split at earlier brackets is better than one at optional ones: in a declaration, if the first line
    ends after the equals sign."""
    before = parts.head.tokens[:-1]
    if not before or before[-1].text != "=" or not any(token.pair for token in before):
        return True
    if width(parts.head.text) > WIDTH - 1:
        return True
    head = others.head.tokens
    equals = [n for n, token in enumerate(head) if token.text == "="]
    if any(token.closes for token in head[equals[-1] if equals else 0 :]):
        return True
    return bool(equals) and others.head.fits
