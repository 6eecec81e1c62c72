"""SUBJECT FOLDER MODULE [BLOCKED]...: decode and encode events on request.

Runs in the peers' interpreter. Reads one JSON request a line on standard input and answers with
one JSON value a line. Modules named as BLOCKED cannot be imported.
"""

import gc
import importlib
import json
import sys
import time
import tracemalloc
from functools import partial

EVENT = "RealtimeServerEvent"


def ours(module):
    package = importlib.import_module(module)
    decode = partial(package.decode_json, getattr(package, EVENT))
    return decode, package.encode_json, decode


def strict(module):
    package = importlib.import_module(module)
    decode = partial(package.decode_json, getattr(package, EVENT), strict=True)
    return decode, package.encode_json, decode


def pydantic(module):
    from pydantic import TypeAdapter

    adapter = TypeAdapter(getattr(importlib.import_module(module), EVENT))
    encode = partial(adapter.dump_json, exclude_unset=True, by_alias=True)
    return adapter.validate_json, encode, adapter.validate_json


def openai(module):
    from openai import _models

    event = getattr(importlib.import_module(module), EVENT)

    def decode(raw):  # RealtimeConnection.parse_event
        return _models.construct_type_unchecked(value=json.loads(raw), type_=event)

    def encode(value):  # RealtimeConnection.send
        return value.to_json(use_api_names=True, exclude_unset=True).encode()

    def accept(raw):  # construct_type takes anything, and is slow with what does not validate
        return _models.validate_type(type_=event, value=json.loads(raw))

    return decode, encode, accept


class Codec:
    """The requests; each is named after the method that answers it."""

    def __init__(self, decode, encode, accept):
        self._decode, self._encode, self._accept = decode, encode, accept
        self._events = []

    def load(self, path, only=None):
        """Take the events of a file, one a line; all of them, or those with the indexes of `only`."""
        with open(path, "rb") as lines:
            events = lines.read().splitlines()
        self._events = events if only is None else [events[index] for index in only]
        return len(self._events)

    def accepted(self):
        """The indexes of the events that decode without complaint."""
        return [index for index, raw in enumerate(self._events) if works(self._accept, raw)]

    def faithful(self):
        """The indexes of the events that come back as equal JSON."""

        def come_back(raw):
            if json.loads(self._encode(self._decode(raw))) != json.loads(raw):
                raise ValueError

        return [index for index, raw in enumerate(self._events) if works(come_back, raw)]

    def decode(self, passes):
        return self._time(self._decode, self._events, passes)

    def encode(self, passes):
        return self._time(self._encode, [self._decode(raw) for raw in self._events], passes)

    def memory(self):
        """Bytes for each event held decoded."""
        self._decode(self._events[0])
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        held = [self._decode(raw) for raw in self._events]
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        return taken / len(held)

    def _time(self, work, values, passes):
        """Seconds for each value. What the imports left behind is kept out of the collector's way."""
        gc.collect()
        gc.freeze()
        start = time.process_time()
        for _ in range(passes):
            for value in values:
                work(value)
        seconds = time.process_time() - start
        gc.unfreeze()
        return seconds / (passes * len(values))


def works(call, argument):
    try:
        call(argument)
    except Exception:
        return False
    return True


def main():
    subject, folder, module, *blocked = sys.argv[1:]
    sys.path.insert(0, folder)
    for name in blocked:
        sys.modules[name] = None
    codec = Codec(
        *{"ours": ours, "strict": strict, "pydantic": pydantic, "openai": openai}[subject](module)
    )
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(codec, name)(*arguments)), flush=True)


main()
