"""The laws of conversions, for every family and every ordered pair of variants that have it, with payloads made from
the schemas. `MODELGEN_EXAMPLES` sets how many there are for each."""

from __future__ import annotations

import copy
import importlib
import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelgen import ir
from modelgen.reconcile import HUB
from realtime_package import NAME, package, subpackage
from realtime_values import UNKNOWN, classes, payloads, resolution, roots

EXAMPLES = int(os.environ.get("MODELGEN_EXAMPLES", 5))
TRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    derandomize=not os.environ.get("MODELGEN_EXAMPLES"),
)
FAMILIES = tuple(shape.name for shape in resolution().map.families)
VARIANTS = tuple(resolution().map.variants)
OWN = [(f, a) for f in FAMILIES for a in VARIANTS if (f, a) in roots()]
PAIRS = [
    (f, a, b)
    for f, a in OWN
    for b in (*VARIANTS, HUB)
    if a != b and ((f, b) in roots() or b == HUB)
]

conversion = importlib.import_module(f"{NAME}._conversion") if package() else None
convert = package().convert

own = pytest.mark.parametrize(("family", "source"), OWN)
pairs = pytest.mark.parametrize(("family", "source", "to"), PAIRS)


def test_these_are_the_pairs() -> None:
    assert len(OWN) == 38
    assert len(PAIRS) == 174


# --- paths ------------------------------------------------------------------------------------------------


@cache
def spellings() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Paths of several names, or of an older one, and what they are called here: the same for all spellings."""
    found: dict[tuple[str, ...], str] = {}
    for shape in resolution().map.shapes.values():
        for entry in (*shape.entries, *(e for m in shape.members for e in m.entries)):
            for path in entry.paths if entry.was or "." in entry.path else ():
                found[tuple(path.split("."))] = f"<{entry.path}>"
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


def canonical(path: str) -> str:
    """A path, the same in all variants: `$.session<audio.output.voice>`."""
    steps = path.replace("[", ".[").split(".")
    done = []
    while steps:
        for names, token in spellings():
            if tuple(steps[: len(names)]) == names:
                done.append(token)
                del steps[: len(names)]
                break
        else:
            done.append("." + steps.pop(0))
    return "".join(done)


def explained(path: str, losses: Any, family: str = "") -> bool:
    """Whether a loss is about what is at a path, about something in it, or about what it is in."""
    return any(
        covers(one, other) or covers(other, one)
        for loss in losses
        for one, other in (
            (canonical(path), canonical(loss.path)),
            (path, loss.path),
            (canonical(bare(path, family)), canonical(bare(loss.path, family))),
        )
    )


def bare(path: str, family: str) -> str:
    """A path as it is where an object is itself what it wraps elsewhere."""
    wraps = resolution().map.shapes[family].wraps if family else ""
    inside = path.removeprefix(f"$.{wraps}") if wraps else path
    return path if inside == path else f"${inside}"


@cache
def nulls() -> frozenset[str]:
    """The names that mean something when they are null, also where a schema does not say so."""
    shapes = resolution().map.shapes.values()
    entries = [e for s in shapes for e in (*s.entries, *(e for m in s.members for e in m.entries))]
    return frozenset(path.rpartition(".")[2] for e in entries if e.null for path in e.paths)


def admitted(fault: Any) -> bool:
    """The secret is described by each schema but the one of 2025-09-02, which only requires it: the hub describes it."""
    name = fault.path.rpartition(".")[2]
    is_null = fault.message.endswith("got null")
    is_typed = fault.message.startswith("expected null or object")
    return (is_null and name in nulls()) or (name == "client_secret" and is_typed)


def covers(outer: str, inner: str) -> bool:
    return inner == outer or (inner.startswith(outer) and inner[len(outer)] in ".<[")


def step(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{json.dumps(name, ensure_ascii=False)}]"


def differences(old: Any, new: Any, path: str = "$") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(name for name in new if name not in old)]:
            if name not in old or name not in new:
                yield from ends(old.get(name, new.get(name)), path + step(name))
            else:
                yield from differences(old[name], new[name], path + step(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (left, right) in enumerate(zip(old, new, strict=True)):
            yield from differences(left, right, f"{path}[{n}]")
    elif ir.Value.of(old) != ir.Value.of(new):
        yield path


def ends(value: Any, path: str) -> Iterator[str]:
    """The paths of what an object holds in the end."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from ends(item, path + step(name))
    else:
        yield path


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield ir.Value.of(value).text


def containers(value: Any) -> Iterator[int]:
    if isinstance(value, dict | list):
        yield id(value)
        for item in value.values() if isinstance(value, dict) else value:
            yield from containers(item)


@cache
def sayable() -> frozenset[str]:
    """What a conversion may say by itself: values of tables, and constants of the schemas."""
    found: set[str] = set()
    for rows in resolution().map.values.values():
        for row in rows:
            for value in (row.was, row.hub):
                if value is not None:
                    found.update(leaves(value.json))
    for types in resolution().apis.values():
        for named in types.values():
            for field in named.type.fields if isinstance(named.type, ir.Object) else ():
                if isinstance(field.type, ir.Literal) and len(field.type.values) == 1:
                    found.add(field.type.values[0].text)
    for shape in resolution().map.shapes.values():
        found.update(ir.Value.of(member.tag).text for member in shape.members)
    return frozenset(found)


