"""What a root document must be, where it may come from, and how its nodes are located."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelgen.errors import Diagnostic, Location, SpecError
from modelgen.loader import limits, load, load_data
from test_loader_yaml import HEAD, place, read, refusal


def failure(source: str, stdin: bytes = b"") -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        load(source, stdin=io.BytesIO(stdin))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    return diagnostic


def test_a_document_knows_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    documents = read(Path("specs"), HEAD)
    assert documents.root.source == os.path.join("specs", "spec.yaml")
    assert documents.root.sha256 == hashlib.sha256(HEAD.encode()).hexdigest()
    assert documents.root.openapi == "3.1.0"
    assert documents.root.data == {"openapi": "3.1.0"}
    assert documents.loaded == (documents.root,)


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.1", "3.2.0", "3.1.0-rc1"])
def test_supported_versions(tmp_path: Path, version: str) -> None:
    assert read(tmp_path, f"openapi: {version}\n").root.openapi == version


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "message"),
    [
        ("", "document-empty", 0, 0, "The document is empty."),
        (" \n\t\n", "document-empty", 0, 0, "The document is empty."),
        ("# only a comment\n", "document-empty", 0, 0, "The document is empty."),
        ("null\n", "not-openapi", 1, 1, "The document is null, not a mapping."),
        ("\n- a\n", "not-openapi", 2, 1, "The document is a sequence, not a mapping."),
        ("[]", "not-openapi", 1, 1, "The document is a sequence, not a mapping."),
        ("hello\n", "not-openapi", 1, 1, "The document is a string, not a mapping."),
        ("info: {}\n", "not-openapi", 1, 1, "The document has no `openapi` field."),
        ("info: {}\nswagger: '1.2'\n", "openapi-version", 2, 1, "The Swagger version '1.2' is not supported."),
        ("openapi: 4.0.0\n", "openapi-version", 1, 1, "The OpenAPI version '4.0.0' is not supported."),
        ("openapi: 2.0.0\n", "openapi-version", 1, 1, "The OpenAPI version '2.0.0' is not supported."),
    ],
)  # fmt: skip
def test_what_is_no_openapi_document(
    tmp_path: Path, body: str, code: str, line: int, column: int, message: str
) -> None:
    found = refusal(tmp_path, body)
    assert (*place(found), found.message) == (code, line, column, message)


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "message"),
    [
        ("openapi: 3.1\n", "version-short", 1, 1, "The version 3.1 is not a text of three numbers."),
        ("openapi: '3.0'\n", "version-short", 1, 1, "The version 3.0 is not a text of three numbers."),
        (HEAD + "paths: []\n", "keyword-ignored", 2, 1, "`paths` must be an object, not a sequence."),
        (HEAD + "paths:\n", "keyword-ignored", 2, 1, "`paths` must be an object, not null."),
        (HEAD + "components: x\n", "keyword-ignored", 2, 1, "`components` must be an object, not a string."),
        (HEAD + "components:\n  schemas: true\n", "keyword-ignored", 3, 3,
         "`components.schemas` must be an object, not a boolean."),
        (HEAD + "a/b:\n  x: 1\n  y: 2\n  'x': 3\n", "duplicate-key", 5, 3,
         "The key 'x' is given twice, first in line 3."),
        (HEAD + "a: &x 1\nb: *x\nc: &x [2]\nd: *x\n", "anchor-repeated", 4, 4,
         "The anchor 'x' is given again."),
    ],
)  # fmt: skip
def test_what_is_read_though_it_is_odd(
    tmp_path: Path, body: str, code: str, line: int, column: int, message: str
) -> None:
    (found,) = read(tmp_path, body).root.oddities
    assert (*place(found), found.message) == (code, line, column, message)


def test_of_a_key_that_is_given_twice_the_last_one_counts(tmp_path: Path) -> None:
    documents = read(tmp_path, HEAD + "a: {x: 1, y: 2, x: 3}\n")
    assert documents.root.data["a"] == {"x": 3, "y": 2}
    assert documents.root.locate("/a/x").column == 17
    assert documents.root.locate("/a/y").column == 11


def test_an_alias_means_the_last_anchor_before_it(tmp_path: Path) -> None:
    documents = read(tmp_path, HEAD + "a: &x 1\nb: *x\nc: &x [2]\nd: *x\n")
    assert documents.root.data == {"openapi": "3.1.0", "a": 1, "b": 1, "c": [2], "d": [2]}


def test_every_part_of_a_wrong_kind_is_listed(tmp_path: Path) -> None:
    root = read(tmp_path, HEAD + "paths: 1\ncomponents: {schemas: []}\n").root
    assert [item.at.pointer for item in root.oddities] == ["/paths", "/components/schemas"]
    assert root.data["paths"] == {} and root.data["components"] == {"schemas": {}}


def test_a_file_that_is_no_document_of_others_is_read_strictly(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("a: 1\na: 2\n")
    with pytest.raises(SpecError) as caught:
        load_data(str(tmp_path / "map.yaml"))
    assert [item.code for item in caught.value.diagnostics] == ["duplicate-key"]


def test_locate(tmp_path: Path) -> None:
    root = read(
        tmp_path, HEAD + "a/b:\n  - x\n  - k~: {y: [1, é, 2]}\n  -  &n\n    z: 1\nc: 1\n"
    ).root
    expected = {
        "": (1, 1), "/openapi": (1, 1), "/a~1b": (2, 1), "/a~1b/0": (3, 5), "/a~1b/1": (4, 5),
        "/a~1b/1/k~0": (4, 5), "/a~1b/1/k~0/y": (4, 10), "/a~1b/1/k~0/y/2": (4, 20),
        "/a~1b/2/z": (6, 5), "/c": (7, 1),
        # what does not exist is where its nearest ancestor is
        "/a~1b/9/z": (2, 1), "/c/d/e": (7, 1), "/nothing": (1, 1), "no pointer": (1, 1), "/": (1, 1),
        "/a~1b/01": (2, 1),
    }  # fmt: skip
    for pointer, (line, column) in expected.items():
        found = root.locate(pointer)
        assert (found.line, found.column) == (line, column), pointer
        assert (found.source, found.pointer) == (root.source, pointer)
    assert root.locate("/a~1b/1/k~0/y").excerpt == "  - k~: {y: [1, é, 2]}"


YAML = f"""{HEAD}
a:
  b: 1

  c:
  - d: 2
    e: |
      text

  - f
  # said of g
