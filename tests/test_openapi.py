"""The rows of keywords and formats: the modules of the emitted package, which cannot read them, agree with them."""

from __future__ import annotations

import datetime
import importlib
import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from emitted import document
from modelgen.diff.bounds import BOUND_RULES
from modelgen.diff.run import Options, compare
from modelgen.loader import load
from modelgen.openapi import formats
from modelgen.openapi.keywords import ASSERTIONS, BOUNDS, CONDITIONS, KEYWORDS, UNEVALUATED
from test_conformance_keywords import KEYWORDS as EXAMPLES

SUPPORT = Path(__file__).parents[1] / "templates" / "support"
# Other spellings of what has an example; their cases are in `tests/cases`.
SPELLINGS = {"$dynamicRef", "$recursiveRef", "nullable", "discriminator"}


@pytest.fixture(scope="module")
def support() -> Iterator[dict[str, Any]]:
    """The support modules, by name, as they stand in the templates."""
    package = ModuleType("support_of_a_package")
    package.__path__ = [str(SUPPORT)]
    sys.modules[package.__name__] = package
    names = ("_runtime", "_formats", "_validator")
    yield {name: importlib.import_module(f"{package.__name__}.{name}") for name in names}
    for name in (package.__name__, *(f"{package.__name__}.{name}" for name in names)):
        del sys.modules[name]


def test_what_the_validator_judges_are_the_conditions(support: dict[str, Any]) -> None:
    checks = support["_validator"].CHECKS
    for kind in ("string", "number", "integer", "array", "object"):
        rows = [
            row for row in KEYWORDS.values() if kind in row.applies_to and row.role != "annotation"
        ]
        named = {row.name for row in rows if row in CONDITIONS or row.name in UNEVALUATED}
        by_others = {row.name for row in rows if row.beside} | {"patternProperties"}
        assert {word for word, _ in checks[kind]} - by_others == named - by_others


def test_what_the_validator_judges_of_every_value(support: dict[str, Any]) -> None:
    judged = {word for word, _ in support["_validator"]._GENERAL}
    assert judged >= {row.name for row in CONDITIONS if not row.applies_to and not row.beside}
    assert judged <= ASSERTIONS


def test_the_validator_reads_each_format_as_the_codecs_do(support: dict[str, Any]) -> None:
    readers = {
        name: getattr(support["_runtime"], row.reader) for name, row in formats.BY_NAME.items()
    }
    assert readers == support["_validator"].FORMATS


@pytest.mark.parametrize("row", formats.BY_NAME.values(), ids=lambda row: row.name)
def test_a_value_of_a_format_can_be_written(support: dict[str, Any], row: formats.Format) -> None:
    module, _, name = row.annotation.partition(".")
    class_ = getattr({"_datetime": datetime, "_uuid": uuid}[module], name)
    assert support["_formats"].encoder(class_) is not None


def words(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for word, operand in schema.items():
            yield word
            for _, inner in KEYWORDS[word].operand.schemas(operand):
                yield from words(inner)


def test_each_assertion_has_an_example() -> None:
    shown = {word for schema, _, _ in EXAMPLES.values() for word in words(schema)}
    assert shown >= ASSERTIONS - SPELLINGS
    assert EXAMPLES.keys() >= formats.BY_NAME.keys()


def test_each_bound_has_rules_of_its_own() -> None:
    assert BOUND_RULES.keys() == BOUNDS.keys()


@pytest.mark.parametrize("word", [row.name for row in CONDITIONS] + list(UNEVALUATED))
def test_a_condition_that_came_is_a_change(tmp_path: Path, word: str) -> None:
    schema = next(
        schema for schema, _, _ in EXAMPLES.values() if isinstance(schema, dict) and word in schema
    )
    bare = {key: operand for key, operand in schema.items() if key != word}
    for name, example in (("with", schema), ("without", bare)):
        text = json.dumps(document({"Example": example}))
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    old, new = load(str(tmp_path / "without.json")), load(str(tmp_path / "with.json"))
    assert compare(old, new, Options()).comparison.changes
