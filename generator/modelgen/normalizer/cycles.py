"""Schemas that are a part of themselves: `$ref`s that lead back to where they started without entering a value.

JSON Schema leaves open what such a schema means. It is read without the circle: schemas that all have each other's
conditions have the conditions of all; unions that list each other have the members of all; and a child that has the
conditions of a parent which lists it among its own children has those that the parent states itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..loader import Documents
from ..openapi.keywords import ASSERTIONS, IN_PLACE

MAX_CHAIN = 100
MAX_CIRCLES = 1000
_UNIONS = ("anyOf", "oneOf")

Steps: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A schema on the way, and the reference in it that the way takes."""

    raw: dict[str, Any]
    at: Location
    steps: Steps

    @property
    def conjunct(self) -> bool:
        """Whether the schema has all conditions of what it refers to."""
        return all(step in ("allOf", "$ref") for step in self.steps if isinstance(step, str))

    @property
    def union(self) -> str:
        """The keyword by which the schema has what it refers to among its members, "" if it has not."""
        word = self.steps[0]
        return str(word) if word in _UNIONS and self.steps[2:] == ("$ref",) else ""


class Cycles:
    """Takes circles out; remembers which schemas have none."""

    def __init__(self, documents: Documents, note: Callable[[str, str, Location], None]) -> None:
        self.documents = documents
        self.note = note
        self._sound: set[tuple[str, str]] = set()
        self._circles = 0

    def take_out(self, raw: object, at: Location) -> None:
        """Changes the schemas by which this one is a part of itself, and lists them. Raises SpecError if it leads through
        too many references in a row."""
        while circle := self._circle(raw, at):
            self._circles += 1
            self._open(circle)

    def _circle(self, raw: object, at: Location) -> list[_Node]:
        """The first way from a schema that leads in a circle, without what leads there."""
        start = (at.source, at.pointer)
        if start in self._sound:
            return []
        path: dict[tuple[str, str], _Node | None] = {start: None}
        stack = [(start, raw, at, _references(raw, at))]
        while stack:
            location, raw, at, rest = stack[-1]
            reference = next(rest, None)
            if reference is None:
                stack.pop()
                del path[location]
                self._sound.add(location)
                continue
            ref, steps = reference
            target = self.documents.resolve(ref, at.below(*steps))
            following = (target.document.source, target.pointer)
            if following in self._sound:
                continue
            assert isinstance(raw, dict)
            path[location] = _Node(raw, at, steps)
            if following in path:
                locations = list(path)
                nodes = (path[each] for each in locations[locations.index(following) :])
                return [node for node in nodes if node is not None]
            if len(stack) > MAX_CHAIN:
                raise _chain(stack[0][2])
            path[following] = None
            stack.append((following, target.node, target.at, _references(target.node, target.at)))
        return []

    def _open(self, circle: list[_Node]) -> None:
        for node in circle:
            self.documents.locate(node.at.below(*node.steps))  # while it stands there
        if self._circles > MAX_CIRCLES:  # no document of sense; this comes to an end
            _remove(circle[-1])
            self._list(circle[-1])
        elif all(node.conjunct for node in circle):
            self._join(circle)
        elif all(node.union and _only(node.raw, node.union) for node in circle):
            self._unite(circle)
        else:
            self._cut(circle)

    def _join(self, circle: list[_Node]) -> None:
        """Each has the conditions of all."""
        for node in circle:
            _remove(node)
        own = [dict(node.raw) for node in circle]
        for n, node in enumerate(circle):
            others = [each for each in (*own[n + 1 :], *own[:n]) if each.keys() & ASSERTIONS]
            if others:
                node.raw["allOf"] = [*node.raw.get("allOf", ()), *others]
            self._list(node)

    def _unite(self, circle: list[_Node]) -> None:
        """Each has the members of all."""
        every: list[list[object]] = []
        around = {(node.at.source, node.at.pointer) for node in circle}
        for node in circle:
            members = [
                member
                for n, member in enumerate(node.raw[node.union])
                if not self._leads_to(member, node.at.below(node.union, n), around)
            ]
            every.append(members)
        for n, node in enumerate(circle):
            together = [member for members in (*every[n:], *every[:n]) for member in members]
            once = {ir.Value.of(member): member for member in reversed(together)}
            _replace(node.raw, node.union, list(reversed(once.values())))
            self._list(node)

    def _leads_to(self, member: object, at: Location, places: set[tuple[str, str]]) -> bool:
        if not isinstance(member, dict) or "$ref" not in member:
            return False
        target = self.documents.resolve(member["$ref"], at.below("$ref"))
        return (target.document.source, target.pointer) in places

    def _cut(self, circle: list[_Node]) -> None:
        """A child has what its parent states beside the union that leads to the child; a reference of another kind goes."""
        for node, parent in zip(circle, (*circle[1:], circle[0]), strict=True):
            if node.conjunct and parent.union:
                self._part(node, parent)
                return
        node = next((node for node in circle if not node.conjunct and not node.union), circle[-1])
        _remove(node)
        self._list(node)

    def _part(self, child: _Node, parent: _Node) -> None:
        """Give what a parent states beside the union of its children to them, and leave the union to the parent if all
        its members are such."""
        own = {
            word: value
            for word, value in parent.raw.items()
            if word in ASSERTIONS and word not in (parent.union, "discriminator")
        }
        where = (parent.at.source, parent.at.pointer)
        last: dict[tuple[str, str], _Node] = {(child.at.source, child.at.pointer): child}
        members = parent.raw[parent.union]
        all_children = True
        for n, member in enumerate(members):
            at = parent.at.below(parent.union, n)
            found = self._leading_to(where, member, at)
            all_children &= found is not None
            if found is not None:
                last[found.at.source, found.at.pointer] = found
        for node in last.values():
            _remove(node)
            if own:
                node.raw["allOf"] = [*node.raw.get("allOf", ()), own]
            self._list(node)
        if all_children:
            for word in own:
                del parent.raw[word]

    def _leading_to(self, where: tuple[str, str], raw: object, at: Location) -> _Node | None:
        """The schema with a reference to a place that is a condition of a schema."""
        seen: set[tuple[str, str]] = set()
        pending = [(raw, at)]
        while pending:
            raw, at = pending.pop()
            for ref, steps in _references(raw, at):
                assert isinstance(raw, dict)
                node = _Node(raw, at, steps)
                if not node.conjunct:
                    continue
                target = self.documents.resolve(ref, at.below(*steps))
                place = (target.document.source, target.pointer)
                if place == where:
                    return node
                if place not in seen:
                    seen.add(place)
                    pending.append((target.node, target.at))
        return None

    def _list(self, node: _Node) -> None:
        message = f"`{_name(node.at)}` is one of its own conditions."
        self.note("ref-circle", message, node.at)
        self.documents.circles[node.at.source, node.at.pointer] = message