# --- laws -------------------------------------------------------------------------------------------------


@own
@TRIED
@given(data=st.data())
def test_to_its_own_variant_it_is_the_same_and_not_shared(
    family: str, source: str, data: Any
) -> None:
    role, payload = data.draw(payloads(family, source))
    same = convert(payload, to=source, source=source, family=family)
    assert same.losses == ()
    assert same.value == payload
    assert not set(containers(same.value)) & set(containers(payload))
    model = subpackage(package(), source).decode(classes(source, family, role, payload), payload)
    typed = convert(model, to=source)
    assert typed.value == model
    assert typed.value is not model


@pairs
@TRIED
@given(data=st.data())
def test_nothing_is_changed_shared_or_invented(
    family: str, source: str, to: str, data: Any
) -> None:
    _, payload = data.draw(payloads(family, source))
    before = copy.deepcopy(payload)
    made = convert(payload, to=to, source=source, family=family)
    assert payload == before
    seen = set(containers(payload))
    assert not seen & set(containers(made.value))
    assert not seen & {n for loss in made.losses for n in containers(loss.value)}
    if made.value is None:
        assert any(loss.kind == "dropped" for loss in made.losses)
        return
    said = set(leaves(payload)) | sayable()
    assert set(leaves(made.value)) <= said


@pairs
@TRIED
@given(data=st.data())
def test_there_and_back_is_the_same_but_for_what_is_reported(
    family: str, source: str, to: str, data: Any
) -> None:
    role, payload = data.draw(payloads(family, source))
    there, losses, *_ = conversion.convert_own(copy.deepcopy(payload), to, source, family, role)
    if there is None:
        return
    back, more, *_ = conversion.convert_own(copy.deepcopy(there), source, to, family, role)
    if back is None:
        assert more
        return
    silent = [p for p in differences(payload, back) if not explained(p, [*losses, *more], family)]
    assert silent == [], (payload, there, back, losses, more)


@pairs
@TRIED
@given(data=st.data())
def test_what_is_valid_stays_valid_but_for_what_is_reported(
    family: str, source: str, to: str, data: Any
) -> None:
    role, payload = data.draw(payloads(family, source))
    made, losses, *_ = conversion.convert_own(copy.deepcopy(payload), to, source, family, role)
    if made is None:
        return
    models = subpackage(package(), to)
    try:
        models.decode(classes(to, family, role, made), made, strict=True)
    except models.DecodeError as error:
        faults = [
            str(fault)
            for fault in error.errors
            if not explained(fault.path, losses, family) and not admitted(fault)
        ]
        assert faults == [], (payload, made, losses)


@pairs
@TRIED
@given(data=st.data())
def test_unknown_properties_travel_and_are_reported(
    family: str, source: str, to: str, data: Any
) -> None:
    _, payload = data.draw(payloads(family, source))
    owners = [("$", payload)]
    owners += [
        (f"$.{name}", payload[name])
        for name in ("session", "response", "item", "part")
        if isinstance(payload.get(name), dict)
    ]
    path, owner = data.draw(st.sampled_from(owners))
    name = data.draw(st.sampled_from(UNKNOWN))
    owner[name] = {"a": [1]}
    made = convert(payload, to=to, source=source, family=family)
    there_or_here = {path + step(name), bare(path, family) + step(name)}
    said = [loss.kind for loss in made.losses if loss.path in there_or_here]
    gone = any(covers(loss.path, path) for loss in made.losses if loss.kind == "dropped")
    assert gone or said == ["kept"], made.losses
    if made.value is not None and not gone:
        wraps = resolution().map.shapes[family].wraps
        places = [made.value if path == "$" else made.value.get(path[2:])]
        places += [made.value, made.value.get(wraps)] if wraps else []
        assert any(isinstance(place, dict) and place.get(name) == {"a": [1]} for place in places)


@pairs
@TRIED
@given(data=st.data())
def test_models_become_models_and_say_the_same(
    family: str, source: str, to: str, data: Any
) -> None:
    role, payload = data.draw(payloads(family, source))
    models = subpackage(package(), source)
    model = models.decode(classes(source, family, role, payload), payload, strict=True)
    _, family, role = conversion._origin_of(model)
    expected, losses, *_ = conversion.convert_own(copy.deepcopy(payload), to, source, family, role)
    try:
        made = convert(model, to=to)
    except package().ConversionError as error:
        targets = subpackage(package(), to)
        with pytest.raises(targets.DecodeError):
            targets.decode(classes(to, family, role, expected), expected)
        assert list(error.losses[: len(losses)]) == losses
        return
    assert list(made.losses) == losses
    if expected is None:
        assert made.value is None
        return
    assert type(made.value).__module__.startswith(f"{NAME}.{to}.")
    assert package().encode(made.value) == expected
    assert models.encode(model) == payload
