"""Enums and fixed values: what was added, what is gone, what only changed its spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ir
from ..ir import dispatch
from .changes import Verdict
from .renames import pairs_of_words
from .site import Site

if TYPE_CHECKING:
    from .walk import Walk


def compare(walk: Walk, site: Site, old: ir.Literal, new: ir.Literal) -> None:
    # lax decoding does, whether listed or not; but one value alone is a tag, and is checked
    keeps_texts = len(old.values) > 1 and any(map(_is_text, old.values))
    if old.open != new.open:
        walk.emit("enum-opened" if new.open else "enum-closed", site, forgiven=keeps_texts)
    if not old.open and not new.open and not _kinds(old) & _kinds(new):
        walk.emit("enum-scalar-type-changed", site, _listed(old.values), _listed(new.values))
        return
    gone = [value for value in old.values if value not in new.values]
    come = [value for value in new.values if value not in old.values]
    if len(old.values) == len(new.values) == 1 and gone and not old.open and not new.open:
        rule = "tag-value-changed" if _is_tag(walk, site) else "const-changed"
        walk.emit(rule, site, gone[0].text, come[0].text)
        return
    for score, left, right in pairs_of_words(
        [value.text for value in gone], [value.text for value in come]
    ):
        both_open = old.open and new.open and left[0] == right[0] == '"'
        safe: tuple[Verdict, Verdict] | None = ("safe", "safe") if both_open else None
        kept = keeps_texts and right[0] == '"'
        walk.emit(
            "enum-value-renamed", site, left, right, verdicts=safe, score=score, forgiven=kept
        )
        gone = [value for value in gone if value.text != left]
        come = [value for value in come if value.text != right]
    is_open = old.open or new.open
    for value in come:
        known = "open-" if is_open and _is_text(value) else ""
        kept = keeps_texts and _is_text(value)
        walk.emit(f"{known}enum-value-added", site, "", value.text, forgiven=kept)
    for value in gone:
        known = "open-" if is_open and _is_text(value) else ""
        walk.emit(f"{known}enum-value-removed", site, value.text)
    if not gone and not come and old.values != new.values and set(old.values) == set(new.values):
        walk.emit("enum-reordered", site, _listed(old.values), _listed(new.values), python="safe")


def _kinds(type_: ir.Literal) -> set[str]:
    return {ir.kind_of(value.json) for value in type_.values}


def _is_text(value: ir.Value) -> bool:
    """Whether an open list of values admits it unlisted."""
    return isinstance(value.json, str)


def _listed(values: tuple[ir.Value, ...]) -> str:
    return ", ".join(value.text for value in values)


def _is_tag(walk: Walk, site: Site) -> bool:
    """Whether the property tells members of a union apart: it is fixed in an object that stands in one."""
    key = site.keys[1]
    wire = site.path.rpartition(".")[2]
    for named in walk.new.api.types:
        if isinstance(named.type, ir.Union) and ir.Ref(target=key) in named.type.members:
            for _, choice in walk.new.scope.plan(named.type).by_kind:
                if isinstance(choice, dispatch.Switch) and choice.wire == wire:
                    return True
    return False
