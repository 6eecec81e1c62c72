"""The example proxy between a plain WebSocket client and a plain server: what it does with anything but events.

tests/test_proxy_sdks.py has whole conversations.
"""

from __future__ import annotations

import asyncio
import http
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from proxy_running import ENVIRONMENT, KEY, PATH, PROXY, ROOT, Running, between, proxy

Test = Callable[[], Coroutine[Any, Any, None]]


def run(test: Test) -> None:
    """Run a test that waits for nothing longer than this."""

    async def bounded() -> None:
        async with asyncio.timeout(30):
            await test()

    asyncio.run(bounded())


def client(running: Running, **options: Any) -> connect:
    headers = {"Authorization": f"Bearer {KEY}", "OpenAI-Beta": "realtime=v1"}
    options = {"additional_headers": headers, "max_size": None, "proxy": None, **options}
    return connect(running.url + PATH, **options)


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def silence(connection: ServerConnection) -> None:
    await connection.wait_closed()


async def closed(connection: ClientConnection | ServerConnection) -> tuple[int | None, str | None]:
    """The code and reason that a connection ends with."""
    await connection.wait_closed()
    return connection.close_code, connection.close_reason


# --- what passes ----------------------------------------------------------------------------------

UNCHANGED: list[str | bytes] = [
    b"",
    b"\x00\xff\xfe",
    b'{"type": "session.update", "session": {"voice": "sage"}',
    b'{"type": "input_audio_buffer.append",   "audio": "AAAA"}',
    "",
    "ping",
    '{"type": "session.update", "session": {"voice": "sage"',
    '["session.update"]',
    "12.50",
    "null",
    '{ "type":"no.such.event",  "a": 1.0, "b": 1e3, "a": 2, "c": "\\u00fc ü", "d": NaN }',
    '{"session": {"voice": "sage"}}',
    '{"type": ["session.update"]}',
    '{"type": "session.update", "session": 5}',
    '{"type": "input_audio_buffer.append",   "audio": "AAAA"}',
    '{"type": "no.such.event", "a": ' + "[" * 10_000 + "]" * 10_000 + "}",
    '{"type": "no.such.event", "a": ' + "9" * 10_000 + "}",
]


def test_what_is_no_event_of_the_dialect_passes_byte_by_byte() -> None:
    async def test() -> None:
        async with between(echo) as running, client(running) as connection:
            for message in UNCHANGED:
                await connection.send(message)
                assert await connection.recv() == message

    run(test)


def test_an_event_of_20_megabytes_passes() -> None:
    event = {"type": "input_audio_buffer.append", "audio": "AAAA" * 5_000_000}

    async def test() -> None:
        async with between(echo) as running, client(running) as connection:
            await connection.send(json.dumps(event))
            assert json.loads(await connection.recv()) == event

    run(test)


def test_a_binary_message_that_holds_json_is_translated_and_stays_binary() -> None:
    event = {"type": "session.update", "session": {"voice": "sage"}}

    async def test() -> None:
        async with between(echo) as running, client(running) as connection:
            await connection.send(json.dumps(event).encode())
            answer = await connection.recv()
            assert isinstance(answer, bytes)
            session = {"type": "realtime", "audio": {"output": {"voice": "sage"}}}
            assert json.loads(answer) == {**event, "session": session}

    run(test)


def test_losses_are_logged_once_and_without_what_was_lost() -> None:
    session = {"voice": "sage", "temperature": 0.7654321, "instructions": "not for the log"}
    event = json.dumps({"type": "session.update", "session": session})

    async def test() -> None:
        told: asyncio.Queue[Any] = asyncio.Queue()

        async def keep(connection: ServerConnection) -> None:
            async for message in connection:
                told.put_nowait(json.loads(message))

        async with between(keep) as running, client(running) as connection:
            for _ in range(3):
                await connection.send(event)
            for _ in range(3):
                assert (await told.get())["session"] == {
                    "type": "realtime",
                    "instructions": "not for the log",
                    "audio": {"output": {"voice": "sage"}},
                }
        assert running.log.count("$.session.temperature: dropped: ") == 1
        assert "0.7654321" not in running.log
        assert "not for the log" not in running.log

    run(test)


