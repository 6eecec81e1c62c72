"""What is odd in one schema, repaired in the sense of its author; what has no sense is taken out. All of it is listed.

A schema is repaired where it stands, so that whoever reads it next reads the same; `Documents.oddities` remembers what was
odd for those that read it again.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import Location
from ..openapi.keywords import COUNT, KEYWORDS, NAMES, NAMES_MAP, TYPES, Keyword
from .operands import FOREIGN_TYPES, describe, fits, listed, unknown

# The code of an anomaly, where it is, and what it says.
Oddity: TypeAlias = tuple[str, Location, str]
# Source and pointer of a schema -> what was odd about it.
Oddities: TypeAlias = dict[tuple[str, str], list[Oddity]]
Locate: TypeAlias = Callable[[Location], object]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FLAGS = {"true": True, "false": False}


def repair(raw: dict[str, Any], at: Location, oddities: Oddities, locate: Locate) -> None:
    """Repair a schema and those in it, and add what was odd about each. `locate` is called for a place in whatever is
    changed, before it is."""
    if (at.source, at.pointer) in oddities:
        return
    odd = oddities[at.source, at.pointer] = []
    repairs = _Repairs(raw, at, locate)
    for word, value in list(raw.items()):
        keyword = KEYWORDS.get(word)
        if keyword is None:
            if not word.startswith("x-"):
                odd.append(("unknown-keyword", at.below(word), unknown(word)))
        elif keyword.role == "annotation":
            if not fits(value, keyword):
                odd.append(("annotation-kind", at.below(word), _kind(word, value, keyword)))
        else:
            odd += repairs.keyword(word, value, keyword)
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


@dataclass(frozen=True, slots=True)
class _Repairs:
    """Repairs the keywords of one schema."""

    raw: dict[str, Any]
    at: Location
    locate: Locate

    def put(self, word: str, value: object) -> None:
        self.locate(self.at.below(word))
        self.raw[word] = value

    def remove(self, word: str) -> None:
        self.locate(self.at.below(word))
        del self.raw[word]

    def keyword(self, word: str, value: object, keyword: Keyword) -> Iterator[Oddity]:
        at = self.at.below(word)
        if not fits(value, keyword):
            message = _kind(word, value, keyword)
            meant = _meant(word, value)
            if meant is None:
                self.remove(word)
                yield "keyword-ignored", at, message
                return
            self.put(word, meant)
            value = meant
            yield "keyword-meant", at, message
        if value == [] and word in ("anyOf", "oneOf", "enum"):
            self.remove(word)
            members = self.raw.get("allOf")
            self.raw["allOf"] = [*(members if isinstance(members, list) else ()), False]
            yield "nothing-valid", at, f"`{word}` has no entries."
        elif value == [] and word in ("allOf", "type"):
            self.remove(word)
            yield "keyword-ignored", at, f"`{word}` has no entries."
        elif (fault := _senseless(word, value, keyword)) is not None:
            self.remove(word)
            yield "keyword-ignored", at, fault
        elif word == "type":
            yield from self.types(value, at)
        elif keyword.operand == NAMES and isinstance(value, list):
            yield from self.names(word, value, at)
        elif keyword.operand == NAMES_MAP and isinstance(value, dict):
            for name, names in list(value.items()):
                if not isinstance(names, list):
                    self.locate(at.below(name))
                    del value[name]
                    message = f"`{name}` must have a list of names, not {describe(names)}."
                    yield "keyword-ignored", at.below(name), message
        else:
            for steps, inner in list(keyword.operand.schemas(value)):
                below = at.below(*steps)
                meant, odd = schema(inner, below)
                if odd:
                    self.locate(below)
                    container: Any = value
                    container[steps[0]] = meant
                    yield from odd

    def names(self, word: str, value: list[Any], at: Location) -> Iterator[Oddity]:
        others = [name for name in value if not isinstance(name, str)]
        if others:
            self.put(word, [name for name in value if isinstance(name, str)])
            message = f"`{word}` lists names, but has {describe(others[0])} among them."
            yield "keyword-ignored", at, message

    def types(self, value: object, at: Location) -> Iterator[Oddity]:
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
            self.remove("type")
        elif words not in (value, [value]):
            self.put("type", words)


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


def _senseless(word: str, value: object, keyword: Keyword) -> str | None:
    """Why a bound makes no sense, None if it does."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return f"`{word}` must be a number, not {value}."
    if word == "multipleOf" and value <= 0:
        return f"`multipleOf` must be more than 0, not {value}."
    if keyword.operand == COUNT and (value < 0 or value != int(value)):
        return f"`{word}` must be a whole number of at least 0, not {value}."
    return None


def _kind(word: str, value: object, keyword: Keyword) -> str:
    return f"`{word}` must be {listed(keyword.operand.classes)}, not {describe(value)}."
