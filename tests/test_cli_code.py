"""`modelgen migrate` and `modelgen diff --used-by`: what they print and write, and what they leave alone."""

from __future__ import annotations

import cProfile
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelgen.cli import main
from realtime_package import ROOT

OLD = """\
openapi: 3.1.0
info: {title: Sessions, version: "1"}
components:
  schemas:
    Session:
      type: object
      required: [id]
      properties:
        id: {type: string}
        speed: {type: number}
        max_response_tokens: {type: integer}
        temperature: {type: number}
        mode: {enum: [fast_one, slow]}
        größe: {type: integer}
"""
NEW = """\
openapi: 3.1.0
info: {title: Sessions, version: "2"}
components:
  schemas:
    Session:
      type: object
      required: [id]
      properties:
        id: {type: string}
        speed: {type: number}
        max_tokens: {type: integer}
        mode: {enum: [fast_first_one, slow]}
        größe: {type: integer}
"""
CODE = """\
from models import Session


def show(session: Session, other) -> None:
    print(session.max_response_tokens, session.mode == "fast_one")  # both
    print(session.temperature, other.temperature)
    Session(id="a", max_response_tokens=1)
    Session.from_dict({"id": "a", "temperature": 1})
"""
AFTER = """\
from models import Session


def show(session: Session, other) -> None:
    print(session.max_tokens, session.mode == "fast_first_one")  # both
    # modelgen: property-removed: Session.temperature is gone: nothing took its place (docs/diff/property-removed.md)
    print(session.temperature, other.temperature)
    Session(id="a", max_tokens=1)
    Session.from_dict({"id": "a", "temperature": 1})
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two documents and a folder of code."""
    (tmp_path / "old.yaml").write_text(OLD, "utf-8")
    (tmp_path / "new.yaml").write_text(NEW, "utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE, "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def used_by(*arguments: str) -> Result:
    return run("diff", "old.yaml", "new.yaml", "--used-by", "src", *arguments)


def migrate(*arguments: str) -> Result:
    return run("migrate", "old.yaml", "new.yaml", "src", *arguments)


def test_places_are_listed_with_what_became_of_the_name_and_what_to_do(place: Path) -> None:
    result = used_by()
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "src/app.py:5:19: follows: Session.max_response_tokens is max_tokens [property-renamed]",
        "    max_response_tokens: int | Unset -> max_tokens: int | Unset",
        'src/app.py:5:56: follows: "fast_one" of Session.mode is "fast_first_one" [enum-value-renamed]',
        '    "fast_one" -> "fast_first_one"',
        "src/app.py:6:19: choose: Session.temperature is gone [property-removed]",
        "    temperature: float | Unset -> nothing",
        "    nothing took its place",
        "src/app.py:6:38: undecided: .temperature of what nothing says the type of [property-removed]",
        "    annotate it, and run this again",
        "src/app.py:7:21: follows: Session(max_response_tokens=) is max_tokens [property-renamed]",
        "    max_response_tokens: int | Unset -> max_tokens: int | Unset",
        'src/app.py:8:35: remark: the key "temperature" of a Session [property-removed]',
        "    temperature: float | Unset -> nothing",
        "    it is gone",
        "1 file: 6 places (3 `modelgen migrate` rewrites it; 1 a person has to choose; "
        "1 cannot be decided; 1 only a remark)",
    ]
    data = json.loads(used_by("--format", "json").stdout)
    assert [(use["line"], use["column"], use["state"]) for use in data["uses"]] == [
        (5, 19, "follows"),
        (5, 56, "follows"),
        (6, 19, "choose"),
        (6, 38, "undecided"),
        (7, 21, "follows"),
        (8, 35, "remark"),
    ]
    lines = used_by("--format", "github", "--fail-on", "python")
    assert lines.exit_code == 1
    assert lines.stdout.splitlines()[2] == (
        "::error file=src/app.py,line=6,col=19,title=property-removed::"
        "Session.temperature is gone; nothing took its place"
    )
    assert used_by("--format", "html").exit_code == 2


def test_what_is_decided_is_rewritten_once(place: Path) -> None:
    app = place / "src" / "app.py"
    checked = migrate("--check")
    assert checked.exit_code == 1 and '+    Session(id="a", max_tokens=1)' in checked.stdout
    assert app.read_text("utf-8") == CODE
    assert migrate().exit_code == 0
    assert app.read_text("utf-8") == AFTER
    again = migrate("--check")
    assert (again.exit_code, again.stdout) == (0, "")


def test_what_is_generated_foreign_or_not_under_version_control_stays(place: Path) -> None:
    src = place / "src"
    (place / "outside.py").write_text(CODE)
    (src / "link.py").symlink_to(place / "outside.py")
    (src / "new.py").write_text(CODE)
    assert run("generate", "old.yaml", "-o", "src").exit_code == 0
    (src / "models" / "mine.py").write_text(CODE)
    git(place, "add", "src/models", "src/link.py", "outside.py")
    result = migrate()
    assert "src/new.py: left as it is: It is not under version control" in result.stderr
    for path in (place / "outside.py", src / "new.py", src / "models" / "mine.py"):
        assert path.read_text() == CODE
    assert migrate("--untracked").exit_code == 0
    assert (src / "new.py").read_text() == AFTER


