"""`convert_lines`: what becomes of each line, sessions of a stream, and the bounds of both."""

from __future__ import annotations

import importlib
import json
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest

from realtime_package import NAME, package, subpackage
from test_translator import created, output

convert_lines = package().convert_lines
Line = package().Line
lines_module = importlib.import_module(f"{NAME}._lines")

UPDATE = {"type": "session.update", "session": {"voice": "alloy", "temperature": 0.7}}
DELTA = {"type": "response.audio.delta", "event_id": "e", "delta": "AAAA"}


def texts(payloads: Iterable[Any]) -> list[str]:
    return [json.dumps(payload) for payload in payloads]


def test_a_line_says_what_became_of_it() -> None:
    first, second = convert_lines([json.dumps(UPDATE), "", json.dumps(DELTA).encode()], "ga")
    match first:
        case Line(1, (value,), (loss,), "beta", None):
            assert value["session"] == {"audio": {"output": {"voice": "alloy"}}, "type": "realtime"}
            assert (loss.path, loss.severity) == ("$.session.temperature", "lost")
        case _:
            raise AssertionError(first)
    assert (second.number, second.losses, second.variant) == (3, (), "beta")
    assert second.values == ({**DELTA, "type": "response.output_audio.delta"},)


def test_a_line_is_converted_as_convert_does_it() -> None:
    beta = subpackage(package(), "beta")
    event = beta.RealtimeClientEventSessionUpdate.from_dict(UPDATE)
    before = json.dumps(UPDATE)
    of_mapping, of_model = convert_lines([UPDATE, event], "ga")
    assert json.dumps(UPDATE) == before
    made = package().convert(UPDATE, "ga")
    assert (of_mapping.values, of_mapping.losses) == ((made.value,), made.losses)
    assert of_model.values == of_mapping.values


def test_what_cannot_be_converted_is_given_back_with_its_fault() -> None:
    bad: list[Any] = [
        '{"type":',
        "[1]",
        '{"a": NaN}',
        '{"unheard": 1}',
        b"\xff{}",
        "[" * 100_000,
        {"unheard": 1},
        7,
        DELTA,
    ]
    *faulty, last = convert_lines(bad, "ga")
    assert [line.fault for line in faulty[:3]] == [
        "It is not JSON: expecting value at column 9.",
        "It is not a JSON object.",
        "It is not JSON: NaN is no JSON value.",
    ]
    assert faulty[4].fault == "It is not JSON: byte 1 is not UTF-8."
    assert faulty[5].fault == "It is not JSON: it is nested too deep."
    assert faulty[7].fault == "It takes a model or a JSON object, not int."
    assert all(line.fault and not line.values and not line.losses for line in faulty)
    assert [line.number for line in faulty] == list(range(1, 9))
    assert (last.fault, len(last.values)) == (None, 1)


