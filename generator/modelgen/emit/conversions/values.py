"""Tables of values, and how JSON values stand in emitted code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...ir import Value, kind_of
from ...reconcile import Row
from ..text import json_literal, literal
from .naming import constant_names
from .operations import Constant


def tuple_text(parts: Sequence[str]) -> str:
    """A tuple of expressions, without the comma that makes black write one a line."""
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def names_text(names: Iterable[str]) -> str:
    """A tuple of texts."""
    return tuple_text([literal(name) for name in names])


def key_text(value: object) -> str:
    """A JSON value as the key of a table: what the runtime's `key` makes of it."""
    match value:
        case bool():
            return f"(bool, {value})"
        case list():
            return tuple_text([key_text(item) for item in value])
        case dict():
            pairs = [f"({literal(name)}, {key_text(own)})" for name, own in sorted(value.items())]
            return tuple_text(pairs)
        case _:
            return json_literal(value)


def json_text(value: object) -> str:
    """A JSON value as a Python expression."""
    match value:
        case list():
            return f"[{', '.join(json_text(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{literal(k)}: {json_text(v)}' for k, v in value.items())}}}"
        case _:
            return json_literal(value)


class Table:
    """A table of values of the map."""

    def __init__(self, name: str, rows: tuple[Row, ...]) -> None:
        self.name = name
        self.rows = rows
        self.pairs = [(row.was, row.hub) for row in rows if row.was is not None]

    @property
    def maps(self) -> bool:
        """Whether any value becomes another."""
        return bool(self.pairs)

    @property
    def is_complete(self) -> bool:
        """Whether it has all that is valid."""
        return not any(row.way == "some" for row in self.rows)

    @property
    def changes(self) -> list[tuple[Value, Value]]:
        """The values that are not the same in the hub."""
        return [(old, new) for old, new in self.pairs if old != new]

    @property
    def is_own(self) -> bool:
        """Whether no older value is one of the hub, so that it reads at any path."""
        return not {old for old, _ in self.changes} & {new for _, new in self.pairs}

    @property
    def is_of_texts(self) -> bool:
        """Whether older values are texts, and those of the hub are none."""
        return self.old_kinds == {"string"} and "string" not in self.hub_kinds

    @property
    def is_disjoint(self) -> bool:
        """Whether the kind tells an older value from one of the hub."""
        return not self.old_kinds & self.hub_kinds

    @property
    def old_kinds(self) -> set[str]:
        return {kind_of(old.json) for old, _ in self.pairs}

    @property
    def hub_kinds(self) -> set[str]:
        return {kind_of(new.json) for _, new in self.pairs}

    def up(self) -> Constant:
        """Older value -> value of the hub."""
        return self._constant("up")

    def down(self) -> Constant:
        """Value of the hub -> older value."""
        return self._constant("down")

    def reasons(self) -> Constant | None:
        """Of texts that not every variant lists: what keeping them is, and the reason."""
        rows = [
            f"{literal(row.hub.json)}: ({literal('kept' if row.taken else 'unfit')}, {literal(row.reason)})"
            for row in self.rows
            if row.way == "some" and not row.whole and isinstance(row.hub.json, str)
        ]
        names = constant_names((self.name, "reasons"))
        return Constant(f"{{{', '.join(rows)}}}", names, "Reasons") if rows else None

    def _constant(self, way: str) -> Constant:
        """Key of a value -> what it becomes, and why that is a loss, "" if it is none."""
        rows = []
        for row in self.rows:
            if row.was is not None and row.way in ("both", way):
                source, target = (row.was, row.hub) if way == "up" else (row.hub, row.was)
                reason = row.reason if row.way != "both" else ""
                rows.append(
                    f"{key_text(source.json)}: ({json_text(target.json)}, {literal(reason)})"
                )
        names = constant_names((self.name, way))
        return Constant(f"{{{', '.join(rows)}}}", names, "Table")


def name_set(names: Iterable[str], names_of_it: tuple[str, ...]) -> Constant:
    """A constant set of names."""
    return Constant(f"frozenset({names_text(names)})", names_of_it)


def reason_table(
    reasons: Iterable[tuple[str, str]], short: Sequence[str], long: Sequence[str]
) -> Constant:
    """A constant table of reasons, by the name of a property."""
    rows = ", ".join(f"{literal(name)}: {literal(reason)}" for name, reason in reasons)
    return Constant(f"{{{rows}}}", constant_names(short, long))