def _references(raw: object, at: Location) -> Iterator[tuple[str, Steps]]:
    """The references of a schema that speak about the very value that it speaks about, each with the steps to it."""
    if not isinstance(raw, dict):
        return
    for keyword in IN_PLACE:
        if keyword.name not in raw:
            continue
        operand = raw[keyword.name]
        if not isinstance(operand, keyword.operand.classes):
            continue  # it is repaired when the schema is read
        # `$dynamicRef: "#"` means the component around it, which was entered through a property
        if isinstance(operand, str) and (keyword.name == "$ref" or operand != "#"):
            yield operand, (keyword.name,)
        for steps, schema in list(keyword.operand.schemas(operand)):
            for ref, below in _references(schema, at):
                yield ref, (keyword.name, *steps, *below)


def _only(raw: dict[str, Any], union: str) -> bool:
    """Whether a schema says nothing but that it is a union."""
    return raw.keys() & ASSERTIONS <= {union, "discriminator"}


def _remove(node: _Node) -> None:
    """Take a reference out of a schema: a condition says nothing then, a union has one member less."""
    first, *rest = node.steps
    assert isinstance(first, str)
    if first in _UNIONS and isinstance(rest[0], int):
        _replace(node.raw, first, [m for n, m in enumerate(node.raw[first]) if n != rest[0]])
    elif first == "allOf" and isinstance(rest[0], int):
        members = list(node.raw[first])
        inner = members.pop(rest[0])
        if rest[1:] == ["$ref"] and inner.keys() & ASSERTIONS > {"$ref"}:
            members.insert(rest[0], {word: v for word, v in inner.items() if word != "$ref"})
        elif len(rest) > 2:
            below = dict(inner)
            _remove(_Node(below, node.at, tuple(rest[1:])))
            members.insert(rest[0], below)
        if members:
            node.raw[first] = members
        else:
            del node.raw[first]
    else:
        del node.raw[first]


def _replace(raw: dict[str, Any], union: str, members: list[object]) -> None:
    raw[union] = members
    if not members:
        del raw[union]
        raw["allOf"] = [*raw.get("allOf", ()), False]


def _chain(at: Location) -> SpecError:
    message = f"`{_name(at)}` leads through more than {MAX_CHAIN} `$ref`s in a row."
    return SpecError(
        Diagnostic("ref-chain", message, at, "Refer to the schema at the end of the chain.")
    )


def _name(at: Location) -> str:
    return at.pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
