"""A plan -> the view of its module: operations as lines, functions, constants and variables under their names."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from ..names import OF_PYTHON
from ..render import render_statement
from ..text import Code, docstring, literal
from ..views import ConstantView, ConversionsView, FunctionView
from .naming import named, variable_names
from .operations import (
    ByKind,
    Call,
    Choose,
    Constant,
    Descend,
    Dispatch,
    DispatchRow,
    Dissolve,
    Entries,
    Expression,
    Items,
    KeptItems,
    Operation,
    Operations,
    Path,
    ReadMember,
    Shaped,
    Unwrap,
    walk,
)
from .plan import Function, Key, Plan
from .values import names_text

# What the lines of operations call their own values, and what they call.
_OWN = frozenset(
    [
        "copied",
        "data",
        "has",
        "implied",
        "imply",
        "item",
        "kept",
        "member",
        "n",
        "path",
        "put",
        "read",
        "report",
        "row",
        "step",
        "tag",
        "text",
        "value",
        "value_at",
        "values",
        "where",
        "write",
    ]
)
# Types of the runtime that constants may have.
_TYPES = ("Members", "Properties", "Reasons", "Table")
# Forms of values, in their own module of the runtime.
_FORMS = ("Listed", "Named", "Scale", "Time")
_RESERVED = _OWN | OF_PYTHON


def module_view(plan: Plan, path: str, doc: tuple[str, ...]) -> ConversionsView:
    """The module of a plan."""
    printer = _Printer(plan)
    operations = [op for function in plan.functions for op in walk(function.operations)]
    functions = tuple(printer.function(function) for function in plan.functions)
    constants = tuple(printer.constants())
    tables = tuple(printer.tables())
    types = {t for c in (*constants, *tables) for t in _TYPES if t in c.annotation}
    needs = {"Report", *types, *(name for op in operations for name in op.needs)}
    forms = {f for f in _FORMS for c in constants if c.text.startswith(f"{f}(")}
    return ConversionsView(
        path, doc, sorted_imports(needs), sorted_imports(forms), constants, functions, tables
    )


def sorted_imports(names: Iterable[str]) -> tuple[str, ...]:
    """Names in the order of an import: constants, classes, functions."""
    return tuple(sorted(names, key=lambda name: (not name.isupper(), name.islower(), name)))


def function_names_of(plan: Plan) -> dict[Key, str]:
    """The name of the function that is called for each key."""
    names = named({function.key: function.names for function in plan.functions})
    return {key: names[same] for key, same in plan.same.items()}


def lines_of(operations: Operations) -> tuple[str, ...]:
    """The lines of operations that need no names but their own."""
    return tuple(_Printer(Plan((), {})).lines(operations, _Scope.of_function({})))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What operations are about: the object, the value in it and the path of that value."""

    variables: Mapping[Path, str]
    object: Code
    value: Code
    where: Code

    @classmethod
    def of_function(cls, variables: Mapping[Path, str]) -> _Scope:
        return cls(variables, Code("data"), Code("data"), Code("path"))

    def inside(self, operation: Operation) -> _Scope:
        """The scope of the operations inside of one."""
        match operation:
            case Descend(path=path) | Dissolve(path=path):
                return replace(self, object=Code(self.variables[path]))
            case Shaped(at=at) | Unwrap(at=at):
                return self.about_value(at, "")
            case Items(at=at) | KeptItems(at=at):
                return self.about_value(at, ' + f"[{n}]"')
            case Entries(at=at):
                return self.about_value(at, " + step(n)")
            case _:
                return self

    def about_value(self, at: str, element: str) -> _Scope:
        where = Code(f"path + {literal(at)}{element}")
        return replace(self, value=Code("value"), where=where)


