"""Who may import what. Data flows one way, so imports do too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator" / "modelgen"

# Each module may import from itself and from those it names; errors and ir are everyone's.
FLOW: dict[str, set[str]] = {
    "errors": set(),
    "ir": set(),
    "config": set(),
    "anomalies": set(),
    "dispatch": set(),
    "loader": set(),
    "swap": set(),
    "files": {"swap"},
    "replacement": set(),
    "lock": set(),
    "sources": {"config", "loader", "lock", "replacement"},
    "normalizer": {"anomalies", "dispatch", "loader"},
    "names": {"config"},
    "styles": {"config"},
    "reconcile": {"loader", "names"},
    "views": {"styles"},
    "lower": {"config", "names", "reconcile", "styles", "views", "dispatch"},
    "describe": set(),
    "diff": {"describe", "dispatch", "loader", "lower", "names", "normalizer"},
    "history": {"describe", "diff", "normalizer"},
    "render": {"views", "styles"},
    "verify": {"views"},
    "pipeline": {
        "anomalies",
        "config",
        "describe",
        "files",
        "loader",
        "lower",
        "names",
        "normalizer",
        "reconcile",
        "render",
        "styles",
        "verify",
    },
    "baseline": {"diff", "loader"},
    "cache": {"config", "files"},
    "jobs": {"cache", "config"},
    "converting": {"jobs"},
    "starter": {"config", "jobs", "replacement"},
    "wheel": {"config", "files", "jobs"},
    "report": {"converting", "files", "pipeline", "reconcile", "sources", "starter"},
    "comparing": {"config", "diff", "loader", "normalizer", "render", "report"},
    "tracing": {
        "comparing",
        "config",
        "diff",
        "history",
        "loader",
        "normalizer",
        "render",
        "report",
    },
    "terminal": set(),
    "cli": {
        "baseline",
        "cache",
        "comparing",
        "config",
        "converting",
        "diff",
        "jobs",
        "loader",
        "pipeline",
        "reconcile",
        "replacement",
        "report",
        "sources",
        "starter",
        "terminal",
        "tracing",
        "wheel",
    },
    "__main__": {"cli"},
}
EVERYONES = {"errors", "ir"}

THIRD_PARTY: dict[str, set[str]] = {
    "attr": set(),
    "attrs": set(),
    "black": {"render"},
    "build": {"wheel"},
    "click": {"cli", "terminal"},
    "jinja2": {"render"},
    "jsonschema": {"baseline", "config", "loader", "reconcile"},
    "platformdirs": {"cache"},
    "pyproject_hooks": {"wheel"},
    "referencing": {"config", "loader"},
    "rich": {"terminal"},
    "tomli_w": {"wheel"},
    "urllib3": {"loader"},
    "yaml": {"config", "loader"},
}
# These cost more than a run with nothing to do may take, so they are imported where they are needed.
HEAVY = {"black", "jinja2", "jsonschema", "platformdirs", "rich", "urllib3", "yaml"}
LIGHT_MODULES = {"errors", "config", "swap", "files", "cache", "jobs", "report", "terminal", "cli"}

FILES = sorted(PACKAGE.rglob("*.py"))


def owner(path: Path) -> str:
    """The module of FLOW that a file belongs to: its own name, or its subpackage's."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_follow_the_flow(path: Path) -> None:
    module = owner(path)
    if module == "__init__":
        return
    assert module in FLOW, f"{module} has no place in the flow yet: add it to FLOW"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name in imports(path, tree):
        if name[0] == "modelgen" and len(name) > 1 and name[1] in FLOW:
            allowed = FLOW[module] | EVERYONES | {module}
            assert name[1] in allowed, f"{module} imports {'.'.join(name)}"
        elif name[0] in THIRD_PARTY:
            assert module in THIRD_PARTY[name[0]], f"{module} imports {name[0]}"


def test_the_flow_has_no_cycle() -> None:
    order = list(FLOW)
    for module, before in FLOW.items():
        for name in before:
            assert order.index(name) < order.index(module), f"{module} stands before {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_every_run_imports_is_light(path: Path) -> None:
    if owner(path) not in LIGHT_MODULES:
        return
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for name in imports(path, node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            assert name[0] not in HEAVY, f"{path.name} imports {name[0]} at the top"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_named_after_what_they_hold(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "manager"}
