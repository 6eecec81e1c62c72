"""[tool.modelgen]: what it means, and what is wrong with it and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelgen.errors import Diagnostic, SpecError
from modelgen.openapi.formats import DEFAULTS
from modelgen.project import config
from modelgen.project.config import ModuleRule, Package, Source


def load(folder: Path, text: str) -> config.Config:
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def faults(folder: Path, text: str) -> list[Diagnostic]:
    with pytest.raises(SpecError) as error:
        load(folder, text)
    return list(error.value.diagnostics)


def test_every_key(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """
        [tool.modelgen.packages.realtime_models]
        input = "specs/a.yaml"
        output = "generated"
        style = "attrs"
        select = ["Realtime*"]
        allow-ref-roots = ["../shared"]
        modules = [{name = "events", select = ["*Event"]}]
        [tool.modelgen.packages.realtime_models.names]
        "/components/schemas/A" = "B"
        "#/components/schemas/C" = "D"
        [tool.modelgen.packages.realtime_models.formats]
        uuid = "str"
        """,
    )
    assert found.packages == (
        Package(
            name="realtime_models",
            input="specs/a.yaml",
            output="generated",
            style="attrs",
            select=("Realtime*",),
            modules=(ModuleRule("events", ("*Event",)),),
            names={"/components/schemas/A": "B", "/components/schemas/C": "D"},
            formats={**DEFAULTS, "uuid": "str"},
            ref_roots=("../shared",),
        ),
    )


def test_sources(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """
        [tool.modelgen.packages.p]
        input = "specs/a.yaml"
        [tool.modelgen.sources.a]
        url = "https://example.com/openapi.yaml"
        path = "specs/a.yaml"
        """,
    )
    assert found.sources == (
        Source(name="a", url="https://example.com/openapi.yaml", path="specs/a.yaml"),
    )


def test_defaults(tmp_path: Path) -> None:
    found = load(tmp_path, '[tool.modelgen.packages.p]\ninput = "a.yaml"\n')
    assert found.packages == (Package(name="p", input="a.yaml"),)
    assert found.packages[0].formats == DEFAULTS


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")
    assert config.find(tmp_path / "a/b") == tmp_path / "pyproject.toml"
    (tmp_path / "a/pyproject.toml").write_text("")
    assert config.find(tmp_path / "a/b") == tmp_path / "a/pyproject.toml"


GOOD = '[tool.modelgen.packages.p]\ninput = "a.yaml"\n'


SOURCE = GOOD + '[tool.modelgen.sources.s]\nurl = "https://a.test/"\npath = "a.yaml"\n'


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "hint"),
    [
        ("[tool]\n", "config-missing", (0, 0), "no [tool.modelgen] table", "Add [tool.modelgen"),
        ("tool = 1\n", "config-missing", (0, 0), "no [tool.modelgen] table", ""),
        ("a =\n", "config-syntax", (1, 4), "This is not TOML: Invalid value.", ""),
        ("[tool.modelgen]\n", "config-missing-key", (1, 7), 'no "packages"', "Write [tool"),
        ("[tool.modelgen.packages]\n", "config-bad-value", (1, 16), "packages is empty", ""),
        (
            "[tool]\nmodelgen = 3\n",
            "config-bad-value",
            (2, 1),
            "modelgen is 3, expected a table",
            "",
        ),
        (
            "[tool.modelgen.packages.p]\nstyle = 'attrs'\n",
            "config-missing-key",
            (1, 25),
            '[tool.modelgen.packages.p] has no "input".',
            "Add input = …",
        ),
        (
            GOOD + "  selct = []\n",
            "config-unknown-key",
            (3, 3),
            'There is no key "selct" in [tool.modelgen.packages.p].',
            'Did you mean "select"?',
        ),
        (
            "[tool.modelgen.packages.p]\ninpt = 'a'\n",
            "config-unknown-key",
            (2, 1),
            'There is no key "inpt"',
            'Did you mean "input"?',
        ),
        (GOOD + "zzz = 1\n", "config-unknown-key", (3, 1), '"zzz"', "Known keys: input, output"),
        (
            GOOD + "style = 'atrs'\n",
            "config-bad-value",
            (3, 1),
            'style is "atrs", expected "dataclass" or "attrs".',
            'Did you mean "attrs"?',
        ),
        (GOOD + "select = 'A'\n", "config-bad-value", (3, 1), 'is "A", expected a list', ""),
        (
            GOOD + "select = [1]\n",
            "config-bad-value",
            (3, 1),
            "select.0 is 1, expected a string",
            "",
        ),
        (GOOD + "output = ''\n", "config-bad-value", (3, 1), "output is empty", ""),
        (
            GOOD + "[tool.modelgen.packages.p.formats]\nx = 'int'\n",
            "config-bad-value",
            (4, 1),
            'formats.x is "int"',
            "",
        ),
        (
            GOOD + '[tool.modelgen.packages.p.names]\n"A" = "B"\n',
            "config-bad-name",
            (4, 1),
            '"A" is not a JSON pointer',
            "",
        ),
        (
            GOOD + '[tool.modelgen.packages.p]\nnames."/a" = "B c"\n'.replace(GOOD, ""),
            "config-syntax",
            (3, 26),
            "Cannot declare",
            "",
        ),
        (GOOD + 'names."/a" = "B c"\n', "config-bad-name", (3, 7), '"B c" is not a Python', ""),
        (GOOD.replace('"a.yaml"', '"-"'), "config-bad-value", (2, 1), "Standard input", ""),
        (GOOD.replace(".p]", ".class]"), "config-bad-name", (1, 25), "is a Python keyword", ""),
        (
            GOOD.replace(".p]", ".json]"),
            "config-bad-name",
            (1, 25),
            "is a module of the standard library, which the package would hide.",
            "Choose another name, such as json_models.",
        ),
        (GOOD.replace(".p]", ".attrs]"), "config-bad-name", (1, 25), "packages import", "attrs_m"),
        (GOOD.replace(".p]", "._p]"), "config-bad-name", (1, 25), "begins with an underscore", ""),
        (GOOD.replace(".p]", '."a.b"]'), "config-bad-name", (1, 25), "not a Python identifier", ""),
        (
            GOOD + '[[tool.modelgen.packages.p.modules]]\nname = "decode"\nselect = ["A"]\n',
            "config-bad-name",
            (4, 1),
            '"decode" would hide the function',
            "",
        ),
        (
            GOOD + '[[tool.modelgen.packages.p.modules]]\nname = "operations"\nselect = ["A"]\n',
            "config-bad-name",
            (4, 1),
            '"operations" is needed for what stands in operations',
            "operations = false",
        ),
        (
            GOOD + '[[tool.modelgen.packages.p.modules]]\nname = "_x"\nselect = ["A"]\n',
            "config-bad-name",
            (4, 1),
            "underscore",
            "",
        ),
        (
            GOOD + '[[tool.modelgen.packages.p.modules]]\nname = "x"\nselect = []\n',
            "config-bad-value",
            (5, 1),
            "modules.0.select is empty",
            "",
        ),
        (
            SOURCE.replace("https", "http"),
            "config-bad-value",
            (4, 1),
            'sources.s.url is "http://a.test/"',
            "Where the document comes from: an https URL",
        ),
        (
            SOURCE.replace('path = "a.yaml"', 'path = "a.py"'),
            "config-bad-value",
            (5, 1),
            'sources.s.path is "a.py"',
            "ends in .yaml",
        ),
        (
            SOURCE.replace('url = "https://a.test/"\n', ""),
            "config-missing-key",
            (3, 24),
            'no "url"',
            "Add url",
        ),
        (
            SOURCE.replace("sources.s", 'sources."a b"'),
            "config-bad-name",
            (3, 24),
            'The source name "a b" is not made of letters',
            "",
        ),
        (
            SOURCE + '[tool.modelgen.sources.t]\nurl = "https://b.test/"\npath = "./a.yaml"\n',
            "config-bad-value",
            (8, 1),
            'The sources "s" and "t" are kept at the same path.',
            "",
        ),
        (
            GOOD + 'modules = [{name = "x", selec = ["A"]}]\n',
            "config-unknown-key",
            (3, 25),
            'no key "selec"',
            'Did you mean "select"?',
        ),
    ],
)
def test_one_fault_one_diagnostic(
    tmp_path: Path, text: str, code: str, place: tuple[int, int], message: str, hint: str
) -> None:
    (found,) = faults(tmp_path, text)
    assert found.code == code
    assert message in found.message
    assert hint in found.hint
    assert (found.at.line, found.at.column) == place
    assert found.at.excerpt == (text.split("\n")[place[0] - 1] if place[0] else "")


def test_names_that_differ_only_by_case(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, GOOD + GOOD.replace(".p]", ".P]"))
    assert found.message == 'The package names "p" and "P" differ only by case.'
    assert (found.at.line, found.related[0].line) == (3, 1)
    rules = 'modules = [{name = "x", select = ["A"]}, {name = "x", select = ["B"]}]\n'
    (found,) = faults(tmp_path, GOOD + rules)
    assert found.message == 'Two modules have the same name "x".'


def test_all_faults_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD + "a = 1\nb = 2\nstyle = 3\n")
    assert [item.at.line for item in found] == [3, 4, 5]


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(SpecError) as error:
        config.load(tmp_path / "pyproject.toml")
    assert error.value.diagnostics[0].code == "config-syntax"
    with pytest.raises(SpecError) as error:
        config.load(tmp_path / "none.toml")
    assert error.value.diagnostics[0].code == "config-unreadable"


def test_an_accepted_table_is_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = load(tmp_path, GOOD)
    monkeypatch.setattr(config, "faults", None)
    assert config.load(found.path, {found.digest}) == found
    (tmp_path / "pyproject.toml").write_text(GOOD + "\n# a comment changes nothing\n")
    assert config.load(found.path, {found.digest}).digest == found.digest
    (tmp_path / "pyproject.toml").write_text(GOOD + "style = 'attrs'\n")
    with pytest.raises(TypeError):
        config.load(found.path, {found.digest})
