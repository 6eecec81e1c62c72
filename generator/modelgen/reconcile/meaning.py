"""Whether two types say the same, for a value that is carried from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def objects_in(type_: ir.Type, types: Types) -> Iterator[tuple[str, ir.Object]]:
    """The objects that a type is or has as members, each with its key."""
    match type_:
        case ir.Ref(target=target):
            inner = types[target].type
            if isinstance(inner, ir.Object):
                yield target, inner
            else:
                yield from objects_in(inner, types)
        case ir.Union(members=members):
            for member in members:
                yield from objects_in(member, types)


def is_nullable(type_: ir.Type, types: Types) -> bool:
    """Whether a property of a type may be null, apart from what the property says itself."""
    if isinstance(type_, ir.Ref):
        named = types[type_.target]
        return named.nullable or is_nullable(named.type, types)
    return isinstance(type_, ir.Anything)


def constant(type_: ir.Type) -> str | None:
    """The text that a type always is, if it is one."""
    if isinstance(type_, ir.Literal) and len(type_.values) == 1 and not type_.open:
        value = type_.values[0].json
        return value if isinstance(value, str) else None
    return None


def constants(object_: ir.Object) -> tuple[tuple[str, str], ...]:
    """The constants that an object requires: name and text."""
    return tuple(
        (field.wire, text)
        for field in object_.fields
        if field.required and (text := constant(field.type)) is not None
    )


def text_of(object_: ir.Object, name: str) -> str | None:
    """The text that a property of an object always is, if it is one."""
    return next((constant(field.type) for field in object_.fields if field.wire == name), None)


def required(object_: ir.Object) -> tuple[str, ...]:
    """The properties that an object requires."""
    return tuple(field.wire for field in object_.fields if field.required)


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
