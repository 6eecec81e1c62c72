"""Is a [tool.modelgen] table as it should be? By `config.schema.json`, then by what a schema cannot say, such as names."""

from __future__ import annotations

import json
import keyword
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..emit.modules import OPERATION_TYPES_MODULE, OPERATIONS_MODULE, RESERVED_MODULES
from ..emit.styles import DEFAULT_STYLE, STYLES
from ..errors import Diagnostic
from ..openapi.formats import BY_PYTHON, DEFAULTS, PLAIN
from .key_positions import KeyPositions, Keys
from .naming import name_fault, other_name, package_fault

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

EXAMPLE = '[tool.modelgen.packages.my_models] with input = "openapi.yaml"'
_SOURCE_NAME = re.compile(r"\w[\w-]*")
_SCHEMA = Path(__file__).with_name("config.schema.json")


def schema() -> dict[str, Any]:
    """The JSON Schema of the table: that of the file, with the styles and the types of formats."""
    whole: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    package = whole["$defs"]["package"]["properties"]
    package["style"] |= {"enum": list(STYLES), "default": DEFAULT_STYLE}
    *others, last = DEFAULTS
    package["formats"] |= {
        "description": f"Python types by `format`; added to {', '.join(others)} and {last}.",
        "additionalProperties": {"enum": [*BY_PYTHON, PLAIN]},
    }
    return whole


def faults(table: object, positions: KeyPositions) -> Iterator[Diagnostic]:
    """What is wrong with a table; names are looked at when the rest is right."""
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(schema()).iter_errors(table), key=_order)
    for error in errors:
        yield from _schema_fault(error, positions)
    if not errors and isinstance(table, dict):
        yield from _name_faults(table["packages"], positions)
        yield from _distribution_faults(table["packages"], positions)
        yield from _source_faults(table.get("sources", {}), positions)


def _order(error: ValidationError) -> tuple[str, ...]:
    return tuple(str(key) for key in error.absolute_path)


def _schema_fault(error: ValidationError, positions: KeyPositions) -> Iterator[Diagnostic]:
    keys: Keys = tuple(error.absolute_path)
    value: Any = error.instance
    operand: Any = error.validator_value
    schema: Any = error.schema
    here = ".".join(["tool.modelgen", *(str(key) for key in keys)])
    match error.validator:
        case "additionalProperties":
            known = list(schema["properties"])
            for key in sorted(value.keys() - known):
                close = get_close_matches(key, known, 1)
                hint = (
                    f'Did you mean "{close[0]}"?' if close else f"Known keys: {', '.join(known)}."
                )
                message = f'There is no key "{key}" in [{here}].'
                yield Diagnostic("config-unknown-key", message, positions.at(*keys, key), hint)
        case "required":
            unknown = value.keys() - schema["properties"]
            for key in operand:
                # A misspelt key is reported as such, not as two faults.
                if key not in value and not get_close_matches(key, unknown):
                    hint = f"Write {EXAMPLE}." if key == "packages" else f"Add {key} = …"
                    message = f'[{here}] has no "{key}".'
                    yield Diagnostic("config-missing-key", message, positions.at(*keys), hint)
        case "enum":
            known = [str(item) for item in operand]
            close = get_close_matches(str(value), known, 1)
            hint = f'Did you mean "{close[0]}"?' if close else ""
            message = f"{here} is {_toml(value)}, expected {_either(known)}."
            yield Diagnostic("config-bad-value", message, positions.at(*keys), hint)
        case "type":
            kinds = {
                "array": "a list",
                "object": "a table",
                "string": "a string",
                "boolean": "true or false",
            }
            wanted = [operand] if isinstance(operand, str) else operand
            expected = " or ".join(kinds[kind] for kind in wanted)
            message = f"{here} is {_toml(value)}, expected {expected}."
            yield Diagnostic("config-bad-value", message, positions.at(*keys))
        case "pattern":
            message = f"{here} is {_toml(value)}, which is not what it takes."
            hint = schema["description"]
            yield Diagnostic("config-bad-value", message, positions.at(*keys), hint)
        case _:
            message = f"{here} is empty."
            yield Diagnostic("config-bad-value", message, positions.at(*keys))


def _toml(value: object) -> str:
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _either(values: Iterable[str]) -> str:
    *most, last = (f'"{value}"' for value in values)
    return f"{', '.join(most)} or {last}" if most else last


