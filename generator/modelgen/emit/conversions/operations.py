"""What conversions do to an object: operations, each with a template that shows its lines.

An operation holds text of documents as it is, which a template prints as a literal. `at` is how a report writes the path
of the property, from the object that the function is given. Operations inside of others are their lines.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, TypeAlias

from ...reconcile import Steps
from ..text import Code

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of the module: its expression, names for it, from the shortest to one that no other has, and the name of
    its type in the runtime, if it has one."""

    text: str
    names: tuple[str, ...] = field(compare=False)
    type: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A Python expression about `value`, with constants in it."""

    parts: tuple[str | Constant, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """`is_frame`: it does nothing without operations inside. `needs` are names of the runtime that its lines use."""

    template: ClassVar[str] = ""
    is_frame: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ()


Operations: TypeAlias = tuple[Operation, ...]


# --- when: operations around others ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Descend(Operation):
    """In the object at a path, if there is one."""

    template = "descend.jinja"
    is_frame = True
    path: Path
    operations: Operations


@dataclass(frozen=True, slots=True)
class Dissolve(Operation):
    """In an object that the target does not have: what stands in it goes elsewhere, and then it is removed."""

    template = "dissolve.jinja"
    path: Path
    at: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Shaped(Operation):
    """To the `value` of a property, if it is an object."""

    template = "shaped.jinja"
    is_frame = True
    name: str
    at: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Items(Operation):
    """To each `value` of an array that is an object."""

    template = "items.jinja"
    is_frame = True
    name: str
    at: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class KeptItems(Operation):
    """The same, where some are skipped: the array keeps the others."""

    template = "kept_items.jinja"
    name: str
    at: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Entries(Operation):
    """To each `value` of a map that is an object."""

    template = "entries.jinja"
    is_frame = True
    needs = ("step",)
    name: str
    at: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Case(Operation):
    """One of several alternatives: where the property has this text."""

    is_frame = True
    text: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Choose(Operation):
    """The alternative that a property of `subject` tells: of the object, or of the `value`."""

    template = "choose.jinja"
    subject: Code
    by: str
    cases: tuple[Case, ...]
    otherwise: Operations


@dataclass(frozen=True, slots=True)
class Present(Operation):
    """To the `value` of a property, where there is one."""

    template = "present.jinja"
    is_frame = True
    name: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class Absent(Operation):
    """Where there is no such property."""

    template = "absent.jinja"
    is_frame = True
    name: str
    operations: Operations


@dataclass(frozen=True, slots=True)
class FromVariants(Operation):
    """Where the payload is of one of some variants."""

    template = "from_variants.jinja"
    is_frame = True
    variants: tuple[str, ...]
    operations: Operations


@dataclass(frozen=True, slots=True)
class WithTexts(Operation):
    """Where some properties of the object have these texts."""

    template = "with_texts.jinja"
    is_frame = True
    texts: tuple[tuple[str, str], ...]
    operations: Operations


@dataclass(frozen=True, slots=True)
class WithTextsAt(Operation):
    """Where these texts are at some paths."""

    template = "with_texts_at.jinja"
    is_frame = True
    needs = ("value_at",)
    texts: tuple[tuple[Path, str], ...]
    operations: Operations


# --- names that are declared ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declare(Operation):
    """Report the names that no variant declares, and values of JSON types that none admits."""

    template = "declare.jinja"
    properties: Constant


# --- where properties are -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move(Operation):
    """Bring a property of other variants to where the hub has it, its value by a table, or from another form."""

    template = "move.jinja"
    source: Path
    target: Path
    table: Constant | None
    form: Constant | None = None


@dataclass(frozen=True, slots=True)
class Take(Operation):
    """The same of a property of an element of a list, whose JSON types are those, in words."""

    template = "take.jinja"
    source: Steps
    target: Path
    types: str
    table: Constant | None
    form: Constant | None = None


@dataclass(frozen=True, slots=True)
class NoteSpelling(Operation):
    """Report a property that a variant has beside the one that counts: it comes back as the other."""

    template = "note_spelling.jinja"
    needs = ("has", "value_at")
    source: Path
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Place(Operation):
    """Bring a property of the hub to the object itself, under the target's name."""

    template = "place.jinja"
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class PlaceInside(Operation):
    """Bring a property of the hub to a path inside of the object."""

    template = "place_inside.jinja"
    needs = ("put",)
    name: str
    target: Path


@dataclass(frozen=True, slots=True)
class PlaceInElement(Operation):
    """Bring a property of the hub to an element of a list."""

    template = "place_in_element.jinja"
    source: Path
    target: Steps


@dataclass(frozen=True, slots=True)
class RemoveEmptied(Operation):
    """Remove a list of which nothing is left but elements that were fields of their own."""

    template = "remove_emptied.jinja"
    name: str


@dataclass(frozen=True, slots=True)
class Wrap(Operation):
    """Put an object that is itself what the hub has under a name there."""

    template = "wrap.jinja"
    name: str
    own: Path
    beside: Path
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwrap(Operation):
    """Make an object itself what it has under a name, after `operations` on that `value`."""

    template = "unwrap.jinja"
    name: str
    at: str
    operations: Operations
    otherwise: Operations


@dataclass(frozen=True, slots=True)
class Remove(Operation):
    """Remove the properties that the target has not, each with its reason."""

    template = "remove.jinja"
    reasons: Constant
    at: str


@dataclass(frozen=True, slots=True)
class RemoveImplied(Operation):
    """Remove a property that can say one thing only: that is no loss where it comes back by itself, in `variants`."""

    template = "remove_implied.jinja"
    name: str
    at: str
    text: str
    variants: tuple[str, ...]
    reason: str


