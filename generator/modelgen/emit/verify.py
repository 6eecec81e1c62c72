"""The last look before writing: is the syntax tree of an emitted module the one that was meant?

A document is untrusted input. Literals and docstrings are made in one place; this catches what that place would miss:
a module of models may hold imports, its `__all__`, aliases and classes of annotated fields in the order of the view,
and nothing that runs. Codecs hold no text of a document but names and literals; `emit.text` checks each literal.
"""

from __future__ import annotations

import ast

from .views import AliasView, ClassView, ModuleView


class UnexpectedCodeError(RuntimeError):
    """An emitted module is not what was meant: a bug in the generator, and nothing may be written."""


def check_module(text: str, view: ModuleView) -> None:
    """Raises UnexpectedCodeError if a module of models is not exactly its docstring, imports, exports and items."""
    statements = ast.parse(text).body
    rest = iter(statements)
    _expect(_is_doc(next(rest)), view.path, statements[0])
    current = next(rest)
    while isinstance(current, ast.Import | ast.ImportFrom):
        current = next(rest)
    _expect(
        _exports(current) == [ast.literal_eval(name) for name in view.exports], view.path, current
    )
    for item in view.items:
        current = next(rest)
        if isinstance(item, ClassView):
            _expect(
                isinstance(current, ast.ClassDef) and _is_class(current, item), view.path, current
            )
        else:
            _expect(_is_alias(current, item), view.path, current)
            if item.doc:
                current = next(rest)
                _expect(_is_doc(current), view.path, current)
    left = next(rest, None)
    _expect(left is None, view.path, left)


def _expect(holds: bool, path: str, node: ast.stmt | None) -> None:
    if not holds:
        raise UnexpectedCodeError(
            f"{path}:{getattr(node, 'lineno', 0)}: the emitted code is not what was meant"
        )


def _is_doc(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _exports(node: ast.stmt) -> list[object]:
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
            return [name.value for name in names if isinstance(name, ast.Constant)]
    return []


def _is_class(node: ast.ClassDef, item: ClassView) -> bool:
    declared = []
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if not (
                    _is_type(annotation)
                    and (value is None or isinstance(value, ast.Constant | ast.Name | ast.UnaryOp))
                ):
                    return False
                declared.append(name)
            case _ if not _is_doc(statement):
                return False
    return [node.name, *declared] == [item.name, *(field.name for field in item.fields)]


def _is_alias(node: ast.stmt, item: AliasView) -> bool:
    match node:
        case ast.AnnAssign(
            target=ast.Name(id=name),
            annotation=ast.Name(id="TypeAlias"),
            value=ast.Subscript(
                value=ast.Name(id="Annotated"),
                slice=ast.Tuple(
                    elts=[
                        type_,
                        ast.Call(
                            func=ast.Name(id="Schema"),
                            args=[ast.Name(id="__name__"), ast.Constant()],
                        ),
                    ]
                ),
            ),
        ):
            return name == item.name and _is_type(type_)
    return False


def _is_type(node: ast.expr) -> bool:
    """A type expression: names, dotted names, constants, subscripts, unions. No call, no operator but `|`."""
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=inner):
            return _is_type(inner)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_type(left) and _is_type(right)
        case ast.Subscript(value=value, slice=slice_):
            return _is_type(value) and _is_type(slice_)
        case ast.Tuple(elts=elements):
            return all(map(_is_type, elements))
    return False
