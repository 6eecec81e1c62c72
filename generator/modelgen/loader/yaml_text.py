"""YAML text -> JSON data and a syntax tree with positions.

The scalars are those of the YAML 1.2 core schema: `on`, `yes`, `2024-12-04` and `12:30` are strings, `0o17` is a
number. A key is a string, spelled as written: the key `200` is "200". Aliases share what they name. Merge keys (`<<`,
which YAML 1.2 does not have but documents in the wild do) are read as PyYAML reads them: own keys win, then earlier
mappings. Tags other than those of JSON are refused.
"""

from __future__ import annotations

import math
import re
from sys import intern
from typing import Any, NoReturn

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import Diagnostic, Location, SpecError
from . import limits
from .text import Oddity, Text
from .yaml_nodes import PLAIN, QUOTED, compose, inside, merges, pointer_of, start

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
_TAG = "tag:yaml.org,2002:"
_TAGGED = {"null": type(None), "bool": bool, "int": int, "float": float}


def parse(text: Text) -> tuple[Any, YamlTree]:
    """The data of a YAML document and its tree. Raises SpecError."""
    root = compose(text)
    if root is None:
        raise limits.empty(text.source)
    construction = _Construction(text, root)
    data = construction.build(root)
    if construction.aliased:
        construction.measure()
    return data, YamlTree(data, root.start_mark.index, construction.offsets)


class YamlTree:
    """Data with the offsets of its keys and items, as `positions.Tree` has it.

    The nodes are not kept: they are ten times the objects that the data is.
    """

    __slots__ = ("_offsets", "root")

    def __init__(self, data: Any, start: int, offsets: dict[int, list[int]]) -> None:
        self.root = (data, start)
        self._offsets = offsets

    def children(self, node: Any) -> dict[str, tuple[Any, int]]:
        offsets = self._offsets.get(id(node))
        if offsets is None:  # a scalar, or what stands for something that was repaired
            return {}
        if isinstance(node, dict):
            pairs = zip(node.items(), offsets, strict=True)
            return {key: (value, offset) for (key, value), offset in pairs}
        if isinstance(node, list):
            items = zip(node, offsets, strict=True)
            return {str(index): item for index, item in enumerate(items)}
        return {}


