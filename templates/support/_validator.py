"""Finds out what is wrong with a payload, and judges it by the letter of its schema (strict).

Reads the tables beside the codecs: one JSON Schema (draft 2020-12) for each type, in one spelling, with `#` references
of the form `module#Name`, the formats that have a Python class, and `tag`, which says how the members of a union are
told apart. Loaded only when decoding is strict or has failed.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, cast

from ._runtime import Fault, Mismatch, date, date_time, uuid

MAX_FAULTS = 100
MAX_LISTED = 6
_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ANY_FAULT = Fault("$", "no member fits", "anyOf")  # while a schema is only tried

FORMATS: dict[str, Callable[[Any], Any]] = {
    "date-time": date_time,
    "date": date,
    "uuid": uuid,
}


def examine(
    package: str, schema: Any, data: object, strict: bool
) -> tuple[Any, list[Fault]]:
    """The data as plain JSON values, and its faults under a schema that refers to the tables of a package of codecs."""
    faults: list[Fault] = []
    try:
        plain = _plain(data, "$", faults, 0)
        if not faults:
            found = Validator(package, strict).faults(schema, plain, "$")
            faults.extend(dict.fromkeys(islice(found, MAX_FAULTS)))
        return plain, faults[:MAX_FAULTS]
    except RecursionError:
        return None, [Fault("$", "nested too deeply", "type")]


def members_of(schema: Any) -> list[Any]:
    """The members of a union, without the null and the conditions that may be wrapped around it."""
    members: list[Any] = schema.get("anyOf") or schema.get("oneOf") or []
    if not members and "allOf" in schema:
        return members_of(schema["allOf"][0])
    if len(members) == 2 and members[1] == {"type": "null"}:
        return members_of(members[0]) or members
    return members


@cache
def read_table(package: str, module: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(
        files(package).joinpath(f"{module}.json").read_text("utf-8")
    )
    return table


def _plain(value: object, path: str, faults: list[Fault], depth: int) -> Any:
    """Dicts, lists and scalars of exactly the classes that `json` gives; anything else is a fault."""
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                faults.append(Fault(path, f"{value} is not a JSON value", "type"))
            return float(value)
        case list() | tuple():
            items = cast("Iterable[Any]", value)
            return [
                _plain(item, f"{path}[{n}]", faults, depth + 1)
                for n, item in enumerate(items)
            ]
        case Mapping():
            plain: dict[str, Any] = {}
            mapping = cast("Mapping[object, Any]", value)
            for key, item in mapping.items():
                if isinstance(key, str):
                    plain[str.__str__(key)] = _plain(
                        item, _below(path, key), faults, depth + 1
                    )
                else:
                    faults.append(
                        Fault(
                            path,
                            f"a property name must be a string, not {key!r}",
                            "type",
                        )
                    )
            return plain
        case _:
            faults.append(
                Fault(path, f"{type(value).__name__} is not a JSON value", "type")
            )
            return None


def _below(path: str, key: str) -> str:
    return (
        f"{path}.{key}"
        if _SIMPLE.fullmatch(key)
        else f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    )


def kind_of(value: object) -> str:
    """The JSON type of a plain value; whole numbers are integers."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case list():
            return "array"
        case _:
            return "object"


def fits(kind: str, allowed: object) -> bool:
    kinds = [allowed] if isinstance(allowed, str) else allowed
    assert isinstance(kinds, list)
    return kind in kinds or (kind == "integer" and "number" in kinds)


