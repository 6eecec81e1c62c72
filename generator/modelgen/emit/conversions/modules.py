"""Resolution -> the files of `_conversions/`: what reads payloads of any variant into the hub, and writes those of each.

All of their functions change a payload that the caller owns, in place, and report to a `Report` what could not be
carried over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...reconcile import Key, Resolution
from ..render import render_formatted
from .printing import function_names_of, module_view
from .reader import reader_plan
from .signatures import signatures
from .streams import stream_names, streams
from .tables import tables
from .writer import writer_plan

FOLDER = "_conversions"
Names = Mapping[str, Mapping[str, str]]


def conversion_files(
    resolution: Resolution, names: Names, doc: Callable[[str], tuple[str, ...]]
) -> dict[str, str]:
    """The files of conversions. `names` are the Python names of the types of every variant and of the hub; `doc` gives
    the documentation of a module from what it holds."""
    reader = reader_plan(resolution)
    views = [
        module_view(
            reader, f"{FOLDER}/reading.py", doc("payloads of any variant, read into the hub")
        )
    ]
    writers: dict[Key, str] = {}
    for variant in resolution.map.variants:
        plan = writer_plan(resolution, variant)
        functions = function_names_of(plan)
        writers.update(
            {key: functions[key] for key in resolution.roots.values() if key.variant == variant}
        )
        path = f"{FOLDER}/{variant}.py"
        views.append(module_view(plan, path, doc(f"the hub, written for {variant}")))
    around = streams(
        resolution, f"{FOLDER}/streams.py", doc("events that are formed of several")
    )
    typed = signatures(resolution, names, doc("which model becomes which"))
    functions_by_family = {
        "readers": function_names_of(reader),
        "streams": stream_names(resolution),
    }
    return {
        f"{FOLDER}/__init__.py": '"""Generated conversions between the variants."""\n',
        **{view.path: render_formatted(view) for view in (*views, around, typed)},
        f"{FOLDER}/tables.json": tables(resolution, names, writers, functions_by_family),
    }
