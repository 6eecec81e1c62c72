"""Types that are made of those of this package: `list[T]`, `dict[str, T]`, tuples, unions, and the types of scalars in them.

Loaded when such a type is first decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, cast, get_args, get_origin

from ._attempts import attempt
from ._runtime import (
    MISMATCH,
    boolean,
    home,
    integer,
    items,
    located,
    members,
    not_a_type,
    null,
    number,
    reader_of,
    string,
    unchanged,
)

_Reader = Callable[[Any], Any]


class Compound(NamedTuple):
    """How a type is read, its schema in the notation of the tables, and the package of these ("" for scalars alone)."""

    read: _Reader
    schema: Any
    package: str


_SCALARS: dict[Any, Compound] = {
    str: Compound(string, {"type": "string"}, ""),
    int: Compound(integer, {"type": "integer"}, ""),
    float: Compound(number, {"type": "number"}, ""),
    bool: Compound(boolean, {"type": "boolean"}, ""),
    NoneType: Compound(null, {"type": "null"}, ""),
    None: Compound(null, {"type": "null"}, ""),
    Any: Compound(unchanged, True, ""),
}


@cache
def compound(T: Any) -> Compound:
    """How a type is decoded. Raises TypeError for one that is not made of types of one package."""
    if T in _SCALARS:
        return _SCALARS[T]
    if home(T) is not None:
        package, schema = located(T)
        return Compound(reader_of(T), schema, package)
    arguments = get_args(T)
    match get_origin(T):
        case origin if origin is Annotated:
            return compound(arguments[0])
        case origin if origin is list and len(arguments) == 1:
            return _list(compound(arguments[0]))
        case origin if origin is dict and arguments[:1] == (str,):
            return _dict(compound(arguments[1]))
        case origin if origin is tuple and arguments[1:] == (...,):
            inner = compound(arguments[0])
            return _list(inner)._replace(read=_as_tuple(_list(inner).read))
        case origin if origin is tuple:
            return _tuple([compound(argument) for argument in arguments])
        case origin if origin is Union or origin is UnionType:
            return _union([compound(argument) for argument in arguments])
        case _:
            raise not_a_type(T)


def _list(inner: Compound) -> Compound:
    def read(value: Any) -> list[Any]:
        return [inner.read(item) for item in items(value)]

    return Compound(read, {"type": "array", "items": inner.schema}, inner.package)


def _as_tuple(read: _Reader) -> _Reader:
    return lambda value: tuple(read(value))


def _dict(inner: Compound) -> Compound:
    def read(value: Any) -> dict[str, Any]:
        return {key: inner.read(item) for key, item in members(value)}

    schema = {"type": "object", "additionalProperties": inner.schema}
    return Compound(read, schema, inner.package)


def _tuple(inner: list[Compound]) -> Compound:
    def read(value: Any) -> tuple[Any, ...]:
        if len(items(value)) != len(inner):
            raise MISMATCH
        return tuple(one.read(item) for one, item in zip(inner, value, strict=True))

    schema = {
        "type": "array",
        "prefixItems": [one.schema for one in inner],
        "items": False,
        "minItems": len(inner),
    }
    return Compound(read, schema, _package(inner))


def _union(inner: list[Compound]) -> Compound:
    """The first member that accepts a value strictly, else the first that reads it."""
    package = _package(inner)
    several = [one for one in inner if one.read is not null]
    readers = [one.read for one in several]
    tests: list[Callable[[Any], bool]] = []

    def read(value: Any) -> Any:
        if value is None and len(several) < len(inner):
            return None
        if len(readers) == 1:
            return readers[0](value)
        if not tests:
            predicates = import_module(f"{__package__}._predicates")
            tests.extend(
                predicates.judges(package, one.schema, False)[0] for one in several
            )
        fitting = [
            reader
            for reader, test in zip(readers, tests, strict=True)
            if _passes(test, value)
        ]
        return attempt(value, fitting + readers)

    return Compound(read, {"anyOf": [one.schema for one in inner]}, package)


def _passes(test: Callable[[Any], bool], value: Any) -> bool:
    try:
        return test(value)
    except (TypeError, ValueError, AttributeError):
        return False  # no plain JSON, and nothing for a predicate


def _package(inner: list[Compound]) -> str:
    packages = {one.package for one in inner if one.package}
    if len(packages) > 1:
        raise TypeError(
            "the types are of several variants; decode the payload as one of them"
        )
    return next(iter(packages), "")


def name(T: Any) -> str:
    """A type as messages call it: `list[Cat] | None`."""
    if T is NoneType or T is ...:
        return "None" if T is NoneType else "..."
    origin, arguments = get_origin(T), get_args(T)
    if origin is Annotated:
        schema = home(T)
        return schema[1] if schema is not None else name(arguments[0])
    if origin is Union or origin is UnionType:
        return " | ".join(map(name, arguments))
    if origin is not None and arguments:
        return f"{name(origin)}[{', '.join(map(name, arguments))}]"
    return cast("str", getattr(T, "__name__", repr(T)))
