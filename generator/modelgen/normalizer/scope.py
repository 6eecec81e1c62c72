"""What reading one schema needs from outside it: its documents, the names given so far, and where notes go."""

from __future__ import annotations

import json
import re
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any

from .. import ir
from ..errors import Location
from ..loader import Documents
from ..openapi.structure import SCHEMAS
from .cycles import Cycles
from .keys import Keys
from .operands import FOREIGN_TYPES
from .repairs import repair
from .repairs import schema as repaired_schema
from .value_docs import value_docs

_REF = f"#{SCHEMAS}/"


@dataclass(frozen=True, slots=True)
class SchemaTarget:
    """A schema that a reference names: its raw form, its location and the key of its type."""

    raw: dict[str, Any] | bool
    at: Location
    key: str


class Scope:
    """Collects named types, open references and anomalies while the schemas of one document are read."""

    def __init__(
        self,
        documents: Documents,
        further: Mapping[str, Location] = MappingProxyType({}),
        crowded: frozenset[str] = frozenset(),
    ) -> None:
        self.documents = documents
        self.further = further
        self.types_by_key: dict[str, ir.Named] = {}
        self.anomalies: dict[tuple[str, Location], ir.Anomaly] = {}
        self.wanted: deque[SchemaTarget] = deque()
        self.cycles = Cycles(documents, self.note)
        self.is_3_0 = documents.root.openapi.startswith("3.0")
        components = documents.root.data.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        self.components: Mapping[str, object] = schemas if isinstance(schemas, dict) else {}
        self._targets: dict[tuple[str, str, str], SchemaTarget] = {}
        self.keys = Keys(documents, self.components, crowded)
        self._checked: set[tuple[str, str]] = set()

    # -- notes -------------------------------------------------------------------------------------------------

    def note(self, code: str, message: str, at: Location) -> None:
        """List an anomaly, once per code and location."""
        self.anomalies.setdefault((code, at), ir.Anomaly(code, message, at))

    @contextmanager
    def unsaid(self, code: str) -> Iterator[None]:
        """New anomalies of this code are not listed."""
        before = len(self.anomalies)
        yield
        new = list(islice(reversed(self.anomalies), len(self.anomalies) - before))
        for key in new:
            if key[0] == code:
                del self.anomalies[key]

    def repair(self, raw: Mapping[str, Any], at: Location) -> None:
        """Repair what is odd in a schema, and list it; list words of another version."""
        location = (at.source, at.pointer)
        if location in self._checked:
            return
        self._checked.add(location)
        oddities = self.documents.oddities
        if isinstance(raw, dict):
            repair(raw, at, oddities, self.documents.locate)
        for code, where, message in oddities.get(location, ()):
            self.note(code, message, where)
        if location in self.documents.circles:
            self.note("ref-circle", self.documents.circles[location], at)
        if raw.get("nullable") is True and not self.is_3_0:
            self.note(
                "nullable-in-3.1",
                "`nullable: true` is a word of OpenAPI 3.0.",
                at.below("nullable"),
            )

    def schema(self, raw: object, at: Location) -> dict[str, Any] | bool:
        """What stands where a schema should, as one."""
        meant, odd = repaired_schema(raw, at)
        for code, where, message in odd:
            self.note(code, message, where)
        return meant

    # -- named types -------------------------------------------------------------------------------------------

    def register(self, named: ir.Named) -> None:
        """Keep a named type. The same key may come twice, through `allOf`, with the same meaning."""
        self.types_by_key.setdefault(named.key, named)

    def named(
        self, key: str, type_: ir.Type, raw: object, at: Location, component: bool
    ) -> ir.Named:
        """A type under a name, with what its schema says about it. A null among its values stands beside it."""
        bare, nullable = ir.split_null(type_)
        annotations = raw if isinstance(raw, dict) else {}
        return ir.Named(
            key=key,
            type=bare,
            nullable=nullable,
            component=component,
            deprecated=annotations.get("deprecated") is True,
            default=ir.Value.of(annotations["default"]) if "default" in annotations else None,
            doc="\n\n".join(filter(None, (self.doc(annotations), value_docs(annotations)))),
            at=at,
        )

    def allow_null(self, key: str) -> None:
        """Make null one of the values of a type that is kept already."""
        self.types_by_key[key] = replace(self.types_by_key[key], nullable=True)

    def base_key(self, key: str) -> str:
        """What the keys of the inline types of a named schema begin with."""
        is_named = key in self.components or key in self.further
        return ir.base_key(key) if is_named else key

    def property_key(self, owner: str, wire: str) -> str:
        """The key of an inline type of a property, which is no component's."""
        key = ir.property_key(owner, wire)
        return f"{owner}.{json.dumps(wire)}" if key in self.components else key

    def component(self, name: str) -> SchemaTarget:
        """A component; one that does nothing but refer to a file is what stands there."""
        elsewhere = self.keys.home(name)
        if elsewhere is not None:
            return SchemaTarget(self.schema(elsewhere.node, elsewhere.at), elsewhere.at, name)
        at = Location(self.documents.root.source, SCHEMAS).below(name)
        return SchemaTarget(self.schema(self.components[name], at), at, name)

    def target(self, ref: str, at: Location) -> SchemaTarget:
        """What a `$ref` names. Its type is read sooner or later."""
        memo = (at.source, self.documents.resource(at), ref)
        target = self._targets.get(memo)
        if target is None:
            target = self._find(ref, at)
            self._targets[memo] = target
            self.wanted.append(target)
        return target

    def look_up(self, ref: str, at: Location) -> SchemaTarget:
        """What a `$ref` names, which is not read for that."""
        memo = (at.source, self.documents.resource(at), ref)
        return self._targets.get(memo) or self._find(ref, at)

    def _find(self, ref: str, at: Location) -> SchemaTarget:
        root = self.documents.root.source
        if at.source == root and ref.startswith(_REF):
            name = ref[len(_REF) :]
            if name in self.components and "~" not in name and "%" not in name:
                return self.component(name)
        target = self.documents.resolve(ref, at)
        key, moved = self.keys.of(target.at)
        if key in self.components:
            return self.component(key)
        if moved:
            message = f"Another schema is named `{moved}`, so that this one becomes `{key}`."
            self.note("name-taken", message, target.at)
        return SchemaTarget(self.schema(target.node, target.at), target.at, key)

    # -- keyword values ----------------------------------------------------------------------------------------

    def types(self, raw: Mapping[str, Any], at: Location) -> tuple[str, ...]:
        """The JSON types of `type` and `nullable`."""
        written = raw["type"]
        location = at.below("type")
        words = written if isinstance(written, list) else [written]
        for n, word in enumerate(words):
            if word in FOREIGN_TYPES:
                message = f"`{word}` is not a JSON Schema type."
                self.note("foreign-type", message, location)
                words = [*words[:n], FOREIGN_TYPES[word], *words[n + 1 :]]
        kinds = list(dict.fromkeys(words))
        if "number" in kinds and "integer" in kinds:
            kinds.remove("integer")
        if raw.get("nullable") is True and "null" not in kinds:
            kinds.append("null")
        return tuple(kinds)

    def strings(self, names: Iterable[object], at: Location) -> list[str]:
        """The property names of a list, each once. What is no name is listed."""
        every = list(names)
        texts = [name for name in every if isinstance(name, str)]
        if len(texts) != len(every):
            word = at.pointer.rpartition("/")[2]
            self.note("keyword-ignored", f"`{word}` lists something that is no name.", at)
        return list(dict.fromkeys(texts))

    def check_pattern(self, pattern: str, at: Location) -> bool:
        """Whether Python can match this regular expression; lists an anomaly if not."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # "Possible nested set"
                re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            self.note(
                "pattern-unchecked",
                f"Python cannot read the pattern {pattern!r}.",
                at,
            )
            return False
        return True

    def doc(self, raw: Mapping[str, Any]) -> str:
        """The description of a schema, or of the one that it only wraps."""
        if isinstance(raw.get("description"), str):
            return str(raw["description"])
        for word in ("allOf", "anyOf", "oneOf"):
            members = [member for member in raw.get(word, ()) if isinstance(member, dict)]
            told = [member for member in members if isinstance(member.get("description"), str)]
            if told and (word == "allOf" or (len(told) == 1 and "const" not in told[0])):
                return str(told[0]["description"])
        return ""
