"""Which type goes to which module, in which order, and what a module imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from keyword import iskeyword

from .. import ir
from ..ir.words import pascal_case, snake_case
from .names import OF_PYTHON
from .styles import Style
from .text import WIDTH
from .types import Imports
from .views import ImportView

DEFAULT_MODULE = "models"
OPERATIONS_MODULE = "operations"
# Where the types go that stand in operations.
OPERATION_TYPES_MODULE = "operation_types"
# A module of one of these names would hide the function of the same name in the package's root, or a subpackage.
RESERVED_MODULES = frozenset(
    {
        "convert",
        "decode",
        "decode_json",
        "detect",
        "encode",
        "encode_json",
        "encode_json_str",
        "reconciled",
        "validate",
    }
)
_TAKEN = {*RESERVED_MODULES, OPERATIONS_MODULE, OPERATION_TYPES_MODULE, *OF_PYTHON}
# What a module may hold before it is cut, some 25 ms of importing; and how many types a module of their own is for.
MANY_TYPES = 100
SOME_TYPES = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """`homes`: key -> module. `links`: the pairs of modules of which the first imports what it needs of the second when
    it is needed, not before. `waiting`: the keys of the aliases that are made then."""

    homes: Mapping[str, str]
    links: frozenset[tuple[str, str]]
    waiting: frozenset[str]

    @property
    def modules(self) -> frozenset[str]:
        """The modules that the package has, or would have if no type had one of its own."""
        return frozenset((DEFAULT_MODULE, *self.homes.values()))


def cut(api: ir.Api, rules: Sequence[tuple[str, Sequence[str]]]) -> Cut:
    """Which type goes where. With rules, a component goes where the first one with a matching glob says; without, a large
    API is cut by the first words of names. Inline types go with their component.

    The modules of a large API import each other when they must; those that rules make do so at once, unless in a circle.
    """
    heads = _heads(api)
    sizes = Counter(heads.values())
    components = {key: n for key, n in sizes.items() if key not in api.apart}
    operations = {key: n for key, n in sizes.items() if key in api.apart}
    if rules:
        of_heads = {key: _home(key, rules) for key in components}
        of_heads |= dict.fromkeys(operations, OPERATION_TYPES_MODULE)
    else:
        of_heads = by_words(components, DEFAULT_MODULE)
        of_heads |= by_words(operations, OPERATION_TYPES_MODULE)
    homes = {key: of_heads[head] for key, head in heads.items()}
    is_large = not rules and not {*homes.values()} <= {DEFAULT_MODULE, OPERATION_TYPES_MODULE}
    links = _links(api, homes, only_circles=not is_large)
    return Cut(homes, links, _waiting(api, homes, links))


def _heads(api: ir.Api) -> dict[str, str]:
    """Key -> that of the component, or of the type of an operation, that it stands in."""
    heads: dict[str, str] = {}
    head: ir.Named | None = None
    for named in api.types:
        if named.component or head is None or not ir.is_within(named.key, head.key):
            head = named
        heads[named.key] = head.key
    return heads


def _home(key: str, rules: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The module of a component: that of the first rule with a glob for its name."""
    return next(
        (name for name, globs in rules if any(fnmatchcase(key, glob) for glob in globs)),
        DEFAULT_MODULE,
    )


def by_words(sizes: Mapping[str, int], rest: str) -> dict[str, str]:
    """Name -> module, where nobody said it. `sizes`: name -> how many types stand in it; `rest`: the module of those that
    go nowhere else.

    What would be a module of many types is told apart by the first words of the names, then by further ones. Which
    module a name goes to depends on the names that begin as it does and on nothing else, so that an addition to a
    document moves few others.
    """
    homes: dict[str, str] = {}
    begun: list[tuple[str, list[str], int]] = [(rest, list(sizes), 0)]
    words = {name: snake_case(pascal_case(name)).split("_") for name in sizes}
    while begun:
        module, names, depth = begun.pop()
        homes |= dict.fromkeys(names, module)
        if sum(sizes[name] for name in names) <= MANY_TYPES:
            continue
        alike: dict[str, list[str]] = {}
        for name in names:
            if len(words[name]) > depth:
                alike.setdefault("_".join(words[name][: depth + 1]), []).append(name)
        begun += (
            (_module_name(start, rest), group, depth + 1)
            for start, group in alike.items()
            if sum(sizes[name] for name in group) >= SOME_TYPES and start.isascii()
        )
    return homes


