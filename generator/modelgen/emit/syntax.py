"""Expressions of emitted code as trees: what a type, a default or a value of a statement is made of.

The set is closed and has what is emitted, no more. `flat` is a tree on one line; `layout` breaks one that is too wide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never broken: a name, also with dots, or a literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """`in_rows`: where it is broken, its arguments stand on a line each."""

    function: str
    arguments: tuple[Node, ...]
    in_rows: bool = False


@dataclass(frozen=True, slots=True)
class Keyword:
    """`name=value`, an argument."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Subscript:
    value: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """`A | B`. No member is a union itself, see `united`."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Set:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Dict:
    """`{key: value}`, the keys literals."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`[item for target in iterable]`, or with a key `{key: item for target in iterable}`."""

    item: Node
    target: str
    iterable: Node
    key: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """`None if name is None else other`."""

    name: Node
    other: Node


@dataclass(frozen=True, slots=True)
class Lambda:
    parameter: str
    body: Node


Node: TypeAlias = (
    Atom
    | Call
    | Keyword
    | Subscript
    | Union
    | Tuple
    | Set
    | Dict
    | Comprehension
    | Conditional
    | Lambda
)

ANY = Atom("Any")
NONE = Atom("None")


@cache
def name(text: str) -> Atom:
    """The same node for the same name: most nodes are one of a few hundred names."""
    return Atom(text)


def united(members: Iterable[Node]) -> Node:
    """The union of types, each once; a union among them gives its members."""
    distinct: list[Node] = []
    for member in dict.fromkeys(members):
        distinct += member.members if isinstance(member, Union) else (member,)
    return distinct[0] if len(distinct) == 1 else Union(tuple(distinct))


def flat(node: Node) -> str:
    """A tree on one line."""
    match node:
        case Atom(text=text):
            return text
        case Subscript(value=value, items=items):
            return f"{flat(value)}[{_listed(items)}]"
        case Union(members=members):
            return " | ".join(map(flat, members))
        case Call(function=function, arguments=arguments):
            return f"{function}({_listed(arguments)})"
        case Keyword(name=name_, value=value):
            return f"{name_}={flat(value)}"
        case Tuple(items=(only,)):
            return f"({flat(only)},)"
        case Tuple(items=items):
            return f"({_listed(items)})"
        case Set(items=items):
            return f"{{{_listed(items)}}}"
        case Dict(entries=entries):
            return f"{{{', '.join(f'{key}: {flat(value)}' for key, value in entries)}}}"
        case Comprehension(item=item, target=target, iterable=iterable, key=key):
            loop = f"{flat(item)} for {target} in {flat(iterable)}"
            return f"{{{key}: {loop}}}" if key else f"[{loop}]"
        case Conditional(name=name_, other=other):
            return f"None if {flat(name_)} is None else {flat(other)}"
        case Lambda(parameter=parameter, body=body):
            return f"lambda {parameter}: {flat(body)}"
        case _:
            assert_never(node)


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(flat, nodes))
