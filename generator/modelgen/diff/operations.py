"""Operations, and the parts of them that have schemas: parameters, bodies, responses and their headers.

No models are made of them, so nothing changes in Python; a schema that is written there is compared like a component's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..errors import Location
from ..loader import Documents
from .changes import Direction, Verdict
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
Kind: TypeAlias = Literal[
    "operation", "parameter", "body", "media-type", "response", "response-header"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`above`: the part that this one goes with; `schema`: where its schema is written, if it has one."""

    kind: Kind
    direction: Direction
    at: Location
    above: str = ""
    required: bool = False
    schema: Location | None = None


def parts(documents: Documents) -> dict[str, Part]:
    """Everything in the operations of a document, by a name: `POST /calls request application/json`."""
    reader = _Reader(documents)
    root = Location(documents.root.source)
    for word, ours in (("paths", True), ("webhooks", False)):
        above = "" if ours else "webhook "
        for path, item, at in reader.entries(documents.root.data.get(word), _below(root, word)):
            reader.item(f"{above}{path}", item, at, ours)
    return reader.found


def _below(at: Location, *words: str) -> Location:
    return at.below(*words)


class _Reader:
    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.found: dict[str, Part] = {}
        self._open: set[Location] = set()

    def entries(
        self, node: object, at: Location
    ) -> Iterator[tuple[str, Mapping[str, Any], Location]]:
        """The members of a mapping or a list that are mappings, with references followed."""
        if isinstance(node, Mapping):
            members = [(str(key), value) for key, value in node.items()]
        else:
            members = [
                (str(n), value) for n, value in enumerate(node if isinstance(node, list) else ())
            ]
        for key, value in members:
            place = _below(at, key)
            seen: set[Location] = set()
            while (
                isinstance(value, Mapping)
                and isinstance(value.get("$ref"), str)
                and place not in seen
            ):
                seen.add(place)
                target = self.documents.resolve(value["$ref"], place)
                value, place = target.node, Location(target.document.source, target.pointer)
            if isinstance(value, Mapping):
                yield key, value, place

    def item(self, path: str, item: Mapping[str, Any], at: Location, ours: bool) -> None:
        sent: Direction = "sent" if ours else "received"
        received: Direction = "received" if ours else "sent"
        if at in self._open:  # a callback that leads back to itself
            return
        self._open.add(at)
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, Mapping):
                continue
            name, place = f"{method.upper()} {path}", _below(at, method)
            self.found[name] = Part(kind="operation", direction=sent, at=place)
            for holder, here in ((item, at), (operation, place)):
                listed = self.entries(holder.get("parameters"), _below(here, "parameters"))
                for _, parameter, where in listed:
                    self.parameter(name, parameter, where, sent)
            for _, body, where in self.entries(
                {"requestBody": operation.get("requestBody")}, place
            ):
                request = f"{name} request"
                required = body.get("required") is True
                self.found[request] = Part(
                    kind="body", direction=sent, at=where, above=name, required=required
                )
                self.content(request, body, where, sent)
            for status, response, where in self.entries(
                operation.get("responses"), _below(place, "responses")
            ):
                self.response(f"{name} response {status}", name, response, where, received)
            for event, callback, where in self.entries(
                operation.get("callbacks"), _below(place, "callbacks")
            ):
                for expression, inner, there in self.entries(callback, where):
                    self.item(f"{path} callback {event} {expression}", inner, there, not ours)
        self._open.discard(at)

    def parameter(
        self, above: str, node: Mapping[str, Any], at: Location, direction: Direction
    ) -> None:
        self.found[f"{above} {node.get('in', '')} {node.get('name', '')}"] = Part(
            kind="parameter",
            direction=direction,
            at=at,
            above=above,
            required=node.get("required") is True,
            schema=self.schema(node, at),
        )

    def response(
        self, name: str, above: str, node: Mapping[str, Any], at: Location, direction: Direction
    ) -> None:
        self.found[name] = Part(kind="response", direction=direction, at=at, above=above)
        self.content(name, node, at, direction)
        for header, said, place in self.entries(node.get("headers"), _below(at, "headers")):
            self.found[f"{name} header {header}"] = Part(
                kind="response-header",
                direction=direction,
                at=place,
                above=name,
                required=said.get("required") is True,
                schema=self.schema(said, place),
            )

    def content(
        self, above: str, node: Mapping[str, Any], at: Location, direction: Direction
    ) -> None:
        for media, said, place in self.entries(node.get("content"), _below(at, "content")):
            self.found[f"{above} {media}"] = Part(
                kind="media-type",
                direction=direction,
                at=place,
                above=above,
                schema=self.schema(said, place),
            )

    def schema(self, node: Mapping[str, Any], at: Location) -> Location | None:
        if "schema" in node:
            return _below(at, "schema")
        for _, media, place in self.entries(node.get("content"), _below(at, "content")):
            return self.schema(media, place)
        return None


# --- changes --------------------------------------------------------------------------------------


def report(walk: Walk) -> None:
    ours, theirs = walk.old.parts, walk.new.parts
    for name, part in ours.items():
        if name not in theirs:
            if part.above not in ours or part.above in theirs:
                _gone(walk, name, part)
            continue
        _kept(walk, name, part, theirs[name])
    for name, part in theirs.items():
        if name not in ours and (part.above not in theirs or part.above in ours):
            required = "-required" * (part.required and part.kind != "response-header")
            walk.emit(f"{part.kind}-added{required}", Site(schema=name, new_at=part.at))


def _gone(walk: Walk, name: str, part: Part) -> None:
    site = Site(schema=name, old_at=part.at)
    verdicts: tuple[Verdict, Verdict] | None = None
    if part.required:
        verdicts = ("breaks", "breaks")
    walk.emit(f"{part.kind}-removed", site, verdicts=verdicts)


def _kept(walk: Walk, name: str, old: Part, new: Part) -> None:
    site = Site(schema=name, old_at=old.at, new_at=new.at)
    if old.required != new.required:
        walk.emit(f"{old.kind}-became-{'required' if new.required else 'optional'}", site)
    if old.schema is None and new.schema is not None:
        walk.emit("media-schema-added", site)
    elif old.schema is not None and new.schema is None:
        walk.emit("media-schema-removed", site)
    elif old.schema is not None:
        walk.visit(name, name)
