"""Real payloads of the Realtime API, converted to the other dialect and back; and the event sequences that were
recorded, played with the least that their events can hold.

`corpus/conversions.txt` and `corpus/translations.txt` are what came of it; `--update-golden` writes them.
"""

from __future__ import annotations

import copy
import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from modelgen.reconcile import HUB
from realtime_package import NAME, package, python_names, subpackage
from realtime_values import classes, resolution
from test_conversion_laws import admitted, canonical, differences, explained
from test_realtime_models_payloads import Payload, payloads

TABLES = Path(__file__).parent / "corpus"
conversion = importlib.import_module(f"{NAME}._conversion")


def place(payload: Payload) -> tuple[str, str] | None:
    """The family and the role of a payload, None if its schema belongs to none."""
    for (family, role, variant), root in resolution().roots.items():
        members = resolution()[root].members.values()
        components = {member.key.schema for several in members for member in several}
        if variant == payload.variant and payload.schema in (root.schema, *components):
            return family, role
    return None


def respelled(data: Any, source: str, family: str, role: str) -> Any:
    """A payload with what it says in the spelling of other variants in that of its own."""
    hub, _, *_ = conversion.convert_own(copy.deepcopy(data), HUB, source, family, role)
    made, _, *_ = conversion.convert_own(hub, source, HUB, family, role)
    return made


def other(variant: str) -> str:
    return "beta" if variant == "ga" else "ga"


def is_strict(variant: str, class_: Any, data: Any) -> tuple[Any, ...]:
    models = subpackage(package(), variant)
    try:
        models.decode(class_, data, strict=True)
    except models.DecodeError as error:
        return tuple(error.errors)
    return ()


def golden(name: str, lines: list[str], update: bool) -> None:
    path = TABLES / name
    text = "\n".join(lines) + "\n"
    if update:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_payloads_convert_to_the_other_dialect_and_back(corpus: Path, update_golden: bool) -> None:
    counts: dict[tuple[str, str], Counter[str]] = {}
    kinds: Counter[str] = Counter()
    unexplained: dict[str, Any] = {}
    outside = []
    for payload in payloads(corpus):
        found = place(payload)
        if found is None:
            outside.append(payload.id)
            continue
        family, role = found
        source, to = payload.variant, other(payload.variant)
        own = getattr(subpackage(package(), source), python_names(source)[payload.schema])
        row = counts.setdefault((source, family), Counter())
        row["payloads"] += 1
        strict = not is_strict(source, own, payload.data)
        row["strict"] += strict
        before = copy.deepcopy(payload.data)
        made, losses, *_ = conversion.convert_own(copy.deepcopy(before), to, source, family, role)
        kinds.update(f"{loss.kind}: {loss.reason}" for loss in losses)
        assert package().convert(payload.data, to=to, source=source, family=family)
        assert payload.data == before
        if made is None:
            row["no form"] += 1
            continue
        row["without a loss"] += not losses
        faults = ()
        if (
            family not in conversion._tables()["tags"]
            or made.get("type") in conversion._tables()["tag_classes"][to][family]
        ):
            faults = is_strict(to, classes(to, family, role, made), made)
        row["strict there"] += not faults
        if strict:
            unsaid = [
                str(f) for f in faults if not explained(f.path, losses, family) and not admitted(f)
            ]
            if unsaid:
                unexplained[payload.id] = unsaid
        back, more, *_ = conversion.convert_own(made, source, to, family, role)
        if back is None:
            unexplained[payload.id] = "no way back"
            continue
        row["same again"] += back == before
        silent = [
            p for p in differences(before, back) if not explained(p, [*losses, *more], family)
        ]
        if silent:
            own_spelling = respelled(before, source, family, role)
            said = {canonical(path) for path in differences(own_spelling, back)}
            silent = [path for path in silent if canonical(path) in said]
        if silent:
            unexplained[f"{payload.id} back"] = silent
    columns = ("payloads", "strict", "strict there", "without a loss", "no form", "same again")
    lines = [
        "# Payloads of the corpus, converted to the other dialect and back.",
        "variant | family | " + " | ".join(columns),
    ]
    lines += [
        f"{variant} | {family} | " + " | ".join(str(row[name]) for name in columns)
        for (variant, family), row in sorted(counts.items())
    ]
    lines += [f"in no family: {', '.join(outside)}", "# The losses on the way there."]
    lines += [f"{count} | {text}" for text, count in sorted(kinds.items())]
    assert not unexplained, "\n".join([*lines, *map(str, unexplained.items())])
    golden("conversions.txt", lines, update_golden)


