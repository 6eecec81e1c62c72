"""Paths of the map: property names and dots, from the object that the shape is, as `audio.output.voice`.

A path may lead into a list: to the element at a place, `choices[0].text`, or to the first that says something,
`metrics[type=Resource,resource.name=cpu].value`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

# What an element says: paths inside of it, each with a JSON value.
Says: TypeAlias = tuple[tuple[tuple[str, ...], object], ...]
Step: TypeAlias = str | int | Says
Steps: TypeAlias = tuple[Step, ...]

_ELEMENT = r"\[(?:[0-9]+|[^\[\]=]+=[^\[\]]*)\]"
_SEGMENT = re.compile(
    rf"(?P<name>(?:[^.\[]|\[(?!(?:[0-9]+|[^\[\]=]+=[^\[\]]*)\]))+)(?P<element>{_ELEMENT})?(?:\.|$)"
)


def prefixes(path: str) -> Iterator[str]:
    """A path and what is on the way to it, outer ones first: `audio`, `audio.input`, `audio.input.format`; or `choices`,
    `choices[0]`, `choices[0].text`."""
    for segment in _SEGMENT.finditer(path):
        yield path[: segment.end("name")]
        if segment["element"]:
            yield path[: segment.end("element")]


def steps(path: str) -> Steps:
    """The names of a path, and of each element its place or what it says."""
    made: list[Step] = []
    for segment in _SEGMENT.finditer(path):
        made.append(segment["name"])
        if segment["element"]:
            made.append(_element(segment["element"][1:-1]))
    return tuple(made)


def is_in_list(path: str) -> bool:
    """Whether a path leads into a list."""
    return any(not isinstance(step, str) for step in steps(path))


def lists(path: str) -> Iterator[str]:
    """The lists that a path leads into, outer ones first."""
    for segment in _SEGMENT.finditer(path):
        if segment["element"]:
            yield path[: segment.end("name")]


def last(path: str) -> str:
    """The name at the end of a path."""
    *_, name = steps(path)
    return str(name)


def _element(text: str) -> int | Says:
    if text.isdigit():
        return int(text)
    pairs = (pair.partition("=") for pair in text.split(","))
    return tuple(
        (tuple(path.strip().split(".")), _value(value.strip())) for path, _, value in pairs
    )


def _value(text: str) -> object:
    """Numbers, true and false are what they are in JSON, anything else is a text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text
