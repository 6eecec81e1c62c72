"""The map of the Realtime variants is total: whatever entry is taken away, the reconciler names what is undecided."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from modelgen import ir
from modelgen.errors import Diagnostic, SpecError
from modelgen.loader import load_data
from modelgen.normalizer import normalize
from modelgen.reconcile import faults as undecided
from modelgen.reconcile import read_map, resolve
from realtime_package import PACKAGE, ROOT, VARIANTS, documents

MAP = load_data(str(ROOT / (PACKAGE.reconcile or "")))
LOCATE = cache(MAP.locate)
Step = str | int
Path = tuple[Step, ...]


class Changed:
    """The map with other data; positions are those of the file."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.source = MAP.source
        self.sha256 = MAP.sha256
        self.locate = LOCATE


@cache
def apis() -> dict[str, ir.Api]:
    return {name: normalize(documents(name), part.select) for name, part in VARIANTS.items()}


def faults(data: Any) -> tuple[Diagnostic, ...]:
    """What the reconciler finds, as `pipeline.reconcile` does, with Apis that are made once."""
    document: Any = Changed(data)
    try:
        map_ = read_map(document)
    except SpecError as error:
        return error.diagnostics
    return undecided(resolve(map_, apis()), lambda _, at: at)


def without(path: Path) -> Any:
    """The map without one entry."""
    data = copy.deepcopy(MAP.data)
    owner = data
    for step in path[:-1]:
        owner = owner[step]
    if path[0] == "values" and len(path) == 3 and len(owner) == 1:
        owner[0] = {"is": "no such value", "reason": "A table has one row at least."}
    else:
        del owner[path[-1]]
    if path[0] == "shapes" and path[2:3] == ("schemas",) and not owner:
        del data["shapes"][path[1]]["schemas"][path[3]]
    return data


# --- every entry ------------------------------------------------------------------------------------------


def entries() -> Iterator[tuple[Path, str]]:
    """Every entry of the map, and a name that a fault must have once it is gone."""
    data = MAP.data
    for variant in data["variants"]:
        yield ("variants", variant), variant
    for variant, globs in data["outside"].items():
        for glob in globs:
            yield ("outside", variant, glob), glob.removesuffix("*")
    for name, rows in data["values"].items():
        yield ("values", name), name
        for n, row in enumerate(rows):
            if "unlisted" in row:  # no schema has it, so that none misses it
                continue
            side = "was" if row.get("one_way") == "up" else "is"
            yield ("values", name, n), ir.Value.of(row[side]).text
    for name, shape in data["shapes"].items():
        for role, variants in shape.get("schemas", {}).items():
            for variant in variants:
                yield ("shapes", name, "schemas", role, variant), variant
        yield from fields(("shapes", name), shape.get("fields", {}))
        for tag, member in shape.get("members", {}).items():
            path = ("shapes", name, "members", tag)
            yield path, tag
            match member.get("was"):
                case str(other):
                    yield (*path, "was"), other
                case dict(others):
                    yield from (((*path, "was", other), other) for other in others)
            if "lost" in member:
                yield (*path, "lost"), tag
            yield from fields(path, member["fields"])


def called(key: str, value: Any, name: str) -> str:
    """What a fault names where a part of a field is gone: a path that nobody decides now, a shape that nobody uses, or
    the field."""
    if (key == "was" and "." not in value) or value == "Error":
        return str(value)
    return name


def fields(owner: Path, found: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(found, list):
        for n, name in enumerate(found):
            yield (*owner, "fields", n), name
        return
    for name, body in found.items():
        path = (*owner, "fields", name)
        yield path, name.rpartition(".")[2]
        if isinstance(body, str):
            yield path, name
            continue
        for key in ("was", "lost", "values", "shape", "kept"):
            if key in (body or {}):
                yield (*path, key), called(key, body[key], name)


ENTRIES = list(entries())


def test_nothing_is_undecided() -> None:
    assert [str(fault) for fault in faults(MAP.data)] == []


def test_these_are_the_entries() -> None:
    kinds = Counter(path[0] if path[0] != "shapes" else str(path[2]) for path, _ in ENTRIES)
    assert kinds.keys() == {"variants", "outside", "values", "schemas", "fields", "members"}
    assert len(ENTRIES) > 700


@pytest.mark.parametrize(
    ("path", "name"), [pytest.param(*e, id=".".join(map(str, e[0]))) for e in ENTRIES]
)
def test_an_entry_that_is_gone_is_missed(
    path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the JSON Schema of the map takes as long as the rest, and none of these is about it
    monkeypatch.setattr("modelgen.reconcile.read._not_of_schema", lambda _: ())
    found = faults(without(path))
    assert found
    assert any(name in fault.message for fault in found), [fault.message for fault in found]
    assert all(fault.at.source for fault in found)
