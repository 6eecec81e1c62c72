"""`modelgen update`: the whole loop in temporary repositories, from a commit upstream to the branch of a pull request."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main
from modelgen.loader import limits

CASE = Path(__file__).parent / "cases" / "update"
DAYS = {"1": "2026-01-01", "words": "2026-01-15", "2": "2026-02-01", "3": "2026-03-01"}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, a bare repository that it is pushed to, and upstream at its first revision."""
    home, upstream = tmp_path / "project", tmp_path / "upstream"
    for folder in (home / "specs", upstream):
        folder.mkdir(parents=True)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "github.git")
    git(upstream, "init", "-q", "-b", "main")
    git(home, "init", "-q", "-b", "main")
    git(home, "remote", "add", "origin", "../github.git")
    monkeypatch.chdir(home)
    shutil.copy(CASE / "pyproject.toml", home)
    shutil.copy(CASE / "first.yaml", home / "specs/2025-01-01-orders.yaml")
    shutil.copy(CASE / "words.overlay.yaml", home / "specs")
    shutil.copy(CASE / "reconcile.yaml", home / "specs")
    publish("1")
    for command in ("fetch", "generate"):
        result = run(command)
        assert result.exit_code == 0, result.output
    merge("main")
    return home


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> str:
    settings = ["-c", "user.name=a", "-c", "user.email=a@b"]
    date = f"{day}T12:00:00Z"
    dates = {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    return subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **dates},
    ).stdout


def publish(name: str, change: Callable[[str], str] = lambda text: text, day: str = "") -> None:
    """Upstream commits a revision."""
    upstream = Path("../upstream").resolve()
    text = change((CASE / f"{name}.yaml").read_text(encoding="utf-8"))
    (upstream / "openapi.yaml").write_text(text, encoding="utf-8")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-qm", name, day=day or DAYS[name])


def merge(branch: str) -> None:
    """What stands in the folder is a branch of the bare repository, and becomes main there."""
    here = Path.cwd()
    if branch != "main":
        git(here, "switch", "-qc", branch)
    git(here, "add", "-A")
    git(here, "commit", "-qm", branch)
    git(here, "push", "-q", "origin", branch)
    if branch != "main":
        git(here, "switch", "-q", "main")
        git(here, "merge", "-q", branch)
        git(here, "push", "-q", "origin", "main")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def update() -> tuple[int, str]:
    """The exit code and the text of the pull request."""
    result = run("update", "-o", "../pull-request.md")
    path = Path("../pull-request.md")
    return result.exit_code, path.read_text(encoding="utf-8") if path.exists() else result.stderr


