"""OpenAPI Overlay: https://spec.openapis.org/overlay/v1.1.0.html and v1.0.0.

Actions are laid over what a document says before anything else is read of it; what they bring keeps its place in the
overlay. A target that selects nothing is an error: an overlay that no longer fits says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import Diagnostic, Location, SpecError, step
from . import limits
from .places import Place, Places, Source, Written

if TYPE_CHECKING:
    from jsonpath import JSONPath, JSONPathEnvironment

# The code of what selects nothing.
NOTHING = "overlay-target"

_VERSION = re.compile(r"1\.([01])\.\d+")
_KINDS = ("update", "remove", "copy")
_ROOT = frozenset({"overlay", "info", "extends", "actions"})
_ACTION = frozenset({"target", "description", *_KINDS})

Keys: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an overlay. `minor` is the version of the standard that it is written in, 0 or 1."""

    overlay: Written
    pointer: str
    target: str
    kind: str
    value: Any
    minor: int

    def at(self, *keys: str | int) -> Location:
        return self.overlay.locate(step(self.pointer, *keys))


def actions(overlay: Written) -> tuple[Action, ...]:
    """The actions of an overlay, in order. Raises SpecError if it is none."""
    faults: list[Diagnostic] = []
    found = list(_actions(overlay, faults))
    if faults:
        raise SpecError(faults)
    return tuple(found)


def laid(
    document: Written, overlays: Iterable[Written], unmatched: list[Action] | None = None
) -> tuple[dict[str, Any], Places]:
    """What a document, which is a mapping, says under overlays, one after the other, and where that stands. Raises
    SpecError; with `unmatched`, actions that select nothing are put there instead."""
    work = _Overlaying(document.data)
    for overlay in overlays:
        for action in actions(overlay):
            before = len(work.faults)
            work.apply(action)
            if unmatched is not None and [f.code for f in work.faults[before:]] == [NOTHING]:
                del work.faults[before:]
                unmatched.append(action)
    if work.faults:
        raise SpecError(work.faults)
    _measure(work.data, document.locate(""))
    return work.data, work.places


# --- reading --------------------------------------------------------------------------------------


def _actions(overlay: Written, faults: list[Diagnostic]) -> Iterator[Action]:
    def fault(message: str, hint: str, *keys: str | int) -> None:
        faults.append(Diagnostic("overlay-invalid", message, overlay.locate(step("", *keys)), hint))

    data = overlay.data
    example = "It starts with `overlay: 1.1.0`, and has `info` and a list of `actions`."
    if not isinstance(data, dict) or "overlay" not in data:
        fault("The file is no OpenAPI Overlay.", example)
        return
    version = _VERSION.fullmatch(str(data["overlay"]))
    if version is None:
        message = f"The Overlay version {data['overlay']!r} is not supported."
        fault(
            message, "Versions 1.0.x and 1.1.x are, as text of three numbers: '1.1.0'.", "overlay"
        )
        return
    info = data.get("info")
    if not isinstance(info, dict) or not all(
        isinstance(info.get(key), str) for key in ("title", "version")
    ):
        fault("An overlay has an `info` with a `title` and a `version`, both texts.", example)
    for message, hint, key in _unknown(data, _ROOT):
        fault(message, hint, key)
    entries = data.get("actions")
    if not isinstance(entries, list) or not entries:
        fault("`actions` must be a list of at least one action.", example, "actions")
        return
    for index, entry in enumerate(entries):
        before = len(faults)
        kind = _kind(entry, int(version[1]), fault, index)
        if len(faults) == before:
            at = step("/actions", index)
            yield Action(overlay, at, entry["target"], kind, entry[kind], int(version[1]))


def _kind(entry: Any, minor: int, fault: Any, index: int) -> str:
    """What an action does."""
    if not isinstance(entry, dict):
        fault("An action must be a mapping.", "It has a `target`.", "actions", index)
        return ""
    for message, hint, key in _unknown(entry, _ACTION):
        fault(message, hint, "actions", index, key)
    target = entry.get("target")
    if not isinstance(target, str) or not target.startswith("$"):
        message = "An action needs a `target`, which is a JSONPath that starts with $."
        fault(message, "For example $.components.schemas.Pet.", "actions", index, "target")
    if not isinstance(entry.get("remove", False), bool):
        fault("`remove` is true or false.", "Write remove: true.", "actions", index, "remove")
    if "copy" in entry and minor == 0:
        fault("`copy` is of version 1.1.", "Write overlay: 1.1.0.", "actions", index, "copy")
    elif not isinstance(entry.get("copy", ""), str):
        fault("`copy` is a JSONPath.", "It selects one value.", "actions", index, "copy")
    if entry.get("remove") is True:
        return "remove"
    kinds = [kind for kind in ("update", "copy") if kind in entry]
    if len(kinds) != 1:
        message = f"An action has one of `update`, `remove` and `copy`, not {len(kinds)} of them."
        fault(message, "Write an action for each.", "actions", index)
        return ""
    return kinds[0]


