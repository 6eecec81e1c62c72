"""One hop of a `$ref`: what it finds, what it may reach, and what it says when it leads nowhere."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelgen.errors import Diagnostic, Location, SpecError
from modelgen.loader import Documents, Target, load
from test_loader_yaml import HEAD

ROOT = HEAD + """\
x: {$ref: HERE}
paths:
  /a b/{id}: {get: {}}
components:
  schemas:
    Session: {type: object}
    Response: {type: object, $anchor: answer}
    Tree: {$dynamicAnchor: node, properties: {default: {$anchor: inner}}}
    Shown: {example: {$anchor: shown}, enum: [{$anchor: shown}]}
  list: [zero, {deep: one}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {
        "specs/api.yaml": ROOT,
        "specs/parts/a.yaml": "A: {type: string}\nsibling: {$ref: b.json}\nup: {$ref: ../api.yaml}\n",
        "specs/parts/b.json": '{"B": [1]}',
        "specs/parts/list.yaml": "[1, 2]",
        "specs/parts/broken.yaml": "a: [1\n",
        "specs/parts/empty.yaml": "",
        "specs/with space.yaml": "a: {$anchor: here}\n",
        "shared/c.yaml": "C: 1\nlocal: {$ref: d.yaml}\n",
        "shared/d.yaml": "D: 1\n",
        "secret.yaml": "key: 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def documents(folder: Path) -> Documents:
    return load("specs/api.yaml")


def follow(documents: Documents, ref: str, source: str = "specs/api.yaml") -> Target:
    return documents.resolve(ref, Location(source, "/x/$ref"))


def refusal(documents: Documents, ref: str) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        follow(documents, ref)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    return diagnostic


@pytest.mark.parametrize(
    ("ref", "pointer", "node"),
    [
        ("#/components/schemas/Session", "/components/schemas/Session", {"type": "object"}),
        ("#/openapi", "/openapi", "3.1.0"),
        ("#/components/list/0", "/components/list/0", "zero"),
        ("#/components/list/1/deep", "/components/list/1/deep", "one"),
        ("#/paths/~1a%20b~1%7Bid%7D/get", "/paths/~1a b~1{id}/get", {}),
        ("#/paths/~1a b~1{id}/get", "/paths/~1a b~1{id}/get", {}),
        ("#/components/%73chemas/Session/type", "/components/schemas/Session/type", "object"),
        ("api.yaml#/components/list/0", "/components/list/0", "zero"),
        ("./parts/../api.yaml#/components/list/0", "/components/list/0", "zero"),
    ],
)
def test_pointers(documents: Documents, ref: str, pointer: str, node: object) -> None:
    target = follow(documents, ref)
    assert (target.document, target.pointer, target.node) == (documents.root, pointer, node)


@pytest.mark.parametrize("ref", ["#", "", "api.yaml", "api.yaml#"])
def test_the_whole_document(documents: Documents, ref: str) -> None:
    target = follow(documents, ref)
    assert target.document is documents.root
    assert (target.pointer, target.node) == ("", documents.root.data)


def test_targets_are_equal_by_place(documents: Documents) -> None:
    one, same = follow(documents, "#/components/list"), follow(documents, "#/components/%6cist")
    assert one == same and hash(one) == hash(same)
    assert one != follow(documents, "#/components")


@pytest.mark.parametrize(
    ("ref", "pointer"),
    [
        ("#answer", "/components/schemas/Response"),
        ("#node", "/components/schemas/Tree"),
        ("#inner", "/components/schemas/Tree/properties/default"),
        ("api.yaml#an%73wer", "/components/schemas/Response"),
    ],
)
def test_anchors(documents: Documents, ref: str, pointer: str) -> None:
    assert follow(documents, ref).pointer == pointer


def test_unknown_anchor(documents: Documents) -> None:
    found = refusal(documents, "#anser")
    assert (found.code, found.message) == (
        "ref-unresolved",
        "The $ref '#anser' names an unknown anchor.",
    )
    assert found.hint == "Did you mean #answer?"


def test_an_anchor_in_an_example_is_data(documents: Documents) -> None:
    assert refusal(documents, "#shown").code == "ref-unresolved"


def test_duplicate_anchors(folder: Path) -> None:
    text = HEAD + "a: {$anchor: one}\nb:\n  $dynamicAnchor: one\n"
    (folder / "specs/api.yaml").write_text(text)
    found = refusal(load("specs/api.yaml"), "#one")
    assert (found.code, found.at.line, found.at.pointer) == (
        "duplicate-anchor",
        4,
        "/b/$dynamicAnchor",
    )
    assert found.message == "The anchor 'one' is given twice, first in line 2."
    assert [at.line for at in found.related] == [2]


def test_an_anchor_seen_through_yaml_aliases_is_one_anchor(folder: Path) -> None:
    (folder / "specs/api.yaml").write_text(HEAD + "a: &a {$anchor: one}\nb: *a\n")
    assert follow(load("specs/api.yaml"), "#one").pointer == "/a"


@pytest.mark.parametrize(
    ("ref", "source", "pointer", "node"),
    [
        ("parts/a.yaml#/A", "specs/parts/a.yaml", "/A", {"type": "string"}),
        ("./parts/b.json", "specs/parts/b.json", "", {"B": [1]}),
        ("parts/b.json#/B/0", "specs/parts/b.json", "/B/0", 1),
        ("parts/list.yaml#/1", "specs/parts/list.yaml", "/1", 2),
        ("with%20space.yaml#/a", "specs/with space.yaml", "/a", {"$anchor": "here"}),
        ("with space.yaml#here", "specs/with space.yaml", "/a", {"$anchor": "here"}),
    ],
)
def test_files(documents: Documents, ref: str, source: str, pointer: str, node: object) -> None:
    target = follow(documents, ref)
    assert (target.document.source, target.pointer, target.node) == (source, pointer, node)
    assert target.document.openapi == ""
    assert documents.loaded == (documents.root, target.document)
    assert follow(documents, ref).document is target.document


def test_references_are_relative_to_their_own_file(documents: Documents) -> None:
    first = follow(documents, "parts/a.yaml").document
    second = follow(documents, "b.json", first.source)
    assert second.document.source == "specs/parts/b.json"
    back = follow(documents, "../api.yaml#/openapi", first.source)
    assert (back.document, back.node) == (documents.root, "3.1.0")
    assert follow(documents, "#/A", first.source).node == {"type": "string"}
    assert documents.loaded == (documents.root, first, second.document)
    assert documents.locate(Location("specs/parts/a.yaml", "/up")).line == 3


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("../secret.yaml#/key", "The file '../secret.yaml' is outside the folder of the document."),
        ("parts/../../secret.yaml", "The file 'parts/../../secret.yaml' is outside the folder of the document."),
        ("%2e%2e/secret.yaml", "The file '../secret.yaml' is outside the folder of the document."),
        ("../shared/c.yaml", "The file '../shared/c.yaml' is outside the folder of the document."),
        ("../nowhere.yaml", "The file '../nowhere.yaml' is outside the folder of the document."),
        ("/etc/passwd", "The $ref names '/etc/passwd', which is not a relative path."),
        ("//host/a.yaml", "The $ref names '//host/a.yaml', which is not a relative path."),
        ("%2fetc/passwd", "The $ref names '/etc/passwd', which is not a relative path."),
        ("..\\secret.yaml", "The $ref names '..\\\\secret.yaml', which is not a relative path."),
        ("C:/secret.yaml", "A $ref with c: is never followed."),
        ("file:///etc/passwd", "A $ref with file: is never followed."),
        ("http://localhost/a.yaml", "A $ref with http: is never followed."),
        ("HTTPS://example.com/a.yaml#/x", "A $ref to HTTPS://example.com/a.yaml is not followed: its host is not allowed."),
        ("https://[::1/a.yaml", "A $ref to https://[::1/a.yaml is not followed: its host is not allowed."),
        ("parts%00.yaml", "The $ref names a file with a NUL in its name."),
        ("parts", "'parts' is not a regular file."),
    ],
)  # fmt: skip
def test_forbidden(documents: Documents, ref: str, message: str) -> None:
    found = refusal(documents, ref)
    assert (found.code, found.message) == ("ref-forbidden", message)
    assert (str(found.at), found.at.pointer) == ("specs/api.yaml:2:5", "/x/$ref")
    assert (
        "--allow-ref-root DIR" in found.hint
        or "--allow-ref-host" in found.hint
        or found.message.endswith("regular file.")
    )
    assert documents.loaded == (documents.root,)


