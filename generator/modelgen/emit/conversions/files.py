"""Resolution -> the files of the conversions between the variants of a package.

One module reads payloads of any variant into the hub, and one for each variant writes them. All of their functions
change a payload that the caller owns, in place, and report what could not be carried over.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from ...ir.words import snake_case
from ...reconcile import Resolution
from ..heading import Heading
from ..parts import support_files
from ..render import render_formatted
from .printing import function_names_of, module_view
from .reader import reader_plan
from .signatures import signatures
from .streams import stream_names, streams
from .tables import Functions, tables
from .writer import writer_plan

SUPPORT = ("_conversion.py", "_translator.py")
FORMS_SUPPORT = ("_forms.py",)
FOLDER = "_conversions"


def conversion_files(
    resolution: Resolution, names: Mapping[str, Mapping[str, str]], heading: Heading
) -> dict[str, str]:
    """The subpackage of conversions and its support modules. `names`: variant, or hub, -> key -> Python name."""
    reader = reader_plan(resolution)
    about = heading.doc("payloads of any variant, read into the hub")
    views: list[Any] = [module_view(reader, f"{FOLDER}/reading.py", about)]
    writers: dict[Hashable, str] = {}
    for variant in resolution.map.variants:
        writer = writer_plan(resolution, variant)
        about = heading.doc(f"the hub, written for {variant}")
        views.append(module_view(writer, f"{FOLDER}/{variant}.py", about))
        writers |= function_names_of(writer)
    around = streams(
        resolution, f"{FOLDER}/streams.py", heading.doc("events that are formed of several")
    )
    typed = signatures(resolution, names, heading.doc("which model becomes which"))
    functions = Functions(function_names_of(reader), writers, stream_names(resolution))
    views += [around, typed]
    return {
        **{view.path: render_formatted(view) for view in views},
        f"{FOLDER}/tables.json": tables(resolution, names, functions),
        f"{FOLDER}/__init__.py": '"""Generated conversions between the variants."""\n',
        **support_files(SUPPORT),
        **support_files(FORMS_SUPPORT if _has_forms(resolution) else ()),
    }


def _has_forms(resolution: Resolution) -> bool:
    return any(entry.form for section in resolution.sections() for entry in section.entries)


def hub_modules(resolution: Resolution) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules that give each family with a tag, such as events, a module of its own in the hub."""
    return tuple(
        (f"{snake_case(shape.name)}s", (f"{shape.name}*",))
        for shape in resolution.map.families
        if shape.tag
    )
