"""Resolution -> the functions that write the hub's payloads for one variant: one for each of its schemas."""

from __future__ import annotations

from collections.abc import Iterator

from ...reconcile import Key, Member, Occurrence, Resolution, TaggedMember
from ..text import Code
from .fields import NO_FORM, FieldWriter
from .naming import constant_names, function_names, schema_words
from .operations import (
    Accept,
    Call,
    Case,
    Choose,
    DispatchRow,
    KeepTag,
    Operation,
    Operations,
    Refuse,
    Reject,
    ReportChanged,
    ReportMissing,
    Set,
    Unwrap,
    WithTextsAt,
    WriteMember,
)
from .paths import names_of, written
from .plan import Function, Plan, settled
from .presence import defaults, foreign, needs_something, requirements
from .values import Table


def writer_plan(resolution: Resolution, variant: str) -> Plan:
    """The functions that write for a variant, by the keys of the occurrences."""
    writer = _Writer(resolution)
    functions: list[Function] = []
    for key, occurrence in resolution.occurrences.items():
        if key.variant == variant and not key.member:
            functions += writer.functions(occurrence)
    return settled(functions)


class _Writer:
    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.tables = {name: Table(name, rows) for name, rows in resolution.map.values.items()}
        self.roots = set(resolution.roots.values())

    def functions(self, occurrence: Occurrence) -> Iterator[Function]:
        if not occurrence.is_union:
            yield self.object(occurrence)
            return
        members = [self.member(occurrence, member) for member in occurrence.shape.members]
        yield self.union(occurrence, members)
        yield from members

    def object(self, occurrence: Occurrence) -> Function:
        key = occurrence.key
        return Function(
            key,
            key.shape,
            function_names("write", (key.shape,), schema_words(key)),
            f"The hub's {key.shape}, as",
            (key.schema,),
            tuple(self.operations(occurrence)),
            is_root=key in self.roots,
        )

    def operations(self, occurrence: Occurrence) -> Iterator[Operation]:
        peers = self.resolution.of(occurrence.key.shape, occurrence.key.member)
        yield from defaults(occurrence)
        yield from foreign(occurrence)
        yield from FieldWriter(self.resolution, self.tables, occurrence).operations()
        if occurrence.is_unwrapped:
            yield self.unwrapped(occurrence)
        yield from requirements(occurrence, peers)

    def unwrapped(self, occurrence: Occurrence) -> Operation:
        """Make the object itself what it wraps in the hub."""
        wraps = occurrence.shape.wraps
        (entry,) = filter(occurrence.is_itself, occurrence.entries)
        (inner,) = occurrence.placements[entry.path].shapes.values()
        at = written(wraps)
        operations: Operations = (Call(inner, ()),)
        if choice := entry.shape:
            refused = (Refuse(NO_FORM, (Reject(),)),)
            cases = tuple(Case(text, refused) for text, _ in choice.shapes)
            if cases:
                by = choice.by.removeprefix(".")
                operations = (Choose(Code("value"), by, cases, operations),)
        if needs_something(self.resolution[inner]):
            reason = f"{occurrence.variant} requires some of it."
            return Unwrap(wraps, at, operations, (ReportMissing(at, reason),))
        reason = "Without one, the body is an empty one there."
        return Unwrap(wraps, at, operations, (ReportChanged(at, reason),))

    # -- unions ---------------------------------------------------------------------------------

    def union(self, occurrence: Occurrence, members: list[Function]) -> Function:
        key, shape = occurrence.key, occurrence.shape
        tags = (member.tag for member in shape.members)
        rows = tuple(DispatchRow(tag, of.key) for tag, of in zip(tags, members, strict=True))
        names = constant_names((key.shape,), schema_words(key))
        return Function(
            key,
            key.shape,
            function_names("write", (key.shape,), schema_words(key)),
            f"The hub's {key.shape}.",
            (),
            (WriteMember(shape.tag, written(shape.tag), rows, names),),
            is_root=key in self.roots,
        )

    def member(self, occurrence: Occurrence, member: Member) -> Function:
        key: Key = occurrence.key
        tagged = occurrence.members.get(member.tag, ())
        same = [one for one in tagged if one.alias.tag == member.tag]
        # a schema may have the newer tag beside an older one that means the same
        plain = next((one for one in same or tagged if not one.alias.when), None)
        conditional = [one for one in tagged if one.alias.when]
        operations = [self.where(occurrence, member, one) for one in conditional]
        if plain is not None:
            operations += self.under(occurrence, member, plain)
        else:
            operations.append(Refuse(member.lost or NO_FORM, (Reject(),)))
        tag = member.tag if conditional or plain is None else plain.alias.tag
        words = (key.shape, member.tag)
        return Function(
            (key, member.tag),
            key.shape,
            function_names("write", words, schema_words(key)),
            "" if tagged else "There is no form of",
            (f"`{tag}`",),
            tuple(operations),
        )

    def where(self, occurrence: Occurrence, member: Member, tagged: TaggedMember) -> Operation:
        texts = tuple((names_of(path), text) for path, text in tagged.alias.when)
        return WithTextsAt(texts, self.under(occurrence, member, tagged))

    def under(self, occurrence: Occurrence, member: Member, tagged: TaggedMember) -> Operations:
        """The operations of a member under one of its tags."""
        tag = tagged.alias.tag
        named: Operations = (Set(occurrence.shape.tag, tag),) if tag != member.tag else ()
        if tagged.is_unlisted:
            name = occurrence.shape.tag
            reason = f"No schema of {occurrence.variant} lists it."
            named = (KeepTag(name, written(name), tag, reason),)
        return (*named, *self.operations(self.resolution[tagged.key]), Accept())
