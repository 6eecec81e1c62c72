"""Translation of a stream of events from one variant into another, one at a time.

Some events are one in one variant and two in another, and some repeat what stood in an earlier one. A `Translator` keeps
what it needs for that, of a bounded number of items.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, cast

from ._conversion import (
    HUB,
    Json,
    Loss,
    Report,
    around,
    check_variant,
    copied,
    family_of_side,
    payload_of,
    reader,
    typed,
    writer,
)
from ._runtime import Model, decode

Side: TypeAlias = Literal["client", "server"]

# How much is kept of what may be needed later; the oldest is given up first.
LIMIT = 1024


class State:
    """What later events of a stream may need of earlier ones. The generated functions use it."""

    __slots__ = ("source", "values")

    def __init__(self, source: str) -> None:
        self.source = source
        self.values: dict[tuple[str, str], Any] = {}

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
            self.values.pop((what, key), None)
            self.values[what, key] = value
            if len(self.values) > LIMIT:
                del self.values[next(iter(self.values))]

    def recall(self, what: str, key: Any) -> Any:
        """The value that was kept, once; None if there is none."""
        return self.values.pop((what, key), None) if isinstance(key, str) else None


class Translator:
    """Turns a stream of events of the variant `source` into events of the variant `to`.

    `side` says whose events they are: `client` for what clients send, `server` for what servers send; a connection
    has a translator for each direction. `losses` are those of the event that was fed last.
    """

    __slots__ = ("_around", "_family", "losses", "side", "source", "state", "to")

    def __init__(self, *, source: str, to: str, side: Side) -> None:
        """Raises ValueError for an unknown variant or side."""
        check_variant(source, "source")
        check_variant(to, "variant")
        self.source = source
        self.to = to
        self.side: Side = side
        self.losses: tuple[Loss, ...] = ()
        self.state = State(source)
        self._family = family_of_side(side)
        reader(self._family)
        for variant in (source, to):
            if variant != HUB:
                writer(variant, self._family, "")
        self._around = around(self._family)

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
        report = Report(self.source, self.to)
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
        self.losses = tuple(report.losses)
        if is_model:
            return [typed(one, self.to, self._family, "", self.losses) for one in out]
        return out
