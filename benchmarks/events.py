"""Decoding and encoding the GA server events of the corpus, and the memory they take."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from figures import Comparison, Figure, SubjectError, interleave
from generation import LITERALS, Mode, dmcg_command
from ground import SNAPSHOT, WORKERS, Corpus, Peers, environment, output

MICRO = 1e6
ROUND = 0.2  # seconds that one sample should take
COPIES = 20  # of each event held at once, for the memory
PYDANTIC = Mode("pydantic, default", ("--output-model-type", "pydantic_v2.BaseModel"))
LITERAL = Mode("pydantic, literals", (*PYDANTIC.options, *LITERALS))  # the fastest of its modes
OPENAI = "openai SDK"
OURS, STDLIB = "with orjson", "with stdlib json"
STRICT = "strict, with orjson"
LIKEWISE = (PYDANTIC.label, LITERAL.label)  # who judges enums, bounds and patterns too


@dataclass
class Worker:
    """An interpreter that holds one codec and answers requests about it."""

    process: subprocess.Popen[str]
    events: int = 0
    passes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, peers: Peers, *arguments: str) -> Worker:
        command = [str(peers.python), str(WORKERS / "codec.py"), *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment()
        )
        worker = cls(process)
        worker._answer()
        return worker

    def ask(self, *request: object) -> Any:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise SubjectError("the worker has ended") from None
        return self._answer()

    def load(self, path: Path, only: Sequence[int] | None = None) -> None:
        self.events = self.ask("load", str(path), only)

    def microseconds(self, what: str) -> float:
        """One sample of decode or encode, of about `ROUND` seconds."""
        if what not in self.passes:
            self.ask(what, 1)
            self.passes[what] = max(1, round(ROUND / (self.ask(what, 1) * self.events)))
        return float(self.ask(what, self.passes[what])) * MICRO

    def _answer(self) -> Any:
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        if not line:
            complaint = self.process.stderr.read().strip().splitlines() or ["no message"]
            raise SubjectError(complaint[-1])
        return json.loads(line)


def measure(
    corpus: Corpus, package: str, peers: Peers, work: Path, rounds: int
) -> Iterator[Comparison]:
    """All subjects get the same bytes: the events that every one of them accepts."""
    faults: dict[str, str] = {}
    workers = dict(_start(package, corpus.document, peers, work, faults))
    try:
        yield from _measure(corpus, workers, faults, work, rounds)
    finally:
        for worker in workers.values():
            worker.process.kill()


def _measure(
    corpus: Corpus, workers: dict[str, Worker], faults: dict[str, str], work: Path, rounds: int
) -> Iterator[Comparison]:
    payloads = list(ga_server_events(corpus))
    path, copies = work / "events.jsonl", work / "copies.jsonl"
    path.write_bytes(b"\n".join(map(_raw, payloads)))
    judging = {label: workers[label] for label in (STRICT, *LIKEWISE) if label in workers}
    valid, judged = _shared(judging, "accepted", path, range(len(payloads)))
    strictly = _round_of(judging, faults, "decode", rounds)
    workers = {label: worker for label, worker in workers.items() if label != STRICT}
    shared, accepted = _shared(workers, "accepted", path, range(len(payloads)))
    lenient = {label: workers[label] for label in (OURS, STDLIB, OPENAI) if label in workers}
    readable = _readable(workers, path)
    for worker in lenient.values():
        worker.load(path, readable)
    reading = _round_of(lenient, faults, "decode", rounds)
    for worker in workers.values():
        worker.load(path, shared)
    decoding = _round_of(workers, faults, "decode", rounds)
    faithful, _ = _shared(workers, "faithful", path, shared)
    encoding = _round_of(workers, faults, "encode", rounds)
    numbered = (_numbered(payloads[index], copy) for copy in range(COPIES) for index in shared)
    copies.write_bytes(b"\n".join(map(_raw, numbered)))
    for worker in workers.values():
        worker.load(copies)
    memory = {label: partial(worker.ask, "memory") for label, worker in workers.items()}
    holding = _with_faults(interleave(memory, 3), faults)

    counts = ", ".join(f"{label} {count}" for label, count in accepted.items())
    note = f"{len(shared)} of {len(payloads)} events; accepted: {counts}"
    pydantic = {PYDANTIC.label: 0.35, LITERAL.label: 0.35}
    yield from _rows("decode an event", decoding, "µs", {**pydantic, OPENAI: 0.04}, note)
    counts = ", ".join(f"{label} {count}" for label, count in judged.items())
    note = f"{len(valid)} of {len(payloads)} events; accepted: {counts}"
    goals = dict.fromkeys(LIKEWISE, 0.75)
    yield from _rows("decode an event strictly", strictly, "µs", goals, note, (STRICT,))
    note = (
        f"{len(readable)} of {len(payloads)} events: all that ours accepts; the SDK takes anything"
    )
    yield from _rows("decode an event of all", reading, "µs", {OPENAI: 0.04}, note)
    note = f"{len(faithful)} events that all give back as equal JSON"
    pydantic = {PYDANTIC.label: 1.0, LITERAL.label: 1.0}
    yield from _rows("encode an event", encoding, "µs", {**pydantic, OPENAI: None}, note)
    note = f"{len(shared) * COPIES} events, each with ids of its own"
    pydantic = {PYDANTIC.label: 0.35, LITERAL.label: 0.35}
    yield from _rows("memory of an event", holding, "B", {**pydantic, OPENAI: None}, note)


def ga_server_events(corpus: Corpus) -> Iterator[Any]:
    """The complete GA server events of the corpus, valid or not."""
    for path in corpus.payloads:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = (row["kind"], row["variant"], row["snapshot"])
            if kind == ("server_event", "ga", SNAPSHOT) and not row.get("partial"):
                yield row["payload"]


def _start(
    package: str, document: Path, peers: Peers, work: Path, faults: dict[str, str]
) -> Iterator[tuple[str, Worker]]:
    for mode, module in ((PYDANTIC, "pydantic_default"), (LITERAL, "pydantic_literals")):
        output(dmcg_command(document, mode, peers, work / f"{module}.py"), cwd=work)
    folder = str(work)
    for label, arguments in {
        OURS: ("ours", folder, package),
        STDLIB: ("ours", folder, package, "orjson"),
        STRICT: ("strict", folder, package),
        PYDANTIC.label: ("pydantic", folder, "pydantic_default"),
        LITERAL.label: ("pydantic", folder, "pydantic_literals"),
        OPENAI: ("openai", folder, "openai.types.realtime"),
    }.items():
        try:
            yield label, Worker.start(peers, *arguments)
        except SubjectError as failure:
            faults[label] = str(failure)


def _readable(workers: dict[str, Worker], path: Path) -> list[int]:
    """The events that ours accepts."""
    if OURS not in workers:
        return []
    workers[OURS].load(path)
    return list(workers[OURS].ask("accepted"))


def _shared(
    workers: dict[str, Worker], what: str, path: Path, among: Sequence[int]
) -> tuple[list[int], dict[str, int]]:
    """The events that every worker finds `what`, loaded into all of them; and how many each does."""
    counts: dict[str, int] = {}
    shared = set(among)
    for label, worker in workers.items():
        worker.load(path, list(among))
        found = [among[index] for index in worker.ask(what)]
        counts[label] = len(found)
        shared &= set(found)
    for worker in workers.values():
        worker.load(path, sorted(shared))
    return sorted(shared), counts


def _round_of(
    workers: dict[str, Worker], faults: dict[str, str], what: str, rounds: int
) -> dict[str, Figure]:
    subjects = {label: partial(worker.microseconds, what) for label, worker in workers.items()}
    return _with_faults(interleave(subjects, rounds), faults)


def _with_faults(figures: dict[str, Figure], faults: dict[str, str]) -> dict[str, Figure]:
    return figures | {label: Figure(fault=fault) for label, fault in faults.items()}


def _rows(
    measure: str,
    figures: dict[str, Figure],
    unit: str,
    goals: dict[str, float | None],
    note: str,
    variants: Sequence[str] = (OURS, STDLIB),
) -> Iterator[Comparison]:
    for variant in variants:
        for peer, goal in goals.items():
            yield Comparison(
                measure=measure,
                peer=peer,
                theirs=figures[peer],
                ours=figures[variant],
                unit=unit,
                goal=goal,
                variant=variant,
                note=note,
            )


def _raw(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _numbered(node: Any, number: int, key: str = "") -> Any:
    """A copy whose ids are its own, as on a real stream; caches of equal strings find none there."""
    match node:
        case dict():
            return {name: _numbered(value, number, name) for name, value in node.items()}
        case list():
            return [_numbered(value, number) for value in node]
        case str() if key.endswith("id"):
            return f"{node}_{number}"
        case _:
            return node