class _Construction:
    """Builds data from nodes, each shared node once."""

    def __init__(self, text: Text, root: Node) -> None:
        self.text = text
        self.root = root
        self.aliased = False
        self.built: dict[int, Any] = (
            {}
        )  # id of a node -> its value, or this object while it is being built
        self.offsets: dict[int, list[int]] = {}  # id of a value -> where its keys or items start
        self.merged = 0

    def build(self, node: Node) -> Any:
        kind = node.__class__
        if kind is ScalarNode:
            return self.scalar(node)
        built = self.built
        if id(node) in built:
            self.aliased = True
            if built[id(node)] is self:
                self.refuse(
                    "alias-recursive",
                    "This value contains itself through an alias.",
                    node,
                    "Use $ref for a schema that refers to itself.",
                )
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
            self.offsets[id(value)] = [item.start_mark.index for item in node.value]
        built[id(node)] = value
        return value

    def mapping(self, node: Node) -> dict[str, Any]:
        result: dict[str, Any] = {}
        offsets: list[int] = []
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
            tag = key.tag
            if tag is not PLAIN and tag is not QUOTED:
                self.tagged(key, name)
            if name == "<<" and tag is PLAIN:
                return self.merging(node)
            result[intern(name)] = scalar(value) if value.__class__ is ScalarNode else build(value)
            offsets.append(key.start_mark.index)
        if len(result) != len(node.value):
            self.list_duplicates(node)
            offsets = list({key.value: key.start_mark.index for key, _ in node.value}.values())
        self.offsets[id(result)] = offsets
        return result

    def merging(self, node: Node) -> dict[str, Any]:
        """A mapping with a merge key."""
        pairs = [(key, value) for key, value in node.value if merges(key)]
        if len(pairs) > 1:
            raise SpecError(limits.refused(odd) for odd in self.duplicates(node))
        first, merged = pairs[0]
        result: dict[str, Any] = {}
        offsets: dict[str, int] = {}
        for source in reversed(merged.value if merged.__class__ is SequenceNode else [merged]):
            if source.__class__ is not MappingNode:
                self.refuse(
                    "merge-invalid",
                    "A merge key takes a mapping or a list of mappings.",
                    first,
                    'Quote the key ("<<") if it is meant as text.',
                )
            values = self.build(source)
            self.merged += len(values)
            if self.merged > limits.MAX_NODES:
                self.refuse_bomb(first)
            result.update(values)
            offsets.update(zip(values, self.offsets[id(values)], strict=True))
        own = [(key, value) for key, value in node.value if not merges(key)]
        mine = self.mapping(MappingNode(PLAIN, own, node.start_mark, node.end_mark))
        result.update(mine)
        offsets.update(zip(mine, self.offsets[id(mine)], strict=True))
        self.offsets[id(result)] = list(offsets.values())
        return result

    def scalar(self, node: Node) -> Any:
        value: str = node.value
        tag = node.tag
        if tag is QUOTED:
            return value
        if tag is not PLAIN:
            return self.tagged(node, value)
        if value[:1] in _NUMBER_STARTS:
            return self.number(node, value)
        return _CONSTANTS.get(value, value)

    def number(self, node: Node, value: str) -> Any:
        """The number that a plain scalar spells, or the text if it spells none."""
        if _INT.fullmatch(value):
            if len(value) > limits.MAX_DIGITS:
                self.refuse_number(node, limits.integer_too_long())
            return int(value)
        if _FLOAT.fullmatch(value):
            result = float(value)
            if math.isinf(result):
                self.refuse_number(node, f"The number {value[:40]} is too large.")
            return result
        if _BASED.fullmatch(value):
            if len(value) > limits.MAX_DIGITS:
                self.refuse_number(node, limits.integer_too_long())
            return int(value, 0)
        if _NOT_FINITE.fullmatch(value):
            self.refuse_number(node, f"{value} is not a number that JSON has.")
        return value

    def tagged(self, node: Node, value: str) -> Any:
        """A scalar with an explicit tag."""
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return value
        if kind not in _TAGGED:
            self.refuse_tag(node)
        is_number = value[:1] in _NUMBER_STARTS
        result = self.number(node, value) if is_number else _CONSTANTS.get(value, value)
        if kind == "float" and type(result) is int:
            result = float(result) if abs(result) < 2**1023 else value
        if type(result) is not _TAGGED[kind]:
            self.refuse(
                "tag-invalid", f"The value does not fit its tag !!{kind}.", node, "Remove the tag."
            )
        return result

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
            for child in inside(node):
                child_size, child_depth = measured(child)
                size += child_size
                depth = max(depth, child_depth)
            if size > limits.MAX_NODES:
                self.refuse_bomb(node)
            if depth + 1 > limits.MAX_DEPTH:
                raise limits.too_deep(self.at(node))
            measures[id(node)] = size, depth + 1
            return size, depth + 1

        measured(self.root)

    def at(self, node: Node) -> Location:
        return self.text.at(*start(node), pointer_of(self.root, node))

    def refuse(self, code: str, message: str, node: Node, hint: str) -> NoReturn:
        raise SpecError(Diagnostic(code, message, self.at(node), hint))

    def refuse_number(self, node: Node, message: str) -> NoReturn:
        raise limits.number_invalid(message, self.at(node))

    def refuse_tag(self, node: Node) -> NoReturn:
        self.refuse(
            "tag-invalid",
            f"The tag {node.tag.replace(_TAG, '!!')} has no meaning in an OpenAPI document.",
            node,
            "Remove the tag: only the kinds of value that JSON has can be read.",
        )

    def refuse_bomb(self, node: Node) -> NoReturn:
        self.refuse(
            "alias-bomb",
            f"Written out, the aliases of this document are more than {limits.MAX_NODES:,} values.",
            node,
            "Use $ref instead of aliases of aliases.",
        )

    def list_duplicates(self, node: Node) -> None:
        self.text.oddities += self.duplicates(node)

    def duplicates(self, node: Node) -> list[Oddity]:
        first: dict[str, Node] = {}
        found = []
        for key, _ in node.value:
            if first.setdefault(key.value, key) is not key:
                earlier = self.at(first[key.value])
                found.append(limits.duplicate_key(key.value, self.at(key), earlier))
        return found
