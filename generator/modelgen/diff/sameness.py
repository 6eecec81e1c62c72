"""Which named types mean the same in both documents, whatever they refer to included. One pass over each."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from .side import Side


class Sameness:
    def __init__(self, old: Side, new: Side) -> None:
        self.unchanged = {
            key
            for key, named in old.types.items()
            if key in new.types and _bare(named) == _bare(new.types[key])
        }
        mentions: dict[str, set[str]] = {}
        for side in (old, new):
            for key, named in side.types.items():
                for target in ir.references(named.type):
                    mentions.setdefault(target, set()).add(key)
        waiting = [key for key in (*old.types, *new.types) if key not in self.unchanged]
        while waiting:
            for key in mentions.get(waiting.pop(), ()):
                if key in self.unchanged:
                    self.unchanged.remove(key)
                    waiting.append(key)

    def same(self, left: ir.Type, right: ir.Type) -> bool:
        """Whether two type expressions of the two documents are valid for the same values, to all depths."""
        if left.__class__ is not right.__class__ or left != right:
            return False
        return all(target in self.unchanged for target in ir.references(left))


def _bare(named: ir.Named) -> ir.Named:
    """The named type without what says nothing about which values are valid."""
    type_ = named.type
    if isinstance(type_, ir.Object):
        fields = tuple(
            replace(field, default=None, deprecated=False, read_only=False, write_only=False)
            for field in sorted(type_.fields, key=lambda field: field.wire)
        )
        type_ = replace(type_, fields=fields)
    return replace(named, type=type_, default=None, deprecated=False, component=False)
