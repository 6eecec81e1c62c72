"""Resolution -> the files of the conversions between the variants of a package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...ir.words import snake_case
from ...reconcile import Resolution
from ..heading import Heading
from ..parts import support_files
from ..render import render_formatted
from .modules import Conversions
from .signatures import signatures
from .streams import streams
from .tables import tables

SUPPORT = ("_conversion.py", "_translator.py")


def conversion_files(
    resolution: Resolution, names: Mapping[str, Mapping[str, str]], heading: Heading
) -> dict[str, str]:
    """The subpackage of conversions and its support modules. `names`: variant, or hub, -> key -> Python name."""
    conversions = Conversions(resolution)
    views: list[Any] = [
        conversions.reader(heading.doc("payloads of any variant, read into the hub")),
        *(
            conversions.writer(variant, heading.doc(f"the hub, written for {variant}"))
            for variant in resolution.apis
        ),
        streams(resolution, heading.doc("events that are formed of several")),
        signatures(resolution, names, heading.doc("which model becomes which")),
    ]
    return {
        **{view.path: render_formatted(view) for view in views},
        "_conversions/tables.json": tables(resolution, names, conversions.writers),
        "_conversions/__init__.py": '"""Generated conversions between the variants."""\n',
        **support_files(SUPPORT),
    }


def hub_modules(resolution: Resolution) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules that give each family with a tag, such as events, a module of its own in the hub."""
    return tuple(
        (f"{snake_case(shape.name)}s", (f"{shape.name}*",))
        for shape in resolution.map.families
        if shape.tag
    )
