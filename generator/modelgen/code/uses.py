"""What code uses of the names that are not as they were: each place with what became of it, and what has to be done there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .fates import Fates

# What follows by itself; what a person has to choose; what nobody can tell; what is only a remark.
State: TypeAlias = Literal["follows", "choose", "undecided", "remark"]
STATES: tuple[State, ...] = ("follows", "choose", "undecided", "remark")
Place: TypeAlias = tuple[int, int]  # line from 1, column from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A place in a file. `line` and `column` count from 1, in characters. `old` and `new` are what stood and stands for it
    in the package, `remedy` is what has to be done."""

    file: str
    line: int
    column: int
    rule: str
    state: State
    what: str
    old: str = ""
    new: str = ""
    remedy: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        return self.file, self.line, self.column, self.rule, self.what


@dataclass(slots=True)
class Edits:
    """What is rewritten in a file. `names`: where a name stands -> what stands there instead, with dots where it moved into
    an object. `literals`: where a literal begins -> its new text. `objects`: the classes on the way of a moved argument, by
    where its name stands. `homes`: where a name is imported -> the module it comes from now. `marks`: line -> comments.
    """

    names: dict[Place, str] = field(default_factory=dict)
    literals: dict[Place, str] = field(default_factory=dict)
    objects: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    homes: dict[Place, str] = field(default_factory=dict)
    modules: dict[Place, str] = field(default_factory=dict)
    further: dict[Place, dict[str, str]] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    marks: dict[int, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(
            self.names or self.literals or self.homes or self.modules or self.marks or self.further
        )


def short(full: str) -> str:
    return full.rpartition(".")[2]


def statements(tree: ast.Module) -> Mapping[int, int]:
    """Line -> the line of the statement, or case, that holds it and can have a comment above."""
    found: dict[int, int] = {}

    def visit(node: ast.AST, above: int) -> None:
        here = above
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
            here = above if above == first else first
        elif isinstance(node, ast.match_case):
            here = node.pattern.lineno
        line = getattr(node, "lineno", None)
        end = getattr(node, "end_lineno", None)
        if here and line and isinstance(node, ast.stmt | ast.match_case | ast.pattern):
            for number in range(min(here, line), (end or line) + 1):
                found[number] = here
        for child in ast.iter_child_nodes(node):
            visit(child, here)

    for statement in tree.body:
        visit(statement, 0)
    return found


def bindings(tree: ast.Module, module: str, is_package: bool) -> Iterator[tuple[str, str, str]]:
    """What imports bind anywhere in a file: the name, the module, and the name in it ("" for the module itself)."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    if name.asname:
                        yield name.asname, name.name, ""
                    else:
                        top = name.name.partition(".")[0]
                        yield top, top, ""
            case ast.ImportFrom(names=names):
                home = imported_from(node, module, is_package)
                for name in names:
                    yield name.asname or name.name, home, name.name


def imported_from(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    """The module that an import names, in full."""
    if not node.level:
        return node.module or ""
    steps = module.split(".")
    keep = len(steps) - node.level + is_package
    return ".".join([*steps[: max(keep, 0)], *([node.module] if node.module else [])])


def rebound(tree: ast.Module) -> frozenset[str]:
    """Names that something else than an import binds somewhere in a file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.ExceptHandler(name=str(name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def touches(uses: Sequence[Use], states: Sequence[State]) -> list[Use]:
    return [use for use in uses if use.state in states]


def is_of(fates: Fates, full: str) -> bool:
    """Whether a name in full belongs to the package of OLD."""
    return full == fates.roots[0] or full.startswith(f"{fates.roots[0]}.")
