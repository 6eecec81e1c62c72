"""Every folder below cases/reconcile: a map of its own, the conversions that it makes, and what they do.

VARIANT.yaml     the document of each variant that the map names
reconcile.yaml   the map; its first line says what the case shows
expected/        the hub's models and the modules of `_conversions`, as they are generated
payloads.yaml    `pairs`, `streams` and `detections`; see `conversion_rows`
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from case_kinds import ROOT
from conversion_rows import Pair, assert_detection, assert_pair, assert_stream, pairs
from emitted import importable, numbered
from goldens import difference, update
from modelgen.ir import Value
from modelgen.loader import load, load_data
from modelgen.pipeline import generate
from modelgen.project import config

FOLDER = ROOT / "reconcile"
CASES = sorted(path.parent for path in FOLDER.glob("*/reconcile.yaml"))
HUB = "reconciled"
NAME = "models"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@cache
def variants(case: Path) -> tuple[str, ...]:
    return tuple(read(case / "reconcile.yaml")["variants"])


@cache
def output(case: Path) -> dict[str, str]:
    """The files of the package that the map of a case makes."""
    documents = [load(str(case / f"{name}.yaml")) for name in variants(case)]
    parts = tuple(config.Part(name=name, input=f"{name}.yaml") for name in variants(case))
    package = config.Package(name=NAME, variants=parts, reconcile="reconcile.yaml")
    return dict(generate(documents, package, map_=load_data(str(case / "reconcile.yaml"))).files)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def package(case: Path) -> Iterator[ModuleType]:
    """The package of a case, generated afresh and imported."""
    name = f"{NAME}_of_{case.name.replace('-', '_')}"
    with (
        tempfile.TemporaryDirectory(prefix="reconcile-") as folder,
        importable(name, folder, output(case)) as made,
    ):
        yield made


def golden(case: Path) -> dict[str, str]:
    """What is written down of the output: what people read of the hub, and all that converts."""
    return {
        path: text
        for path, text in output(case).items()
        if path.startswith(("_conversions/", f"{HUB}/"))
        and path.endswith((".py", "tables.json"))
        and not path.startswith(f"{HUB}/_")
        and not path.endswith("__init__.py")
    }


@cache
def payloads(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = read(case / "payloads.yaml")
    assert found.keys() <= {"pairs", "streams", "detections"}, case
    return found


def all_pairs(case: Path) -> Iterator[Pair]:
    return pairs(payloads(case).get("pairs", []), variants(case))


def test_it_is_as_written_down(case: Path, update_golden: bool) -> None:
    assert (case / "reconcile.yaml").read_text("utf-8").startswith("# "), "it says what it shows"
    if update_golden:
        update(case / "expected", golden(case))
    if text := difference(case / "expected", golden(case)):
        pytest.fail(f"{text}\npytest --update-golden {__file__} -k {case.name}", pytrace=False)


def test_nothing_is_called_by_a_number_that_nobody_gave(case: Path) -> None:
    given = "".join(path.read_text("utf-8") for path in case.glob("*.yaml"))
    for path, text in output(case).items():
        if path.startswith("_conversions/") and path.endswith(".py"):
            assert numbered(text, given) == [], path


def test_payloads_become_what_they_should(case: Path, package: ModuleType) -> None:
    for pair in all_pairs(case):
        assert_pair(package, pair)


def test_streams_give_what_they_should(case: Path, package: ModuleType) -> None:
    for row in payloads(case).get("streams", ()):
        assert_stream(package, row)


def test_variants_are_detected(case: Path, package: ModuleType) -> None:
    for row in payloads(case).get("detections", ()):
        assert_detection(package, row)


def test_what_is_of_the_target_already_stays_as_it_is(case: Path, package: ModuleType) -> None:
    """To the own variant, and through the hub and back: the same, but for what is reported."""
    for pair in all_pairs(case):
        if pair.is_both_ways:
            assert_same(package, pair)


def assert_same(package: ModuleType, pair: Pair) -> None:
    variant, value, family = pair.source, pair.value, pair.family
    own = package.convert(value, to=variant, source=variant, family=family)
    assert own.losses == () and Value.of(own.value) == Value.of(value)
    hub = package.convert(value, to=HUB, source=variant, family=family)
    back = package.convert(hub.value, to=variant, source=HUB, family=family)
    if not hub.losses and not back.losses:
        assert Value.of(back.value) == Value.of(value)


def test_models_convert_as_their_payloads_do(case: Path, package: ModuleType) -> None:
    """A payload that is valid in the hub is converted as a model of the hub too, to a model of the target."""
    for pair in all_pairs(case):
        assert_model(package, pair)


def assert_model(package: ModuleType, pair: Pair) -> None:
    hub = package.convert(pair.value, to=HUB, source=pair.source, family=pair.family).value
    made = package.convert(hub, to=pair.to, source=HUB, family=pair.family)
    try:
        model = package.decode(getattr(package.reconciled, pair.family), hub, strict=True)
        typed = package.convert(model, to=pair.to)
    except package.DecodeError:
        return
    except package.ConversionError as error:
        assert error.losses, "no class of the target can hold what it lacks"
        return
    assert sorted(map(str, typed.losses)) == sorted(map(str, made.losses))
    if made.value is None:
        assert typed.value is None
    else:
        # an object without properties is a dict in the target, and a class in the hub; a tag that no schema lists has none
        if not isinstance(typed.value, dict | package.UnknownVariant):
            assert type(typed.value).__module__.split(".")[1] == pair.to
        assert Value.of(package.encode(typed.value)) == Value.of(made.value)
