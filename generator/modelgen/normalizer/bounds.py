"""Checks as sets of conditions, and how those of several conjuncts combine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..ir import Anything, Check, Type
from ..openapi.keywords import BOUNDS, CONDITIONS


def combine(groups: Iterable[tuple[Check, ...]]) -> tuple[Check, ...]:
    """All conditions at once, sorted by keyword. Two bounds become the tighter one; what cannot be put under one
    keyword is kept as an `allOf` of conditions."""
    merged: dict[str, Any] = {}
    further: list[Type] = []
    for group in groups:
        checks: dict[str, Any] = dict(group)
        for words in _TOGETHER:
            mine = tuple((word, checks.pop(word)) for word in words if word in checks)
            if not merged.keys() & words:
                merged.update(mine)
            elif mine and mine != tuple((word, merged[word]) for word in words if word in merged):
                further.append(Anything(checks=mine))
        for keyword, operand in checks.items():
            if keyword == "allOf":
                further.extend(operand)
            elif keyword not in merged:
                merged[keyword] = operand
            elif merged[keyword] == operand:
                continue
            elif keyword in BOUNDS:
                tighter = max if BOUNDS[keyword].side == "lower" else min
                merged[keyword] = tighter(merged[keyword], operand)
            else:
                further.append(Anything(checks=((keyword, operand),)))
    if further:
        merged["allOf"] = tuple(dict.fromkeys(further))
    return tuple(sorted(merged.items(), key=lambda check: check[0]))


_LEADERS = dict.fromkeys(row.beside for row in CONDITIONS if row.beside)
# keywords that mean something only beside each other, sorted
_TOGETHER = tuple(
    tuple(sorted(row.name for row in CONDITIONS if leader in (row.name, row.beside)))
    for leader in _LEADERS
)


def with_check(type_: Type, check: Check) -> Type:
    """The same type with one more condition."""
    return replace(type_, checks=combine([type_.checks, (check,)]))