class _Printer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.functions = function_names_of(plan)
        items = {}
        for function in plan.functions:
            for operation in walk(function.operations):
                items.update({_identity(item): item.names for item in _named_in(operation)})
        self.names = {key: Code(name) for key, name in named(items).items()}

    def function(self, function: Function) -> FunctionView:
        paths = [
            operation.path
            for operation in walk(function.operations)
            if isinstance(operation, Descend | Dissolve)
        ]
        variables = named({path: variable_names(path) for path in paths}, _RESERVED)
        lines = self.lines(function.operations, _Scope.of_function(variables))
        return FunctionView(
            self.functions[function.key],
            "bool" if function.answers else "None",
            docstring(_documentation(function), 4),
            tuple(lines) or ("pass",),
        )

    def lines(self, operations: Operations, scope: _Scope) -> list[Code]:
        return [line for operation in operations for line in self.statement(operation, scope)]

    def statement(self, operation: Operation, scope: _Scope) -> list[Code]:
        inner = scope.inside(operation)
        values: dict[str, object] = {"object": scope.object, "inner": inner.object}
        values |= {"subject_value": scope.value, "subject_path": scope.where}
        for name in _fields(operation):
            values[name] = self.value(operation, getattr(operation, name), inner)
        if isinstance(operation, Descend | Dissolve):
            values["name"] = operation.path[-1]
        if isinstance(operation, Dispatch):
            values["table"] = self.names[_identity(operation)]
        if isinstance(operation, Call):
            values["function"] = Code(self.functions[operation.function])
        return render_statement(operation.template, values)

    def value(self, operation: Operation, value: object, scope: _Scope) -> object:
        """A field of an operation as its template has it."""
        match value:
            case Constant():
                return self.names[_identity(value)]
            case Expression(parts=parts):
                texts = [self.names[_identity(p)] if isinstance(p, Constant) else p for p in parts]
                return Code("".join(texts))
            case tuple() if isinstance(operation, ByKind) and value is operation.cases:
                return [
                    {"test": case.test, "operations": self.lines(case.operations, scope)}
                    for case in operation.cases
                ]
            case tuple() if isinstance(operation, Choose) and value is operation.cases:
                return [
                    {"text": case.text, "operations": self.lines(case.operations, scope)}
                    for case in operation.cases
                ]
            case (Operation(), *_):
                return self.lines(tuple(op for op in value if isinstance(op, Operation)), scope)
            case _:
                return value

    def constants(self) -> Iterator[ConstantView]:
        seen = set()
        for function in self.plan.functions:
            for operation in walk(function.operations):
                for item in _named_in(operation):
                    if isinstance(item, Constant) and _identity(item) not in seen:
                        seen.add(_identity(item))
                        annotation = f"Final[{item.type}]" if item.type else "Final"
                        yield ConstantView(self.names[_identity(item)], annotation, item.text)

    def tables(self) -> Iterator[ConstantView]:
        for function in self.plan.functions:
            for operation in function.operations:
                if isinstance(operation, Dispatch):
                    is_reader = isinstance(operation, ReadMember)
                    rows = [self.row(row, is_reader) for row in operation.rows]
                    yield ConstantView(
                        self.names[_identity(operation)],
                        "Final[Members]" if is_reader else "Final",
                        f"{{{', '.join(rows)}}}",
                    )

    def row(self, row: DispatchRow, is_reader: bool) -> str:
        function = self.functions[row.function]
        if not is_reader:
            return f"{literal(row.tag)}: {function}"
        implied = [f"({names_text(path)}, {literal(text)})" for path, text in row.implied]
        texts = f"({', '.join(implied)},)" if implied else "()"
        return f"{literal(row.tag)}: ({function}, {literal(row.member)}, {texts})"


def _documentation(function: Function) -> str:
    if not function.schemas:
        return function.about
    *most, last = function.schemas
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{function.about} {listed}.".strip()


def _named_in(operation: Operation) -> Iterator[Constant | Dispatch]:
    """What an operation needs a name of the module for."""
    if isinstance(operation, Dispatch):
        yield operation
    for name in _fields(operation):
        match getattr(operation, name):
            case Constant() as constant:
                yield constant
            case Expression(parts=parts):
                yield from (part for part in parts if isinstance(part, Constant))


def _identity(item: Constant | Dispatch) -> Hashable:
    return item.names, item.text if isinstance(item, Constant) else item.rows


def _fields(operation: Operation) -> Iterator[str]:
    return (one.name for one in fields(operation))
