"""What cannot be used is one clear error: place, sentence, hint, exit code 2, and nothing is written.

Small documents are cases (`cases/errors`, `cases/refs`, `cases/names`); here are the large ones, what is not about the document, and
documents that were damaged at random.
"""

from __future__ import annotations

import copy
import errno
import io
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from case_kinds import ROOT
from modelgen import cli
from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.loader.document import parse
from modelgen.pipeline import generate
from modelgen.project import config

HEAD = 'openapi: 3.1.0\ninfo: {title: Example, version: "1"}\npaths: {}\n'
SOUND = HEAD + "components: {schemas: {Session: {type: object}}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, input_: str | None = None) -> Result:
    return CliRunner().invoke(cli.main, ["generate", *arguments], input=input_)


def refused(code: str, *arguments: str, input_: str | None = None) -> str:
    """The one error that a run ends with; asserts that it is one, is complete, and that nothing was written."""
    before = sorted(Path().rglob("*"))
    result = run(*arguments, input_=input_)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert sorted(Path().rglob("*")) == before, "something was written"
    check_errors(result.stderr)
    assert result.stderr.count(": error[") == 1, result.stderr
    assert f"error[{code}]" in result.stderr, result.stderr
    assert "\n  hint: " in result.stderr, result.stderr
    return result.stderr


def check_errors(text: str) -> None:
    assert "Traceback" not in text and "error[internal]" not in text, text
    assert max(map(len, text.splitlines())) < 1000
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text), "control characters reach the terminal"


def write(text: str, name: str = "spec.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


# --- the input ------------------------------------------------------------------------------------


def test_missing_file() -> None:
    assert refused("file-missing", "missing.yaml").startswith("missing.yaml")


def test_an_anomaly_that_there_is_not() -> None:
    write("openapi: 3.1.0\ncomponents: {schemas: {A: {type: string}}}\n")
    text = refused("unknown-anomaly", "spec.yaml", "--deny", "nullable-3.1")
    assert "Did you mean nullable-in-3.1?" in text


def test_a_folder_instead_of_a_file(folder: Path) -> None:
    (folder / "spec.yaml").mkdir()
    result = run("spec.yaml")
    assert result.exit_code == 2
    check_errors(result.stderr)


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all"
)
def test_unreadable_file() -> None:
    Path(write(SOUND)).chmod(0)
    result = run("spec.yaml")
    assert result.exit_code == 2
    check_errors(result.stderr)


@pytest.mark.parametrize("text", ["", " \n\n", "# nothing\n"])
def test_empty(text: str) -> None:
    refused("document-empty", write(text))


@pytest.mark.parametrize("text", ["---\n", "---\n...\n", "null\n", "[]\n", "text\n", "3.1\n"])
def test_not_a_mapping(text: str) -> None:
    refused("not-openapi", write(text))


def test_empty_standard_input() -> None:
    refused("document-empty", "-", input_="")


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"openapi: \xe9", b"\x89PNG\r\n\x1a\n" + bytes(range(256))]
)
def test_not_text(raw: bytes) -> None:
    Path("spec.yaml").write_bytes(raw)
    result = run("spec.yaml")
    assert result.exit_code == 2
    check_errors(result.stderr)


def test_a_chain_of_ten_thousand_references() -> None:
    schemas = {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(10_000)}
    schemas["S10000"] = {"type": "object"}
    start = time.perf_counter()
    refused("ref-chain", write(document(schemas), "spec.json"))
    assert time.perf_counter() - start < 20


def test_a_chain_of_ten_thousand_references_in_all_of() -> None:
    schemas: dict[str, Any] = {
        f"S{n}": {
            "allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}, {"description": "x"}],
            "minProperties": 1,
        }
        for n in range(10_000)
    }
    schemas["S10000"] = {"type": "object"}
    result = run(write(document(schemas), "spec.json"))
    assert result.exit_code == 2
    check_errors(result.stderr)


@pytest.mark.parametrize("word", ["not", "items", "anyOf"])
def test_a_chain_of_references_through_containers(word: str) -> None:
    """Long, and sound where each step enters a value."""

    def inside(ref: dict[str, str]) -> dict[str, Any]:
        return {
            word: [ref, {"type": "integer"}] if word == "anyOf" else ref,
            **({"type": "array"} if word == "items" else {}),
        }

    schemas: dict[str, Any] = {
        f"S{n}": inside({"$ref": f"#/components/schemas/S{n + 1}"}) for n in range(2_000)
    }
    schemas["S2000"] = {"type": "object"}
    result = run(write(document(schemas), "spec.json"))
    check_errors(result.stderr)
    assert result.exit_code in (0, 2)
    assert (result.exit_code == 0) == Path("models").exists()


