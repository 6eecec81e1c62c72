"""Translation of a stream of events from one variant into another, one at a time.

Some events are one in one variant and two in another, and some repeat what stood in an earlier one. A `Translator` keeps
what it needs for that, of a bounded number of items.
"""

from __future__ import annotations

from typing import Any, cast

from ._conversion import (
    HUB,
    ConversionError,
    Json,
    Loss,
    Report,
    Strict,
    Undeclared,
    check_undeclared,
    check_variant,
    copied,
    intolerable,
    payload_of,
    reader,
    stream_of,
    typed,
    writer,
)
from ._runtime import Model, decode

# Of each kind of thing that later events may need, so many are kept; the oldest is given up first.
LIMIT = 1024


class State:
    """What later events of a stream may need of earlier ones. The generated functions use it.

    `forgotten` are the losses of what was given up since somebody took them.
    """

    __slots__ = ("forgotten", "limit", "source", "values")

    def __init__(self, source: str, limit: int = LIMIT) -> None:
        self.source = source
        self.limit = limit
        self.values: dict[str, dict[str, Any]] = {}
        self.forgotten: list[Loss] = []

    def formed(self, event: Json, name: str, tag: str, own: str) -> Json:
        """Another event with the same content, under a tag and with an id of its own."""
        made = cast("Json", copied(event))
        made[name] = tag
        if isinstance(made.get(own), str):
            made[own] += "." + tag.rpartition(".")[2]
        return made

    def remember(self, what: str, key: Any, value: Any) -> None:
        """Keep a value for whoever asks for it by a key."""
        if isinstance(key, str) and value is not None:
            values = self.values.setdefault(what, {})
            values.pop(key, None)
            values[key] = value
            if len(values) > self.limit:
                oldest = next(iter(values))
                reason = f"`{what}` of {oldest} was given up: more than {self.limit:,} are waited for."
                self.forgotten.append(Loss("$", values.pop(oldest), reason, "dropped"))

    def recall(self, what: str, key: Any) -> Any:
        """The value that was kept, once; None if there is none."""
        values = self.values.get(what)
        return values.pop(key, None) if values and isinstance(key, str) else None


class Translator:
    """Turns a stream of events of the variant `source` into events of the variant `to`.

    `side` says whose events they are: it is one of the `streams` of the map, `client` and `server` for example. A
    connection has a translator for each direction. `strict` and `undeclared` are those of `convert`.

    `losses` are those of the event that was fed last, in the order in which they occurred, with those of what was given
    up for it: the next `feed` sets them anew, so take them after each. A `feed` that raises ConversionError has set them
    too.

    For later events, no more than `limit` things of a kind are kept (a kind is what one event of the map needs of
    others), and `waiting` says how many there are of all kinds. Nothing else is kept of a stream, however long it is.
    """

    __slots__ = (
        "_around",
        "_family",
        "losses",
        "side",
        "source",
        "state",
        "strict",
        "to",
        "undeclared",
    )

    source: str
    to: str
    side: str
    strict: Strict
    undeclared: Undeclared
    losses: tuple[Loss, ...]
    state: State

    def __init__(
        self,
        *,
        source: str,
        to: str,
        side: str,
        limit: int = LIMIT,
        strict: Strict = False,
        undeclared: Undeclared = "keep",
    ) -> None:
        """Raises ValueError for an unknown variant, side or severity, and for a limit below 1."""
        if limit < 1:
            raise ValueError(f"the limit is 1 or more, not {limit}")
        check_variant(source, "source")
        check_variant(to, "variant")
        self.source = source
        self.to = to
        self.side = side
        self.losses = ()
        self.state = State(source, limit)
        self.strict = strict
        intolerable((), strict)
        self.undeclared = undeclared
        check_undeclared(undeclared)
        self._family, self._around = stream_of(side)
        reader(self._family)
        for variant in (source, to):
            if variant != HUB:
                writer(variant, self._family, "")

    @property
    def limit(self) -> int:
        """How many things of a kind are kept for later events."""
        return self.state.limit

    @property
    def waiting(self) -> int:
        """How many things are kept for later events now."""
        return sum(map(len, self.state.values.values()))

    def feed(self, event: Any) -> list[Any]:
        """The events that this one becomes, in order: none if the target has nothing like it. A model becomes models,
        parsed JSON parsed JSON. The event itself is not changed.

        Raises TypeError for a value that is neither, ConversionError as `convert` does.
        """
        payload = payload_of(event)
        is_model = isinstance(event, Model)
        if self.source == self.to:
            self.losses = ()
            return [decode(type(event), payload) if is_model else payload]
        report = Report(self.source, self.to, self.undeclared)
        reader(self._family)(payload, "$", report)
        before: list[Json] = []
        after: list[Json] = []
        if self._around is not None:
            before, after = self._around(payload, self.state)
        made = [*before, payload, *after]
        out: list[Any] = []
        for one in made:
            own = report if one is payload else Report(self.source, self.to)
            if (
                self.to == HUB
                or writer(self.to, self._family, "")[0](one, "$", own) is not False
            ):
                out.append(one)
        self.losses = (*report.losses, *self.state.forgotten)
        self.state.forgotten = []
        if severe := intolerable(self.losses, self.strict):
            raise ConversionError(self.to, severe)
        if is_model:
            return [typed(one, self.to, self._family, "", self.losses) for one in out]
        return out
