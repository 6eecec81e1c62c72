"""Streams of events: what is formed of several, what is held and for how long, and whose side it is."""

from __future__ import annotations

import copy
import importlib
from typing import Any

import pytest

from realtime_package import NAME, package, subpackage

Translator = package().Translator
LIMIT: int = importlib.import_module(f"{NAME}._translator").LIMIT


def created(n: int, **item: Any) -> dict[str, Any]:
    """An item of the beta, announced."""
    known = {"id": f"item_{n}", "type": "message", "role": "user", "status": "completed"}
    return {
        "type": "conversation.item.created",
        "event_id": f"event_{n}",
        "previous_item_id": None,
        "item": {**known, "content": [], **item},
    }


def output(when: str, n: int, **item: Any) -> dict[str, Any]:
    event = created(n, **{"role": "assistant", "status": "in_progress", **item})
    del event["previous_item_id"]
    own = {"type": f"response.output_item.{when}", "event_id": f"event_{when}_{n}"}
    return {**event, **own, "response_id": "resp_1", "output_index": 0}


def types(events: list[Any]) -> list[str]:
    return [event["type"] for event in events]


def test_an_item_that_comes_complete_is_done_at_once() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    added, done = translator.feed(created(1))
    assert (added["type"], done["type"]) == ("conversation.item.added", "conversation.item.done")
    assert added["item"] == done["item"] and added["item"] is not done["item"]
    assert (added["event_id"], done["event_id"]) == ("event_1", "event_1.done")
    assert translator.losses == ()


def test_an_item_that_is_written_is_done_when_the_response_says_so() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    assert types(translator.feed(output("added", 1))) == ["response.output_item.added"]
    event = created(1, role="assistant", status="in_progress")
    assert types(translator.feed(event)) == ["conversation.item.added"]
    content = [{"type": "text", "text": "Hello"}]
    done, output_done = translator.feed(output("done", 1, status="completed", content=content))
    assert types([done, output_done]) == ["conversation.item.done", "response.output_item.done"]
    assert done["item"] == output_done["item"]
    assert done["item"]["content"] == [{"type": "output_text", "text": "Hello"}]
    assert done["item"] is not output_done["item"]
    assert done["event_id"] == "event_1.done"
    assert not any(translator.state.values.values())


def test_each_item_is_done_once() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    translator.feed(created(1, role="assistant", status="in_progress"))
    assert len(translator.feed(output("done", 1, status="completed"))) == 2
    assert len(translator.feed(output("done", 1, status="completed"))) == 1


def test_items_may_be_written_at_the_same_time() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    for n in (1, 2):
        translator.feed(created(n, role="assistant", status="in_progress"))
    for n in (2, 1):
        first, second = translator.feed(output("done", n, status="completed"))
        assert first["item"]["id"] == second["item"]["id"] == f"item_{n}"


def call(n: int) -> dict[str, Any]:
    """A function call that the model begins."""
    known = {"type": "function_call", "status": "in_progress", "name": f"f{n}"}
    item = {"id": f"item_{n}", **known, "call_id": "c", "arguments": ""}
    return {**created(n), "item": item}


def test_an_item_that_never_finishes_is_given_up_and_reported() -> None:
    translator = Translator(source="beta", to="ga", side="server", limit=3)
    for n in range(3):
        assert len(translator.feed(call(n))) == 1
        assert translator.losses == (), "each kind of thing has a bound of its own"
    assert types(translator.feed(call(3))) == ["conversation.item.added"]
    done, name = translator.losses
    given_up = "was given up: more than 3 are waited for."
    assert str(done) == f"$: dropped: `conversation.item.done` of item_0 {given_up}"
    assert (name.value, name.severity) == ("f0", "lost")
    assert str(name) == f"$: dropped: `name` of item_0 {given_up}"
    assert all(len(values) == 3 for values in translator.state.values.values())
    assert len(translator.feed(output("done", 0, status="completed"))) == 1
    assert translator.losses == (), "it is reported once"
    last = output("done", 3, status="completed")
    assert types(translator.feed(last)) == ["conversation.item.done", "response.output_item.done"]


def test_a_thousand_calls_are_waited_for() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    for n in range(LIMIT):
        translator.feed(call(n))
        assert translator.losses == ()
    for n in range(LIMIT):
        assert len(translator.feed(output("done", n, status="completed"))) == 2
    translator.feed({"type": "ping"})


def test_a_strict_translator_refuses_what_is_not_carried() -> None:
    options = {"source": "ga", "to": "beta", "side": "server"}
    translator = Translator(**options, strict=True)
    event = {**created(1, status="in_progress"), "type": "conversation.item.added", "new": 1}
    assert types(translator.feed(event)) == ["conversation.item.created"]
    assert {loss.severity for loss in translator.losses} == {"carried"}
    with pytest.raises(package().ConversionError, match="An item was announced once"):
        translator.feed({**created(1), "type": "conversation.item.done"})
    with pytest.raises(package().ConversionError, match="No variant declares it"):
        Translator(**options, strict="carried").feed(event)
    refused = {**created(1, role="nobody"), "type": "conversation.item.added"}
    with pytest.raises(package().ConversionError) as caught:
        Translator(**options, strict="refused").feed(refused)
    assert [loss.kind for loss in caught.value.losses] == ["unfit"]