def agrees(text: str, golden: Path, update_golden: bool) -> None:
    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def snapshot() -> dict[str, bytes]:
    return {
        path.relative_to(".").as_posix(): path.read_bytes()
        for path in sorted(Path().rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8")


def test_the_whole_loop(update_golden: bool) -> None:
    """Three revisions: words alone, a property for another, and names that mean something else."""
    before = snapshot()
    assert update() == (0, "nothing changed upstream\n")
    publish("words")
    assert update() == (0, "nothing changed upstream\n")
    assert snapshot() == before

    publish("2")
    code, text = update()
    assert code == 1
    agrees(text, CASE / "pull-request-2.md", update_golden)
    assert "Upstream" not in text.replace("changed upstream", "")
    assert run("check").exit_code == 2  # the map and the words wait for somebody
    edit(
        "specs/reconcile.yaml",
        "      colour:\n",
        "      colour: Gone since 2026-02.\n      gift: New in 2026-02.\n",
    )
    with Path("specs/words.overlay.yaml").open("a", encoding="utf-8") as stream:
        stream.write(
            "  - target: $.components.schemas.Order.properties.gift\n    update: {description: Is it wrapped?}\n"
        )
    assert run("generate").exit_code == 0
    assert run("check").exit_code == 0
    merge("update-2")
    assert update() == (0, "nothing changed upstream\n")

    publish("3")
    code, text = update()
    assert code == 1
    agrees(text, CASE / "pull-request-3.md", update_golden)
    assert Path("specs/2026-03-01-orders.yaml").is_file()
    assert "v2026_03_01" in Path("specs/reconcile.yaml").read_text(encoding="utf-8")
    assert (
        git(Path.cwd(), "diff", "--name-only", "HEAD", "--", "specs/2026-01-01-orders.yaml") == ""
    )
    merge("update-3")
    clone = Path("../clone").resolve()
    git(Path.cwd(), "clone", "-q", "../github.git", str(clone))
    assert (clone / "CHANGES.md").read_text(encoding="utf-8").count("\n## ") == 2


def test_what_is_decided_already_leaves_nothing_to_decide() -> None:
    """A change that no map and no overlay has to know of is done by itself."""
    publish("1", lambda text: text.replace("minimum: 1", "minimum: 2"), day="2026-02-01")
    code, text = update()
    assert code == 0, text
    assert "## To decide: nothing" in text
    assert run("check").exit_code == 0
    assert "minimum" in git(Path.cwd(), "diff", "src")
    assert 'current: "2026-02-01"' in Path("specs/reconcile.yaml").read_text(encoding="utf-8")
    assert "version: 2026-02-01" in Path("specs/words.overlay.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "day", "code"),
    [
        pytest.param(lambda _: "", "2026-02-01", "document-empty", id="empty"),
        pytest.param(lambda _: "<!DOCTYPE html><title>Error</title>", "2026-02-01", "", id="HTML"),
        pytest.param(lambda text: text + "x" * 3000, "2026-02-01", "too-large", id="too large"),
        pytest.param(
            lambda text: text.replace("Order:", "Orders:").replace("Order'", "Orders'"),
            "2026-02-01",
            "source-select",
            id="gone",
        ),
        pytest.param(
            lambda text: text.replace("      properties:\n        item", "      allOf: [{$ref: '#/nowhere'}]\n      properties:\n        item"),
            "2026-02-01",
            "ref-unresolved",
            id="dangling",
        ),
        pytest.param(
            lambda text: text.replace("    Order:", "    Order: 5\n    OldOrder:"), "2026-02-01", "overlay-unfit", id="clash"
        ),
        pytest.param(lambda text: text.replace("minimum: 1", "minimum: 2"), "2025-12-31", "source-older", id="older day"),
        pytest.param(
            lambda text: text.replace("2.3.0", "2.2.9").replace("minimum: 1", "minimum: 2"),
            "2026-02-01",
            "source-older",
            id="older version",
        ),
    ],
)  # fmt: skip
def test_a_hostile_upstream_changes_nothing(
    change: Callable[[str], str], day: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 4000)
    publish("1", change, day)
    before = snapshot()
    result = run("update", "-o", "../pull-request.md")
    assert result.exit_code == 2, result.output
    assert f"error[{code}" in result.stderr
    assert snapshot() == before
    assert not Path("../pull-request.md").exists()


def test_a_deleted_document_changes_nothing() -> None:
    Path("../upstream/openapi.yaml").unlink()
    before = snapshot()
    result = run("update", "-o", "../pull-request.md")
    assert result.exit_code == 2
    assert "error[file-missing]" in result.stderr
    assert snapshot() == before


def test_an_interrupt_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from modelgen.update import steps

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(steps, "_prove_lock", interrupted)
    publish("3")
    before = snapshot()
    assert run("update").exit_code == 130
    assert snapshot() == before


# --- real revisions -------------------------------------------------------------------------------

REAL = ("2025-07-04", "2026-05-13", "2026-08-21")
CORPUS = Path(os.environ.get("MODELGEN_CORPUS", "none")) / "openai"
REALTIME = """\
[tool.modelgen.sources.openai]
url = "../upstream/openapi.yaml"
path = "specs/2025-07-04-realtime.yaml"
select = ["*Realtime*"]
operations = ["* *realtime*"]
prose = false

[tool.modelgen.packages.realtime]
output = "src"

[tool.modelgen.packages.realtime.variants.beta]
input = "specs/2025-07-04-realtime.yaml"
operations = false
"""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="MODELGEN_CORPUS is not set")
def test_three_real_revisions(update_golden: bool) -> None:
    """From the beta to GA, which is another variant, and on to the newest, which is the same."""
    upstream = Path("../upstream").resolve()
    shutil.rmtree("specs")
    Path("specs").mkdir()
    Path("modelgen.lock").unlink()
    Path("pyproject.toml").write_text(REALTIME, encoding="utf-8")
    texts = []
    for day in REAL:
        (found,) = CORPUS.glob(f"{day}-*.yaml")
        (upstream / "openapi.yaml").write_bytes(found.read_bytes())
        git(upstream, "add", "-A")
        git(upstream, "commit", "-qm", day, day=day)
        code, text = update()
        texts.append(f"exit code {code}\n\n{text.partition('## What changed upstream')[0]}")
        assert run("check").exit_code == 0
        merge(f"update-{day}")
    agrees("\n".join(texts), CASE / "real-revisions.md", update_golden)
