"""Tries the members of a union that neither JSON type nor tag tells apart.

A member that is tried may hold another value of the same union, and what holds both may be tried too. What a member has
made of a value is kept until the outermost attempt ends, so that no value is tried twice.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, cast

from ._runtime import MISMATCH, Mismatch

_TRIED: dict[int, dict[Any, Any]] = {}  # by thread

_Reader = Callable[[Any], Any]


def attempt(data: Any, decoders: Iterable[_Reader]) -> Any:
    """The first of these that accepts the value."""
    if data.__class__ is dict or data.__class__ is list:
        return remembering(data, _attempt, decoders)
    for decoder in decoders:
        try:
            return decoder(data)
        except (Mismatch, KeyError):
            continue
    raise MISMATCH


def attempt_by_key(data: Any, choices: Iterable[tuple[str, _Reader]]) -> Any:
    """The first that accepts the value; those whose own property is present come first."""
    choices = sorted(choices, key=lambda choice: not choice[0] or choice[0] not in data)
    return attempt(data, [decoder for _, decoder in choices])


def attempt_strictly(
    data: Any, codecs: str, name: str, choices: tuple[_Reader, ...]
) -> Any:
    """For members that nothing tells apart: the first that the schema accepts, else the first that decodes."""
    return remembering(data, _attempt_strictly, codecs, name, choices)


def remembering(data: Any, work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` makes of data, given also what has been tried in the payload at hand; it is forgotten when the
    outermost call ends."""
    thread = get_ident()
    if thread in _TRIED:
        return work(data, *arguments, _TRIED[thread])
    tried = _TRIED[thread] = {None: data}
    try:
        return work(data, *arguments, tried)
    finally:
        del _TRIED[thread]


def _attempt(data: Any, decoders: Iterable[_Reader], tried: dict[Any, Any]) -> Any:
    for decoder in decoders:
        place = decoder, id(data)
        found = tried.get(place)
        if found is None:
            # data is kept, so that no other has its id
            try:
                found = tried[place] = data, decoder(data)
            except (Mismatch, KeyError):
                found = tried[place] = data, MISMATCH
        elif found[1] is not MISMATCH and not _is_tree(tried):
            return decoder(data)  # a list that occurs twice is two values
        if found[1] is not MISMATCH:
            return found[1]
    raise MISMATCH


def _attempt_strictly(
    data: Any,
    codecs: str,
    name: str,
    choices: tuple[_Reader, ...],
    tried: dict[Any, Any],
) -> Any:
    predicates: Any = import_module(f"{__package__}._predicates")
    matching: list[int] = predicates.matching_members(codecs, name, data)
    return _attempt(data, [choices[n] for n in matching] + list(choices), tried)


def _is_tree(tried: dict[Any, Any]) -> bool:
    """Whether no list or dict of the payload at hand is in two places, as in data that is made of JSON text."""
    if True not in tried:
        seen: set[int] = set()
        ahead = [tried[None]]
        tried[True] = True
        while ahead and tried[True]:
            node = ahead.pop()
            if node.__class__ is dict or node.__class__ is list:
                tried[True] = id(node) not in seen
                seen.add(id(node))
                ahead.extend(node.values() if node.__class__ is dict else node)
    return cast("bool", tried[True])
