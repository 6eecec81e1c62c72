"""`modelgen convert` on long files of events, beside a remapper written by hand that neither checks nor reports."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from figures import Comparison, Figure, SubjectError, interleave
from ground import REPOSITORY, WORKERS, environment, modelgen

PEER = "remapper by hand"
IDS = {"event_id": "event_1", "response_id": "resp_1", "item_id": "item_1"}
PLACE = {**IDS, "output_index": 0, "content_index": 0}
ITEM = {
    "id": "item_1",
    "object": "realtime.item",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "text", "text": "It is foggy and 12 degrees in London."}],
}
SESSION = {
    "modalities": ["text", "audio"],
    "instructions": "Be brief.",
    "voice": "alloy",
    "input_audio_format": "pcm16",
    "output_audio_format": "g711_ulaw",
    "input_audio_transcription": {"model": "whisper-1"},
    "turn_detection": {"type": "server_vad", "threshold": 0.5, "create_response": True},
    "temperature": 0.8,
    "max_response_output_tokens": "inf",
}
RESPONSE = {
    "id": "resp_1",
    "object": "realtime.response",
    "status": "completed",
    "modalities": ["text", "audio"],
    "voice": "alloy",
    "output_audio_format": "pcm16",
    "output": [ITEM],
    "usage": {"total_tokens": 30, "input_tokens": 20, "output_tokens": 10},
}
# One of each, with how often it occurs in a turn that is spoken.
EVENTS: tuple[tuple[int, dict[str, Any]], ...] = (
    (1, {"type": "session.update", "event_id": "event_1", "session": SESSION}),
    (40, {"type": "input_audio_buffer.append", "audio": "AAAA" * 80}),
    (1, {"type": "conversation.item.created", "event_id": "event_1", "item": ITEM}),
    (1, {"type": "response.created", "event_id": "event_1", "response": RESPONSE}),
    (1, {"type": "response.output_item.added", **IDS, "output_index": 0, "item": ITEM}),
    (30, {"type": "response.audio.delta", **PLACE, "delta": "AAAA" * 80}),
    (20, {"type": "response.audio_transcript.delta", **PLACE, "delta": " foggy"}),
    (5, {"type": "response.text.delta", **PLACE, "delta": " foggy"}),
    (1, {"type": "response.output_item.done", **IDS, "output_index": 0, "item": ITEM}),
    (1, {"type": "response.done", "event_id": "event_1", "response": RESPONSE}),
)


@dataclass
class Run:
    """A command that reads a file of events, and the most memory that it took, in MB."""

    command: list[str]
    source: Path
    megabytes: list[float] = field(default_factory=list)

    def seconds(self) -> float:
        start = time.perf_counter()
        with self.source.open("rb") as text:
            child = subprocess.Popen(
                self.command,
                stdin=text,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=REPOSITORY,
                env=environment(),
            )
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SubjectError(f"{Path(self.command[0]).name} exited with {child.returncode}")
        kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
        self.megabytes.append(kilobytes / 1000)
        return time.perf_counter() - start


def measure(work: Path, rounds: int, lines: int) -> Iterator[Comparison]:
    """Spoken turns, one of each event, and the memory for a tenth of the lines and for all."""
    for label, turn in (
        ("spoken turns", [event for times, event in EVENTS for _ in range(times)]),
        ("one of each", [event for _, event in EVENTS]),
    ):
        short, long = (
            _file(work, f"{label}-{count}", turn, count) for count in (lines // 10, lines)
        )
        ours, theirs = Run(_ours(), long), Run(_theirs(), long)
        subjects: dict[str, Callable[[], float]] = {"ours": ours.seconds, PEER: theirs.seconds}
        figures = interleave(subjects, rounds)
        yield Comparison(
            measure=f"convert {lines:,} lines, {label}",
            peer=PEER,
            theirs=figures[PEER],
            ours=figures["ours"],
            unit="s",
            goal=2,
        )
        yield Comparison(
            measure="  peak memory",
            peer=PEER,
            theirs=Figure(tuple(theirs.megabytes)),
            ours=Figure(tuple(ours.megabytes)),
            unit="MB",
        )
        tenth = Run(_ours(), short)
        tenth.seconds()
        yield Comparison(
            measure="  peak memory",
            peer=f"ours, {lines // 10:,} lines",
            theirs=Figure(tuple(tenth.megabytes)),
            ours=Figure(tuple(ours.megabytes)),
            unit="MB",
        )


def _ours() -> list[str]:
    return [*modelgen(), "convert", "--from", "beta", "--to", "ga"]


def _theirs() -> list[str]:
    return [sys.executable, str(WORKERS / "remap.py")]


def _file(work: Path, name: str, turn: list[dict[str, Any]], lines: int) -> Path:
    path = work / f"{name.replace(' ', '-')}.jsonl"
    texts = [json.dumps(event) + "\n" for event in turn]
    with path.open("w", encoding="utf-8") as file:
        file.writelines(itertools.islice(itertools.cycle(texts), lines))
    return path