def _unknown(data: dict[str, Any], known: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    for key in data:
        if key not in known and not key.startswith("x-"):
            close = get_close_matches(key, known, 1)
            hint = f"Did you mean {close[0]}?" if close else "A name of your own starts with x-."
            yield f"An overlay has no {key!r} here.", hint, key


# --- applying -------------------------------------------------------------------------------------


class _Overlaying:
    """Data that actions change. Containers are copied before they are changed, once each: aliases share them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.places = Places()
        self.faults: list[Diagnostic] = []
        self._own: dict[int, Any] = {}
        self.data: dict[str, Any] = self._owned(data)

    def apply(self, action: Action) -> None:
        """Carry an action out, or keep what is wrong with it."""
        try:
            targets = self._selected(action.target, action.at("target"))
            if not targets:
                raise self._nothing(action.target, action.at("target"), "target")
            if action.kind == "remove":
                self._remove(action, targets)
                return
            source, value = self._source(action)
            self._check(action, targets, value)
            for keys in targets:
                self._update(action, keys, value, source)
        except SpecError as error:
            self.faults += error.diagnostics

    def _selected(self, path: str, at: Location) -> list[Keys]:
        """The keys of every value that a path selects, each once."""
        found = _matches(_compiled(path, at), self.data, at)
        return list(dict.fromkeys(found))

    def _source(self, action: Action) -> tuple[Source, Any]:
        """What an action puts at its targets, and where it stands."""
        if action.kind == "update":
            return Source(Place(action.overlay, step(action.pointer, "update"))), action.value
        at = action.at("copy")
        found = self._selected(action.value, at)
        if not found:
            raise self._nothing(action.value, at, "copy")
        if len(found) > 1:
            message = f"`copy` selects {len(found)} values, and can take only one."
            raise _unfit(message, at, "Name one of them.")
        _measure(self.data, at)
        # a copy of its own, since what is copied may hold the target
        return self.places.source(step("", *found[0])), deepcopy(self._value(found[0]))

    def _check(self, action: Action, targets: Sequence[Keys], value: Any) -> None:
        """Refuse targets of several kinds, and a value that is of another one."""
        at = action.at("target")
        kinds = {_kind_of(self._value(keys)) for keys in targets}
        if len(kinds) > 1:
            message = f"The target selects values of several kinds: {', '.join(sorted(kinds))}."
            raise _unfit(message, at, "Write an action for each kind.")
        kind = next(iter(kinds))
        if kind == "a plain value" and action.minor == 0:
            message = "A target selects objects or arrays in version 1.0, not a plain value."
            raise _unfit(message, at, "Select the object around it, or write overlay: 1.1.0.")
        if kind != "an array" and _kind_of(value) != kind:
            message = f"The target selects {kind}, and `{action.kind}` gives {_kind_of(value)}."
            raise _unfit(message, action.at(action.kind), "Select what it is to be put into.")

    def _update(self, action: Action, keys: Keys, value: Any, source: Source) -> None:
        pointer = step("", *keys)
        node = self._container(keys)
        if isinstance(node, dict):
            self._merge(action, node, pointer, value, source)
        elif isinstance(node, list):
            # In version 1.0 it is always an entry.
            as_list = isinstance(value, list) and action.minor > 0
            items = value if as_list else [value]
            for index, item in enumerate(items):
                self.places.put(
                    step(pointer, len(node)), source.child(index) if as_list else source
                )
                node.append(item)
        else:
            self._container(keys[:-1])[keys[-1]] = value
            self.places.put(pointer, source)

    def _merge(
        self, action: Action, node: dict[str, Any], pointer: str, value: Any, source: Source
    ) -> None:
        for key, new in value.items():
            below, own = step(pointer, key), source.child(key)
            old = node.get(key)
            if key not in node:
                node[key] = new
                self.places.put(below, own)
            elif _kind_of(old) != _kind_of(new):
                message = f"`{key}` is {_kind_of(old)} in the document, and {_kind_of(new)} here."
                at = own.place.document.locate(own.place.pointer) if own.place.document else None
                raise _unfit(
                    message,
                    at or action.at(action.kind),
                    "Remove it with an action of its own before this one, if it is to be replaced.",
                )
            elif isinstance(old, dict):
                node[key] = self._owned(old)
                self._merge(action, node[key], below, new, own)
            elif isinstance(old, list):
                node[key] = [*old, *new]
                for index in range(len(new)):
                    self.places.put(step(below, len(old) + index), own.child(index))
            else:
                node[key] = new
                self.places.put(below, own)

    def _remove(self, action: Action, targets: Sequence[Keys]) -> None:
        """Take values out: those inside others first, and of an array the last first."""
        for keys in sorted(targets, reverse=True):
            if not keys:
                message = "The root of a document cannot be removed."
                raise _unfit(message, action.at("target"), "Select what is in it.")
            above, key = self._container(keys[:-1]), keys[-1]
            if action.minor == 0 and not isinstance(above[key], dict | list):
                message = "A target selects objects or arrays in version 1.0, not a plain value."
                raise _unfit(message, action.at("target"), "Write overlay: 1.1.0.")
            if isinstance(above, list):
                assert isinstance(key, int)
                self.places.remove_item(step("", *keys[:-1]), key, len(above))
            else:
                self.places.remove(step("", *keys))
            del above[key]

    def _value(self, keys: Keys) -> Any:
        node: Any = self.data
        for key in keys:
            node = node[key]
        return node

    def _container(self, keys: Keys) -> Any:
        """What is at keys, with everything on the way made ours; a plain value as it is."""
        node: Any = self.data
        for key in keys:
            node[key] = self._owned(node[key])
            node = node[key]
        return node

    def _owned(self, node: Any) -> Any:
        if not isinstance(node, dict | list) or id(node) in self._own:
            return node
        copied = node.copy()
        self._own[id(copied)] = copied
        return copied

    def _nothing(self, path: str, at: Location, word: str) -> SpecError:
        message = f"The {word} selects nothing in the document."
        return SpecError(Diagnostic(NOTHING, message, at, self._hint(path, at)))

    def _hint(self, path: str, at: Location) -> str:
        """How far the path leads, and a name that is close to what it names there."""
        from jsonpath import JSONPath

        whole = _compiled(path, at)
        segments = list(whole.segments)
        for length in range(len(segments) - 1, 0, -1):
            part = JSONPath(env=whole.env, segments=segments[:length])
            found = _matches(part, self.data, at)
            if found:
                break
        else:
            part, found, length = JSONPath(env=whole.env, segments=()), [()], 0
        names = {
            name for keys in found[:100] for name in _names(self._value(keys)) if len(name) < 100
        }
        wanted = re.sub(r"^.*\['|'\].*$", "", str(segments[length]))
        close = get_close_matches(wanted, sorted(names)[:20_000], 1) if len(wanted) < 100 else []
        there = f"{part} is there" if length else ""
        if close:
            return (
                f"{there}; did you mean {close[0]!r}?" if there else f"Did you mean {close[0]!r}?"
            )
        return f"{there}, but not what follows." if there else "Nothing of it is there."


def _names(node: Any) -> Iterator[str]:
    return iter(node) if isinstance(node, dict) else iter(())


@cache
def _environment() -> JSONPathEnvironment:
    from jsonpath import JSONPathEnvironment

    class Environment(JSONPathEnvironment):
        max_recursion_depth = 2 * limits.MAX_DEPTH

    return Environment(strict=True)


def _compiled(path: str, at: Location) -> JSONPath:
    """A path as RFC 9535 has it. Raises SpecError."""
    from jsonpath import JSONPath, JSONPathError

    try:
        compiled = _environment().compile(path)
        assert isinstance(compiled, JSONPath), "strict paths are not combined"
        return compiled
    except (JSONPathError, RecursionError) as error:
        raise _bad_path(error, at) from None


def _matches(path: JSONPath, data: Any, at: Location) -> list[Keys]:
    from jsonpath import JSONPathError

    try:
        return [tuple(match.parts) for match in path.finditer(data)]
    except (JSONPathError, RecursionError) as error:
        raise _bad_path(error, at) from None


def _bad_path(error: Exception, at: Location) -> SpecError:
    reason = str(getattr(error, "message", "it is nested too deep")).splitlines()[0].rstrip(".")
    message = f"This is not a JSONPath of RFC 9535: {reason}."
    hint = "A name that is not a plain word stands in brackets and quotes: $.paths['/pets'].get."
    return SpecError(Diagnostic("overlay-path", message, at, hint))


def _unfit(message: str, at: Location, hint: str) -> SpecError:
    return SpecError(Diagnostic("overlay-unfit", message, at, hint))


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a plain value"


def _measure(data: Any, at: Location) -> None:
    """Refuse data that overlays made too large or too deep: copies share what they hold, as aliases do."""
    measures: dict[int, tuple[int, int]] = {}

    def measured(node: Any, depth: int) -> tuple[int, int]:
        if not isinstance(node, dict | list):
            return 1, 0
        if id(node) in measures:
            return measures[id(node)]
        if depth > limits.MAX_DEPTH:
            raise limits.too_deep(at)
        size, below = 1, 0
        for child in node.values() if isinstance(node, dict) else node:
            child_size, child_depth = measured(child, depth + 1)
            size += child_size
            below = max(below, child_depth)
        if size > limits.MAX_NODES:
            raise limits.too_many(at)
        if below + 1 > limits.MAX_DEPTH:
            raise limits.too_deep(at)
        measures[id(node)] = size, below + 1
        return measures[id(node)]

    measured(data, 1)