# --- sequences --------------------------------------------------------------------------------------------

BETA = {"response.text", "response.audio", "response.audio_transcript"}


def dialect(types: list[str]) -> str:
    names = {type_.rpartition(".")[0] for type_ in types}
    return "beta" if names & BETA or "conversation.item.created" in types else "ga"


class Player:
    """Makes events of a dialect, given their types: the least that is valid, and of one conversation."""

    def __init__(self, dialect: str, types: list[str]) -> None:
        self.dialect = dialect
        self.types = types
        self.items: list[dict[str, Any]] = []
        self.open: list[dict[str, Any]] = []
        self.waiting: list[dict[str, Any]] = []
        self.latest: dict[str, Any] = {}

    def events(self) -> list[dict[str, Any]]:
        return [
            {"type": type_, "event_id": f"event_{n}", **self.body(n, type_)}
            for n, type_ in enumerate(self.types)
        ]

    def item(self, kind: str, role: str = "") -> dict[str, Any]:
        made: dict[str, Any] = {"id": f"item_{len(self.items)}", "type": kind}
        if kind == "function_call":
            made |= {
                "status": "in_progress",
                "name": "look_up",
                "call_id": "call_1",
                "arguments": "",
            }
        elif role == "assistant":
            made |= {"status": "in_progress", "role": role, "content": []}
        else:
            text = {"type": "input_text", "text": "Hello"}
            made |= {"status": "completed", "role": role, "content": [text]}
        self.items.append(made)
        return made

    def finished(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["type"] == "function_call":
            return {**item, "status": "completed", "arguments": "{}"}
        if item["role"] == "assistant":
            kind = "output_text" if self.dialect == "ga" else "text"
            return {**item, "status": "completed", "content": [{"type": kind, "text": "Hi"}]}
        return item

    def body(self, n: int, type_: str) -> dict[str, Any]:
        own = {"response_id": "resp_1", "output_index": 0}
        calls = "function_call" in type_
        kinds = [item for item in self.open if (item["type"] == "function_call") == calls]
        speaking = kinds[0] if kinds else None
        at = {**own, "item_id": speaking["id"] if speaking else "item_x", "content_index": 0}
        match type_.split("."):
            case ["session", _]:
                kind = (
                    {"type": "realtime", "object": "realtime.session"}
                    if self.dialect == "ga"
                    else {}
                )
                return {"session": {**kind, "id": "sess_1"}}
            case ["conversation", "created"]:
                return {"conversation": {"id": "conv_1", "object": "realtime.conversation"}}
            case ["response", "created" | "done" as when]:
                output = [self.finished(self.items[-1])] if when == "done" and self.items else []
                return {"response": {"id": "resp_1", "status": "completed", "output": output}}
            case ["response", "output_item", "added"]:
                said = [t.split(".")[1] for t in self.types[n + 1 :] if t.startswith("response.")]
                kind = "function_call" if said[0] == "function_call_arguments" else "message"
                self.open.append(self.item(kind, "assistant"))
                self.waiting.append(self.open[-1])
                return {**own, "item": self.open[-1]}
            case ["response", "output_item", "done"]:
                return {**own, "item": self.finished(self.open.pop(0))}
            case ["conversation", "item", "added" | "created"]:
                self.latest = self.waiting.pop(0) if self.waiting else self.item("message", "user")
                return {"previous_item_id": None, "item": self.latest}
            case ["conversation", "item", "done"]:
                item = self.open[0] if self.open else self.latest
                return {"previous_item_id": None, "item": self.finished(item)}
            case ["response", "content_part", _]:
                return {**at, "part": {"type": "text", "text": ""}}
            case ["response", "function_call_arguments", when]:
                if when == "delta":
                    return {**at, "call_id": "call_1", "delta": "{"}
                name = {"name": "look_up"} if self.dialect == "ga" else {}
                return {**at, "call_id": "call_1", "arguments": "{}", **name}
            case ["response", kind, "delta"]:
                return {**at, "delta": "A"}
            case ["response", kind, "done"]:
                said = {"text": "text", "output_text": "text"}.get(kind)
                said = "transcript" if kind.endswith("transcript") else said
                return {**at, **({said: "Hi"} if said else {})}
            case ["rate_limits", _]:
                return {"rate_limits": []}
            case ["input_audio_buffer", "committed"]:
                return {"previous_item_id": None, "item_id": "item_x"}
            case ["input_audio_buffer", "speech_started"]:
                return {"audio_start_ms": 0, "item_id": "item_x"}
            case ["input_audio_buffer", "speech_stopped"]:
                return {"audio_end_ms": 0, "item_id": "item_x"}
            case [*_, "delta"]:
                return {"item_id": "item_x", "content_index": 0, "delta": "A"}
            case [*_, "completed"]:
                usage = (
                    {"usage": {"type": "duration", "seconds": 1}} if self.dialect == "ga" else {}
                )
                return {"item_id": "item_x", "content_index": 0, "transcript": "Hi", **usage}
        return {}


def translated(events: list[Any], source: str, to: str) -> tuple[list[Any], Counter[str]]:
    translator = package().Translator(source=source, to=to, side="server")
    out, losses = [], Counter[str]()
    for event in events:
        before = copy.deepcopy(event)
        out += translator.feed(event)
        assert event == before
        losses.update(f"{loss.kind} {loss.path}" for loss in translator.losses)
    return out, losses


def finals(events: list[Any]) -> dict[str, Any]:
    """The last that was said of each item."""
    found: dict[str, Any] = {}
    for event in events:
        for item in (event.get("item"), *event.get("response", {}).get("output", ())):
            if item:
                found[item["id"]] = item
    return found


def test_recorded_sequences_translate_and_come_back(corpus: Path, update_golden: bool) -> None:
    lines = [
        "# Recorded sequences, translated to the other dialect and back.",
        "number | vendor | dialect | events | there | again",
    ]
    text = (corpus / "payloads" / "sequences.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    for number, row in enumerate(rows):
        types = [
            t for side, t, count in row["sequence"] if side == "received" for _ in range(count)
        ]
        source = dialect(types)
        to = other(source)
        events = Player(source, types).events()
        there, _ = translated(events, source, to)
        again, _ = translated(there, to, source)
        where = f"{number} {row['vendor']}"
        # `done` is formed as soon as an item is complete, also where a vendor never says it
        done, added = "conversation.item.done", "conversation.item.added"
        rest = [event for event in events if event["type"] != done]
        assert [e["type"] for e in again if e["type"] != done] == [e["type"] for e in rest], where
        assert [e["event_id"] for e in again if e["type"] != done] == [e["event_id"] for e in rest]
        formed = sum(e["type"] == done for e in again)
        assert formed == (types.count(added) if source == "ga" else 0), where
        assert done not in types or formed == types.count(done) or source == "beta", where
        assert finals(again) == finals(events if source == "ga" else rest), where
        for stream in (there, again):
            assert len({event["event_id"] for event in stream}) == len(stream), where
        lines.append(
            f"{number} | {row['vendor']} | {source} | {len(events)} | {len(there)} | {len(again)}"
        )
    assert len(rows) == 29
    golden("translations.txt", lines, update_golden)
