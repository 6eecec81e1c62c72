"""Conversion between the variants of one API: what was lost, which variant a payload is of, and `convert`.

The functions that know the variants are generated: `_conversions.reading` makes of any variant's payload the hub's,
`_conversions.<variant>` makes of the hub's one of that variant, `_conversions.tables` says what there is. This module
runs them and gathers their reports. A payload is parsed JSON; it is copied once, and the copy is changed in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, cast

from ._runtime import DecodeError, Model, UnknownVariant, decode, encode

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["dropped", "kept", "unfit", "changed", "missing", "conflict"]
Severity: TypeAlias = Literal["carried", "narrowed", "lost", "refused"]
Strict: TypeAlias = bool | Severity
Undeclared: TypeAlias = Literal["keep", "drop"]
Path: TypeAlias = tuple[str, ...]
# Names; and places of elements of a list, or what they say at which paths.
Steps: TypeAlias = tuple[Any, ...]
Table: TypeAlias = Mapping[object, tuple[Any, str]]
# Of texts that a variant does not list: what keeping them is, and why.
Reasons: TypeAlias = Mapping[str, tuple[Kind, str]]

# The names of an object in any variant: the JSON types of a property, as `string or array of object`, or, for an object,
# the names in it.
Properties: TypeAlias = "Mapping[str, str | Properties]"


class Form(Protocol):
    """How a value is said in two ways: `up` to what has more room, `down` back; `inside` is where it is then. Both raise
    ValueError for a value that has no other form."""

    @property
    def inside(self) -> str: ...

    def up(self, value: Any) -> Any: ...

    def down(self, value: Any) -> Any: ...


_ABSENT: Any = object()
_SEVERITIES: Mapping[Kind, Severity] = {
    "kept": "carried",
    "changed": "narrowed",
    "dropped": "lost",
    "conflict": "lost",
    "unfit": "refused",
    "missing": "refused",
}
_ORDER: tuple[Severity, ...] = ("carried", "narrowed", "lost", "refused")
NOT_DECLARED = "No variant declares it."


class Loss:
    """Something that a conversion could not carry over as it was.

    `path` is where the source says it (`$.session.temperature`), `value` what it says there, `reason` a sentence.
    `kind` is one of

    - `dropped`: the target has no place for it;
    - `kept`: it is in the result as it was, although no variant declares it;
    - `unfit`: it is in the result as it was, although the target does not admit it;
    - `changed`: it is in the result, but converting back will not give the same;
    - `missing`: the target requires it, and the source does not say it;
    - `conflict`: the source says it in two ways that differ; the one named here was not used.

    `severity` follows from it: `carried` (kept), `narrowed` (changed), `lost` (dropped, conflict), `refused` (unfit,
    missing: who takes the target by the letter refuses it), each worse than the one before.
    """

    __slots__ = ("kind", "path", "reason", "value")
    __match_args__ = ("path", "value", "reason", "kind")

    def __init__(self, path: str, value: object, reason: str, kind: Kind) -> None:
        self.path = path
        self.value = value
        self.reason = reason
        self.kind: Kind = kind

    @property
    def severity(self) -> Severity:
        return _SEVERITIES[self.kind]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loss) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.path}: {self.kind}: {self.reason}"

    def __repr__(self) -> str:
        return f"Loss({self.path!r}, {self.value!r}, {self.reason!r}, {self.kind!r})"

    def to_dict(self) -> Json:
        """The loss as JSON."""
        return {
            "path": self.path,
            "kind": self.kind,
            "severity": self.severity,
            "value": self.value,
            "reason": self.reason,
        }


def intolerable(losses: Iterable[Loss], strict: Strict) -> tuple[Loss, ...]:
    """The losses that a strict conversion does not accept: those of a severity and of worse ones. True accepts what is
    carried, and nothing else. Raises ValueError if there is no such severity."""
    if strict is False:
        return ()
    least = "narrowed" if strict is True else strict
    if least not in _ORDER:
        known = ", ".join(_ORDER)
        raise ValueError(f"there is no severity {least!r}: it is one of {known}")
    severe = _ORDER[_ORDER.index(least) :]
    return tuple(loss for loss in losses if loss.severity in severe)


class ConversionError(ValueError):
    """A strict conversion would lose something, or a typed one has no value of the target's type. `losses` says what."""

    def __init__(self, target: str, losses: Iterable[Loss]) -> None:
        self.target = target
        self.losses = tuple(losses)
        super().__init__(target, self.losses)

    def __str__(self) -> str:
        lines = "".join(f"\n  {loss}" for loss in self.losses)
        return f"not all of it can be said in {self.target}:{lines}"


