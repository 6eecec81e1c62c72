"""Named types -> views of classes and aliases."""

from __future__ import annotations

from .. import ir
from ..errors import width
from ..openapi.keywords import CONDITIONS
from .layout import element, statement
from .names import field_names
from .styles import Style
from .text import WIDTH, docstring, json_literal, literal
from .types import Imports, Scope, TypeText
from .views import AliasView, ClassView, FieldView


class Models:
    """Makes the views of one module."""

    def __init__(self, scope: Scope, imports: Imports, style: Style) -> None:
        self.scope = scope
        self.imports = imports
        self.style = style
        self.text = TypeText(scope, imports)

    def class_view(
        self, named: ir.Named, object_: ir.Object, attributes: dict[str, str]
    ) -> ClassView:
        doc = docstring(_named_doc(named), 4)
        fields = [
            self._field(field, attributes[field.wire], gap=bool(doc or n))
            for n, field in enumerate(object_.fields)
        ]
        fields.append(self._additional(object_))
        self.imports.runtime |= {"UNSET", "Unset", "Model as _Model"}
        name = self.scope.names[named.key]
        head = f"class {name}("
        heading = (f"{head}_Model):",) if width(head) + 8 <= WIDTH else (head, "    _Model", "):")
        return ClassView(
            gap=True,
            name=name,
            heading=heading,
            decorator=self.style.decorator,
            doc=doc,
            fields=tuple(fields),
        )

    def alias_view(self, named: ir.Named, quoted: bool, gap: bool) -> AliasView:
        name = self.scope.names[named.key]
        value = self.text.of(named.type)
        if named.nullable and not _has_null(value):
            value += " | None"
        if quoted:
            value = literal(value)
        self.imports.typing |= {"Annotated", "TypeAlias"}
        self.imports.runtime.add("Schema")
        lines = _alias_lines(f"{name}: ", value, literal(name))
        return AliasView(gap=gap, name=name, lines=lines, doc=docstring(_named_doc(named), 0))

    def _field(self, field: ir.Field, name: str, gap: bool) -> FieldView:
        members = [self.text.of(field.type)]
        if (field.nullable or self._allows_null(field.type)) and not _has_null(members[0]):
            members.append("None")
        constant = constant_of(field)
        default = "" if constant is None else f" = {json_literal(constant)}"
        if not field.required:
            if members != ["Any"]:
                members.append("Unset")
            default = default or " = UNSET"
        lines = statement(f"{name}: ", " | ".join(members), default, 4)
        return FieldView(gap=gap, name=name, lines=lines, doc=docstring(self._field_doc(field), 4))

    def _allows_null(self, type_: ir.Type) -> bool:
        """Whether null stands behind an alias: the reader of a field wants to see it."""
        return any(named.nullable for named in ir.aliases(type_, self.scope.types))

    def _field_doc(self, field: ir.Field) -> str:
        """The field's own documentation, else the first paragraph of what it refers to."""
        doc = field.doc
        if not doc and isinstance(field.type, ir.Ref):
            doc = self.scope.types[field.type.target].doc.strip().partition("\n\n")[0]
        return _with_notes(doc, _field_notes(field))

    def _additional(self, object_: ir.Object) -> FieldView:
        values = ir.Map(values=object_.additional, patterns=object_.patterns)
        text = self.text.of(
            ir.Map(values=ir.Anything()) if isinstance(object_.additional, ir.Never) else values
        )
        lines = statement("additional_properties: ", f"{text} | Unset", " = UNSET", 4)
        return FieldView(gap=True, name="additional_properties", lines=lines, doc=())


def _alias_lines(head: str, value: str, name: str) -> tuple[str, ...]:
    """`X: TypeAlias = Annotated[value, Schema(__name__, "X")]`, as black prints it."""
    line = f"{head}TypeAlias = Annotated[{value}, Schema(__name__, {name})]"
    if width(line) <= WIDTH:
        return (line,)
    if width(head) + len("TypeAlias = Annotated[") <= WIDTH:
        return (f"{head}TypeAlias = Annotated[", *_alias_arguments(value, name, 4), "]")
    if width(head) + len("TypeAlias = (") <= WIDTH:
        inner = _alias_arguments(value, name, 8)
        return (
            f"{head}TypeAlias = (",
            "    Annotated[",
            *(f"    {line}" for line in inner),
            "    ]",
            ")",
        )
    return (f"{head}(", "    TypeAlias", ") = Annotated[", *_alias_arguments(value, name, 4), "]")


def _alias_arguments(value: str, name: str, indent: int) -> list[str]:
    lines = [f"    {line}" for line in element(value, ",", indent)]
    if width(name) + len("Schema(__name__, ),") <= WIDTH - indent:
        return [*lines, f"    Schema(__name__, {name}),"]
    return [*lines, "    Schema(", "        __name__,", f"        {name},", "    ),"]


def _has_null(annotation: str) -> bool:
    """Whether type text allows None already."""
    return annotation.rpartition(" | ")[2] in ("Any", "None")


def constant_of(field: ir.Field) -> str | int | bool | None:
    """The one value a property may have, if it is a scalar that is not null."""
    type_ = field.type
    if (
        isinstance(type_, ir.Literal)
        and len(type_.values) == 1
        and not type_.open
        and not field.nullable
    ):
        value = type_.values[0].json
        if isinstance(value, str | int):
            return value
    return None


def attributes_of(named: ir.Named, object_: ir.Object, types: frozenset[str]) -> dict[str, str]:
    return field_names(object_.fields, types)


def _named_doc(named: ir.Named) -> str:
    notes = ["Deprecated."] if named.deprecated else []
    return _with_notes(named.doc, notes)


def _field_notes(field: ir.Field) -> list[str]:
    notes = []
    if field.deprecated:
        notes.append("Deprecated.")
    if field.read_only:
        notes.append("Read-only.")
    if field.write_only:
        notes.append("Write-only.")
    limits = _limits(field.type)
    if limits:
        notes.append(f"{limits[0].upper()}{limits[1:]}.")
    if field.default is not None:
        shown = field.default.text
        if len(shown) <= 120:
            notes.append(f"Default: `{shown}`.")
    return notes


def _with_notes(doc: str, notes: list[str]) -> str:
    if not notes:
        return doc
    return f"{doc.rstrip()}\n\n{' '.join(notes)}" if doc.strip() else " ".join(notes)


def _limits(type_: ir.Type) -> str:
    checks = dict(type_.checks)
    noted = [row for row in CONDITIONS if row.note and row.name in checks]
    return ", ".join(row.note.format(checks[row.name]) for row in noted)