g: {{h: 3}}
"""
JSON = """{
  "openapi": "3.1.0",
  "a": {
    "b": [
      1
    ],
    "c": 2
  },
  "d": 3
}
"""


@pytest.mark.parametrize(
    ("text", "pointer", "lines"),
    [
        (YAML, "/a/b", ["  b: 1"]),
        (YAML, "/a/c/0", ["  - d: 2", "    e: |", "      text"]),
        (YAML, "/a/c", ["  c:", "  - d: 2", "    e: |", "      text", "", "  - f"]),
        (YAML, "/g", ["g: {h: 3}"]),
        (JSON, "/a/b", ['    "b": [', "      1", "    ],"]),
        (JSON, "/a/c", ['    "c": 2']),
        (JSON, "/d", ['  "d": 3']),
    ],
)
def test_the_lines_of_a_node(tmp_path: Path, text: str, pointer: str, lines: list[str]) -> None:
    documents = read(tmp_path, text)
    at = Location(documents.root.source, pointer)
    assert documents.block(at, 100) == lines
    assert documents.block(at, 1) == lines[:1]
    assert documents.block(Location("elsewhere", pointer), 100) == []


def test_locate_of_a_pointer_with_very_many_steps(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + "a: 1\n").root.locate("/a" * 5_000).line == 2


def test_documents_locate_fills_in_places(tmp_path: Path) -> None:
    documents = read(tmp_path, HEAD + "a: 1\n")
    found = documents.locate(Location(documents.root.source, "/a"))
    assert (found.line, found.column, found.excerpt) == (2, 1, "a: 1")
    elsewhere = Location("elsewhere.yaml", "/a")
    assert documents.locate(elsewhere) is elsewhere
    known = Location(documents.root.source, "/a", 7, 7, "kept")
    assert documents.locate(known) is known


def test_missing_file() -> None:
    found = failure("nowhere/spec.yaml")
    assert (found.code, found.message) == ("file-missing", "There is no file nowhere/spec.yaml.")
    assert found.at == Location("nowhere/spec.yaml")


def test_a_directory_is_no_document(tmp_path: Path) -> None:
    found = failure(str(tmp_path))
    assert (found.code, found.message) == ("file-unreadable", f"{tmp_path} is a directory.")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_an_unreadable_file_by_its_mode(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(HEAD)
    (tmp_path / "spec.yaml").chmod(0)
    assert failure(str(tmp_path / "spec.yaml")).code == "file-unreadable"


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    found = failure(str(tmp_path / "spec.yaml"))
    assert found.code == "file-unreadable"
    assert found.message == f"{tmp_path / 'spec.yaml'} cannot be read: Permission denied."


@pytest.mark.parametrize("source", ["a\0b", "x" * 5000, "\udcff.yaml", ""])
def test_impossible_paths(source: str) -> None:
    assert failure(source).code in ("file-missing", "file-unreadable")


def test_stdin() -> None:
    documents = load("-", stdin=io.BytesIO(HEAD.encode() + b"a: 1\n"))
    assert (documents.root.source, documents.root.locate("/a").line) == ("-", 2)
    assert failure("-", b"").at == Location("-")


@pytest.mark.parametrize("source", ["file", "-"])
def test_large_documents_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1024 * 1024)
    body = (HEAD + "# " + "x" * 1024 * 1024).encode()
    if source == "file":
        source = str(tmp_path / "spec.yaml")
        Path(source).write_bytes(body)
    found = failure(source, body)
    assert (found.code, found.message) == ("too-large", "The document is larger than 1 MiB.")


def test_the_limit_is_64_mib(tmp_path: Path) -> None:
    with open(tmp_path / "spec.yaml", "wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    assert failure(str(tmp_path / "spec.yaml")).code == "too-large"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository whose v1 has specs/api.yaml and specs/parts/a.yaml; both then changed on disk."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "specs" / "parts").mkdir(parents=True)
    api = f"{HEAD}info: {{title: one}}\nx: {{$ref: parts/a.yaml#/old}}\n"
    (tmp_path / "specs" / "api.yaml").write_text(api)
    (tmp_path / "specs" / "parts" / "a.yaml").write_text("old: 1\n")
    (tmp_path / "secret.yaml").write_text("key: 1\n")
    person = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.invalid",
        "-c",
        "commit.gpgsign=false",
    ]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]):
        subprocess.run(["git", *person, *command], check=True, capture_output=True)
    (tmp_path / "specs" / "api.yaml").write_text(HEAD)
    (tmp_path / "specs" / "parts" / "a.yaml").write_text("new: 1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "source"),
    [(".", "v1:specs/api.yaml"), ("specs", "v1:./api.yaml"), ("specs/parts", "v1:../api.yaml")],
)
def test_a_revision_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch, folder: str, source: str
) -> None:
    monkeypatch.chdir(folder)
    documents = load(source)
    assert (documents.root.source, documents.root.data["info"]) == (source, {"title": "one"})
    target = documents.resolve("parts/a.yaml#/old", Location(source, "/x"))
    assert (target.node, target.document.source) == (1, source.replace("api.yaml", "parts/a.yaml"))
    assert documents.resolve("./parts/../api.yaml", Location(source)).document is documents.root


def test_a_reference_in_a_revision_stays_below_the_document(repository: Path) -> None:
    documents = load("v1:specs/api.yaml")
    with pytest.raises(SpecError) as caught:
        documents.resolve("../secret.yaml#/key", Location("v1:specs/api.yaml", "/x"))
    assert caught.value.diagnostics[0].code == "ref-forbidden"


def test_a_path_wins_over_a_revision(repository: Path) -> None:
    (repository / "v1:specs").mkdir()
    (repository / "v1:specs" / "api.yaml").write_text("openapi: 3.0.0\n")
    assert load("v1:specs/api.yaml").root.openapi == "3.0.0"


@pytest.mark.parametrize("source", ["v2:specs/api.yaml", "v1:specs/none.yaml", "v1:specs"])
def test_what_git_cannot_show(repository: Path, source: str) -> None:
    found = failure(source)
    assert found.code == "file-missing"
    assert found.message.startswith(f"There is no file {source}, and git cannot show it: ")
    assert not found.message.endswith("..")


def test_a_source_is_no_option_of_git(repository: Path) -> None:
    assert failure("--output=out:specs/api.yaml").code == "file-missing"
    assert not (repository / "out").exists()


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = failure("v1:specs/api.yaml")
    assert found.code == "file-unreadable"
    assert "git cannot be run" in found.message


def test_a_large_file_of_a_revision(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert failure("v1:specs/api.yaml").code == "too-large"


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(tmp_path: Path, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        read(tmp_path, HEAD)
        refusal(tmp_path, "x: [")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_importing_is_cheap() -> None:
    code = "import sys, modelgen.loader; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"yaml", "urllib3", "ssl", "subprocess", "socket"} & set(run.stdout.split())


def test_the_openai_documents_load(corpus: Path) -> None:
    paths = sorted((corpus / "openai").glob("*.yaml"))
    assert len(paths) == 6
    for path in paths:
        root = load(str(path)).root
        json.dumps(root.data, allow_nan=False)
        for name in root.data["components"]["schemas"]:
            assert root.locate(f"/components/schemas/{name}").excerpt.strip() == f"{name}:"
