"""Real payloads of the OpenAI Realtime API: strict decoding agrees with a JSON Schema validator about each of them.

What differs is named payload by payload, with the reason, in `corpus/payloads.txt`.
`pytest --update-golden tests/test_corpus_payloads.py` writes the payloads that the file lacks, without reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_packages import NEWEST, SNAPSHOTS, live, made
from modelgen.emit.styles import STYLES
from modelgen.ir import Value
from modelgen.normalizer.anomalies import KINDS

EXCEPTIONS = Path(__file__).parent / "corpus" / "payloads.txt"
FILES = ("spec_examples", "wild")

every_file = pytest.mark.parametrize("file", FILES)
every_style = pytest.mark.parametrize("style", list(STYLES))


def payloads(corpus: Path, file: str) -> list[dict[str, Any]]:
    text = (corpus / "payloads" / f"{file}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def complete(corpus: Path, file: str) -> list[dict[str, Any]]:
    """Those whose schema is in a document of the corpus, and that lost nothing of their source."""
    rows = [row for row in payloads(corpus, file) if row["snapshot"] in SNAPSHOTS]
    return [row for row in rows if not row.get("partial")]


def decoded(
    corpus: Path, row: dict[str, Any], strict: bool, style: str = "dataclass"
) -> tuple[Any, str]:
    """The value, or None and the faults."""
    package = live(corpus, SNAPSHOTS[row["snapshot"]], style=style)
    try:
        value = package.decode(getattr(package, row["schema"]), row["payload"], strict=strict)
    except package.DecodeError as error:
        assert all(fault.path.startswith("$") for fault in error.errors)
        return None, "; ".join(map(str, error.errors))
    again = package.encode(value)
    assert Value.of(again) == Value.of(row["payload"]), row["id"]
    assert Value.of(json.loads(package.encode_json(value))) == Value.of(row["payload"]), row["id"]
    return value, ""


def test_the_counts_are_those_of_the_corpus(corpus: Path) -> None:
    examples, wild = payloads(corpus, "spec_examples"), payloads(corpus, "wild")
    assert (len(examples), len(complete(corpus, "spec_examples"))) == (192, 163)
    assert (len(wild), len(complete(corpus, "wild"))) == (370, 328)
    assert sum(row["origin"] == "recorded" for row in complete(corpus, "wild")) == 154


@every_file
@every_style
def test_strict_agrees_with_the_validator(corpus: Path, file: str, style: str) -> None:
    """Except where a repair of a listed anomaly says otherwise."""
    named = {entry.id for entry in exceptions() if entry.kind == "repaired"}
    for row in complete(corpus, file):
        _, faults = decoded(corpus, row, True, style)
        agrees = (not faults) == row["valid"]
        assert agrees != (
            row["id"] in named
        ), f"{row['id']}: {row['error']} / {faults or 'accepted'}"


@every_style
def test_every_recorded_payload_decodes_lax(corpus: Path, style: str) -> None:
    """Except what other vendors send against the types, the tags or the required properties of the schema."""
    named = {entry.id for entry in exceptions() if entry.kind == "vendor"}
    for row in complete(corpus, "wild"):
        if row["origin"] == "recorded":
            _, faults = decoded(corpus, row, False, style)
            assert bool(faults) == (row["id"] in named), f"{row['id']} ({row['vendor']}): {faults}"


@every_file
@every_style
def test_what_is_valid_decodes_in_both_modes(corpus: Path, file: str, style: str) -> None:
    for row in complete(corpus, file):
        if row["valid"]:
            assert not decoded(corpus, row, False, style)[1], row["id"]


@every_file
def test_what_lost_a_part_raises_nothing_else(corpus: Path, file: str) -> None:
    for row in payloads(corpus, file):
        if row.get("partial"):
            decoded(corpus, row, False)


def test_examples_of_other_snapshots_decode_lax(corpus: Path) -> None:
    """As the beta document nearest to them has it; the first day of beta had no `Beta` in the names."""
    package = live(corpus, SNAPSHOTS["f7f4b05"])
    rows = [row for row in payloads(corpus, "spec_examples") if row["snapshot"] not in SNAPSHOTS]
    assert len(rows) == 29
    for row in rows:
        type_ = getattr(package, row["schema"].replace("RealtimeBeta", "Realtime"))
        value = package.decode(type_, row["payload"])
        assert Value.of(package.encode(value)) == Value.of(row["payload"])


# --- the exceptions -----------------------------------------------------------------------------------------


class Entry:
    """A line: the payload, `repaired` and the anomaly, or `vendor` and who sent it; then the fault or the reason."""

    def __init__(self, line: str) -> None:
        self.id, self.kind, self.what, self.why = (part.strip() for part in line.split("|"))


def exceptions() -> list[Entry]:
    lines = EXCEPTIONS.read_text("utf-8").splitlines()
    return [Entry(line) for line in lines if line and not line.startswith("#")]


def test_the_exceptions_are_as_written_down(corpus: Path, update_golden: bool) -> None:
    head = [line for line in EXCEPTIONS.read_text("utf-8").splitlines() if line.startswith("#")]
    text = "\n".join([*head, *_found(corpus)]) + "\n"
    if update_golden:
        EXCEPTIONS.write_text(text, "utf-8")
    assert EXCEPTIONS.read_text("utf-8") == text


def test_every_repair_is_an_anomaly_that_changes_validity(corpus: Path) -> None:
    for entry in exceptions():
        if entry.kind == "repaired":
            assert KINDS[entry.what].effect != "none"
            codes = {anomaly.code for anomaly in made(corpus, NEWEST, "whole").anomalies}
            assert entry.what in codes


def _found(corpus: Path) -> Iterator[str]:
    reasons = {entry.id: entry for entry in exceptions()}
    for file in FILES:
        for row in complete(corpus, file):
            known = reasons.get(row["id"])
            _, strict = decoded(corpus, row, True)
            _, lax = decoded(corpus, row, False)
            if (not strict) != row["valid"]:
                what = known.what if known else "?"
                yield f"{row['id']} | repaired | {what} | {row['error'].partition(': ')[0]}"
            if lax and row.get("origin") == "recorded":
                yield f"{row['id']} | vendor | {row['vendor']} | {lax}"