class Conversion(Generic[T]):
    """What `convert` returns: the `value`, None if the target has no form for it at all; the `losses`; the `source`
    variant, None if nothing told it and nothing had to."""

    __slots__ = ("losses", "source", "value")
    __match_args__ = ("value", "losses", "source")

    def __init__(self, value: T, losses: tuple[Loss, ...], source: str | None) -> None:
        self.value = value
        self.losses = losses
        self.source = source

    def __repr__(self) -> str:
        return f"Conversion({self.value!r}, {self.losses!r}, {self.source!r})"


class Evidence:
    """One name or value of a payload that only some variants know. It is strong if the others say the same in another
    way; what they merely lack, servers may send all the same."""

    __slots__ = ("path", "strong", "variants")

    def __init__(self, path: str, variants: Iterable[str], strong: bool) -> None:
        self.path = path
        self.variants = tuple(variants)
        self.strong = strong

    def __repr__(self) -> str:
        return f"Evidence({self.path!r}, {self.variants!r}, {self.strong!r})"


class Detection:
    """Which variant a payload is of.

    `variant` is the newest one that knows most of the `evidence`; None if nothing tells, if variants of different
    dialects know as much, or if the payload mixes them. `conflicts` are the paths of strong evidence for others.
    """

    __slots__ = ("conflicts", "evidence", "family", "variant")

    def __init__(
        self,
        variant: str | None,
        evidence: tuple[Evidence, ...],
        conflicts: tuple[str, ...],
        family: str,
    ) -> None:
        self.variant = variant
        self.evidence = evidence
        self.conflicts = conflicts
        self.family = family

    def __repr__(self) -> str:
        return f"Detection({self.variant!r}, {self.evidence!r}, {self.conflicts!r}, {self.family!r})"


def copied(value: Any) -> Any:
    """The same JSON value, sharing no list and no dict with it."""
    if isinstance(value, dict):
        made: Json = {}
        for name, item in cast("Json", value).items():
            made[str(name)] = item if item.__class__ is str else copied(item)
        return made
    if isinstance(value, list | tuple):
        items: list[Any] = []
        for item in cast("Iterable[Any]", value):
            items.append(copied(item))
        return items
    return value


def key(value: Any) -> object:
    """A JSON value as the key of a table, in which true is not 1."""
    if value.__class__ is bool:
        return (bool, value)
    if isinstance(value, list):
        items = cast("Iterable[Any]", value)
        return tuple(key(item) for item in items)
    if isinstance(value, dict):
        pairs = cast("Json", value)
        return tuple((name, key(item)) for name, item in sorted(pairs.items()))
    return value


# JSON types: their classes, and what values of them are called.
_TYPES: Mapping[str, tuple[tuple[type, ...], tuple[str, ...]]] = {
    "string": ((str,), ("a text",)),
    "number": ((int, float), ("a number",)),
    "boolean": ((bool,), ("true", "false")),
    "null": ((type(None),), ("null",)),
    "object": ((dict,), ("an object",)),
    "array": ((list,), ("an array",)),
}


@cache
def _expected(types: str) -> tuple[frozenset[type], type, str]:
    """The classes of values of some JSON types; the last of them, and the types of what is in that, "" for any."""
    own, _, inner = types.partition(" of ")
    classes = [class_ for name in own.split(" or ") for class_ in _TYPES[name][0]]
    return frozenset(classes), classes[-1], inner


