"""Names of schemas -> Python names. This and `attributes` are the only places that invent identifiers.

Components keep their name. An inline type is named after its path from the nearest component: the property, `Item`
for the items of an array, `Value` for the values of a map, and for a member of a union what tells it apart. `title`
never names anything, and nothing is numbered. `docs/names.md` has the rules for users.
"""

from __future__ import annotations

import json
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..ir.words import pascal_case, spelled_out
from .styles import STYLES

# Names that emitted modules use themselves, some of them as local names of the codecs. A schema of that
# name gets a trailing underscore.
BUILTINS = frozenset({"str", "int", "float", "bool", "list", "dict", "tuple"})
# What Python itself calls so (3.11: the same output on every Python), which a package must not hide from those who import
# all of it.
# fmt: off
OF_PYTHON = frozenset(
    (
        "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup",
        "BlockingIOError", "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError",
        "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError",
        "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning", "EnvironmentError", "Exception",
        "ExceptionGroup", "FileExistsError", "FileNotFoundError", "FloatingPointError", "FutureWarning",
        "GeneratorExit", "IOError", "ImportError", "ImportWarning", "IndentationError", "IndexError",
        "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError",
        "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplemented",
        "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning", "PermissionError",
        "ProcessLookupError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError",
        "RuntimeWarning", "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning",
        "SystemError", "SystemExit", "TabError", "TimeoutError", "TypeError", "UnboundLocalError",
        "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError",
        "UnicodeWarning", "UserWarning", "ValueError", "Warning", "ZeroDivisionError", "abs", "aiter",
        "all", "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable",
        "chr", "classmethod", "compile", "complex", "delattr", "dict", "dir", "divmod", "enumerate", "eval",
        "exec", "filter", "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "hex",
        "id", "input", "int", "isinstance", "issubclass", "iter", "len", "list", "locals", "map", "max",
        "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print", "property", "range",
        "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum",
        "super", "tuple", "type", "vars", "zip"
    )
)
# fmt: on
_TYPE_RESERVED = (
    OF_PYTHON
    | {style.imported for style in STYLES.values()}
    | {
        "Annotated",
        "Any",
        "AttributeError",
        "DecodeError",
        "Fault",
        "Literal",
        "Never",
        "Schema",
        "TYPE_CHECKING",
        "TypeAlias",
        "UNSET",
        "UnknownVariant",
        "Unset",
        "annotations",
        "d",
        "data",
        "decode",
        "decode_json",
        "encode",
        "encode_json",
        "encode_json_str",
        "get",
        "getattr",
        "globals",
        "len",
        "n",
        "o",
        "object",
        "rest",
        "sorted",
        "strict",
        "type",
        "v",
        "validate",
        "value",
    }
)
# The table of the configuration that settles names.
SETTLED = "tool.modelgen.packages.NAME.names"

_ORDINALS = (
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
)


def type_names(
    api: ir.Api, fixed: Mapping[str, str] | None = None, modules: Iterable[str] = ()
) -> tuple[dict[str, str], list[ir.Anomaly]]:
    """Key -> Python name of every named type, and the inline types that had to give way to a component.

    `fixed`: JSON pointer -> name, what the configuration settles. `modules`: the package's modules, which a type
    must not hide. Raises SpecError if two types want one name.
    """
    fixed = fixed or {}
    hidden = frozenset(modules)
    anomalies: list[ir.Anomaly] = []
    names: dict[str, str] = {}
    taken: dict[str, ir.Named] = {}
    components = [named for named in api.types if named.component]
    inline = [named for named in api.types if not named.component]
    # first what the configuration settles, then names that are spelled exactly as in the document, then other
    # components, whose order there must not matter, then inline types
    components.sort(
        key=lambda named: (
            named.at.pointer not in fixed,
            class_name(named.key) != named.key,
            named.key,
        )
    )
    namer = _TypeNamer(api, names)
    inline.sort(key=lambda named: named.key)
    for named in (*components, *inline):
        settled = None if ir.is_twin(named.key) else fixed.get(named.at.pointer)
        name = settled or namer.name(named)
        if not settled and name in hidden:
            name += "_"
        if name in taken:
            if settled:
                raise _clash(name, named.at, taken[name].at)
            other = taken[name]
            name = _told_apart(named, other, name, taken)
            anomalies.append(_taken(named, other, name))
        taken[name] = named
        names[named.key] = name
    for name, named in list(taken.items()):
        prefix, _, rest = name.partition("_")
        if prefix in ("read", "write") and rest in taken:  # what codecs call their functions
            if named.at.pointer in fixed:
                raise _clash(name, named.at, taken[rest].at)
            names[named.key] = _told_apart(named, taken[rest], f"{name}_", taken)
            taken[names[named.key]] = taken.pop(name)
            anomalies.append(_taken(named, taken[rest], names[named.key]))
    return names, anomalies


def class_name(wire: str) -> str:
    """A component's name as an identifier: itself if it is one, else its words capitalised and joined."""
    name = unicodedata.normalize("NFKC", wire)
    return _class(name if name.isidentifier() and not name.startswith("_") else pascal_case(name))


def _class(name: str) -> str:
    name = _legal(name, "Schema")
    return name + "_" * (name in _TYPE_RESERVED or keyword.iskeyword(name))