def _name_faults(packages: Mapping[str, Any], positions: KeyPositions) -> Iterator[Diagnostic]:
    yield from _names_in("package", {("packages", name): name for name in packages}, positions)
    for name, entry in packages.items():
        at: Keys = ("packages", name)
        variants = entry.get("variants", {})
        if variants:
            for key in ("input", "select", "modules", "names", "overlays"):
                if key in entry:
                    message = f'A package with variants has no "{key}" of its own.'
                    hint = f"Move it to [tool.modelgen.packages.{name}.variants.{next(iter(variants))}]."
                    yield Diagnostic("config-bad-value", message, positions.at(*at, key), hint)
            names = {(*at, "variants", variant): variant for variant in variants}
            yield from _names_in("variant", names, positions)
            for variant, part in variants.items():
                yield from _part_faults(part, (*at, "variants", variant), positions)
        elif "reconcile" in entry:
            message = "Only a package with variants can be reconciled."
            hint = "Remove reconcile, or add a table of variants."
            yield Diagnostic("config-bad-value", message, positions.at(*at, "reconcile"), hint)
        elif "input" not in entry:
            message = f'[tool.modelgen.packages.{name}] has no "input".'
            hint = "Add input = …, or a table of variants."
            yield Diagnostic("config-missing-key", message, positions.at(*at), hint)
        else:
            yield from _part_faults(entry, at, positions)


def _part_faults(
    entry: Mapping[str, Any], at: Keys, positions: KeyPositions
) -> Iterator[Diagnostic]:
    if entry["input"] == "-":
        message = "Standard input cannot be the input of a configured package."
        yield Diagnostic("config-bad-value", message, positions.at(*at, "input"))
    modules = {
        (*at, "modules", index, "name"): rule["name"]
        for index, rule in enumerate(entry.get("modules", ()))
    }
    yield from _names_in("module", modules, positions)
    if entry.get("operations", not entry.get("select")):
        for keys, name in modules.items():
            if name in (OPERATIONS_MODULE, OPERATION_TYPES_MODULE):
                message = f'The module name "{name}" is needed for what stands in operations.'
                hint = "Choose another name, or set operations = false."
                yield Diagnostic("config-bad-name", message, positions.at(*keys), hint)
    for pointer, target in entry.get("names", {}).items():
        here = positions.at(*at, "names", pointer)
        if not pointer.startswith(("/", "#/")):
            message = f'"{pointer}" is not a JSON pointer.'
            hint = "A pointer looks like /components/schemas/Session."
            yield Diagnostic("config-bad-name", message, here, hint)
        elif not target.isidentifier() or keyword.iskeyword(target):
            message = f'"{target}" is not a Python identifier.'
            yield Diagnostic("config-bad-name", message, here)


def _distribution_faults(
    packages: Mapping[str, Any], positions: KeyPositions
) -> Iterator[Diagnostic]:
    seen: dict[str, Keys] = {}
    for name, entry in packages.items():
        if "distribution" not in entry:
            continue
        keys: Keys = ("packages", name, "distribution", "name")
        published = entry["distribution"]["name"]
        first = seen.setdefault(re.sub("[-_.]+", "-", published).lower(), keys)
        if first != keys:
            message = f'Two packages are published as "{published}".'
            here, there = positions.at(*keys), positions.at(*first)
            yield Diagnostic("config-bad-name", message, here, related=(there,))


def _source_faults(sources: Mapping[str, Any], positions: KeyPositions) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for name, entry in sources.items():
        if not _SOURCE_NAME.fullmatch(name):
            message = f"The source name {_toml(name)} is not made of letters, digits, - and _."
            yield Diagnostic("config-bad-name", message, positions.at("sources", name))
        first = seen.setdefault(posixpath.normpath(entry["path"]), name)
        if first != name:
            message = f'The sources "{first}" and "{name}" are kept at the same path.'
            here, there = (positions.at("sources", key, "path") for key in (name, first))
            yield Diagnostic("config-bad-value", message, here, related=(there,))


def _names_in(
    what: str, names: Mapping[Keys, str], positions: KeyPositions
) -> Iterator[Diagnostic]:
    seen: dict[str, Keys] = {}
    for keys, name in names.items():
        fault = package_fault(name) if what == "package" else name_fault(name)
        hint = ""
        if what == "package" and (other := other_name(name)):
            hint = f"Choose another name, such as {other}."
        if what in ("module", "variant") and name in RESERVED_MODULES:
            fault = "would hide the function of that name in the package"
        if fault:
            message = f'The {what} name "{name}" {fault}.'
            yield Diagnostic("config-bad-name", message, positions.at(*keys), hint)
        first = seen.setdefault(name.lower(), keys)
        if first == keys:
            continue
        message = f'Two {what}s have the same name "{name}".'
        if names[first] != name:
            message = f'The {what} names "{names[first]}" and "{name}" differ only by case.'
        yield Diagnostic(
            "config-bad-name", message, positions.at(*keys), related=(positions.at(*first),)
        )
