"""`modelgen fetch`: what it brings, what the lock file says, and that a failure leaves everything as it was."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main
from modelgen.disk import replace as replacement
from modelgen.loader import fetch as fetching
from modelgen.loader import limits
from tls_server import Names, Server, address

OLD = b"openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n"
NEW = OLD.replace(b"'1'", b"'2'")
PACKAGE = '[tool.modelgen.packages.pets]\ninput = "specs/pets.yaml"\n'
Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def configure(
    server: Server, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> Configure:
    """Write a pyproject.toml with sources at paths of the server: name="path on the server"."""
    monkeypatch.setattr(fetching.ssl, "create_default_context", lambda: context)
    server.body, server.etag = OLD, '"v1"'

    def write(**sources: str) -> None:
        tables = "".join(
            f'[tool.modelgen.sources.{name}]\nurl = "{address(server, path)}"\n'
            f'path = "specs/{name}.yaml"\n'
            for name, path in sources.items()
        )
        Path("pyproject.toml").write_text(PACKAGE + tables)

    write(pets="/spec.yaml")
    return write


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["fetch", *arguments], catch_exceptions=False)


def fetch(*arguments: str) -> Result:
    return run("--allow-private-hosts", *arguments)


def sent_etag(server: Server) -> str | None:
    return server.requests[-1][2].get("If-None-Match")


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file and folder, with content and time of change."""
    return {
        str(path.relative_to(folder)): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns if path.is_file() else 0,
        )
        for path in sorted(folder.rglob("*"))
    }


# --- what it brings -------------------------------------------------------------------------------


def test_a_document_and_its_lock(configure: Configure, server: Server) -> None:
    result = fetch()
    sha256 = hashlib.sha256(OLD).hexdigest()
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"specs/pets.yaml: new (59 bytes, sha256 {sha256[:12]})\n"
    assert Path("specs/pets.yaml").read_bytes() == OLD
    assert Path("modelgen.lock").read_text() == (
        "{\n"
        '  "version": 1,\n'
        '  "sources": {\n'
        '    "pets": {\n'
        f'      "url": "{address(server, "/spec.yaml")}",\n'
        f'      "sha256": "{sha256}",\n'
        '      "size": 59,\n'
        '      "etag": "\\"v1\\"",\n'
        '      "version": "1",\n'
        f'      "date": "{datetime.now(UTC).date()}"\n'
        "    }\n"
        "  }\n"
        "}\n"
    )
    assert sorted(os.listdir()) == ["modelgen.lock", "pyproject.toml", "specs"]
    assert os.listdir("specs") == ["pets.yaml"]


def test_what_did_not_change_is_not_sent_again(
    configure: Configure, server: Server, folder: Path
) -> None:
    fetch()
    before = snapshot(folder)
    result = fetch()
    assert sent_etag(server) == '"v1"'
    assert "specs/pets.yaml: unchanged (59 bytes" in result.stderr
    assert snapshot(folder) == before


def test_what_changed_is_replaced(configure: Configure, server: Server) -> None:
    fetch()
    server.body, server.etag = NEW, 'W/"v2"'
    result = fetch()
    assert "specs/pets.yaml: changed (59 bytes, sha256 " in result.stderr
    assert Path("specs/pets.yaml").read_bytes() == NEW
    pin = json.loads(Path("modelgen.lock").read_text())["sources"]["pets"]
    assert (pin["sha256"], pin["etag"]) == (hashlib.sha256(NEW).hexdigest(), 'W/"v2"')


def test_a_new_etag_alone_is_no_change(configure: Configure, server: Server, folder: Path) -> None:
    fetch()
    before = snapshot(folder)
    server.etag = '"v1b"'
    assert "unchanged" in fetch().stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize("etag", ["", "unquoted", '"a b"', f'"{"x" * 300}"'])
def test_what_is_no_etag_is_not_kept(configure: Configure, server: Server, etag: str) -> None:
    server.etag = etag
    fetch()
    assert json.loads(Path("modelgen.lock").read_text())["sources"]["pets"]["etag"] == ""
    assert "unchanged" in fetch().stderr
    assert sent_etag(server) is None