class Report:
    """What a conversion could not carry over. The generated functions call it, with paths of the payload they work on."""

    __slots__ = (
        "_drops",
        "_emptied",
        "_kept",
        "_moved",
        "losses",
        "source",
        "target",
    )

    def __init__(
        self, source: str, target: str, undeclared: Undeclared = "keep"
    ) -> None:
        self.source = source
        self.target = target
        self._drops = undeclared == "drop"
        self.losses: list[Loss] = []
        self._kept: set[str] = set()
        self._moved: list[tuple[str, str, str]] = []
        # Elements of lists of which nothing is left, by their identity.
        self._emptied: dict[int, Any] = {}

    # A method for each kind of loss.

    def dropped(self, path: str, value: object, reason: str) -> None:
        """What is in it is not in the result, and is not reported as if it were."""
        path = self._original(path)
        if self._kept:
            inside = (path + ".", path + "[")
            self.losses = [
                loss
                for loss in self.losses
                if loss.kind not in ("kept", "unfit")
                or (loss.path != path and not loss.path.startswith(inside))
            ]
        self.losses.append(Loss(path, copied(value), reason, "dropped"))

    def kept(self, path: str, value: object, reason: str) -> None:
        self._as_it_was(path, value, reason, "kept")

    def unfit(
        self, path: str, value: object, reason: str, reasons: Reasons | None = None
    ) -> None:
        """`reasons` are those of listed values, which the target does not list."""
        kind: Kind = "unfit"
        if reasons and isinstance(value, str) and value in reasons:
            kind, why = reasons[value]
            reason = why if kind == "kept" else f"{reason} {why}"
        self._as_it_was(path, value, reason, kind)

    def changed(self, path: str, value: object, reason: str) -> None:
        self._add(path, value, reason, "changed")

    def missing(self, path: str, reason: str) -> None:
        self._add(path, None, reason, "missing")

    def conflict(self, path: str, value: object, reason: str) -> None:
        self._add(path, value, reason, "conflict")

    def _as_it_was(self, path: str, value: object, reason: str, kind: Kind) -> None:
        """Once for each path: what is reported when it is read is not reported again when it is written."""
        path = self._original(path)
        if path not in self._kept:
            self._kept.add(path)
            self.losses.append(Loss(path, copied(value), reason, kind))

    def _add(self, path: str, value: object, reason: str, kind: Kind) -> None:
        self.losses.append(Loss(self._original(path), copied(value), reason, kind))

    def _original(self, path: str) -> str:
        """Where the source has what the hub has at `path`."""
        for start, new, old in reversed(self._moved):
            if path == start + new or path.startswith(
                (start + new + ".", start + new + "[")
            ):
                path = start + old + path[len(start + new) :]
        return path

    # What readers and writers do to an object.

    def declared(self, data: Json, properties: Properties, path: str) -> None:
        """Properties that no variant declares, and values of JSON types that none admits, stay as they are; the former
        are removed if that is wanted."""
        undeclared: list[str] = []
        emptied: list[str] = []
        for name, value in data.items():
            types = properties.get(name)
            if types == "any":
                continue
            if isinstance(types, str):
                classes, container, items = _expected(types)
                if value.__class__ not in classes:
                    self._mistyped(path + step(name), value, types)
                elif items and value.__class__ is container:
                    self._declared_in(value, items, path + step(name))
            elif types is None:
                undeclared.append(name)
            elif value.__class__ is not dict:
                self._mistyped(path + step(name), value, "object")
            elif value:
                self.declared(value, types, path + step(name))
                if not value:
                    emptied.append(name)
        for name in undeclared:
            if self._drops:
                self.dropped(path + step(name), data.pop(name), NOT_DECLARED)
            else:
                self.kept(path + step(name), data[name], NOT_DECLARED)
        for name in emptied:
            del data[name]

    def _declared_in(self, value: Any, types: str, path: str) -> None:
        """The same of what is in a list or a map."""
        classes, container, items = _expected(types)
        is_list = value.__class__ is list
        inner = enumerate(value) if is_list else value.items()
        for n, item in cast("Iterable[tuple[Any, Any]]", inner):
            where = f"{path}[{n}]" if is_list else path + step(n)
            if item.__class__ not in classes:
                self._mistyped(where, item, types)
            elif items and item.__class__ is container:
                self._declared_in(item, items, where)

    def _mistyped(self, path: str, value: object, types: str) -> None:
        own = types.partition(" of ")[0].split(" or ")
        own.sort(key="null".__eq__)  # null comes last
        *words, last = (word for name in own for word in _TYPES[name][1])
        listed = f"{', '.join(words)} or {last}" if words else last
        reason = f"{listed[0].upper()}{listed[1:]} is expected here."
        self.unfit(path, value, reason)

    def remove(self, data: Json, reasons: Mapping[str, str], path: str) -> None:
        """Remove the properties that have no place in the target, each for its reason."""
        for name, reason in reasons.items():
            if name in data:
                self.dropped(path + step(name), data.pop(name), reason)

    def dropped_empty(self, path: str) -> None:
        """An empty object that the target does not have."""
        self.dropped(path, {}, "An empty object has no place there.")

    def move(
        self,
        data: Json,
        source: Path,
        target: Path,
        path: str,
        table: Table | None = None,
        form: Form | None = None,
    ) -> None:
        """Bring a property from where other variants have it to where the hub has it."""
        if not has(data, source):
            return
        value = _popped(data, source)
        self._settle(data, value, _written(source), target, path, table, form)

    def _settle(
        self,
        data: Json,
        value: Any,
        old: str,
        target: Path,
        path: str,
        table: Table | None,
        form: Form | None,
    ) -> None:
        """Put what was at `old` where the hub has it."""
        new = _written(target)
        owner = data
        for name in target[:-1]:
            inner = owner.get(name)
            if inner is None and name not in owner:
                inner = owner[name] = {}
            elif inner.__class__ is not dict:
                self.conflict(path + old, value, f"`{name}` stands in its place.")
                return
            owner = cast("Json", inner)
        name = target[-1]
        if name in owner:
            meant = value
            if table is not None:
                meant = table.get(_hashable(value), (value, ""))[0]
            elif form is not None:
                meant = _attempted(form.up, value)
            if owner[name] != meant:
                reason = f"`{new[1:]}` says it otherwise, and counts."
                self.conflict(path + old, value, reason)
            return
        if table is not None:
            value = self.mapped(value, table, path + old)
        elif form is not None:
            value = self.turned_up(value, form, path, old)
        owner[name] = value
        self._moved.append((path, new, old))

    def take(
        self,
        data: Json,
        source: Steps,
        target: Path,
        path: str,
        types: str,
        table: Table | None = None,
        form: Form | None = None,
    ) -> None:
        """Bring a property of an element of a list to where the hub has it. An element of which nothing is left but what
        tells it keeps the place of the others; alone, it is removed with the list."""
        places = _places(data, source)
        if places is None:
            return
        owners: list[Any] = [data]
        for place in places[:-1]:
            owners.append(owners[-1][place])
        name = str(places[-1])
        value = owners[-1].pop(name)
        self._clear(owners, places, source)
        outer = "".join(
            f"[{place}]" if place.__class__ is int else step(str(place))
            for place in places[:-1]
        )
        self.declared({name: value}, {name: types}, path + outer)
        old = outer + step(name)
        self._settle(data, value, old, target, path, table, form)

    def _clear(self, owners: list[Any], places: list[Any], source: Steps) -> None:
        """Remove what is empty on the way to something that was taken out."""
        for n in range(len(owners) - 1, 0, -1):
            says, owner, outer = source[n - 1], owners[n], owners[n - 1]
            if says.__class__ is str:
                if not owner:
                    del outer[places[n - 1]]
            elif owner != _saying(says):
                return
            elif len(outer) > 1:
                self._emptied[id(owner)] = owner
                return
            else:
                outer.clear()

    def place(self, data: Json, source: Path, target: Steps, path: str) -> None:
        """Bring a property of the hub to an element of a list, which is made if it is not there."""
        if not has(data, source):
            return
        value = _popped(data, source)
        owner: Any = data
        for says, following in zip(target, target[1:], strict=False):
            inner: Any = {} if following.__class__ is str else []
            if says.__class__ is str:
                inner = owner.setdefault(says, inner)
            else:
                place = _place_of(owner, says)
                if place is None:
                    if says.__class__ is int and says > len(owner):
                        reason = "There is no element before it."
                        self.dropped(path + _written(source), value, reason)
                        return
                    owner.append(_saying(says))
                    place = len(owner) - 1
                inner = owner[place]
            wanted = dict if following.__class__ is str else list
            if inner.__class__ is not wanted:
                self.conflict(path + _written(source), value, "Another value stands in its place.")
                return
            owner = inner
        owner[target[-1]] = value

    def remove_emptied(self, data: Json, name: str) -> None:
        """Remove a list of which nothing is left but elements whose fields are elsewhere now."""
        values = data[name]
        if values.__class__ is list and values and all(id(v) in self._emptied for v in values):
            del data[name]

    def mapped(self, value: Any, table: Table, path: str) -> Any:
        """What a value becomes, by a table of all values. An unknown one stays as it is."""
        if value is None or value == []:
            return value
        row = _row(value, table)
        if row is not None:
            return self._becomes(value, row, path)
        if value not in [new for new, _ in table.values()]:
            self.unfit(path, value, "It has no form that is known here.")
        return value

    def mapped_if_known(self, value: Any, table: Table, path: str) -> Any:
        """What a value becomes, by a table that does not have all that is valid."""
        row = _row(value, table)
        return value if row is None else self._becomes(value, row, path)

    def _becomes(self, value: Any, row: tuple[Any, str], path: str) -> Any:
        new, reason = row
        if reason:
            self.changed(path, value, reason)
        return new if new.__class__ is str else copied(new)

    def turned_up(self, value: Any, form: Form, path: str, at: str) -> Any:
        """What a value at a place of an object becomes in another form. What has none stays as it is."""
        made = self._turned(value, form.up, form.down, path + at)
        if form.inside and made is not value:
            self._moved.append((path, at + form.inside, at))
        return made

    def turned_down(self, value: Any, form: Form, path: str, at: str) -> Any:
        """The other way."""
        made = self._turned(value, form.down, form.up, path + at)
        if form.inside and made is not value:
            self._moved.append((path, at, at + form.inside))
        return made

    def _turned(
        self,
        value: Any,
        turn: Callable[[Any], Any],
        back: Callable[[Any], Any],
        path: str,
    ) -> Any:
        if value is None:
            return value
        try:
            made = turn(value)
        except ValueError as error:
            self.unfit(path, value, str(error))
            return value
        self._comes_back(value, _attempted(back, made), path)
        return made

    def _comes_back(self, value: Any, back: Any, path: str) -> None:
        """Report what is not the same after the way back."""
        if value == back:
            return
        if value.__class__ is not dict or back.__class__ is not dict:
            self.changed(path, value, "It does not come back the same.")
            return
        for name in value:
            if name not in back:
                self.dropped(path + step(name), value[name], "It has no place there.")
        if any(name not in value for name in back):
            self.changed(path, value, "It does not come back the same.")

    def wrap(
        self,
        data: Json,
        name: str,
        own: Path,
        beside: Path,
        variants: Path,
        path: str,
    ) -> None:
        """Where an object is itself what the hub has under a name, put it there. `own` are the hub's names, `beside`
        those that stand beside it in the `variants` where it is."""
        if name in data:
            return
        if self.source in variants or any(k in beside or k not in own for k in data):
            data[name] = {k: data.pop(k) for k in list(data) if k not in beside}
            self._moved.append((path, _written((name,)), ""))

    def unwrap(self, data: Json, inner: Json, path: str) -> None:
        """Put what an object wraps into the object itself."""
        for name, value in inner.items():
            if name in data:
                reason = f"`{name}` stands in its place."
                self.conflict(path + step(name), value, reason)
            else:
                data[name] = value


