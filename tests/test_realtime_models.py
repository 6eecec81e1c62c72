"""The package of models that this repository ships: it means what its documents mean, and nothing crosses a variant."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus_packages import path
from emitted import numbered
from modelgen import cli, ir
from modelgen.emit.parts import SUPPORT
from modelgen.loader import load
from modelgen.normalizer import normalize
from realtime_package import (
    COMPLETE,
    GENERATED,
    NAME,
    ROOT,
    TWIN,
    VARIANTS,
    day,
    documents,
    examples,
    outcome,
    package,
    properties,
    python_names,
    subpackage,
    twin,
    twin_folder,
)

HASH = re.compile('"[0-9a-f]{64}"')
every_variant = pytest.mark.parametrize("variant", VARIANTS)
complete_variant = pytest.mark.parametrize("variant", COMPLETE)


def test_these_are_the_variants() -> None:
    dates = ["2024-12-04", "2024-12-18", "2025-09-02", "2025-09-09", "2025-09-10"]
    assert {variant: day(variant) for variant in VARIANTS} == {
        "ga": "2026-08-21",
        "beta": "2025-07-04",
        **{f"v{date.replace('-', '_')}": date for date in dates},
    }


# --- the documents mean what the real ones meant ----------------------------------------------------------


@complete_variant
def test_it_means_what_the_real_document_of_its_day_means(corpus: Path, variant: str) -> None:
    """Every type, in the same order, documentation and examples aside; and the same anomalies."""
    real = load(str(path(corpus, COMPLETE[variant])))
    ours, theirs = normalize(documents(variant)), normalize(real, ["*Realtime*"])
    if text := "\n".join(differences(theirs.by_key(), ours.by_key())):
        pytest.fail(f"{variant} is not the real document of {day(variant)}\n{text}", pytrace=False)
    assert [named.key for named in ours.types] == [named.key for named in theirs.types]
    assert anomalies(ours) == anomalies(theirs)


def differences(old: dict[str, ir.Named], new: dict[str, ir.Named]) -> Iterator[str]:
    """What is not the same, one line each, `-` for the real document and `+` for ours."""
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) == new.get(key):
            continue
        before, after = shown(old.get(key)), shown(new.get(key))
        for place in [*before, *(place for place in after if place not in before)]:
            if before.get(place) != after.get(place):
                yield from (f"- {key}{place} {row[place]}" for row in [before] if place in row)
                yield from (f"+ {key}{place} {row[place]}" for row in [after] if place in row)


def shown(named: ir.Named | None) -> dict[str, str]:
    """A type as text, with a row for each property."""
    if named is None:
        return {}
    if not isinstance(named.type, ir.Object):
        return {"": brief(named)}
    wires = ", ".join(field.wire for field in named.type.fields)
    rest = replace(named, type=replace(named.type, fields=()))
    return {
        "": f"{brief(rest)} {{{wires}}}",
        **{f".{field.wire}": brief(field) for field in named.type.fields},
    }


def brief(node: object) -> str:
    """A node with what counts in comparison and is not as it is by default."""
    if isinstance(node, ir.Value):
        return node.text
    if isinstance(node, tuple):
        return f"[{', '.join(map(brief, node))}]"
    if not is_dataclass(node):
        return str(node)
    values = {field.name: getattr(node, field.name) for field in fields(node) if field.compare}
    usual = {field.name: field.default for field in fields(node)}
    said = [f"{name}={brief(value)}" for name, value in values.items() if value != usual[name]]
    return f"{type(node).__name__}({', '.join(said)})"


def anomalies(api: ir.Api) -> list[tuple[str, str]]:
    return sorted((anomaly.code, anomaly.at.pointer) for anomaly in api.anomalies)


def test_a_difference_would_be_shown() -> None:
    """The comparison sees one property that became required, one type less, and one more."""
    types = normalize(documents("ga")).by_key()
    key = "RealtimeServerEventError.error"
    gone, *_ = types
    error = types[key]
    assert isinstance(error.type, ir.Object)
    first, *others = error.type.fields
    changed = (replace(first, required=not first.required), *others)
    other = {name: named for name, named in types.items() if name != gone}
    other[key] = replace(error, type=replace(error.type, fields=changed))
    other["New"] = ir.Named(key="New", type=ir.Anything())
    lines = list(differences(types, other))
    assert [line[0] for line in lines if line[2:].startswith(f"{key}.{first.wire} ")] == ["-", "+"]
    assert {line[0] for line in lines if line[2:].startswith(gone)} == {"-"}
    assert [line[:6] for line in lines if "New" in line] == ["+ New "]
    assert all(line[2:].startswith((key, gone, "New")) for line in lines)
    assert list(differences(types, types)) == []


# --- a change of a document is seen -----------------------------------------------------------------------


def test_check_shows_an_enum_value_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a package without a map: with one, it is something to decide first."""
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    with_map = 'reconcile = "specs/realtime/reconcile.yaml"\n'
    assert settings.count(with_map) == 1
    (tmp_path / "pyproject.toml").write_text(settings.replace(with_map, ""), "utf-8")
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli.main, ["generate"]).exit_code == 0
    unchanged = CliRunner().invoke(cli.main, ["check"])
    assert (unchanged.exit_code, unchanged.stdout) == (0, "")

    spec = tmp_path / VARIANTS["v2025_09_10"].input
    text = spec.read_text("utf-8")
    assert text.count("- far_field\n") == 1
    spec.write_text(text.replace("- far_field\n", "- mid_field\n"), "utf-8")
    before = {file: file.read_bytes() for file in (tmp_path / "generated").rglob("*.*")}
    changed = CliRunner().invoke(cli.main, ["check"])
    assert changed.exit_code == 1
    assert "out of date; `modelgen generate` brings it up to date" in changed.stderr
    assert before == {file: file.read_bytes() for file in (tmp_path / "generated").rglob("*.*")}

    lines = changed.stdout.splitlines()
    files = {line[6:] for line in lines if line.startswith("+++ ")}
    assert files, changed.stdout
    assert {file.split("/")[2] for file in files} == {"v2025_09_10", ".modelgen.json"}
    removed = [line[1:].strip() for line in lines if line[0] == "-" and line[:4] != "--- "]
    added = [line[1:].strip() for line in lines if line[0] == "+" and line[:4] != "+++ "]
    assert 'Literal["near_field", "far_field"],' in removed
    assert 'Literal["near_field", "mid_field"],' in added
    # nothing else: each line that goes has one that comes, with the value changed, or the hash of the document or a file
    for old, new in zip(removed, added, strict=True):
        a_hash = '"content_sha256":' in old or HASH.sub("", old) == HASH.sub("", new) != old
        assert old.replace("far_field", "mid_field") == new or a_hash, (old, new)
    assert len(lines) < 100


