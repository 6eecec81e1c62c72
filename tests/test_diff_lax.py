"""What the diff calls forgiven by lax decoding is: the package made from OLD decodes what is valid in NEW."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diff_cases import CASES
from diff_cases import document as document_of
from emitted import document, imported
from modelgen.diff.changes import Comparison
from schema_strategies import instances
from test_conformance import Oracle
from test_diff_soundness import (
    EXAMPLES,
    Pair,
    compared,
    compared_by_the_letter,
    pairs,
    profile,
    real_versions,
    versions,
)


def is_claimed(found: Comparison) -> bool:
    """Whether something breaks for a reader, and lax decoding is said to take all of it."""
    breaking = [change for change in found.changes if change.received in ("breaks", "may break")]
    return bool(breaking) and all(change.forgiven for change in breaking)


def refused(
    old: Mapping[str, Any], values: list[tuple[str, Any]], spelling: str
) -> list[tuple[str, Any]]:
    """What lax decoding of the package made from OLD refuses."""
    found = []
    with imported(document(old, {"3.0": "3.0.3", "3.1": "3.1.0"}[spelling])) as package:
        for name, value in values:
            try:
                package.package.decode(package.type(name), json.loads(json.dumps(value)))
            except package.package.DecodeError:
                found.append((name, value))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_what_is_forgiven_in_a_case_is_decoded(case: Path) -> None:
    sides = [yaml.safe_load(document_of(case / name)) for name in ("old.yaml", "new.yaml")]
    old, new = (side.get("components", {}).get("schemas", {}) for side in sides)
    if not old or not new:
        return
    found = compared_by_the_letter(old, new, "3.1")
    if {side["openapi"] for side in sides} != {"3.1.0"} or found is None or not is_claimed(found):
        return
    judge = Oracle(new, "3.1")

    @given(st.data())
    @settings(profile, max_examples=20)
    def check(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([name for name in new if name in old]))
        value = data.draw(instances(new[name], new))
        assume(judge.accepts(name, value))
        assert not refused(old, [(name, value)], "3.1")

    check()


@given(pairs(st.one_of(versions(), real_versions())))
@settings(profile, max_examples=EXAMPLES // 5)
def test_what_is_forgiven_is_decoded(pair: Pair) -> None:
    spelling, old, new, tried = pair
    assume(is_claimed(compared(old, new, spelling)))
    judge = Oracle(new, spelling)
    fits = [
        (name, value)
        for name, value in tried
        if name in old and value is not None and judge.accepts(name, value)
    ]
    assert not refused(old, fits, spelling)
