"""YAML text -> JSON data and a syntax tree with positions.

The scalars are those of the YAML 1.2 core schema: `on`, `yes`, `2024-12-04` and `12:30` are strings, `0o17` is a
number. libyaml composes the nodes; what they mean is decided here. A key is a string, spelled as written: the key
`200` is "200". Aliases share what they name. Merge keys (`<<`, which YAML 1.2 does not have but documents in the wild
do) are read as PyYAML reads them: own keys win, then earlier mappings. Tags other than those of JSON are refused.
"""

from __future__ import annotations

import math
import re
from sys import intern
from typing import Any, NoReturn, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import Diagnostic, Location, SpecError, step
from . import limits
from .limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES
from .text import Text

_CONSTANTS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER_STARTS = frozenset("+-.0123456789")
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
PLAIN, QUOTED = "?", "!"  # the tags of nodes without one, as YAML calls them
_TAG = "tag:yaml.org,2002:"


def parse(text: Text) -> tuple[Any, YamlTree]:
    """The data of a YAML document and its tree. Raises SpecError."""
    root = _compose(text)
    if root is None:
        raise limits.empty(text.source)
    construction = _Construction(text, root)
    data = construction.build(root)
    if construction.aliased:
        construction.measure()
    return data, YamlTree(root)


class YamlTree:
    """The nodes of a YAML document, as `positions.Tree` has them."""

    __slots__ = ("root",)

    def __init__(self, root: Node) -> None:
        self.root = root

    @property
    def start(self) -> tuple[int, int]:
        return self.root.start_mark.line, self.root.start_mark.column

    def children(self, node: Any) -> dict[str, tuple[Any, int, int]]:
        if node.__class__ is SequenceNode:
            return {
                str(index): (item, item.start_mark.line, item.start_mark.column)
                for index, item in enumerate(node.value)
            }
        if node.__class__ is not MappingNode:
            return {}
        found: dict[str, tuple[Any, int, int]] = {}
        for key, value in node.value:
            if _merges(key):
                sources = value.value if value.__class__ is SequenceNode else [value]
                for source in sources:
                    for name, child in self.children(source).items():
                        found.setdefault(name, child)
        for key, value in node.value:
            if not _merges(key):
                found[key.value] = (value, key.start_mark.line, key.start_mark.column)
        return found


class _TooDeepError(Exception):
    pass


class _TooManyError(Exception):
    pass


