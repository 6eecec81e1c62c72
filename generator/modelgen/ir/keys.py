"""Named types have keys, not names.

A component's key is its name in the document. An inline type's key is its path from the nearest component:
`Session.audio` (property), `Session.tools[]` (items), `Session.extra{}` (values of a map), `Session.tracing|1` (member
of a union), `Session#base` (a base without its children),
`Session#input` (as it is sent, if it is received as another type).
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator

_SIMPLE_WIRE = re.compile(r"[^.\[{|/&#\"]+")
_STEP = re.compile(r'\.("(?:[^"\\]|\\.)*"|[^.\[{|/&#"]+)|\[(\d*)\]|(\{\})|\|(\d+)|/(.*)/|[&#](\w+)')


def base_key(component: str) -> str:
    """What the keys of a component's inline types begin with: a name that would be misread is quoted as JSON, so that
    `A.b` of `A` and `"A.b"` are two."""
    return component if _SIMPLE_WIRE.fullmatch(component) else json.dumps(component)


INPUT = "#input"  # what follows it in the key of the type that is sent, if another one is received
OWN = "#base"  # what follows the component in the key of its own class, if it is the union of that and others


def own_key(key: str) -> str:
    """The key of the class of a component that is a union because others name it as their base."""
    return base_key(key) + OWN


def input_key(key: str, components: Container[str]) -> str:
    """The key of a type as it is sent, if it is received as another one: that of its component, and the same path."""
    if key in components:
        return base_key(key) + INPUT
    for end in (match.start() for match in reversed(list(re.finditer(r"[.\[{|/&#]", key)))):
        head = key[:end]
        if head in components or (head.startswith('"') and json.loads(head) in components):
            return head + INPUT + key[end:]
    return key + INPUT


def is_twin(key: str) -> bool:
    """Whether the schema has another type besides, which is called as the schema is."""
    return any(re.search(rf"{word}(?=[.\[{{|/&#]|$)", key) for word in (OWN, INPUT))


def is_within(key: str, head: str) -> bool:
    """Whether a key is the head's own or that of an inline type of it."""
    return key == head or key.startswith((head, json.dumps(head)))


def property_key(key: str, wire: str) -> str:
    """The key of an inline type of a property; a wire name that would be misread is quoted as JSON."""
    return f"{key}.{wire}" if _SIMPLE_WIRE.fullmatch(wire) else f"{key}.{json.dumps(wire)}"


def key_steps(path: str) -> Iterator[tuple[str, str]]:
    """What follows the component in a key, as (kind, text): property, item, value, member, pattern or other."""
    for match in _STEP.finditer(path):
        wire, index, value, member, pattern, other = match.groups()
        if wire is not None:
            yield "property", json.loads(wire) if wire.startswith('"') else wire
        elif index is not None:
            yield "item", index
        elif value is not None:
            yield "value", ""
        elif member is not None:
            yield "member", member
        elif pattern is not None:
            yield "pattern", pattern
        else:
            yield "other", other