def test_allowed_folders(folder: Path) -> None:
    documents = load("specs/api.yaml", ref_roots=[Path("shared")])
    target = follow(documents, "../shared/c.yaml#/C")
    assert (target.document.source, target.node) == ("shared/c.yaml", 1)
    assert follow(documents, "d.yaml#/D", "shared/c.yaml").node == 1
    assert refusal(documents, "../secret.yaml").code == "ref-forbidden"


def test_symlinks_do_not_lead_out(documents: Documents, folder: Path) -> None:
    (folder / "specs/link.yaml").symlink_to(folder / "secret.yaml")
    (folder / "specs/out").symlink_to(folder)
    (folder / "specs/in.yaml").symlink_to(folder / "specs/parts/a.yaml")
    (folder / "specs/deep").symlink_to(folder / "specs/parts/x/y")
    for ref in ("link.yaml", "out/secret.yaml", "deep/../../secret.yaml"):
        assert refusal(documents, ref).code == "ref-forbidden", ref
    inside = follow(documents, "in.yaml").document
    assert follow(documents, "parts/a.yaml").document is inside


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_read(documents: Documents, folder: Path) -> None:
    os.mkfifo(folder / "specs/pipe.yaml")
    assert refusal(documents, "pipe.yaml").message == "'pipe.yaml' is not a regular file."


