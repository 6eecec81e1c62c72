"""The kinds of change of keywords that bound a number, a length or a count.

Tightening a bound narrows what is valid, loosening it widens that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoundRules:
    set: str
    unset: str
    tighter: str
    looser: str


BOUND_RULES = {
    "maximum": BoundRules("maximum-set", "maximum-unset", "maximum-lowered", "maximum-raised"),
    "exclusiveMaximum": BoundRules(
        "exclusive-maximum-set",
        "exclusive-maximum-unset",
        "exclusive-maximum-lowered",
        "exclusive-maximum-raised",
    ),
    "maxLength": BoundRules(
        "max-length-set", "max-length-unset", "max-length-lowered", "max-length-raised"
    ),
    "maxItems": BoundRules(
        "max-items-set", "max-items-unset", "max-items-lowered", "max-items-raised"
    ),
    "maxProperties": BoundRules(
        "max-properties-set",
        "max-properties-unset",
        "max-properties-lowered",
        "max-properties-raised",
    ),
    "maxContains": BoundRules(
        "max-contains-set", "max-contains-unset", "max-contains-lowered", "max-contains-raised"
    ),
    "minimum": BoundRules("minimum-set", "minimum-unset", "minimum-raised", "minimum-lowered"),
    "exclusiveMinimum": BoundRules(
        "exclusive-minimum-set",
        "exclusive-minimum-unset",
        "exclusive-minimum-raised",
        "exclusive-minimum-lowered",
    ),
    "minLength": BoundRules(
        "min-length-set", "min-length-unset", "min-length-raised", "min-length-lowered"
    ),
    "minItems": BoundRules(
        "min-items-set", "min-items-unset", "min-items-raised", "min-items-lowered"
    ),
    "minProperties": BoundRules(
        "min-properties-set",
        "min-properties-unset",
        "min-properties-raised",
        "min-properties-lowered",
    ),
    "minContains": BoundRules(
        "min-contains-set", "min-contains-unset", "min-contains-raised", "min-contains-lowered"
    ),
}
