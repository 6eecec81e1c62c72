"""What templates may see: finished text, truth values and tuples of those."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldView:
    """`gap`: a blank line comes before it."""

    gap: bool
    name: str
    lines: tuple[str, ...]
    doc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassView:
    """`gap`: two blank lines come before it, not one."""

    template = "class.jinja"
    gap: bool
    name: str
    decorator: str
    heading: tuple[str, ...]
    doc: tuple[str, ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class AliasView:
    """`gap`: two blank lines come before it, not one."""

    template = "alias.jinja"
    gap: bool
    name: str
    lines: tuple[str, ...]
    doc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """`from MODULE import NAMES`, or `import MODULE as NAME` where there are no names."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleView:
    template = "module.jinja"
    path: str
    doc: tuple[str, ...]
    import_groups: tuple[tuple[str, ...], ...]
    exports: tuple[str, ...]
    items: tuple[ClassView | AliasView, ...]


@dataclass(frozen=True, slots=True)
class ClassCodecView:
    """`count`: how many properties are required, if others are optional; else ""."""

    """`gap`: two blank lines come before it, not one."""

    template = "class_codec.jinja"
    gap: bool
    known: tuple[str, ...]
    reader: tuple[str, ...]
    new: tuple[str, ...]
    count: str
    read: tuple[str, ...]
    writer: tuple[str, ...]
    write_required: tuple[str, ...]
    write: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HelperView:
    """A function that reads one choice of a union."""

    name: str
    head: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasCodecView:
    """`gap`: two blank lines come before it, not one."""

    template = "alias_codec.jinja"
    gap: bool
    helpers: tuple[HelperView, ...]
    reader: tuple[str, ...]
    read: tuple[str, ...]
    public: tuple[str, ...]
    doc: tuple[str, ...]
    run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """Tag value -> reader, or a tuple of readers."""

    name: str
    rows: tuple[str, ...]
    is_tuple: bool = False


@dataclass(frozen=True, slots=True)
class CodecModuleView:
    template = "codec_module.jinja"
    path: str
    doc: tuple[str, ...]
    import_groups: tuple[tuple[str, ...], ...]
    items: tuple[ClassCodecView | AliasCodecView, ...]
    tables: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class ExportView:
    """A public name, the module it comes from, as literals and as an import."""

    name: str
    name_literal: str
    module_literal: str


@dataclass(frozen=True, slots=True)
class PackageView:
    template = "package.jinja"
    path: str
    doc: tuple[str, ...]
    import_lines: tuple[str, ...]
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
    """`needs` are names of the runtime; `tables`, which are of functions, come after those."""

    template = "conversions/module.jinja"
    path: str
    doc: tuple[str, ...]
    needs: tuple[str, ...]
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
