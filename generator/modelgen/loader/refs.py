"""Inside one document: JSON pointers, anchors, and the errors of a `$ref` that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from ..errors import Diagnostic, Location, SpecError, step
from ..openapi.structure import SCHEMAS
from .document import Document
from .positions import unescape


class MissingError(Exception):
    """A pointer leads nowhere: `token` is not in the node at `pointer`; `rest` are the tokens after it."""

    def __init__(self, pointer: str, node: Any, token: str, rest: tuple[str, ...]) -> None:
        super().__init__(pointer, token)
        self.pointer = pointer
        self.node = node
        self.token = token
        self.rest = rest


def fragment(text: str, home: Document, pointer: str) -> str:
    """What stands after the `#`, decoded. Raises SpecError if it is not UTF-8."""
    if "%" not in text:
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise invalid("The %-escapes of this $ref are not UTF-8.", home.locate(pointer)) from None


def walk(data: Any, pointer: str) -> tuple[str, Any]:
    """The node at a pointer, and the pointer in its usual spelling. Raises MissingError."""
    reached, node = "", data
    tokens = tuple(unescape(token) for token in pointer.split("/")[1:])
    for index, token in enumerate(tokens):
        if isinstance(node, dict) and token in node:
            node = node[token]
        elif isinstance(node, list) and _is_index(token) and int(token) < len(node):
            node = node[int(token)]
        else:
            raise MissingError(reached, node, token, tokens[index + 1 :])
        reached = step(reached, token)
    return reached, node


def invalid(message: str, at: Location) -> SpecError:
    return SpecError(
        Diagnostic("ref-invalid", message, at, "Write it as '#/components/schemas/NAME'.")
    )


def no_anchor(ref: str, name: str, known: Iterable[str], at: Location) -> SpecError:
    """The error for a `$ref` to an anchor that does not exist."""
    close = _close(name, known)
    hint = f"Did you mean #{close}?" if close else "A reference to a component starts with '#/'."
    return SpecError(
        Diagnostic("ref-unresolved", f"The $ref {ref!r} names an unknown anchor.", at, hint)
    )


def unresolved(ref: str, missing: MissingError, document: Document, at: Location) -> SpecError:
    """The error for a `$ref` whose pointer leads nowhere."""
    where = missing.pointer or "the top"
    if at.source != document.source:
        where = f"{where} of {document.source}"
    message = f"The $ref {ref!r} leads nowhere: there is no {missing.token!r} at {where}."
    suggestion = _suggestion(missing, document)
    file = ref.partition("#")[0]
    if suggestion:
        hint = f"Did you mean {file}#{suggestion}?"
    else:
        hint = "Define it, or correct the reference."
    related = (document.locate(missing.pointer),)
    return SpecError(Diagnostic("ref-unresolved", message, at, hint, related))


def unreadable(part: str, error: SpecError, at: Location) -> SpecError:
    """The error for a `$ref` to a file that cannot be read."""
    cause = error.diagnostics[0]
    code, message, hint = cause.code, cause.message, cause.hint
    if code == "file-missing":
        code, hint = "ref-unresolved", "Check the path: it is relative to this file."
        message = f"The $ref names the file {part!r}, which does not exist."
    return SpecError(Diagnostic(code, message, at, hint, (cause.at,)))


def _suggestion(missing: MissingError, document: Document) -> str:
    """A pointer that exists and is close to the one that does not."""
    if isinstance(missing.node, dict):
        close = _close(missing.token, missing.node)
        if close:
            pointer = step(missing.pointer, close, *missing.rest)
            try:
                return walk(document.data, pointer)[0]
            except MissingError as other:
                return step(other.pointer) if other.rest else step(missing.pointer, close)
    name = missing.rest[-1] if missing.rest else missing.token
    pointer = step(SCHEMAS, name)
    try:
        return walk(document.data, pointer)[0]
    except MissingError:
        return ""


def _close(name: str, known: Iterable[str]) -> str:
    """The most similar of the known names; "" if none is, or if comparing would take long."""
    from difflib import get_close_matches

    names = [other for other in known if len(other) <= 200]
    if len(names) > 20_000 or len(name) > 200:
        return ""
    return next(iter(get_close_matches(name, names, n=1)), "")


def _is_index(token: str) -> bool:
    return (
        token.isascii()
        and token.isdigit()
        and (token == "0" or token[0] != "0")
        and len(token) < 10
    )
