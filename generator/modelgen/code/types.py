"""The types that a checker finds in code: of which class an expression is, and what a name stands for.

The checker is mypy, asked through its library: it knows the type of each expression after `match`, `isinstance` and
assignments, of all files in one run.
"""

from __future__ import annotations

import ast
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any, TypeAlias

from ..errors import Diagnostic, Location, SpecError
from .sources import Source

EXTRA = "openapi-modelgen[migrate]"
Span: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What an expression is: `classes` it may be an instance of, or, with `is_class`, it is one of them itself. `unknown`:
    it may be something that nobody knows."""

    classes: tuple[Any, ...] = ()
    unknown: bool = False
    is_class: bool = False

    def owners(self, attribute: str) -> list[str]:
        """For each class, the name in full of the one that defines the attribute; "" where none does."""
        owners = []
        for info in self.classes:
            home = next((base for base in info.mro if attribute in base.names), None)
            owners.append("" if home is None else str(home.fullname))
        return list(dict.fromkeys(owners))


@dataclass(slots=True)
class Types:
    """By file: the types of expressions, and what references lead to, by their spans; what the names of modules are."""

    _found: dict[str, dict[Span, Found]] = field(default_factory=dict)
    _references: dict[str, dict[Span, str]] = field(default_factory=dict)
    _modules: dict[str, Any] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def of(self, source: Source, node: ast.AST) -> Found | None:
        """None if the checker did not look at it."""
        return self._found.get(source.shown, {}).get(span(node))

    def reference(self, source: Source, node: ast.AST) -> str:
        """The name in full of what an expression refers to, "" if it is none."""
        return self._references.get(source.shown, {}).get(span(node), "")

    def module(self, source: Source) -> str:
        return self._names[source.shown]

    def member(self, module: str, name: str) -> str:
        """The name in full of what a module has under a name."""
        if f"{module}.{name}" in self._modules:
            return f"{module}.{name}"
        known = self._modules.get(module)
        symbol = known.names.get(name) if known is not None else None
        node = symbol.node if symbol is not None else None
        return str(getattr(node, "fullname", "") or "")

    def has(self, module: str) -> bool:
        return module in self._modules


def span(node: ast.AST) -> Span:
    at: Any = node
    return at.lineno, at.col_offset, at.end_lineno, at.end_col_offset


def checked(sources: Iterable[tuple[Source, str]], package: Mapping[str, str], root: str) -> Types:
    """What the checker finds in files, given with the names of their modules, that use a package whose files are given.
    Raises SpecError if there is no checker."""
    try:
        from mypy import build, errors, modulefinder, options
    except ImportError:
        raise missing("mypy") from None
    listed = list(sources)
    chosen = options.Options()
    chosen.export_types = chosen.preserve_asts = True
    chosen.check_untyped_defs = chosen.allow_redefinition = True
    chosen.incremental = False
    chosen.cache_dir = os.devnull
    chosen.ignore_missing_imports = chosen.ignore_errors = True
    chosen.namespace_packages = chosen.explicit_package_bases = True
    chosen.follow_imports = "silent"
    with tempfile.TemporaryDirectory() as folder:
        inputs = []
        for path, text in _stubs(package).items():
            place = Path(folder, *root.split("."), path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            name = ".".join((root, *Path(path).with_suffix("").parts)).removesuffix(".__init__")
            inputs.append(modulefinder.BuildSource(str(place), name, None))
        chosen.mypy_path = [folder]
        names = {source.shown: name for source, name in listed}
        for source, name in listed:
            inputs.append(modulefinder.BuildSource(str(source.path), name, source.plain))
        try:
            result = build.build(inputs, chosen)
        except errors.CompileError as error:
            raise _refused("; ".join(error.messages)) from None
        except SystemExit:
            raise _refused("it failed itself") from None
    return _collected(result, names)


def _refused(why: str) -> SpecError:
    return SpecError(
        Diagnostic(
            "code-not-checked",
            f"mypy could not read the code: {why}",
            Location("mypy"),
            "Mend or leave out the file that it names.",
        )
    )


def missing(library: str) -> SpecError:
    """What to say where an optional library is missing."""
    return SpecError(
        Diagnostic(
            "code-library",
            f"Looking at code needs {library}, which is not installed.",
            Location("modelgen"),
            f"pip install '{EXTRA}'",
        )
    )


class _Emptied(ast.NodeTransformer):
    """Functions without their bodies, which say nothing about types."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [ast.Expr(ast.Constant(...))]
        return node


