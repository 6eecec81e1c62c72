"""Every folder below cases/conversions: pairs of payloads that say the same in two variants.

pairs.yaml     `pairs`: a row has a payload under the name of each of two variants, older one first, and converts both
               ways. `up` and `down` are the losses on the way to the second and to the first, as `path: kind` or with
               the reason behind; `only: up` converts one way. A payload that is null: there is no form for it.
streams.yaml   `streams`: a translator `from` one variant `to` another is fed each `event`, and `gives` and loses what is said
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from case_kinds import ROOT
from modelgen.ir import Value
from realtime_package import VARIANTS, package

FOLDER = ROOT / "conversions"
KEYS = {"shows", "family", "only", "up", "down"}


def files(name: str) -> Iterator[tuple[Path, Any]]:
    for path in sorted(FOLDER.glob(f"*/{name}.yaml")):
        yield path, yaml.safe_load(path.read_text("utf-8"))


def pairs() -> Iterator[Any]:
    for path, data in files("pairs"):
        assert data.keys() == {"family", "pairs"}, path
        for n, row in enumerate(data["pairs"]):
            sides = [key for key in row if key in VARIANTS]
            assert len(sides) == 2 and row.keys() - KEYS == set(sides), (path, row)
            for way, (source, to) in (("up", sides), ("down", sides[::-1])):
                if row.get("only", way) == way:
                    known = (row.get("family", data["family"]), source, to, row[source], row[to])
                    id_ = f"{path.parent.name}-{n + 1}-{way}"
                    yield pytest.param(*known, row.get(way, []), id=id_)


def test_every_file_says_what_it_shows() -> None:
    found = sorted(FOLDER.glob("*/*"))
    assert len(found) >= 20
    for path in found:
        assert path.name in ("pairs.yaml", "streams.yaml"), path
        assert path.read_text("utf-8").startswith("# "), path


@pytest.mark.parametrize(("family", "source", "to", "value", "becomes", "losses"), list(pairs()))
def test_a_payload_becomes_what_it_should(
    family: str, source: str, to: str, value: Any, becomes: Any, losses: list[str]
) -> None:
    before = copy.deepcopy(value)
    made = package().convert(value, to=to, source=source, family=family)
    assert value == before
    assert Value.of(made.value) == Value.of(becomes)
    assert_losses(made.losses, losses)


def assert_losses(found: Any, expected: list[str]) -> None:
    """Each loss is one of those expected, and each of those is there, in any order."""
    texts = sorted(map(str, found))
    assert len(texts) == len(expected), texts
    for text, wanted in zip(texts, sorted(expected), strict=True):
        assert text.startswith(wanted), (text, wanted)


STREAMS = [
    pytest.param(row, id=f"{path.parent.name}-{n + 1}")
    for path, data in files("streams")
    for n, row in enumerate(data["streams"])
]


@pytest.mark.parametrize("row", STREAMS)
def test_a_stream_gives_what_it_should(row: Any) -> None:
    translator = package().Translator(source=row["from"], to=row["to"], side=row["side"])
    for step in row["feed"]:
        assert translator.feed(step["event"]) == step["gives"]
        assert_losses(translator.losses, step.get("losses", []))
