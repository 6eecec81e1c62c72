"""The records of operations: what `operations.py` of a package says."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable

from .. import ir
from ..ir.words import snake_case
from .heading import Heading
from .modules import OPERATIONS_MODULE
from .text import literal
from .types import Scope
from .views import ContentParts, OperationsView, OperationView

_RESERVED = frozenset({"Final", "OPERATIONS", "Operation"})


def operations_view(
    operations: Iterable[ir.Operation], scope: Scope, heading: Heading, support: str
) -> OperationsView:
    """`support` is the folder of the support modules, as an import says it."""
    named = records(operations)
    ids = Counter(operation.id for operation in named.values())
    return OperationsView(
        path=f"{OPERATIONS_MODULE}.py",
        doc=heading.text("operations"),
        support=f"{support}_operations",
        exports=tuple(literal(name) for name in sorted(("OPERATIONS", *named))),
        operations=tuple(_view(operation, name, scope) for name, operation in named.items()),
        keys=tuple(
            (literal(operation.id if ids[operation.id] == 1 else name), name)
            for name, operation in named.items()
        ),
    )


def records(operations: Iterable[ir.Operation]) -> dict[str, ir.Operation]:
    """The operations by the names of their records: `get_pet` for `GetPet`."""
    named: dict[str, ir.Operation] = {}
    for operation in operations:
        name = snake_case(operation.name)
        if not name.isidentifier() or name.startswith("_"):
            name = f"operation_{name}".rstrip("_")
        while keyword.iskeyword(name) or name in _RESERVED or name in named:
            name += "_"
        named[name] = operation
    return named


def _view(operation: ir.Operation, name: str, scope: Scope) -> OperationView:
    def home(key: str) -> str:
        """Where a type is: `models:Pet`."""
        return literal(f"{scope.modules[key]}:{scope.names[key]}" if key else "")

    def content(rows: ir.operations.Content) -> tuple[tuple[str, str], ...]:
        return tuple((literal(media), home(key)) for media, key in rows)

    def parts(rows: tuple[ir.Part, ...]) -> ContentParts:
        media = dict.fromkeys(part.media for part in rows)
        return tuple(
            (
                literal(type_),
                tuple(
                    (literal(part.name), f"({literal(part.content_type)}, {home(part.headers)})")
                    for part in rows
                    if part.media == type_
                ),
            )
            for type_ in media
        )

    return OperationView(
        name=name,
        id=literal(operation.id),
        method=literal(operation.method),
        path=literal(operation.path),
        incoming=operation.incoming,
        tags=tuple(map(literal, operation.tags)),
        deprecated=operation.deprecated,
        security=tuple(
            tuple((literal(scheme), tuple(map(literal, scopes))) for scheme, scopes in needed)
            for needed in operation.security
        ),
        parameters=tuple((literal(within), home(key)) for within, key in operation.parameters),
        styles=tuple(map(_style, operation.styles)),
        request_required=operation.request_required,
        request=content(operation.request),
        request_items=content(operation.request_items),
        request_parts=parts(operation.request_parts),
        responses=tuple(
            (literal(response.status), content(response.content))
            for response in operation.responses
        ),
        response_items=tuple(
            (literal(response.status), content(response.items))
            for response in operation.responses
            if response.items
        ),
        response_parts=tuple(
            (literal(response.status), parts(response.parts))
            for response in operation.responses
            if response.parts
        ),
        headers=tuple(
            (literal(response.status), home(response.headers))
            for response in operation.responses
            if response.headers
        ),
    )


def _style(style: ir.Style) -> str:
    texts = ", ".join(map(literal, (style.within, style.wire, style.style)))
    return f"({texts}, {style.explode})"
