"""Which variant a payload is of; and that no JSON is too odd to be looked at or converted."""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from realtime_package import package
from realtime_values import payloads, resolution, roots

convert, detect = package().convert, package().detect
EXAMPLES = int(os.environ.get("MODELGEN_EXAMPLES", 150))
TRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not os.environ.get("MODELGEN_EXAMPLES"),
)
VARIANTS = (*resolution().map.variants, "reconciled")
FAMILIES = tuple(shape.name for shape in resolution().map.families)

CLEAR = {
    "modalities": ("beta", "Session", {"modalities": ["text"], "voice": "alloy"}),
    "formats": ("beta", "Session", {"input_audio_format": "pcm16", "output_audio_format": "pcm16"}),
    "transcription": ("beta", "Session", {"input_audio_transcription": None}),
    "output tokens": ("beta", "Session", {"max_response_output_tokens": 1, "instructions": ""}),
    "temperature": ("beta", "Session", {"temperature": 0.8, "turn_detection": None, "voice": "ash"}),
    "audio delta": ("beta", "ServerEvent", {"type": "response.audio.delta", "delta": ""}),
    "text done": ("beta", "ServerEvent", {"type": "response.text.done", "text": ""}),
    "created": ("beta", "ServerEvent", {"type": "response.audio_transcript.done"}),
    "transcription update": ("beta", "ClientEvent", {"type": "transcription_session.update", "session": {}}),
    "secret": ("beta", "ClientSecretResponse", {"id": "s", "client_secret": {"value": "e", "expires_at": 1}, "voice": "ash"}),
    "output modalities": ("ga", "Session", {"type": "realtime", "output_modalities": ["audio"]}),
    "audio": ("ga", "Session", {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
    "output audio delta": ("ga", "ServerEvent", {"type": "response.output_audio.delta", "delta": ""}),
    "added": ("ga", "ServerEvent", {"type": "conversation.item.added", "item": {"id": "i"}}),
    "nested": ("ga", "ClientEvent", {"type": "session.update", "session": {"type": "realtime", "audio": {"output": {"voice": "ash"}}}}),
    "in a response": ("ga", "ServerEvent", {"type": "response.done", "response": {"output_modalities": ["text"]}}),
    "content": ("ga", "ConversationItem", {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": ""}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAR)
def test_evidence_tells_the_dialect(name: str) -> None:
    dialect, family, payload = CLEAR[name]
    found = detect(payload)
    assert found.family == family
    assert found.evidence
    assert found.conflicts == ()
    assert found.variant is not None
    told = found.variant == "ga" or found.variant.startswith("v2025")
    assert ("ga" if told else "beta") == dialect, found


NEUTRAL = {
    "nothing": {},
    "instructions": {"instructions": "Be brief.", "tools": []},
    "tokens of a response": {"object": "realtime.response", "id": "r", "max_output_tokens": 1},
    "the part of a response": {"type": "response.content_part.added", "part": {"type": "audio"}},
    "an event": {"type": "input_audio_buffer.append", "audio": ""},
    "an item of a user": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": ""}]},
    "an event of nobody": {"type": "ping"},
}  # fmt: skip


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_all_say_tells_nothing(name: str) -> None:
    found = detect(NEUTRAL[name])
    assert found.conflicts == ()
    assert found.variant is None or not any(one.strong for one in found.evidence), found


def test_a_mixed_payload_names_its_conflicts() -> None:
    session = {"modalities": ["text"], "voice": "ash", "output_modalities": ["text"]}
    found = detect({"type": "session.update", "session": {**session, "audio": {"output": {}}}})
    assert found.variant is None
    assert found.conflicts
    assert {path.split(".")[1] for path in found.conflicts} == {"session"}
    for conflict in found.conflicts:
        assert any(one.path == conflict for one in found.evidence)


def test_evidence_names_the_variants_that_know_it() -> None:
    one, *_ = detect({"modalities": ["text"]}).evidence
    assert one.path == "$.modalities"
    assert one.strong
    assert {"beta", "v2024_12_04"} <= set(one.variants) and "ga" not in one.variants


@pytest.mark.parametrize("variant", ["beta", "ga"])
@pytest.mark.parametrize("family", FAMILIES)
@TRIED
@given(data=st.data())
def test_a_valid_payload_is_not_taken_for_another_dialect(
    family: str, variant: str, data: Any
) -> None:
    if (family, variant) in roots():
        _, payload = data.draw(payloads(family, variant))
        found = detect(payload, family=family)
        beta = ("v2024_12_04", "v2024_12_18", "beta")
        if found.variant is not None and any(one.strong for one in found.evidence):
            assert (found.variant in beta) == (variant in beta), found


# --- any JSON ---------------------------------------------------------------------------------------------

NAMES = sorted(
    {
        name
        for shape in resolution().map.shapes.values()
        for e in shape.entries
        for p in e.paths
        for name in p.split(".")
    }
    | {"type", "item", "session", "response", "part", "error", "x_vendor"}
)
WORDS = sorted(
    {
        tag
        for shape in resolution().map.shapes.values()
        for m in shape.members
        for tag in (m.tag, *(a.tag for a in m.aliases))
    }
    | {
        "message",
        "assistant",
        "transcription",
        "realtime",
        "pcm16",
        "server_vad",
        "mcp",
        "text",
        "input_image",
    }
)
# what is said nowhere else: it is in the result, or in what is reported
SENTINELS = st.integers(0, 999).map(lambda n: f"x_{n}")
scalars = (
    SENTINELS
    | st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=2)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=2), inner, max_size=5),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=2), anything, max_size=5)


@TRIED
@given(payload=objects)
def test_any_object_can_be_looked_at(payload: dict[str, Any]) -> None:
    found = detect(payload)
    assert found.variant is None or found.variant in VARIANTS


@pytest.mark.parametrize("to", VARIANTS)
@TRIED
@given(payload=objects, family=st.sampled_from(FAMILIES), tag=st.sampled_from(WORDS))
def test_any_object_can_be_converted_and_nothing_is_dropped_unsaid(
    to: str, payload: dict[str, Any], family: str, tag: str
) -> None:
    if family.endswith("Event"):
        payload = {**payload, "type": tag}
    if to != "reconciled" and (family, to) not in roots():
        return
    before = copy.deepcopy(payload)
    try:
        made = convert(payload, to=to, family=family)
    except ValueError as error:
        raise AssertionError(payload) from error
    assert repr(payload) == repr(before)
    for loss in made.losses:
        assert loss.path.startswith("$") and loss.reason.endswith(".") and str(loss)
    if made.value is None:
        assert [loss for loss in made.losses if loss.kind == "dropped"]
        return
    gone = {text for text in texts(payload) if text.startswith("x_")}
    there = texts(made.value) | {text for loss in made.losses for text in texts({"": loss.value})}
    there |= {part for loss in made.losses for part in loss.path.replace("[", ".").split(".")}
    assert gone <= there


def texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {text for item in value.values() for text in texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in texts(item)}
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("payload", [None, 1, "x", [], [{}]])
def test_what_is_no_object_is_refused(payload: Any) -> None:
    with pytest.raises(TypeError):
        detect(payload)
    with pytest.raises(TypeError):
        convert(payload, to="ga")


def test_names_that_are_not_there_are_refused() -> None:
    for options, message in (
        ({"to": "gamma"}, "there is no variant 'gamma'"),
        ({"to": "ga", "source": "gamma"}, "there is no source 'gamma'"),
        ({"to": "ga", "family": "Gamma"}, "there is no family 'Gamma'"),
        ({"to": "v2025_09_10", "family": "ServerEvent"}, "v2025_09_10 has no ServerEvent"),
    ):
        with pytest.raises(ValueError, match=message):
            convert({"voice": "ash"}, **options)
    with pytest.raises(ValueError, match="nothing tells what this payload is"):
        convert({"what": 1}, to="ga")


@pytest.mark.parametrize("to", ["ga", "beta"])
@pytest.mark.parametrize("source", ["ga", "beta"])
def test_what_is_deep_is_converted_or_is_one_clear_error(source: str, to: str) -> None:
    for depth, fits in ((900, True), (5_000, False)):
        deep: dict[str, Any] = {}
        for _ in range(depth):
            deep = {"x": deep}
        event = {"type": "session.update", "session": {"type": "realtime", "unknown": deep}}
        if fits:
            assert convert(event, to, source=source).value is not None
            continue
        with pytest.raises(ValueError, match=r"^nested too deeply for JSON$"):
            convert(event, to, source=source)
