"""What the documentation says: pages made from tables are up to date, links lead somewhere, and examples run.

Blocks of one document share a folder and a namespace, and run in order:

python    is run; one whose first line is `# PATH` is an excerpt of that file, and `...` stands for what is left out
pycon     is run as a doctest
console   each `$ command` must print what follows it; --update-golden writes that down
sh        lines that begin with `modelgen` must succeed; others are not run
yaml, toml   are written to the file that the comment in their first line names, if any

`openapi.yaml` is a document of the Realtime API until a block writes another.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GENERATED = ROOT / "generated"
SPEC = ROOT / "specs" / "realtime" / "2026-08-21-ga.yaml"
UPDATE = "pytest tests/test_docs.py --update-golden"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*/*.md")])
FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"console", "diff", "json", "pycon", "python", "sh", "text", "toml", "yaml"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `line` is that of its first line of text."""

    path: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        """The file that the first line names."""
        found = re.match(r"# (\S+\.\w+)\n", self.text)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks(path: Path) -> list[Block]:
    found = []
    text = path.read_text(encoding="utf-8")
    for match in FENCED.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        found.append(Block(path, line, match[1], match[2]))
    return found


MADE = ("anomalies", "diff")  # folders of pages that are all made
RUNNABLE = {"console", "pycon", "python", "sh"}
WITH_EXAMPLES = [
    path
    for path in DOCUMENTS
    if path.parent.name not in MADE and any(b.language in RUNNABLE for b in blocks(path))
]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- pages made from tables -----------------------------------------------------------------------


def test_made_pages_are_up_to_date(update_golden: bool) -> None:
    pages: dict[str, str] = runpy.run_path(str(DOCS / "build.py"))["pages"]()
    folders = [path for folder in MADE for path in (DOCS / folder).glob("*.md")]
    written = {path.relative_to(DOCS).as_posix() for path in folders}
    if update_golden:
        for path in written - pages.keys():
            (DOCS / path).unlink()
        for path, text in pages.items():
            (DOCS / path).parent.mkdir(exist_ok=True)
            (DOCS / path).write_text(text, encoding="utf-8", newline="\n")
        return
    faults = [f"extra: docs/{path}" for path in sorted(written - pages.keys())]
    for path, text in pages.items():
        file = DOCS / path
        old = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        faults += unified_diff(old, text.splitlines(), f"docs/{path}", "made now", lineterm="")
    assert not faults, "\n".join((*faults, UPDATE))


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        page = (path.parent / file).resolve() if file else path
        assert page.exists(), f"{name(path)}: no {target}"
        if anchor:
            assert anchor in anchors(page), f"{name(path)}: no {target}"


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_blocks_name_a_language(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n```") % 2 == 0, "a block is not closed"
    for block in blocks(path):
        assert block.language in LANGUAGES, f"{block}: {block.language or 'no language'}"


# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=name)
def test_examples_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SPEC, "openapi.yaml")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    typed: list[Block] = []
    printed: dict[Block, str] = {}
    with importable(tmp_path):
        for block in blocks(path):
            match block.language:
                case "python" if block.file:
                    check_excerpt(block)
                case "python":
                    exec(compiled(block), namespace)
                    typed.append(block)
                case "pycon":
                    run_session(block, namespace)
                case "console":
                    printed[block] = check_console(block, update_golden)
                case "sh":
                    run_commands(block)
                case "yaml" | "toml" if block.file:
                    Path(block.file).write_text(block.text, encoding="utf-8")
    if typed:
        check_types(typed)
    if update_golden:
        rewrite(path, printed)


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """`generated/` and the folder are on the import path, and what is imported from there is forgotten."""
    before = set(sys.modules)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path[:0] = [str(GENERATED), str(folder)]
    try:
        yield
    finally:
        del sys.path[:2]
        sys.dont_write_bytecode = kept
        for module in set(sys.modules) - before:
            file = getattr(sys.modules[module], "__file__", None) or ""
            if file.startswith((str(GENERATED), str(folder))):
                del sys.modules[module]


def compiled(block: Block) -> CodeType:
    """The code of a block, with the line numbers of its document."""
    tree = ast.parse(block.text, str(block.path))
    return compile(ast.increment_lineno(tree, block.line - 1), str(block.path), "exec")


def check_excerpt(block: Block) -> None:
    lines = (ROOT / block.file).read_text(encoding="utf-8")
    position = 0
    for part in re.split(r"^\s*\.\.\.\n", block.text.split("\n", 1)[1], flags=re.MULTILINE):
        position = lines.find(part, position)
        assert position >= 0, f"{block}: {block.file} has no such lines:\n{part}"


def run_session(block: Block, namespace: dict[str, Any]) -> None:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(
        block.text, namespace, str(block), str(block.path), block.line - 1
    )
    said: list[str] = []
    failed = doctest.DocTestRunner(optionflags=options).run(
        test, out=said.append, clear_globs=False
    )
    namespace.update(test.globs)
    assert not failed.failed, "".join(said)


def check_console(block: Block, update: bool) -> str:
    """The block with what its commands print. What is written there already must be the same, unless it is updated."""
    checker = doctest.OutputChecker()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    text = ""
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        # without the progress of what takes long on a busy machine
        actual = re.sub(r"^.* …\n", "", run(command).stdout, flags=re.MULTILINE)
        same = checker.check_output(expected, actual, flags)
        assert "error[internal]" not in actual, f"{block}: {command}\n{actual}"
        assert (
            same or update
        ), f"{block}: {command}\nexpected:\n{expected}\nprinted:\n{actual}\n{UPDATE}"
        text += f"$ {command}\n{expected if same else actual}"
    return text


def rewrite(path: Path, texts: dict[Block, str]) -> None:
    """Put other text into some of the blocks of a document."""
    everything = [texts.get(block, block.text) for block in blocks(path)]
    rest = iter(everything)
    old = path.read_text(encoding="utf-8")
    new = FENCED.sub(lambda match: f"```{match[1]}\n{next(rest)}```", old)
    if new != old:
        path.write_text(new, encoding="utf-8", newline="\n")


def run_commands(block: Block) -> None:
    for line in block.text.splitlines():
        if line.startswith("modelgen "):
            done = run(line)
            assert done.returncode == 0, f"{block}: {line}\n{done.stdout}"


def run(command: str) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell, where `modelgen` is the one under test."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def check_types(examples: list[Block]) -> None:
    """mypy --strict has nothing to say about the blocks of a document."""
    text = "".join(block.text for block in examples)
    Path("example.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "example.py"],
        env={**os.environ, "MYPYPATH": f"{GENERATED}{os.pathsep}{Path.cwd()}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    shown = "".join(f"{n}: {line}\n" for n, line in enumerate(text.splitlines(), 1))
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{shown}"