@pytest.mark.parametrize("form", ["yaml-flow", "yaml-block", "json"])
def test_nesting_ten_thousand_deep(form: str) -> None:
    deep = "[" * 10_000 + "]" * 10_000
    match form:
        case "yaml-flow":
            name = write(f"{HEAD}x-deep: {deep}\n")
        case "yaml-block":
            name = write(f"{HEAD}x-deep:\n" + "".join(" " * n + "-\n" for n in range(1, 10_000)))
        case _:
            name = write('{"openapi": "3.1.0", "x-deep": ' + deep + "}", "spec.json")
    refused("too-deep", name)


def test_schemas_nested_one_hundred_deep() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(80):
        schema = {"type": "array", "items": schema}
    refused("too-deep", write(document({"Session": schema}), "spec.json"))


def test_assertions_nested_ninety_deep() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(90):
        schema = {"not": schema}
    result = run(write(document({"Session": schema}), "spec.json"))
    check_errors(result.stderr)
    assert result.exit_code in (0, 2)


def test_alias_bomb() -> None:
    lines = ["x-0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    start = time.perf_counter()
    refused("alias-bomb", write(HEAD + "\n".join(lines) + "\n"))
    assert time.perf_counter() - start < 20


def test_schemas_that_double_through_all_of() -> None:
    """Two references a step make 2^n conjuncts: an alias bomb in JSON Schema's own words."""
    schemas: dict[str, Any] = {
        f"S{n}": {
            "allOf": [
                {"$ref": f"#/components/schemas/S{n + 1}"},
                {"$ref": f"#/components/schemas/S{n + 1}"},
            ]
        }
        for n in range(40)
    }
    schemas["S40"] = {"type": "object", "properties": {"a": {"type": "string"}}}
    completed = subprocess.run(
        [sys.executable, "-m", "modelgen", "generate", write(document(schemas), "spec.json")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    check_errors(completed.stderr)
    assert completed.returncode in (0, 2)


@pytest.mark.parametrize(
    "ref",
    ["../x.yaml", "..%2fx.yaml", "/etc/passwd", "file:///etc/passwd", "FILE:/etc/passwd", "//host/x", "a/../../x.yaml",
     "https://example.com/x.yaml", "ftp://x/y", "data:application/json,{}", "\\\\host\\x", "C:/x.yaml", "~/x.yaml", "link.yaml"],
)  # fmt: skip
def test_references_that_leave_the_folder(ref: str, folder: Path) -> None:
    inside = folder / "inside"
    inside.mkdir()
    (folder / "x.yaml").write_text("type: string\n")
    (inside / "link.yaml").symlink_to("../x.yaml")
    os.chdir(inside)
    before = sorted(folder.rglob("*"))
    result = run(write(document({"Session": {"$ref": ref}}), "spec.json"))
    assert result.exit_code == 2, result.output
    check_errors(result.stderr)
    assert result.stderr.count(": error[ref-") == 1
    assert sorted(folder.rglob("*")) == sorted([*before, inside / "spec.json"])


def document(schemas: dict[str, Any]) -> str:
    info = {"title": "Example", "version": "1"}
    return json.dumps(
        {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}
    )


# --- the configuration ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('stile = "attrs"', "config-unknown-key"),
        ('style = "pydantic"', "config-bad-value"),
        ("style = 1", "config-bad-value"),
        ('names = {"#/components/schemas/Session" = "my session"}', "config-bad-name"),
        ('names = {"Session" = "Other"}', "config-bad-name"),
    ],
)
def test_configuration(line: str, code: str) -> None:
    write(SOUND)
    write(f'[tool.modelgen.packages.models]\ninput = "spec.yaml"\n{line}\n', "pyproject.toml")
    before = sorted(Path().rglob("*"))
    result = run()
    assert result.exit_code == 2, result.output
    assert sorted(Path().rglob("*")) == before
    check_errors(result.stderr)
    assert result.stderr.count(": error[") == 1
    assert "pyproject.toml:3:" in result.stderr and f"error[{code}]" in result.stderr, result.stderr


# --- the output -----------------------------------------------------------------------------------


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all"
)
def test_output_folder_not_writable(folder: Path) -> None:
    (folder / "out").mkdir(mode=0o500)
    try:
        refused("output-not-writable", write(SOUND), "-o", "out")
    finally:
        (folder / "out").chmod(0o700)


def test_output_folder_is_a_file() -> None:
    write("not a folder", "out")
    refused("output-not-a-folder", write(SOUND), "-o", "out")


