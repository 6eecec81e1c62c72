"""Every folder below cases/: what it expects, and what holds for all of them. See `case_kinds`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from difflib import unified_diff
from functools import cache
from pathlib import Path

import black
import pytest

from case_kinds import (
    DEFAULT_STYLE,
    STYLES,
    Case,
    cases,
    classes,
    commented_output,
    difference,
    digests,
    generated,
    imported,
    is_sound,
    output,
    payloads,
    shuffled_output,
    update,
    verdicts,
    workspace,
)

ALL = cases()
SOUND = [case for case in ALL if not case.has("error.txt")]


@pytest.fixture
def sound(case: Case) -> None:
    """A new case that turns out to be an error is one failure, not one for each invariant."""
    if not is_sound(case):
        pytest.skip("it is an error, and error.txt is yet to be written")


@pytest.mark.parametrize("case", ALL, ids=str)
def test_it_is_as_written_down(case: Case, update_golden: bool) -> None:
    if update_golden:
        update(case)
    if text := difference(case):
        pytest.fail(text, pytrace=False)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_it_says_what_it_shows(case: Case) -> None:
    if case.spec == "spec.yaml":
        first = (case.path / case.spec).read_bytes().split(b"\n")[0]
        assert first.startswith(
            b"# "
        ), f"{case}: the first line is a comment that says what it shows"


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_it_compiles_and_black_agrees(case: Case, style: str) -> None:
    for path, text in output(case, style).items():
        assert "\r" not in text.replace("\r\n", "\r"), path
        assert text == "" or text.endswith("\n"), path
        if path.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                compile(text, path, "exec", dont_inherit=True)
            lines = (text.splitlines(), _blackened(text).splitlines())
            changes = unified_diff(*lines, path, "as black has it", lineterm="")
            if found := "\n".join(changes):
                pytest.fail(f"{case}, {style}\n{found}", pytrace=False)


@cache
def _blackened(text: str) -> str:
    return black.format_str(text, mode=black.Mode())


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_every_exported_name_can_be_imported(case: Case, style: str) -> None:
    with imported(case, style) as package:
        for name in package.__all__:
            assert getattr(package, name) is not None, name
        assert set(package.__all__) <= set(dir(package))


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_two_runs_are_identical(case: Case, style: str) -> None:
    with workspace(case) as package:
        assert generated(replace(package, style=style)) == output(case, style)


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_the_order_of_components_does_not_matter(case: Case) -> None:
    assert classes(shuffled_output(case)) == classes(output(case, DEFAULT_STYLE))


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_comments_and_line_breaks_do_not_matter(case: Case) -> None:
    if case.spec.endswith(".yaml"):
        assert commented_output(case) == output(case, DEFAULT_STYLE)


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("case", SOUND, ids=str)
def test_payloads_decode_as_they_should(case: Case) -> None:
    found = {style: verdicts(case, style) for style in STYLES}
    assert all(other == found[DEFAULT_STYLE] for other in found.values()), "the styles disagree"
    for number, (payload, verdict) in enumerate(
        zip(payloads(case), found[DEFAULT_STYLE], strict=True)
    ):
        where = f"{case}: payload {number}, {payload['type']} {json.dumps(payload['json'])[:200]}"
        assert verdict.returns, f"{where} does not encode back to itself"
        valid = payload.get("valid", True)
        if valid is not None:
            assert (verdict.strict == ()) == valid, f"{where}, strict: {verdict.strict}"
        assert (verdict.lax == ()) == payload.get("lax", True), f"{where}, lax: {verdict.lax}"
        if "class" in payload:
            assert verdict.class_ == payload["class"], where
        if "errors" in payload:
            assert list(verdict.strict or verdict.lax) == payload["errors"], where


@pytest.mark.skipif(not SOUND, reason="there is no case")
def test_the_hash_seed_does_not_matter() -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    result = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("case_kinds.py"))],
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert json.loads(result.stdout) == digests()
