"""Every folder below cases/conversions: pairs of payloads that say the same in two variants of the Realtime API.

pairs.yaml     `family` and `pairs`; see `conversion_rows`
streams.yaml   `streams`
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from case_kinds import ROOT
from conversion_rows import Pair, assert_pair, assert_stream, pairs
from realtime_package import VARIANTS, package

FOLDER = ROOT / "conversions"


def files(name: str) -> Iterator[tuple[Path, Any]]:
    for path in sorted(FOLDER.glob(f"*/{name}.yaml")):
        yield path, yaml.safe_load(path.read_text("utf-8"))


def all_pairs() -> Iterator[Any]:
    for path, data in files("pairs"):
        assert data.keys() == {"family", "pairs"}, path
        for pair in pairs(data["pairs"], VARIANTS, data["family"]):
            yield pytest.param(pair, id=f"{path.parent.name}-{pair}")


def test_every_file_says_what_it_shows() -> None:
    found = sorted(FOLDER.glob("*/*"))
    assert len(found) >= 20
    for path in found:
        assert path.name in ("pairs.yaml", "streams.yaml"), path
        assert path.read_text("utf-8").startswith("# "), path


@pytest.mark.parametrize("pair", list(all_pairs()))
def test_a_payload_becomes_what_it_should(pair: Pair) -> None:
    assert_pair(package(), pair)


STREAMS = [
    pytest.param(row, id=f"{path.parent.name}-{n + 1}")
    for path, data in files("streams")
    for n, row in enumerate(data["streams"])
]


@pytest.mark.parametrize("row", STREAMS)
def test_a_stream_gives_what_it_should(row: Any) -> None:
    assert_stream(package(), row)