@pytest.mark.parametrize("change", ["edited", "removed", "other URL"])
def test_the_whole_document_is_asked_for_unless_it_is_there(
    configure: Configure, server: Server, change: str
) -> None:
    fetch()
    match change:
        case "edited":
            Path("specs/pets.yaml").write_bytes(NEW)
        case "removed":
            Path("specs/pets.yaml").unlink()
        case "other URL":
            configure(pets="/spec.yaml?other")
    result = fetch()
    assert (result.exit_code, sent_etag(server)) == (0, None)
    assert Path("specs/pets.yaml").read_bytes() == OLD
    assert run("--locked").exit_code == 0


def test_one_of_several(configure: Configure, server: Server) -> None:
    configure(cats="/spec.yaml?cats", dogs="/spec.yaml?dogs")
    assert fetch("dogs").exit_code == 0
    assert os.listdir("specs") == ["dogs.yaml"]
    assert fetch().stderr.count("\n") == 2
    assert sorted(os.listdir("specs")) == ["cats.yaml", "dogs.yaml"]
    first = Path("modelgen.lock").read_text()
    configure(dogs="/spec.yaml?dogs", cats="/spec.yaml?cats")
    fetch()
    assert Path("modelgen.lock").read_text() == first  # in any order of the configuration
    configure(dogs="/spec.yaml?dogs")
    fetch()
    assert list(json.loads(Path("modelgen.lock").read_text())["sources"]) == ["dogs"]


def test_from_a_folder_below(
    configure: Configure, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a/b").mkdir(parents=True)
    monkeypatch.chdir(folder / "a/b")
    assert fetch().stderr.startswith("../../specs/pets.yaml: new ")
    assert (folder / "modelgen.lock").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links and modes")
def test_links_and_modes_stay(configure: Configure, server: Server, folder: Path) -> None:
    fetch()
    (folder / "elsewhere.yaml").write_bytes(OLD)
    (folder / "elsewhere.yaml").chmod(0o640)
    (folder / "specs/pets.yaml").unlink()
    (folder / "specs/pets.yaml").symlink_to("../elsewhere.yaml")
    server.body, server.etag = NEW, ""
    assert fetch().exit_code == 0
    assert (folder / "specs/pets.yaml").is_symlink()
    assert (folder / "elsewhere.yaml").read_bytes() == NEW
    assert (folder / "elsewhere.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
@pytest.mark.parametrize("path", ["../outside.yaml", "specs/link.yaml", "linked/pets.yaml"])
def test_nothing_is_written_outside_the_project(
    configure: Configure, folder: Path, tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "specs").mkdir()
    (folder / "specs/link.yaml").symlink_to(elsewhere / "pets.yaml")
    (folder / "linked").symlink_to(elsewhere)
    text = (
        Path("pyproject.toml").read_text().replace('path = "specs/pets.yaml"', f'path = "{path}"')
    )
    Path("pyproject.toml").write_text(text)
    for option in ("--allow-private-hosts", "--locked"):
        assert "error[config-path-outside]" in refused(folder, option)
    assert list(elsewhere.iterdir()) == []
    assert not (folder.parent / "outside.yaml").exists()


# --- --locked -------------------------------------------------------------------------------------


def test_locked_asks_nobody(configure: Configure, server: Server, names: Names) -> None:
    fetch()
    asked = len(server.requests), len(names.asked)
    result = run("--locked")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "specs/pets.yaml: unchanged" in result.stderr
    assert (len(server.requests), len(names.asked)) == asked


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ("edit", "lock-mismatch", "not the one in the lock file: sha256 "),
        ("cut", "lock-mismatch", "not the one in the lock file: sha256 "),
        ("remove", "lock-mismatch", "that the lock file names is not there."),
        ("no lock", "lock-missing", 'does not have the source "pets".'),
        ("new source", "lock-missing", 'does not have the source "dogs".'),
        ("new url", "lock-outdated", 'has the source "pets" from another URL'),
        ("not json", "lock-damaged", "is damaged"),
        ("other version", "lock-damaged", "is damaged"),
        ("other shape", "lock-damaged", "is damaged"),
        ("other types", "lock-damaged", "is damaged"),
    ],
)
def test_locked_refuses(
    configure: Configure, server: Server, folder: Path, change: str, code: str, message: str
) -> None:
    fetch()
    document, lock = Path("specs/pets.yaml"), Path("modelgen.lock")
    match change:
        case "edit":
            document.write_bytes(NEW)
        case "cut":
            document.write_bytes(OLD[:-1])
        case "remove":
            document.unlink()
        case "no lock":
            lock.unlink()
        case "new source":
            configure(pets="/spec.yaml", dogs="/spec.yaml")
        case "new url":
            configure(pets="/spec.yaml?other")
        case "not json":
            lock.write_text(lock.read_text()[:-20])
        case "other version":
            lock.write_text(lock.read_text().replace("1,", "2,", 1))
        case "other shape":
            lock.write_text('{"version": 1, "sources": {"pets": {"url": ""}}}')
        case "other types":
            lock.write_text(lock.read_text().replace("59", '"59"'))
    before, asked = snapshot(folder), len(server.requests)
    result = run("--locked")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error[{code}]: " in result.stderr
    assert message in result.stderr
    assert "  hint: " in result.stderr
    assert (snapshot(folder), len(server.requests)) == (before, asked)


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.fixture(params=["first", "again"])
def state(request: pytest.FixtureRequest, configure: Configure) -> str:
    """A project before anything was fetched, or one with an earlier version."""
    if request.param == "again":
        assert fetch().exit_code == 0
    return str(request.param)


