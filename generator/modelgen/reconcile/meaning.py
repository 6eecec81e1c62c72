"""Whether two types say the same, for a value that is carried from one to the other."""

from __future__ import annotations

from collections.abc import Mapping

from .. import ir

Types = Mapping[str, ir.Named]


def opened(type_: ir.Type, types: Types) -> tuple[ir.Type, ...]:
    """The members of a type, references followed, unions opened."""
    match type_:
        case ir.Ref(target=target):
            return opened(types[target].type, types)
        case ir.Union(members=members):
            return tuple(part for member in members for part in opened(member, types))
        case _:
            return (type_,)


def json_type(type_: ir.Type) -> str:
    """The JSON type of an opened type; "" for any."""
    match type_:
        case ir.Scalar(kind="integer"):
            return "number"
        case ir.Scalar(kind=kind):
            return kind
        case ir.Literal(values=values):
            return {str: "string", bool: "boolean", type(None): "null"}.get(
                type(values[0].json), "number"
            )
        case ir.Array() | ir.Tuple():
            return "array"
        case ir.Object() | ir.Map():
            return "object"
        case _:
            return ""


def kind_of(value: object) -> str:
    """The JSON type of a value, as `json_type` names it."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def alike(a: ir.Type, of_a: Types, b: ir.Type, of_b: Types, depth: int = 0) -> bool:
    """Whether the same values mean the same in both. Bounds, formats, null, what is required and what is documented
    may differ: a value keeps its meaning where it breaks a bound."""
    if depth > 12:  # types that refer to themselves: what was seen so far is alike
        return True
    left, right = opened(a, of_a), opened(b, of_b)
    kinds_left = {json_type(part) for part in left} - {"null"}
    kinds_right = {json_type(part) for part in right} - {"null"}
    if kinds_left != kinds_right:
        return False
    return all(
        _alike_kind(
            [p for p in left if json_type(p) == kind],
            of_a,
            [p for p in right if json_type(p) == kind],
            of_b,
            depth,
        )
        for kind in kinds_left
    )


def _alike_kind(
    left: list[ir.Type], of_a: Types, right: list[ir.Type], of_b: Types, depth: int
) -> bool:
    literals = [isinstance(part, ir.Literal) for part in (*left, *right)]
    if any(literals):
        if not all(literals):
            return False
        return _values(left) == _values(right)
    if len(left) != len(right):
        return False
    return all(_alike_one(x, of_a, y, of_b, depth) for x, y in zip(left, right, strict=True))


def _values(parts: list[ir.Type]) -> set[ir.Value]:
    return {value for part in parts if isinstance(part, ir.Literal) for value in part.values}


def _alike_one(x: ir.Type, of_a: Types, y: ir.Type, of_b: Types, depth: int) -> bool:
    match x, y:
        case ir.Object(), ir.Object():
            one = {f.wire: f for f in x.fields}
            other = {f.wire: f for f in y.fields}
            return one.keys() == other.keys() and all(
                alike(one[name].type, of_a, other[name].type, of_b, depth + 1) for name in one
            )
        case ir.Map(), ir.Map():
            return (
                alike(x.values, of_a, y.values, of_b, depth + 1)
                or isinstance(x.values, ir.Anything)
                or isinstance(y.values, ir.Anything)
            )
        case ir.Array(), ir.Array():
            return alike(x.items, of_a, y.items, of_b, depth + 1)
        case _:
            return type(x) is type(y)


def described(type_: ir.Type, types: Types) -> str:
    """A type in a few words, for messages."""
    words: dict[str, None] = {}
    for part in opened(type_, types):
        match part:
            case ir.Literal(values=values):
                shown = ", ".join(value.text for value in values[:4])
                more = f" and {len(values) - 4} more" if len(values) > 4 else ""
                words[f"one of {shown}{more}"] = None
            case ir.Object(fields=fields):
                words[f"an object of {', '.join(f.wire for f in fields[:6]) or 'nothing'}"] = None
            case ir.Array(items=items):
                words[f"an array of {described(items, types)}"] = None
            case ir.Map(values=values):
                words[f"a map of {described(values, types)}"] = None
            case ir.Scalar(kind=kind):
                words[f"{'an' if kind == 'integer' else 'a'} {kind}"] = None
            case _:
                words["any value"] = None
    return " or ".join(words)