def test_a_slow_client_makes_the_server_wait() -> None:
    """What the proxy holds does not grow with what the server has to say. Nothing is lost, and the order stays."""
    count, size = 1000, 100_000
    sent = 0

    async def flood(connection: ServerConnection) -> None:
        nonlocal sent
        for n in range(count):
            await connection.send(n.to_bytes(4, "big") + bytes(size))
            sent = n + 1

    async def test() -> None:
        plain: dict[str, Any] = {"compression": None}  # zeros would hardly need any room
        async with (
            between(flood, **plain) as running,
            client(running, max_queue=1, **plain) as connection,
        ):
            before = -1
            while before != sent:  # until the server can send no more
                before = sent
                await asyncio.sleep(0.5)
            assert sent < count / 2
            for n in range(count):
                assert (await connection.recv())[:4] == n.to_bytes(4, "big")

    run(test)


# --- how it ends ----------------------------------------------------------------------------------

CODES = [(1000, "done"), (1001, ""), (1011, "a fault"), (3000, "known"), (4000, "beta_api_shape")]


@pytest.mark.parametrize(("code", "reason"), CODES)
def test_the_client_gets_all_the_server_said_and_its_close_code(code: int, reason: str) -> None:
    async def leave(connection: ServerConnection) -> None:
        for n in range(10):
            await connection.send(json.dumps({"type": "error", "event_id": str(n), "error": {}}))
        await connection.close(code, reason)

    async def test() -> None:
        async with between(leave) as running, client(running) as connection:
            said = []
            with pytest.raises(ConnectionClosed):
                while True:
                    said.append(json.loads(await connection.recv())["event_id"])
            assert said == [str(n) for n in range(10)]
            assert await closed(connection) == (code, reason)

    run(test)


@pytest.mark.parametrize(("code", "reason"), CODES)
def test_the_server_gets_the_close_code_of_the_client(code: int, reason: str) -> None:
    async def test() -> None:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def wait(connection: ServerConnection) -> None:
            ended.set_result(await closed(connection))

        async with between(wait) as running, client(running) as connection:
            await connection.close(code, reason)
            assert await ended == (code, reason)

    run(test)


def test_a_server_that_breaks_off_is_a_bad_gateway() -> None:
    async def break_off(connection: ServerConnection) -> None:
        await connection.recv()
        connection.transport.abort()

    async def test() -> None:
        async with between(break_off) as running, client(running) as connection:
            await connection.send("go")
            assert await closed(connection) == (1014, "")

    run(test)


def test_a_client_that_breaks_off_is_gone_and_the_next_one_is_served() -> None:
    async def test() -> None:
        ended: asyncio.Queue[Any] = asyncio.Queue()

        async def answer(connection: ServerConnection) -> None:
            await connection.send("hello")
            ended.put_nowait(await closed(connection))

        async with between(answer) as running:
            async with client(running) as connection:
                assert await connection.recv() == "hello"
                connection.transport.abort()
                assert await ended.get() == (1001, "")
            async with client(running) as connection:
                assert await connection.recv() == "hello"

    run(test)


def test_a_client_that_leaves_before_it_is_answered() -> None:
    async def test() -> None:
        asked, answer = asyncio.Event(), asyncio.Event()
        ended: asyncio.Queue[Any] = asyncio.Queue()

        async def hold(connection: ServerConnection, request: Request) -> None:
            asked.set()
            await answer.wait()

        async def end(connection: ServerConnection) -> None:
            ended.put_nowait(await closed(connection))

        async with between(end, process_request=hold) as running:
            opening = asyncio.create_task(client(running).__aenter__())
            await asked.wait()
            opening.cancel()
            await asyncio.wait([opening])
            answer.set()
            assert await ended.get() == (1001, "")

    run(test)


def test_a_message_that_is_too_long_ends_the_connection() -> None:
    async def test() -> None:
        async with between(silence) as running, client(running) as connection:
            await connection.send(b"x" * (2**25 + 1))
            assert (await closed(connection))[0] == 1009

    run(test)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_says_that_it_goes_away(number: signal.Signals) -> None:
    async def test() -> None:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def wait(connection: ServerConnection) -> None:
            ended.set_result(await closed(connection))

        async with between(wait) as running, client(running) as connection:
            running.stop(number)
            assert await closed(connection) == (1001, "")
            assert await ended == (1001, "")

    run(test)


# --- how it begins --------------------------------------------------------------------------------


