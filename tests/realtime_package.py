"""The package of models that this repository ships, its variants, and the documents they are made from."""

from __future__ import annotations

import atexit
import importlib
import json
import shutil
import sys
import tempfile
import types
import typing
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from emitted import write
from modelgen.loader import Documents, load
from modelgen.pipeline import generate
from modelgen.project import config

ROOT = Path(__file__).parents[1]
GENERATED = ROOT / "generated"
NAME = "realtime_models"
TWIN = "realtime_models_attrs"

PACKAGE = next(p for p in config.load(ROOT / "pyproject.toml").packages if p.name == NAME)
VARIANTS = {part.name: part for part in PACKAGE.variants}

# The variants that describe the whole API of their day, and the real document of that day.
COMPLETE = {
    "v2024_12_04": "2024-12-04-7d205ff",
    "v2024_12_18": "2024-12-18-25be478",
    "beta": "2025-07-04-f7f4b05",
    "ga": "2026-08-21-f85dbe2",
}


def day(variant: str) -> str:
    """The day that a variant describes, as in the name of its document."""
    return Path(VARIANTS[variant].input).name[:10]


@cache
def documents(variant: str) -> Documents:
    part = VARIANTS[variant]
    return load(str(ROOT / part.input), overlays=[str(ROOT / path) for path in part.overlays])


@cache
def package() -> ModuleType:
    """The package as it is committed."""
    if str(GENERATED) not in sys.path:
        sys.path.append(str(GENERATED))
    return importlib.import_module(NAME)


@cache
def twin_folder() -> Path:
    """A folder with the same package in the attrs style."""
    folder = Path(tempfile.mkdtemp(prefix="twin-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = replace(PACKAGE, name=TWIN, style="attrs")
    write(folder / TWIN, generate([documents(variant) for variant in VARIANTS], settings).files)
    return folder


@cache
def twin() -> ModuleType:
    """The package in the attrs style."""
    sys.path.append(str(twin_folder()))
    importlib.invalidate_caches()
    return importlib.import_module(TWIN)


def subpackage(of: ModuleType, variant: str) -> Any:
    return importlib.import_module(f"{of.__name__}.{variant}")


@cache
def python_names(variant: str) -> dict[str, str]:
    """The Python name of each component."""
    text = (GENERATED / NAME / variant / "schema_map.json").read_text("utf-8")
    head = "/components/schemas/"
    return {
        entry["pointer"].removeprefix(head): name
        for name, entry in json.loads(text)["types"].items()
        if entry["pointer"].startswith(head) and "/" not in entry["pointer"].removeprefix(head)
    }


def examples(variant: str) -> Iterator[tuple[str, Any]]:
    """The examples in a variant's document: a component's Python name, and a payload of it."""
    for component, schema in documents(variant).root.data["components"]["schemas"].items():
        one = [schema["example"]] if "example" in schema else []
        for example in (*one, *schema.get("examples", ())):
            yield python_names(variant)[component], example


def outcome(of: Any, name: str, data: object, strict: bool) -> tuple[tuple[str, ...], Any, str]:
    """What decoding makes of a payload: the faults, or else what it encodes to and how it is shown."""
    try:
        value = of.decode(getattr(of, name), data, strict=strict)
    except of.DecodeError as error:
        return tuple(str(fault) for fault in error.errors), None, ""
    return (), of.encode(value), repr(value)


def annotation(hint: Any) -> str:
    """A type as source text: aliases written out, markers of aliases and `Unset` left out."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return "None"
    if origin is typing.Literal:
        return f"Literal[{', '.join(json.dumps(value) for value in arguments)}]"
    if origin in (typing.Union, types.UnionType):
        return " | ".join(annotation(member) for member in arguments if not is_unset(member))
    if origin is not None:
        return f"{origin.__name__}[{', '.join(annotation(argument) for argument in arguments)}]"
    name: str = hint.__name__
    return name


def properties(class_: type) -> dict[str, tuple[str, bool]]:
    """The type of each property of a class, and whether it may be left out."""
    hints = typing.get_type_hints(class_)
    del hints["additional_properties"]
    return {
        name: (annotation(hint), any(map(is_unset, typing.get_args(hint))))
        for name, hint in hints.items()
    }


def is_unset(hint: Any) -> bool:
    return getattr(hint, "__qualname__", "") == "Unset"