Reader: TypeAlias = Callable[[Any, str, Report], None]
# The members of a union by their tags: a reader, the tag in the hub, and what the tag implies.
Members: TypeAlias = Mapping[str, tuple[Reader, str, tuple[tuple[Path, str], ...]]]


def step(name: str) -> str:
    """How a name is written in a path."""
    if name.isidentifier():
        return f".{name}"
    return f"[{json.dumps(name, ensure_ascii=False)}]"


@cache
def _written(path: Path) -> str:
    """How a path is written in a report: `.audio.input`."""
    return "".join(map(step, path))


def _places(data: Any, path: Steps) -> list[Any] | None:
    """A path with the places of the elements in it; None if there is nothing."""
    places: list[Any] = []
    for says in path:
        place: Any = says
        if says.__class__ is not str:
            place = _place_of(data, says)
            if place is None:
                return None
        elif data.__class__ is not dict or says not in data:
            return None
        places.append(place)
        data = data[place]
    return places


def _place_of(values: Any, says: Any) -> int | None:
    """The place of an element in a list, None if it is not there."""
    if values.__class__ is not list:
        return None
    if says.__class__ is int:
        return says if says < len(values) else None
    for n, value in enumerate(values):
        if all(key(value_at(value, path)) == key(of) for path, of in says):
            return n
    return None


