"""What `modelgen diff` calls safe is safe, by the judgement of another implementation of JSON Schema.

Documents are drawn, changed in a place or two, and compared. If every change is safe when sent, each value that is valid in OLD
must be valid in NEW; if every change is safe when received, the other way round. A change that is safe under a condition
(`given`) does not count as safe here.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from hypothesis import HealthCheck, Phase, assume, event, given, note, settings
from hypothesis import strategies as st

from diff_mirror import ONE_WAY, all_safe, is_one_sided, widens
from emitted import document
from modelgen.diff.changes import Comparison
from modelgen.diff.rules import RULES
from modelgen.diff.run import Options, compare
from modelgen.errors import SpecError
from modelgen.loader import Documents, load
from modelgen.normalizer import normalize
from modelgen.normalizer.anomalies import KINDS
from modelgen.openapi.keywords import BOUNDS, KEYWORDS
from schema_strategies import REF, WIRES, Draw, Schemas, components, instances, values
from test_conformance import VERSIONS, Oracle

REAL = sorted((Path(__file__).parents[1] / "specs" / "realtime").glob("20*.yaml"))
FEW = 6  # components in a document that is made of a part of a real one
EXAMPLES = int(os.environ.get("MODELGEN_EXAMPLES", 150))

profile = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    if not isinstance(schema, dict):
        return
    yield schema
    for word, operand in schema.items():
        row = KEYWORDS.get(word)
        for _, inner in row.operand.schemas(operand) if row else ():
            yield from nodes(inner)


def bounds(node: dict[str, Any]) -> list[str]:
    """The keywords of a schema whose operand is a number; in OpenAPI 3.0 an exclusive bound is none."""
    words = (*BOUNDS, "multipleOf")
    return [word for word in words if word in node and not isinstance(node[word], bool)]


class Mutation:
    """Changes one schema in place."""

    def __init__(self, draw: Draw, names: tuple[str, ...], spelling: str) -> None:
        self.draw = draw
        self.schemas = Schemas(draw, names, spelling)

    def apply(self, node: dict[str, Any]) -> None:
        choices = ["replace", "drop", "null"]
        choices += ["property", "property"] * ("properties" in node)
        choices += ["required"] * 2 * ("required" in node or "properties" in node)
        choices += ["value"] * 3 * ("enum" in node)
        choices += ["bound"] * 3 * bool(bounds(node))
        choices += ["member"] * 3 * any(word in node for word in ("anyOf", "oneOf", "allOf"))
        choices += ["extras"] * (node.get("type") == "object")
        choices += ["widen"] * 2 * (node.get("type") == "integer")
        choices += ["narrow"] * 2 * (node.get("type") in ("string", "number"))
        getattr(self, f"_{self.draw(st.sampled_from(choices))}")(node)

    def _replace(self, node: dict[str, Any]) -> None:
        new = self.schemas.any(1)
        node.clear()
        node.update(new if isinstance(new, dict) else {})

    def _drop(self, node: dict[str, Any]) -> None:
        words = sorted(node)
        if words:
            word = self.draw(st.sampled_from(words))
            del node[word]
            if word == "type":  # in 3.0, null is said beside a type only
                node.pop("nullable", None)

    def _null(self, node: dict[str, Any]) -> None:
        new = self.schemas.nullable(dict(node))
        node.clear()
        node.update(new)

    def _property(self, node: dict[str, Any]) -> None:
        properties = dict(node["properties"])
        wire = self.draw(st.sampled_from(WIRES))
        if wire in properties:
            del properties[wire]
        else:
            properties[wire] = self.schemas.any(0)
        node["properties"] = properties

    def _required(self, node: dict[str, Any]) -> None:
        wires = sorted({*node.get("properties", ()), *node.get("required", ())})
        if not wires:
            return
        wire = self.draw(st.sampled_from(wires))
        required = list(node.get("required", ()))
        if wire in required:
            required.remove(wire)
        else:
            required.append(wire)
        node["required"] = required

    def _value(self, node: dict[str, Any]) -> None:
        listed = list(node["enum"])
        if len(listed) > 1 and self.draw(st.booleans()):
            listed.pop(self.draw(st.integers(0, len(listed) - 1)))
        else:
            listed.append(self.draw(values))
        node["enum"] = listed

    def _bound(self, node: dict[str, Any]) -> None:
        word = self.draw(st.sampled_from(bounds(node)))
        node[word] = max(node[word] + self.draw(st.sampled_from([-1, 1])), word == "multipleOf")

    def _member(self, node: dict[str, Any]) -> None:
        word = next(word for word in ("anyOf", "oneOf", "allOf") if word in node)
        members = list(node[word])
        match self.draw(st.integers(0, 2)):
            case 0 if len(members) > 1:
                members.pop(self.draw(st.integers(0, len(members) - 1)))
            case 1:
                members.append(self.schemas.any(1))
            case _:
                del node[word]
                word = {"anyOf": "oneOf", "oneOf": "anyOf"}.get(word, word)
        node[word] = members

    def _extras(self, node: dict[str, Any]) -> None:
        if "additionalProperties" in node and self.draw(st.booleans()):
            del node["additionalProperties"]
        else:
            node["additionalProperties"] = self.draw(
                st.sampled_from([False, True, {"type": "string"}])
            )

    def _widen(self, node: dict[str, Any]) -> None:
        node["type"] = "number"

    def _narrow(self, node: dict[str, Any]) -> None:
        if node["type"] == "number":
            node["type"] = "integer"
        else:
            node["maxLength"] = self.draw(st.integers(0, 3))


Versions: TypeAlias = tuple[str, dict[str, Any], dict[str, Any]]
Pair: TypeAlias = tuple[str, dict[str, Any], dict[str, Any], list[tuple[str, Any]]]


@st.composite
def versions(draw: Any) -> Versions:
    """A spelling, and the component schemas of OLD and NEW."""
    spelling = draw(st.sampled_from(["3.1", "3.1", "3.0"]))
    old = draw(components(spelling))
    return spelling, old, changed(draw, old, spelling)


@st.composite
def real_versions(draw: Any) -> Versions:
    """The same for a component of a real document and what it refers to."""
    old = draw(st.sampled_from(real_schemas()))
    return "3.1", old, changed(draw, old, "3.1")


def changed(draw: Any, old: dict[str, Any], spelling: str) -> dict[str, Any]:
    new = copy.deepcopy(old)
    mutation = Mutation(draw, tuple(old), spelling)
    for _ in range(draw(st.integers(1, 2))):
        found = [node for name in sorted(new) for node in nodes(new[name])]
        if found:
            mutation.apply(draw(st.sampled_from(found)))
    return new


@st.composite
def pairs(draw: Any, of: st.SearchStrategy[Versions]) -> Pair:
    """Two versions, and values to try on them."""
    spelling, old, new = draw(of)
    tried = []
    for name in old:
        for side in (old, new):
            tried += [(name, draw(instances(side[name], side))) for _ in range(4)]
        tried.append((name, draw(values)))
    return spelling, old, new, tried


@cache
def real_schemas() -> list[dict[str, Any]]:
    """Components of real documents, each with what it refers to, as far as they mean what they say and are few."""
    found: dict[str, dict[str, Any]] = {}
    for path in REAL:
        schemas = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["components"]["schemas"]
        repaired = {
            anomaly.at.pointer.split("/")[3]
            for anomaly in normalize(load(str(path))).anomalies
            if KINDS[anomaly.code].effect != "none"
        }
        for name in schemas:
            names = closure(name, schemas)
            if len(names) <= FEW and not repaired & set(names):
                part = {one: schemas[one] for one in names}
                found.setdefault(json.dumps(part, default=str), part)
    return list(found.values())


def closure(name: str, schemas: Mapping[str, Any]) -> list[str]:
    found = [name]
    for one in found:
        refs = re.findall(rf'"{REF}([^"]+)"', json.dumps(schemas[one], default=str))
        found += [ref for ref in dict.fromkeys(refs) if ref not in found]
    return found


def takes_null(schema: Any, schemas: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> bool:
    """Whether null may be among the values of a schema as it is written."""
    if not isinstance(schema, dict):
        return bool(schema)
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return name not in seen and takes_null(schemas[name], schemas, seen | {name})
    if schema.get("nullable") or None in schema.get("enum", ()):
        return True
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return any(takes_null(member, schemas, seen) for member in schema[word])
    if "enum" in schema or "const" in schema:
        return schema.get("const", "") is None
    kinds = schema.get("type", "null")
    return "null" in (kinds if isinstance(kinds, list) else [kinds])


def means_what_it_says(schemas: Mapping[str, Any]) -> bool:
    """Not where null fits two members of a `oneOf`: there it is read as null that is allowed."""
    return not any(
        sum(takes_null(member, schemas) for member in node.get("oneOf", ())) > 1
        for schema in schemas.values()
        for node in nodes(schema)
    )


def read(schemas: Mapping[str, Any], spelling: str) -> Documents:
    text = json.dumps(document(schemas, VERSIONS[spelling])).encode()
    return load("-", stdin=io.BytesIO(text))


def compared(old: Mapping[str, Any], new: Mapping[str, Any], spelling: str) -> Comparison:
    """The comparison of two documents that mean what they say by the letter."""
    try:
        found = compared_by_the_letter(old, new, spelling)
    except (SpecError, RecursionError):
        found = None
    assume(found is not None)
    assert found is not None
    return found


def compared_by_the_letter(
    old: Mapping[str, Any], new: Mapping[str, Any], spelling: str
) -> Comparison | None:
    """None if a document does not mean what it says."""
    if not means_what_it_says(old) or not means_what_it_says(new):
        return None
    sides = read(old, spelling), read(new, spelling)
    repairs = (anomaly for documents in sides for anomaly in normalize(documents).anomalies)
    if any(KINDS[anomaly.code].effect != "none" for anomaly in repairs):
        return None
    return compare(*sides, Options()).comparison


@given(pairs(versions()))
@profile
def test_what_is_called_safe_is_safe(pair: Pair) -> None:
    judge(*pair)


@given(pairs(real_versions()))
@profile
def test_what_is_called_safe_of_real_schemas_is_safe(pair: Pair) -> None:
    judge(*pair)


def judge(
    spelling: str, old: dict[str, Any], new: dict[str, Any], tried: list[tuple[str, Any]]
) -> None:
    found = compared(old, new, spelling)
    judges = Oracle(old, spelling), Oracle(new, spelling)
    note(f"{[(change.rule, change.schema, change.path) for change in found.changes]}")
    for who, (before, after) in (("sent", judges), ("received", judges[::-1])):
        safe = all_safe(found, who)
        fits = [(name, value) for name, value in tried if before.accepts(name, value)]
        lost = [(name, value) for name, value in fits if not after.accepts(name, value)]
        event(f"{who}: {'safe' if safe else 'not safe'}, {'values lost' if lost else 'none lost'}")
        assert not (safe and lost), f"called safe when {who}, but {lost[0]!r} is no longer valid"


@given(st.one_of(versions(), real_versions()))
@profile
def test_the_way_back_undoes_each_change(pair: Versions) -> None:
    spelling, old, new = pair
    forth, back = compared(old, new, spelling), compared(new, old, spelling)
    # a rename is a guess, and of several that are as good another may be taken on the way back
    assume(all(change.score is None for found in (forth, back) for change in found.changes))
    there = [change.rule for change in forth.changes if change.rule not in ONE_WAY]
    here = [change.rule for change in back.changes if change.rule not in ONE_WAY]
    note(f"{there}, and back {here}")
    left = list(here)
    for rule in there:
        undone = set(RULES[rule].opposites) & set(left)
        assert undone, f"nothing undoes {rule}"
        left.remove(min(undone))
    assert not left
    assume(not is_one_sided(forth, back))
    assert widens(forth, "sent") == widens(back, "received")
    assert widens(forth, "received") == widens(back, "sent")


@given(components())
@profile
def test_a_drawn_document_is_equal_to_itself(schemas: dict[str, Any]) -> None:
    assert not compared(schemas, copy.deepcopy(schemas), "3.1").changes
