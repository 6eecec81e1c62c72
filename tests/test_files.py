"""Comparing, diffing and writing a package folder; a kill, a full disk and somebody else's files."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modelgen.disk import files as files_module
from modelgen.disk import swap
from modelgen.disk.files import Changes, Files
from modelgen.disk.manifest import MANIFEST, hash_of, is_current
from modelgen.errors import SpecError

ONE = Files({"__init__.py": "a = 1\n", "_codecs/x.py": "x = 'ä'\n", "py.typed": ""})
TWO = Files({"__init__.py": "a = 2\n", "models.py": "m = 1\n", "py.typed": ""})


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def code_of(error: pytest.ExceptionInfo[SpecError]) -> str:
    return error.value.diagnostics[0].code


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_a_new_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "pkg"
    assert ONE.write(target) == Changes(added=("__init__.py", "_codecs/x.py", "py.typed"))
    assert content(target) == dict(ONE)
    assert (target / "_codecs/x.py").read_bytes() == "x = 'ä'\n".encode()
    listed = json.loads((target / MANIFEST).read_bytes())["files"]
    assert sorted(listed) == sorted(ONE)
    assert leftovers(target) == []


def test_files_no_longer_generated_go_and_take_their_folder_along(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (target / "_codecs/__pycache__").mkdir()
    (target / "_codecs/__pycache__/x.pyc").write_bytes(b"")
    assert TWO.write(target) == Changes(("models.py",), ("__init__.py",), ("_codecs/x.py",))
    assert content(target) == dict(TWO)
    assert not (target / "_codecs").exists()


def test_nothing_to_change_touches_nothing(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    before = {p: p.stat().st_mtime_ns for p in (target, *target.rglob("*"))}
    inode = target.stat().st_ino
    assert not ONE.write(target)
    assert {p: p.stat().st_mtime_ns for p in (target, *target.rglob("*"))} == before
    assert target.stat().st_ino == inode


def test_unchanged_files_keep_their_time(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    os.utime(target / "py.typed", (1, 1))
    TWO.write(target)
    assert (target / "py.typed").stat().st_mtime == 1


def test_files_of_somebody_else_stay(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (target / "mine").mkdir()
    (target / "mine/notes.txt").write_text("notes")
    (target / "_codecs/own.py").write_text("own = 1\n")
    (target / "empty").mkdir()
    (target / "link").symlink_to("mine/notes.txt")
    inode = (target / "mine/notes.txt").stat().st_ino
    TWO.write(target)
    assert (target / "_codecs/own.py").read_text() == "own = 1\n"
    assert not (target / "_codecs/x.py").exists()
    assert (target / "mine/notes.txt").stat().st_ino == inode
    assert (target / "empty").is_dir()
    assert os.readlink(target / "link") == "mine/notes.txt"


def test_a_listed_file_edited_by_hand_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (target / "__init__.py").write_text("edited\n")
    assert ONE.write(target) == Changes(changed=("__init__.py",))
    assert content(target) == dict(ONE)


@pytest.mark.parametrize("has_manifest", [False, True])
def test_an_unlisted_file_is_never_overwritten(tmp_path: Path, has_manifest: bool) -> None:
    target = tmp_path / "pkg"
    target.mkdir()
    if has_manifest:
        Files({"py.typed": ""}).write(target)
    (target / "__init__.py").write_text("mine\n")
    for action in (ONE.write, ONE.compare):
        with pytest.raises(SpecError) as error:
            action(target)
        assert code_of(error) == "would-overwrite"
        assert error.value.diagnostics[0].at.source == str(target / "__init__.py")
    assert (target / "__init__.py").read_text() == "mine\n"
    assert not (target / "_codecs").exists()


def test_an_unlisted_file_with_the_generated_text_is_adopted(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (target / MANIFEST).unlink()
    assert ONE.write(target) == Changes(added=(MANIFEST,))
    assert is_current(target, hash_of(ONE.manifest.encode()))


def test_a_folder_or_file_in_the_way_is_named(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    (target / "__init__.py").mkdir(parents=True)
    (target / "_codecs").write_text("")
    with pytest.raises(SpecError) as error:
        ONE.write(target)
    (found,) = error.value.diagnostics
    places = [place.source for place in (found.at, *found.related)]
    assert places == [str(target / "__init__.py"), str(target / "_codecs")]


def test_nothing_is_written_through_a_symlink_inside(tmp_path: Path) -> None:
    target, outside = tmp_path / "pkg", tmp_path / "outside"
    target.mkdir()
    outside.mkdir()
    (outside / "x.py").write_text("safe\n")
    (target / "_codecs").symlink_to(outside)
    with pytest.raises(SpecError) as error:
        ONE.write(target)
    assert code_of(error) == "would-overwrite"
    (target / "_codecs").unlink()
    ONE.write(target)
    (target / "_codecs/x.py").unlink()
    (target / "_codecs/x.py").symlink_to(outside / "x.py")
    ONE.write(target)
    assert (outside / "x.py").read_text() == "safe\n"
    assert content(target) == dict(ONE)
    assert not (target / "_codecs/x.py").is_symlink()


def test_a_symlinked_package_folder_is_followed(tmp_path: Path) -> None:
    real = tmp_path / "real" / "folder"
    link = tmp_path / "pkg"
    real.mkdir(parents=True)
    link.symlink_to(real)
    ONE.write(link)
    assert link.is_symlink()
    assert content(real) == dict(ONE)
    assert leftovers(link) == leftovers(real) == []


@pytest.mark.parametrize(
    "path", ["../victim", "{}", "a/../../victim", "a/./b", "", "..", "a\\b", "x\0"]
)
def test_a_manifest_cannot_reach_outside(tmp_path: Path, path: str) -> None:
    target = tmp_path / "pkg"
    victim = tmp_path / "victim"
    victim.write_text("alive")
    target.mkdir()
    listed = {"files": {path.format(victim): ""}}
    (target / MANIFEST).write_text(json.dumps(listed))
    for action in (ONE.write, ONE.compare, lambda folder: list(ONE.unified_diff(folder))):
        with pytest.raises(SpecError) as error:
            action(target)
        assert code_of(error) == "output-manifest"
    assert not is_current(target, hash_of((target / MANIFEST).read_bytes()))
    assert victim.read_text() == "alive"


def test_a_manifest_cannot_reach_outside_through_a_symlink(tmp_path: Path) -> None:
    target, outside = tmp_path / "pkg", tmp_path / "outside"
    target.mkdir()
    outside.mkdir()
    (outside / "victim").write_text("alive")
    (target / "link").symlink_to(outside)
    (target / MANIFEST).write_text('{"files": {"link/victim": ""}}')
    assert "alive" not in "".join(ONE.unified_diff(target))
    ONE.write(target)
    assert (target / "link/victim").read_text() == "alive"


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\n",
        "{}",
        "[]",
        '{"files": ["__init__.py"]}',
        '{"files": [1]}',
        '{"files": {"\\ud800": ""}}',
        "[" * 100_000,
        "\0",
    ],
)
def test_a_damaged_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (target / MANIFEST).write_text(text)
    with pytest.raises(SpecError) as error:
        TWO.write(target)
    assert code_of(error) == "output-manifest"
    assert content(target) == dict(ONE)


@pytest.mark.parametrize("path", ["/a", "../a", "a/../b", "a//b", "a\\b", "", ".", MANIFEST])
def test_paths_stay_inside_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="not the path"):
        Files({path: ""})


# --- diffs ----------------------------------------------------------------------------------------


def test_the_diff_is_what_patch_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = Path("pkg")
    ONE.write(target)
    (target / "__init__.py").write_text("no newline\r\nform\ffeed\u2028line\rend", newline="")
    diff = "".join(TWO.unified_diff(target))
    assert "--- /dev/null\n+++ b/pkg/models.py\n" in diff
    assert "--- a/pkg/_codecs/x.py\n+++ /dev/null\n" in diff
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply", "-p1"], input=diff.encode(), check=True)
    assert content(target) == dict(TWO)
    added = "".join(ONE.unified_diff(Path("new")))
    subprocess.run(["git", "apply", "-p1"], input=added.encode(), check=True)
    assert content(Path("new")) == dict(ONE)


def test_the_diff_of_equal_files_is_empty(tmp_path: Path) -> None:
    ONE.write(tmp_path / "pkg")
    assert list(ONE.unified_diff(tmp_path / "pkg")) == []


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "output-disk-full"),
        (errno.EACCES, "output-not-writable"),
        (errno.EROFS, "output-not-writable"),
        (errno.EIO, "output-failed"),
    ],
)
@pytest.mark.parametrize("call", ["mkdir", "fsync", "exchange", "write_bytes"])
def test_a_failure_leaves_the_old_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: str
) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        match call:
            case "fsync":
                patch.setattr(os, "fsync", fail)
            case "exchange":
                patch.setattr(files_module, "exchange", fail)
            case _:
                patch.setattr(Path, call, fail)
        with pytest.raises(SpecError) as error:
            TWO.write(target)
        assert code_of(error) == code
        with pytest.raises(SpecError):
            TWO.write(tmp_path / "not" / "there" / "pkg")
    assert content(target) == dict(ONE)
    assert leftovers(target) == []
    assert sorted(os.listdir(tmp_path)) == ["pkg"]


def test_a_file_where_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    for target in (tmp_path / "file", tmp_path / "file" / "pkg"):
        for action in (ONE.write, ONE.compare):
            with pytest.raises(SpecError) as error:
                action(target)
            assert code_of(error) == "output-not-a-folder"
    assert (tmp_path / "file").read_text() == "text"


def test_without_a_system_call_for_it_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    monkeypatch.setattr(swap, "_swap", lambda *_: False)
    TWO.write(target)
    assert content(target) == dict(TWO)
    assert leftovers(target) == []


def test_a_package_parked_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    target.rename(swap.parking(target))
    (tmp_path / ".pkg.modelgen-12345").mkdir()
    assert TWO.write(target).changed == ("__init__.py",)
    assert content(target) == dict(TWO)
    assert leftovers(target) == []


def test_leftovers_go_even_if_nothing_changed(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    (tmp_path / ".pkg.modelgen-12345").mkdir()
    left = tmp_path / ".pkg.modelgen-12345"
    (left / MANIFEST).write_text(TWO.manifest)
    (left / "models.py").write_text("half")
    (tmp_path / ".pkgs.modelgen-1").mkdir()
    assert not ONE.write(target)
    assert leftovers(target) == [".pkgs.modelgen-1"]


def test_what_looks_like_a_leftover_but_is_none_stays(tmp_path: Path) -> None:
    target = tmp_path / "m"
    ONE.write(target)
    for name in (".m.modelgen-notes", ".m.modelgen-12a", ".m.modelgen-", ".m.modelgen-7"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("mine")
    TWO.write(target)
    assert sorted(leftovers(target)) == [
        ".m.modelgen-",
        ".m.modelgen-12a",
        ".m.modelgen-7",
        ".m.modelgen-notes",
    ]


@pytest.mark.parametrize("renames", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_what_others_write_meanwhile_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: bool, first: bool
) -> None:
    target = tmp_path / "pkg"
    target.mkdir()
    (target / "edited.txt").write_text("before")
    if not first:
        ONE.write(target)
    real = files_module.exchange

    def late(new: Path, folder: Path) -> None:
        (folder / "notes.txt").write_text("mine")
        (folder / "sub/deep").mkdir(parents=True)
        (folder / "sub/deep/link").symlink_to("nowhere")
        (folder / "edited.new").write_text("after")
        (folder / "edited.new").replace(folder / "edited.txt")
        real(new, folder)

    monkeypatch.setattr(files_module, "exchange", late)
    if renames:
        monkeypatch.setattr(swap, "_swap", lambda *_: False)
    TWO.write(target)
    assert content(target) == {**TWO, "notes.txt": "mine", "edited.txt": "after"}
    assert (target / "sub/deep/link").is_symlink()
    assert leftovers(target) == []


@pytest.mark.parametrize("renames", [False, True])
@pytest.mark.parametrize("path", ["models.py", "models.py/inside.txt"])
def test_a_file_that_comes_into_the_way_meanwhile_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: bool, path: str
) -> None:
    target = tmp_path / "pkg"
    ONE.write(target)
    real = files_module.exchange

    def late(new: Path, folder: Path) -> None:
        monkeypatch.setattr(files_module, "exchange", real)
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("mine")
        real(new, folder)

    monkeypatch.setattr(files_module, "exchange", late)
    if renames:
        monkeypatch.setattr(swap, "_swap", lambda *_: False)
    with pytest.raises(SpecError) as error:
        TWO.write(target)
    assert code_of(error) == "would-overwrite"
    assert content(target) == {**ONE, path: "mine"}
    assert leftovers(target) == []


def test_what_others_wrote_before_a_kill_is_brought_back(tmp_path: Path) -> None:
    target, left = tmp_path / "pkg", tmp_path / ".pkg.modelgen-12345"
    for folder in (target, left):
        ONE.write(folder)
    (left / "notes.txt").write_text("mine")
    TWO.write(target)
    assert content(target) == {**TWO, "notes.txt": "mine"}
    assert leftovers(target) == []
    (left / "x").mkdir(parents=True)
    (left / MANIFEST).write_text(ONE.manifest)
    (left / "notes.txt").write_text("another")
    TWO.write(target)
    assert content(target) == {**TWO, "notes.txt": "mine"}
    assert (left / "notes.txt").read_text() == "another"


WRITER = """
import sys
from pathlib import Path
from modelgen.disk.files import Files
target = Path(sys.argv[1])
def package(n):
    texts = {f"m{i}.py": f"n = {n}\\n" * 50 for i in range(40)}
    texts[f"only{n % 3}.py"] = f"n = {n}\\n"
    return Files(texts)
print("ready", flush=True)
n = 0
while True:
    package(n).write(target)
    n += 1
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_kill_at_any_moment_leaves_a_whole_package(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    chance = random.Random(7)
    for _ in range(25):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.001, 0.08))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        texts = content(target)
        assert texts.pop("mine.txt") == "mine"
        if texts:
            assert len(texts) == 41
            assert len({text.split("\n")[0] for text in texts.values()}) == 1
            listed = json.loads((target / MANIFEST).read_bytes())["files"]
            assert sorted(listed) == sorted(texts)
    ONE.write(target)
    assert leftovers(target) == []
    assert content(target) == {**ONE, "mine.txt": "mine"}


def test_two_writers_at_once_take_turns(tmp_path: Path) -> None:
    target = tmp_path / "pkg"
    command = [sys.executable, "-c", WRITER, str(target)]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
    time.sleep(1.0)
    assert [writer.poll() for writer in writers] == [None] * 3
    for writer in writers:
        writer.kill()
        writer.wait()
    assert len({text.split("\n")[0] for text in content(target).values()}) == 1
