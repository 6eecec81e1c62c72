"""Which type goes to which module, in which order, and what a module imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from .styles import Style
from .text import WIDTH
from .types import Imports
from .views import ImportView

DEFAULT_MODULE = "models"
OPERATIONS_MODULE = "operations"
# Where the types go that stand in operations.
OPERATION_TYPES_MODULE = "operation_types"


def cut(api: ir.Api, rules: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Key -> module name. A component goes where the first rule with a matching glob says, inline types go along.

    Raises SpecError if the modules would import each other in a circle.
    """
    homes: dict[str, str] = {}
    head: ir.Named | None = None
    for named in api.types:
        if named.component or head is None or not ir.is_within(named.key, head.key):
            head = named
            homes[named.key] = (
                OPERATION_TYPES_MODULE if named.key in api.apart else _home(named, rules)
            )
        else:
            homes[named.key] = homes[head.key]
    _refuse_cycles(api, homes)
    return homes


def _home(named: ir.Named, rules: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The module of a component: that of the first rule with a glob for its name."""
    return next(
        (name for name, globs in rules if any(fnmatchcase(named.key, glob) for glob in globs)),
        DEFAULT_MODULE,
    )


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
) -> tuple[tuple[ImportView, ...], ...]:
    """The imports of a module of models: standard library, third party, this package. `style`: None if it has no
    classes. `support`: the package of the support modules, as dots."""
    standard = [ImportView(module[1:], alias=module) for module in sorted(imports.modules)]
    third: list[ImportView] = []
    if style is not None:
        group = third if style.requires else standard
        group.append(import_view(style.module, (style.imported, *imports.fields)))
    if imports.typing:
        standard.append(import_view("typing", imports.typing))
    local: list[ImportView] = []
    if imports.runtime:
        local.append(import_view(f"{support}_runtime", imports.runtime))
    by_module: dict[str, set[str]] = {}
    for key in imports.keys:
        if homes[key] != here:
            by_module.setdefault(homes[key], set()).add(names[key])
    local += (import_view(f".{module}", by_module[module]) for module in sorted(by_module))
    return tuple(tuple(group) for group in (standard, third, local) if group)


def import_order(name: str) -> tuple[int, str]:
    """Constants, classes, then the rest, each in alphabetical order."""
    bare = name.partition(" as ")[0]
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2, bare)


def import_view(module: str, names: Iterable[str]) -> ImportView:
    """The import of some names, in order; one a line if they do not fit on one."""
    ordered = sorted(names, key=import_order)
    text = ", ".join(ordered)
    if len(module) + len(text) > WIDTH - len("from  import "):
        text = "".join(f"    {name},\n" for name in ordered)
        text = f"(\n{text})"
    return ImportView(module, text)
