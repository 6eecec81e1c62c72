"""What a part of an operation says beside its schema: how values are written, what it is called, where it leads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .. import ir
from ..openapi.operations import Header, Media, Operation, Operations, Parameter, Response
from . import metadata
from .alignment import is_range
from .context import Context
from .parts import OperationPart
from .side import Side
from .steps import Difference, Steps, Verdicts
from .subject import Subject
from .written import line, written

# Styles in which a single text or number is written alike.
_BARE = frozenset({"form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"})
_NOWHERE = ("/",)  # where an API is that names no server


def compare(context: Context, subject: Subject, old: OperationPart, new: OperationPart) -> Steps:
    ours, theirs = context.old.raw(old.at), context.new.raw(new.at)
    yield from _attribute(context, subject, old, new)
    if old.kind not in ("document", "security scheme"):
        yield from metadata.compare_parts(subject, ours, theirs)
    match old.record, new.record:
        case Operations(), Operations():
            yield from _servers(subject, old.record.servers, new.record.servers)
        case Operation(), Operation():
            yield from _operation(context, subject, old.record, new.record)
        case Parameter(), Parameter():
            yield from _parameter(context, subject, old.record, new.record)
            yield from _reserved(subject, ours, theirs)
        case Header(), Header():
            facts = _explodes(old.record.explode), _explodes(new.record.explode)
            if facts[0] != facts[1] and not _is_single(context, subject):
                yield Difference("serialization-changed", subject, *facts)
        case Media(), Media():
            yield from _encoding(subject, ours, theirs)
        case Response(), Response():
            yield from _response(subject, old.record, new.record)
            yield from _links(subject, ours, theirs)


# --- operations -----------------------------------------------------------------------------------


def _operation(context: Context, subject: Subject, old: Operation, new: Operation) -> Steps:
    if old.id != new.id:
        yield Difference("operation-id-changed", subject, old.id or "none", new.id or "none")
    if set(old.tags) != set(new.tags):
        yield Difference("tags-changed", subject, _listed(old.tags), _listed(new.tags))
    if old.servers is not None or new.servers is not None:
        everywhere = (_of_document(context.old), _of_document(context.new))
        ours = everywhere[0] if old.servers is None else old.servers
        theirs = everywhere[1] if new.servers is None else new.servers
        yield from _servers(subject, ours, theirs)


def _of_document(side: Side) -> tuple[str, ...]:
    records = (part.record for part in side.parts.values())
    return next((one.servers for one in records if isinstance(one, Operations)), ())


def _servers(subject: Subject, old: tuple[str, ...], new: tuple[str, ...]) -> Steps:
    ours, theirs = old or _NOWHERE, new or _NOWHERE
    for url in ours:
        if url not in theirs:
            yield Difference("server-removed", subject, url)
    for url in theirs:
        if url not in ours:
            yield Difference("server-added", subject, "", url)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "none"


# --- parameters and headers -----------------------------------------------------------------------


def _attribute(context: Context, subject: Subject, old: OperationPart, new: OperationPart) -> Steps:
    """What is spelled in another way is the same on the wire, and an attribute of another name in Python."""
    is_path = isinstance(old.record, Parameter) and old.record.within == "path"
    if is_path and old.wire != new.wire:
        yield Difference("path-parameter-renamed", subject, old.wire, new.wire)
    elif isinstance(old.record, Parameter | Header):
        names = context.old.argument(old.wire), context.new.argument(new.wire)
        if names[0] != names[1]:
            yield Difference("attribute-name-changed", subject, *names)


def _parameter(context: Context, subject: Subject, old: Parameter, new: Parameter) -> Steps:
    if (old.style, old.explode) == (new.style, new.explode):
        return
    verdicts: Verdicts | None = None
    if _is_single(context, subject) and {old.style, new.style} <= _BARE:
        verdicts = ("safe", "safe")
    facts = _style(old), _style(new)
    if facts[0] != facts[1] or not verdicts:
        yield Difference("serialization-changed", subject, *facts, verdicts=verdicts)


def _style(parameter: Parameter) -> str:
    style = parameter.style or "as a media type"
    return f"{style}, {_explodes(parameter.explode)}" if parameter.style else style


def _explodes(explode: bool) -> str:
    return "each value apart" if explode else "values together"


def _is_single(context: Context, subject: Subject) -> bool:
    """Whether the value is no list and no object in either document, so that nothing is to be joined."""
    kinds: set[str] = set()
    for side in (context.old, context.new):
        if subject.schema not in side.types:
            return False
        kinds |= ir.kinds_of(ir.Ref(target=subject.schema), side.types)
    return not kinds & {"array", "object"}


def _reserved(subject: Subject, old: object, new: object) -> Steps:
    had, has = (written(raw).get("allowReserved") is True for raw in (old, new))
    if had != has:
        yield Difference("allow-reserved-set" if has else "allow-reserved-unset", subject)


# --- bodies and responses -------------------------------------------------------------------------


def _encoding(subject: Subject, old: object, new: object) -> Steps:
    """How the properties of a form are written."""
    ours, theirs = _meant(old, "encoding"), _meant(new, "encoding")
    for wire in sorted(ours.keys() | theirs.keys()):
        if ours.get(wire) != theirs.get(wire):
            facts = [f"{wire}: {side[wire]}" if wire in side else "" for side in (ours, theirs)]
            yield Difference("encoding-changed", subject, *facts)


def _response(subject: Subject, old: Response, new: Response) -> Steps:
    if old.status.upper() != new.status.upper():
        rule = "response-widened" if is_range(new.status) else "response-narrowed"
        yield Difference(rule, subject, old.status, new.status)


def _links(subject: Subject, old: object, new: object) -> Steps:
    ours, theirs = _meant(old, "links"), _meant(new, "links")
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            yield Difference("link-removed", subject, name)
        elif name not in ours:
            yield Difference("link-added", subject, "", name)
        elif ours[name] != theirs[name]:
            facts = f"{name}: {ours[name]}", f"{name}: {theirs[name]}"
            yield Difference("link-changed", subject, *facts)


def _meant(raw: object, keyword: str) -> dict[str, str]:
    """The members of a mapping as text, without what only documents."""
    members = written(raw).get(keyword)
    return {
        str(name): line(json.dumps(_bare(member), sort_keys=True, default=str))
        for name, member in (members.items() if isinstance(members, Mapping) else ())
    }


def _bare(node: object) -> object:
    if not isinstance(node, Mapping):
        return node
    return {
        str(key): value
        for key, value in node.items()
        if key != "description" and not str(key).startswith("x-")
    }
