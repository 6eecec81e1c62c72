"""Code that uses a package, for every kind of change: what is found, what is rewritten, and what a type checker says then.

A client is generated for each case of the diff, of every class, attribute and alias of its old package. What breaks is what
mypy says of the client against the new package: all of that has to be found. After the
rewrite, mypy may complain only about what was marked. An edit is false if no use is listed there; mypy does not complain of
what has a name of something unknown, or of something else of the same type, so that more lines are edited than break.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from diff_cases import CASES, loaded
from modelgen.code import comparison, rewrite
from modelgen.code.fates import Fates
from modelgen.code.look import Looked, look
from modelgen.code.surface import ALIAS, MODEL, Exported, Surface, surface
from modelgen.project.config import Package

ROOT = "cases"
GOLDEN = Path(__file__).parent / "cases" / "code" / "table.txt"


@dataclass(frozen=True)
class Case:
    name: str
    old: Mapping[str, str]
    new: Mapping[str, str]
    fates: Fates
    client: str


def client(module: str, package: Surface) -> str:
    """Code that uses every name of a package, one use a line."""
    lines = [
        f"import {module}",
        f"import {module} as whole",
        f"from {module} import UNSET, Unset, UnknownVariant",
        "from dataclasses import replace",
        "from typing import Any, Literal",
        "import datetime as _datetime, uuid as _uuid",
    ]
    types = [one for one in package.names.values() if one.kind in (MODEL, ALIAS)]
    lines += [f"from {module} import {one.name}" for one in types]
    lines += [f"from {module} import {one.name} as Other{one.name}" for one in types]
    for one in types:
        lines += list(_of_type(one, module))
        if one.kind == MODEL:
            lines += list(_of_class(one))
    return "\n".join(lines) + "\n"


def _of_type(one: Exported, module: str) -> Iterator[str]:
    lower = one.name.lower()
    yield f"def take_{lower}(x: {one.name}, y: whole.{one.name}) -> None: ..."
    yield f'def give_{lower}(x: "list[Other{one.name}]") -> "list[{one.name}]":'
    yield "    return x"
    yield f"def full_{lower}(x: {module}.{one.name}) -> None: ..."


def _of_class(one: Exported) -> Iterator[str]:
    name, lower = one.name, one.name.lower()
    attributes = [shown for shown in one.attributes.values() if shown.wire]
    yield f"class Mine{name}({name}): ..."
    yield f"def make_{lower}("
    yield from (f"    a_{shown.name}: {shown.annotation}," for shown in attributes)
    yield ") -> None:"
    yield f"    {name}("
    yield from (f"        {shown.name}=a_{shown.name}," for shown in attributes)
    yield "    )"
    yield f"    whole.{name}("
    yield from (f"        {shown.name}=a_{shown.name}," for shown in attributes)
    yield "    )"
    for shown in attributes:
        kind = shown.annotation
        yield f"def read_{lower}_{shown.name}(o: whole.{name}) -> {kind}:"
        yield f"    return o.{shown.name}"
        yield f"def write_{lower}_{shown.name}(o: {name}, v: {kind}) -> None:"
        yield f"    o.{shown.name} = v"
        yield f"def match_{lower}_{shown.name}(o: object) -> object:"
        yield "    match o:"
        yield f"        case whole.{name}({shown.name}=found):"
        yield "            return found"
        yield "    return None"
        yield f"def mine_{lower}_{shown.name}(o: Mine{name}) -> object:"
        yield f"    return o.{shown.name}"


@cache
def cases() -> tuple[Case, ...]:
    made = []
    for folder in CASES:
        name = folder.name.replace("-", "_")
        package = Package(name=name)
        versions = [
            comparison.Version(loaded(folder / f"{side}.yaml"), package, f"{ROOT}.{name}")
            for side in ("old", "new")
        ]
        compared = comparison.by_comparison(versions[0], versions[1], {})
        old = surface(compared.files, f"{ROOT}.{name}")
        text = client(f"{ROOT}.{name}", old)
        made.append(Case(name, compared.files, versions[1].files(), compared.fates, text))
    return tuple(made)


@dataclass(frozen=True)
class Ran:
    """The clients before and after, the uses, and the lines that mypy complains of before and after."""

    looked: Looked
    before: Mapping[str, str]
    after: Mapping[str, str]
    broken: Mapping[str, set[int]]
    left: Mapping[str, dict[int, str]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("code")
    before = {f"client_{case.name}": case.client for case in cases()}
    for name, text in before.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    package = {f"{c.name}/{p}": t for c in cases() for p, t in c.old.items()} | {"__init__.py": ""}
    types = {name: fate for case in cases() for name, fate in case.fates.types.items()}
    known = {f"{c.name}.{n}": full for c in cases() for n, full in c.fates.known.items()}
    looked = look(folder, Fates(roots=(ROOT, ROOT), types=types, known=known), package)
    new = folder / "new"
    for case in cases():
        for path, text in case.new.items():
            place = new / ROOT / case.name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    (new / ROOT / "__init__.py").write_text("")
    broken = complaints(folder, before, new)
    made, _ = rewrite.contents(looked, folder, untracked=True)
    after = before | {path.stem: content.decode() for path, content in made.items()}
    return Ran(
        looked,
        before,
        after,
        {name: set(lines) for name, lines in broken.items()},
        complaints(folder, after, new),
    )


def complaints(folder: Path, texts: Mapping[str, str], package: Path) -> dict[str, dict[int, str]]:
    """By module and line, what mypy has to say."""
    from mypy import build, modulefinder, options

    chosen = options.Options()
    chosen.incremental = False
    chosen.check_untyped_defs = True
    chosen.mypy_path = [str(package)]
    chosen.follow_imports = "silent"
    chosen.python_version = sys.version_info[:2]
    inputs = [modulefinder.BuildSource(f"{name}.py", name, text) for name, text in texts.items()]
    found: dict[str, dict[int, str]] = {name: {} for name in texts}
    for line in build.build(inputs, chosen).errors:
        match = re.match(r"(\w+)\.py:(\d+): error: (.*)", line)
        if match:
            found[match[1]].setdefault(int(match[2]), match[3])
    return found


def changed(before: str, after: str) -> set[int]:
    """The lines of the first text that are others in the second, marks apart."""
    import difflib

    ours = before.splitlines()
    theirs = [line for line in after.splitlines() if not line.strip().startswith("# modelgen:")]
    lines: set[int] = set()
    for tag, i1, i2, _, _ in difflib.SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if tag in ("replace", "delete"):
            lines |= set(range(i1 + 1, i2 + 1))
    return lines


def firsts(text: str) -> dict[int, int]:
    """The lines of a statement -> its first one; what a checker says of a call, it says there."""
    return {
        line: node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr | ast.Assign | ast.Return)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def marked(text: str) -> set[int]:
    """The lines of statements that have a mark."""
    lines = text.splitlines()
    found: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        at = node.pattern if isinstance(node, ast.match_case) else node
        if isinstance(node, ast.stmt | ast.match_case):
            above = at.lineno - 2
            while above >= 0 and lines[above].strip().startswith("#"):
                if "# modelgen:" in lines[above]:
                    end = getattr(node, "end_lineno", None) or at.lineno
                    found |= set(range(at.lineno, end + 1))
                above -= 1
    return found


def test_what_breaks_is_found_and_nothing_else_is_touched(ran: Ran, update_golden: bool) -> None:
    rows, faults = [], []
    total: Counter[str] = Counter()
    found: dict[str, set[int]] = {name: set() for name in ran.before}
    for use in ran.looked.uses:
        found[Path(use.file).stem].add(use.line)
    for name, before in ran.before.items():
        after, first = ran.after[name], firsts(before)
        broken = {first.get(n, n) for n in ran.broken[name]}
        edited = {first.get(n, n) for n in changed(before, after)}
        used = {name: {first.get(n, n) for n in found[name]}}
        missed = sorted(broken - used[name])
        false = sorted(edited - used[name])
        marks = marked(after)
        left = {n: text for n, text in ran.left[name].items() if n not in marks}
        lines = before.splitlines()
        faults += [f"{name}: missed: {lines[n - 1]}" for n in missed]
        faults += [f"{name}: false edit: {lines[n - 1]}" for n in false]
        lines = after.splitlines()
        faults += [f"{name}: left: {lines[n - 1]}: {text}" for n, text in left.items()]
        if broken or edited:
            cells = (len(broken), len(broken) - len(missed), len(edited))
            rows.append((name.removeprefix("client_"), *cells, len(false), len(left)))
            total.update(dict(zip("bfecl", rows[-1][1:], strict=True)))
    assert not faults, "\n".join(faults)
    rows.append(("all", *(total[key] for key in "bfecl")))
    header = ("case", "breaks", "found", "edited", "false", "left")
    lines = [header, *(tuple(map(str, row)) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    text = "".join(
        "  ".join(cell.ljust(wide) for cell, wide in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )
    if update_golden:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text("utf-8")
