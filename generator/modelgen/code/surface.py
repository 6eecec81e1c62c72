"""What code sees of a generated package, read from its files: classes, aliases and functions, attributes and values."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ..ir import Value

MODEL, ALIAS, FUNCTION, RECORD = "class", "alias", "function", "record"
DEEP = 50
_TABLE = "schema_map.json"
_LISTED = re.compile(r"(list|dict)\[(?:str, )?(.*)\]")
_TEXT = re.compile(r"Literal\['|Literal\[\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An attribute of a class: its annotation as text, and whether the constructor can do without it."""

    name: str
    wire: str
    annotation: str
    has_default: bool
    is_fixed: bool = False  # the default is the one value that there is


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A public name. `home` is the module that defines it, with the package; `value` what an alias stands for."""

    name: str
    home: str
    kind: str
    pointer: str = ""
    value: str = ""
    attributes: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def full(self) -> str:
        return f"{self.home}.{self.name}"

    def of_wire(self, wire: str) -> Shown | None:
        """The attribute of a property; names of headers have no case."""
        found = [one for one in self.attributes.values() if one.wire.lower() == wire.lower()]
        return next(
            (one for one in found if one.wire == wire), found[0] if len(found) == 1 else None
        )


@dataclass(frozen=True, slots=True)
class Surface:
    """The public names of one document's package. `root` is its import name, the variant included."""

    root: str
    names: Mapping[str, Exported]

    def values(self, annotation: str) -> frozenset[str]:
        """The listed values, as JSON texts, that an annotation admits itself, in a list or by the name of an alias."""
        found: set[str] = set()
        for node in self._nodes(annotation):
            match node:
                case ast.Subscript(value=ast.Name(id="Literal"), slice=listed):
                    items = listed.elts if isinstance(listed, ast.Tuple) else [listed]
                    found |= {
                        Value.of(one.value).text for one in items if isinstance(one, ast.Constant)
                    }
        return frozenset(found)

    def flat(self, annotation: str, names: Mapping[str, str] | None = None) -> frozenset[str]:
        """The members of an annotation, through aliases; classes by other names, where `names` has some."""
        found: set[str] = set()
        waiting, seen = [annotation], set[str]()
        while waiting:
            text = waiting.pop()
            if text in seen:
                continue
            seen.add(text)
            for member in members(text):
                known = self.names.get(member)
                if known is not None and known.kind == ALIAS:
                    waiting.append(known.value)
                elif known is not None:
                    found.add((names or {}).get(member) or member)
                elif match := _LISTED.fullmatch(member):
                    inner = sorted(self.flat(match[2], names)) if len(seen) < DEEP else [match[2]]
                    found.add(f"{match[1]}[{' | '.join(inner)}]")
                else:
                    found.add(member)
        if "str" in found:
            found -= {one for one in found if _TEXT.match(one)}
        return frozenset(found)

    def _nodes(self, annotation: str) -> Iterator[ast.AST]:
        """An annotation, and what the aliases in it stand for."""
        waiting, seen = [annotation], set[str]()
        while waiting:
            text = waiting.pop()
            if text in seen:
                continue
            seen.add(text)
            for node in ast.walk(ast.parse(text or "None", mode="eval")):
                yield node
                if isinstance(node, ast.Name) and node.id in self.names:
                    known = self.names[node.id]
                    waiting += [known.value] if known.kind == ALIAS else []


def surface(files: Mapping[str, str], root: str, variant: str = "") -> Surface:
    """The surface of a package whose files, by their path in it, are given; of a variant, if the package has several."""
    inside = f"{variant}/" if variant else ""
    full_root = f"{root}.{variant}" if variant else root
    table = json.loads(files[f"{inside}{_TABLE}"])["types"]
    names: dict[str, Exported] = {}
    for path, text in files.items():
        place = PurePosixPath(path.removeprefix(inside))
        if not path.startswith(inside) or place.suffix != ".py" or place.stem == "__init__":
            continue
        home = ".".join((full_root, *place.with_suffix("").parts))
        if place.parts[0] == "_codecs":
            found = _functions(text, home)
        elif len(place.parts) == 1 and not place.stem.startswith("_"):
            found = _types(text, home, table)
        else:
            continue
        for one in found:
            names.setdefault(one.name, one)
    return Surface(full_root, names)


def _functions(text: str, home: str) -> Iterator[Exported]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("decode_"):
            yield Exported(name=node.name, home=home, kind=FUNCTION)


def _types(text: str, home: str, table: Mapping[str, Mapping[str, object]]) -> Iterator[Exported]:
    for node in ast.parse(text).body:
        match node:
            case ast.ClassDef(name=name):
                known = Exported(name=name, home=home, kind=MODEL)
                wires = table.get(name, {})
                yield replace(
                    known,
                    pointer=str(wires.get("pointer", "")),
                    attributes={one.name: one for one in _attributes(node, wires)},
                )
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                value = ast.unparse(node.value) if node.value else ""
                pointer = str(table.get(name, {}).get("pointer", ""))
                yield Exported(
                    name=name, home=home, kind=ALIAS, value=_bare(value), pointer=pointer
                )
            case ast.AnnAssign(target=ast.Name(id=name)) if name.islower():
                yield Exported(name=name, home=home, kind=RECORD)


def _attributes(node: ast.ClassDef, table: Mapping[str, object]) -> Iterator[Shown]:
    fields = table.get("fields")
    known = fields if isinstance(fields, Mapping) else {}
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
            default = _default(line.value)
            yield Shown(
                name=name,
                wire=str(known[name].get("wire", name)) if name in known else "",
                annotation=_bare(ast.unparse(line.annotation)),
                has_default=default is not None,
                is_fixed=isinstance(default, ast.Constant),
            )


def _default(value: ast.expr | None) -> ast.expr | None:
    """The default of a field, which stands in a call where there is more to say of the field."""
    if isinstance(value, ast.Call):
        given = {keyword.arg: keyword.value for keyword in value.keywords}
        return given.get("default")
    return value


class _Bare(ast.NodeTransformer):
    """Takes `Annotated` away, and the quotes of what is named before it is defined."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        match node:
            case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
                return self.visit(first)  # type: ignore[no-any-return]
            case ast.Subscript(value=ast.Name(id="Literal")):
                return node
            case _:
                return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str):
            return node
        return self.visit(ast.parse(node.value, mode="eval").body)  # type: ignore[no-any-return]


def _bare(annotation: str) -> str:
    try:
        return ast.unparse(_Bare().visit(ast.parse(annotation, mode="eval")))
    except SyntaxError:
        return annotation


def members(annotation: str) -> frozenset[str]:
    """The members of a union, as texts."""
    found: set[str] = set()
    waiting: list[ast.expr] = [ast.parse(annotation or "None", mode="eval").body]
    while waiting:
        match waiting.pop():
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                waiting += [left, right]
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=items)):
                waiting += items
            case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=items)):
                found |= {f"Literal[{ast.unparse(one)}]" for one in items}
            case other:
                found.add(ast.unparse(other))
    return frozenset(found)
