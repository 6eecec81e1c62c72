"""Schemas in the words of another version, rewritten in those of today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import step
from ..openapi.keywords import KEYWORDS
from ..openapi.structure import HOMES
from .moves import Moves

# A keyword and its value in a schema -> the keywords that say the same today, each with its value.
Rewrite: TypeAlias = Callable[[str, Any, dict[str, Any]], Iterable[tuple[str, Any]]]

_DATA = frozenset(row.name for row in KEYWORDS.values() if row.operand.content == "data")
_BY_NAME = frozenset(row.name for row in KEYWORDS.values() if row.operand.by_name)
_BY_NAME |= {*HOMES, "dependencies"}


@dataclass(frozen=True, slots=True)
class Rules:
    """How a kind of document words its schemas."""

    rewrite: Rewrite

    def translated(self, data: Any) -> tuple[Any, Moves]:
        """A whole file, which is a schema or holds some."""
        writer = Writer(self)
        return writer.copy(data, "", ""), Moves(writer.moved)


class Writer:
    """Copies data with its schemas rewritten, and remembers what moved. What an alias shares stays shared."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.moved: list[tuple[str, str]] = []
        # what was copied is kept, so that its id is no other's
        self._copies: dict[tuple[int, bool], tuple[Any, Any]] = {}

    def copy(self, node: Any, old: str, new: str, are_names: bool = False) -> Any:
        """What is at a pointer of the text, as it is at a pointer of the document that is made."""
        if not isinstance(node, dict | list):
            return node
        known = self._copies.get((id(node), are_names))
        if known is None:
            copied = self._copied(node, old, new, are_names)
            known = self._copies[id(node), are_names] = node, copied
        return known[1]

    def place(self, node: Any, old: str, new: str, are_names: bool = False) -> Any:
        """The same for what stands elsewhere in the text than in the document."""
        if old != new:
            self.moved.append((new, old))
        return self.copy(node, old, new, are_names)

    def _copied(self, node: Any, old: str, new: str, are_names: bool) -> Any:
        if isinstance(node, list):
            return [
                self.copy(item, step(old, index), step(new, index))
                for index, item in enumerate(node)
            ]
        result: dict[str, Any] = {}
        for key, value, source in self._pairs(node, are_names):
            below, above = step(old, source), step(new, key)
            if source != key:
                self.moved.append((above, below))
            if key in _DATA and not are_names:
                result[key] = value
            else:
                result[key] = self.copy(value, below, above, not are_names and key in _BY_NAME)
        return result

    def _pairs(self, node: dict[str, Any], are_names: bool) -> Iterator[tuple[str, Any, str]]:
        for key, value in node.items():
            if are_names:
                yield key, value, key
                continue
            for word, meant in self.rules.rewrite(key, value, node):
                yield word, meant, key
