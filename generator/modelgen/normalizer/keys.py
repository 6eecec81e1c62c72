"""The key of a schema that a reference names: its component's name, a path below one, else its place in its file.

Schemas of different files may want one key. A component keeps its name; all others that want it are called after their
file too, each by a rule of its own place, so that the order of references does not matter.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple, TypeGuard

from .. import ir
from ..errors import Diagnostic, Location, SpecError
from ..ir.words import pascal_case, spelled_out
from ..loader import Documents
from ..openapi.structure import HOMES, SCHEMAS


class Elsewhere(NamedTuple):
    """A schema that stands outside the components that name it."""

    at: Location
    node: object


class Keys:
    """Gives keys. `crowded`: keys that several schemas want, and none of those gets; `found` are further ones that were met
    now, with which all has to be read again."""

    def __init__(
        self, documents: Documents, components: Mapping[str, object], crowded: frozenset[str]
    ) -> None:
        self.documents = documents
        self.components = components
        self.crowded = crowded
        self.found: set[str] = set()
        self._owners: dict[Location, tuple[str, str]] = {}
        self._taken: dict[str, Location] = {}
        self._names: dict[Location, str] | None = None
        self._homes: dict[str, Elsewhere] = {}

    def home(self, name: str) -> Elsewhere | None:
        """Where the schema of a component stands that does nothing but refer to a file, and gives it its name."""
        if not _only_refers(self.components[name]):
            return None
        self._named()
        return self._homes.get(name)

    def of(self, at: Location) -> tuple[str, str]:
        """The key of a schema, and the shorter one that it would have if it were the only one to want it."""
        owner, below = _split(at)
        if owner not in self._owners:
            self._owners[owner] = self._free(owner)
        key, wanted = self._owners[owner]
        if not below:
            return key, wanted
        is_name = owner.pointer.rpartition("/")[0] in _NAMED
        return (ir.base_key(key) if is_name else key) + _path(below), ""

    def _free(self, at: Location) -> tuple[str, str]:
        in_root = at.source == self.documents.root.source
        if in_root and at.pointer.startswith(SCHEMAS + "/"):
            return _name(at), ""
        if not in_root and at in (named := self._named()):
            return named[at], ""
        wanted = self._plain(at, in_root)
        if wanted not in self.crowded and self._take(wanted, at):
            return wanted, ""
        for key in self._qualified(wanted, at):
            if self._take(key, at):
                return key, wanted
        raise self._clash(wanted, at)

    def _take(self, key: str, at: Location) -> bool:
        """Whether a key is free for a schema."""
        if key in self.components:
            return False
        other = self._taken.setdefault(key, at)
        if other != at:
            self.found.add(key)
        return other == at

    def _plain(self, at: Location, in_root: bool) -> str:
        if at.pointer:
            return _name(at)
        stem = re.split(r"[/\\]", at.source)[-1].rsplit(".", 1)[0]
        return "#" if in_root else pascal_case(stem)

    def _qualified(self, wanted: str, at: Location) -> tuple[str, ...]:
        """What a schema is called where another has the key that it wants: by its folder, its file, its place."""
        root = self.documents.root.source
        if at.source == root:
            return pascal_case(at.pointer), pascal_case(spelled_out(at.pointer))
        revision = root.partition(":")[0] + ":"
        source = at.source.removeprefix(revision)
        folder = posixpath.dirname(root.removeprefix(revision))
        path = posixpath.relpath(source, folder or ".").rpartition(".")[0]
        inner = pascal_case(wanted) if at.pointer else "File"
        name = pascal_case(path)
        keys = (name,) if not at.pointer and name != wanted else ()
        return *keys, name + inner, pascal_case(spelled_out(path)) + inner

    def _named(self) -> dict[Location, str]:
        """The schemas of files that are components, as these do nothing but refer to them. Of several components, the
        one that is called as the schema is."""
        if self._names is None:
            self._names = {}
            root = self.documents.root.source
            for name in sorted(self.components):
                raw = self.components[name]
                at = Location(root, SCHEMAS).below(name)
                if not _only_refers(raw):
                    continue
                try:
                    target = self.documents.resolve(raw["$ref"], at.below("$ref"))
                except SpecError:
                    continue  # it is told of when the component is read
                if target.document is self.documents.root:
                    continue
                known = self._names.setdefault(target.at, name)
                if known != name and name == self._plain(target.at, False):
                    del self._homes[known]
                    self._names[target.at] = known = name
                if known == name:
                    self._homes[name] = Elsewhere(target.at, target.node)
        return self._names

    def _clash(self, key: str, at: Location) -> SpecError:
        other = self._taken.get(key)
        return SpecError(
            Diagnostic(
                "name-clash",
                f"Two schemas would both be named `{key}`.",
                at,
                "Rename one of them in the documents.",
                (other,) if other else (),
            )
        )


# Where names of the author's choice stand.
_NAMED = frozenset({SCHEMAS, *(f"/{home}" for home in HOMES)})


def _only_refers(raw: object) -> TypeGuard[dict[str, str]]:
    """Whether a component does nothing but refer to another file."""
    if not isinstance(raw, dict) or raw.keys() != {"$ref"}:
        return False
    ref = raw["$ref"]
    return isinstance(ref, str) and not ref.startswith("#")


def _split(at: Location) -> tuple[Location, list[str]]:
    """The schema with a name of its own that a place is in, and the way from there."""
    tokens = at.pointer.split("/")[1:]
    length = 1
    if tokens[:2] == ["components", "schemas"]:
        length = 3
    elif tokens[:1] and tokens[0] in HOMES:
        length = 2
    owner = "".join(f"/{token}" for token in tokens[:length])
    below = [token.replace("~1", "/").replace("~0", "~") for token in tokens[length:]]
    return Location(at.source, owner), below


def _name(at: Location) -> str:
    return at.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _path(segments: list[str]) -> str:
    """A pointer below a schema in the notation of keys."""
    key = ""
    rest = iter(segments)
    for word in rest:
        match word:
            case "properties":
                key = ir.property_key(key, next(rest, ""))
            case "items":
                key += "[]"
            case "additionalProperties":
                key += "{}"
            case "anyOf" | "oneOf":
                key += "|" + next(rest, "")
            case "allOf":
                key += "&" + next(rest, "")
            case _:
                key += "#" + word
    return key