# --- what they are --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Set(Operation):
    """Give a property a text."""

    template = "set.jinja"
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class MapTexts(Operation):
    """A text of a property becomes another value, by a table of all texts."""

    template = "map_texts.jinja"
    name: str
    at: str
    table: Constant


@dataclass(frozen=True, slots=True)
class MapValues(Operation):
    """The `value` becomes another, by a table of all values."""

    template = "map_values.jinja"
    name: str
    at: str
    table: Constant


@dataclass(frozen=True, slots=True)
class MapKnownValues(Operation):
    """The `value` becomes another, by a table that does not have all that is valid."""

    template = "map_known_values.jinja"
    name: str
    at: str
    table: Constant


@dataclass(frozen=True, slots=True)
class Check(Operation):
    """Report a `value` that the target does not admit. `reasons` are those of the values of a table."""

    template = "check.jinja"
    at: str
    unfit: Expression
    reason: str
    reasons: Constant | None = None


@dataclass(frozen=True, slots=True)
class ReportMissing(Operation):
    template = "report_missing.jinja"
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportChanged(Operation):
    """Report something that the source does not say."""

    template = "report_changed.jinja"
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class KindCase(Operation):
    """One of several alternatives: where the value is of this class."""

    is_frame = True
    test: Code
    operations: Operations


@dataclass(frozen=True, slots=True)
class ByKind(Operation):
    """The alternative that the class of the `value` tells."""

    template = "by_kind.jinja"
    is_frame = True
    cases: tuple[KindCase, ...]


@dataclass(frozen=True, slots=True)
class Turn(Operation):
    """The `value` takes another form: `up` or `down`."""

    template = "turn.jinja"
    name: str
    at: str
    form: Constant
    way: Code


@dataclass(frozen=True, slots=True)
class NoteForm(Operation):
    """Report a `value` whose form has two ways to be said where it comes from."""

    template = "note_form.jinja"
    at: str
    reason: str


# --- what has no form -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reject(Operation):
    """The object that the function is given has no form in its variant."""

    template = "reject.jinja"


@dataclass(frozen=True, slots=True)
class SkipItem(Operation):
    """The item of an array has no form."""

    template = "skip_item.jinja"


@dataclass(frozen=True, slots=True)
class RemoveEntry(Operation):
    """The value of a map has no form."""

    template = "remove_entry.jinja"


@dataclass(frozen=True, slots=True)
class RemoveProperty(Operation):
    """The value of a property has no form."""

    template = "remove_property.jinja"
    name: str


@dataclass(frozen=True, slots=True)
class Refuse(Operation):
    """Report an object that has no form, and do what that means where it stands."""

    template = "refuse.jinja"
    reason: str
    refusal: Operations


@dataclass(frozen=True, slots=True)
class RefuseTexts(Operation):
    """The object has no form if a property has one of these texts."""

    template = "refuse_texts.jinja"
    name: str
    texts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Accept(Operation):
    """The object has a form."""

    template = "accept.jinja"


# --- other functions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call(Operation):
    """Convert an object by its function; `refusal` is what it means that it has no form."""

    template = "call.jinja"
    function: Hashable
    refusal: Operations


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """A tag, the function of the member, its tag in the hub, and what the tag implies, as path and text."""

    tag: str
    function: Hashable
    member: str = ""
    implied: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch(Operation):
    """Call the function of the member that the tag names. `names` are those of the table, as of a `Constant`."""

    tag: str
    at: str
    rows: tuple[DispatchRow, ...]
    names: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class ReadMember(Dispatch):
    """`ambiguous`: variant and tag of members that are read as another, which the variant has as well."""

    template = "read_member.jinja"
    needs = ("NOT_DECLARED", "imply")
    ambiguous: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WriteMember(Dispatch):
    template = "write_member.jinja"


# --- streams of events ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormEvent(Operation):
    """An event `formed` out of another for `variants` that do not send it: after `of`, or later, `before` another with
    the same `key`, if it is not ready: if it has the text `unless_text` at `unless`."""

    template = "form_event.jinja"
    needs = ("copied", "put", "value_at")
    variants: tuple[str, ...]
    tag: str
    formed: str
    of: str
    own: str
    key: Path
    unless: Path
    unless_text: str
    before: str
    take: Path


@dataclass(frozen=True, slots=True)
class FillProperty(Operation):
    """A property of an event that `variants` have in an earlier one only, of the same key."""

    template = "fill_property.jinja"
    needs = ("value_at",)
    variants: tuple[str, ...]
    event: str
    name: str
    key: Path
    sources: tuple[str, ...]
    source_key: Path
    value: Path


# --- walking --------------------------------------------------------------------------------------


def blocks(operation: Operation) -> Iterator[tuple[str, Operations]]:
    """The fields of an operation that are operations."""
    for one in fields(operation):
        value = getattr(operation, one.name)
        if isinstance(value, tuple) and value and isinstance(value[0], Operation):
            yield one.name, value


def walk(operations: Operations) -> Iterator[Operation]:
    """Operations and those inside of them."""
    for operation in operations:
        yield operation
        for _, inner in blocks(operation):
            yield from walk(inner)


def rebuilt(operations: Operations, change: Callable[[Operation], Operations]) -> Operations:
    """The same with every operation changed, inner ones first."""
    made: list[Operation] = []
    for operation in operations:
        inner: dict[str, Any] = {name: rebuilt(own, change) for name, own in blocks(operation)}
        made += change(replace(operation, **inner) if inner else operation)
    return tuple(made)
