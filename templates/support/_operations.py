"""The class of the records in `operations`: what an HTTP client or server needs to know of one operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeAlias

__all__ = ["Operation"]


# The content type of a part and the class of its headers, "" where the document does not say.
Part: TypeAlias = tuple[str, str]
# A media type, and the parts of such a form by name; "" is each of a sequence.
Parts: TypeAlias = Mapping[str, Mapping[str, Part]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A method of a path of an API.

    `parameters`, `request`, `responses` and `headers` name types as `module:Name`; the methods give the types
    themselves, for `decode` and `encode`. `request_items` and `response_items`: the type of each value of a sequence, such
    as a line of JSON Lines. `request_parts` and `response_parts`: what is said of the parts of a form. `security`:
    what is needed is any of these, each with the scopes of its schemes. `styles`: where a parameter is sent, its
    name, and its `style` and `explode` of OpenAPI: nothing here
    serializes. `incoming`: the API is who calls, as a webhook or callback.
    """

    home: str = field(repr=False)
    id: str
    method: str
    path: str
    incoming: bool = False
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    security: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    styles: tuple[tuple[str, str, str, bool], ...] = ()
    request_required: bool = False
    request: Mapping[str, str] = field(default_factory=dict[str, str])
    request_items: Mapping[str, str] = field(default_factory=dict[str, str])
    request_parts: Parts = field(default_factory=dict[str, Mapping[str, Part]])
    responses: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, Mapping[str, str]]
    )
    response_items: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, Mapping[str, str]]
    )
    response_parts: Mapping[str, Parts] = field(default_factory=dict[str, Parts])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def parameter_type(self, within: str) -> Any:
        """The class whose fields are the parameters in the path, query, header or cookie; None if there are none."""
        return self._type(self.parameters.get(within, ""))

    def body(self, media_type: str = "application/json") -> Any:
        """The type of a request's body, None if the document says nothing of it. Raises LookupError for a media type
        that the operation does not take."""
        return self._type(_of_media(self.request, media_type, self.path))

    def response(self, status: int, media_type: str = "application/json") -> Any:
        """The type of the body of an answer, None if the document says nothing of it. Raises LookupError for a status or
        a media type that the operation does not answer with."""
        content = self.responses[self._status(status)]
        return self._type(_of_media(content, media_type, self.path))

    def body_item(self, media_type: str) -> Any:
        """The type of each value of a request's body that is a sequence. Raises LookupError."""
        return self._type(_of_media(self.request_items, media_type, self.path))

    def response_item(self, status: int, media_type: str) -> Any:
        """The type of each value of an answer's body that is a sequence. Raises LookupError."""
        content = self.response_items.get(self._status(status), {})
        return self._type(_of_media(content, media_type, self.path))

    def part_headers(self, media_type: str, name: str) -> Any:
        """The class whose fields are the headers of a part of a request's body, None if there are none. Raises
        LookupError for a media type that has no such parts."""
        parts = self.request_parts[_key_of(self.request_parts, media_type, self.path)]
        return self._type(parts[name][1] if name in parts else "")

    def response_headers(self, status: int) -> Any:
        """The class whose fields are the headers of an answer, None if there are none. Raises LookupError."""
        return self._type(self.headers.get(self._status(status), ""))

    def _status(self, status: int) -> str:
        """The status itself, its range, or the default."""
        known = {code.upper(): code for code in self.responses}
        for code in (str(status), f"{status // 100}XX", "DEFAULT"):
            if code in known:
                return known[code]
        raise LookupError(
            f"{self.method} {self.path} does not answer with {status}: {', '.join(self.responses)}"
        )

    def _type(self, name: str) -> Any:
        if not name:
            return None
        module, _, attribute = name.partition(":")
        package = self.home.rpartition(".")[0]
        return getattr(import_module(f"{package}.{module}"), attribute)


def _of_media(content: Mapping[str, str], media_type: str, path: str) -> str:
    """The type of a media type."""
    return content[_key_of(content, media_type, path)]


def _key_of(content: Mapping[str, object], media_type: str, path: str) -> str:
    """A media type as it is written: by its name without parameters, its range, or anything."""
    known = {_plain(name): name for name in content}
    plain = _plain(media_type)
    for name in (plain, f"{plain.partition('/')[0]}/*", "*/*"):
        if name in known:
            return known[name]
    listed = ", ".join(content) or "no body"
    raise LookupError(f"{path} has no {media_type} there: {listed}")


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
