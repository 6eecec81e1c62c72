"""Rows of the files that say what conversions do: pairs of payloads, streams of events, and what is detected.

pairs        a row has a payload under the name of each of two variants, older one first, and converts both ways. `up` and
             `down` are the losses on the way to the second and to the first, as `path: kind` or with the reason behind;
             `only: up` converts one way. A payload that is null: there is no form for it. `undeclared: drop` removes what no
             variant declares.
streams      a translator `from` one variant `to` another is fed each `event`, and `gives` and loses what the row says
detections   a `payload` is of the `variant` and the `family` that the row says, with these `evidence` and `conflicts`
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from modelgen.ir import Value

KEYS = {"shows", "family", "only", "up", "down", "undeclared"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A payload of one variant, and what it becomes in another."""

    number: int
    way: str
    family: str
    source: str
    to: str
    value: Any
    becomes: Any
    losses: list[str]
    is_both_ways: bool
    undeclared: str

    def __str__(self) -> str:
        return f"{self.number}-{self.way}"


def pairs(
    rows: list[dict[str, Any]], variants: Collection[str], family: str = ""
) -> Iterator[Pair]:
    for number, row in enumerate(rows, 1):
        names = [key for key in row if key in variants]
        assert len(names) == 2 and row.keys() - KEYS == set(names), row
        for way, (source, to) in (("up", names), ("down", names[::-1])):
            if row.get("only", way) == way and row[source] is not None:
                known = (row.get("family", family), source, to, row[source], row[to])
                undeclared = row.get("undeclared", "keep")
                yield Pair(number, way, *known, row.get(way, []), "only" not in row, undeclared)


def assert_pair(package: ModuleType, pair: Pair) -> None:
    """It converts as written down, and changes nothing of what it is given."""
    before = copy.deepcopy(pair.value)
    options = {"source": pair.source, "family": pair.family, "undeclared": pair.undeclared}
    made = package.convert(pair.value, to=pair.to, **options)
    assert pair.value == before
    assert Value.of(made.value) == Value.of(pair.becomes)
    assert_losses(made.losses, pair.losses)


def assert_losses(losses: Any, expected: list[str]) -> None:
    """Each loss is one of those expected, and each of those is there, in any order."""
    texts = sorted(map(str, losses))
    assert len(texts) == len(expected), texts
    for text, wanted in zip(texts, sorted(expected), strict=True):
        assert text.startswith(wanted), (text, wanted)


def assert_stream(package: ModuleType, row: Mapping[str, Any]) -> None:
    translator = package.Translator(source=row["from"], to=row["to"], side=row["side"])
    for step in row["feed"]:
        assert translator.feed(step["event"]) == step["gives"]
        assert_losses(translator.losses, step.get("losses", []))


def assert_detection(package: ModuleType, row: Mapping[str, Any]) -> None:
    detection = package.detect(row["payload"])
    assert (detection.variant, detection.family) == (row["variant"], row["family"])
    assert [e.path for e in detection.evidence] == row["evidence"]
    assert list(detection.conflicts) == row.get("conflicts", [])
