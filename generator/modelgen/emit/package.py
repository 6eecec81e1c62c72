"""Api + style -> the views of a whole package, its JSON Schema tables and its map of where things come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .. import ir
from ..errors import Location
from ..ir.words import snake_case
from .codecs.expressions import Expressions
from .codecs.objects import ObjectCodecs
from .codecs.tables import Tables
from .codecs.unions import UnionCodecs
from .heading import Heading
from .models import Models, attributes_of
from .modules import alias_order, import_groups, import_order, import_view, imports_of
from .operations import records
from .styles import Style
from .text import json_line, literal
from .types import Imports, Scope
from .views import (
    AliasCodecView,
    AliasView,
    ClassCodecView,
    ClassView,
    CodecModuleView,
    ExportView,
    ImportView,
    ModuleView,
    NamesView,
    PackageView,
)

PUBLIC_RUNTIME = (
    "UNSET",
    "DecodeError",
    "Fault",
    "UnknownVariant",
    "Unset",
    "decode",
    "decode_json",
    "encode",
    "encode_json",
    "encode_json_str",
    "validate",
)
PUBLIC_CONVERSION = (
    "Conversion",
    "ConversionError",
    "Detection",
    "Evidence",
    "Loss",
    "detect",
)
# The base class of all models. A schema of that name takes its place among the exports.
BASE = "Model"


class Package:
    """Lowers an API module by module."""

    def __init__(
        self, api: ir.Api, scope: Scope, style: Style, heading: Heading, variant: str = ""
    ) -> None:
        self.api = api
        self.support = ".." if variant else "."
        self.scope = scope
        self.style = style
        self.heading = heading
        self.by_module: dict[str, list[ir.Named]] = {}
        for named in api.types:
            self.by_module.setdefault(scope.modules[named.key], []).append(named)
        hidden = frozenset(scope.names.values())
        self.attributes: dict[str, dict[str, str]] = {
            named.key: attributes_of(named, named.type, hidden)
            for named in api.types
            if isinstance(named.type, ir.Object)
        }
        self.functions = self._functions()

    def _functions(self) -> dict[str, str]:
        """Key of an alias -> the name of its public decode function."""
        taken = {"decode_json", *self.scope.names.values()}
        functions: dict[str, str] = {}
        for named in self.api.types:
            if not isinstance(named.type, ir.Object):
                name = self.scope.names[named.key]
                function = f"decode_{snake_case(name)}"
                function = function if function not in taken else f"decode_{name}"
                while function in taken:
                    function += "_"
                taken.add(function)
                functions[named.key] = function
        return functions

    # -- models ------------------------------------------------------------------------------------------------

    def models(self, module: str) -> ModuleView:
        imports = Imports()
        lower = Models(self.scope, imports, self.style)
        named_types = self.by_module[module]
        enums = [named for named in named_types if isinstance(named.type, ir.Literal)]
        classes = [named for named in named_types if isinstance(named.type, ir.Object)]
        aliases = [
            named for named in named_types if not isinstance(named.type, ir.Literal | ir.Object)
        ]
        order, recursive = alias_order([named.key for named in aliases], self.scope.types)
        items: list[ClassView | AliasView] = [
            lower.alias_view(named, False, False) for named in enums
        ]
        for named in classes:
            assert isinstance(named.type, ir.Object)
            items.append(lower.class_view(named, named.type, self.attributes[named.key]))
        for n, key in enumerate(order):
            is_quoted = key in recursive or key in self.scope.waiting
            gap = bool(classes) and n == 0
            items.append(lower.alias_view(self.scope.types[key], is_quoted, gap))
        others = [key for key in imports.keys if self.scope.modules[key] != module]
        linked = [key for key in others if self.scope.is_linked(module, key)]
        types = imports_of(linked, self.scope.modules, self.scope.names, indent=4)
        if types:
            imports.typing.add("TYPE_CHECKING")
            imports.links.add("link as _link")
        local = imports_of(
            [key for key in others if key not in linked], self.scope.modules, self.scope.names
        )
        return ModuleView(
            path=f"{module}.py",
            doc=self.heading.text(module.replace("_", " ")),
            import_groups=import_groups(
                imports, self.style if classes else None, self.support, local
            ),
            types=types,
            exports=tuple(
                literal(self.scope.names[named.key])
                for named in sorted_names(named_types, self.scope)
            ),
            items=tuple(items),
        )

    # -- codecs ------------------------------------------------------------------------------------------------

    def codecs(self, module: str) -> CodecModuleView:
        imports = Imports()
        expressions = Expressions(self.scope, imports, module)
        objects, unions = ObjectCodecs(expressions), UnionCodecs(expressions, self.functions)
        items: list[ClassCodecView | AliasCodecView] = []
        for named in self.by_module[module]:
            if isinstance(named.type, ir.Object):
                # it begins with a constant, which black wants close to the imports
                gap = bool(items)
                items.append(objects.view(named, named.type, self.attributes[named.key], gap))
            else:
                items.append(unions.view(named))
        waiting = [self.scope.names[key] for key in imports.keys if key in self.scope.waiting]
        types = (import_view(f"..{module}", waiting, indent=4),) if waiting else ()
        return CodecModuleView(
            path=f"_codecs/{module}.py",
            doc=self.heading.text(f"codecs of {module.replace('_', ' ')}"),
            import_groups=self._codec_imports(imports, module, types),
            types=types,
            links=tuple(expressions.links.values()),
            items=tuple(items),
            tables=tuple(unions.tables),
        )

    def _codec_imports(
        self, imports: Imports, module: str, types: Sequence[ImportView]
    ) -> tuple[tuple[ImportView, ...], ...]:
        local = [
            import_view(f".{self.support}{home}", (f"{name[1:]} as {name}" for name in names))
            for home, names in (
                ("_attempts", imports.attempts),
                ("_links", imports.links),
                ("_runtime", imports.runtime),
            )
            if names
        ]
        models: dict[str, set[str]] = {}
        readers: dict[str, set[str]] = {}
        names, modules = self.scope.names, self.scope.modules
        if types:
            local.append(ImportView("..", f"{module} as _models"))
        for key in imports.keys:
            if key not in self.scope.waiting:
                models.setdefault(modules[key], set()).add(names[key])
        for key in imports.modules:
            if modules[key] != module:
                readers.setdefault(modules[key], set()).add(f"read_{names[key]}")
        local += (import_view(f"..{home}", models[home]) for home in sorted(models))
        local += (import_view(f".{home}", readers[home]) for home in sorted(readers))
        typing = ["TYPE_CHECKING", "Any"] if types else ["Any"]
        return ((import_view("typing", typing),), tuple(local))

    # -- package -----------------------------------------------------------------------------------------------

    def root(self) -> PackageView:
        homes = dict.fromkeys((*PUBLIC_RUNTIME, BASE), f"{self.support}_runtime")
        for named in self.api.types:
            module = self.scope.modules[named.key]
            homes[self.scope.names[named.key]] = f".{module}"
            if named.key in self.functions:
                homes[self.functions[named.key]] = f"._codecs.{module}"
        return PackageView(
            path="__init__.py",
            doc=self.heading.text("typed models with codecs"),
            imports=_by_home(homes),
            exports=_exports(homes),
        )

    def table(self, module: str) -> str:
        """The JSON Schema table of a module, one type a line."""
        lower = Tables(self.scope)
        rows = [
            f"{json_line(self.scope.names[named.key])}:{json_line(lower.of_named(named))}"
            for named in self.by_module[module]
        ]
        return "{\n" + ",\n".join(rows) + "\n}\n"


def variants_root(variants: Sequence[str], heading: Heading, converts: bool) -> PackageView:
    """The root of a package whose models are in one subpackage for each variant."""
    homes = dict.fromkeys((*PUBLIC_RUNTIME, BASE), "._runtime")
    if converts:
        homes |= dict.fromkeys(PUBLIC_CONVERSION, "._conversion")
        homes["convert"] = "._conversions.typed"
        homes["Translator"] = "._translator"
    names = sorted(variants)
    return PackageView(
        path="__init__.py",
        doc=heading.text("models of several variants of one API, a subpackage each"),
        imports=(NamesView(".", tuple(names)), *_by_home(homes)),
        exports=_exports(homes),
        variants=tuple(map(literal, names)),
    )


def _exports(homes: Mapping[str, str]) -> tuple[ExportView, ...]:
    """The public names of a package. `homes`: the module of each."""
    return tuple(
        ExportView(literal(name), literal(homes[name])) for name in sorted(homes, key=import_order)
    )


def _by_home(homes: Mapping[str, str]) -> tuple[NamesView, ...]:
    by_home: dict[str, list[str]] = {}
    for name in sorted(homes, key=import_order):
        by_home.setdefault(homes[name], []).append(name)
    return tuple(NamesView(home, tuple(by_home[home])) for home in sorted(by_home))


def sorted_names(named_types: Sequence[ir.Named], scope: Scope) -> list[ir.Named]:
    return sorted(named_types, key=lambda named: import_order(scope.names[named.key]))


def schema_map(
    api: ir.Api,
    package: Package,
    written: Callable[[Location], Mapping[str, str]],
    head: Mapping[str, object],
) -> str:
    """Where each type and each field comes from, as JSON with one type a line."""
    rows = []
    for named in api.types:
        entry: dict[str, object] = {**written(named.at)}
        if isinstance(named.type, ir.Object):
            attributes = package.attributes[named.key]
            entry["fields"] = {
                attributes[field.wire]: {
                    "wire": field.wire,
                    **written(field.at),
                }
                for field in named.type.fields
            }
        rows.append(f"    {json_line(package.scope.names[named.key])}: {json_line(entry)}")
    parts = [f"  {json_line(key)}: {json_line(value)}" for key, value in head.items()]
    parts.append('  "types": {\n' + ",\n".join(rows) + "\n  }")
    if api.operations:
        rows = [
            f"    {json_line(name)}: {json_line(written(of.at))}"
            for name, of in records(api.operations).items()
        ]
        parts.append('  "operations": {\n' + ",\n".join(rows) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"