def _saying(says: Any) -> Json:
    """An element that says what tells it."""
    made: Json = {}
    for path, value in () if says.__class__ is int else says:
        put(made, path, value)
    return made


def has(data: Any, path: Path) -> bool:
    """Whether there is something at a path of a payload."""
    for name in path:
        if data.__class__ is not dict or name not in data:
            return False
        data = data[name]
    return True


def put(data: Json, path: Path, value: Any) -> None:
    """Set the value at a path, making the objects on the way."""
    for name in path[:-1]:
        inner = data.setdefault(name, {})
        if inner.__class__ is not dict:
            data[name] = inner = {}
        data = cast("Json", inner)
    data[path[-1]] = value


def imply(data: Json, path: Path, text: str) -> None:
    """Write down what the tag of a member implied about one of its values, if the object that has it is there."""
    owner = value_at(data, path[:-1])
    if owner.__class__ is dict:
        owner.setdefault(path[-1], text)


def _popped(data: Json, path: Path) -> Any:
    """Take the value at a path out, and the objects that are empty then."""
    name = path[0]
    if len(path) == 1:
        return data.pop(name)
    value = _popped(data[name], path[1:])
    if not data[name]:
        del data[name]
    return value


def value_at(data: Any, path: Path) -> Any:
    """The value at a path of a payload, None if there is none."""
    for name in path:
        if data.__class__ is not dict:
            return None
        data = cast("Json", data).get(name)
    return data