def test_events_without_an_id_or_an_item_pass() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    for item in (None, 1, [], {}, {"id": None}, {"id": ["x"]}, {"status": "in_progress"}):
        made = translator.feed({"type": "conversation.item.created", "item": item})
        assert types(made)[0] == "conversation.item.added"
    assert translator.feed({"type": "response.output_item.done"})
    assert not any(translator.state.values.values())


def test_the_name_of_a_function_is_filled_in() -> None:
    done = {
        "type": "response.function_call_arguments.done",
        "event_id": "event_9",
        "response_id": "resp_1",
        "item_id": "item_1",
        "output_index": 0,
        "call_id": "call_1",
        "arguments": "{}",
    }
    translator = Translator(source="beta", to="ga", side="server")
    assert translator.feed(done) == [done]
    assert [str(loss) for loss in translator.losses] == ["$.name: missing: ga requires it."]
    call = {"type": "function_call", "name": "look_up", "call_id": "call_1", "arguments": ""}
    translator.feed(output("added", 1, **call))
    assert translator.feed(done) == [{**done, "name": "look_up"}]
    assert translator.losses == ()
    other = Translator(source="ga", to="beta", side="server")
    assert other.feed({**done, "name": "look_up"}) == [done]
    assert [loss.path for loss in other.losses] == ["$.name"]
    own = {**done, "name": "own"}
    translator.feed(output("added", 1, **call))
    assert translator.feed(own) == [own], "what is said is not replaced"


def test_what_has_no_form_is_dropped_and_reported() -> None:
    translator = Translator(source="ga", to="beta", side="server")
    event = {**created(1), "type": "conversation.item.done"}
    assert translator.feed(event) == []
    (loss,) = translator.losses
    assert (loss.path, loss.kind, loss.value) == ("$", "dropped", event)
    assert types(translator.feed({**created(1), "type": "conversation.item.added"})) == [
        "conversation.item.created"
    ]
    assert translator.losses == ()


def test_input_is_neither_changed_nor_shared() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    event = created(1, content=[{"type": "input_text", "text": "Hello"}])
    before = copy.deepcopy(event)
    made = translator.feed(event)
    made[0]["item"]["content"][0]["text"] = made[1]["item"]["content"].append(1)
    assert event == before


def test_models_become_models() -> None:
    beta, ga = subpackage(package(), "beta"), subpackage(package(), "ga")
    event = beta.decode(
        beta.RealtimeServerEventConversationItemCreated,
        {**created(1), "previous_item_id": "item_0"},
    )
    made = Translator(source="beta", to="ga", side="server").feed(event)
    assert [type(one) for one in made] == [
        ga.RealtimeServerEventConversationItemAdded,
        ga.RealtimeServerEventConversationItemDone,
    ]
    (back,) = Translator(source="ga", to="beta", side="server").feed(made[0])
    assert back == event
    assert Translator(source="ga", to="beta", side="server").feed(made[1]) == []


def test_a_client_has_its_own_side() -> None:
    update = {"type": "transcription_session.update", "session": {"input_audio_format": "pcm16"}}
    (made,) = Translator(source="beta", to="ga", side="client").feed(update)
    format_ = {"type": "audio/pcm", "rate": 24000}
    session = {"type": "transcription", "audio": {"input": {"format": format_}}}
    assert made == {"type": "session.update", "session": session}
    assert Translator(source="ga", to="beta", side="client").feed(made) == [update]


@pytest.mark.parametrize("variant", ["beta", "ga", "reconciled"])
def test_to_the_same_variant_nothing_happens(variant: str) -> None:
    translator = Translator(source=variant, to=variant, side="server")
    (made,) = translator.feed(created(1))
    assert made == created(1)
    assert translator.losses == ()


def test_losses_are_those_of_the_last_event() -> None:
    translator = Translator(source="beta", to="ga", side="server")
    translator.feed({"type": "ping"})
    assert [loss.kind for loss in translator.losses] == ["kept"]
    translator.feed(created(1))
    assert translator.losses == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "beta", "to": "ga", "side": "both"}, "there is no side 'both'"),
        (
            {"source": "beta", "to": "ga", "side": "server", "strict": "much"},
            "there is no severity 'much': it is one of carried, narrowed, lost, refused",
        ),
        (
            {"source": "beta", "to": "ga", "side": "server", "undeclared": "x"},
            "undeclared is keep or drop, not 'x'",
        ),
        ({"source": "gamma", "to": "ga", "side": "server"}, "there is no source 'gamma'"),
        ({"source": "beta", "to": "delta", "side": "server"}, "there is no variant 'delta'"),
        (
            {"source": "beta", "to": "v2025_09_10", "side": "server"},
            "v2025_09_10 has no ServerEvent",
        ),
    ],
)
def test_what_is_not_there_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Translator(**options)


@pytest.mark.parametrize("event", [None, 1, "x", [], ()])
def test_what_is_no_event_is_refused(event: Any) -> None:
    with pytest.raises(TypeError, match="a model or a JSON object"):
        Translator(source="beta", to="ga", side="server").feed(event)
