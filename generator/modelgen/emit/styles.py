"""What differs between the styles of emitted classes, as records of one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`imported` of `module` makes a class of one that is decorated so. `requires` are the distributions that have the
    module; none: it is the standard library's."""

    module: str
    imported: str
    decorator: str
    requires: tuple[str, ...] = ()


STYLES: Mapping[str, Style] = {
    "dataclass": Style(
        module="dataclasses",
        imported="dataclass",
        decorator="@dataclass(kw_only=True, slots=True, repr=False)",
    ),
    "attrs": Style(
        module="attrs",
        imported="define",
        decorator="@define(kw_only=True, slots=True, repr=False)",
        requires=("attrs>=24.2",),
    ),
}
DEFAULT_STYLE = next(iter(STYLES))