def test_generate_refuses_a_changed_enum_value_that_the_map_does_not_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    spec = tmp_path / VARIANTS["v2025_09_10"].input
    spec.write_text(spec.read_text("utf-8").replace("- far_field\n", "- mid_field\n"), "utf-8")
    result = CliRunner().invoke(cli.main, ["generate"])
    assert result.exit_code == 2
    assert not (tmp_path / "generated").exists()
    assert "error[reconcile-types]" in result.stderr
    assert "`audio.input.noise_reduction` of Session" in result.stderr


# --- the examples -----------------------------------------------------------------------------------------


@every_variant
def test_every_example_decodes_and_comes_back(variant: str) -> None:
    models, found = subpackage(package(), variant), 0
    for name, data in examples(variant):
        found += 1
        for strict in (True, False):
            faults, encoded, _ = outcome(models, name, data, strict)
            assert not faults, (name, data)
            assert ir.Value.of(encoded) == ir.Value.of(data), name
    assert found >= 8


@every_variant
def test_examples_leave_nothing_over(variant: str) -> None:
    """No example has a property that its class does not know: a name spelt wrongly would be one."""
    models = subpackage(package(), variant)
    for name, data in examples(variant):
        value = models.decode(getattr(models, name), data, strict=True)
        assert [type(item).__name__ for item in unknown(value)] == [], name


