"""Real payloads of the Realtime API, each read with the variant of its day.

`valid` in the corpus is what a JSON Schema validator said of a payload and the real document of a snapshot. Payloads
that lost expressions of their source are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from modelgen.ir import Value
from modelgen.normalizer import normalize
from modelgen.normalizer.anomalies import KINDS
from realtime_package import COMPLETE, day, documents, outcome, package, python_names, subpackage

GA_BEGINS = date(2025, 9, 2)

# Where strict decoding does not find the fault that the validator found: the anomaly whose repair changes what is valid.
REPAIRED: Mapping[str, str] = {
    "spec-0086": "open-enum-one-of",
    "spec-0135": "open-enum-one-of",
    "wild-0096": "open-enum-one-of",
    "wild-0097": "open-enum-one-of",
}

# Payloads whose own day has no variant, and what makes the verdict of the nearest one another.
CHANGED: Mapping[str, str] = {
    "spec-0008": "the session no longer has max_output_tokens, which is null here",
    "spec-0030": "name became required",
    "spec-0046": "model became required in the session",
    "spec-0048": "turn_detection became nullable in the session",
    "spec-0115": "name became required",
}

# Recorded payloads that lax decoding refuses too: messages of other services, which have a property of another JSON
# type or lack a required one.
VOICE = "$.session.voice: expected string, got object"
RESPONSE_VOICE = "$.response.voice: expected string, got object"
PREVIOUS = "$.previous_item_id: expected string, got null"
REFUSED: Mapping[str, Mapping[str, str]] = {
    "azure-voice-live": {
        "wild-0384": VOICE,
        "wild-0386": VOICE,
        "wild-0391": PREVIOUS,
        "wild-0393": RESPONSE_VOICE,
        "wild-0400": '$: required property "usage" is missing',
        "wild-0405": RESPONSE_VOICE,
        "wild-0407": VOICE,
        "wild-0411": PREVIOUS,
        "wild-0414": RESPONSE_VOICE,
        "wild-0420": RESPONSE_VOICE,
        "wild-0421": VOICE,
        "wild-0422": VOICE,
        "wild-0424": VOICE,
        "wild-0431": RESPONSE_VOICE,
    },
    "xai": {
        "wild-0640": '$.session: required property "type" is missing',
        "wild-0641": '$.session: required property "type" is missing',
        "wild-0644": '$: required property "output_index" is missing',
        "wild-0647": "$.response.status_details: expected object, got string",
    },
}


@dataclass(frozen=True)
class Payload:
    id: str
    schema: str
    snapshot: str
    taken: date  # the day of the snapshot
    recorded: bool
    vendor: str
    valid: bool
    fault_at: str  # the path of the first fault that the validator found
    data: Any

    @property
    def variant(self) -> str:
        """The complete variant of the nearest day, on the same side of the GA dialect's beginning."""
        days = {variant: date.fromisoformat(day(variant)) for variant in COMPLETE}
        era = [v for v in days if (days[v] >= GA_BEGINS) == (self.taken >= GA_BEGINS)]
        return min(era, key=lambda variant: abs(days[variant] - self.taken))

    @property
    def of_the_day(self) -> bool:
        """Whether the variant describes the very snapshot that `valid` is about."""
        return COMPLETE[self.variant].endswith(self.snapshot)

    def faults(self, strict: bool) -> tuple[str, ...]:
        """What is wrong with it. What decodes must come back."""
        name = python_names(self.variant)[self.schema]
        models = subpackage(package(), self.variant)
        faults, encoded, _ = outcome(models, name, self.data, strict)
        assert faults or Value.of(encoded) == Value.of(self.data), self.id
        return faults


@cache
def payloads(corpus: Path) -> tuple[Payload, ...]:
    days = {name.rpartition("-")[2]: name[:10] for name in COMPLETE.values()}
    found = []
    for file in ("spec_examples", "wild"):
        for line in (corpus / "payloads" / f"{file}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("partial"):
                continue
            last, _, snapshot = row["source"].get("last", "").partition(" ")
            taken = days.get(row["snapshot"]) or last
            assert row["snapshot"] in days or row["snapshot"] == snapshot
            found.append(
                Payload(
                    row["id"],
                    row["schema"],
                    row["snapshot"],
                    date.fromisoformat(taken),
                    row.get("origin") == "recorded",
                    row.get("vendor", ""),
                    row["valid"],
                    (row["error"] or "").partition(": ")[0],
                    row["payload"],
                )
            )
    return tuple(found)


def test_the_payloads_are_those_of_the_corpus(corpus: Path) -> None:
    found = payloads(corpus)
    assert len(found) == 520
    assert sum(payload.recorded for payload in found) == 154
    assert sum(not payload.of_the_day for payload in found) == 29


def test_strict_decoding_agrees_with_the_validator(corpus: Path) -> None:
    """It refuses what is not valid, and one of its faults is where the validator's is; it accepts the rest."""
    wrong = {}
    for payload in payloads(corpus):
        if payload.of_the_day and payload.id not in REPAIRED:
            faults = payload.faults(strict=True)
            paths = {fault.partition(": ")[0] for fault in faults}
            agrees = not faults if payload.valid else payload.fault_at in paths
            if not agrees:
                wrong[payload.id] = (payload.schema, faults)
    assert wrong == {}


def test_other_verdicts_follow_from_a_repair(corpus: Path) -> None:
    found = {payload.id: payload for payload in payloads(corpus) if payload.id in REPAIRED}
    assert found.keys() == REPAIRED.keys()
    for id_, code in REPAIRED.items():
        payload = found[id_]
        assert payload.of_the_day and not payload.valid
        assert KINDS[code].effect == "widens"
        assert payload.fault_at == "$.response.conversation"
        assert all(not fault.startswith(payload.fault_at) for fault in payload.faults(strict=True))
        places = [
            anomaly.at.pointer
            for anomaly in normalize(documents(payload.variant)).anomalies
            if anomaly.code == code
        ]
        assert "/components/schemas/RealtimeResponseCreateParams/properties/conversation" in places


def test_a_neighbouring_day_gives_the_same_verdict_but_for_what_changed(corpus: Path) -> None:
    different = {
        payload.id
        for payload in payloads(corpus)
        if not payload.of_the_day and payload.valid != (not payload.faults(strict=True))
    }
    assert different == CHANGED.keys()


def test_lax_decoding_reads_what_was_recorded(corpus: Path) -> None:
    refused: dict[str, dict[str, str]] = {}
    for payload in payloads(corpus):
        if payload.recorded and (faults := payload.faults(strict=False)):
            refused.setdefault(payload.vendor, {})[payload.id] = "; ".join(faults)
    assert refused == REFUSED
    served = Counter(payload.vendor for payload in payloads(corpus) if payload.recorded)
    assert served == {
        "openai": 61,
        "openai-via-gateway": 17,
        "azure": 1,
        "azure-voice-live": 60,
        "xai": 15,
    }


def test_lax_decoding_reads_all_that_is_valid(corpus: Path) -> None:
    for payload in payloads(corpus):
        if not payload.faults(strict=True):
            assert not payload.faults(strict=False), payload.id
