"""Conversion of many payloads, one after the other: JSON Lines, or what is parsed already.

Nothing is kept of a line when the next one is read, but for what a stream needs of its sessions: memory stays the same
however many there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from ._conversion import (
    Json,
    Loss,
    Path,
    Undeclared,
    check_family,
    check_undeclared,
    check_variant,
    convert_own,
    payload_of,
    value_at,
)
from ._runtime import Model
from ._translator import Translator

# So many sessions are open at a time; the one that was silent for longest is given up first.
MOST_SESSIONS = 1024
NOT_AN_OBJECT = "It is not a JSON object."

Text: TypeAlias = str | bytes | bytearray


class Line:
    """What became of one line.

    - `number` counts from 1, and counts lines without anything too.
    - `values` are what it became, parsed JSON: one payload; none if the target has no form for it, or if it is at fault;
      several where a stream has events that others are formed of.
    - `losses` are what could not be carried over.
    - `variant` is the one it was of; None if nothing told it and nothing had to.
    - `fault` is a sentence that says why it could not be converted; None if it could.
    """

    __slots__ = ("fault", "losses", "number", "values", "variant")
    __match_args__ = ("number", "values", "losses", "variant", "fault")

    number: int
    values: tuple[Json, ...]
    losses: tuple[Loss, ...]
    variant: str | None
    fault: str | None

    def __init__(
        self,
        number: int,
        values: tuple[Json, ...] = (),
        losses: tuple[Loss, ...] = (),
        variant: str | None = None,
        fault: str | None = None,
    ) -> None:
        self.number = number
        self.values = values
        self.losses = losses
        self.variant = variant
        self.fault = fault

    def __repr__(self) -> str:
        return f"Line({self.number!r}, {self.values!r}, {self.losses!r}, {self.variant!r}, {self.fault!r})"


def convert_lines(
    lines: Iterable[Text | Mapping[str, Any] | Model],
    to: str,
    *,
    source: str | None = None,
    family: str | None = None,
    side: str | None = None,
    session: str | None = None,
    undeclared: Undeclared = "keep",
) -> Iterator[Line]:
    """Convert JSON Lines to the variant `to`, one by one: an open file, or any texts, mappings or models.

    `source` and `family` are detected for each line unless they are given. With a `side`, one of the `streams` of the
    map, lines are the events that this side sent to or from `source`, in order, and what earlier ones said is used as a
    `Translator` does. `session` is the path of the id of a session in an event, `$.session.id` for example: each id has
    a translator of its own, and an event without one belongs to the session of the event before. Of sessions that are
    open at a time 1,024 are kept. What is forgotten with one that was silent is a loss of the line that made it so.

    A line that cannot be converted is given back with its `fault`, and the rest goes on; lines without anything are left
    out. Raises ValueError at once for an unknown variant, family or side, for a `side` without `source`, and for a
    `session` that is no path or has no `side`.
    """
    converter = Converter(
        to,
        source=source,
        family=family,
        side=side,
        session=session,
        undeclared=undeclared,
    )
    return _converted(converter, lines)


def _converted(
    converter: Converter, lines: Iterable[Text | Mapping[str, Any] | Model]
) -> Iterator[Line]:
    for number, line in enumerate(lines, 1):
        if not isinstance(line, str | bytes | bytearray):
            try:
                yield converter.payload(payload_of(line), number)
            except (TypeError, ValueError) as error:
                yield Line(number, fault=sentence(error))
        elif line and not line.isspace():
            yield converter.text(line, number)


class Converter:
    """Converts payloads one by one, with what there is to know of the session they belong to. The arguments are those of
    `convert_lines`."""

    def __init__(
        self,
        to: str,
        *,
        source: str | None = None,
        family: str | None = None,
        side: str | None = None,
        session: str | None = None,
        undeclared: Undeclared = "keep",
    ) -> None:
        check_variant(to, "variant")
        if source is not None:
            check_variant(source, "source")
        if family is not None:
            check_family(family)
        check_undeclared(undeclared)
        self.to = to
        self.source = source
        self.family = family
        self.undeclared: Undeclared = undeclared
        self._sessions: _Sessions | None = None
        if side is not None:
            if source is None:
                raise ValueError("a stream is of one variant: say of which it is")
            if family is not None:
                raise ValueError("what events of a stream are is known: give no family")
            first = Translator(source=source, to=to, side=side, undeclared=undeclared)
            self._sessions = _Sessions(first, path_of(session) if session else None)
        elif session is not None:
            raise ValueError("only a stream has sessions: say whose events they are")

    def text(self, line: Text, number: int) -> Line:
        """What a line of JSON becomes."""
        try:
            value = parsed(line)
        except (ValueError, RecursionError) as error:
            where = ""
            if isinstance(error, json.JSONDecodeError):
                where = f" at column {min(error.pos, len(error.doc.rstrip())) + 1}"
            fault = f"It is not JSON: {why_not(error)}{where}."
            return Line(number, fault=fault)
        return self.payload(value, number)

    def payload(self, value: object, number: int) -> Line:
        """What parsed JSON becomes, which the caller owns: it is changed."""
        if value.__class__ is not dict:
            return Line(number, fault=NOT_AN_OBJECT)
        payload = cast("Json", value)
        try:
            if self._sessions is not None:
                return self._sessions.translated(payload, number)
            made, losses, variant, *_ = convert_own(
                payload, self.to, self.source, self.family, undeclared=self.undeclared
            )
        except (ValueError, RecursionError) as error:
            return Line(number, fault=sentence(error))
        return Line(number, () if made is None else (made,), tuple(losses), variant)


class _Sessions:
    """A translator for each session of a stream. `path` is that of the id of a session, None if there is one session."""

    def __init__(self, translator: Translator, path: Path | None) -> None:
        self._current = translator
        self._path = path
        self._by_id: dict[str | int, Translator] = {}

    def translated(self, event: Json, number: int) -> Line:
        given_up: list[Loss] = []
        if self._path is not None:
            id_ = value_at(event, self._path)
            if isinstance(id_, str | int):
                given_up = self._enter(id_)
        translator = self._current
        made = translator.feed(event)
        losses = (*translator.losses, *given_up) if given_up else translator.losses
        return Line(number, tuple(made), losses, translator.source)

    def _enter(self, id_: str | int) -> list[Loss]:
        """Go on with a session; the losses of the one that is given up for it."""
        translator = self._by_id.pop(id_, None)
        if translator is None:
            known = self._current
            translator = Translator(
                source=known.source,
                to=known.to,
                side=known.side,
                undeclared=known.undeclared,
            )
        self._by_id[id_] = self._current = translator
        if len(self._by_id) <= MOST_SESSIONS:
            return []
        oldest = next(iter(self._by_id))
        if not self._by_id.pop(oldest).waiting:
            return []
        reason = f"What this session said before was given up: more than {MOST_SESSIONS:,} are open."
        return [Loss("$", oldest, reason, "dropped")]


# -- texts -----------------------------------------------------------------------------------------------------------

_STEP = re.compile(r'\.([^.\[\]"\s]+)|\[("(?:[^"\\]|\\.)*")\]')


def path_of(text: str) -> Path:
    """The names in a path as losses have it, `$.session.id` or `$["a b"].id`. Raises ValueError if it is none, or leads
    through an array."""
    names: list[str] = []
    end = 1
    while text.startswith("$") and (found := _STEP.match(text, end)):
        names.append(found[1] or str(json.loads(found[2])))
        end = found.end()
    if not names or end != len(text):
        raise ValueError(f"{text!r} is no path of a property, as $.session.id is")
    return tuple(names)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


# Made once: `json.loads` and `json.dumps` make them anew at each call with options.
_decode = json.JSONDecoder(parse_constant=_no_constant).decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_escaped = json.JSONEncoder(separators=(",", ":")).encode


def parsed(text: Text) -> object:
    """Parsed JSON, in UTF-8 if it is bytes. Raises ValueError for anything else, numbers that JSON does not have
    included."""
    return _decode(text if isinstance(text, str) else text.decode("utf-8-sig"))


def written(value: object, indent: int | None = None) -> bytes:
    """JSON in UTF-8, with the end of the line; what UTF-8 cannot say is escaped."""
    if indent is not None:
        text = json.dumps(value, ensure_ascii=False, indent=indent)
    else:
        text = _encode(value)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair
        return _encode_escaped(value).encode() + b"\n"


def why_not(error: ValueError | RecursionError) -> str:
    """Why a text is not JSON."""
    match error:
        case json.JSONDecodeError(msg=message):
            words = message.removesuffix(" starting at").removesuffix(" at")
            return f"{words[:1].lower()}{words[1:]}"
        case UnicodeDecodeError(start=start):
            return f"byte {start + 1} is not UTF-8"
        case RecursionError():
            return "it is nested too deep"
        case _:
            return str(error)


def sentence(error: Exception) -> str:
    """What an error says, as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
