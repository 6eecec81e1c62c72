"""A whole document: components, what they refer to, their order, and what can only be judged with all types known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import assert_never

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..ir import dispatch
from ..loader import Documents
from ..loader.operations import operations as read_operations
from ..openapi.operations import Operations
from ..openapi.structure import SCHEMAS
from .operations import OperationTypes
from .polymorphism import Polymorphism
from .schemas import Schemas
from .scope import SchemaTarget, Scope
from .settle import settle

NO_OPERATIONS = Operations((), ())


def normalize(
    documents: Documents,
    select: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
    further: Mapping[str, Location] = MappingProxyType({}),
    operations: Sequence[str] = (),
    may_be_empty: bool = False,
) -> ir.Api:
    """The meaning of the component schemas of a document, and of its operations.

    `select`: globs over component names; empty means all. What selected ones refer to comes along.
    `further`: schemas at other places, by the keys they get.
    `operations`: globs over the operationId or `GET /path` of operations; empty means none.
    `may_be_empty`: a document in which there is nothing is not refused.
    `progress` is called with the name of each component when it has been read.
    Raises SpecError for what cannot be understood.
    """
    crowded: frozenset[str] = frozenset()
    while True:
        scope = Scope(documents, further, crowded)
        api = _read_all(scope, select, progress, operations, may_be_empty)
        if not scope.keys.found:
            return api
        crowded |= scope.keys.found  # schemas that want one key are known now: none of them gets it


def _read_all(
    scope: Scope,
    select: Sequence[str],
    progress: Callable[[str], None],
    operations: Sequence[str],
    may_be_empty: bool,
) -> ir.Api:
    documents, further = scope.documents, scope.further
    schemas = Schemas(scope)
    bases = Polymorphism(scope)
    found = read_operations(documents) if operations else NO_OPERATIONS
    may_be_empty = may_be_empty or (not select and bool(found.paths or found.webhooks))
    for target in _roots(scope, select, may_be_empty):
        _read(target, scope, schemas, bases)
        progress(target.key)
    of_operations = OperationTypes(scope, schemas)
    read = of_operations.read(found, operations)
    for key, at in further.items():
        _read(SchemaTarget(scope.schema(documents.node(at), at), at, key), scope, schemas, bases)
    while scope.wanted:
        _read(scope.wanted.popleft(), scope, schemas, bases)
    united = bases.unite(scope.types_by_key)
    plain = {key: ir.own_key(key) for key in bases.bases}
    scope.types_by_key = bases.used(settle(united, plain))
    types = _ordered(scope, of_operations.apart)
    by_key = {named.key: named for named in types}
    types = tuple(_without_bad_defaults(named, by_key, scope) for named in types)
    _note_ambiguous_unions(types, by_key, scope)
    for document in documents.loaded:
        for odd in document.oddities:
            scope.note(odd.code, odd.message, odd.at)
    info = documents.root.data.get("info")
    info = info if isinstance(info, dict) else {}
    return ir.Api(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        types=types,
        anomalies=tuple(
            sorted(scope.anomalies.values(), key=lambda a: (a.code, a.at.source, a.at.pointer))
        ),
        operations=read,
        apart=frozenset(of_operations.apart),
    )


def _roots(scope: Scope, select: Sequence[str], may_be_empty: bool) -> list[SchemaTarget]:
    names = [
        name
        for name in scope.components
        if not select or any(fnmatchcase(name, glob) for glob in select)
    ]
    if not names and not may_be_empty:
        at = scope.documents.root.locate(SCHEMAS)
        if select:
            message, hint = (
                f"No component schema matches {', '.join(select)}.",
                "List the names with `modelgen inspect`.",
            )
        else:
            message, hint = (
                "The document has no component schemas.",
                "Put schemas under components/schemas: models are made from those.",
            )
        raise SpecError(Diagnostic("nothing-selected", message, at, hint))
    return [scope.component(name) for name in names]


def _read(target: SchemaTarget, scope: Scope, schemas: Schemas, bases: Polymorphism) -> None:
    known = scope.types_by_key.get(target.key)
    if known is not None and (known.component or known.at == target.at):
        return
    raw = target.raw
    scope.cycles.take_out(raw, target.at)
    type_ = schemas.type_of(raw, target.at, scope.base_key(target.key))
    scope.types_by_key[target.key] = scope.named(target.key, type_, raw, target.at, component=True)
    bases.meet(target)


def _ordered(scope: Scope, apart: Iterable[str]) -> tuple[ir.Named, ...]:
    """Components in the order of the document, those of other places by key, those of operations; each followed by its
    inline types."""
    types = scope.types_by_key
    ordered: dict[str, ir.Named] = {}
    heads = [name for name in scope.components if name in types]
    heads += sorted(
        key for key, named in types.items() if named.component and key not in scope.components
    )
    heads += apart

    def emit(key: str, head: str) -> None:
        if key in ordered or key not in types:
            return
        if key != head and (types[key].component or not ir.is_within(key, head)):
            return
        ordered[key] = types[key]
        for reference in ir.references(types[key].type):
            emit(reference, head)

    for head in heads:
        emit(head, head)
    for key in sorted(types):
        ordered.setdefault(key, types[key])
    return tuple(ordered.values())


def _without_bad_defaults(
    named: ir.Named, by_key: Mapping[str, ir.Named], scope: Scope
) -> ir.Named:
    def fits(value: ir.Value, type_: ir.Type, nullable: bool) -> bool:
        return (nullable and value.text == "null") or _fits(value.json, type_, by_key)

    if named.default is not None and not fits(named.default, named.type, named.nullable):
        scope.note("default-mismatch", _mismatch(named.default), named.at)
        named = replace(named, default=None)
    if not isinstance(named.type, ir.Object):
        return named
    fields = list(named.type.fields)
    for n, field in enumerate(fields):
        if field.default is not None and not fits(field.default, field.type, field.nullable):
            scope.note("default-mismatch", _mismatch(field.default), field.at)
            fields[n] = replace(field, default=None)
    if fields == list(named.type.fields):
        return named
    return replace(named, type=replace(named.type, fields=tuple(fields)))


def _mismatch(default: ir.Value) -> str:
    return f"The default {default.text} is not valid by its own schema."


def _fits(value: object, type_: ir.Type, types: Mapping[str, ir.Named]) -> bool:
    """Whether a default is of the right shape and, for enums, a known value. Bounds are not judged."""
    match type_:
        case ir.Scalar(kind=kind):
            return ir.is_of(value, (kind,))
        case ir.Literal(values=values, open=open_):
            return ir.Value.of(value) in values or (open_ and isinstance(value, str))
        case ir.Array(items=items):
            return isinstance(value, list) and all(_fits(item, items, types) for item in value)
        case ir.Tuple():
            return isinstance(value, list)
        case ir.Map():
            return isinstance(value, dict)
        case ir.Object(fields=fields):
            return isinstance(value, dict) and all(
                field.wire in value for field in fields if field.required
            )
        case ir.Union(members=members):
            return any(_fits(value, member, types) for member in members)
        case ir.Ref(target=target):
            named = types[target]
            return (named.nullable and value is None) or _fits(value, named.type, types)
        case ir.Anything():
            return True
        case ir.Never():
            return False
        case _:
            assert_never(type_)


def _note_ambiguous_unions(
    types: Sequence[ir.Named], by_key: Mapping[str, ir.Named], scope: Scope
) -> None:
    for named in types:
        for union in _unions(named.type):
            plan = dispatch.plan(union, by_key)
            at = union.at if union.at.source else named.at
            if plan.ambiguous:
                message = f"Nothing tells the members of `{named.key}` apart."
                scope.note("ambiguous-union", message, at)
            if union.discriminator and not _uses(plan, union.discriminator):
                message = (
                    f"The discriminator `{union.discriminator}` has no fixed value in some member "
                    f"of `{named.key}`."
                )
                scope.note("discriminator-unusable", message, at)


def _unions(type_: ir.Type) -> Iterator[ir.Union]:
    if isinstance(type_, ir.Union):
        yield type_
    for member in ir.members(type_):
        yield from _unions(member)


def _uses(plan: dispatch.Plan, wire: str) -> bool:
    return any(
        isinstance(choice, dispatch.Switch) and choice.wire == wire for _, choice in plan.by_kind
    )
