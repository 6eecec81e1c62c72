"""A payload as its leaves by their paths. A list without objects in it is one leaf, and so is what is empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

Step: TypeAlias = str | int
Steps: TypeAlias = tuple[Step, ...]

_INDEX = re.compile(r"\[\d+\]")


def leaves(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """The leaves of parsed JSON, in order."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*steps, name))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for n, item in enumerate(value):
            yield from leaves(item, (*steps, n))
    else:
        yield steps, value


def written(steps: Sequence[Step]) -> str:
    """A path as losses have it: `$.content[0].text`."""
    return "$" + "".join(map(_written, steps))


def _written(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if step.isidentifier():
        return f".{step}"
    return f"[{json.dumps(step, ensure_ascii=False)}]"


def general(path: str) -> str:
    """A path without the places in lists: `$.content[].text`."""
    return _INDEX.sub("[]", path)


def is_within(path: str, other: str) -> bool:
    """Whether what is at a path is what is at the other one, or in it."""
    return path == other or path.startswith((f"{other}.", f"{other}["))


def without(value: Any, steps: Steps) -> Any:
    """The same JSON without what is at a path."""
    return _with(value, steps, ())


def replaced(value: Any, steps: Steps, new: Any) -> Any:
    """The same JSON with something else at a path."""
    return _with(value, steps, (new,))


def _with(value: Any, steps: Sequence[Step], new: tuple[Any, ...]) -> Any:
    """The same JSON with what is in `new` at a path, which may be nothing."""
    if not steps:
        return new[0]
    first, rest = steps[0], steps[1:]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    made = [
        (place, _with(item, rest, new) if place == first else item)
        for place, item in items
        if place != first or rest or new
    ]
    return dict(made) if isinstance(value, dict) else [item for _, item in made]
