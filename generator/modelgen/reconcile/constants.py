"""What an object requires, and which of its properties have one value."""

from __future__ import annotations

from .. import ir


def constant(type_: ir.Type) -> str | None:
    """The text that a type always is, if it is one."""
    if isinstance(type_, ir.Literal) and len(type_.values) == 1 and not type_.open:
        value = type_.values[0].json
        return value if isinstance(value, str) else None
    return None


def text_of(object_: ir.Object, name: str) -> str | None:
    """The text that a property of an object always is, if it is one."""
    return next((constant(field.type) for field in object_.fields if field.wire == name), None)


def constants(object_: ir.Object) -> tuple[tuple[str, str], ...]:
    """The constants that an object requires: name and text."""
    return tuple(
        (field.wire, text)
        for field in object_.fields
        if field.required and (text := constant(field.type)) is not None
    )


def required(object_: ir.Object) -> tuple[str, ...]:
    """The properties that an object requires."""
    return tuple(field.wire for field in object_.fields if field.required)
