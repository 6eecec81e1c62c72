"""A schema that is sent and received, and asks for properties that only one direction has, becomes two classes.

Nobody need send a required `readOnly` property, or receive a required `writeOnly` one. The class that is received keeps the
name of the schema; the one that is sent is its input. What neither has such a property nor holds a schema that has stays one
class, and what is used in one direction alone is as that direction has it. An API that calls back receives what others do
not send it: there the request is what is received.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .. import ir
from ..ir import Type


def directed(api: ir.Api) -> ir.Api:
    """The same API with such classes told apart, in its types and its operations."""
    types = api.by_key()
    affected = _reaching({key for key, named in types.items() if _asks(named.type)}, types)
    if not affected:
        return api
    sent = _reached((key for one in api.operations for key in _sent(one)), types)
    received = _reached((key for one in api.operations for key in _received(one)), types)
    components = {key for key, named in types.items() if named.component}
    inputs = {key: ir.input_key(key, components) for key in sent & received & affected}
    made: list[ir.Named] = []
    for key, named in types.items():
        if key in received or key not in sent:
            made.append(_without(named, "write_only") if key in received else named)
        else:
            made.append(_without(_retargeted(named, inputs), "read_only"))
        if key in inputs:
            other = replace(named, key=inputs[key], component=False)
            made.append(_without(_retargeted(other, inputs), "read_only"))
    return replace(
        api,
        types=tuple(made),
        operations=tuple(_with_inputs(operation, inputs) for operation in api.operations),
    )


def _asks(type_: Type) -> bool:
    return isinstance(type_, ir.Object) and any(
        _is_spared(field, "read_only") or _is_spared(field, "write_only") for field in type_.fields
    )


def _is_spared(field: ir.Field, direction: str) -> bool:
    """Whether a field is asked for that one direction lacks."""
    if field.read_only == field.write_only or not field.required:
        return False
    return field.read_only if direction == "read_only" else field.write_only


def _without(named: ir.Named, direction: str) -> ir.Named:
    if not isinstance(named.type, ir.Object):
        return named
    fields = tuple(
        replace(field, required=False) if _is_spared(field, direction) else field
        for field in named.type.fields
    )
    return replace(named, type=replace(named.type, fields=fields))


def _sent(operation: ir.Operation) -> Iterator[str]:
    yield from (key for _, key in operation.parameters)
    yield from _answered(operation) if operation.incoming else _asked(operation)


def _received(operation: ir.Operation) -> Iterator[str]:
    yield from _asked(operation) if operation.incoming else _answered(operation)


def _asked(operation: ir.Operation) -> Iterator[str]:
    yield from (key for _, key in (*operation.request, *operation.request_items))
    yield from (part.headers for part in operation.request_parts)


def _answered(operation: ir.Operation) -> Iterator[str]:
    for response in operation.responses:
        yield response.headers
        yield from (key for _, key in (*response.content, *response.items))
        yield from (part.headers for part in response.parts)


def _reached(roots: Iterable[str], types: Mapping[str, ir.Named]) -> set[str]:
    """The keys of types that these refer to, and their own."""
    reached: set[str] = set()
    waiting = [key for key in roots if key]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting.extend(ir.references(types[key].type))
    return reached


def _reaching(keys: set[str], types: Mapping[str, ir.Named]) -> set[str]:
    """The keys of types that refer to these, and their own."""
    referring: dict[str, list[str]] = {}
    for key, named in types.items() if keys else ():
        for target in ir.references(named.type):
            referring.setdefault(target, []).append(key)
    reaching: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in reaching:
            reaching.add(key)
            waiting.extend(referring.get(key, ()))
    return reaching


def _with_inputs(operation: ir.Operation, inputs: Mapping[str, str]) -> ir.Operation:
    def content(rows: ir.operations.Content) -> ir.operations.Content:
        return tuple((media, inputs.get(key, key)) for media, key in rows)

    def parts(rows: tuple[ir.Part, ...]) -> tuple[ir.Part, ...]:
        return tuple(replace(row, headers=inputs.get(row.headers, row.headers)) for row in rows)

    operation = replace(operation, parameters=content(operation.parameters))
    if not operation.incoming:
        return replace(
            operation,
            request=content(operation.request),
            request_items=content(operation.request_items),
            request_parts=parts(operation.request_parts),
        )
    responses = tuple(
        replace(
            response,
            content=content(response.content),
            items=content(response.items),
            parts=parts(response.parts),
            headers=inputs.get(response.headers, response.headers),
        )
        for response in operation.responses
    )
    return replace(operation, responses=responses)


def _retargeted(named: ir.Named, inputs: Mapping[str, str]) -> ir.Named:
    return replace(named, type=_inside(named.type, inputs))


def _inside(type_: Type, inputs: Mapping[str, str]) -> Type:
    """A type with the inputs of others in their stead."""

    def of(inner: Type) -> Type:
        return _inside(inner, inputs)

    def patterns(rows: tuple[tuple[str, Type], ...]) -> tuple[tuple[str, Type], ...]:
        return tuple((pattern, of(inner)) for pattern, inner in rows)

    if type_.checks:
        checks = tuple((word, _operand(operand, inputs)) for word, operand in type_.checks)
        type_ = replace(type_, checks=checks)
    match type_:
        case ir.Ref(target=target):
            return replace(type_, target=inputs.get(target, target))
        case ir.Array(items=items):
            return replace(type_, items=of(items))
        case ir.Tuple(prefix=prefix, rest=rest):
            return replace(type_, prefix=tuple(map(of, prefix)), rest=of(rest))
        case ir.Map(values=values):
            return replace(type_, values=of(values), patterns=patterns(type_.patterns))
        case ir.Union(members=members, mapping=mapping, otherwise=otherwise):
            return replace(
                type_,
                members=tuple(map(of, members)),
                mapping=tuple((value, inputs.get(key, key)) for value, key in mapping),
                otherwise=inputs.get(otherwise, otherwise),
            )
        case ir.Object(fields=fields, additional=additional):
            return replace(
                type_,
                fields=tuple(replace(field, type=of(field.type)) for field in fields),
                additional=of(additional),
                patterns=patterns(type_.patterns),
            )
        case _:
            return type_


def _operand(operand: object, inputs: Mapping[str, str]) -> object:
    if isinstance(operand, ir.Node):
        return _inside(operand, inputs)  # type: ignore[arg-type]
    if isinstance(operand, tuple):
        return tuple(_operand(item, inputs) for item in operand)
    return operand