class _Composer(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes without resolving them: the tag of a node is PLAIN or QUOTED unless the document
    wrote one. The hooks are called once a node, before its children.
    """

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.depth = 0
        self.count = 0

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        return PLAIN if kind is not ScalarNode or implicit[0] else QUOTED

    def descend_resolver(self, parent: Node | None, index: Any) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH + 1:
            raise _TooDeepError(parent)
        if self.count > MAX_NODES:
            raise _TooManyError(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _compose(text: Text) -> Node | None:
    # YAML 1.2 does not break lines at these, libyaml does: hide them from it, then put them back.
    hidden = [char for char in "\x85\u2028\u2029" if char in text.body]
    body = text.body
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text.body)
    shown = dict(zip(hidden, free, strict=False))
    for char, stand_in in shown.items():
        body = body.replace(char, stand_in)
    try:
        composer = _Composer(body)
        try:
            root = cast("Node | None", composer.get_single_node())
        finally:
            composer.dispose()
    except yaml.reader.ReaderError:
        raise _control_character(text) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(text, error) from None
    except _TooDeepError as error:
        raise limits.too_deep(text.at(*_mark(error.args[0]))) from None
    except _TooManyError as error:
        raise limits.too_many(text.at(*_mark(error.args[0]))) from None
    if root is not None and shown:
        _restore(root, {ord(stand_in): char for char, stand_in in shown.items()})
    return root


def _restore(root: Node, table: dict[int, str]) -> None:
    pending, seen = [root], {id(root)}
    while pending:
        node = pending.pop()
        if isinstance(node, ScalarNode):
            node.value = node.value.translate(table)
            continue
        for child in _inside(node):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


class _Construction:
    """Builds data from nodes, each shared node once."""

    def __init__(self, text: Text, root: Node) -> None:
        self.text = text
        self.root = root
        self.aliased = False
        self.built: dict[int, Any] = {}
        self.merged = 0

    def build(self, node: Node) -> Any:
        kind = node.__class__
        if kind is ScalarNode:
            return self.scalar(node)
        built = self.built
        if id(node) in built:
            self.aliased = True
            if built[id(node)] is self:
                self.refuse("alias-recursive", "This value contains itself through an alias.", node)
            return built[id(node)]
        if node.tag is not PLAIN and node.tag != _TAG + ("map" if kind is MappingNode else "seq"):
            self.refuse_tag(node)
        built[id(node)] = self
        value: Any
        if kind is MappingNode:
            value = self.mapping(node)
        else:
            build, scalar = self.build, self.scalar
            value = [
                scalar(item) if item.__class__ is ScalarNode else build(item) for item in node.value
            ]
        built[id(node)] = value
        return value

    def mapping(self, node: Node) -> dict[str, Any]:
        result: dict[str, Any] = {}
        build, scalar = self.build, self.scalar
        for key, value in node.value:
            if key.__class__ is not ScalarNode:
                self.refuse(
                    "key-invalid",
                    "A key must be a string, not a mapping or sequence.",
                    key,
                    "Quote the key if it is meant as text.",
                )
            name = key.value
            if key.tag is not PLAIN and key.tag is not QUOTED:
                self.scalar(key)
            if name == "<<" and key.tag is PLAIN:
                return self.merging(node)
            result[intern(name)] = scalar(value) if value.__class__ is ScalarNode else build(value)
        if len(result) != len(node.value):
            self.refuse_duplicate(node)
        return result

    def merging(self, node: Node) -> dict[str, Any]:
        """A mapping with a merge key."""
        own = [(key, value) for key, value in node.value if not _merges(key)]
        merges = [(key, value) for key, value in node.value if _merges(key)]
        if len(merges) > 1:
            self.refuse_duplicate(node)
        place, wanted = merges[0]
        sources = wanted.value if wanted.__class__ is SequenceNode else [wanted]
        result: dict[str, Any] = {}
        for source in reversed(sources):
            if source.__class__ is not MappingNode:
                self.refuse(
                    "merge-invalid",
                    "A merge key takes a mapping or a list of mappings.",
                    place,
                    'Quote the key ("<<") if it is meant as text.',
                )
            values = self.build(source)
            self.merged += len(values)
            if self.merged > MAX_NODES:
                self.refuse_bomb(place)
            result.update(values)
        mine = self.mapping(MappingNode(PLAIN, own, node.start_mark, node.end_mark))
        result.update(mine)
        return result

    def scalar(self, node: Node) -> Any:
        value: str = node.value
        tag = node.tag
        if tag is QUOTED:
            return value
        if tag is PLAIN:
            if value[:1] in _NUMBER_STARTS:
                return self.number(node, value)
            return _CONSTANTS.get(value, value)
        return self.tagged(node, value)

    def number(self, node: Node, value: str) -> Any:
        """The number that a plain scalar spells, or the text if it spells none."""
        if _INT.fullmatch(value):
            if len(value) > MAX_DIGITS:
                self.refuse_number(node, limits.integer_too_long())
            return int(value)
        if _FLOAT.fullmatch(value):
            result = float(value)
            if math.isinf(result):
                self.refuse_number(node, f"The number {value[:40]} is too large.")
            return result
        if _BASED.fullmatch(value):
            return int(value, 0)
        if _NOT_FINITE.fullmatch(value):
            self.refuse_number(node, f"{value} is not a number that JSON has.")
        return value

    def tagged(self, node: Node, value: str) -> Any:
        """A scalar with an explicit tag."""
        result: Any = value
        match node.tag.removeprefix(_TAG):
            case "str":
                return value
            case "null" | "bool" | "int" | "float" as kind:
                is_number = value[:1] in _NUMBER_STARTS
                result = self.number(node, value) if is_number else _CONSTANTS.get(value, value)
                if kind == "float" and type(result) is int:
                    result = float(result)
                kinds = {"null": type(None), "bool": bool, "int": int, "float": float}
                if type(result) is not kinds[kind]:
                    self.refuse("tag-invalid", f"The value does not fit its tag !!{kind}.", node)
                return result
        self.refuse_tag(node)

    def measure(self) -> None:
        """Refuse data that is too large or too deep once its aliases are written out.

        Anchors stand before their aliases, so that the recursion is no deeper than the text is nested.
        """
        measures: dict[int, tuple[int, int]] = {}

        def measured(node: Node) -> tuple[int, int]:
            if node.__class__ is ScalarNode:
                return 1, 0
            if id(node) in measures:
                return measures[id(node)]
            size, depth = 1, 0
            for child in _inside(node):
                child_size, child_depth = measured(child)
                size += child_size
                depth = max(depth, child_depth)
            if size > MAX_NODES:
                self.refuse_bomb(node)
            if depth + 1 > MAX_DEPTH:
                raise limits.too_deep(self.at(node))
            measures[id(node)] = size, depth + 1
            return size, depth + 1

        measured(self.root)

    def at(self, node: Node) -> Location:
        return self.text.at(*_mark(node), _pointer(self.root, node))

    def refuse(
        self, code: str, message: str, node: Node, hint: str = "", *related: Location
    ) -> NoReturn:
        raise SpecError(Diagnostic(code, message, self.at(node), hint, related))

    def refuse_number(self, node: Node, message: str) -> NoReturn:
        raise limits.number_invalid(message, self.at(node))

    def refuse_tag(self, node: Node) -> NoReturn:
        tag = node.tag.replace(_TAG, "!!")
        self.refuse(
            "tag-invalid",
            f"The tag {tag} has no meaning in an OpenAPI document.",
            node,
            "Remove the tag: only the kinds of value that JSON has can be read.",
        )

    def refuse_bomb(self, node: Node) -> NoReturn:
        self.refuse(
            "alias-bomb",
            f"Written out, the aliases of this document are more than {MAX_NODES:,} values.",
            node,
            "Use $ref instead of aliases of aliases.",
        )

    def refuse_duplicate(self, node: Node) -> NoReturn:
        first: dict[str, Node] = {}
        for key, _ in node.value:
            if key.value in first:
                pointer = step(_pointer(self.root, node), key.value)
                raise limits.duplicate_key(
                    key.value,
                    self.text.at(*_mark(key), pointer),
                    self.text.at(*_mark(first[key.value]), pointer),
                )
            first[key.value] = key
        raise AssertionError("no duplicate key")


def _control_character(text: Text) -> SpecError:
    found = _NOT_PRINTABLE.search(text.body)
    at = text.at_offset(found.start()) if found else Location(text.source)
    what = f"U+{ord(found[0]):04X}" if found else "a character"
    return SpecError(
        Diagnostic(
            "control-character",
            f"The document contains {what}, which YAML does not allow.",
            at,
            "Remove the character, or write it as an escape in a double-quoted string.",
        )
    )


def _syntax_error(text: Text, error: yaml.MarkedYAMLError) -> SpecError:
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    at = text.at(mark.line, mark.column) if mark else Location(text.source)
    message = error.problem or error.context or "it cannot be read"
    hint = ""
    if error.context and error.problem:
        message = f"{message} {error.context}" if "while" in error.context else message
    if "cannot start any token" in message and at.excerpt[at.column - 1 :].startswith("\t"):
        hint = "Indent with spaces: YAML does not allow tabs there."
    elif "single document" in (error.context or ""):
        message, hint = "the file holds more than one document", "Give each document its own file."
    elif "mapping values are not allowed" in message:
        hint = (
            "Quote the text if its colon is not meant to start a value, or check the indentation."
        )
    related: tuple[Location, ...] = ()
    if mark and context and context.line != mark.line:
        related = (text.at(context.line, context.column),)
    return SpecError(
        Diagnostic("yaml-syntax", f"This is not valid YAML: {message}.", at, hint, related)
    )


def _merges(key: Node) -> bool:
    return key.value == "<<" and key.tag is PLAIN


def _mark(node: Node | None) -> tuple[int, int]:
    return (node.start_mark.line, node.start_mark.column) if node is not None else (0, 0)


def _inside(node: Node) -> list[Node]:
    """The child nodes of a mapping (its values) or a sequence."""
    if node.__class__ is MappingNode:
        return [part for pair in node.value for part in pair]
    return cast("list[Node]", node.value) if node.__class__ is SequenceNode else []


def _pointer(root: Node, wanted: Node) -> str:
    """The JSON pointer of a node, or of the value of a key; found by search, as only errors need it."""
    pending, seen = [(root, "")], {id(root)}
    while pending:
        node, pointer = pending.pop()
        if node is wanted:
            return pointer
        if node.__class__ is MappingNode:
            pairs = [(key, value, getattr(key, "value", "")) for key, value in node.value]
            if any(key is wanted for key, _, _ in pairs):
                named = next(name for key, _, name in pairs if key is wanted)
                return step(pointer, named) if isinstance(named, str) else pointer
            children = [(value, name) for _, value, name in pairs if isinstance(name, str)]
        elif node.__class__ is SequenceNode:
            children = [(item, str(index)) for index, item in enumerate(node.value)]
        else:
            continue
        for child, name in children:
            if id(child) not in seen:
                seen.add(id(child))
                pending.append((child, step(pointer, name)))
    return ""
