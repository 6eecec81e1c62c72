"""A case: a folder with a spec, and what it must lead to. Which files are there says which kind of case it is.

spec.yaml (or .json)   the document; its first line says what the case shows
modelgen.toml          settings, as in [tool.modelgen.packages.NAME], and `name`
expected/STYLE/...     the package, without its support module and manifest
error.txt              what `modelgen generate` prints instead of a package
anomalies.txt          one line for each anomaly: its code, pointer and message
payloads.yaml          JSON values, and what decoding makes of them
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from difflib import unified_diff
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from click.testing import CliRunner

from modelgen.emit.styles import DEFAULT_STYLE, STYLES
from modelgen.errors import SpecError
from modelgen.ir import Value
from modelgen.project import config

ROOT = Path(__file__).parent / "cases"
UPDATE = "pytest --update-golden"


@dataclass(frozen=True, slots=True)
class Case:
    """One folder below `cases/`."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def spec(self) -> str:
        return "spec.yaml" if (self.path / "spec.yaml").exists() else "spec.json"

    def has(self, name: str) -> bool:
        return (self.path / name).exists()

    @property
    def styles(self) -> tuple[str, ...]:
        """The styles whose output is written down."""
        return tuple(style for style in STYLES if self.has(f"expected/{style}"))


def cases() -> list[Case]:
    """All cases, in order."""
    found = {path.parent for path in ROOT.glob("*/*/spec.*") if path.suffix in (".yaml", ".json")}
    return [Case(path) for path in sorted(found)]


# --- running a case -------------------------------------------------------------------------------


@contextmanager
def workspace(case: Case) -> Iterator[config.Package]:
    """A folder with a copy of the case's input and a pyproject.toml made of its settings, as current folder."""
    with tempfile.TemporaryDirectory(prefix="case-") as folder, chdir(folder):
        ignored = shutil.ignore_patterns("expected", "*.txt", "payloads.yaml")
        shutil.copytree(case.path, folder, dirs_exist_ok=True, ignore=ignored)
        settings = Path("modelgen.toml").read_text() if case.has("modelgen.toml") else ""
        name = re.search(r'^name *= *"(.*)"$', settings, re.MULTILINE)
        table = f"tool.modelgen.packages.{name[1] if name else 'models'}"
        settings = settings.replace(name[0], "") if name else settings
        settings = re.sub(r"^(\[+)", rf"\1{table}.", settings, flags=re.MULTILINE)
        Path("pyproject.toml").write_text(f'[{table}]\ninput = "{case.spec}"\n{settings}\n')
        yield config.load(Path("pyproject.toml")).packages[0]


def generated(package: config.Package) -> dict[str, str]:
    """The files of a package, generated in the current folder."""
    from modelgen.loader import load
    from modelgen.pipeline import generate

    return dict(generate(load(package.input, overlays=package.overlays), package).files)


@cache
def output(case: Case, style: str) -> dict[str, str]:
    """The files of a case that is not an error."""
    with workspace(case) as package:
        return generated(replace(package, style=style))


def is_sound(case: Case) -> bool:
    """Whether there is a package, rather than an error."""
    try:
        return bool(output(case, DEFAULT_STYLE))
    except SpecError:
        return False


def shuffled_output(case: Case) -> dict[str, str]:
    """The same with the components of the document in another order."""
    from modelgen.loader.document import parse

    with workspace(case) as package:
        data = dict(parse(package.input, Path(package.input).read_bytes()).data)
        for home in ("$defs", "definitions"):
            if home in data:
                data[home] = dict(reversed(data[home].items()))
        if isinstance(data.get("components"), dict):
            schemas = data["components"].get("schemas", {})
            if isinstance(schemas, dict):
                schemas = dict(reversed(schemas.items()))
            data["components"] = {**data["components"], "schemas": schemas}
        # JSON is YAML; under the same name, since files may refer back to it
        Path(package.input).write_text(json.dumps(data))
        return generated(package)


def commented_output(case: Case) -> dict[str, str]:
    """The same with a comment on top of the document, and line breaks as Windows writes them."""
    with workspace(case) as package:
        lines = Path(package.input).read_text(encoding="utf-8").splitlines()
        text = "\r\n".join(["# A comment.", *lines, ""])
        Path(package.input).write_bytes(text.encode())
        return generated(package)


def classes(files: Mapping[str, str]) -> set[str]:
    """Every class of the public modules, with its fields."""
    return {
        ast.dump(node)
        for path, text in files.items()
        if path.endswith(".py") and not any(part.startswith("_") for part in path.split("/"))
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef)
    }


def digests() -> dict[str, str]:
    """A hash of all that each case generates, to compare runs with."""
    return {
        f"{case}-{style}": hashlib.sha256(json.dumps(output(case, style)).encode()).hexdigest()
        for case in cases()
        if is_sound(case)
        for style in STYLES
    }


@contextmanager
def imported(case: Case, style: str) -> Iterator[ModuleType]:
    """The generated package, imported for the length of a `with`."""
    with workspace(case) as package:
        folder = Path(package.name).absolute()
        for path, text in output(case, style).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
        before = set(sys.modules)
        sys.path.insert(0, os.getcwd())
        sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
        try:
            yield importlib.import_module(package.name)
        finally:
            sys.dont_write_bytecode = kept
            sys.path.remove(os.getcwd())
            for name in set(sys.modules) - before:
                if name.split(".")[0] == package.name:
                    del sys.modules[name]
            importlib.invalidate_caches()


# --- what is written down -------------------------------------------------------------------------


