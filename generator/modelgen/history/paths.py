"""The way to a property, in steps that hold from version to version, and what a version says of it there.

A path is a tuple of steps from a component: `.audio`, `[]` (items), `{}` (values of a map), `|server_vad` (a member of a
union, by its tag, else by its name or number).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from .. import ir
from ..diff.side import Side
from ..ir import describe
from .model import State

Path: TypeAlias = tuple[str, ...]
# What is at a path: its type, and its field if it is a property.
Node: TypeAlias = tuple[ir.Type, ir.Field | None]

SHOWN_LITERALS = 3
DEPTH = 4


def notation(path: Path) -> str:
    return "".join(path).removeprefix(".")


def properties(side: Side, component: str) -> dict[Path, Node]:
    """The properties of a component and of the inline schemas in it; of one that is no object, itself too."""
    named = side.types[component]
    nodes: dict[Path, Node] = {}
    if not isinstance(named.type, ir.Object):
        nodes[()] = (named.type, None)
    waiting: list[tuple[Path, Node, frozenset[str]]] = [((), (named.type, None), frozenset())]
    while waiting:
        path, (type_, field), above = waiting.pop()
        if field is not None:
            nodes[path] = (type_, field)
        key = _inline(side, type_)
        # a component has rows of its own; an inline schema may contain itself
        if key is None or key in above:
            continue
        inside = above | {key} if key else above
        inner = [
            ((*path, step), (child, property_), inside)
            for step, child, property_ in _below(side, type_)
        ]
        waiting.extend(reversed(inner))
    return nodes


def at(side: Side, component: str, path: Path) -> Node | None:
    """What is at a path, through references to other components too."""
    type_: ir.Type = ir.Ref(target=component)
    field = None
    for step in path:
        for name, child, property_ in _below(side, type_):
            if name == step:
                type_, field = child, property_
                break
        else:
            return None
    return (side.types[component].type if not path else type_), field


def translated(side: Side, component: str, key_path: str) -> Path:
    """A path of the diff engine, which numbers the members of a union, as far as it leads."""
    type_: ir.Type = ir.Ref(target=component)
    path: Path = ()
    for kind, text in ir.key_steps(f".{key_path}" if key_path[:1] not in "[{|/&#" else key_path):
        children = list(_below(side, type_))
        if kind == "member" and isinstance(_behind(side, type_), ir.Union):
            child = next((one for one in children if _is_numbered(one[1], text)), None)
        else:
            step = {"property": ir.property_key("", text), "item": f"[{text}]", "value": "{}"}.get(
                kind, f"/{text}/"
            )
            child = next((one for one in children if one[0] == step), None)
        if child is None:
            break
        path, type_ = (*path, child[0]), child[1]
    return path


def state(side: Side, component: str, path: Path, node: Node) -> State:
    """What a version says of what is at a path."""
    type_, field = node
    values, is_open = _values(side, type_)
    named = side.types[component]
    about = named if field is None else field
    is_anything = isinstance(_behind(side, type_), ir.Anything)
    return State(
        path=notation(path),
        type=_text(side, type_),
        required=None if field is None else field.required,
        nullable=about.nullable or (not is_anything and side.accepts_null(type_)),
        values=values,
        open=is_open,
        default=about.default.text if about.default is not None else None,
        deprecated=about.deprecated,
    )


# --- types ----------------------------------------------------------------------------------------


def _behind(side: Side, type_: ir.Type) -> ir.Type:
    """What a type is, references and null apart."""
    return ir.split_null(side.resolve(ir.split_null(type_)[0])[0])[0]


def _below(side: Side, type_: ir.Type) -> Iterator[tuple[str, ir.Type, ir.Field | None]]:
    """(step, type, property if it is one) of what is directly in a type."""
    type_ = _behind(side, type_)
    match type_:
        case ir.Object(fields=fields, additional=additional, patterns=patterns):
            for field in fields:
                yield ir.property_key("", field.wire), field.type, field
            yield from ((f"/{pattern}/", inner, None) for pattern, inner in patterns)
            yield "{}", additional, None
        case ir.Array(items=items):
            yield "[]", items, None
        case ir.Tuple(prefix=prefix, rest=rest):
            yield from ((f"[{n}]", item, None) for n, item in enumerate(prefix))
            yield "[]", rest, None
        case ir.Map(values=values, patterns=patterns):
            yield from ((f"/{pattern}/", inner, None) for pattern, inner in patterns)
            yield "{}", values, None
        case ir.Union(members=members):
            for step, member in zip(_members(side, members), members, strict=True):
                yield step, member, None
        case ir.Scalar() | ir.Literal() | ir.Ref() | ir.Anything() | ir.Never():
            pass
        case _:
            assert_never(type_)


def _is_numbered(member: ir.Type, number: str) -> bool:
    return isinstance(member, ir.Ref) and member.target.endswith(f"|{number}")


def _members(side: Side, members: tuple[ir.Type, ...]) -> list[str]:
    """A step for each member: its tag, all its tags, its name, else its number."""
    tags = [[value.json for _, value in side.tags(side.resolve(member)[0])] for member in members]
    for count in (1, None):
        known = [" ".join(map(str, values[:count])) for values in tags]
        if len(set(known)) == len(known) and all(known):
            return [f"|{_plain(text)}" for text in known]
    return [
        (
            f"|{_plain(' '.join(map(str, values)))}"
            if values and tags.count(values) == 1
            else (
                f"|{member.target}"
                if isinstance(member, ir.Ref) and side.types[member.target].component
                else f"|{number}"
            )
        )
        for number, (member, values) in enumerate(zip(members, tags, strict=True))
    ]


def _plain(text: str) -> str:
    return ir.property_key("", text).removeprefix(".")


def _inline(side: Side, type_: ir.Type) -> str | None:
    """The key of an inline schema, "" of one without a key; None if it is a component, with rows of its own."""
    type_ = ir.split_null(type_)[0]
    if not isinstance(type_, ir.Ref):
        return ""
    return None if side.types[type_.target].component else type_.target


def _values(side: Side, type_: ir.Type) -> tuple[tuple[str, ...], bool]:
    """The values of an enum, or of the enum that a list is made of."""
    type_ = _behind(side, type_)
    if isinstance(type_, ir.Array):
        return _values(side, type_.items)
    if isinstance(type_, ir.Literal):
        return tuple(value.text for value in type_.values), type_.open
    return (), False


def _text(side: Side, type_: ir.Type, depth: int = DEPTH) -> str:
    """A type in the notation of `modelgen inspect`, with inline schemas written out and enums by the kind of their values."""
    type_ = ir.split_null(type_)[0]
    match type_:
        case ir.Ref(target=target) if not side.types[target].component and depth:
            return _text(side, side.types[target].type, depth - 1) + describe.checks(type_)
        case ir.Literal(values=values):
            kinds = dict.fromkeys(_kind(value) for value in values)
            return " | ".join(kinds) + describe.checks(type_)
        case ir.Array(items=items):
            return f"[{_text(side, items, depth)}]{describe.checks(type_)}"
        case ir.Map(values=values):
            return f"{{string: {_text(side, values, depth)}}}{describe.checks(type_)}"
        case ir.Union(members=members):
            texts = dict.fromkeys(_member(side, member, depth) for member in members)
            return " | ".join(texts) + describe.checks(type_)
        case _:
            return describe.text(type_)


def _member(side: Side, type_: ir.Type, depth: int) -> str:
    literal = _behind(side, type_) if _inline(side, type_) is not None else type_
    if isinstance(literal, ir.Literal) and len(literal.values) <= SHOWN_LITERALS:
        return describe.text(literal)
    return _text(side, type_, depth)


def _kind(value: ir.Value) -> str:
    match value.json:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case None:
            return "null"
        case _:
            return "object"
