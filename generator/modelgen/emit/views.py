"""What templates may see: finished text, truth values and tuples of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class FieldView:
    """`gap`: a blank line comes before it. `declaration`: type and default, as broken over lines; `type` and `default`
    are what it says, "" for no default."""

    gap: bool
    name: str
    type: str
    default: str
    declaration: str
    doc: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """`gap`: two blank lines come before it, not one. `is_wide`: its name is nearly as wide as a line."""

    template = "class.jinja"
    gap: bool
    name: str
    base: str
    is_wide: bool
    decorator: str
    doc: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class AliasView:
    """`gap`: two blank lines come before it, not one. `declaration`: that it is an alias, and of what; `type` is of what,
    `is_quoted`: as a string; `rows`: as a string of several lines, which these are, and `schema` marks it.
    """

    template = "alias.jinja"
    gap: bool
    name: str
    type: str
    is_quoted: bool
    rows: tuple[str, ...]
    schema: str
    declaration: str
    doc: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """`from module import names`; with an alias `import module as alias`."""

    module: str
    names: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class ModuleView:
    """`types`: imports for type checkers alone."""

    template = "module.jinja"
    path: str
    doc: str
    import_groups: tuple[tuple[ImportView, ...], ...]
    types: tuple[ImportView, ...]
    exports: tuple[str, ...]
    items: tuple[ClassView | AliasView, ...]


@dataclass(frozen=True, slots=True)
class ReadView:
    """How a property is read. `wire`: its name as a literal. `apart`: what is put into `v` first, "" where the test does
    that; `test`: what is asked of the value, "" for nothing; `repaired`: what the value becomes if the test is true, ""
    if it is refused; `value`: what the attribute becomes."""

    name: str
    wire: str
    is_required: bool
    apart: str
    test: str
    repaired: str
    value: str


@dataclass(frozen=True, slots=True)
class WriteView:
    """How a property is written: `value` under the name `wire`, a literal."""

    name: str
    wire: str
    is_required: bool
    value: str


@dataclass(frozen=True, slots=True)
class ClassCodecView:
    """`gap`: two blank lines come before it, not one. `reads`, `writes`: the signatures. `required`: how many properties
    are. `rest`, `extra`: what the properties without an attribute are, and become. `leading`: the required properties
    before any optional one."""

    template = "class_codec.jinja"
    gap: bool
    name: str
    known: str
    reads: str
    new: str
    required: int
    has_optional: bool
    read: tuple[ReadView, ...]
    rest: str
    extra: str
    writes: str
    leading: tuple[WriteView, ...]
    write: tuple[WriteView, ...]


@dataclass(frozen=True, slots=True)
class HelperView:
    """A function that reads one choice of a union."""

    name: str
    reads: str
    value: str


@dataclass(frozen=True, slots=True)
class KindView:
    """What is done with a value of one JSON type. `tag`: the property that is looked up in place, a literal, by
    `reader`; else "", and `value` is what is returned."""

    test: str
    tag: str
    reader: str
    value: str


@dataclass(frozen=True, slots=True)
class AliasCodecView:
    """`gap`: two blank lines come before it, not one. `reads`: the signature of the reader, `decodes` that of `function`,
    for users. `kinds`: for a union; `value`: for other types."""

    template = "alias_codec.jinja"
    gap: bool
    name: str
    helpers: tuple[HelperView, ...]
    reads: str
    accepts_null: bool
    is_union: bool
    kinds: tuple[KindView, ...]
    value: str
    function: str
    decodes: str
    doc: str
    run: str


@dataclass(frozen=True, slots=True)
class TableView:
    """Tag value -> reader, or a tuple of readers."""

    name: str
    rows: tuple[str, ...]
    is_tuple: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    """A reader of another module, found when it is first called."""

    reader: str
    value: str


@dataclass(frozen=True, slots=True)
class CodecModuleView:
    """`types`: imports for type checkers alone."""

    template = "codec_module.jinja"
    path: str
    doc: str
    import_groups: tuple[tuple[ImportView, ...], ...]
    types: tuple[ImportView, ...]
    links: tuple[LinkView, ...]
    items: tuple[ClassCodecView | AliasCodecView, ...]
    tables: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class ExportView:
    """A public name, and the module it comes from, as literals."""

    name: str
    module: str


@dataclass(frozen=True, slots=True)
class NamesView:
    """The public names of a module, one a line."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageView:
    template = "package.jinja"
    path: str
    doc: str
    imports: tuple[NamesView, ...]
    exports: tuple[ExportView, ...]
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionView:
    """A function that changes one payload: `def name(data, path, report) -> returns`."""

    name: str
    returns: str
    doc: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConstantView:
    name: str
    annotation: str
    text: str


@dataclass(frozen=True, slots=True)
class ConversionsView:
    """`needs` are names of the runtime, `forms` those of its forms; `tables`, which are of functions, come after those."""

    template = "conversions/module.jinja"
    path: str
    doc: tuple[str, ...]
    needs: tuple[str, ...]
    forms: tuple[str, ...]
    constants: tuple[ConstantView, ...]
    functions: tuple[FunctionView, ...]
    tables: tuple[ConstantView, ...]


@dataclass(frozen=True, slots=True)
class StreamView:
    """A function that tells what stands around an event: `def name(data, state) -> (before, after)`. `tag` is a
    literal."""

    name: str
    doc: tuple[str, ...]
    tag: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StreamsView:
    template = "conversions/streams.jinja"
    path: str
    doc: tuple[str, ...]
    needs: tuple[str, ...]
    functions: tuple[StreamView, ...]


@dataclass(frozen=True, slots=True)
class OverloadView:
    """A model of `source` becomes one of `result` in the variant `to`, a literal."""

    source: str
    to: str
    result: str


@dataclass(frozen=True, slots=True)
class SignaturesView:
    template = "conversions/signatures.jinja"
    path: str
    doc: tuple[str, ...]
    modules: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...]
    overloads: tuple[OverloadView, ...]


# A media type, and how the parts of a form are sent: name, and content type and type of the headers.
ContentParts: TypeAlias = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """One record. Texts are literals; a type is `module:Name`, "" where there is none."""

    name: str
    id: str
    method: str
    path: str
    incoming: bool
    tags: tuple[str, ...]
    deprecated: bool
    security: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
    parameters: tuple[tuple[str, str], ...]
    styles: tuple[str, ...]
    request_required: bool
    request: tuple[tuple[str, str], ...]
    request_items: tuple[tuple[str, str], ...]
    request_parts: ContentParts
    responses: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    response_items: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    response_parts: tuple[tuple[str, ContentParts], ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsView:
    """`support`: the module that has the class of the records. `keys`: what each is looked up by: its operationId, or its
    name where there is none or several have it."""

    template = "operations.jinja"
    path: str
    doc: str
    support: str
    exports: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    operations: tuple[OperationView, ...]