def golden(case: Case) -> dict[str, str]:
    """The text of every expected file as the generator has it now."""
    try:
        with workspace(case) as package:
            files = {style: generated(replace(package, style=style)) for style in STYLES}
    except SpecError:
        return {"error.txt": _stderr(case)}
    from modelgen.emit.parts import LINKS_SUPPORT, OPERATIONS_SUPPORT, SUPPORT

    texts = {}
    if case.has("anomalies.txt"):
        texts["anomalies.txt"] = _anomalies(case)
    says_nothing = not texts and not case.has("payloads.yaml")
    for style in case.styles or (STYLES if says_nothing else ()):
        for path, text in files[style].items():
            if path not in (*SUPPORT, *LINKS_SUPPORT, *OPERATIONS_SUPPORT):
                texts[f"expected/{style}/{path}"] = text
    return texts


def written(case: Case) -> dict[str, str]:
    """The expected files on disk."""
    paths = [*case.path.glob("*.txt"), *case.path.glob("expected/**/*")]
    return {
        path.relative_to(case.path).as_posix(): path.read_bytes().decode()
        for path in paths
        if path.is_file()
    }


def update(case: Case) -> None:
    """Write the expected files, and remove those that nothing writes."""
    texts = golden(case)
    for path in written(case).keys() - texts.keys():
        (case.path / path).unlink()
    for path, text in texts.items():
        (case.path / path).parent.mkdir(parents=True, exist_ok=True)
        (case.path / path).write_text(text, encoding="utf-8", newline="\n")
    folders = [path for path in case.path.glob("expected/**/") if path != case.path]
    for folder in sorted(folders, reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def difference(case: Case) -> str:
    """What is not as written down, and how to write it down; empty if all is."""
    expected, actual = written(case), golden(case)
    parts = [f"missing: {case}/{path}" for path in sorted(expected.keys() - actual.keys())]
    parts += [f"extra: {case}/{path}" for path in sorted(actual.keys() - expected.keys())]
    for path in sorted(expected.keys() & actual.keys()):
        old, new = expected[path].splitlines(), actual[path].splitlines()
        parts += unified_diff(old, new, f"{case}/{path}", "generated now", lineterm="")
        if old == new and expected[path] != actual[path]:
            parts.append(f"differs in its line ends: {case}/{path}")
    if not parts:
        return ""
    return "\n".join((*parts, f"{UPDATE} tests/test_cases.py -k '{case}'"))


def _stderr(case: Case) -> str:
    from modelgen import cli

    with workspace(case):
        before = sorted(os.listdir())
        result = CliRunner().invoke(cli.main, ["generate"])
        assert result.exit_code == 2, result.output
        assert "error[internal]" not in result.stderr, result.stderr
        assert result.stdout == ""
        assert sorted(os.listdir()) == before, "something was written"
    return result.stderr


def _anomalies(case: Case) -> str:
    from modelgen.commands.inspection import inspect
    from modelgen.loader import load

    with workspace(case) as package:
        rows = inspect(load(package.input, overlays=package.overlays), package).anomalies
    return "".join(f"{row.code} {row.at.pointer}: {row.message}\n" for row in rows)


# --- payloads -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What decoding made of one payload: the faults in each mode, whether it encoded back to itself, and
    the class of the value, which is that of lax decoding where both succeed."""

    strict: tuple[str, ...]
    lax: tuple[str, ...]
    returns: bool
    class_: str = ""


def payloads(case: Case) -> list[dict[str, Any]]:
    """The payloads of a case: those written for it, and the examples of its components."""
    return [*_read_payloads(case), *_examples(case)]


def _read_payloads(case: Case) -> list[dict[str, Any]]:
    if not case.has("payloads.yaml"):
        return []
    found: list[dict[str, Any]] = yaml.safe_load((case.path / "payloads.yaml").read_text("utf-8"))
    for payload in found:
        unknown = payload.keys() - {"type", "json", "valid", "lax", "errors", "class"}
        assert not unknown, f"{case}/payloads.yaml: unknown keys {sorted(unknown)}"
    return found


def _examples(case: Case) -> Iterator[dict[str, Any]]:
    from modelgen.loader import load

    with workspace(case) as package:
        data = load(package.input, overlays=package.overlays).root.data
    for name, schema in data.get("components", {}).get("schemas", {}).items():
        if isinstance(schema, dict):
            examples = schema.get("examples", [])
            one = [schema["example"]] if "example" in schema else []
            for example in (*one, *(examples if isinstance(examples, list) else ())):
                yield {"type": name, "json": example, "valid": None}


def verdicts(case: Case, style: str) -> list[Verdict]:
    """What a style's package makes of each payload."""
    names = _python_names(case)
    with imported(case, style) as package:
        return [
            _verdict(package, names[payload["type"]], payload["json"]) for payload in payloads(case)
        ]


def _python_names(case: Case) -> dict[str, str]:
    from modelgen.commands.inspection import inspect
    from modelgen.loader import load

    with workspace(case) as package:
        return {
            row.name: row.python_name
            for row in inspect(load(package.input, overlays=package.overlays), package).schemas
        }


def _verdict(package: ModuleType, name: str, data: object) -> Verdict:
    type_ = getattr(package, name)
    before = Value.of(data)
    faults: dict[bool, tuple[str, ...]] = {}
    returns, class_ = True, ""
    for strict in (True, False):
        try:
            value = package.decode(type_, data, strict=strict)
        except package.DecodeError as error:
            faults[strict] = tuple(f"{fault.path}: {fault.message}" for fault in error.errors)
            assert faults[strict], "an error without a fault"
        else:
            faults[strict] = ()
            returns &= Value.of(package.encode(value)) == before
            class_ = type(value).__name__
    assert Value.of(data) == before, "decoding changed its input"
    return Verdict(faults[True], faults[False], returns, class_)


if __name__ == "__main__":
    print(json.dumps(digests()))
