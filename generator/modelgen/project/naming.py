"""What a package, or a module of one, may be called."""

from __future__ import annotations

import keyword
import sys

from ..emit.styles import STYLES

# Libraries that generated packages import.
IMPORTED = frozenset({"attr", "orjson", *(style.module for style in STYLES.values())})


def name_fault(name: str) -> str:
    """Why `name` cannot be a module or package of its own, or ""."""
    if not name.isidentifier():
        return "is not a Python identifier"
    if keyword.iskeyword(name):
        return "is a Python keyword"
    if name.startswith("_"):
        return "begins with an underscore, as the generated support modules do"
    return ""


def package_fault(name: str) -> str:
    """Why `name` cannot be a package that programs import, or ""."""
    if name in sys.stdlib_module_names:
        return "is a module of the standard library, which the package would hide"
    if name in IMPORTED:
        return "is a library that generated packages import, which the package would hide"
    return name_fault(name)


def other_name(name: str) -> str:
    """What to call a package instead, for a hint; "" if nothing comes to mind."""
    return f"{name}_models" if name_fault(name) == "" else ""