def refused(folder: Path, *arguments: str) -> str:
    """What a fetch prints that fails and changes nothing."""
    before = snapshot(folder)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("error[") == 1
    assert "  hint: " in result.stderr
    assert snapshot(folder) == before
    return result.stderr


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        pytest.param("/fails", "fetch-failed", "answered with status 500.", id="HTTP 500"),
        pytest.param("/none", "fetch-failed", "answered with status 404.", id="HTTP 404"),
        pytest.param("/short", "fetch-failed", "broke off in the middle", id="truncated"),
        pytest.param("/short-chunks", "fetch-failed", "broke off in the middle", id="truncated chunks"),
        pytest.param("/endless", "fetch-failed", "how long its answer is", id="no length"),
        pytest.param("/rubbish", "fetch-failed", "cannot be fetched", id="not HTTP"),
        pytest.param("/redirect?http://spec.test/spec.yaml", "fetch-forbidden",
                     "http://spec.test/spec.yaml is not an https URL.", id="redirect to http"),
        pytest.param("/redirect?file:///etc/passwd", "fetch-forbidden",
                     "file:///etc/passwd is not an https URL.", id="redirect to a file"),
        pytest.param("/loop", "fetch-failed", "redirects more than 5 times.", id="redirect loop"),
        pytest.param("/page", "", "", id="HTML"),
        pytest.param("/empty", "document-empty", "is empty", id="empty"),
    ],
)  # fmt: skip
def test_a_bad_answer_changes_nothing(
    configure: Configure, state: str, folder: Path, path: str, code: str, message: str
) -> None:
    configure(pets=path)
    text = refused(folder, "--allow-private-hosts")
    assert f"error[{code}" in text
    assert message in text
    assert "specs/pets.yaml is as it was." in text


def test_a_redirect_to_a_private_address_changes_nothing(
    configure: Configure,
    state: str,
    folder: Path,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda item: item == "127.0.0.1")
    names.table["inside.test"] = ["10.0.0.7"]
    configure(pets="/redirect?https://inside.test/spec.yaml")
    assert "leads to 10.0.0.7, which is not a public address." in refused(folder)


def test_a_private_address_needs_permission(
    configure: Configure, state: str, server: Server, folder: Path
) -> None:
    asked = len(server.requests)
    assert "leads to 127.0.0.1, which is not a public address." in refused(folder)
    assert len(server.requests) == asked


