"""The types of this package in programs that use pydantic: they are decoded, encoded and described as everywhere else.

Loaded by pydantic alone. Decoding is lax; it is strict where pydantic is told `strict=True`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, partial
from importlib import import_module
from typing import Annotated, Any, cast

from ._runtime import DecodeError, Nullable, Schema, home, decode, encode
from ._validator import read_table

_STEP = re.compile(r'\.([A-Za-z_][A-Za-z0-9_]*)|\[(?:([0-9]+)|("(?:[^"\\]|\\.)*"))\]')


@cache
def _library() -> Any:
    """pydantic's core: not imported by name, since type checkers read this module where there is none."""
    return import_module("pydantic_core")


def core_schema(T: Any) -> Any:
    """How pydantic validates, serializes and describes a class or alias of this package."""
    found = home(T)
    assert found is not None
    module, name = found
    core = _library().core_schema
    return core.lax_or_strict_schema(
        core.no_info_plain_validator_function(partial(_validate, T, False)),
        core.no_info_plain_validator_function(partial(_validate, T, True)),
        serialization=core.plain_serializer_function_ser_schema(encode),
        ref=_ref(module, name),
        metadata={"pydantic_js_functions": [_json_schema(T, module, name)]},
    )


def _validate(T: Any, strict: bool, value: Any) -> Any:
    """A value of `T`: what is one already, or what a payload decodes to, with values of this package in it."""
    if isinstance(T, type) and isinstance(value, T):
        return value
    try:
        return _decode(T, value, strict)
    except DecodeError as error:
        raise _validation_error(error, value) from None


def _decode(T: Any, value: Any, strict: bool) -> Any:
    try:
        return decode(T, value, strict=strict)
    except DecodeError:
        try:
            plain = encode(value)
        except (TypeError, ValueError, RecursionError):
            plain = value
        if plain == value:
            raise
    return decode(T, plain, strict=strict)


def _validation_error(error: DecodeError, value: Any) -> Exception:
    """Each fault at its place, as pydantic tells its own."""
    library = _library()
    details = [
        library.InitErrorDetails(
            type=library.PydanticCustomError(
                f"json_schema_{fault.keyword}", "{message}", {"message": fault.message}
            ),
            loc=steps,
            input=_at(value, steps),
        )
        for fault in error.errors
        for steps in [_steps(fault.path)]
    ]
    made: Exception = library.ValidationError.from_exception_data(
        error.type_name, details
    )
    return made


def _steps(path: str) -> tuple[str | int, ...]:
    """A path as the names and numbers that it is made of: `$.a[0]` as `("a", 0)`."""
    return tuple(
        found[1] or (int(found[2]) if found[2] else json.loads(found[3]))
        for found in _STEP.finditer(path)
    )


def _at(value: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            break  # a property that is missing
    return value


# -- JSON Schema ---------------------------------------------------------------------------------------------------------

_OF_SCHEMAS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_OF_VALUES = frozenset({"enum", "const", "required", "dependentRequired", "type"})
# How the tables say what JSON Schema has no word for.
_OWN = frozenset({"fixed", "tag"})
# The types that are being described: those that refer to themselves do so by name.
_DESCRIBED: ContextVar[frozenset[str]] = ContextVar("_DESCRIBED", default=frozenset())


def _json_schema(
    T: Any, module: str, name: str
) -> Callable[[Any, Any], dict[str, Any]]:
    """A function that gives pydantic the JSON Schema of a type, as the document has it."""

    package, _, last = module.rpartition(".")

    def describe(_: Any, handler: Any) -> dict[str, Any]:
        outer = _DESCRIBED.get()
        token = _DESCRIBED.set(outer | {_ref(module, name)})
        try:
            table = read_table(f"{package}._codecs", last)[name]
            described = _written(table, package, handler)
        finally:
            _DESCRIBED.reset(token)
        if isinstance(described, bool):
            return {} if described else {"not": {}}
        if isinstance(T, type) and issubclass(T, Nullable):
            return {"anyOf": [described, {"type": "null"}]}
        return cast("dict[str, Any]", described)

    return describe


def _ref(module: str, name: str) -> str:
    """What pydantic knows a type by; it makes names for its document of the last step."""
    return f"{module}.{name}:0"


def _named(package: str, reference: str) -> Any:
    """The type that a table refers to as `module#Name`."""
    module, _, name = reference.partition("#")
    models = import_module(f"{package}.{module}")
    found = getattr(models, name, None)
    return Annotated[Any, Schema(models.__name__, name)] if found is None else found


def _written(schema: Any, package: str, handler: Any) -> Any:
    """A schema of a table as JSON Schema, references made by pydantic."""
    if isinstance(schema, list):
        members: Any = cast("Any", schema)
        return [_written(member, package, handler) for member in members]
    if not isinstance(schema, dict):
        return schema
    written: dict[str, Any] = {}
    for word, operand in cast("dict[str, Any]", schema).items():
        if word == "$ref":
            written.update(_reference(_named(package, operand), handler))
        elif word in _OF_VALUES:
            written[word] = operand
        elif word in _OF_SCHEMAS:
            written[word] = {
                key: _written(inner, package, handler) for key, inner in operand.items()
            }
        elif word not in _OWN:
            written[word] = _written(operand, package, handler)
    return written


def _reference(T: Any, handler: Any) -> dict[str, Any]:
    core = _library().core_schema
    schema = core_schema(T)
    if schema["ref"] in _DESCRIBED.get():
        schema = core.definition_reference_schema(schema["ref"])
    # as the items of a list, since a handler describes only what is inside by its own functions
    described: dict[str, Any] = handler(core.list_schema(schema))["items"]
    return described
