"""Bindings -> the files of the conversions between the variants of a package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...ir.words import snake_case
from ...reconcile import Bindings
from ..heading import Heading
from ..parts import support_files
from ..render import render_formatted
from .modules import Conversions
from .signatures import signatures
from .streams import streams
from .tables import tables

SUPPORT = ("_conversion.py", "_translator.py")


def conversion_files(
    bindings: Bindings, names: Mapping[str, Mapping[str, str]], heading: Heading
) -> dict[str, str]:
    """The subpackage of conversions and its support modules. `names`: variant, or hub, -> key -> Python name."""
    conversions = Conversions(bindings)
    views: list[Any] = [
        conversions.reader(heading.doc("payloads of any variant, read into the hub")),
        *(
            conversions.writer(variant, heading.doc(f"the hub, written for {variant}"))
            for variant in bindings.apis
        ),
        streams(bindings, heading.doc("events that are formed of several")),
        signatures(bindings, names, heading.doc("which model becomes which")),
    ]
    return {
        **{view.path: render_formatted(view) for view in views},
        "_conversions/tables.json": tables(bindings, names, conversions.writers),
        "_conversions/__init__.py": '"""Generated conversions between the variants."""\n',
        **support_files(SUPPORT),
    }


def hub_modules(bindings: Bindings) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules that give each family with a tag, such as events, a module of its own in the hub."""
    return tuple(
        (f"{snake_case(shape.name)}s", (f"{shape.name}*",))
        for shape in bindings.lens.families
        if shape.tag
    )
