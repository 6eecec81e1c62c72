"""What readers and writers of conversions are made of: lines of one module, literals, tables of values."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ... import ir
from ...ir.words import snake_case
from ...reconcile import Entry, Occurrence, Resolution, Row, Shape, kind_of, opened
from ..text import docstring, indented, json_literal, literal
from ..views import ConversionsView, FunctionView

# The payload that a function works on.
DATA = "d"


@dataclass(slots=True)
class Code:
    """The lines of one module."""

    constants: dict[str, str] = field(default_factory=dict)
    functions: list[FunctionView] = field(default_factory=list)
    bodies: dict[tuple[str, ...], str] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def constant(self, hint: str, text: str) -> str:
        """The name of a constant of this text, made once."""
        for name, known in self.constants.items():
            if known == text:
                return name
        base = f"_{_ascii(hint).upper()}"
        name, n = base, 1
        while name in self.constants:
            n += 1
            name = f"{base}_{n}"
        self.constants[name] = text
        return name

    def function(self, of: str, name: str, doc: str, lines: Sequence[str], returns: str) -> str:
        """The name of a function with this body; equal bodies `of` one union are one function."""
        body = (of, returns, *lines)
        if body not in self.bodies:
            self.bodies[body] = self.free(name)
            self.define(self.bodies[body], doc, tuple(lines) or ("pass",), returns)
        return self.bodies[body]

    def free(self, name: str) -> str:
        """A name that no function has: two tags may differ in what a name cannot hold."""
        found, n = name, 1
        while found in self.taken:
            n += 1
            found = f"{name}_{n}"
        self.taken.add(found)
        return found

    def define(self, name: str, doc: str, lines: Sequence[str], returns: str) -> None:
        self.functions.append(FunctionView(name, returns, docstring(doc, 4), tuple(lines)))


def view(code: Code, path: str, doc: tuple[str, ...]) -> ConversionsView:
    return ConversionsView(
        path=path,
        doc=doc,
        has_tables=any(text.startswith("{") for text in code.constants.values()),
        constants=tuple(
            f"{name}: Final{'[Table]' if text.startswith('{') else ''} = {text}"
            for name, text in code.constants.items()
        ),
        functions=tuple(code.functions),
        tables=tuple(
            (f"{name}: Final = {{", *indented(rows), "}") for name, rows in code.tables.items()
        ),
    )


# What generated functions call their own values.
_OWN = frozenset(
    [
        "d",
        "found",
        "g1",
        "g2",
        "g3",
        "held",
        "item",
        "made",
        "n",
        "path",
        "r",
        "read",
        "run",
        "s",
        "tag",
        "v",
        "when",
        "write",
        "x",
    ]
)


def function_name(*parts: str) -> str:
    """An identifier, whatever the text; it may be that of another text as well, see `Code.free`."""
    name = _ascii(snake_case("_".join(parts)))
    if keyword.iskeyword(name) or name in _OWN or not name[0].isalpha():
        return f"{name}_" if name[0].isalpha() else f"of{name}"
    return name


def _ascii(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "_", text).rstrip("_") or "_"


def said(path: str) -> str:
    """How a path of names is written in a report: `.audio.input`."""
    return "".join(
        f".{name}" if name.isidentifier() else f"[{json.dumps(name, ensure_ascii=False)}]"
        for name in path.split(".")
    )


def container(occurrences: Sequence[Occurrence], path: str, resolution: Resolution) -> str:
    """What holds the shapes of an entry: "array", "map" or "" for the value itself."""
    for occurrence in reversed(occurrences):
        placement = occurrence.placements.get(path)
        if placement is None:
            continue
        for type_ in placement.types:
            for part in opened(type_, resolution.apis[occurrence.variant]):
                if isinstance(part, ir.Array):
                    return "array"
                if isinstance(part, ir.Map):
                    return "map"
                if isinstance(part, ir.Object):
                    return ""
    return ""


def key(value: object) -> str:
    """A JSON value as the key of a table of values: the runtime's `key` of the same value."""
    match value:
        case list():
            return joined([key(item) for item in value])
        case dict():
            pairs = [f"({literal(name)}, {key(item)})" for name, item in sorted(value.items())]
            return joined(pairs)
        case _:
            return json_literal(value)


def joined(parts: Sequence[str]) -> str:
    """A tuple of expressions, without the comma that makes black write one a line."""
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def json_text(value: object) -> str:
    """A JSON value as a Python expression."""
    match value:
        case list():
            return f"[{', '.join(json_text(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{literal(k)}: {json_text(v)}' for k, v in value.items())}}}"
        case _:
            return json_literal(value)


def value_table(rows: Sequence[Row], upwards: bool) -> str:
    """A table of values as a dict: key -> the value it becomes, and why that is a loss, "" if it is none."""
    lines = []
    for row in rows:
        if row.was is None or row.way not in ("both", "up" if upwards else "down"):
            continue
        source, target = (row.was, row.hub) if upwards else (row.hub, row.was)
        reason = row.reason if row.way != "both" else ""
        lines.append(f"{key(source.json)}: ({json_text(target.json)}, {literal(reason)})")
    return f"{{{', '.join(lines)}}}"


def has_pairs(rows: Sequence[Row]) -> bool:
    return any(row.was is not None for row in rows)


def is_disjoint(rows: Sequence[Row]) -> bool:
    """Whether an older value can be told from one of the hub by itself: texts here, no text there."""
    pairs = [row for row in rows if row.was is not None]
    old = {kind_of(row.was.json) for row in pairs if row.was}
    new = {kind_of(row.hub.json) for row in pairs}
    return not old & new


def is_own(rows: Sequence[Row]) -> bool:
    """Whether no older value is one of the hub, so that the table reads at any path."""
    old = {row.was for row in rows if row.was is not None}
    return not old & {row.hub for row in rows}


class Emitter:
    """What readers and writers share: functions over a tree of groups."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.map = resolution.map
        self.code = Code()

    def rows(self, entry: Entry) -> tuple[Row, ...]:
        return self.map.values.get(entry.values, ())

    def occurrences(self, shape: Shape, tag: str = "") -> tuple[Occurrence, ...]:
        return self.resolution.of(shape.name, tag)


def element(at: str, kind: str) -> str:
    """The path of an item `n` of the array at a path, or of the value of a map under the name `n`."""
    if kind == "map":
        return f"path + {literal(at)} + r.step(n)"
    inner = literal(at + "[")[1:-1].replace("{", "{{").replace("}", "}}")
    return f'f"{{path}}{inner}{{n}}]"' if '"' not in inner else f"path + {literal(at)} + f'[{{n}}]'"


def names_tuple(names: Iterable[str]) -> str:
    """A tuple of names."""
    return joined([literal(name) for name in names])


def by_group(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by the object of the hub that they are in, "" for the one that their shape is."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.path.rpartition(".")[0], []).append(entry)
    return found


def below(groups: Iterable[str], prefix: str) -> Iterator[tuple[str, str, str]]:
    """The objects right below one that have something in them: name, path and variable."""
    start = f"{prefix}." if prefix else ""
    variable = f"g{start.count('.') + 1}"
    names = (path.removeprefix(start).split(".")[0] for path in groups if path.startswith(start))
    for name in dict.fromkeys(name for name in names if name):
        yield name, start + name, variable


def items_of(kind: str) -> tuple[str, str]:
    """The class of a container, and how its items are enumerated."""
    return ("list", "enumerate(v)") if kind == "array" else ("dict", "v.items()")
