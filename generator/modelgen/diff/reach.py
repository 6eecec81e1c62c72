"""Who uses a component: operations that came or went, and components that contain themselves."""

from __future__ import annotations

from .direction import Directions
from .walk import Walk


def report(walk: Walk, directions: tuple[Directions, Directions] | None) -> None:
    for old, new in walk.matched.pairs.items():
        site = walk.site(old, new)
        if directions is not None and old == new:
            before, after = (
                side.used(name) for side, name in zip(directions, (old, new), strict=True)
            )
            if "sent" in after and "sent" not in before:
                walk.emit("schema-became-request", site, python="safe")
            if "received" in after and "received" not in before:
                walk.emit("schema-became-response", site, python="safe")
            if before and not after:
                walk.emit("schema-unreachable", site, python="safe")
        if new in walk.sameness.unchanged:
            continue
        loops = walk.old.is_recursive(old), walk.new.is_recursive(new)
        if loops[0] != loops[1]:
            walk.emit(f"recursion-{'introduced' if loops[1] else 'removed'}", site, python="safe")
