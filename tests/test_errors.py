"""Every code of an error has a row, every row is used, and a case or a test reports it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from case_kinds import ROOT
from modelgen.errors.codes import CODES

HERE = Path(__file__)
GENERATOR = HERE.parents[1] / "generator" / "modelgen"
MODULES = sorted(GENERATOR.rglob("*.py"))
# Calls whose first argument is a code.
MAKERS = {"Diagnostic", "_FetchError", "refuse"}
# Codes that are words of programs too: only `error[word]` is one.
AMBIGUOUS = {"convert", "internal", "system"}
PRINTED = re.compile(r"error\[([a-z0-9-]+)\]")


def texts_of(path: Path) -> Iterator[str]:
    """The texts that a module holds."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def made_in(path: Path) -> Iterator[str]:
    """The codes that a module makes errors of."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name),
                args=[ast.Constant(value=str(code)), *_],
            ) if (
                name in MAKERS
            ):
                yield code


def codes_in(paths: Iterator[Path]) -> set[str]:
    """The codes that modules name, alone or as `error[code]`."""
    texts = [text for path in paths for text in texts_of(path)]
    words = {text for text in texts if text not in AMBIGUOUS}
    return CODES.keys() & {*words, *(code for text in texts for code in PRINTED.findall(text))}


@cache
def used() -> set[str]:
    """By the generator, or by the commands of generated packages."""
    emitted = (GENERATOR.parents[1] / "templates" / "support").glob("*.py")
    printed = {code for path in emitted for code in PRINTED.findall(path.read_text("utf-8"))}
    return codes_in(path for path in MODULES if path.parent.name != "errors") | printed


@cache
def reported() -> set[str]:
    """The codes that a case or a test expects."""
    texts = [path.read_text("utf-8") for path in ROOT.glob("*/*/error.txt")]
    in_cases = {code for text in texts for code in PRINTED.findall(text)}
    return in_cases | codes_in(path for path in HERE.parent.glob("test_*.py") if path != HERE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(GENERATOR).as_posix())
def test_every_code_has_a_row(path: Path) -> None:
    printed = {code for text in texts_of(path) for code in PRINTED.findall(text)}
    assert CODES.keys() >= {*made_in(path), *printed}


@pytest.mark.parametrize("code", CODES)
def test_every_row_is_used(code: str) -> None:
    assert code in used()


@pytest.mark.parametrize("code", CODES)
def test_every_row_has_a_case_or_a_test(code: str) -> None:
    assert code in reported()
