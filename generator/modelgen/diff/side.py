"""One of the two documents: its types by key, its Python names, and its schemas as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from .. import ir
from ..emit.names import field_names, type_names
from ..emit.operations import records
from ..emit.syntax import flat
from ..emit.types import Annotations, Imports, Scope
from ..errors import Location
from ..ir import dispatch
from ..ir.describe import text
from ..openapi.formats import DEFAULTS
from .parts import OperationPart

Raw = Callable[[Location], object]
_Choices = Mapping[str, tuple[bool, frozenset[ir.Value]]]


@dataclass(frozen=True, slots=True)
class _Traits:
    """What tells a member of a union from another: its kinds, and the listed values of its objects."""

    kinds: frozenset[str]
    lists_objects: bool
    choices: tuple[_Choices, ...]

    def disjoint(self, other: _Traits) -> bool:
        shared = self.kinds & other.kinds
        if not shared:
            return True
        if shared != {"object"} or self.lists_objects or other.lists_objects:
            return False
        return all(_told_apart(one, two) for one in self.choices for two in other.choices)


def _told_apart(left: _Choices, right: _Choices) -> bool:
    """Whether some property must be there for one of them and has values that are none of the other's."""
    return any(
        (left[wire][0] or right[wire][0]) and left[wire][1].isdisjoint(right[wire][1])
        for wire in left.keys() & right.keys()
    )