@pytest.mark.parametrize(
    "fault", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO]
)
@pytest.mark.parametrize("exists", [False, True], ids=["new", "existing"])
def test_disk_full(fault: int, exists: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fifth file that is written fails. What was there before stays as it was."""
    write(SOUND)
    if exists:
        assert run("spec.yaml").exit_code == 0
        write(SOUND.replace("Session", "Other"))
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    written = 0
    original = Path.write_bytes

    def failing(self: Path, data: Any) -> int:
        nonlocal written
        written += 1
        if written == 5:
            raise OSError(fault, os.strerror(fault), str(self))
        return original(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", failing)
        result = run("spec.yaml")
    assert written == 5
    assert result.exit_code == 2
    check_errors(result.stderr)
    assert result.stderr.count(": error[output-") == 1
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


# --- damaged documents ----------------------------------------------------------------------------

SPECS = Path(__file__).parents[1] / "specs" / "realtime"
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e300, "", "x", "#", "#/components/schemas/Nope", [], [None], ["a", "a"], [1, "a", None], {},
    {"": None}, {"type": "object"}, {"$ref": "#/components"}, {"$ref": 1}, {"enum": []}, [[]], [{}], {"type": ["null", "null"]},
    {"allOf": [{}]}, {"not": {}}, {"oneOf": [{"type": "null"}]}, {"anyOf": [True, False]}, {"const": {"a": [1]}}, {"format": 1},
)  # fmt: skip


def containers(node: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(node, dict | list) and node:
        yield node
        for child in node.values() if isinstance(node, dict) else node:
            yield from containers(child, depth + 1)


def damaged(data: Any, chance: random.Random) -> Any:
    """The document with one to four of its nodes deleted, swapped, doubled or replaced."""
    data = copy.deepcopy(data)
    for _ in range(chance.randint(1, 4)):
        places = list(containers(data.get("components", data)))
        if not places:
            return data
        place = chance.choice(places)
        key: Any = (
            chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
        )
        match chance.randrange(7):
            case 0:
                del place[key]
            case 1 | 2:
                place[key] = copy.deepcopy(chance.choice(ODD))
            case 3:  # another node of the document
                other = chance.choice(places)
                place[key] = copy.deepcopy(
                    other if isinstance(other, list) else chance.choice(list(other.values()))
                )
            case 4 if isinstance(place, dict):  # under another name
                place[
                    chance.choice(
                        ["type", "properties", "items", "$ref", "allOf", "required", "Ⅸ", "a b", ""]
                    )
                ] = place.pop(key)
            case 5 if isinstance(place, list):
                place.insert(key, copy.deepcopy(place[key]))
            case _:  # what the key meant says something else
                others = [
                    node for node in places if isinstance(node, type(place)) and node is not place
                ]
                if others:
                    place[key] = copy.deepcopy(chance.choice(others))
    return data


def outcome(data: Any) -> str:
    """`ok`, or the code of the error; anything else raises. What is emitted compiles."""
    raw = json.dumps(data).encode()
    try:
        documents = load("-", stdin=io.BytesIO(raw))
        files = generate(documents, config.Package(name="models", input="-")).files
    except SpecError as error:
        for item in error.diagnostics:
            assert item.code and item.message and item.hint, item
            assert "\n" not in item.message
        return error.diagnostics[0].code
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith("_"):
            compile(text, path, "exec", dont_inherit=True)
        elif path.endswith(".json"):
            json.loads(text)
    return "ok"


def seeds() -> list[Path]:
    cases = [
        path
        for path in sorted(ROOT.glob("*/*/spec.yaml"))
        if not (path.parent / "error.txt").exists()
    ]
    return [*cases, SPECS / "2025-09-10-ga.yaml"]


def parsed(path: Path) -> Any:
    return parse(path.name, path.read_bytes()).data


@pytest.mark.parametrize("part", range(4))
def test_damaged_cases(part: int) -> None:
    for path in seeds()[part::4]:
        if path.is_relative_to(ROOT) and len(list(path.parent.glob("*.[yj][as]*"))) < 4:
            data = parsed(path)
            for number in range(8):
                attempt(data, f"{path.parent.name}-{number}")


@pytest.mark.parametrize("number", range(40))
def test_damaged_specs(number: int) -> None:
    path = sorted(SPECS.glob("2*.yaml"))[number % 7]
    attempt(_memo(path), f"{path.name}-{number}")


_parsed: dict[Path, Any] = {}


def _memo(path: Path) -> Any:
    if path not in _parsed:
        _parsed[path] = parsed(path)
    return _parsed[path]


def test_damaged_corpus(corpus: Path) -> None:
    for path in sorted((corpus / "openai").glob("*.y*ml"))[:2]:
        data = json.loads(json.dumps(load(str(path)).root.data))
        for number in range(3):
            attempt(data, f"{path.name}-{number}")


def attempt(data: Any, seed: str, judge: Callable[[Any], str] = outcome) -> None:
    chance = random.Random(seed)
    worse = damaged(data, chance)
    start = time.perf_counter()
    try:
        judge(worse)
    except Exception as error:
        error.add_note(f"seed {seed!r}: {json.dumps(worse)[:3000]}")
        raise
    assert time.perf_counter() - start < 60, f"seed {seed!r} takes too long"
