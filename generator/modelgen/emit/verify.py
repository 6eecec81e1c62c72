"""The last look before writing: is the syntax tree of an emitted module the one that was meant?

A document is untrusted input. Literals and docstrings are made in one place; this catches what that place would miss.
The tree that is meant is made here of the view alone: its imports, `__all__`, classes and aliases. Decorators and modules
are those of tables, bases and calls are written down here, types and defaults hold nothing that runs. What was emitted
is equal to it, or refused. Codecs hold no text of a document but names and literals; `emit.text` checks each literal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, zip_longest
from keyword import iskeyword

from ..openapi import formats
from .styles import STYLES
from .views import AliasView, ClassView, ImportView, ModuleView

# Where names of a module of models come from, other than its own package.
HOMES = frozenset(
    {
        "typing",
        *(style.module for style in STYLES.values()),
        *(row.annotation.partition(".")[0].removeprefix("_") for row in formats.BY_NAME.values()),
    }
)
# literals without escapes, and the commonest end of a type: there are so many that parsing each would take long
_PLAIN = re.compile(r'"""([^"\\\r\0]+)"""|"([^"\\\r\n\0]*)"')
_OR_UNSET = " | Unset"
BASES = frozenset({"_Model", "_Nullable"})
DECORATORS = frozenset(style.decorator for style in STYLES.values())


class UnexpectedCodeError(RuntimeError):
    """An emitted module is not what was meant: a bug in the generator, and nothing may be written."""


def check_module(text: str, view: ModuleView) -> None:
    """Raises UnexpectedCodeError if a module of models is not exactly its docstring, imports, exports and items."""
    for found, meant in zip_longest(_parsed(text), _module(view)):
        if not _is_same(found, meant):
            line = getattr(found, "lineno", 0)
            raise UnexpectedCodeError(f"{view.path}:{line}: the emitted code is not what was meant")


def _is_same(found: object, meant: object) -> bool:
    """Whether two trees are equal in everything but where they stand in the text."""
    rest = [(found, meant)]
    while rest:
        one, other = rest.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, ast.AST):
            rest += [(getattr(one, of, None), getattr(other, of, None)) for of in one._fields]
        elif isinstance(one, list):
            assert isinstance(other, list)
            if len(one) != len(other):
                return False
            rest += zip(one, other, strict=True)
        elif one != other:
            return False
    return True


# --- what is meant --------------------------------------------------------------------------------


def _module(view: ModuleView) -> Iterator[ast.stmt]:
    yield from _doc(view.doc)
    yield _import(ImportView("__future__", "annotations"))
    yield from map(_import, chain.from_iterable(view.import_groups))
    if view.types:
        yield ast.If(_name("TYPE_CHECKING"), list(map(_import, view.types)), [])
    exports = ast.List([_constant(name) for name in view.exports], ast.Load())
    yield ast.Assign([ast.Name("__all__", ast.Store())], exports)
    for item in view.items:
        if isinstance(item, ClassView):
            yield _class(item)
        else:
            yield _declared(item.name, _name("TypeAlias"), _alias(item))
            yield from _doc(item.doc)
    if view.types:
        yield ast.Expr(ast.Call(_name("_link"), [_name("__name__")], []))


def _name(text: str) -> ast.expr:
    return ast.Name(text, ast.Load())


def _import(view: ImportView) -> ast.stmt:
    text = f"from {view.module} import {view.names}"
    if view.alias:
        text = f"import {view.module} as {view.alias}"
    match _parsed(text):
        case [ast.ImportFrom(level=level, module=home, names=names) as statement]:
            known = (
                level > 0 or home in HOMES or (home, view.names) == ("__future__", "annotations")
            )
        case [ast.Import(names=[ast.alias(name=home)] as names) as statement]:
            known = home in HOMES
        case _:
            raise _refused(text)
    if not known or any(name.name == "*" for name in names):
        raise _refused(text)
    return statement


def _class(view: ClassView) -> ast.ClassDef:
    if view.decorator not in DECORATORS:
        raise _refused(view.decorator)
    body = list(_doc(view.doc))
    for field in view.fields:
        value = _default(field.default) if field.default else None
        body.append(_declared(field.name, _type(field.type), value))
        body += _doc(field.doc)
    if view.base not in BASES:
        raise _refused(view.base)
    made = ast.ClassDef(
        name=view.name,
        bases=[_name(view.base)],
        keywords=[],
        body=body,
        decorator_list=[_decorator(view.decorator)],
    )
    made.__dict__.setdefault("type_params", [])  # from Python 3.12 on
    return made


@lru_cache
def _decorator(text: str) -> ast.expr:
    return _expression(text.removeprefix("@"))


def _alias(view: AliasView) -> ast.expr:
    type_ = _type(view.type)
    if view.rows:
        if " | ".join(view.rows) != view.type:
            raise _refused(view.type)
        rows = "\n        | ".join(view.rows)
        type_ = ast.Constant(f"(\n        {rows}\n    )")
    elif view.is_quoted:
        type_ = ast.Constant(view.type)
    schema = ast.Call(_name("Schema"), [_name("__name__"), ast.Constant(view.name)], [])
    parts = ast.Tuple([type_, schema], ast.Load())
    return ast.Subscript(_name("Annotated"), parts, ast.Load())


def _declared(name: str, annotation: ast.expr, value: ast.expr | None) -> ast.stmt:
    return ast.AnnAssign(ast.Name(name, ast.Store()), annotation, value, simple=1)


def _doc(literal: str) -> list[ast.stmt]:
    return [ast.Expr(_constant(literal))] if literal else []


def _constant(literal: str) -> ast.expr:
    """The text that a literal stands for."""
    if plain := _PLAIN.fullmatch(literal):
        return ast.Constant(plain[1] if plain[1] is not None else plain[2])
    found = _expression(literal)
    if not isinstance(found, ast.Constant) or not isinstance(found.value, str):
        raise _refused(literal)
    return found


@lru_cache(maxsize=4096)
def _default(text: str) -> ast.expr:
    found = _expression(text)
    match found:
        case ast.Constant() | ast.Name(id="UNSET") | ast.UnaryOp(ast.USub(), ast.Constant()):
            return found
    raise _refused(text)


@lru_cache(maxsize=4096)
def _type(text: str) -> ast.expr:
    if text.isidentifier() and not iskeyword(text):
        return _name(text)
    if text.endswith(_OR_UNSET):
        unset = _name("Unset")
        return ast.BinOp(_type(text.removesuffix(_OR_UNSET)), ast.BitOr(), unset)
    found = _expression(text)
    if not _is_type(found):
        raise _refused(text)
    return found


def _is_type(node: ast.expr) -> bool:
    """A type expression: names, dotted names, constants, subscripts, unions. No call, no operator but `|`."""
    rest = [node]
    while rest:
        match rest.pop():
            case ast.Name() | ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant()):
                pass
            case ast.Attribute(value=inner):
                rest.append(inner)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                rest += left, right
            case ast.Subscript(value=value, slice=slice_):
                rest += value, slice_
            case ast.Tuple(elts=elements):
                rest += elements
            case _:
                return False
    return True


def _expression(text: str) -> ast.expr:
    match _parsed(text):
        case [ast.Expr(value=value)]:
            return value
    raise _refused(text)


def _parsed(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError:
        raise _refused(text[:200]) from None


def _refused(text: str) -> UnexpectedCodeError:
    return UnexpectedCodeError(f"this is not to be emitted: {text!a}")