def _module_name(start: str, rest: str) -> str:
    if rest == OPERATION_TYPES_MODULE:
        return f"{rest}_{start}"
    if start in _TAKEN or iskeyword(start):
        return f"{start}_"
    return start if start.isidentifier() else rest


def _links(api: ir.Api, homes: Mapping[str, str], only_circles: bool) -> frozenset[tuple[str, str]]:
    """The pairs of modules of which one needs something of the other; `only_circles`: that the other needs it, too."""
    edges: dict[str, set[str]] = {module: set() for module in homes.values()}
    for named in api.types:
        edges[homes[named.key]].update(homes[target] for target in ir.references(named.type))
    circles = _circles(edges)
    return frozenset(
        (module, other)
        for module, others in edges.items()
        for other in others - {module}
        if not only_circles or circles[module] == circles[other]
    )


def _circles(edges: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Node -> a number; nodes that lead to each other have the same."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    circles: dict[str, int] = {}
    open_: list[str] = []
    for start in edges:
        if start in order:
            continue
        stack = [(start, iter(edges[start]))]
        order[start] = lowest[start] = len(order)
        open_.append(start)
        while stack:
            node, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                stack.pop()
                if stack:
                    lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[node])
                if lowest[node] == order[node]:
                    while node not in circles:
                        circles[open_.pop()] = order[node]
            elif other not in order:
                order[other] = lowest[other] = len(order)
                open_.append(other)
                stack.append((other, iter(edges[other])))
            elif other not in circles:
                lowest[node] = min(lowest[node], order[other])
    return circles


def _waiting(
    api: ir.Api, homes: Mapping[str, str], links: frozenset[tuple[str, str]]
) -> frozenset[str]:
    """The aliases that need something that is linked, and those of their modules that need these."""
    users: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    for named in api.types:
        if isinstance(named.type, ir.Object):
            continue
        here = homes[named.key]
        for target in ir.references(named.type):
            if (here, homes[target]) in links:
                found[named.key] = None
            elif homes[target] == here:
                users.setdefault(target, []).append(named.key)
    rest = list(found)
    while rest:
        more = [user for user in users.get(rest.pop(), ()) if user not in found]
        found |= dict.fromkeys(more)
        rest += more
    return frozenset(found)


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
    imports: Imports, style: Style | None, support: str, local: Iterable[ImportView]
) -> tuple[tuple[ImportView, ...], ...]:
    """The imports of a module of models: standard library, third party, this package. `style`: None if it has no
    classes. `support`: the package of the support modules, as dots. `local`: those of other modules of models.
    """
    standard = [ImportView(module[1:], alias=module) for module in sorted(imports.modules)]
    third: list[ImportView] = []
    if style is not None:
        group = third if style.requires else standard
        group.append(ImportView(style.module, style.imported))
    if imports.typing:
        standard.append(import_view("typing", imports.typing))
    here: list[ImportView] = []
    if imports.links:
        here.append(import_view(f"{support}_links", imports.links))
    if imports.runtime:
        here.append(import_view(f"{support}_runtime", imports.runtime))
    here += local
    return tuple(tuple(group) for group in (standard, third, here) if group)


def imports_of(
    keys: Iterable[str], homes: Mapping[str, str], names: Mapping[str, str], indent: int = 0
) -> tuple[ImportView, ...]:
    """The imports of types, one a module, by a module beside theirs."""
    by_module: dict[str, set[str]] = {}
    for key in keys:
        by_module.setdefault(homes[key], set()).add(names[key])
    return tuple(
        import_view(f".{module}", by_module[module], indent) for module in sorted(by_module)
    )


def import_order(name: str) -> tuple[int, str]:
    """Constants, classes, then the rest, each in alphabetical order."""
    bare = name.partition(" as ")[0]
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2, bare)


def import_view(module: str, names: Iterable[str], indent: int = 0) -> ImportView:
    """The import of some names, in order; one a line if they do not fit on one."""
    ordered = sorted(names, key=import_order)
    text = ", ".join(ordered)
    if len(module) + len(text) > WIDTH - indent - len("from  import "):
        margin = " " * indent
        text = "".join(f"{margin}    {name},\n" for name in ordered)
        text = f"(\n{text}{margin})"
    return ImportView(module, text)
