"""What is odd in one schema, repaired in the sense of its author; what has no sense is taken out. All of it is listed.

A schema is repaired where it stands, so that whoever reads it next reads the same; `Documents.oddities` remembers what was
odd for those that read it again.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ..errors import Location
from ..openapi.keywords import KEYWORDS, NAMES, NAMES_MAP, TYPES, Keyword
from .operands import FOREIGN_TYPES, describe, fits, listed, unknown

# The code of an anomaly, where it is, and what it says.
Oddity: TypeAlias = tuple[str, Location, str]
# Source and pointer of a schema -> what was odd about it.
Oddities: TypeAlias = dict[tuple[str, str], list[Oddity]]

_COUNTS = frozenset(
    {
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "minContains",
        "maxContains",
    }
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FLAGS = {"true": True, "false": False}


def repair(
    raw: dict[str, Any], at: Location, oddities: Oddities, locate: Callable[[Location], object]
) -> None:
    """Repair a schema and those in it, and add what was odd about each. `locate` is called for a place in each schema
    that is repaired, before it is."""
    if (at.source, at.pointer) in oddities:
        return
    odd = oddities[at.source, at.pointer] = []
    for word, value in list(raw.items()):
        keyword = KEYWORDS.get(word)
        if keyword is None:
            if not word.startswith("x-"):
                odd.append(("unknown-keyword", at.below(word), unknown(word)))
        elif keyword.role == "annotation":
            if not fits(value, keyword):
                odd.append(("annotation-kind", at.below(word), _kind(word, value, keyword)))
        else:
            odd += _keyword(raw, word, value, keyword, at, locate)
            for steps, inner in keyword.operand.schemas(raw.get(word)):
                if isinstance(inner, dict):
                    repair(inner, at.below(word, *steps), oddities, locate)


def schema(value: object, at: Location) -> tuple[dict[str, Any] | bool, list[Oddity]]:
    """What stands where a schema should, as one."""
    if isinstance(value, dict | bool):
        return value, []
    message = f"A schema must be an object, true or false, not {describe(value)}."
    meant = {"type": value} if isinstance(value, str) and value in TYPES else {}
    return meant, [("no-schema", at, message)]


def _keyword(
    raw: dict[str, Any],
    word: str,
    value: object,
    keyword: Keyword,
    at: Location,
    locate: Callable[[Location], object],
) -> Iterator[Oddity]:
    below = at.below(word)
    if not fits(value, keyword) or value == [] or _senseless(word, value) or word == "type":
        locate(below)
    if not fits(value, keyword):
        message = _kind(word, value, keyword)
        meant = _meant(word, value)
        if meant is None:
            del raw[word]
            yield "keyword-ignored", below, message
            return
        raw[word] = value = meant
        yield "keyword-meant", below, message
    if value == [] and word in ("anyOf", "oneOf", "enum"):
        del raw[word]
        members = raw.get("allOf")
        raw["allOf"] = [*(members if isinstance(members, list) else ()), False]
        yield "nothing-valid", below, f"`{word}` has no entries."
    elif value == [] and word in ("allOf", "type"):
        del raw[word]
        yield "keyword-ignored", below, f"`{word}` has no entries."
    elif (fault := _senseless(word, value)) is not None:
        del raw[word]
        yield "keyword-ignored", below, fault
    elif word == "type":
        yield from _types(raw, value, below)
    elif keyword.operand == NAMES and isinstance(value, list):
        names = [name for name in value if isinstance(name, str)]
        if len(names) != len(value):
            raw[word] = names
            other = next(name for name in value if not isinstance(name, str))
            message = f"`{word}` lists names, but has {describe(other)} among them."
            yield "keyword-ignored", below, message
    elif keyword.operand == NAMES_MAP and isinstance(value, dict):
        for name, names in list(value.items()):
            if not isinstance(names, list):
                locate(below.below(name))
                del value[name]
                message = f"`{name}` must have a list of names, not {describe(names)}."
                yield "keyword-ignored", below.below(name), message
    elif keyword.operand.content == "schema":
        for steps, inner in list(keyword.operand.schemas(value)):
            meant, odd = schema(inner, below.below(*steps))
            if odd:
                locate(below.below(*steps))
                container: Any = value
                container[steps[0]] = meant
                yield from odd


def _meant(word: str, value: object) -> object:
    """What a value of the wrong kind can only mean, None if that is not plain."""
    match word, value:
        case "type", None:
            return "null"
        case "enum", str() | int() | float():
            return [value]
        case _, str() if value in _FLAGS and bool in KEYWORDS[word].operand.classes:
            return _FLAGS[value]
        case _, str() if _NUMBER.fullmatch(value) and int in KEYWORDS[word].operand.classes:
            return float(value) if "." in value else int(value)
        case "items" | "additionalProperties" | "not" | "contains", str() if value in TYPES:
            return {"type": value}
    return None


def _senseless(word: str, value: object) -> str | None:
    """Why a bound makes no sense, None if it does."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if not math.isfinite(value):
        return f"`{word}` must be a number, not {value}."
    if word == "multipleOf" and value <= 0:
        return f"`multipleOf` must be more than 0, not {value}."
    if word in _COUNTS and (value < 0 or value != int(value)):
        return f"`{word}` must be a whole number of at least 0, not {value}."
    return None


def _types(raw: dict[str, Any], value: object, at: Location) -> Iterator[Oddity]:
    """Words that name no JSON type."""
    words: list[str] = []
    for word in value if isinstance(value, list) else [value]:
        if word is None:
            words.append("null")
            yield "keyword-meant", at, "`null` stands without quotes."
        elif not isinstance(word, str):
            yield "keyword-ignored", at, f"`type` lists {describe(word)}."
        elif word in TYPES or word in FOREIGN_TYPES:
            words.append(word)
        elif near := difflib.get_close_matches(word[:40].lower(), TYPES, 1, 0.8):
            words.append(near[0])
            message = f"`{word[:40]}` is not a JSON Schema type, and read as `{near[0]}`."
            yield "keyword-meant", at, message
        else:
            yield "keyword-ignored", at, f"`{word[:40]}` is not a JSON Schema type."
    if not words:
        del raw["type"]
    elif words != value and [value] != words:
        raw["type"] = words


def _kind(word: str, value: object, keyword: Keyword) -> str:
    return f"`{word}` must be {listed(keyword.operand.classes)}, not {describe(value)}."
