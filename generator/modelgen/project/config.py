"""`[tool.modelgen]` of a pyproject.toml, or the options of one command, as a `Config`.

The table is checked against `config.schema.json`, then against what a schema cannot say (names).
"""

from __future__ import annotations

import hashlib
import json
import keyword
import posixpath
import re
import sys
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..emit.styles import DEFAULT_STYLE, STYLES
from ..errors import Diagnostic, Location, SpecError
from ..openapi.formats import BY_PYTHON, DEFAULTS, PLAIN

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Severity: TypeAlias = Literal["safe", "note", "may break", "breaks"]
Keys: TypeAlias = tuple[str | int, ...]

# Libraries that generated packages import.
IMPORTED = frozenset({"attr", "orjson", *(style.module for style in STYLES.values())})
# A module of one of these names would hide the function of the same name in the package's root.
RESERVED_MODULES = frozenset(
    {"convert", "decode", "decode_json", "detect", "encode", "encode_json", "reconciled"}
)
EXAMPLE = '[tool.modelgen.packages.my_models] with input = "openapi.yaml"'
_SOURCE_NAME = re.compile(r"\w[\w-]*")
_SCHEMA = Path(__file__).with_name("config.schema.json")


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """Components whose name matches one of `select` go to the module `name`."""

    name: str
    select: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one document contributes to a package: the whole of it, or, with a `name`, a variant in a subpackage."""

    name: str = ""
    input: str
    select: tuple[str, ...] = ()
    modules: tuple[ModuleRule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How a package is published: what `modelgen build` cannot know. The keys are those of `[project]`."""

    name: str
    description: str
    readme: str = ""
    license: str = ""
    license_files: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package to generate. Paths are as the user wrote them; `Config` says what they are relative to.

    With `variants`, the package has a subpackage for each of them and no `input` of its own."""

    name: str
    input: str = ""
    output: str = "."
    style: str = DEFAULT_STYLE
    select: tuple[str, ...] = ()
    modules: tuple[ModuleRule, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    ref_roots: tuple[str, ...] = ()
    variants: tuple[Part, ...] = ()
    reconcile: str = ""
    distribution: Distribution | None = None

    def alone(self, part: Part) -> Package:
        """The same settings for one part, as a package without variants."""
        return replace(
            self,
            input=part.input,
            select=part.select,
            modules=part.modules,
            names=part.names,
            variants=(),
            reconcile="",
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The variants, or the one nameless part of a package without variants."""
        if self.variants:
            return self.variants
        return (Part(input=self.input, select=self.select, modules=self.modules, names=self.names),)


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is brought from `url` and kept at `path`."""

    name: str
    url: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """How `modelgen diff` judges: who sends and receives which components, and how bad kinds of change are.

    `severity`: who (sent, received, python) -> kind of change -> verdict. `source` is the file that says so.
    """

    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Mapping[str, Severity]] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """A checked pyproject.toml. `digest` is the same for the same table under the same rules."""

    path: Path
    packages: tuple[Package, ...]
    digest: str = ""
    sources: tuple[Source, ...] = ()
    diff: Diff = Diff()


def schema() -> dict[str, Any]:
    """The JSON Schema of the table: that of the file, with the styles and the formats."""
    whole: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    keys = whole["$defs"]["package"]["properties"]
    keys["style"] |= {"enum": list(STYLES), "default": DEFAULT_STYLE}
    *others, last = DEFAULTS
    keys["formats"] |= {
        "description": f"Python types by `format`; added to {', '.join(others)} and {last}.",
        "additionalProperties": {"enum": [*BY_PYTHON, PLAIN]},
    }
    return whole


def find(start: Path) -> Path | None:
    """The nearest pyproject.toml, in `start` or a folder above it."""
    for folder in (start, *start.parents):
        if (path := folder / "pyproject.toml").is_file():
            return path
    return None


def load(path: Path, accepted: Container[str] = ()) -> Config:
    """Read a pyproject.toml. A table whose digest is in `accepted` passed the checks before."""
    text, table = read(path)
    if table is None:
        message = f"{path.name} has no [tool.modelgen] table."
        hint = f"Add {EXAMPLE}, or name a document: modelgen generate INPUT."
        raise SpecError(Diagnostic("config-missing", message, Location(str(path)), hint))
    rules_and_table = json.dumps([schema(), table], sort_keys=True, default=str)
    digest = hashlib.sha256(rules_and_table.encode()).hexdigest()
    if digest not in accepted:
        diagnostics = tuple(_check(table, _Places(path, text)))
        if diagnostics:
            raise SpecError(diagnostics)
    packages = tuple(package(name, entry) for name, entry in table["packages"].items())
    sources = tuple(
        Source(name, entry["url"], entry["path"])
        for name, entry in table.get("sources", {}).items()
    )
    return Config(path, packages, digest, sources, diff(table.get("diff", {}), str(path)))


def read(path: Path) -> tuple[str, Any]:
    """The text of a pyproject.toml, and its [tool.modelgen] table or None."""
    text = _read(path)
    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError as error:
        raise SpecError(_syntax_error(path, text, str(error))) from None
    return text, tool.get("modelgen") if isinstance(tool, dict) else None


def package(name: str, entry: Mapping[str, Any]) -> Package:
    """The package that a checked table describes."""
    alone = _part("", entry)
    return Package(
        name=name,
        input=alone.input,
        output=entry.get("output", "."),
        style=entry.get("style", DEFAULT_STYLE),
        select=alone.select,
        modules=alone.modules,
        names=alone.names,
        formats={**DEFAULTS, **entry.get("formats", {})},
        ref_roots=tuple(entry.get("allow-ref-roots", ())),
        variants=tuple(_part(of, variant) for of, variant in entry.get("variants", {}).items()),
        reconcile=entry.get("reconcile", ""),
        distribution=_distribution(entry["distribution"]) if "distribution" in entry else None,
    )


def diff(entry: Mapping[str, Any], source: str) -> Diff:
    """The settings that a checked table describes."""
    return Diff(
        sent=tuple(entry.get("sent", ())),
        received=tuple(entry.get("received", ())),
        ignore=tuple(entry.get("ignore", ())),
        severity=entry.get("severity", {}),
        source=source,
    )


def _distribution(entry: Mapping[str, Any]) -> Distribution:
    return Distribution(
        name=entry["name"],
        description=entry["description"],
        readme=entry.get("readme", ""),
        license=entry.get("license", ""),
        license_files=tuple(entry.get("license-files", ())),
        urls=entry.get("urls", {}),
    )


def _part(name: str, entry: Mapping[str, Any]) -> Part:
    return Part(
        name=name,
        input=entry.get("input", ""),
        select=tuple(entry.get("select", ())),
        modules=tuple(
            ModuleRule(rule["name"], tuple(rule["select"])) for rule in entry.get("modules", ())
        ),
        names={pointer.removeprefix("#"): to for pointer, to in entry.get("names", {}).items()},
    )


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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        at = Location(str(path))
        message = f"{path.name} is not UTF-8: {error.reason}."
        raise SpecError(Diagnostic("config-syntax", message, at)) from None
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}."
        raise SpecError(Diagnostic("config-unreadable", message, Location(str(path)))) from None


def _syntax_error(path: Path, text: str, message: str) -> Diagnostic:
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if match is None:
        return Diagnostic("config-syntax", f"This is not TOML: {message}.", Location(str(path)))
    line, column = int(match[2]), int(match[3])
    at = Location(str(path), "", line, column, text.split("\n")[line - 1].rstrip("\r"))
    return Diagnostic("config-syntax", f"This is not TOML: {match[1]}.", at)


# --- checks ---------------------------------------------------------------------------------------


def _check(table: object, places: _Places) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator

    found = False
    for error in sorted(Draft202012Validator(schema()).iter_errors(table), key=_order):
        found = True
        yield from _schema_fault(error, places)
    if not found and isinstance(table, dict):
        yield from _name_faults(table["packages"], places)
        yield from _distribution_faults(table["packages"], places)
        yield from _source_faults(table.get("sources", {}), places)


def _order(error: ValidationError) -> tuple[str, ...]:
    return tuple(str(key) for key in error.absolute_path)


def _schema_fault(error: ValidationError, places: _Places) -> Iterator[Diagnostic]:
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
                yield Diagnostic("config-unknown-key", message, places.at(*keys, key), hint)
        case "required":
            unknown = value.keys() - schema["properties"]
            for key in operand:
                # A misspelt key is reported as such, not as two faults.
                if key not in value and not get_close_matches(key, unknown):
                    hint = f"Write {EXAMPLE}." if key == "packages" else f"Add {key} = …"
                    message = f'[{here}] has no "{key}".'
                    yield Diagnostic("config-missing-key", message, places.at(*keys), hint)
        case "enum":
            known = [str(item) for item in operand]
            close = get_close_matches(str(value), known, 1)
            hint = f'Did you mean "{close[0]}"?' if close else ""
            message = f"{here} is {_toml(value)}, expected {_either(known)}."
            yield Diagnostic("config-bad-value", message, places.at(*keys), hint)
        case "type":
            kinds = {"array": "a list", "object": "a table", "string": "a string"}
            message = f"{here} is {_toml(value)}, expected {kinds[operand]}."
            yield Diagnostic("config-bad-value", message, places.at(*keys))
        case "pattern":
            message = f"{here} is {_toml(value)}, which is not what it takes."
            hint = schema["description"]
            yield Diagnostic("config-bad-value", message, places.at(*keys), hint)
        case _:
            message = f"{here} is empty."
            yield Diagnostic("config-bad-value", message, places.at(*keys))


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


def _name_faults(packages: Mapping[str, Any], places: _Places) -> Iterator[Diagnostic]:
    yield from _names_in("package", {("packages", name): name for name in packages}, places)
    for name, entry in packages.items():
        at: Keys = ("packages", name)
        variants = entry.get("variants", {})
        if variants:
            for key in ("input", "select", "modules", "names"):
                if key in entry:
                    message = f'A package with variants has no "{key}" of its own.'
                    hint = f"Move it to [tool.modelgen.packages.{name}.variants.{next(iter(variants))}]."
                    yield Diagnostic("config-bad-value", message, places.at(*at, key), hint)
            found = {(*at, "variants", variant): variant for variant in variants}
            yield from _names_in("variant", found, places)
            for variant, part in variants.items():
                yield from _part_faults(part, (*at, "variants", variant), places)
        elif "reconcile" in entry:
            message = "Only a package with variants can be reconciled."
            hint = "Remove reconcile, or add a table of variants."
            yield Diagnostic("config-bad-value", message, places.at(*at, "reconcile"), hint)
        elif "input" not in entry:
            message = f'[tool.modelgen.packages.{name}] has no "input".'
            hint = "Add input = …, or a table of variants."
            yield Diagnostic("config-missing-key", message, places.at(*at), hint)
        else:
            yield from _part_faults(entry, at, places)


def _part_faults(entry: Mapping[str, Any], at: Keys, places: _Places) -> Iterator[Diagnostic]:
    if entry["input"] == "-":
        message = "Standard input cannot be the input of a configured package."
        yield Diagnostic("config-bad-value", message, places.at(*at, "input"))
    modules = {
        (*at, "modules", index, "name"): rule["name"]
        for index, rule in enumerate(entry.get("modules", ()))
    }
    yield from _names_in("module", modules, places)
    for pointer, target in entry.get("names", {}).items():
        here = places.at(*at, "names", pointer)
        if not pointer.startswith(("/", "#/")):
            message = f'"{pointer}" is not a JSON pointer.'
            hint = "A pointer looks like /components/schemas/Session."
            yield Diagnostic("config-bad-name", message, here, hint)
        elif not target.isidentifier() or keyword.iskeyword(target):
            message = f'"{target}" is not a Python identifier.'
            yield Diagnostic("config-bad-name", message, here)


def _distribution_faults(packages: Mapping[str, Any], places: _Places) -> Iterator[Diagnostic]:
    seen: dict[str, Keys] = {}
    for name, entry in packages.items():
        if "distribution" not in entry:
            continue
        keys: Keys = ("packages", name, "distribution", "name")
        published = entry["distribution"]["name"]
        first = seen.setdefault(re.sub("[-_.]+", "-", published).lower(), keys)
        if first != keys:
            message = f'Two packages are published as "{published}".'
            here, there = places.at(*keys), places.at(*first)
            yield Diagnostic("config-bad-name", message, here, related=(there,))


def _source_faults(sources: Mapping[str, Any], places: _Places) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for name, entry in sources.items():
        if not _SOURCE_NAME.fullmatch(name):
            message = f"The source name {_toml(name)} is not made of letters, digits, - and _."
            yield Diagnostic("config-bad-name", message, places.at("sources", name))
        first = seen.setdefault(posixpath.normpath(entry["path"]), name)
        if first != name:
            message = f'The sources "{first}" and "{name}" are kept at the same path.'
            here, there = (places.at("sources", key, "path") for key in (name, first))
            yield Diagnostic("config-bad-value", message, here, related=(there,))


def _names_in(what: str, names: Mapping[Keys, str], places: _Places) -> Iterator[Diagnostic]:
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
            yield Diagnostic("config-bad-name", message, places.at(*keys), hint)
        first = seen.setdefault(name.lower(), keys)
        if first == keys:
            continue
        message = f'Two {what}s have the same name "{name}".'
        if names[first] != name:
            message = f'The {what} names "{names[first]}" and "{name}" differ only by case.'
        yield Diagnostic("config-bad-name", message, places.at(*keys), related=(places.at(*first),))


# --- positions ------------------------------------------------------------------------------------

_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_KEY = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class _Places:
    """Where keys of [tool.modelgen] stand in the text: by its lines, since tomllib keeps no positions."""

    def __init__(self, path: Path, text: str) -> None:
        self._source = str(path)
        self._lines = [line.rstrip("\r") for line in text.split("\n")]
        self._found = dict(reversed(list(self._scan())))

    def at(self, *keys: str | int) -> Location:
        """The place of a key, or of the nearest key above it that has a line of its own."""
        for length in range(len(keys), -1, -1):
            if place := self._found.get(("tool", "modelgen", *keys[:length])):
                line, column = place
                if length < len(keys):
                    column = self._within(line, column, keys[-1])
                return Location(self._source, "", line, column, self._lines[line - 1])
        return Location(self._source)

    def _within(self, line: int, column: int, key: str | int) -> int:
        match = re.compile(rf"\b{re.escape(str(key))}\b").search(self._lines[line - 1], column - 1)
        return match.start() + 1 if match and isinstance(key, str) else column

    def _scan(self) -> Iterator[tuple[Keys, tuple[int, int]]]:
        table: Keys = ()
        counts: dict[Keys, int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                keys: Keys = ()
                for key in _KEY.finditer(line, *header.span(2)):
                    keys = (*keys, key[0].strip("\"'"))
                    yield keys, (number, key.start() + 1)
                table = keys
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                    yield table, (number, header.start(2) + 1)
            elif pair := _PAIR.match(line):
                keys = table
                for key in _KEY.finditer(line, *pair.span(1)):
                    keys = (*keys, key[0].strip("\"'"))
                    yield keys, (number, key.start() + 1)
