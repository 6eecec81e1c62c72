"""The proxy of examples/ as a process of its own, between a client and a server that a test is."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

ROOT = Path(__file__).parents[1]
PROXY = ROOT / "examples" / "proxy" / "proxy.py"
KEY = "sk-never-to-be-logged"
PATH = "/v1/realtime?model=gpt-4o-realtime-preview"

# Nothing between the processes of a test: no proxy that the environment names.
ENVIRONMENT = {**os.environ, "NO_PROXY": "*", "no_proxy": "*", "KEY": KEY}


@dataclass
class Running:
    process: asyncio.subprocess.Process
    url: str = ""
    lines: list[str] = field(default_factory=list)
    stopped: bool = False

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Tell it to stop, once."""
        if not self.stopped:
            self.stopped = True
            self.process.send_signal(number)

    async def read(self) -> bool:
        """Keep one more line of the log, if there is one."""
        assert self.process.stderr is not None
        line = (await self.process.stderr.readline()).decode()
        self.lines.append(line.rstrip())
        return bool(line)

    async def read_all(self) -> None:
        while await self.read():
            pass


@asynccontextmanager
async def proxy(upstream: str, client: str, server: str) -> AsyncIterator[Running]:
    """A proxy that listens on a free port and is told to stop in the end."""
    arguments = ["--listen", "127.0.0.1:0", "--upstream", upstream]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(PROXY, *arguments, "--client", client, "--server", server),
        env={**ENVIRONMENT, "PYTHONPATH": str(ROOT / "generated")},
        stderr=asyncio.subprocess.PIPE,
    )
    running = Running(process)
    try:
        while not running.url:
            assert await running.read(), running.log
            if found := re.search(r"listening on (127\.0\.0\.1:\d+)", running.log):
                running.url = f"ws://{found[1]}"
        reading = asyncio.create_task(running.read_all())
        yield running
        running.stop()
        assert await asyncio.wait_for(process.wait(), 10) == 0, running.log
        await reading
        assert KEY not in running.log
        assert "Traceback" not in running.log
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def between(
    handler: Callable[[ServerConnection], Awaitable[None]],
    client: str = "beta",
    server: str = "ga",
    **options: Any,
) -> AsyncIterator[Running]:
    """A proxy and the server behind it."""
    async with serve(handler, "127.0.0.1", 0, max_size=None, **options) as upstream:
        port = next(iter(upstream.sockets)).getsockname()[1]
        async with proxy(f"ws://127.0.0.1:{port}", client, server) as running:
            yield running
