"""What is written in a document, as the text that a report shows of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from .. import ir


def written(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def text(raw: Mapping[str, Any], keyword: str) -> str:
    value = raw.get(keyword)
    if value is None:
        return ""
    if isinstance(value, str | datetime.date):
        return line(str(value))
    try:
        return line(ir.Value.of(value).text)
    except TypeError:
        return line(str(value))


def line(text: str) -> str:
    return " ".join(text.split())