@pytest.mark.parametrize(
    "ref", ["a.yaml", "api.yaml#/x", "../a.yaml", "https://example.com/a.yaml"]
)
def test_stdin_has_no_neighbours(folder: Path, ref: str) -> None:
    documents = load("-", stdin=io.BytesIO(ROOT.encode()))
    with pytest.raises(SpecError) as caught:
        follow(documents, ref, "-")
    assert caught.value.diagnostics[0].code == "ref-forbidden"
    assert follow(documents, "#/components/list/0", "-").node == "zero"


@pytest.mark.parametrize(
    ("ref", "message", "hint"),
    [
        ("#/components/schemas/Sesion",
         "The $ref '#/components/schemas/Sesion' leads nowhere: there is no 'Sesion' at /components/schemas.",
         "Did you mean #/components/schemas/Session?"),
        ("#/component/schemas/Session",
         "The $ref '#/component/schemas/Session' leads nowhere: there is no 'component' at the top.",
         "Did you mean #/components/schemas/Session?"),
        ("#/definitions/Session",
         "The $ref '#/definitions/Session' leads nowhere: there is no 'definitions' at the top.",
         "Did you mean #/components/schemas/Session?"),
        ("#/components/list/2",
         "The $ref '#/components/list/2' leads nowhere: there is no '2' at /components/list.",
         "Define it, or correct the reference."),
        ("#/components/list/01",
         "The $ref '#/components/list/01' leads nowhere: there is no '01' at /components/list.",
         "Define it, or correct the reference."),
        ("#/components/list/-",
         "The $ref '#/components/list/-' leads nowhere: there is no '-' at /components/list.",
         "Define it, or correct the reference."),
        ("#/openapi/x", "The $ref '#/openapi/x' leads nowhere: there is no 'x' at /openapi.",
         "Define it, or correct the reference."),
        ("#/", "The $ref '#/' leads nowhere: there is no '' at the top.",
         "Define it, or correct the reference."),
        ("parts/a.yaml#/a",
         "The $ref 'parts/a.yaml#/a' leads nowhere: there is no 'a' at the top of specs/parts/a.yaml.",
         "Define it, or correct the reference."),
        ("parts/a.yaml#/siblings",
         "The $ref 'parts/a.yaml#/siblings' leads nowhere: there is no 'siblings' at the top of specs/parts/a.yaml.",
         "Did you mean parts/a.yaml#/sibling?"),
        ("parts/none.yaml#/a", "The $ref names the file 'parts/none.yaml', which does not exist.",
         "Check the path: it is relative to this file."),
        ("x" * 5000, f"specs/{'x' * 5000} cannot be read: File name too long.",
         "Check the path and its permissions."),
    ],
)  # fmt: skip
def test_unresolved(documents: Documents, ref: str, message: str, hint: str) -> None:
    found = refusal(documents, ref)
    assert found.code == ("ref-unresolved" if len(ref) < 5000 else "file-unreadable")
    assert (found.message, found.hint) == (message, hint)
    assert (str(found.at), found.at.excerpt) == ("specs/api.yaml:2:5", "x: {$ref: HERE}")


def test_bytes_that_are_no_text(documents: Documents) -> None:
    found = refusal(documents, "#/a%ff")
    assert (found.code, found.message) == (
        "ref-invalid",
        "The %-escapes of this $ref are not UTF-8.",
    )


def test_a_ref_that_is_no_string(documents: Documents) -> None:
    found = refusal(documents, 5)  # type: ignore[arg-type]
    assert (found.code, found.message) == ("ref-invalid", "A $ref must be a string.")


@pytest.mark.parametrize(
    ("ref", "code", "place"),
    [
        ("parts/broken.yaml", "yaml-syntax", "specs/parts/broken.yaml:2:1"),
        ("parts/empty.yaml", "document-empty", "specs/parts/empty.yaml"),
    ],
)
def test_faults_of_a_file_name_the_reference_too(
    documents: Documents, ref: str, code: str, place: str
) -> None:
    found = refusal(documents, ref)
    assert (found.code, str(found.at)) == (code, place)
    assert str(found.related[-1]) == "specs/api.yaml:2:5"


def test_resolving_never_touches_the_network(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[object]:
        raise AssertionError("network")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert refusal(documents, "https://example.com/a.yaml").code == "ref-forbidden"