def _stubs(package: Mapping[str, str]) -> dict[str, str]:
    stubs = {}
    for path, text in package.items():
        if path.endswith(".py"):
            stubs[f"{path}i"] = ast.unparse(_Emptied().visit(ast.parse(text)))
    return stubs


def _collected(result: Any, names: Mapping[str, str]) -> Types:
    from mypy import nodes
    from mypy import types as mypy_types

    types = Types(_modules=dict(result.files), _names=dict(names))
    by_module = {name: shown for shown, name in names.items()}

    def found(type_: Any) -> Found:
        classes: dict[str, Any] = {}
        unknown = is_class = False
        waiting = [type_]
        while waiting:
            one = mypy_types.get_proper_type(waiting.pop())
            match one:
                case mypy_types.Instance():
                    classes[one.type.fullname] = one.type
                case mypy_types.UnionType():
                    waiting += reversed(one.items)
                case mypy_types.TupleType():
                    classes[one.partial_fallback.type.fullname] = one.partial_fallback.type
                case mypy_types.LiteralType():
                    classes[one.fallback.type.fullname] = one.fallback.type
                case mypy_types.TypeVarType():
                    waiting.append(one.upper_bound)
                case mypy_types.TypeType():
                    is_class = True
                    waiting.append(one.item)
                case mypy_types.FunctionLike() if one.is_type_obj():
                    info = one.type_object()
                    classes[info.fullname] = info
                    is_class = True
                case mypy_types.AnyType():
                    unknown = unknown or not _is_foreign(one, mypy_types)
                case _:
                    pass
        return Found(tuple(classes.values()), unknown, is_class)

    for name, shown in by_module.items():
        found_here: dict[Span, Found] = types._found.setdefault(shown, {})
        references = types._references.setdefault(shown, {})
        for node in _expressions(result.files[name], nodes):
            place = (node.line, node.column, node.end_line, node.end_column)
            if node in result.types:
                found_here[place] = found(result.types[node])
            if isinstance(node, nodes.RefExpr):
                references[place] = getattr(node.node, "fullname", "") or node.fullname
    return types


# Attributes of the checker's nodes that lead out of the tree.
_OUT = frozenset({"analyzed", "definition", "def_frame", "defn", "info", "node", "type", "var"})
_STORED = (GetSetDescriptorType, MemberDescriptorType)


def _expressions(tree: Any, nodes: Any) -> Iterator[Any]:
    """All expressions of a file. The visitors of the checker are compiled, and admit no classes of others."""
    stored: dict[type, list[str]] = {}
    seen: set[int] = set()
    waiting: list[Any] = list(reversed(tree.defs))
    while waiting:
        node = waiting.pop()
        if isinstance(node, list | tuple):
            waiting += reversed(node)
            continue
        if not isinstance(node, nodes.Node) or isinstance(node, nodes.TypeInfo | nodes.MypyFile):
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, nodes.Expression) and node.end_line is not None:
            yield node
        kind = type(node)
        if kind not in stored:
            names = {
                name
                for base in kind.__mro__
                for name, value in vars(base).items()
                if isinstance(value, _STORED) and name not in _OUT and not name.startswith("__")
            }
            stored[kind] = sorted(names, reverse=True)
        waiting += [getattr(node, name, None) for name in stored[kind]]


def _is_foreign(any_: Any, mypy_types: Any) -> bool:
    """Whether nobody knows a type because it comes from a library that is not there."""
    while any_.type_of_any == mypy_types.TypeOfAny.from_another_any and any_.source_any:
        any_ = any_.source_any
    return bool(any_.type_of_any == mypy_types.TypeOfAny.from_unimported_type)
