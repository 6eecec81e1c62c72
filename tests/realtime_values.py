"""Hypothesis strategies: payloads of the Realtime variants that their schemas admit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from modelgen import ir
from modelgen.loader import load_data
from modelgen.pipeline import reconcile
from modelgen.project.config import Package
from modelgen.reconcile import Resolution
from realtime_package import PACKAGE, ROOT, VARIANTS, documents, package, subpackage

Draw = Callable[[st.SearchStrategy[Any]], Any]
Types = Mapping[str, ir.Named]

TEXTS = ("a", "en", "item_1", "alloy", "é\n")
# Names that no variant declares, one of them of the other dialect's style.
UNKNOWN = ("x_vendor", "audio_quality", "x y")
CHANCE = st.integers(0, 99)


@cache
def resolution() -> Resolution:
    settings: Package = PACKAGE
    resolution, faults = reconcile(
        [documents(variant) for variant in VARIANTS],
        settings,
        load_data(str(ROOT / (settings.reconcile or ""))),
    )
    assert not faults
    return resolution


@cache
def roots() -> dict[tuple[str, str], tuple[tuple[str, ir.Type], ...]]:
    """(family, variant) -> the types that a payload of it can be, each with its role."""
    found: dict[tuple[str, str], list[tuple[str, ir.Type]]] = {}
    for (family, role, variant), root in resolution().roots.items():
        members = resolution()[root].members.values()
        keys = [member.key.schema for several in members for member in several]
        for key in keys or [root.schema]:
            found.setdefault((family, variant), []).append((role, ir.Ref(target=key)))
    return {key: tuple(types) for key, types in found.items()}


def classes(variant: str, family: str, role: str, payload: Mapping[str, Any]) -> Any:
    """The class of the package for a payload of a family."""
    conversion = __import__(f"{package().__name__}._conversion", fromlist=["_class"])
    return conversion._class(variant, family, role, payload)


class Payloads:
    """Draws values that a type admits. `rich` is the chance of an optional property, in percent."""

    def __init__(self, draw: Draw, types: Types, rich: int) -> None:
        self.draw = draw
        self.types = types
        self.rich = rich

    def chance(self, percent: int) -> bool:
        return bool(self.draw(CHANCE) >= 100 - percent)

    def of(self, type_: ir.Type, depth: int = 7) -> Any:
        match type_:
            case ir.Ref(target=target):
                return self.of(self.types[target].type, depth)
            case ir.Literal(values=values, open=is_open):
                if is_open and self.chance(15):
                    return "other"
                return self.draw(st.sampled_from([value.json for value in values]))
            case ir.Scalar():
                return self.scalar(type_)
            case ir.Union(members=members):
                return self.of(self.draw(st.sampled_from(members)), depth)
            case ir.Array(items=items):
                fewest = int(dict(type_.checks).get("minItems", 0))
                most = max(fewest, 2 if depth > 0 else 0)
                return [
                    self.of(items, depth - 1) for _ in range(self.draw(st.integers(fewest, most)))
                ]
            case ir.Map(values=values):
                names = self.draw(st.lists(st.sampled_from(TEXTS), max_size=2, unique=True))
                return {name: self.of(values, depth - 1) for name in names}
            case ir.Object(fields=fields):
                return {
                    found.wire: self.field(found, depth)
                    for found in fields
                    if found.required or (depth > 0 and self.chance(self.rich))
                }
            case ir.Anything():
                return self.draw(st.sampled_from([None, 1, "a", {"b": [1]}, {}]))
        raise AssertionError(type_)

    def field(self, found: ir.Field, depth: int) -> Any:
        if found.nullable and self.chance(15):
            return None
        return self.of(found.type, depth - 1)

    def scalar(self, type_: ir.Scalar) -> Any:
        checks = dict(type_.checks)
        match type_.kind:
            case "string":
                longest = checks.get("maxLength")
                text = self.draw(st.sampled_from(TEXTS))
                if longest and self.chance(3):
                    return "a" * int(longest)
                return text
            case "integer" | "number":
                low, high = checks.get("minimum"), checks.get("maximum")
                known = [value for value in (low, high) if value is not None]
                if not known or (len(known) == 1 and self.chance(50)):
                    base = known[0] if known else 0
                    step = -1 if low is None and known else 1
                    known = [base, base + step * 7]
                return self.draw(st.sampled_from(known))
            case "boolean":
                return self.draw(st.booleans())
            case _:
                return None


@st.composite
def payloads(draw: Draw, family: str, variant: str) -> tuple[str, dict[str, Any]]:
    """A role, and a payload that its schema admits."""
    types = resolution().apis[variant]
    role, type_ = draw(st.sampled_from(roots()[family, variant]))
    value = Payloads(draw, types, draw(st.sampled_from([20, 50, 90]))).of(type_)
    # what the types say is not all: `oneOf` of which two match is the schema's own fault
    models = subpackage(package(), variant)
    try:
        models.decode(classes(variant, family, role, value), value, strict=True)
    except models.DecodeError:
        return draw(st.nothing())
    return role, value