def test_the_refusal_of_the_server_reaches_the_client() -> None:
    body = b'{"error": {"code": "invalid_api_key"}}'

    def refuse(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(http.HTTPStatus.UNAUTHORIZED, body.decode())
        response.headers["X-Request-Id"] = "req_1"
        return response

    async def test() -> None:
        async with between(silence, process_request=refuse) as running:
            with pytest.raises(InvalidStatus) as refusal:
                await client(running)
            assert refusal.value.response.status_code == 401
            assert refusal.value.response.headers["X-Request-Id"] == "req_1"
            assert refusal.value.response.body == body

    run(test)


def test_a_server_that_is_not_there_is_a_bad_gateway() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{unused.getsockname()[1]}"

        async def test() -> None:
            async with proxy(url, "beta", "ga") as running:
                with pytest.raises(InvalidStatus) as refusal:
                    await client(running)
                assert refusal.value.response.status_code == 502

        run(test)


def test_a_redirect_is_not_followed_with_the_key_of_the_client() -> None:
    async def test() -> None:
        paths = []

        def redirect(connection: ServerConnection, request: Request) -> Response:
            paths.append(request.path)
            response = connection.respond(http.HTTPStatus.TEMPORARY_REDIRECT, "")
            response.headers["Location"] = "/elsewhere"
            return response

        async with between(silence, process_request=redirect) as running:
            raw = await asyncio.open_connection("127.0.0.1", int(running.url.rpartition(":")[2]))
            answer = await handshake(*raw)
        assert answer.startswith(b"HTTP/1.1 307 ")
        assert b"Location: /elsewhere\r\n" in answer
        assert paths == [PATH]

    run(test)


async def handshake(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str = PATH
) -> bytes:
    """What the proxy answers to a request."""
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: proxy\r\n{upgrade}{key}\r\n".encode())
    try:
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


@pytest.mark.parametrize("path", ["@127.0.0.2/", "ws://127.0.0.2/", ".example/"])
def test_a_path_cannot_name_another_server(path: str) -> None:
    async def test() -> None:
        async with between(silence) as running:
            raw = await asyncio.open_connection("127.0.0.1", int(running.url.rpartition(":")[2]))
            assert (await handshake(*raw, path)).startswith(b"HTTP/1.1 400 ")

    run(test)


BROWSER = ["realtime", f"openai-insecure-api-key.{KEY}", "openai-beta.realtime-v1"]


@pytest.mark.parametrize("server", ["beta", "ga"])
def test_a_browser_says_it_all_in_subprotocols(server: str) -> None:
    async def test() -> None:
        requests = []

        async def keep(connection: ServerConnection) -> None:
            requests.append(connection.request)

        subprotocols = [Subprotocol(name) for name in BROWSER]
        options: dict[str, Any] = {"subprotocols": subprotocols[:1]}
        offers: dict[str, Any] = {"subprotocols": subprotocols, "additional_headers": {}}
        async with (
            between(keep, "beta", server, **options) as running,
            client(running, **offers) as connection,
        ):
            assert connection.subprotocol == "realtime"
            await connection.wait_closed()
        offered = requests[0].headers["Sec-WebSocket-Protocol"].split(", ")
        assert offered == (BROWSER if server == "beta" else BROWSER[:2])
        beta = "realtime=v1" if server == "beta" else None
        assert requests[0].headers.get("OpenAI-Beta") == beta

    run(test)


@pytest.mark.parametrize(("speaks", "server"), [("beta", "ga"), ("ga", "beta"), ("ga", "ga")])
def test_headers_pass_but_for_those_of_the_connection(speaks: str, server: str) -> None:
    async def test() -> None:
        requests = []

        async def keep(connection: ServerConnection) -> None:
            requests.append(connection.request)

        own = {"Authorization": f"Bearer {KEY}", "OpenAI-Project": "proj_1", "User-Agent": "mine"}
        if speaks == "beta":
            own["OpenAI-Beta"] = "realtime=v1"
        options: dict[str, Any] = {"additional_headers": own, "user_agent_header": None}
        async with (
            between(keep, speaks, server) as running,
            client(running, **options) as connection,
        ):
            await connection.wait_closed()
        expected = {**own, "OpenAI-Beta": "realtime=v1"}
        if server == "ga":
            del expected["OpenAI-Beta"]
        headers = requests[0].headers
        assert {name: headers.get_all(name) for name in expected} == {
            name: [value] for name, value in expected.items()
        }
        assert ("OpenAI-Beta" in headers) == (server == "beta")
        assert len(headers.get_all("Host")) == len(headers.get_all("Upgrade")) == 1
        assert requests[0].path == PATH

    run(test)


def test_a_variant_that_has_no_events_is_an_error_of_usage() -> None:
    done = subprocess.run(
        [sys.executable, PROXY, "--upstream", "ws://x", "--client", "alpha", "--server", "ga"],
        env={**ENVIRONMENT, "PYTHONPATH": str(ROOT / "generated")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "there is no source 'alpha': it is one of" in done.stderr
    assert "Traceback" not in done.stderr
