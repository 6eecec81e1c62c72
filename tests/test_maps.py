"""Every folder below cases/maps: a map held against small documents, and what comes of it as text.

schemas.yaml     the component schemas of each variant
reconcile.yaml   the map; its first line says what the case shows
faults.txt       what is wrong with it; without this file, nothing is
resolution.txt   where everything is; of the first families, everything that they reach
hub.txt          the types of the hub, and the documentation of their fields
drafts.txt       what is suggested for what is undecided
facts.txt        what the map says to `modelgen diff`, from the first variant to the last
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from case_kinds import ROOT
from emitted import document
from modelgen import ir
from modelgen.errors import Diagnostic, Location, SpecError
from modelgen.ir.describe import describe, text
from modelgen.loader import load, parse
from modelgen.normalizer import normalize
from modelgen.reconcile import (
    Key,
    Map,
    Occurrence,
    Placement,
    Resolution,
    faults,
    hub_api,
    read_map,
    resolve,
)
from modelgen.reconcile.facts import facts
from modelgen.reconcile.suggest import drafts

CASES = sorted(path.parent for path in (ROOT / "maps").glob("*/reconcile.yaml"))


@cache
def apis(case: Path) -> dict[str, ir.Api]:
    variants = yaml.safe_load((case / "schemas.yaml").read_text("utf-8"))
    return {name: api(schemas) for name, schemas in variants.items()}


def api(schemas: dict[str, Any]) -> ir.Api:
    return normalize(load("-", stdin=io.BytesIO(json.dumps(document(schemas)).encode())))


def map_of(case: Path) -> Map:
    return read_map(parse("reconcile.yaml", (case / "reconcile.yaml").read_bytes()))


@cache
def resolution(case: Path) -> Resolution:
    return resolve(map_of(case), apis(case))


# --- what comes of a map, as text ---------------------------------------------------------------------------


def shown_faults(case: Path) -> Iterator[str]:
    try:
        diagnostics = faults(resolution(case), located)
    except SpecError as error:
        diagnostics = error.diagnostics
    for diagnostic in diagnostics:
        yield from shown_fault(diagnostic)


def located(variant: str, at: Location) -> Location:
    return replace(at, source=variant)


def shown_fault(fault: Diagnostic) -> Iterator[str]:
    yield f"{fault.code} {shown_at(fault.at)}"
    yield f"  {fault.message}"
    if fault.hint:
        yield f"  hint: {fault.hint}"
    yield from (f"  see: {shown_at(at)}" for at in fault.related)


def shown_at(at: Location) -> str:
    return f"{at.source}#{at.pointer}"


def shown_resolution(case: Path) -> Iterator[str]:
    resolved = resolution(case)
    for root, key in resolved.roots.items():
        yield f"{' '.join(root)}: {shown_key(key)}"
    for key, occurrence in resolved.occurrences.items():
        assert occurrence.key == key
        yield from ("", shown_key(key), *(f"  {line}" for line in shown_occurrence(occurrence)))
    order = list(resolved.map.variants)
    for section in resolved.sections():
        assert [o.key.section for o in section.occurrences] == [section.name] * len(
            section.occurrences
        )
        positions = [order.index(o.variant) for o in section.occurrences]
        assert positions == sorted(positions), "the oldest variant comes first"


def shown_key(key: Key) -> str:
    member = f", member {key.member}" if key.member else ""
    wrapper = f", wrapped by {key.wrapper}" if key.wrapper else ""
    return f"{key.shape} ({key.variant}): {key.schema}{member}{wrapper}"


def shown_occurrence(occurrence: Occurrence) -> Iterator[str]:
    for path, placement in occurrence.placements.items():
        yield f"{path}: {shown_placement(path, placement)}"
        yield from (f"  {name} is {shown_key(key)}" for name, key in placement.shapes.items())
    if not occurrence.is_union:
        own = [entry.path for entry in occurrence.entries]
        yield from (f"{path}: not here" for path in own if path not in occurrence.placements)
    for tag, members in occurrence.members.items():
        for member in members:
            when = "".join(f" when {path} is {text_}" for path, text_ in member.alias.when)
            yield f"{tag}: as {member.alias.tag}{when}, {shown_key(member.key)}"
    yield from (f"unmapped: {property_.path}" for property_ in occurrence.unmapped)
    yield from (f"unmapped: {m.tag} of {m.schema}" for m in occurrence.unmapped_members)
    for word in ("present", "groups", "beside"):
        if names := getattr(occurrence, word):
            yield f"{word}: {', '.join(sorted(names))}"


def shown_placement(path: str, placement: Placement) -> str:
    words = [text(type_) for type_ in placement.types]
    words += [word for word in ("required", "nullable") if getattr(placement, word)]
    at = "here" if placement.path == path else f"at {placement.path or 'the object itself'}"
    return ", ".join([at, *words]) + (f" ({placement.doc})" if placement.doc else "")


def shown_hub(case: Path) -> Iterator[str]:
    for named in hub_api(resolution(case), "Hub").types:
        yield f"{named.key}{' (component)' if named.component else ''}{f': {named.doc}' if named.doc else ''}"
        yield from (f"  {line}" for line in describe(named))
        for field in named.type.fields if isinstance(named.type, ir.Object) else ():
            if field.doc:
                yield f"  # {field.wire}: {' / '.join(field.doc.splitlines())}"


def shown_drafts(case: Path) -> Iterator[str]:
    for draft in drafts(resolution(case)):
        yield f"{draft.where} {draft.path} ({', '.join(draft.variants)}): {draft.type}"
        for guess in draft.guesses:
            yield f"  {guess.path} {guess.score}: {'; '.join(guess.evidence)}"


def shown_facts(case: Path) -> Iterator[str]:
    old, *_, new = map_of(case).variants
    for before, after in facts(resolution(case), old, new).items():
        yield f"{' '.join(before)} is {' '.join(after)}"


# Each file that a case may have, and what is in it.
SHOWN: dict[str, Callable[[Path], Iterator[str]]] = {
    "faults.txt": shown_faults,
    "resolution.txt": shown_resolution,
    "hub.txt": shown_hub,
    "drafts.txt": shown_drafts,
    "facts.txt": shown_facts,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_as_written_down(case: Path, update_golden: bool) -> None:
    assert (case / "reconcile.yaml").read_text("utf-8").startswith("# "), "it says what it shows"
    for name, shown in SHOWN.items():
        path = case / name
        if not path.exists() and name != "faults.txt":
            continue
        made = "".join(f"{line}\n" for line in shown(case))
        if update_golden and (path.exists() or made):
            path.write_text(made, "utf-8", newline="\n")
        expected = path.read_text("utf-8") if path.exists() else ""
        if made != expected:
            lines = unified_diff(expected.splitlines(), made.splitlines(), name, "now", lineterm="")
            pytest.fail("\n".join(lines), pytrace=False)


def test_nothing_of_a_resolution_can_be_changed() -> None:
    resolved = resolution(CASES[0])
    for mapping in (resolved.occurrences, resolved.roots, resolved.by_shape, resolved.map.shapes):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]
    for occurrence in resolved.occurrences.values():
        hash(occurrence.key)
        with pytest.raises(AttributeError):
            occurrence.beside = frozenset()  # type: ignore[misc]
        with pytest.raises(TypeError):
            occurrence.placements["x"] = None  # type: ignore[index]
