"""A remapper by hand, as projects write it: beta events on standard input, GA events on standard output, no report."""

from __future__ import annotations

import json
import sys
from typing import Any

EVENTS = {
    "response.text.delta": "response.output_text.delta",
    "response.text.done": "response.output_text.done",
    "response.audio.delta": "response.output_audio.delta",
    "response.audio.done": "response.output_audio.done",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "response.audio_transcript.done": "response.output_audio_transcript.done",
    "conversation.item.created": "conversation.item.added",
    "transcription_session.update": "session.update",
    "transcription_session.updated": "session.updated",
}
FORMATS = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
INPUT = {
    "input_audio_transcription": "transcription",
    "input_audio_noise_reduction": "noise_reduction",
    "turn_detection": "turn_detection",
}


def session(old: dict[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {}
    heard: dict[str, Any] = {}
    spoken: dict[str, Any] = {}
    for name, value in old.items():
        if name == "modalities":
            new["output_modalities"] = ["audio"] if "audio" in value else ["text"]
        elif name in ("voice", "speed"):
            spoken[name] = value
        elif name == "input_audio_format":
            heard["format"] = FORMATS.get(value, value)
        elif name == "output_audio_format":
            spoken["format"] = FORMATS.get(value, value)
        elif name in INPUT:
            heard[INPUT[name]] = value
        elif name == "max_response_output_tokens":
            new["max_output_tokens"] = value
        elif name != "temperature":
            new[name] = value
    audio = {name: part for name, part in (("input", heard), ("output", spoken)) if part}
    if audio:
        new["audio"] = audio
    return new


def item(found: dict[str, Any]) -> None:
    if found.get("role") == "assistant":
        for part in found.get("content") or ():
            if part.get("type") in ("text", "audio"):
                part["type"] = "output_" + part["type"]


def event(found: dict[str, Any]) -> dict[str, Any]:
    found["type"] = EVENTS.get(found["type"], found["type"])
    if "session" in found:
        found["session"] = {"type": "realtime", **session(found["session"])}
    if "item" in found:
        item(found["item"])
    if isinstance(found.get("response"), dict):
        found["response"] = session(found["response"])
        for one in found["response"].get("output") or ():
            item(one)
    return found


def main() -> None:
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        made = json.dumps(event(json.loads(line)), ensure_ascii=False, separators=(",", ":"))
        out.write(made.encode() + b"\n")


if __name__ == "__main__":
    main()
