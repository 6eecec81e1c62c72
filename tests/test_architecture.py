"""Who may import what. Data flows one way, so imports do too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator" / "modelgen"

# The rooms in the order of the flow: a module imports from its own room and from rooms before it, and of those only
# what stands here. `errors` is everyone's.
FLOW: dict[str, set[str]] = {
    "errors": set(),
    "ir": set(),
    "openapi": set(),
    "loader": {"openapi"},
    "normalizer": {"ir", "loader", "openapi"},
    "reconcile": {"ir", "loader"},
    "emit": {"ir", "openapi", "reconcile"},
    "disk": set(),
    "project": {"disk", "emit", "loader", "openapi"},
    "diff": {"emit", "ir", "loader", "normalizer", "openapi", "project"},
    "history": {"diff", "emit", "ir", "loader", "project"},
    "pipeline": {"disk", "emit", "ir", "loader", "normalizer", "project", "reconcile"},
    "code": {
        "diff",
        "disk",
        "emit",
        "ir",
        "loader",
        "normalizer",
        "pipeline",
        "project",
        "reconcile",
    },
    "update": {"diff", "disk", "loader", "pipeline", "project", "reconcile"},
    "prove": {"ir", "reconcile"},
    "convert": {"diff", "emit", "ir", "loader", "project", "reconcile"},
    "commands": {
        "code",
        "convert",
        "diff",
        "disk",
        "emit",
        "history",
        "ir",
        "loader",
        "normalizer",
        "pipeline",
        "project",
        "prove",
        "reconcile",
        "update",
    },
    "cli": {"commands"},
    "__main__": {"cli"},
}
EVERYONES = {"errors"}

THIRD_PARTY: dict[str, set[str]] = {
    "attr": set(),
    "attrs": set(),
    "black": {"emit.render"},
    "build": {"project.wheel"},
    "click": {"cli", "commands"},
    "jinja2": {"emit.render"},
    "jsonpath": {"loader.overlay"},
    "jsonschema": {"diff.baseline", "project.checks", "reconcile.read"},
    "libcst": {"code.rewrite"},
    "mypy": {"code.types"},
    "platformdirs": {"project.cache"},
    "pyproject_hooks": {"project.wheel"},
    "rich": {"commands.terminal"},
    "tomli_w": {"project.wheel"},
    "urllib3": {"loader"},
    "yaml": {"loader"},
}
# These cost more than a run with nothing to do may take, so they are imported where they are needed.
HEAVY = {
    "black",
    "jinja2",
    "jsonpath",
    "jsonschema",
    "libcst",
    "mypy",
    "platformdirs",
    "rich",
    "urllib3",
    "yaml",
}
LIGHT_MODULES = {
    "errors",
    "cli",
    "convert.formats",
    "commands.code",
    "commands.documents",
    "commands.generate",
    "commands.messages",
    "commands.options",
    "commands.terminal",
    "diff.formats",
    "disk.files",
    "disk.swap",
    "emit.styles",
    "history.formats",
    "project.cache",
    "project.checks",
    "project.config",
    "project.key_positions",
    "project.naming",
    "project.jobs",
}

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """A module's name below the package: `emit.codecs.unions`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def imports(path: Path, tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Every imported name as a dotted path; relative ones made absolute."""
    package = ("modelgen", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (tuple(name.name.split(".")) for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) - level + 1] if level else ()
                home = (*base, *(module.split(".") if module else ()))
                yield from ((*home, name.name) for name in names)


def imported_modules(path: Path) -> Iterator[str]:
    """The modules of the package that a module imports, anywhere in it."""
    for name in imports(path, ast.parse(path.read_text(encoding="utf-8"))):
        if name[0] == "modelgen":
            dotted = ".".join(name[1:])
            yield dotted if dotted in MODULES else dotted.rpartition(".")[0]


def room(module: str) -> str:
    return module.partition(".")[0]


GRAPH = {name: set(imported_modules(path)) - {name, ""} for name, path in MODULES.items() if name}


@pytest.mark.parametrize("module", GRAPH)
def test_imports_follow_the_flow(module: str) -> None:
    if module == "__init__":
        return
    assert room(module) in FLOW, f"{module} has no place in the flow yet: add it to FLOW"
    for name in GRAPH[module]:
        allowed = FLOW[room(module)] | EVERYONES | {room(module)}
        assert room(name) in allowed, f"{module} imports {name}"


def test_the_flow_has_no_cycle() -> None:
    order = list(FLOW)
    for module, before in FLOW.items():
        for name in before:
            assert order.index(name) < order.index(module), f"{module} stands before {name}"


def test_every_grant_is_used() -> None:
    used = {(room(module), room(name)) for module, names in GRAPH.items() for name in names}
    for module, before in FLOW.items():
        for name in before:
            assert (module, name) in used, f"{module} does not import {name}: take it out of FLOW"


def test_libraries_are_used_where_they_belong() -> None:
    used = set()
    for module, path in MODULES.items():
        for name in imports(path, ast.parse(path.read_text(encoding="utf-8"))):
            if name[0] in THIRD_PARTY:
                homes = [h for h in THIRD_PARTY[name[0]] if f"{module}.".startswith(f"{h}.")]
                assert homes, f"{module} imports {name[0]}"
                used.update((name[0], home) for home in homes)
    for library, homes_of in THIRD_PARTY.items():
        for home in homes_of:
            assert (library, home) in used, f"{home} does not import {library}"


def circles() -> list[set[str]]:
    """The modules that import each other, in any number of steps: sets of more than two."""
    reach: dict[str, set[str]] = {}
    for start in GRAPH:
        seen: set[str] = set()
        todo = list(GRAPH[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += GRAPH.get(name, ())
        reach[start] = seen
    found: list[set[str]] = []
    for name in GRAPH:
        circle = {other for other in reach[name] if name in reach[other]}
        if len(circle) > 2 and circle not in found:
            found.append(circle)
    return found


def test_modules_do_not_run_in_circles() -> None:
    assert circles() == []


def test_the_root_holds_the_flow_and_nothing_else() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 6


@pytest.mark.parametrize("module", sorted(LIGHT_MODULES))
def test_what_every_run_imports_is_light(module: str) -> None:
    path = MODULES[module]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for name in imports(path, node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            assert name[0] not in HEAVY, f"{path.name} imports {name[0]} at the top"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_named_after_what_they_hold(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "manager"}


# Text that begins like a statement, or assigns or appends.
STATEMENT = re.compile(
    r"^\s*(?:(?:if|elif|for|while|return|raise|def|class|del|with|yield|import|from|assert) "
    r"|(?:else|try|finally):|(?:return|yield|raise|pass|continue|break)$|@\w)"
    r"|\w[\])]? = |\w: [\w\[\], |.]+ = |\.append\(|\+= "
)
FEW = 20


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module but docstrings, with their lines; `x` for what an f-string fills in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in node.values}
            filled = [p.value if isinstance(p, ast.Constant) else "x" for p in node.values]
            yield node.lineno, "".join(map(str, filled))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart
        ):
            yield node.lineno, node.value


def test_emitted_statements_stand_in_templates() -> None:
    """A line that is emitted can be found by searching `templates/` for it."""
    lines = [
        f"{name_of(path)}:{line}: {text}"
        for path in FILES
        if room(name_of(path)) == "emit"
        for line, text in texts(path)
        if STATEMENT.search(text)
    ]
    assert len(lines) <= FEW, "\n".join(lines)
