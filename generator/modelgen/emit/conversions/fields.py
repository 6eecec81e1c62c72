"""An entry of the map -> the operations that write it for one schema: its values, its shape, its path there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ... import ir
from ...ir import kinds_of, opened
from ...reconcile import (
    Container,
    Entry,
    Key,
    Occurrence,
    Placement,
    Resolution,
    constant,
    is_in_list,
    lists,
    steps,
)
from ..text import Code
from .domains import Domain, domain
from .forms import laddered, sided
from .naming import constant_names, schema_words
from .operations import (
    Call,
    Check,
    Descend,
    Dissolve,
    Expression,
    MapKnownValues,
    MapValues,
    Operation,
    Operations,
    Place,
    PlaceInElement,
    PlaceInside,
    Present,
    Refuse,
    RefuseTexts,
    Reject,
    Remove,
    RemoveEmptied,
    RemoveImplied,
    RemoveProperty,
    Turn,
)
from .paths import by_object, inner_objects, last, names_of, written
from .shapes import chosen, containers_of, in_containers
from .values import Table, names_text, reason_table

NO_FORM = "It has no form in this variant."


class FieldWriter:
    """Writes the fields of one occurrence; `peers` are all occurrences of its shape."""

    def __init__(
        self, resolution: Resolution, tables: Mapping[str, Table], occurrence: Occurrence
    ) -> None:
        self.resolution = resolution
        self.tables = tables
        self.occurrence = occurrence
        key = occurrence.key
        self.peers = resolution.of(key.shape, key.member)
        self.schema_words = schema_words(key)
        into = {one for entry in occurrence.entries for path in entry.was for one in lists(path)}
        # the lists of the hub of which elements are fields of their own
        self.lists = {e.path for e in occurrence.entries if not into.isdisjoint(e.paths)}
        self.words = (key.shape, key.member) if key.member else (key.shape,)

    def operations(self) -> Operations:
        inside = tuple(self.inside(by_object(self.occurrence.entries), ""))
        return (*inside, *self.in_elements())

    def in_elements(self) -> Iterator[Operation]:
        """Bring fields to elements of lists, which are where they belong by now."""
        for entry in self.occurrence.entries:
            placement = self.occurrence.placements.get(entry.path)
            if placement is not None and is_in_list(placement.path):
                yield PlaceInElement(names_of(entry.path), steps(placement.path))

    def inside(self, objects: Mapping[str, list[Entry]], path: str) -> Iterator[Operation]:
        """The fields in an object of the hub, then those in the objects inside of it."""
        entries = [e for e in objects.get(path, ()) if not self.occurrence.is_itself(e)]
        removed = [entry for entry in entries if self.is_removed(entry)]
        for entry in entries:
            if entry not in removed:
                yield from self.field(entry)
        for entry in removed:
            if entry.path in self.lists:
                yield RemoveEmptied(last(entry.path))
        if removed:
            reasons = [(last(entry.path), entry.lost) for entry in removed]
            words = (*self.words, *names_of(path)) if path else self.words
            table = reason_table(reasons, (*words, "lost"), self.schema_words)
            yield Remove(table, written(path))
        for inner in inner_objects(objects, path):
            operations = tuple(self.inside(objects, inner))
            if inner in self.occurrence.groups:
                yield Descend(names_of(inner), operations)
            else:
                yield Dissolve(names_of(inner), written(inner), operations)

    def field(self, entry: Entry) -> Iterator[Operation]:
        placement = self.occurrence.placements.get(entry.path)
        if placement is None:
            yield self.implied(entry)
            return
        name, at = last(entry.path), written(entry.path)
        table = self.old_table(entry, placement)
        mapped: list[Operation] = list(self.formed(entry, placement))
        if table:
            map_ = MapValues if table.is_complete else MapKnownValues
            mapped.append(map_(name, at, table.down()))
        shaped = tuple(self.shape(entry, placement))
        if table and table.is_complete:
            checks = self.checks_after(table, entry)
        else:
            yield from self.refusals(entry)
            checks = self.checks(entry)
        if shaped:
            yield Present(name, tuple(mapped))
            yield from shaped
            mapped = []
        yield Present(name, (*mapped, *checks))
        if is_in_list(placement.path):
            return
        target = names_of(placement.path)
        if target[1:] and placement.path != entry.path:
            yield PlaceInside(name, target)
        elif placement.path != entry.path:
            yield Place(name, placement.path)

    # -- what the schema has not ----------------------------------------------------------------

    def is_removed(self, entry: Entry) -> bool:
        """Whether a field is lost here, whatever its value."""
        if entry.path in self.occurrence.placements:
            return False
        return self.only_text(entry) is None or not self.implying(entry)

    def implied(self, entry: Entry) -> Operation:
        text = self.only_text(entry)
        assert text is not None
        at = written(entry.path)
        return RemoveImplied(last(entry.path), at, text, self.implying(entry), entry.lost)

    def only_text(self, entry: Entry) -> str | None:
        """The one text that a field ever has: it is implied where the field is missing."""
        texts = {
            text
            for peer in self.peers
            if entry.path in peer.placements
            for type_ in peer.placements[entry.path].types
            if (text := constant(type_)) is not None
        }
        return texts.pop() if len(texts) == 1 else None

    def implying(self, entry: Entry) -> tuple[str, ...]:
        """The variants that require a field wherever they have its shape, so that it comes back by itself."""
        always: dict[str, bool] = {}
        for peer in self.peers:
            placement = peer.placements.get(entry.path)
            is_required = placement is not None and placement.required
            always[peer.variant] = always.get(peer.variant, True) and is_required
        return tuple(variant for variant, is_required in always.items() if is_required)

    # -- values ---------------------------------------------------------------------------------

    def old_table(self, entry: Entry, placement: Placement) -> Table | None:
        """The table of a field whose older values the schema has."""
        table = self.tables.get(entry.values)
        if table is None or not table.maps:
            return None
        return table if self.is_old(table, entry, placement) else None

    def is_old(self, table: Table, entry: Entry, placement: Placement) -> bool:
        if not table.is_own:
            return placement.path != entry.path
        types = self.resolution.apis[self.occurrence.variant]
        if table.is_disjoint:
            return not any(table.hub_kinds & kinds_of(type_, types) for type_ in placement.types)
        parts = [part for type_ in placement.types for part in opened(type_, types)]
        listed = {v for part in parts if isinstance(part, ir.Literal) for v in part.values}
        return not any(new in listed for _, new in table.changes)

    def domain(self, occurrence: Occurrence, entry: Entry) -> Domain:
        placement = occurrence.placements[entry.path]
        types = self.resolution.apis[occurrence.variant]
        return domain(placement.types, types, placement.nullable or entry.null)

    def checks(self, entry: Entry) -> Iterator[Operation]:
        """Report what other variants admit and this one does not."""
        own = self.domain(self.occurrence, entry)
        if not self.covers_others(own, entry):
            words = (*self.words, *names_of(entry.path), "values")
            unfit = own.unfit(constant_names(words, self.schema_words))
            if unfit is not None:
                table = self.tables.get(entry.values)
                reason = entry.kept or f"It is not {own}."
                reasons = table.reasons() if table else None
                yield Check(written(entry.path), unfit, reason, reasons)

    def covers_others(self, own: Domain, entry: Entry) -> bool:
        return all(
            own.covers(self.domain(peer, entry))
            for peer in self.peers
            if peer is not self.occurrence and entry.path in peer.placements
        )

    def refusals(self, entry: Entry) -> Iterator[Operation]:
        """Values without which the whole object has no form."""
        table = self.tables.get(entry.values)
        own = self.domain(self.occurrence, entry)
        reasons: dict[str, list[str]] = {}
        for row in table.rows if table else ():
            if row.whole and isinstance(row.hub.json, str) and not own.lists(row.hub.json):
                reasons.setdefault(row.reason, []).append(row.hub.json)
        for reason, texts in reasons.items():
            yield RefuseTexts(last(entry.path), tuple(texts), reason)

    def checks_after(self, table: Table, entry: Entry) -> Iterator[Operation]:
        """Where every value was mapped or reported: null, and older values that the schema does not list."""
        own = self.domain(self.occurrence, entry)
        at = written(entry.path)
        if not own.null and not own.any:
            yield Check(at, Expression(("value is None",)), "It is not null there.")
        old = [was.json for was, _ in table.pairs if isinstance(was.json, str)]
        unlisted = tuple(dict.fromkeys(text for text in old if not own.lists(text)))
        if unlisted:
            unfit = f"value.__class__ is str and value in {names_text(unlisted)}"
            yield Check(at, Expression((unfit,)), f"It is not {own}.")

    # -- forms ----------------------------------------------------------------------------------

    def formed(self, entry: Entry, placement: Placement) -> Iterator[Operation]:
        """Give the value a form that the schema has."""
        name, at = last(entry.path), written(entry.path)
        form = sided(entry)
        if form is not None and placement.path != entry.path:
            yield Turn(name, at, form, Code("down"))
        having = {
            peer.variant: self.kinds(peer, entry)
            for peer in self.peers
            if entry.path in peer.placements
        }
        yield from laddered(entry, name, at, self.kinds(self.occurrence, entry), having)

    def kinds(self, occurrence: Occurrence, entry: Entry) -> frozenset[str]:
        types = self.resolution.apis[occurrence.variant]
        placed = occurrence.placements[entry.path].types
        return frozenset(kind for type_ in placed for kind in kinds_of(type_, types))

    # -- shapes ---------------------------------------------------------------------------------

    def shape(self, entry: Entry, placement: Placement) -> Iterator[Operation]:
        choice = entry.shape
        if choice is None or not placement.shapes:
            return
        name = last(entry.path)
        refusal = Reject() if placement.required else RemoveProperty(name)

        def made(kind: Container, refusal: Operations, shape: str) -> Operations:
            inner: Key | None = placement.shapes.get(shape)
            if inner is not None:
                return (Call(inner, refusal),)
            # what is beside a list tells nothing of it that could not be kept
            tells_itself = kind == "object" or choice.is_inside
            return (Refuse(entry.lost or NO_FORM, refusal),) if tells_itself else ()

        yield from in_containers(
            containers_of(self.peers, entry.path, self.resolution),
            name,
            written(entry.path),
            refusal,
            lambda kind, refusal: chosen(choice, partial(made, kind, refusal)),
        )
