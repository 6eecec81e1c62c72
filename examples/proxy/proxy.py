"""A WebSocket proxy that lets a client of one dialect of the Realtime API talk to a server of another.

python proxy.py --listen 127.0.0.1:8080 --upstream wss://api.openai.com --client beta --server ga

Each event is translated on its way, in either direction. What is not an event passes as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from realtime_models import Translator
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

log = logging.getLogger("proxy")

# By these a server tells the beta from GA. Browsers cannot set headers and offer the subprotocol.
BETA = {"beta", "v2024_12_04", "v2024_12_18"}
BETA_HEADER = "realtime=v1"
BETA_SUBPROTOCOL = "openai-beta.realtime-v1"

# Headers about a connection and not about what it is for: each side of the proxy has its own.
OWN = {"connection", "content-length", "host", "keep-alive", "te", "transfer-encoding", "upgrade"}

# One event holds up to 15 MiB of audio, in base64. For a side that reads slowly a few frames wait
# here, then the other side has to. It may leave pings unanswered for long and is not gone.
LIMITS: dict[str, Any] = {"max_size": 2**25, "max_queue": 4, "ping_timeout": None}


class Upstream(connect):
    """A connection to the server. Redirects are for the client to follow: its key goes nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class Proxy:
    def __init__(self, upstream: str, client: str, server: str) -> None:
        """Raises ValueError if there are no events of that variant."""
        self.upstream = upstream.rstrip("/")
        self.client = client
        self.server = server
        self.waiting: dict[ServerConnection, ClientConnection] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.translators()

    def translators(self) -> tuple[Translator, Translator]:
        return (
            Translator(source=self.client, to=self.server, side="client"),
            Translator(source=self.server, to=self.client, side="server"),
        )

    async def open(self, client: ServerConnection, request: Request) -> Response | None:
        """Connect to the server before the client is answered, who gets a refusal as it is."""
        if not request.path.startswith("/"):
            return client.respond(400, "A path begins with a slash.\n")
        headers = passed_on(request.headers)
        offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol")).split(",")
        subprotocols = [Subprotocol(name.strip()) for name in offered if name.strip()]
        if self.server in BETA:
            headers["OpenAI-Beta"] = BETA_HEADER
        elif BETA_SUBPROTOCOL in subprotocols:
            subprotocols.remove(Subprotocol(BETA_SUBPROTOCOL))
        try:
            self.waiting[client] = await Upstream(
                self.upstream + request.path,
                additional_headers=headers,
                subprotocols=subprotocols or None,
                user_agent_header=None,
                open_timeout=8,
                **LIMITS,
            )
        except InvalidStatus as refusal:
            said = refusal.response
            log.warning("the server refuses: %s", said.status_code)
            headers = passed_on(said.headers)
            headers["Content-Length"] = str(len(said.body))
            return Response(said.status_code, said.reason_phrase, headers, said.body)
        except (OSError, ValueError, WebSocketException) as error:
            log.warning("the server cannot be reached: %s", type(error).__name__)
            return client.respond(502, "The server cannot be reached.\n")
        task = asyncio.create_task(self.forget(client))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return None

    async def forget(self, client: ServerConnection) -> None:
        """Leave the server if the client left before it was answered."""
        await client.wait_closed()
        if client in self.waiting:
            await self.waiting.pop(client).close(1001)

    def subprotocol(self, client: ServerConnection, _: object) -> Subprotocol | None:
        """The one that the server chose."""
        return self.waiting[client].subprotocol

    async def relay(self, client: ServerConnection) -> None:
        """Carry events both ways until one side closes."""
        to_server, to_client = self.translators()
        async with self.waiting.pop(client) as server, asyncio.TaskGroup() as both:
            both.create_task(carry(client, server, to_server, lost=1001))  # going away
            both.create_task(carry(server, client, to_client, lost=1014))  # bad gateway


def passed_on(headers: Headers) -> Headers:
    """The headers of one side that the other one gets."""
    return Headers(
        (name, value)
        for name, value in headers.raw_items()
        if not (name.lower() in OWN or name.lower().startswith("sec-websocket-"))
        and not (name.lower() == "openai-beta" and BETA_HEADER in value)
    )


async def carry(source: Connection, target: Connection, translator: Translator, lost: int) -> None:
    """Carry what one side says to the other, then the code it closed with; `lost` if it broke off."""
    say = lru_cache(maxsize=1024)(log.info)  # the same thing once, not for each event
    with suppress(ConnectionClosed):
        async for message in source:
            for translated in translate(message, translator, say):
                await target.send(translated)
    # Closing without a code reads as 1005, and breaking off as 1006; neither can be sent.
    code = {None: 1000, 1005: 1000, 1006: lost}.get(source.close_code, source.close_code)
    await target.close(code or 1000, source.close_reason or "")


def translate(
    message: str | bytes, translator: Translator, say: Callable[[str], None]
) -> list[str] | list[bytes] | list[str | bytes]:
    """The messages that one becomes, text or binary as it is."""
    try:
        event = json.loads(message)
        if not isinstance(event, dict):
            return [message]
        events = translator.feed(event)
    except (ValueError, RecursionError):
        return [message]
    for loss in translator.losses:  # says where something was lost and why, but not what
        say(f"{translator.side}, {event.get('type')!r:.60}: {loss!s:.300}")
    if isinstance(message, bytes):
        return [message if one == event else json.dumps(one).encode() for one in events]
    return [message if one == event else json.dumps(one) for one in events]


async def main(listen: str, proxy: Proxy) -> None:
    host, _, port = listen.rpartition(":")
    stop = asyncio.get_running_loop().create_future()
    with suppress(NotImplementedError):  # on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.cancel)
    async with serve(
        proxy.relay,
        host.strip("[]"),
        int(port),
        process_request=proxy.open,
        select_subprotocol=proxy.subprotocol,
        **LIMITS,
    ):
        await stop


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--listen", default="127.0.0.1:8080", metavar="HOST:PORT")
    parser.add_argument("--upstream", required=True, metavar="URL", help="wss:// and the host")
    parser.add_argument("--client", required=True, metavar="VARIANT", help="what clients speak")
    parser.add_argument("--server", required=True, metavar="VARIANT", help="what the server speaks")
    arguments = parser.parse_args()
    try:
        proxy = Proxy(arguments.upstream, arguments.client, arguments.server)
    except ValueError as error:
        parser.error(str(error))
    # Not DEBUG: there websockets writes down headers and messages, with the keys in them.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(main(arguments.listen, proxy))