def test_what_has_no_form_there_has_no_value_and_says_so() -> None:
    event = {"type": "mcp_list_tools.completed", "event_id": "e", "item_id": "i"}
    (line,) = convert_lines([event], "beta")
    assert (line.values, line.fault) == ((), None)
    assert [loss.kind for loss in line.losses] == ["dropped"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"to": "gaa"}, "there is no variant 'gaa'"),
        ({"to": "ga", "source": "x"}, "there is no source 'x'"),
        ({"to": "ga", "family": "x"}, "there is no family 'x'"),
        ({"to": "ga", "undeclared": "x"}, "undeclared is keep or drop"),
        ({"to": "ga", "side": "server"}, "a stream is of one variant"),
        ({"to": "ga", "source": "beta", "side": "x"}, "there is no side 'x'"),
        (
            {"to": "ga", "source": "beta", "side": "server", "family": "Session"},
            "what events of a stream are is known",
        ),
        ({"to": "ga", "session": "$.id"}, "only a stream has sessions"),
        *(
            (
                {"to": "ga", "source": "beta", "side": "server", "session": path},
                "is no path of a property",
            )
            for path in ("id", "$", "$.", "$.a[0]", "$..a", "$.a b", "$['a']", '$["a"')
        ),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_once(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        convert_lines([], **arguments)


def test_a_path_is_written_as_losses_write_it() -> None:
    assert lines_module.path_of("$.session.id") == ("session", "id")
    assert lines_module.path_of('$["a b"].c["\\"]"]') == ("a b", "c", '"]')


# --- streams --------------------------------------------------------------------------------------


def stream(lines: Iterable[Any], session: str | None = None) -> list[Any]:
    made = convert_lines(lines, "ga", source="beta", side="server", session=session)
    return list(made)


def types(line: Any) -> list[str]:
    return [value["type"] for value in line.values]


def started(id_: str) -> dict[str, Any]:
    return {"type": "session.created", "event_id": f"e_{id_}", "session": {"id": id_}}


def pending(n: int) -> list[dict[str, Any]]:
    """Events after which a `done` is waited for."""
    return [output("added", n), created(n, role="assistant", status="in_progress")]


def test_a_line_of_a_stream_may_become_several() -> None:
    lines = stream([*texts(pending(1)), json.dumps(output("done", 1, status="completed"))])
    assert [types(line) for line in lines] == [
        ["response.output_item.added"],
        ["conversation.item.added"],
        ["conversation.item.done", "response.output_item.done"],
    ]
    assert {line.variant for line in lines} == {"beta"}


def test_the_id_of_another_session_starts_anew() -> None:
    log = [started("a"), *pending(1), started("b"), output("done", 1, status="completed")]
    assert types(stream(log)[-1]) == ["conversation.item.done", "response.output_item.done"]
    assert types(stream(log, "$.session.id")[-1]) == ["response.output_item.done"]


def test_sessions_may_take_turns() -> None:
    def of(id_: str, event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "session_id": id_}

    a, b = ([*pending(1), output("done", 1, status="completed")] for _ in "ab")
    log = [
        of(id_, event)
        for pair in zip(a, b, strict=True)
        for id_, event in zip("ab", pair, strict=True)
    ]
    made = stream(log, "$.session_id")
    for n in (0, 1):
        assert [types(line) for line in made[n::2]] == [types(line) for line in stream(a)]
    for line in made:
        assert len({value["session_id"] for value in line.values}) == 1


def test_what_is_given_up_with_a_session_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MOST_SESSIONS", 2)
    log = [started("a"), *pending(1), started("b"), started("c"), started("d")]
    *_, without, with_ = stream([*log, started("a")], "$.session.id")[:6]
    (loss,) = without.losses[-1:]
    assert (loss.path, loss.value, loss.kind) == ("$", "a", "dropped")
    assert loss.reason == "What this session said before was given up: more than 2 are open."
    assert not any(item.value == "b" for item in with_.losses), "it had nothing to give up"


def test_memory_does_not_grow_with_the_lines() -> None:
    def most(count: int) -> int:
        log = (
            json.dumps(event)
            for n in range(count)
            for event in (started(f"s{n}"), *pending(n), output("done", n, status="completed"))
        )
        tracemalloc.start()
        for _ in convert_lines(log, "ga", source="beta", side="server", session="$.session.id"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(1500)
    assert most(6000) < 1.1 * most(1500)


# --- translators ----------------------------------------------------------------------------------


def test_losses_are_those_of_the_last_event() -> None:
    translator = package().Translator(source="beta", to="ga", side="client")
    translator.feed(UPDATE)
    assert [loss.path for loss in translator.losses] == ["$.session.temperature"]
    translator.feed({"type": "response.cancel"})
    assert translator.losses == ()


def test_a_translator_says_how_much_it_keeps() -> None:
    translator = package().Translator(source="beta", to="ga", side="server", limit=3)
    assert (translator.limit, translator.waiting) == (3, 0)
    for n in range(9):
        for event in pending(n):
            translator.feed(event)
        assert 0 < translator.waiting <= 3 * len(translator.state.values)
    with pytest.raises(ValueError, match="the limit is 1 or more, not 0"):
        package().Translator(source="beta", to="ga", side="server", limit=0)
