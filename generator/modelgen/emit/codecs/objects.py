"""Objects -> a reader and a writer, straight-line functions.

A reader takes parsed JSON and returns the object; it checks what lax decoding promises and raises without saying why.
A writer takes an object and returns a dict.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from ... import ir
from ...errors import width
from ..layout import assigned, entry, signature
from ..syntax import Atom, Call, Comprehension, Node, Set, Subscript, flat, name
from ..text import WIDTH, literal
from ..views import ClassCodecView, ReadView, WriteView
from .expressions import Expressions
from .tables import tag_of

_V, _D, _X = name("v"), name("d"), name("x")
_WRITTEN = Subscript(name("dict"), (name("str"), name("Any")))


@dataclass(frozen=True, slots=True)
class _Step:
    """What is asked of a value, given as what follows it in the test, and what becomes of it."""

    test: str
    value: Node
    repaired: Node | None = None


class ObjectCodecs:
    """Makes the codec views of the classes of one module."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.scope = expressions.scope
        # what classes have in common is emitted once: what it is -> its name
        self.known: dict[tuple[Node, ...], str] = {}
        self.readers: dict[Hashable, str] = {}
        self.writers: dict[tuple[tuple[WriteView, ...], ...], str] = {}

    def view(
        self, named: ir.Named, object_: ir.Object, attributes: Mapping[str, str], gap: bool
    ) -> ClassCodecView:
        class_ = self.expressions.model(named.key)
        self.expressions.use("_MISMATCH", "_new", "_UNSET", "_extra", "_merge")
        wires = tuple(Atom(literal(field.wire)) for field in object_.fields)
        leading = len(list(takewhile(lambda field: field.required, object_.fields)))
        required = sum(field.required for field in object_.fields)
        extra = self._extra(object_)
        known = self.known.setdefault(wires, f"_KNOWN_{class_}")
        rest = Call("_extra", (_D, name(known)))
        written = (
            tuple(
                self._write(field, attributes[field.wire], is_leading=True)
                for field in object_.fields[:leading]
            ),
            tuple(
                self._write(field, attributes[field.wire], is_leading=False)
                for field in object_.fields[leading:]
            ),
        )
        writer = self.writers.setdefault(written, f"write_{class_}")
        read = tuple(self._read(field, attributes[field.wire]) for field in object_.fields)
        alike = self.readers.setdefault((read, extra), class_)
        return ClassCodecView(
            gap=gap,
            name=class_,
            known=assigned(known, Set(wires), 0) if known == f"_KNOWN_{class_}" else "",
            reads=signature(f"read_{class_}", ("d: Any",), name("Any")),
            new=assigned("o: Any", Call("_new", (name(class_),)), 4),
            required=required,
            has_optional=required < len(object_.fields),
            read_as="" if alike == class_ else self._alike(alike, class_),
            read=read,
            rest=assigned("rest" if extra else "o.additional_properties", rest, 8),
            extra=assigned("o.additional_properties", extra, 8) if extra else "",
            writes=signature(f"write_{class_}", ("o: Any",), _WRITTEN),
            leading=written[0],
            write=written[1],
            written_as=(
                "" if writer == f"write_{class_}" else assigned(f"write_{class_}", name(writer), 0)
            ),
        )

    def _alike(self, other: str, class_: str) -> str:
        """What the reader of a class is, if another class has the same properties."""
        arguments = (name(f"read_{other}"), name(other), name(class_))
        return assigned(f"read_{class_}", self.expressions.runtime("_alike", *arguments), 0)

    def _extra(self, object_: ir.Object) -> Node | None:
        """What the values of unknown properties become, None if they stay."""
        if object_.patterns:
            return None
        value = self.expressions.of(object_.additional, _X)
        if value == _X:
            return None
        return Comprehension(value, "k, x", Call("rest.items", ()), "k")

    def _read(self, field: ir.Field, attribute: str) -> ReadView:
        wire = literal(field.wire)
        indent = 4 if field.required else 8
        source = Subscript(_D, (Atom(wire),))
        tag = tag_of(field, self.scope)
        if tag is not None:
            step = _Step(f" != {literal(tag)}", Atom(literal(tag)))
        else:
            step = self._step(field, source)
        # a tag is compared as it is, other values are used again
        test = flat(source) if tag is not None else f"(v := {flat(source)})"
        is_apart = bool(step.test) and width(test + step.test) + len("if :") > WIDTH - indent
        if is_apart:
            test = "v"
        repaired = step.repaired
        return ReadView(
            name=attribute,
            wire=wire,
            is_required=field.required,
            apart=flat(source) if is_apart else "",
            test=test + step.test if step.test else "",
            repaired=assigned("v", repaired, indent + 4) if repaired else "",
            value=assigned(f"o.{attribute}", step.value, indent),
        )

    def _step(self, field: ir.Field, source: Node) -> _Step:
        """How a property that is no tag is read. What may be absent may be null too: lax decoding forgives it."""
        type_ = self.expressions.resolved(field.type)
        nullable = field.nullable or not field.required
        if isinstance(type_, ir.Anything | ir.Never):
            return _Step("", source)
        test = self._class_test(type_)
        if test:
            null = " and v is not None" if nullable else ""
            is_integer = isinstance(type_, ir.Scalar) and type_.kind == "integer"
            whole = self.expressions.runtime("_integer", _V) if is_integer else None
            return _Step(test + null, _V, whole)
        if nullable:
            return _Step(" is not None", _V, self.expressions.of(field.type, _V))
        return _Step("", self.expressions.of(field.type, source))

    def _class_test(self, type_: ir.Type) -> str:
        """For scalars: what follows a value to ask whether it is of another class; "" for other types."""
        match type_:
            case ir.Scalar(kind="string"):
                return "" if self.scope.format_of(type_) else ".__class__ is not str"
            case ir.Scalar(kind="integer"):
                return ".__class__ is not int"
            case ir.Scalar(kind="boolean"):
                return ".__class__ is not bool"
            case ir.Scalar(kind="number"):
                self.expressions.use("_NUMBER")
                return ".__class__ not in _NUMBER"
            case ir.Literal(values=values) if all(isinstance(value.json, str) for value in values):
                return ".__class__ is not str"
            case _:
                return ""

    def _write(self, field: ir.Field, attribute: str, is_leading: bool) -> WriteView:
        wire = literal(field.wire)
        value: Node = Atom(f"o.{attribute}") if field.required else _V
        if not self.expressions.is_plain(field.type):
            value = self.expressions.runtime("_encode", value)
        if is_leading:
            text = entry(wire, value, 8)
        else:
            text = assigned(f"d[{wire}]", value, 4 if field.required else 8)
        return WriteView(name=attribute, wire=wire, is_required=field.required, value=text)
