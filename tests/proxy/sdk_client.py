"""Speaks the part of the client in a conversation through the OpenAI SDK, and prints what the SDK understood.

Arguments: the dialect and the base URL. Standard input: a JSON list of steps, each an event to send, or null to
receive one. It runs where the SDK is installed and nothing else.
"""

import asyncio
import json
import os
import sys
from operator import attrgetter
from typing import Any, get_args

from openai import AsyncOpenAI
from pydantic import ValidationError


def understood(event: Any, data: bytes) -> dict[str, Any]:
    """The class, its content, whether the class is of such events, and what the class says is wrong with it."""
    cls = type(event)
    faults = []
    try:
        cls.model_validate_json(data)
    except ValidationError as error:
        faults = [".".join(map(str, e["loc"])) + ": " + e["type"] for e in error.errors()]
    return {
        "class": cls.__name__,
        "fits": event.type in get_args(cls.model_fields["type"].annotation),
        "event": event.to_dict(mode="json", exclude_unset=True),
        "faults": faults,
    }


async def main(dialect: str, url: str, steps: list[dict[str, Any] | None]) -> None:
    client = AsyncOpenAI(api_key=os.environ["KEY"], websocket_base_url=url)
    realtime: Any = client.realtime if dialect == "ga" else client.beta.realtime
    async with realtime.connect(model="gpt-4o-realtime-preview") as connection:
        for step in steps:
            if step is not None:
                send = attrgetter(step.pop("type"))(connection)
                await send(**step)
            else:
                data = await connection.recv_bytes()
                print(json.dumps(understood(connection.parse_event(data), data)), flush=True)
        async for event in connection:
            raise SystemExit(f"{event.type} was not expected")


asyncio.run(main(sys.argv[1], sys.argv[2], json.load(sys.stdin)))