def _attempted(turn: Callable[[Any], Any], value: Any) -> Any:
    """What a function makes of a value, nothing if it has no other form."""
    try:
        return turn(value)
    except ValueError:
        return _ABSENT


def _row(value: Any, table: Table) -> tuple[Any, str] | None:
    return table.get(value if value.__class__ is str else _hashable(value))


def _hashable(value: Any) -> object:
    made = key(value)
    try:
        hash(made)
    except TypeError:
        return _ABSENT
    return made


# -- what there is -------------------------------------------------------------------------------------------------

_PACKAGE = __name__.rpartition(".")[0]
HUB = "reconciled"


@cache
def _module(name: str) -> Any:
    return import_module(f".{name}", _PACKAGE)


@cache
def _tables() -> dict[str, Any]:
    """What conversions look up; see `_conversions/tables.json`."""
    text = files(_PACKAGE).joinpath("_conversions", "tables.json").read_text("utf-8")
    tables: dict[str, Any] = json.loads(text)
    return tables


@cache
def reader(family: str) -> Reader:
    """The function that reads a family into the hub."""
    function: Reader = getattr(
        _module("_conversions.reading"), _tables()["readers"][family]
    )
    return function


Around: TypeAlias = Callable[[Json, Any], tuple[list[Json], list[Json]]]


def stream_of(side: str) -> tuple[str, Around | None]:
    """The family of the events of a side, and the function that tells what stands around one of them, None if nothing
    ever does. Raises ValueError if there is no such side."""
    sides = _tables()["streams"]
    if side not in sides:
        known = f"it is {' or '.join(sides)}" if sides else "the map has no streams"
        raise ValueError(f"there is no side {side!r}: {known}")
    family, name = sides[side]
    around = getattr(_module("_conversions.streams"), name) if name else None
    return family, around


@cache
def writer(
    variant: str, family: str, role: str
) -> tuple[Callable[[Json, str, Report], bool | None], str]:
    """The function that writes a family for a variant, and the name of the class, "" for a union."""
    roles = _tables()["roots"][family]
    for candidate in (role, *roles):
        function, class_ = roles.get(candidate, {}).get(variant, ("", ""))
        if function:
            return getattr(_module(f"_conversions.{variant}"), function), class_
    having = [
        name
        for name in _tables()["variants"]
        if any(name in of for of in roles.values())
    ]
    raise ValueError(f"{variant} has no {family}; these have: {', '.join(having)}")


def check_variant(name: str, what: str) -> None:
    if name not in _tables()["variants"] and name != HUB:
        known = ", ".join((*_tables()["variants"], HUB))
        raise ValueError(f"there is no {what} {name!r}: it is one of {known}")


def check_undeclared(word: str) -> None:
    if word not in ("keep", "drop"):
        raise ValueError(f"undeclared is keep or drop, not {word!r}")


def check_family(name: str) -> None:
    if name not in _tables()["roots"]:
        known = ", ".join(_tables()["roots"])
        raise ValueError(f"there is no family {name!r}: it is one of {known}")


# -- detection -----------------------------------------------------------------------------------------------------


@cache
def _families_by_tag() -> dict[str, dict[str, str]]:
    """The tags of unions -> their values -> the family."""
    families: dict[str, dict[str, str]] = {}
    for family, tag in _tables()["tags"].items():
        families.setdefault(tag, {}).update(
            dict.fromkeys(_tables()["members"][family], family)
        )
    return families


def family_of(payload: Mapping[str, Any]) -> str:
    """The family that a payload belongs to: by its tag, else by the names of its properties. "" if nothing tells."""
    for tag, families in _families_by_tag().items():
        text = payload.get(tag)
        if isinstance(text, str) and text in families:
            return families[text]
    tables = _tables()
    best = ("", 0.0)
    for family, names in tables["names"].items():
        if not _may_be(payload, family):
            continue
        for value in (payload.get("type"), payload.get("object")):
            if isinstance(value, str) and value in tables["marks"].get(family, ()):
                return str(family)
        score = sum(1.0 / names[name] for name in payload if name in names)
        if score > best[1]:
            best = (family, score)
    return best[0]