class Side:
    def __init__(
        self,
        api: ir.Api,
        raw: Raw = lambda _: None,
        fixed: Mapping[str, str] | None = None,
        formats: Mapping[str, str] = DEFAULTS,
        parts: Mapping[str, OperationPart] = MappingProxyType({}),
    ) -> None:
        self.api = api
        self.raw = raw
        self.parts = parts
        named = [named for named in api.types if named.component]
        self._bases = {ir.base_key(one.key): one.key for one in named}
        self._bases |= {ir.base_key(key): key for key in api.apart}
        self.components = {one.key: one for one in named if one.key not in parts}
        owners = {one.key: self.owner(one.key) for one in api.types}
        self.types = {one.key: one for one in api.types if owners[one.key] not in api.apart}
        self.names = self._named(owners, fixed)
        self.scope = Scope(self.types, self.names, {}, formats)
        self.annotations = Annotations(self.scope, Imports())
        self._hidden = frozenset(self.names.values())
        self._attributes: dict[str, dict[str, str]] = {}
        self._arguments: dict[str, str] = {}
        self._reached_from: dict[str, int] = {}
        self._operations: dict[str, tuple[str, ...]] = {}

    def _named(self, owners: Mapping[str, str], fixed: Mapping[str, str] | None) -> dict[str, str]:
        """The Python names of all types; those in operations have the name of the class that is made there, if any is."""
        classes = tuple(one for one in self.api.types if owners[one.key] not in self.parts)
        names = type_names(replace(self.api, types=classes), fixed)[0]
        made = {
            one.at: names[one.key] for one in self.api.types if owners[one.key] in self.api.apart
        }
        for one in self.api.types:
            if owners[one.key] in self.parts:
                names[one.key] = made.get(one.at, one.key)
        return names

    # -- keys --------------------------------------------------------------------------------------

    def owner(self, key: str) -> str:
        """The component that a key belongs to: itself, or the one its path starts with."""
        if key in self.components or key in self.parts:
            return key
        return self._bases.get(self._base(key), key)

    def _base(self, key: str) -> str:
        end = len(key)
        while end > 0:
            end = max(key.rfind(char, 0, end) for char in ".[{|/&#")
            if key[: max(end, 0)] in self._bases:
                return key[:end]
        return key

    def path(self, key: str) -> str:
        """What follows the component in a key."""
        if key in self.components or key in self.parts:
            return ""
        return key[len(self._base(key)) :].removeprefix(ir.OWN).removeprefix(".")

    # -- types -------------------------------------------------------------------------------------

    def resolve(self, type_: ir.Type) -> tuple[ir.Type, bool]:
        """What a reference stands for, and whether null is among its values."""
        resolved = ir.resolve(type_, self.types)
        return resolved.type, resolved.nullable

    def behind(self, type_: ir.Type, key: str) -> str:
        """The key of the named type that a reference leads to in the end; `key` if it is no reference."""
        return ir.resolve(type_, self.types).key or key

    def accepts_null(self, type_: ir.Type) -> bool:
        return ir.accepts_null(type_, self.types)

    def apart(self, union: ir.Union) -> bool:
        """Whether no value can fit two members, so that `oneOf` and `anyOf` are the same."""
        members = [self._traits(member) for member in union.members]
        return all(
            left.disjoint(right) for n, left in enumerate(members) for right in members[n + 1 :]
        )

    def _traits(self, member: ir.Type) -> _Traits:
        return _Traits(
            ir.kinds_of(member, self.types),
            self._lists_objects(member),
            tuple(self._choices(leaf) for leaf in dispatch.leaves(member, self.types)),
        )

    def _lists_objects(self, type_: ir.Type) -> bool:
        """Whether objects stand among the values of an enum, where no property can tell them apart."""
        type_ = self.resolve(type_)[0]
        if isinstance(type_, ir.Union):
            return any(self._lists_objects(member) for member in type_.members)
        return isinstance(type_, ir.Literal | ir.Anything | ir.Ref)

    def _choices(self, type_: ir.Object | None) -> _Choices:
        """The properties of an object whose values are listed: whether they must be there, and the values."""
        choices = {}
        for field in type_.fields if type_ is not None else ():
            kind, nullable = self.resolve(field.type)
            if isinstance(kind, ir.Literal) and not kind.open:
                null = {ir.Value("null")} if field.nullable or nullable else set()
                choices[field.wire] = (field.required, frozenset((*kind.values, *null)))
        return choices

    def tags(self, type_: ir.Type | None) -> Iterator[tuple[str, ir.Value]]:
        """Properties of an object that must be there and have one value."""
        if isinstance(type_, ir.Object):
            for field in type_.fields:
                kind, nullable = self.resolve(field.type)
                fixed = isinstance(kind, ir.Literal) and len(kind.values) == 1 and not kind.open
                if fixed and field.required and not field.nullable and not nullable:
                    assert isinstance(kind, ir.Literal)
                    yield field.wire, kind.values[0]

    # -- Python ------------------------------------------------------------------------------------

    def attributes(self, key: str) -> dict[str, str]:
        names = self._attributes.get(key)
        if names is None:
            type_ = self.types[key].type
            fields = type_.fields if isinstance(type_, ir.Object) else ()
            names = self._attributes[key] = field_names(fields, self._hidden)
        return names

    def signature(self, key: str, field: ir.Field) -> str:
        """A property as its class shows it: `voice: VoiceIds | Unset`."""
        members = [flat(self.annotations.of(field.type))]
        if members != ["Any"]:
            members += ["None"] * field.nullable + ["Unset"] * (not field.required)
        return f"{self.attributes(key)[field.wire]}: {' | '.join(members)}"

    def words(self, type_: ir.Type) -> str:
        """A type expression in short, inline types by the names they have in Python."""
        words = text(type_)
        inline = {key for key in ir.references(type_) if key not in self.components}
        for key in sorted(inline, key=len, reverse=True):
            words = words.replace(key, self.names[key])
        return words

    @cached_property
    def records(self) -> dict[Location, str]:
        """Where an operation stands -> the name of its record, if the package has one."""
        named = records(self.api.operations)
        return {operation.at: name for name, operation in reversed(list(named.items()))}

    def is_modelled(self, part: str) -> bool:
        """Whether the package has a record of the operation that this is or belongs to."""
        return self.parts[self.operation_of(part)].at in self.records

    def definition(self, key: str) -> str:
        """A named type as its module shows it: `class X`, or `X = ...` for an alias. A parameter is an attribute."""
        named = self.types[key]
        part = self.parts.get(key)
        if part is not None and part.wire:
            name = self.argument(part.wire)
            return f"{name}: {self._annotation(named)}{' | Unset' * (not part.required)}"
        if part is not None and not isinstance(named.type, ir.Object):
            return self._annotation(named)
        if isinstance(named.type, ir.Object):
            return f"class {self.names[key]}{', or None' * named.null_beside}"
        return f"{self.names[key]} = {self._annotation(named)}"

    def argument(self, wire: str) -> str:
        """The attribute of a parameter; many operations have one of the same name."""
        if wire not in self._arguments:
            field = ir.Field(wire=wire, type=ir.Anything())
            self._arguments |= field_names((field,), self._hidden)
        return self._arguments[wire]

    def _annotation(self, named: ir.Named) -> str:
        if isinstance(named.type, ir.Object):
            annotation = self.names[named.key]
        else:
            annotation = flat(self.annotations.of(named.type))
        return f"{annotation} | None" if named.nullable and annotation != "Any" else annotation

    @cached_property
    def referrers(self) -> dict[str, set[str]]:
        """Component -> the components that mention it."""
        users: dict[str, set[str]] = {}
        for named in self.types.values():
            user = self.owner(named.key)
            for target in ir.references(named.type):
                if target == self.owner(target) or user != self.owner(target):
                    users.setdefault(self.owner(target), set()).add(user)
        return users

    def reached_from(self, component: str) -> int:
        """How many other components lead to it."""
        count = self._reached_from.get(component)
        if count is None:
            count = len(self.leading_to(component) - {component} - self.parts.keys())
            self._reached_from[component] = count
        return count

    def operations(self, component: str) -> tuple[str, ...]:
        """The operations that use a component, in the order of the document; of a part of one, that operation."""
        found = self._operations.get(component)
        if found is None:
            users = {component} if component in self.parts else self.leading_to(component)
            named = {self.operation_of(user) for user in users if user in self.parts}
            found = tuple(
                name
                for name, part in self.parts.items()
                if name in named and part.kind == "operation"
            )
            self._operations[component] = found
        return found

    def operation_of(self, part: str) -> str:
        """The operation that a part belongs to, or what stands alone."""
        while self.parts[part].kind != "operation" and self.parts[part].above:
            part = self.parts[part].above
        return part

    def is_recursive(self, component: str) -> bool:
        return component in self.leading_to(component)

    def leading_to(self, component: str) -> set[str]:
        """The components and operations from which references lead to it; itself, if it contains itself."""
        seen: set[str] = set()
        waiting = [component]
        while waiting:
            for other in self.referrers.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen
