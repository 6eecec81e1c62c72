"""YAML text -> nodes: what libyaml makes of the text, within the limits, and where the nodes stand."""

from __future__ import annotations

import re
from typing import Any, cast

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import Diagnostic, Location, SpecError, step
from . import limits
from .text import Oddity, Text

# The tags of nodes that the document gives none, as YAML calls them.
PLAIN, QUOTED = "?", "!"

# libyaml compares each with all others.
MAX_TAG_DIRECTIVES = 100

_TAG_DIRECTIVE = re.compile(r"^%TAG", re.MULTILINE)
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

# Part of what libyaml says -> what to do about it. The first that fits.
_HINTS = (
    ("tab character", "Indent with spaces: YAML does not allow tabs there."),
    ("cannot start any token", "Quote the text if it is meant to start with this character."),
    ("mapping values are not allowed", "Quote the text if its colon is part of it."),
    ("undefined alias", "Define the anchor before its alias, or quote the text."),
    ("expected ':'", "Give the key a colon and a value, or quote the text if it spans lines."),
    ("single document", "Give each document a file of its own."),
    ("block end", "Check the indentation: it must be the same within one mapping or sequence."),
    ("end of stream", "Close what was opened: a quote or a bracket."),
    ("flow", "Check the brackets, the commas and the quotes before this place."),
    ("", "Check the indentation and the quotes at this place."),
)


class _TooDeepError(Exception):
    pass


class _TooManyError(Exception):
    pass


