"""Data -> YAML text that reads as the same data, here and by YAML 1.1."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from ..errors import SpecError
from .document import parse

WIDTH = 120


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Without aliases, and with quotes around texts that would be something else in any version of YAML."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> Any:
    style = None if _stays_text(value) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


@cache
def _stays_text(value: str) -> bool:
    """Whether a plain scalar is read as text by this package; what YAML 1.1 needs is quoted anyway."""
    if not value[:1].isdigit() and value[:1] not in "+-.":
        return True
    try:
        return bool(parse("-", f"- {value}\n".encode()).data == [value])
    except SpecError:
        return False


def as_yaml(data: Any) -> str:
    """The text of data, in its order."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH))