def test_an_unknown_certificate_changes_nothing(
    configure: Configure, state: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    text = Path("pyproject.toml").read_text().replace("spec.test", "127.0.0.1")
    Path("pyproject.toml").write_text(text)
    assert "certificate" in refused(folder, "--allow-private-hosts")


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_time_out_changes_nothing(
    configure: Configure, state: str, folder: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.5)
    configure(pets=path)
    assert "error[fetch-failed]" in refused(folder, "--allow-private-hosts")


def test_a_document_that_is_too_large_changes_nothing(
    configure: Configure, state: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 4000)
    configure(pets="/large")
    assert "error[too-large]" in refused(folder, "--allow-private-hosts")


def test_yaml_is_not_kept_under_a_json_name(configure: Configure, state: str, folder: Path) -> None:
    text = Path("pyproject.toml").read_text()
    Path("pyproject.toml").write_text(text.replace('path = "specs/pets.yaml', 'path = "pets.json'))
    assert "error[json-syntax]" in refused(folder, "--allow-private-hosts")


def test_one_failure_keeps_back_the_others(
    configure: Configure, state: str, server: Server, folder: Path
) -> None:
    configure(pets="/spec.yaml", dogs="/fails")
    server.body, server.etag = NEW, ""
    refused(folder, "--allow-private-hosts")


def test_a_damaged_lock_is_not_replaced(configure: Configure, folder: Path) -> None:
    fetch()
    Path("modelgen.lock").write_text("{")
    assert "error[lock-damaged]" in refused(folder, "--allow-private-hosts")


@pytest.mark.parametrize("blocked", ["specs/pets.yaml", "modelgen.lock"])
def test_a_folder_in_the_way_changes_nothing(
    configure: Configure, folder: Path, blocked: str
) -> None:
    (folder / blocked).mkdir(parents=True)
    assert "error[fetch-not-written]" in refused(folder, "--allow-private-hosts")


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", range(1, 5))
def test_a_failure_while_writing_changes_nothing(
    configure: Configure,
    state: str,
    server: Server,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    call: int,
) -> None:
    """Writing syncs the document, the lock, and the folder after each rename: each may fail."""
    server.body, server.etag = NEW, ""
    before = {path: content for path, (content, _) in snapshot(folder).items()}
    synced = 0

    def sync(_: object) -> None:
        nonlocal synced
        synced += 1
        if synced == call:
            raise fault

    monkeypatch.setattr(replacement.os, "fsync", sync)
    result = fetch()
    assert result.exit_code == (2 if isinstance(fault, OSError) else 130)
    assert {path: content for path, (content, _) in snapshot(folder).items()} == before


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("kind", ["SIGINT", "SIGKILL"])
def test_an_interrupt_in_the_middle_changes_nothing(
    configure: Configure, state: str, server: Server, folder: Path, certificate: Path, kind: str
) -> None:
    configure(pets="/slow")
    text = Path("pyproject.toml").read_text().replace("spec.test", "127.0.0.1")
    Path("pyproject.toml").write_text(text)
    before, asked = snapshot(folder), len(server.requests)
    process = subprocess.Popen(
        [sys.executable, "-m", "modelgen", "fetch", "--allow-private-hosts"],
        env={**os.environ, "SSL_CERT_FILE": str(certificate)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while len(server.requests) == asked and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(getattr(signal, kind))
    _, stderr = process.communicate(timeout=10)
    assert len(server.requests) == asked + 1
    if kind == "SIGINT":
        assert (process.returncode, stderr) == (130, "interrupted; nothing is half written\n")
    assert snapshot(folder) == before


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_kill_between_the_renames_is_noticed_and_repaired(
    configure: Configure, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch()
    lock = Path("modelgen.lock").read_bytes()
    server.body, server.etag = NEW, '"v2"'
    fetch()
    Path("modelgen.lock").write_bytes(lock)  # as the kill leaves it
    Path("specs/.pets.yaml.modelgen-1-old").write_bytes(OLD)
    assert "error[lock-mismatch]" in refused(folder, "--locked")
    assert fetch().exit_code == 0
    assert run("--locked").exit_code == 0


def test_unknown_names(configure: Configure, folder: Path) -> None:
    text = refused(folder, "pest")
    assert 'error[unknown-source]: There is no source "pest".' in text
    assert 'Did you mean "pets"?' in text
    Path("pyproject.toml").write_text(PACKAGE)
    assert "No [tool.modelgen.sources] are configured." in refused(folder)
    Path("pyproject.toml").unlink()
    assert "error[config-missing]" in refused(folder)