class _Composer(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes without resolving them: the tag of a node is PLAIN or QUOTED unless the document
    wrote one. The hooks are called once a node, before and after its children."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.depth = 0
        self.count = 0

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        return PLAIN if kind is not ScalarNode or implicit[0] else QUOTED

    def descend_resolver(self, parent: Node | None, index: Any) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > limits.MAX_DEPTH + 1:
            raise _TooDeepError(parent)
        if self.count > limits.MAX_NODES:
            raise _TooManyError(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1


# Without libyaml the loader composes in Python anyway.
_PYTHON = (_Composer,) if issubclass(_Composer, Composer) else (Composer, _Composer)


class _RepeatingComposer(*_PYTHON):  # type: ignore[misc]
    """Composes a document that gives an anchor twice, which YAML allows: an alias means the last one before it. Not done in
    C, and slower."""

    def __init__(self, body: str) -> None:
        _Composer.__init__(self, body)
        Composer.__init__(self)
        self.repeated: list[tuple[str, yaml.Mark]] = []

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()
        if not isinstance(event, yaml.AliasEvent) and event.anchor in self.anchors:
            self.repeated.append((event.anchor, event.start_mark))
            del self.anchors[event.anchor]
        return cast("Node | None", super().compose_node(parent, index))


def compose(text: Text) -> Node | None:
    """The root node, None if there is nothing but comments. Raises SpecError."""
    if text.body.count("%TAG") > MAX_TAG_DIRECTIVES and (
        directive := _TAG_DIRECTIVE.search(text.body)
    ):
        raise SpecError(
            Diagnostic(
                "tag-invalid",
                f"The document has more than {MAX_TAG_DIRECTIVES} %TAG directives.",
                text.at_offset(directive.start()),
                "Remove them: tags have no meaning in an OpenAPI document.",
            )
        )
    # YAML 1.2 does not break lines at these, libyaml does: hide them from it, then put them back.
    hidden = [char for char in "\x85\u2028\u2029" if char in text.body]
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text.body)
    stand_ins = dict(zip(hidden, free, strict=False))
    body = text.body
    for char, stand_in in stand_ins.items():
        body = body.replace(char, stand_in)
    root = _run(text, body)
    if root is not None and stand_ins:
        _restore(root, {ord(stand_in): char for char, stand_in in stand_ins.items()})
    return root


def _run(text: Text, body: str) -> Node | None:
    try:
        try:
            return _composed(_Composer(body))
        except yaml.composer.ComposerError as error:
            if "duplicate anchor" not in (error.problem or "") + (error.context or ""):
                raise
        patient = _RepeatingComposer(body)
        root = _composed(patient)
        text.oddities += [
            Oddity(
                "anchor-repeated",
                f"The anchor {name!r} is given again.",
                text.at(mark.line, mark.column),
            )
            for name, mark in patient.repeated
        ]
        return root
    except yaml.MarkedYAMLError as error:
        if (
            "nesting depth" in (error.problem or "") and error.problem_mark
        ):  # libyaml has a limit too
            mark = error.problem_mark
            raise limits.too_deep(text.at(mark.line, mark.column)) from None
        raise _syntax_error(text, error) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _unreadable(text, error) from None
    except _TooDeepError as error:
        raise limits.too_deep(text.at(*start(error.args[0]))) from None
    except _TooManyError as error:
        raise limits.too_many(text.at(*start(error.args[0]))) from None


def _composed(composer: _Composer) -> Node | None:
    try:
        return cast("Node | None", composer.get_single_node())
    finally:
        composer.dispose()


def start(node: Node) -> tuple[int, int]:
    """Line and column, from 0, of a node."""
    return node.start_mark.line, node.start_mark.column


def merges(key: Node) -> bool:
    """Is this the merge key?"""
    return key.value == "<<" and key.tag is PLAIN


def inside(node: Node) -> list[Node]:
    """The nodes directly inside a mapping (keys too) or a sequence."""
    if node.__class__ is MappingNode:
        return [part for pair in node.value for part in pair]
    return cast("list[Node]", node.value) if node.__class__ is SequenceNode else []


def pointer_of(root: Node, wanted: Node) -> str:
    """The JSON pointer of a node, or of the value of a key; found by search, as only errors need it."""
    pending, seen = [(root, "")], {id(root)}
    while pending:
        node, pointer = pending.pop()
        if node is wanted:
            return pointer
        children: list[tuple[Node, str]] = []
        if node.__class__ is MappingNode:
            for key, value in node.value:
                child = step(pointer, key.value) if isinstance(key, ScalarNode) else pointer
                if key is wanted:
                    return child
                children.append((value, child))
        elif node.__class__ is SequenceNode:
            children = [(item, step(pointer, index)) for index, item in enumerate(node.value)]
        pending += [(child, at) for child, at in children if id(child) not in seen]
        seen.update(id(child) for child, _ in children)
    return ""


def _restore(root: Node, table: dict[int, str]) -> None:
    pending, seen = [root], {id(root)}
    while pending:
        node = pending.pop()
        if isinstance(node, ScalarNode):
            node.value = node.value.translate(table)
        for child in inside(node):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def _syntax_error(text: Text, error: yaml.MarkedYAMLError) -> SpecError:
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    at = text.at(mark.line, mark.column) if mark else Location(text.source)
    message = error.problem or error.context or "it cannot be read"
    if "single document" in (error.context or ""):
        message = "the file holds more than a single document"
    elif "cannot start any token" in message and at.excerpt[at.column - 1 :].startswith("\t"):
        message = "found a tab character where a value or key should start"
    elif error.problem and error.context and error.context.startswith("while"):
        message = f"{message} {error.context}"
    hint = next(hint for part, hint in _HINTS if part in message)
    related: tuple[Location, ...] = ()
    if mark and context and context.line != mark.line:
        related = (text.at(context.line, context.column),)
    message = f"This is not valid YAML: {message}."
    return SpecError(Diagnostic("yaml-syntax", message, at, hint, related))


def _unreadable(text: Text, error: Exception) -> SpecError:
    """The error for text that libyaml refuses without a position, as a rule for a control character."""
    match = _NOT_PRINTABLE.search(text.body)
    if not match:
        message = f"This is not valid YAML: {str(error).splitlines()[0]}."
        return SpecError(Diagnostic("yaml-syntax", message, Location(text.source), _HINTS[-1][1]))
    return SpecError(
        Diagnostic(
            "control-character",
            f"The document contains U+{ord(match[0]):04X}, which YAML does not allow.",
            text.at_offset(match.start()),
            "Remove the character, or write it as an escape in a double-quoted string.",
        )
    )
