"""Schemas that are a part of themselves: `$ref`s that lead back to where they started without entering a value.

Such a schema says the same thing for ever; JSON Schema leaves open what it means, and reading it would not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import Diagnostic, Location, SpecError
from ..loader import Documents
from ..openapi.keywords import IN_PLACE

MAX_CHAIN = 100


class Cycles:
    """Refuses such schemas; remembers which ones are sound."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._sound: set[tuple[str, str]] = set()

    def refuse(self, raw: object, at: Location) -> None:
        """Raises SpecError if a schema is a part of itself, or leads through too many references in a row."""
        start = (at.source, at.pointer)
        if start in self._sound:
            return
        path = {start: (raw, at)}
        stack = [(start, _in_place(raw, at))]
        while stack:
            location, rest = stack[-1]
            reference = next(rest, None)
            if reference is None:
                stack.pop()
                del path[location]
                self._sound.add(location)
                continue
            target = self.documents.resolve(*reference)
            where = Location(target.document.source, target.pointer)
            following = (where.source, where.pointer)
            if following in path:
                locations = list(path)
                raise _cycle(
                    [path[location] for location in locations[locations.index(following) :]]
                )
            if following in self._sound:
                continue
            if len(stack) > MAX_CHAIN:
                raise _chain(at)
            path[following] = (target.node, where)
            stack.append((following, _in_place(target.node, where)))


def _in_place(raw: object, at: Location) -> Iterator[tuple[str, Location]]:
    """The references of a schema that speak about the very value that it speaks about."""
    if not isinstance(raw, dict):
        return
    for keyword in IN_PLACE:
        if keyword.name not in raw:
            continue
        operand, below = raw[keyword.name], at.below(keyword.name)
        if not isinstance(operand, keyword.operand.classes):
            continue  # it is repaired when the schema is read
        # `$dynamicRef: "#"` means the component around it, which was entered through a property
        if isinstance(operand, str) and (keyword.name == "$ref" or operand != "#"):
            yield operand, below
        for steps, schema in keyword.operand.schemas(operand):
            yield from _in_place(schema, below.below(*steps))


def _cycle(circle: Sequence[tuple[object, Location]]) -> SpecError:
    at = circle[0][1]
    if all(isinstance(raw, dict) and raw.keys() == {"$ref"} for raw, _ in circle):
        message = f"`{_name(at)}` refers only to itself through `$ref`."
    else:
        message = f"`{_name(at)}` is one of its own conditions."
    hint = "Break the cycle: one schema in it must say what it is."
    return SpecError(Diagnostic("ref-cycle", message, at, hint, tuple(at for _, at in circle[1:])))


def _chain(at: Location) -> SpecError:
    message = f"`{_name(at)}` leads through more than {MAX_CHAIN} `$ref`s in a row."
    return SpecError(
        Diagnostic("ref-chain", message, at, "Refer to the schema at the end of the chain.")
    )


def _name(at: Location) -> str:
    return at.pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