def _show(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except ValueError:
        return "a number with too many digits"
    return text if len(text) <= 60 else text[:57] + "..."


def _expected_one_of(values: Iterable[Any], value: object) -> str:
    """Says what was expected; of many values those that are spelled most like this one, and some more."""
    listed = [_show(allowed) for allowed in values]
    text = ", ".join(listed)
    if len(listed) > MAX_LISTED:
        bare = [allowed.strip('"') for allowed in listed]
        near = difflib.get_close_matches(_show(value).strip('"'), bare, 3)
        order = sorted(range(len(listed)), key=lambda n: bare[n] not in near)
        text = ", ".join(listed[n] for n in order[:MAX_LISTED])
        text += f" and {len(listed) - MAX_LISTED} more"
    return f"expected one of {text}; got {_show(value)}"


def same_json(left: object, right: object) -> bool:
    """Equality of JSON values: `1` equals `1.0`, `true` equals nothing but itself."""
    return identity(left) == identity(right)


def identity(value: Any) -> object:
    """Something hashable that is equal for equal JSON values."""
    if value is True or value is False:
        return ("boolean", value)
    if isinstance(value, list):
        items = cast("Iterable[Any]", value)
        return ("array", *map(identity, items))
    if isinstance(value, dict):
        members = cast("Mapping[str, Any]", value)
        return frozenset((key, identity(item)) for key, item in members.items())
    return value


class Validator:
    """Judges one payload. What it has found to accept a value, or not, it keeps, so that a member of a union is tried
    once at each place of the payload."""

    def __init__(self, package: str, strict: bool) -> None:
        self.package = package
        self.strict = strict
        self.tried: dict[tuple[int, int], bool] = {}
        self.trials = 0

    def target(self, ref: str) -> Any:
        module, _, name = ref.partition("#")
        return read_table(self.package, module)[name]

    def accepts(self, schema: Any, value: object) -> bool:
        place = id(schema), id(value)
        found = self.tried.get(place)
        if found is None:
            self.trials += 1
            try:
                found = next(self.faults(schema, value, "$"), None) is None
            finally:
                self.trials -= 1
            self.tried[place] = found
        return found

    def faults(self, schema: Any, value: Any, path: str) -> Iterator[Fault]:
        """What is wrong with a value. Lax: types, required properties, tags and formats; strict: everything."""
        if schema is True:
            return
        if schema is False:
            if self.strict:
                yield Fault(path, "no value is allowed here", "false")
            return
        if "$ref" in schema:
            yield from self.faults(self.target(schema["$ref"]), value, path)
        kind = kind_of(value)
        if "type" in schema and not fits(kind, schema["type"]):
            wanted = schema["type"]
            names = wanted if isinstance(wanted, str) else " or ".join(wanted)
            yield Fault(path, f"expected {names}, got {kind}", "type")
            return
        if "enum" in schema:
            yield from self._enum(schema["enum"], value, kind, path)
        if kind == "object" and (
            "properties" in schema
            or "required" in schema
            or "additionalProperties" in schema
        ):
            yield from self._properties(schema, value, path)
        if kind == "array" and ("items" in schema or "prefixItems" in schema):
            prefix = schema.get("prefixItems", ())
            rest = schema.get("items", True)
            for n, item in enumerate(value):
                yield from self.faults(
                    prefix[n] if n < len(prefix) else rest, item, f"{path}[{n}]"
                )
            if not self.strict and prefix:
                yield from self._length(schema, value, path)
        # without a type it is a condition, and no value is made of the text
        if (
            kind == "string"
            and "format" in schema
            and (self.strict or "type" in schema)
        ):
            try:
                FORMATS[schema["format"]](value)
                if self.strict and " " in value:
                    raise Mismatch  # RFC 3339 mentions it, its grammar has only T
            except Mismatch:
                yield Fault(
                    path, f"{_show(value)} is not a valid {schema['format']}", "format"
                )
        for word in ("anyOf", "oneOf"):
            if word in schema:
                yield from self._union(schema, word, value, kind, path)
        if self.strict:
            for keyword, check in CHECKS.get(kind, ()):
                if keyword in schema:
                    yield from check(self, schema, value, path)
            for keyword, check in _GENERAL:
                if keyword in schema:
                    yield from check(self, schema, value, path)

    def _length(self, schema: Any, value: list[Any], path: str) -> Iterator[Fault]:
        """What is wrong with the length of an array of settled length, whose items are those of a tuple."""
        least = len(schema["prefixItems"])
        if schema.get("minItems", 0) < least:
            return
        is_closed = schema.get("items") is False or schema.get("maxItems") == least
        if len(value) < least or (is_closed and len(value) > least):
            most = "" if is_closed else "at least "
            yield Fault(
                path, f"{len(value)} items, expected {most}{least}", "prefixItems"
            )

    def _enum(
        self, values: list[Any], value: Any, kind: str, path: str
    ) -> Iterator[Fault]:
        if any(same_json(value, allowed) for allowed in values):
            return
        if not any(
            fits(kind, "number" if kind_of(allowed) == "integer" else kind_of(allowed))
            for allowed in values
        ):
            kinds = dict.fromkeys(kind_of(allowed) for allowed in values)
            yield Fault(path, f"expected {' or '.join(kinds)}, got {kind}", "type")
        elif self.strict:
            if len(values) == 1:
                yield Fault(
                    path, f"expected {_show(values[0])}, got {_show(value)}", "const"
                )
            else:
                yield Fault(path, _expected_one_of(values, value), "enum")

    def _properties(
        self, schema: Any, value: dict[str, Any], path: str
    ) -> Iterator[Fault]:
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        patterns: dict[str, Any] = {}
        if self.strict:
            patterns = schema.get("patternProperties", {})
        for wire in required:
            if wire not in value:
                yield Fault(
                    path,
                    f"required property {json.dumps(wire, ensure_ascii=False)} is missing",
                    "required",
                )
        for wire, inner in properties.items():
            if wire not in value:
                continue
            item = value[wire]
            below = _below(path, wire)
            if not self.strict:
                if item is None and wire not in required:
                    continue
                fixed = None if isinstance(inner, bool) else inner.get("fixed")
                if fixed is not None and item != fixed:
                    yield Fault(
                        below,
                        f"expected {_show(fixed)}, got {_show(item)}",
                        "const",
                    )
                    continue
            yield from self.faults(inner, item, below)
        rest = schema.get("additionalProperties", True)
        if rest is True and not patterns:
            return
        if not self.strict and "patternProperties" in schema:
            return  # several schemas may apply to one value, which is kept as it is
        for wire, item in value.items():
            matching = [
                inner for pattern, inner in patterns.items() if re.search(pattern, wire)
            ]
            for inner in matching:
                yield from self.faults(inner, item, _below(path, wire))
            if wire in properties or matching:
                continue
            if rest is not False:
                yield from self.faults(rest, item, _below(path, wire))
            elif self.strict:
                name = json.dumps(wire, ensure_ascii=False)
                yield Fault(
                    path,
                    f"unknown property {name} is not allowed",
                    "additionalProperties",
                )

    # -- unions ------------------------------------------------------------------------------------------------

    def _union(
        self, schema: Any, word: str, value: Any, kind: str, path: str
    ) -> Iterator[Fault]:
        members = schema[word]
        chosen = self._tagged(schema, word, value, kind)
        if isinstance(chosen, Fault):
            yield Fault(path + chosen.path, chosen.message, chosen.keyword)
            return
        if chosen is None and not self.strict and kind == "object" and "tag" in schema:
            return  # an unknown tag, kept as it is
        candidates = range(len(members)) if chosen is None else chosen
        found = [
            n
            for n in candidates
            if self.kinds(members[n], 0) and self.accepts(members[n], value)
        ]
        if not found and self.trials:
            yield _ANY_FAULT
        elif not found:
            if len(candidates) == 1:
                yield from self.faults(members[candidates[0]], value, path)
            else:
                yield from self._none_fits(members, candidates, value, kind, path)
        elif word == "oneOf" and self.strict:
            matching = [
                n for n in range(len(members)) if self.accepts(members[n], value)
            ]
            if len(matching) > 1:
                yield Fault(
                    path,
                    f"exactly one of {len(members)} alternatives may match, {len(matching)} do",
                    "oneOf",
                )

    def _none_fits(
        self, members: list[Any], candidates: Any, value: Any, kind: str, path: str
    ) -> Iterator[Fault]:
        """The faults of the only member of the right JSON type, else one that names the alternatives."""
        fitting = [
            n for n in candidates if fits(kind, sorted(self.kinds(members[n], 0)))
        ]
        named = {n: self._alternatives(members[n], 0) for n in candidates}
        names = dict.fromkeys(name for found in named.values() for name in found)
        expected = f"expected {' or '.join(names)}"
        if len(fitting) == 1:
            faults = list(self.faults(members[fitting[0]], value, path))
            values = kind not in named[fitting[0]] and all(
                fault.path == path and fault.keyword in ("const", "enum")
                for fault in faults
            )
            if values:
                yield Fault(path, f"{expected}, got {_show(value)}", "enum")
            else:
                yield from faults
        elif not fitting:
            yield Fault(path, f"{expected}, got {kind}", "type")
        else:
            yield Fault(
                path,
                f"{_show(value)} fits none of {len(fitting)} alternatives",
                "anyOf",
            )

    def _alternatives(self, schema: Any, depth: int) -> list[str]:
        """What a schema admits in words: JSON types, or the values of a short enum."""
        if not isinstance(schema, bool) and depth <= 20:
            values: list[Any] = schema.get("enum", [])
            if 0 < len(values) <= 3:
                return [_show(value) for value in values]
            for word in ("allOf", "anyOf", "oneOf"):
                members: list[Any] = schema.get(word, [])
                if members and "type" not in schema and not values:
                    named = members[:1] if word == "allOf" else members
                    return [
                        name
                        for inner in named
                        for name in self._alternatives(inner, depth + 1)
                    ]
            if "$ref" in schema:
                return self._alternatives(self.target(schema["$ref"]), depth + 1)
        return sorted(self.kinds(schema, depth))

    def kinds(self, schema: Any, depth: int) -> set[str]:
        if isinstance(schema, bool) or depth > 20:
            return (
                set()
                if schema is False
                else {"string", "number", "boolean", "null", "array", "object"}
            )
        if "type" in schema:
            kinds = schema["type"]
            return {kinds} if isinstance(kinds, str) else set(kinds)
        if "enum" in schema:
            return {kind_of(value) for value in schema["enum"]}
        if "$ref" in schema:
            return self.kinds(self.target(schema["$ref"]), depth + 1)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                members: list[Any] = schema[word]
                return {
                    kind for inner in members for kind in self.kinds(inner, depth + 1)
                }
        return {"string", "number", "boolean", "null", "array", "object"}

    def _tagged(
        self, schema: Any, word: str, value: Any, kind: str
    ) -> list[int] | Fault | None:
        """The members that the tag names, a fault, or None: all of them (strict), an unknown variant (lax)."""
        if kind != "object" or "tag" not in schema:
            return list(range(len(schema[word])))
        choice: Any = schema["tag"]
        while choice.__class__ is dict:
            wire = choice["on"]
            tag = value.get(wire)
            if wire not in value or (tag is None and "missing" in choice):
                if "missing" not in choice:
                    name = json.dumps(wire, ensure_ascii=False)
                    return Fault("", f"required property {name} is missing", "required")
                choice = choice["missing"]
            elif isinstance(tag, str) and tag in choice["cases"]:
                choice = choice["cases"][tag]
            elif "unknown" in choice:
                choice = choice["unknown"]
            elif not isinstance(tag, str):
                return Fault(
                    _below("", wire), f"expected string, got {kind_of(tag)}", "type"
                )
            elif self.strict:
                return Fault(
                    _below("", wire), _expected_one_of(choice["cases"], tag), "enum"
                )
            else:
                return None
        return [choice] if choice.__class__ is int else choice

    # -- what is evaluated (unevaluatedProperties, unevaluatedItems) ---------------------------------------------

    def evaluated(self, schema: Any, value: Any) -> set[Any]:
        """The property names, or item numbers, that a schema has looked at."""
        if isinstance(schema, bool):
            return set()
        seen: set[Any] = set()
        kind = kind_of(value)
        if kind == "object":
            patterns: Iterable[str] = schema.get("patternProperties", ())
            for wire in value:
                if wire in schema.get("properties", {}) or any(
                    re.search(pattern, wire) for pattern in patterns
                ):
                    seen.add(wire)
            if "additionalProperties" in schema or "unevaluatedProperties" in schema:
                seen |= value.keys()
            for wire, inner in schema.get("dependentSchemas", {}).items():
                if wire in value:
                    seen |= self.evaluated(inner, value)
        elif kind == "array":
            seen |= set(range(min(len(schema.get("prefixItems", ())), len(value))))
            if "items" in schema or "unevaluatedItems" in schema:
                seen |= set(range(len(value)))
            if "contains" in schema:
                seen |= {
                    n
                    for n, item in enumerate(value)
                    if self.accepts(schema["contains"], item)
                }
        if "$ref" in schema:
            seen |= self.evaluated(self.target(schema["$ref"]), value)
        for word in ("allOf", "anyOf", "oneOf"):
            for inner in schema.get(word, ()):
                if self.accepts(inner, value):
                    seen |= self.evaluated(inner, value)
        if "if" in schema:
            branch = "else"
            if self.accepts(schema["if"], value):
                seen |= self.evaluated(schema["if"], value)
                branch = "then"
            seen |= self.evaluated(schema.get(branch, True), value)
        return seen


_Check = Callable[[Validator, Any, Any, str], Iterator[Fault]]


def _bound(
    keyword: str,
    broken: Callable[[Any, Any], bool],
    says: str,
    measure: Callable[[Any], Any],
) -> tuple[str, _Check]:
    def check(_: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
        if broken(measure(value), schema[keyword]):
            yield Fault(
                path, f"{_show(value)} {says} {_show(schema[keyword])}", keyword
            )

    return keyword, check


def exact(number: Any) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return Fraction(number if number.__class__ is int else repr(number))


def _multiple(_: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    if exact(value) % exact(schema["multipleOf"]) != 0:
        yield Fault(
            path,
            f"{_show(value)} is not a multiple of {schema['multipleOf']}",
            "multipleOf",
        )


def _pattern(_: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    if not re.search(schema["pattern"], value):
        yield Fault(
            path, f"{_show(value)} does not match {schema['pattern']}", "pattern"
        )


def _unique(_: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for n, item in enumerate(value):
        found = identity(item)
        if found in seen:
            yield Fault(f"{path}[{n}]", f"{_show(item)} occurs twice", "uniqueItems")
            return
        seen.add(found)


def _contains(reader: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    count = sum(1 for item in value if reader.accepts(schema["contains"], item))
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    if count < least:
        yield Fault(path, f"at least {least} items must match, {count} do", "contains")
    if most is not None and count > most:
        yield Fault(path, f"at most {most} items may match, {count} do", "maxContains")


def _unevaluated_items(
    reader: Validator, schema: Any, value: Any, path: str
) -> Iterator[Fault]:
    rest = {
        word: operand for word, operand in schema.items() if word != "unevaluatedItems"
    }
    seen = reader.evaluated(rest, value)
    for n, item in enumerate(value):
        if n not in seen and not reader.accepts(schema["unevaluatedItems"], item):
            yield Fault(f"{path}[{n}]", "this item is not allowed", "unevaluatedItems")


def _names(reader: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    for wire in value:
        if not reader.accepts(schema["propertyNames"], wire):
            yield Fault(
                path, f"the property name {_show(wire)} is not allowed", "propertyNames"
            )


def _dependent_required(
    _: Validator, schema: Any, value: Any, path: str
) -> Iterator[Fault]:
    for wire, needed in schema["dependentRequired"].items():
        for other in needed if wire in value else ():
            if other not in value:
                yield Fault(
                    path,
                    f"{_show(wire)} needs property {_show(other)} beside it",
                    "dependentRequired",
                )


def _dependent_schemas(
    reader: Validator, schema: Any, value: Any, path: str
) -> Iterator[Fault]:
    for wire, inner in schema["dependentSchemas"].items():
        if wire in value:
            yield from reader.faults(inner, value, path)


def _patterns_only(
    reader: Validator, schema: Any, value: Any, path: str
) -> Iterator[Fault]:
    if (
        "properties" in schema
        or "required" in schema
        or "additionalProperties" in schema
    ):
        return  # judged together with them
    for wire, item in value.items():
        for pattern, inner in schema["patternProperties"].items():
            if re.search(pattern, wire):
                yield from reader.faults(inner, item, _below(path, wire))


def _unevaluated_properties(
    reader: Validator, schema: Any, value: Any, path: str
) -> Iterator[Fault]:
    rest = {
        word: operand
        for word, operand in schema.items()
        if word != "unevaluatedProperties"
    }
    seen = reader.evaluated(rest, value)
    for wire, item in value.items():
        if wire not in seen and not reader.accepts(
            schema["unevaluatedProperties"], item
        ):
            yield Fault(
                path,
                f"unknown property {_show(wire)} is not allowed",
                "unevaluatedProperties",
            )


def _const(_: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    if not same_json(value, schema["const"]):
        yield Fault(
            path, f"expected {_show(schema['const'])}, got {_show(value)}", "const"
        )


def _all(reader: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    for inner in schema["allOf"]:
        yield from reader.faults(inner, value, path)


def _not(reader: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    if reader.accepts(schema["not"], value):
        yield Fault(path, f"{_show(value)} is excluded", "not")


def _if(reader: Validator, schema: Any, value: Any, path: str) -> Iterator[Fault]:
    branch = "then" if reader.accepts(schema["if"], value) else "else"
    yield from reader.faults(schema.get(branch, True), value, path)


_NUMBERS: tuple[tuple[str, _Check], ...] = (
    _bound("minimum", lambda a, b: a < b, "is less than", lambda v: v),
    _bound("maximum", lambda a, b: a > b, "is greater than", lambda v: v),
    _bound("exclusiveMinimum", lambda a, b: a <= b, "is not greater than", lambda v: v),
    _bound("exclusiveMaximum", lambda a, b: a >= b, "is not less than", lambda v: v),
    ("multipleOf", _multiple),
)

CHECKS: dict[str, tuple[tuple[str, _Check], ...]] = {
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "string": (
        _bound("minLength", lambda a, b: a < b, "is shorter than", len),
        _bound("maxLength", lambda a, b: a > b, "is longer than", len),
        ("pattern", _pattern),
    ),
    "array": (
        _bound("minItems", lambda a, b: a < b, "has fewer items than", len),
        _bound("maxItems", lambda a, b: a > b, "has more items than", len),
        ("uniqueItems", _unique),
        ("contains", _contains),
        ("unevaluatedItems", _unevaluated_items),
    ),
    "object": (
        _bound("minProperties", lambda a, b: a < b, "has fewer properties than", len),
        _bound("maxProperties", lambda a, b: a > b, "has more properties than", len),
        ("propertyNames", _names),
        ("patternProperties", _patterns_only),
        ("dependentRequired", _dependent_required),
        ("dependentSchemas", _dependent_schemas),
        ("unevaluatedProperties", _unevaluated_properties),
    ),
}

_GENERAL: tuple[tuple[str, _Check], ...] = (
    ("const", _const),
    ("allOf", _all),
    ("not", _not),
    ("if", _if),
)