def test_layout_encoding_and_line_ends_stay(place: Path) -> None:
    src = place / "src"
    texts = {
        "tabs.py": "from models import Session\ndef f(s: Session):\n\tif s:\n\t\treturn (\ts . max_response_tokens )\n",
        "crlf.py": CODE.replace("\n", "\r\n"),
        "latin.py": f"# coding: latin-1\n# größe\n{CODE}é = show\n",
        "names.py": 'from models import Session\ndef f(größe: Session): x = "äö"; é = größe.max_response_tokens\n',
        "mark.py": f"\ufeff{CODE}",
    }
    wanted = {
        "tabs.py": texts["tabs.py"].replace("max_response_tokens", "max_tokens"),
        "crlf.py": AFTER.replace("\n", "\r\n"),
        "latin.py": texts["latin.py"].replace(CODE, AFTER),
        "names.py": texts["names.py"].replace("max_response_tokens", "max_tokens"),
        "mark.py": f"\ufeff{AFTER}",
    }
    for name, text in texts.items():
        encoding = "latin-1" if name == "latin.py" else "utf-8"
        (src / name).write_bytes(text.encode(encoding))
    assert migrate("--untracked").exit_code == 0
    for name, text in wanted.items():
        encoding = "latin-1" if name == "latin.py" else "utf-8"
        assert (src / name).read_bytes().decode(encoding) == text


def test_what_cannot_be_read_is_said(place: Path) -> None:
    src = place / "src"
    (src / "two.py").write_text("print 'a'\n")
    (src / "bytes.py").write_bytes(b"x = '\xff'\n")
    (src / "nul.py").write_bytes(b"x = 1\0\n")
    result = migrate("--untracked")
    assert result.exit_code == 0
    assert "src/two.py:1:1: not read: Missing parentheses" in result.stderr
    assert "src/bytes.py: not read: " in result.stderr
    assert "src/nul.py" in result.stderr
    assert (src / "app.py").read_text() == AFTER


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("old.yaml", "new.yaml", "nowhere"), "code-no-folder"),
        (("--from", "a", "--to", "b", "src"), "code-no-variant"),
    ],
)
def test_what_is_not_there(place: Path, arguments: tuple[str, ...], code: str) -> None:
    table = '[tool.modelgen.packages.models]\ninput = "old.yaml"\n'
    (place / "pyproject.toml").write_text(table)
    result = run("migrate", *arguments)
    assert result.exit_code == 2 and f"error[{code}]" in result.stderr


@pytest.mark.parametrize("library", ["mypy", "libcst"])
def test_a_missing_library(place: Path, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.split(".")[0] == library or name == "modelgen.code.rewrite":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delattr("modelgen.code.rewrite", raising=False)
    result = migrate()
    assert result.exit_code == 2
    assert "error[code-library]" in result.stderr and "openapi-modelgen[migrate]" in result.stderr


def test_code_that_the_checker_refuses(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: object) -> None:
        raise SystemExit(2)

    (place / "src" / "typing.py").write_text("x = 1\n")  # called like a module of the library
    assert migrate("--untracked").exit_code == 0
    monkeypatch.setattr("mypy.build.build", build)
    result = migrate("--untracked")
    assert result.exit_code == 2 and "error[code-not-checked]" in result.stderr


def test_work_is_linear(place: Path) -> None:
    """Counted in calls: four times the lines, four times the work."""

    def calls(lines: int) -> int:
        body = "".join(
            f"def f{n}(s: Session) -> object:\n    return s.max_response_tokens\n"
            for n in range(lines // 2)
        )
        (place / "src" / "app.py").write_text(f"from models import Session\n{body}")
        profile = cProfile.Profile()
        assert profile.runcall(migrate, "--untracked").exit_code == 0
        return sum(entry.callcount for entry in profile.getstats())

    calls(100)
    small, large = calls(1_000), calls(4_000)
    assert large < 5 * small


def test_from_one_variant_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / "app.py").write_text(
        "from realtime_models import beta as rt\n"
        'rt.RealtimeSessionCreateRequest(modalities=["text"], voice="ash", input_audio_format="pcm16")\n'
    )
    result = run("migrate", "--from", "beta", "--to", "ga", str(tmp_path), "--untracked")
    assert result.exit_code == 0, result.stderr
    name = "rt.RealtimeSessionCreateRequestGA"
    assert (tmp_path / "app.py").read_text() == (
        "from realtime_models import ga as rt\n"
        f'{name}(output_modalities=["text"], audio={name}Audio(output={name}AudioOutput(voice="ash"), '
        f"input={name}AudioInput(format=rt.RealtimeAudioFormatsAudioPcm())))\n"
    )


def test_the_example_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "code.md").read_text("utf-8")
    before, after = (
        page.split(f"```{language}\n")[1].split("```")[0] for language in ("python", "diff")
    )
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(before, "utf-8")
    monkeypatch.chdir(ROOT)
    folder = str(tmp_path / "src")
    result = run("migrate", "--from", "beta", "--to", "ga", folder, "--untracked", "--check")
    assert result.exit_code == 1, result.stderr
    assert result.stdout.replace(f"{tmp_path}/".removeprefix("/"), "") == after
