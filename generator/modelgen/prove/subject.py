"""What laws are held against: the package of a map, with what they ask of it and of the map."""

from __future__ import annotations

import contextlib
import copy
import importlib
import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import ModuleType
from typing import Any, assert_never

from .. import ir
from ..ir import Value
from ..reconcile import (
    Form,
    ListForm,
    ObjectForm,
    Resolution,
    ScaleForm,
    TimeForm,
    is_in_list,
    steps,
)
from .paths import Path, Spellings, parsed


@dataclass(frozen=True, slots=True)
class Case:
    """A payload of a family in a role and a variant, on its way to another variant, or to it `through` a third."""

    family: str
    role: str
    source: str
    to: str
    through: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """The imported package, the map and what it can say. `forms` are those of the map and of the package."""

    package: ModuleType
    resolution: Resolution
    spellings: Spellings
    sayable: frozenset[str]
    nulls: frozenset[str]
    constants: frozenset[tuple[str, str]]
    forms: tuple[tuple[Form, Any], ...]

    def converted(
        self, payload: dict[str, Any], source: str, to: str, case: Case
    ) -> tuple[dict[str, Any] | None, list[Any]]:
        """The result, None if there is no form of it, and the losses."""
        made, losses, *_ = self._conversion.convert_own(
            copy.deepcopy(payload), to, source, case.family, case.role
        )
        return made, losses

    def faults(
        self, payload: dict[str, Any], variant: str, case: Case
    ) -> Iterator[tuple[Path, str]]:
        """What a variant does not admit. Null is admitted where the map says that it means something everywhere."""
        models = importlib.import_module(f"{self.package.__name__}.{variant}")
        try:
            class_ = self._conversion._class(variant, case.family, case.role, payload)
            models.decode(class_, payload, strict=True)
        except KeyError:
            yield (), "it has no tag that this variant has"
        except models.DecodeError as error:
            for fault in error.errors:
                path = parsed(fault.path)
                is_null = fault.message.endswith("got null")
                if not (is_null and path and path[-1] in self.nulls):
                    yield path, fault.message

    def computed(self, text: str) -> Iterator[str]:
        """What forms make of a value."""
        for form, made in self.forms:
            if isinstance(form, ScaleForm | TimeForm):
                for turn in (made.up, made.down):
                    with contextlib.suppress(Exception):
                        yield Value.of(turn(json.loads(text))).text

    def is_constant(self, path: Path, value: Any) -> bool:
        """Whether a property can only have one value, and this is it."""
        return bool(path) and (path[-1], Value.of(value).text) in self.constants

    def is_one(self, one: Any, other: Any) -> bool:
        """Whether two values are forms of one."""
        ways = [made.up for form, made in self.forms if not isinstance(form, ScaleForm)]
        return any(_leads(ways, *pair) for pair in ((one, other), (other, one)))

    @property
    def _conversion(self) -> Any:
        return importlib.import_module(f"{self.package.__name__}._conversion")


@contextmanager
def subject(files: Mapping[str, str], resolution: Resolution) -> Iterator[Subject]:
    """The package of these files, imported from a folder of its own for the length of a `with`."""
    with tempfile.TemporaryDirectory(prefix="modelgen-prove-") as folder:
        name = f"proven_{FilePath(folder).name.rpartition('-')[2]}"
        for path, text in files.items():
            file = FilePath(folder, name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        sys.path.insert(0, folder)
        kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        importlib.invalidate_caches()
        try:
            package = importlib.import_module(name)
            yield Subject(
                package,
                resolution,
                Spellings.of(resolution.map),
                frozenset(_sayable(resolution)),
                frozenset(_nulls(resolution)),
                frozenset(_constants(resolution)),
                tuple(_forms(package, resolution)),
            )
        finally:
            sys.dont_write_bytecode = kept
            sys.path.remove(folder)
            for module in [m for m in sys.modules if m.partition(".")[0] == name]:
                del sys.modules[module]


def _leads(ways: Sequence[Callable[[Any], Any]], start: Any, end: Any) -> bool:
    """Whether a value becomes another in at most two steps."""
    values = [start]
    for _ in range(2):
        made = []
        for way, value in itertools.product(ways, values):
            with contextlib.suppress(Exception):
                made.append(way(value))
        if end in made:
            return True
        values = made
    return False


def _nulls(resolution: Resolution) -> Iterator[str]:
    for section in resolution.sections():
        for entry in section.entries:
            if entry.null:
                yield from (str(steps(path)[-1]) for path in entry.paths)


def _sayable(resolution: Resolution) -> Iterator[str]:
    """What a conversion may say by itself: values of tables and forms, constants of schemas and of paths, tags."""
    for rows in resolution.map.values.values():
        for row in rows:
            yield from (text for value in row.values for text in _texts(value.json))
    yield from (text for _, text in _constants(resolution))
    for shape in resolution.map.shapes.values():
        for member in shape.members:
            yield Value.of(member.tag).text
            for alias in member.aliases:
                yield from (Value.of(text).text for text in (alias.tag, *dict(alias.when).values()))
    for section in resolution.sections():
        for entry in section.entries:
            yield Value.of(entry.default).text
            for form in entry.form:
                if isinstance(form, ObjectForm):
                    yield from (value.text for _, value in form.beside)
            for path in filter(is_in_list, entry.was):
                for step in steps(path):
                    if isinstance(step, tuple):
                        yield from (Value.of(value).text for _, value in step)


def _constants(resolution: Resolution) -> Iterator[tuple[str, str]]:
    """The properties that have one value in some schema, and that value."""
    for types in resolution.apis.values():
        for named in types.values():
            for field in named.type.fields if isinstance(named.type, ir.Object) else ():
                if isinstance(field.type, ir.Literal) and len(field.type.values) == 1:
                    yield field.wire, field.type.values[0].text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    else:
        yield Value.of(value).text


def _forms(package: ModuleType, resolution: Resolution) -> Iterator[tuple[Form, Any]]:
    """The forms of a map, each with the one of the package."""
    of = {
        form: None for section in resolution.sections() for e in section.entries for form in e.form
    }
    if of:
        module = importlib.import_module(f"{package.__name__}._forms")
    for form in of:
        match form:
            case ListForm():
                yield form, module.Listed()
            case ObjectForm(name=name, beside=beside):
                yield form, module.Named(name, {key: value.json for key, value in beside})
            case TimeForm(per_second=per_second):
                yield form, module.Time(per_second)
            case ScaleForm(factor=factor):
                yield form, module.Scale(factor)
            case _:
                assert_never(form)