def _may_be(payload: Mapping[str, Any], family: str) -> bool:
    """Whether what a payload says under the name of a tag is not the word of something else."""
    for tag, families in _tables()["tag_texts"].items():
        text = payload.get(tag)
        if isinstance(text, str) and text not in families.get(family, (text,)):
            return False
    return True


def _unknown_tag(payload: Mapping[str, Any]) -> str:
    """The name of a tag under which a payload has a text, "" if there is none."""
    tags = _tables()["tag_texts"]
    return next((tag for tag in tags if isinstance(payload.get(tag), str)), "")


def detect(payload: Mapping[str, Any], *, family: str | None = None) -> Detection:
    """Which variant a payload (parsed JSON) is of, by the names and values in it that only some variants know.

    Raises TypeError if the payload is not an object.
    """
    if not isinstance(payload, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a payload is a JSON object, not {type(payload).__name__}")
    name = family or family_of(payload)
    if not name:
        return Detection(None, (), (), "")
    check_family(name)
    evidence: list[Evidence] = []
    _gather(payload, name, "$", evidence)
    if not evidence:
        return Detection(None, (), (), name)
    variants: list[str] = _tables()["variants"]
    scores = {
        v: (
            sum(v in e.variants for e in evidence if e.strong),
            sum(v in e.variants for e in evidence),
        )
        for v in variants
    }
    best = max(scores.values())
    candidates = [v for v in variants if scores[v] == best]
    chosen = candidates[-1]
    conflicts = tuple(e.path for e in evidence if e.strong and chosen not in e.variants)
    is_one = len({_tables()["dialects"][v] for v in candidates}) == 1
    variant = chosen if is_one and not conflicts else None
    return Detection(variant, tuple(evidence), conflicts, name)


def _gather(
    value: Mapping[str, Any], shape: str, path: str, evidence: list[Evidence]
) -> None:
    """Add the evidence in an object of a shape, and in the shapes inside of it."""
    tables = _tables()
    tag = tables["tags"].get(shape)
    if tag is not None:
        text = value.get(tag)
        if not isinstance(text, str):
            return
        variants = tables["tag_evidence"][shape].get(text)
        if variants:
            strong = text in tables["strong"].get(shape, ())
            evidence.append(Evidence(f"{path}.{tag}={text}", variants, strong))
        member = tables["members"][shape].get(text, "")
        shape = f"{shape}.{member}"
    known = (
        tables["evidence"].get(shape, {}),
        tables["values"].get(shape, {}),
        tables["strong"].get(shape, ()),
    )
    _visit(value, "", path, known, evidence)
    for where, by, shapes, other in tables["nested"].get(shape, ()):
        inner = value_at(value, tuple(where.split(".")))
        at = f"{path}.{where}"
        if isinstance(inner, list):
            items = enumerate(cast("Iterable[Any]", inner))
            parts = [(f"{at}[{n}]", item) for n, item in items]
        else:
            parts = [(at, inner)]
        for at, part in parts:
            if isinstance(part, Mapping):
                own = cast("Json", part)
                text = own.get(by[1:]) if by.startswith(".") else value.get(by)
                chosen = shapes.get(text, other) if isinstance(text, str) else other
                _gather(own, chosen, at, evidence)


def _visit(
    value: Mapping[str, Any],
    prefix: str,
    path: str,
    known: tuple[Mapping[str, Any], Mapping[str, Any], Iterable[str]],
    evidence: list[Evidence],
) -> None:
    """Add the evidence in the properties of an object and of those inside of it; `known` are the paths, values and
    strong paths of its shape."""
    paths, values, strong = known
    for name, item in value.items():
        own = prefix + name
        at = f"{path}.{name}"
        if own in paths:
            evidence.append(Evidence(at, paths[own], own in strong))
        if own in values and isinstance(item, str) and item in values[own]:
            evidence.append(Evidence(f"{at}={item}", values[own][item], True))
        if isinstance(item, Mapping):
            _visit(cast("Json", item), own + ".", at, known, evidence)


def role_of(payload: Mapping[str, Any], family: str) -> str:
    """The role whose properties explain most of a payload; the first one if several do."""
    roles: Mapping[str, list[str]] = _tables()["roles"][family]
    return max(roles, key=lambda role: sum(name in payload for name in roles[role]))


# -- conversion ----------------------------------------------------------------------------------------------------


def convert(
    value: Any,
    to: str,
    *,
    source: str | None = None,
    family: str | None = None,
    strict: Strict = False,
    undeclared: Undeclared = "keep",
) -> Conversion[Any]:
    """What the package's `convert` does, without its signatures."""
    check_variant(to, "variant")
    if source is not None:
        check_variant(source, "source")
    check_undeclared(undeclared)
    role = ""
    if isinstance(value, Model):
        of, family_, role = _origin_of(value)
        source, family = source or of, family or family_
    if family is not None:
        check_family(family)
    result, losses, source, family, role = convert_own(
        payload_of(value), to, source, family, role, undeclared
    )
    if severe := intolerable(losses, strict):
        raise ConversionError(to, severe)
    if result is None or not isinstance(value, Model):
        return Conversion(result, tuple(losses), source)
    if source == to:
        return Conversion(decode(type(value), result), (), source)
    return Conversion(typed(result, to, family, role, losses), tuple(losses), source)


def convert_own(
    payload: Json,
    to: str,
    source: str | None,
    family: str | None,
    role: str = "",
    undeclared: Undeclared = "keep",
) -> tuple[Json | None, list[Loss], str | None, str, str]:
    """Convert a payload that the caller owns, which is changed: the result, None if the target has no form for it,
    the losses, and what was detected: source, family and role. The names that are given must be known ones. What has a
    tag that no family knows stays as it is, of the family "".

    Raises ValueError if nothing tells the family.
    """
    if family is None:
        family = family_of(payload)
        if not family and (tag := _unknown_tag(payload)):
            reason = "No family has it: it stays as it was."
            loss = Loss(f"$.{tag}", payload[tag], reason, "kept")
            return payload, [loss], source, "", role
        if not family:
            known = ", ".join(_tables()["roots"])
            raise ValueError(
                f"nothing tells what this payload is; give the family, one of {known}"
            )
    if source is None:
        source = detect(payload, family=family).variant
    if source == to:
        return payload, [], source, family, role
    report = Report(source or "", to, undeclared)
    reader(family)(payload, "$", report)
    if to == HUB:
        return payload, report.losses, source, family, role
    if not role and family not in _tables()["tags"]:
        role = role_of(payload, family)
    write, _ = writer(to, family, role)
    made = None if write(payload, "$", report) is False else payload
    return made, report.losses, source, family, role


def payload_of(value: Any) -> Json:
    """The JSON object that a model or a mapping is, shared with nobody. Raises TypeError for anything else, ValueError
    for one too deep."""
    if isinstance(value, UnknownVariant):
        value = value.raw
    try:
        if isinstance(value, Model):
            return cast("Json", copied(encode(value)))
        if isinstance(value, Mapping):
            return cast("Json", copied(dict(cast("Json", value))))
    except RecursionError:
        raise ValueError("nested too deeply for JSON") from None
    raise TypeError(f"it takes a model or a JSON object, not {type(value).__name__}")


def typed(
    payload: Json, to: str, family: str, role: str, losses: Iterable[Loss]
) -> Any:
    """The model of a payload. Raises ConversionError if it lacks what its class requires."""
    try:
        return decode(_class(to, family, role, payload), payload)
    except DecodeError as error:
        seen = {loss.path for loss in losses}
        faults = (Loss(f.path, None, f.message, "missing") for f in error.errors)
        raise ConversionError(
            to, [*losses, *(f for f in faults if f.path not in seen)]
        ) from error


def _origin_of(value: Model) -> tuple[str, str, str]:
    """The variant, family and role of a model."""
    cls = type(value)
    _, _, inside = cls.__module__.partition(_PACKAGE + ".")
    variant = inside.partition(".")[0]
    known = _tables()["classes"].get(variant, {}).get(cls.__name__)
    if known is None:
        raise TypeError(
            f"{variant}.{cls.__name__} belongs to no family that can be converted"
        )
    return variant, known[0], known[1]


def _class(variant: str, family: str, role: str, payload: Json) -> Any:
    tag = _tables()["tags"].get(family)
    if tag is not None:
        name = _tables()["tag_classes"][variant][family][payload[tag]]
    elif variant == HUB:
        name = family
    else:
        name = writer(variant, family, role)[1]
    return getattr(_module(variant), name)
