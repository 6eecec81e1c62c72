"""Types in a short notation, for `modelgen inspect`: `string`, `[Tool]`, `{string: integer}`, `integer | "inf"`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from .. import ir


def describe(named: ir.Named) -> Iterator[str]:
    """The definition of a named type, a line for each property or member."""
    match named.type:
        case ir.Object(fields=fields, additional=additional, patterns=patterns):
            for field in fields:
                yield _field(field)
            for pattern, inner in patterns:
                yield f"/{pattern}/: {text(inner)}"
            if not (isinstance(additional, ir.Anything) and not additional.checks):
                yield f"other properties: {text(additional)}"
        case ir.Union(members=members):
            for member in members:
                yield f"| {text(member)}"
        case _:
            yield text(named.type)
    if named.nullable:
        yield "| null"
    rest = checks(named.type) if isinstance(named.type, ir.Object | ir.Union) else ""
    if rest:
        yield f"with{rest}"


def sort(type_: ir.Type) -> str:
    """What a named type of this definition is, in a word: object, enum, union or alias."""
    match type_:
        case ir.Object():
            return "object"
        case ir.Literal():
            return "enum"
        case ir.Union():
            return "union"
        case _:
            return "alias"


def text(type_: ir.Type) -> str:
    """A type expression on one line."""
    return _shape(type_) + ("" if isinstance(type_, ir.Object) else checks(type_))


def _field(field: ir.Field) -> str:
    facts = ["required" if field.required else "optional"]
    if field.default is not None:
        facts.append(f"default {field.default.text}")
    facts += [word for word in ("deprecated", "read_only", "write_only") if getattr(field, word)]
    null = " | null" if field.nullable else ""
    return f"{field.wire}: {text(field.type)}{null}  ({', '.join(facts)})"


def _shape(type_: ir.Type) -> str:
    match type_:
        case ir.Scalar(kind=kind, format=format_):
            return f"{kind}<{format_}>" if format_ else kind
        case ir.Literal(values=values, open=open_):
            return " | ".join([value.text for value in values] + ["string"] * open_)
        case ir.Ref(target=target):
            return target
        case ir.Array(items=items):
            return f"[{text(items)}]"
        case ir.Tuple(prefix=prefix, rest=rest):
            return f"[{', '.join(map(text, prefix))}, ...{text(rest)}]"
        case ir.Map(values=values):
            return f"{{string: {text(values)}}}"
        case ir.Union(members=members):
            return " | ".join(map(text, members))
        case ir.Anything():
            return "anything"
        case ir.Never():
            return "nothing"
        case ir.Object():
            return "object"
        case _:
            assert_never(type_)


def checks(type_: ir.Type) -> str:
    """The further assertions of a type in brackets, "" if it has none."""
    plain = [
        f"{word} {operand}"
        for word, operand in type_.checks
        if isinstance(operand, int | float | str)
    ]
    other = [word for word, operand in type_.checks if not isinstance(operand, int | float | str)]
    return f" ({', '.join(plain + other)})" if type_.checks else ""