def unknown(value: object) -> Iterator[object]:
    """The models inside a value that hold properties their class does not name."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from unknown(item)
    elif hasattr(value, "additional_properties"):
        if value.additional_properties:
            yield value
        for name in type(value).__dataclass_fields__:
            if name != "additional_properties":
                yield from unknown(getattr(value, name))


@every_variant
def test_every_export_can_be_imported(variant: str) -> None:
    models = subpackage(package(), variant)
    assert set(python_names(variant).values()) <= set(models.__all__)
    for name in models.__all__:
        assert getattr(models, name) is not None


# --- the attrs twin ---------------------------------------------------------------------------------------


@every_variant
def test_the_attrs_twin_agrees(variant: str) -> None:
    """On every example, and on each with a property left out, null, or of another type."""
    classes, attrs = subpackage(package(), variant), subpackage(twin(), variant)
    assert attrs.__all__ == classes.__all__
    faulty = 0
    for name, example in examples(variant):
        for data in (example, *damaged(example)):
            for strict in (True, False):
                wanted = outcome(classes, name, data, strict)
                assert outcome(attrs, name, data, strict) == wanted, (name, data, strict)
                faulty += bool(wanted[0])
    assert faulty > 20


def damaged(example: Any) -> Iterator[Any]:
    if isinstance(example, dict):
        for wire in example:
            yield {key: value for key, value in example.items() if key != wire}
            yield {**example, wire: None}
            yield {**example, wire: {"no-such-property": [1]}}
        yield {**example, "no-such-property": {"a": None}}


@every_variant
def test_the_attrs_twin_has_the_same_types(variant: str) -> None:
    classes, attrs = subpackage(package(), variant), subpackage(twin(), variant)
    named = (name for name in classes.__all__ if name != "Model")
    found = [name for name in named if hasattr(getattr(classes, name), "from_dict")]
    assert len(found) > 20
    for name in found:
        mine, other = getattr(classes, name), getattr(attrs, name)
        assert hasattr(mine, "__dataclass_fields__")
        assert hasattr(other, "__attrs_attrs__")
        assert list(properties(other).items()) == list(properties(mine).items()), name


def test_the_attrs_twin_passes_mypy(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=cache"]
    done = subprocess.run(
        [*command, str(twin_folder() / TWIN)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- nothing crosses a variant ----------------------------------------------------------------------------


@every_variant
def test_no_module_imports_another_variant(variant: str) -> None:
    """A module imports from its own variant, the support modules, and the standard library."""
    folder = GENERATED / NAME / variant
    support = {name.removesuffix(".py") for name in SUPPORT}
    modules = sorted(folder.rglob("*.py"))
    assert len(modules) > 5
    for module in modules:
        here = module.relative_to(GENERATED).parts[:-1]
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                roots = {name.name.partition(".")[0] for name in node.names}
                assert roots <= sys.stdlib_module_names, module
            elif isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").partition(".")[0] in sys.stdlib_module_names, module
            elif isinstance(node, ast.ImportFrom):
                steps = node.module.split(".") if node.module else []
                target = (*here[: len(here) - node.level + 1], *steps)
                own = target[:2] == (NAME, variant)
                shared = len(target) == 2 and target[0] == NAME and target[1] in support
                assert own or shared, f"{module.name} imports {'.'.join(target)}"


@every_variant
def test_using_a_variant_loads_no_other(variant: str) -> None:
    """Importing every name, and decoding and encoding every example, in a process of its own."""
    code = (
        "import importlib, json, sys\n"
        f"sys.path.insert(0, {str(GENERATED)!r})\n"
        f"models = importlib.import_module('{NAME}.{variant}')\n"
        "for name in models.__all__: getattr(models, name)\n"
        "for name, data in json.load(sys.stdin):\n"
        "    for strict in (True, False):\n"
        "        assert models.encode(models.decode(getattr(models, name), data, strict=strict)) == data\n"
        f"print(json.dumps([name for name in sys.modules if name.startswith('{NAME}.')]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        input=json.dumps(list(examples(variant))),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[1] for name in json.loads(done.stdout)}
    assert variant in loaded
    assert loaded & VARIANTS.keys() == {variant}


def test_every_variant_is_an_attribute_of_the_package() -> None:
    for variant in VARIANTS:
        assert getattr(package(), variant) is importlib.import_module(f"{NAME}.{variant}")
        assert variant in package().__all__


def test_nothing_in_conversions_is_called_by_a_number_but_a_day() -> None:
    folder = GENERATED / NAME / "_conversions"
    for module in sorted(folder.glob("*.py")):
        assert numbered(module.read_text("utf-8"), " ".join(VARIANTS)) == [], module.name
