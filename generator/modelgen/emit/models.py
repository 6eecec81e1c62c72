"""Named types -> views of classes and aliases."""

from __future__ import annotations

from .. import ir
from ..errors import width
from ..openapi.keywords import CONDITIONS
from .layout import declared
from .names import field_names
from .styles import Style
from .syntax import ANY, NONE, Atom, Call, Node, Subscript, Union, flat, name, united
from .text import WIDTH, doc_text, json_literal, literal
from .types import Annotations, Imports, Scope
from .views import AliasView, ClassView, FieldView

UNSET, UNSET_TYPE = name("UNSET"), name("Unset")


class Models:
    """Makes the views of one module."""

    def __init__(self, scope: Scope, imports: Imports, style: Style) -> None:
        self.scope = scope
        self.imports = imports
        self.style = style
        self.annotations = Annotations(scope, imports)

    def class_view(
        self, named: ir.Named, object_: ir.Object, attributes: dict[str, str]
    ) -> ClassView:
        doc = doc_text(_named_doc(named), 4)
        fields = [
            self._field(field, attributes[field.wire], gap=bool(doc or n))
            for n, field in enumerate(object_.fields)
        ]
        fields.append(self._additional(object_))
        base = "Nullable" if named.null_beside else "Model"
        self.imports.runtime |= {"UNSET", "Unset", f"{base} as _{base}"}
        class_ = self.scope.names[named.key]
        return ClassView(
            gap=True,
            name=class_,
            base=f"_{base}",
            is_wide=width(class_) > WIDTH - len(f"class (_{base}):"),
            decorator=self.style.decorator,
            doc=doc,
            fields=tuple(fields),
        )

    def alias_view(self, named: ir.Named, quoted: bool, gap: bool) -> AliasView:
        alias = self.scope.names[named.key]
        type_ = self.annotations.of(named.type)
        if named.nullable and not _has_null(type_):
            type_ = united((type_, NONE))
        text = flat(type_)
        schema = Call("Schema", (Atom("__name__"), Atom(literal(alias))), in_rows=True)
        rows = _rows(alias, type_, schema) if quoted else ()
        if quoted:
            type_ = Atom(literal(text))
        self.imports.typing |= {"Annotated", "TypeAlias"}
        self.imports.runtime.add("Schema")
        value = Subscript(Atom("Annotated"), (type_, schema))
        return AliasView(
            gap=gap,
            name=alias,
            type=text,
            is_quoted=quoted,
            rows=rows,
            schema=flat(schema),
            declaration=declared(alias, Atom("TypeAlias"), value, 0),
            doc=doc_text(_named_doc(named), 0),
        )

    def _field(self, field: ir.Field, attribute: str, gap: bool) -> FieldView:
        type_ = self.annotations.of(field.type)
        if (field.nullable or self._allows_null(field.type)) and not _has_null(type_):
            type_ = united((type_, NONE))
        constant = constant_of(field)
        default = None if constant is None else Atom(json_literal(constant))
        if not field.required:
            type_ = type_ if type_ == ANY else united((type_, UNSET_TYPE))
            default = default or UNSET
        return _field_view(attribute, type_, default, gap, doc_text(self._field_doc(field), 4))

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
        if isinstance(object_.additional, ir.Never):
            values = ir.Map(values=ir.Anything())
        attribute = "additional_properties"
        type_ = united((self.annotations.of(values), UNSET_TYPE))
        return _field_view(attribute, type_, UNSET, gap=True, doc="")


def _rows(alias: str, type_: Node, schema: Call) -> tuple[str, ...]:
    """The members of a union that is quoted and too wide for a line, a line each; () for any other type."""
    if not isinstance(type_, Union) or width(f'    "{flat(type_)}",') <= WIDTH:
        return ()
    rows = tuple(map(flat, type_.members))
    lines = (f"{alias}: TypeAlias = Annotated[", f"    {flat(schema)},")
    is_plain = not any("\\" in row or '"""' in row for row in rows)
    return rows if is_plain and max(map(width, lines)) <= WIDTH else ()


def _field_view(
    attribute: str, type_: Node, default: Node | None, gap: bool, doc: str
) -> FieldView:
    return FieldView(
        gap=gap,
        name=attribute,
        type=flat(type_),
        default="" if default is None else flat(default),
        declaration=declared(attribute, type_, default, 4),
        doc=doc,
    )


def _has_null(annotation: Node) -> bool:
    """Whether a type allows None already."""
    last = annotation.members[-1] if isinstance(annotation, Union) else annotation
    return last in (ANY, NONE)


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
    return ", ".join(_limit(row.note, checks[row.name]) for row in noted)


def _limit(note: str, bound: object) -> str:
    """`at least 2 items`, `at least 1 item`."""
    text = note.format(bound)
    if bound == 1:
        text = text.replace(" properties", " property").removesuffix("s")
    return text
