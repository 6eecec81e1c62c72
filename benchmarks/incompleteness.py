"""How often `modelgen diff` calls a change breaking that is safe: the price of never calling safe what is not.

    python benchmarks/incompleteness.py [--pairs N] [--seed N]

Schemas of this repository's own documents are changed at a random place in a way that is safe by construction: more values
become valid, which is safe when sent, or the schema is only written in another way. The same pair the other way round is safe
when received. A safe verdict under a condition does not count as safe.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import documents

from modelgen.diff.run import Options, compare
from modelgen.loader import Documents, load

SPECS = sorted((Path(__file__).parents[1] / "specs" / "realtime").glob("20*.yaml"))
Schema = dict[str, Any]
Schemas = dict[str, Any]
# Where more valid values inside mean more valid values outside.
INSIDE = ("items", "additionalProperties")
INSIDE_EACH = ("properties",)
INSIDE_MEMBERS = ("anyOf", "allOf")
BOUNDS = ("maximum", "maxLength", "maxItems", "minimum", "minLength", "minItems", "pattern")


def places(schema: Any) -> Iterator[Schema]:
    """The schemas inside a schema in which a change for more values is one for the whole."""
    if not isinstance(schema, dict):
        return
    yield schema
    for word in INSIDE:
        yield from places(schema.get(word))
    for word in INSIDE_EACH:
        for inner in schema.get(word, {}).values():
            yield from places(inner)
    for word in INSIDE_MEMBERS:
        for inner in schema.get(word, ()):
            yield from places(inner)


# Each changes a schema in place, and says whether it could. `others` are the components.
Change = Callable[[Schema, Schemas, random.Random], bool]


def optional(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if not schema.get("required"):
        return False
    schema["required"] = list(schema["required"])
    schema["required"].remove(chance.choice(schema["required"]))
    return True


def more_values(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if "enum" not in schema:
        return False
    schema["enum"] = [*schema["enum"], "another"]
    return True


def no_bound(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    found = [word for word in BOUNDS if word in schema]
    if not found:
        return False
    del schema[chance.choice(found)]
    return True


def looser_bound(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    found = [word for word in BOUNDS if isinstance(schema.get(word), int | float)]
    if not found:
        return False
    word = chance.choice(found)
    schema[word] += 1 if word.startswith("max") else -1
    return schema[word] >= 0 or "imum" in word


def number(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if schema.get("type") != "integer" or "enum" in schema or "const" in schema:
        return False
    schema["type"] = "number"
    return True


def nullable(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if not isinstance(schema.get("type"), str) or "enum" in schema or "const" in schema:
        return False
    schema["type"] = [schema["type"], "null"]
    return True


def anything(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if not schema.keys() & {"type", "$ref", "anyOf", "oneOf"} or "properties" in schema:
        return False
    schema.clear()
    return True


def more_members(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if "anyOf" not in schema:
        return False
    schema["anyOf"] = [*schema["anyOf"], {"type": "boolean"}]
    return True


def one_of_two(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    if schema.get("type") not in ("string", "integer", "boolean", "array"):
        return False
    other = {"type": "number" if schema["type"] == "string" else "string"}
    old = dict(schema)
    schema.clear()
    schema["anyOf"] = [old, other]
    return True


def any_of(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    """Is the same unless two members fit; then more is valid."""
    if "oneOf" not in schema:
        return False
    schema["anyOf"] = schema.pop("oneOf")
    return True


def extracted(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    """Is the same."""
    if "$ref" in schema or not schema:
        return False
    others["Extracted"] = dict(schema)
    schema.clear()
    schema["$ref"] = f"{documents.PREFIX}Extracted"
    return True


def wrapped(schema: Schema, others: Schemas, chance: random.Random) -> bool:
    """Is the same."""
    old = dict(schema)
    schema.clear()
    schema["allOf"] = [old]
    return True


CHANGES: tuple[Change, ...] = (
    optional,
    more_values,
    no_bound,
    looser_bound,
    number,
    nullable,
    anything,
    more_members,
    one_of_two,
    any_of,
    extracted,
    wrapped,
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Count safe changes that are called breaking.")
    parser.add_argument("--pairs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    parts = list(_parts())
    done: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    while done.total() < 2 * arguments.pairs:
        name, schemas = chance.choice(parts)
        change = chance.choice(CHANGES)
        new = copy.deepcopy(schemas)
        found = list(places(new[name]))
        chance.shuffle(found)
        if not any(change(place, new, chance) for place in found):
            continue
        pair = _read(schemas), _read(new)
        for who, (old, later) in (("sent", pair), ("received", pair[::-1])):
            done[change.__name__, who] += 1
            if not _is_safe(old, later, who):
                missed[change.__name__, who] += 1
    print("| change | safe when | pairs | called breaking |\n|---|---|---|---|")
    for key in sorted(done):
        print(f"| {key[0]} | {key[1]} | {done[key]} | {missed[key]} |")
    share = 100 * missed.total() / done.total()
    print(f"| all | | {done.total()} | {missed.total()} ({share:.1f} %) |")
    return 0


def _parts() -> Iterator[tuple[str, Schemas]]:
    """Components and what they refer to, of every document."""
    for path in SPECS:
        schemas = documents.schemas_of(documents.read(path))
        for name in schemas:
            names = documents.closure(schemas, name)
            if len(names) <= 6:
                yield name, {one: schemas[one] for one in schemas if one in names}


def _read(schemas: Mapping[str, Any]) -> Documents:
    info = {"title": "Part", "version": "1"}
    data = {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}
    return load("-", stdin=io.BytesIO(json.dumps(data, default=str).encode()))


def _is_safe(old: Documents, new: Documents, who: str) -> bool:
    for change in compare(old, new, Options()).comparison.changes:
        if change.rule in ("schema-added", "schema-removed"):
            continue
        verdict = change.sent if who == "sent" else change.received
        if verdict not in ("safe", "note") or change.given:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
