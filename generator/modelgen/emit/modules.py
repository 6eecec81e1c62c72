"""Which type goes to which module, in which order, and what a module imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from .styles import Style
from .text import WIDTH
from .types import Imports

DEFAULT_MODULE = "models"


def cut(api: ir.Api, rules: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Key -> module name. A component goes where the first rule with a matching glob says, inline types go along.

    Raises SpecError if the modules would import each other in a circle.
    """
    homes: dict[str, str] = {}
    head: ir.Named | None = None
    for named in api.types:
        if named.component or head is None or not ir.is_within(named.key, head.key):
            head = named
            homes[named.key] = next(
                (
                    name
                    for name, globs in rules
                    if any(fnmatchcase(named.key, glob) for glob in globs)
                ),
                DEFAULT_MODULE,
            )
        else:
            homes[named.key] = homes[head.key]
    _refuse_cycles(api, homes)
    return homes


def _refuse_cycles(api: ir.Api, homes: Mapping[str, str]) -> None:
    edges: dict[str, dict[str, tuple[ir.Named, str]]] = {}
    for named in api.types:
        for target in ir.references(named.type):
            if homes[target] != homes[named.key]:
                edges.setdefault(homes[named.key], {}).setdefault(homes[target], (named, target))
    done: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> None:
        if module in path:
            raise _cycle([*path[path.index(module) :], module], edges)
        if module in done:
            return
        path.append(module)
        for other in sorted(edges.get(module, ())):
            visit(other)
        path.pop()
        done.add(module)

    for module in sorted(edges):
        visit(module)


def _cycle(
    circle: Sequence[str], edges: Mapping[str, Mapping[str, tuple[ir.Named, str]]]
) -> SpecError:
    steps = [edges[a][b] for a, b in pairwise(circle)]
    because = ", ".join(f"`{named.key}` refers to `{target}`" for named, target in steps)
    related = tuple(named.at for named, _ in steps[1:])
    at = steps[0][0].at if steps else Location("")
    return SpecError(
        Diagnostic(
            "module-cycle",
            f"The modules {' -> '.join(circle)} would import each other: {because}.",
            at,
            "Move one of these schemas to the other module, in `modules` of the package's configuration.",
            related,
        )
    )


def alias_order(keys: Sequence[str], types: Mapping[str, ir.Named]) -> tuple[list[str], set[str]]:
    """Aliases such that each comes after those it mentions; and those that cannot, because they mention themselves."""
    ordered: dict[str, None] = {}
    recursive: set[str] = set()
    wanted = set(keys)
    for start in keys:
        open_: dict[str, None] = {}
        stack = [(start, iter(_mentioned(start, types, wanted)))]
        open_[start] = None
        while stack:
            key, rest = stack[-1]
            following = next((other for other in rest if other not in ordered), None)
            if following is None:
                stack.pop()
                open_.pop(key, None)
                ordered[key] = None
            elif following in open_:
                recursive.add(key)
            else:
                open_[following] = None
                stack.append((following, iter(_mentioned(following, types, wanted))))
    return list(ordered), recursive


def _mentioned(key: str, types: Mapping[str, ir.Named], wanted: set[str]) -> list[str]:
    return [target for target in ir.references(types[key].type) if target in wanted]


def import_groups(
    imports: Imports,
    here: str,
    homes: Mapping[str, str],
    names: Mapping[str, str],
    style: Style | None,
    support: str,
) -> tuple[tuple[str, ...], ...]:
    """The import statements of a module of models: standard library, third party, this package. `support`: the
    package of the support modules, as dots."""
    standard = [f"import {module[1:]} as {module}" for module in sorted(imports.modules)]
    third: list[str] = []
    if style is not None:
        line = f"from {style.module} import {style.imported}"
        (third if style.requires else standard).append(line)
    if imports.typing:
        standard.extend(from_import("typing", sorted(imports.typing)))
    local: list[str] = []
    if imports.runtime:
        local.extend(from_import(f"{support}_runtime", sorted(imports.runtime, key=import_order)))
    by_module: dict[str, set[str]] = {}
    for key in imports.keys:
        if homes[key] != here:
            by_module.setdefault(homes[key], set()).add(names[key])
    for module in sorted(by_module):
        local.extend(from_import(f".{module}", sorted(by_module[module], key=import_order)))
    return tuple(tuple(group) for group in (standard, third, local) if group)


def import_order(name: str) -> tuple[int, str]:
    """Constants, classes, then the rest, each in alphabetical order."""
    bare = name.partition(" as ")[0]
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2, bare)


def from_import(module: str, names: Sequence[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]