class _TypeNamer:
    def __init__(self, api: ir.Api, names: Mapping[str, str]) -> None:
        self.types = api.by_key()
        self.names = names
        self.components = {named.key for named in api.types if named.component} | api.apart
        self.members: dict[str, dict[int, ir.Named]] = {}
        for key, named in self.types.items():
            owner, _, index = key.rpartition("|")
            if re.fullmatch(r"[0-9]+", index):
                self.members.setdefault(owner, {})[int(index)] = named
        self.siblings: dict[str, _Siblings] = {}
        # union -> the members that have no name but hold types that have, as `list[...]`
        self.nameless: dict[str, set[int]] = {}
        for key in self.types:
            for match in re.finditer(r"\|([0-9]+)(?=.)", key, re.DOTALL):
                if key[: match.end()] not in self.types:
                    self.nameless.setdefault(key[: match.start()], set()).add(int(match[1]))

    def name(self, named: ir.Named) -> str:
        return class_name(named.key) if named.component else self._path(named.key)

    def _path(self, key: str) -> str:
        owner, walked = self._owner(key)
        name = self.names.get(owner, class_name(owner)).rstrip("_")
        for kind, text in ir.key_steps(key[len(walked) :]):
            match kind:
                case "property":
                    walked = ir.property_key(walked, text)
                    name += pascal_case(text)
                case "item":
                    walked += f"[{text}]"
                    name += f"{_ordinal(int(text))}Item" if text else "Item"
                case "value":
                    walked += "{}"
                    name += "Value"
                case "pattern":
                    walked += f"/{text}/"
                    name += "Value"
                case "member":
                    name += self._member(walked, int(text))
                    walked += f"|{text}"
                case _:
                    walked += f"#{text}"
                    name += pascal_case(text)
        return _class(name)

    def _owner(self, key: str) -> tuple[str, str]:
        """The component whose path the key starts with, and how it is written there."""
        if quoted := re.match(r'"(?:[^"\\]|\\.)*"', key):
            return json.loads(quoted[0]), quoted[0]
        ends = [match.start() for match in re.finditer(r"[.\[{|/&#]", key)]
        # what a pointer leads to may have a path of its own: the longest one counts
        owner = next((key[:end] for end in reversed(ends) if key[:end] in self.components), key)
        return owner, owner

    def _member(self, owner: str, index: int) -> str:
        """What tells an inline member of a union apart: its tag, its kind, a property that only it has."""
        if owner not in self.siblings:
            self.siblings[owner] = _Siblings(self.members.get(owner, {}))
        siblings = self.siblings[owner]
        own = siblings.tags.get(index, "")
        if own and siblings.tag_counts[own] == 1:
            return pascal_case(own)
        if index not in siblings.places:
            # an array or a map, whose items have names: `Item` or `Value` will follow
            return "" if len(self.nameless.get(owner, ())) == 1 else _ordinal(index)
        if len(siblings.places) == 1:
            return "Object" if isinstance(siblings.types[index].type, ir.Object) else "Choice"
        for wire in _wires(siblings.types[index].type):
            if siblings.wire_counts[wire] == 1:
                return "With" + pascal_case(wire)
        return _ordinal(siblings.places[index])


class _Siblings:
    """The members of a union that have names, by their index: the tag of each, and how many have a tag or a property."""

    def __init__(self, types: Mapping[int, ir.Named]) -> None:
        self.types = types
        self.places = {n: place for place, n in enumerate(sorted(types))}
        self.tags = {n: _tag(named.type) for n, named in types.items()}
        self.tag_counts = Counter(self.tags.values())
        self.wire_counts = Counter(
            wire for named in types.values() for wire in dict.fromkeys(_wires(named.type))
        )


def _tag(type_: ir.Type) -> str:
    if isinstance(type_, ir.Object):
        for field in sorted(type_.fields, key=lambda field: not field.required):
            if (
                isinstance(field.type, ir.Literal)
                and len(field.type.values) == 1
                and not field.type.open
            ):
                value = field.type.values[0].json
                if isinstance(value, str):
                    return value
    return ""


def _wires(type_: ir.Type) -> list[str]:
    if not isinstance(type_, ir.Object):
        return []
    return [field.wire for field in sorted(type_.fields, key=lambda field: not field.required)]


def _ordinal(index: int) -> str:
    tens, ones = divmod(index, len(_ORDINALS))
    return _ORDINALS[ones] + "Of" + _ordinal(tens - 1) if tens else _ORDINALS[ones]


def _legal(name: str, prefix: str) -> str:
    if not name:
        return prefix
    return (
        name
        if name.isidentifier()
        else f"{prefix}{name}" if f"{prefix}{name}".isidentifier() else prefix
    )


def _told_apart(named: ir.Named, other: ir.Named, name: str, taken: Mapping[str, ir.Named]) -> str:
    """What a schema is called whose name is taken. An inline type gives way to a component; else the punctuation of the
    place is spelled out. Raises SpecError if those are taken too."""
    spelled = pascal_case(spelled_out(named.key))
    ending = "Schema" if named.component else "Inline"
    first = f"{name}Inline" if other.component and not named.component else spelled
    for candidate in (first, spelled, f"{name}{ending}", f"{spelled}{ending}"):
        if candidate not in taken and candidate.isidentifier():
            return candidate
    raise _clash(name, named.at, other.at)


def _taken(named: ir.Named, other: ir.Named, name: str) -> ir.Anomaly:
    message = (
        f"`{other.key}` has the name of this schema, which becomes `{name}`; "
        f"{settles(f'#{named.at.pointer}', 'AnotherName')}"
    )
    return ir.Anomaly("name-taken", message, named.at)


def settles(key: str, name: str) -> str:
    """How a user names what stands at a pointer, as the end of a sentence."""
    return f'`"{key}" = "{name}"` under `names` settles it.'


def _clash(name: str, at: Location, other: Location) -> SpecError:
    hint = f'Name one of them yourself: under [{SETTLED}] write "#{at.pointer}" = "AnotherName".'
    message = f"Two schemas would both be named `{name}`."
    return SpecError(Diagnostic("name-clash", message, at, hint, (other,)))
