"""dataclass and attrs: what differs between them, as two records of one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    module: str
    imported: str
    decorator: str


STYLES = {
    "dataclass": Style(
        "dataclass", "dataclasses", "dataclass", "@dataclass(kw_only=True, slots=True, repr=False)"
    ),
    "attrs": Style("attrs", "attrs", "define", "@define(kw_only=True, slots=True, repr=False)"),
}
