"""JSON pointers -> places in the text, computed when asked and remembered."""

from __future__ import annotations

from typing import Any, Protocol

from ..errors import Location
from .text import Text


class Tree(Protocol):
    """The syntax of a document: opaque nodes, and for each its children with their offsets in the text."""

    @property
    def root(self) -> tuple[Any, int]:
        """The root, and where it starts."""

    def children(self, node: Any) -> dict[str, tuple[Any, int]]:
        """Key or index -> child, and the offset of the key or, in an array, of the item."""


def unescape(token: str) -> str:
    """The key that one token of a JSON pointer names."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


class Positions:
    """Answers where a pointer is. Each ancestor is looked up once, each mapping is indexed once."""

    __slots__ = ("_children", "_spots", "_text", "_tree")

    def __init__(self, text: Text, tree: Tree) -> None:
        self._text = text
        self._tree = tree
        self._spots: dict[str, tuple[Any, int]] = {}
        self._children: dict[int, dict[str, tuple[Any, int]]] = {}

    def locate(self, pointer: str) -> Location:
        """The location of a pointer, or of its nearest ancestor that exists."""
        spot = self._spots.get(pointer) or self._find(pointer)
        return self._text.at_offset(spot[1], pointer)

    def block(self, pointer: str, most: int) -> list[str]:
        """The lines of what is at a pointer, as they are written."""
        return self._text.block(self.locate(pointer).line, most)

    def _find(self, pointer: str) -> tuple[Any, int]:
        spots = self._spots
        if not spots:
            spots[""] = self._tree.root
        if not pointer.startswith("/"):
            return spots[""]
        known = pointer
        missing: list[str] = []
        while known not in spots:
            known, _, token = known.rpartition("/")
            missing.append(token)
        spot = spots[known]
        for token in reversed(missing):
            child = self._of(spot[0]).get(unescape(token))
            if child is None:
                return spot
            known = f"{known}/{token}"
            spot = spots[known] = child
        return spot

    def _of(self, node: Any) -> dict[str, tuple[Any, int]]:
        children = self._children.get(id(node))
        if children is None:
            children = self._children[id(node)] = self._tree.children(node)
        return children
