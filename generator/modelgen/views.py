"""What templates may see: finished text, truth values and tuples of those."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldView:
    lines: tuple[str, ...]
    doc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassView:
    template = "class.jinja"
    name: str
    decorator: str
    doc: tuple[str, ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class AliasView:
    template = "alias.jinja"
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
    template = "class_codec.jinja"
    name: str
    known: tuple[str, ...]
    reads_optional: bool
    read: tuple[str, ...]
    write_required: tuple[str, ...]
    write: tuple[str, ...]
    extra: str


@dataclass(frozen=True, slots=True)
class AliasCodecView:
    template = "alias_codec.jinja"
    name: str
    function: str
    signature: tuple[str, ...]
    summary: tuple[str, ...]
    read: tuple[str, ...]
    helpers: tuple[HelperView, ...]


@dataclass(frozen=True, slots=True)
class HelperView:
    """A function that reads one choice of a union."""

    name: str
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """Tag value -> reader."""

    name: str
    rows: tuple[str, ...]


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
