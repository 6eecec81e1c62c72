"""No text of a document becomes code: whatever stands in a string position, the emitted syntax trees are those of the
same document with harmless text there, but for string constants and names; and importing the package runs nothing of it.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from modelgen import cli
from modelgen.emit.parts import SUPPORT
from modelgen.emit.styles import STYLES
from modelgen.errors import SpecError
from modelgen.loader import load
from modelgen.normalizer import normalize
from modelgen.openapi import formats
from modelgen.openapi.keywords import ASSERTIONS
from modelgen.pipeline import generate
from modelgen.project import config

Document = dict[str, Any]
HARMLESS = "harmless"

# An expression that leaves a trace when it runs. It holds no character that a name could not hold in some language.
RUN = "__import__('builtins').__dict__.__setitem__('PWNED',1)"
RUN2 = '__import__("builtins").__dict__.__setitem__("PWNED",1)'

PAYLOADS = {
    "plain": RUN,
    "statement": f"; {RUN} ;",
    "double-quote": f'"; {RUN}; "',
    "single-quote": f"'; {RUN2}; '",
    "double-quote-concat": f'" + {RUN} + "',
    "triple-double": f'"""; {RUN}; """',
    "triple-double-lines": f'"""\n{RUN}\n"""',
    "triple-single": f"'''\n{RUN2}\n'''",
    "four-quotes": f'""""\n{RUN}\n""""',
    "escaped-triple": f'\\"""\n{RUN}\n"""',
    "twice-escaped-triple": f'\\\\"""\n{RUN}\n"""',
    "split-triple": f'"\\""\n{RUN}\n"',
    "ends-in-quote": f'{RUN} "',
    "ends-in-quotes": f'{RUN} ""',
    "ends-in-backslash": f"{RUN} \\",
    "ends-in-backslashes": f"{RUN} \\\\\\",
    "backslash-word": "\\ \\\\ \\\\\\ \\\"",
    "newline": f"\n{RUN}\n",
    "indented-newline": f"x\n    {RUN}\n        y",
    "carriage-return": f"x\r{RUN}\r",
    "carriage-return-quote": f'"\r{RUN}\r"""',
    "form-feed": f"x\x0c{RUN}\x0b",
    "next-line": f"x\x85{RUN}\x85",
    "line-separator": f"x\u2028{RUN}\u2029{RUN}",
    "control": f"\x1b[2J\x07\x01\x7f {RUN}",
    "bidi": f"\u202e{RUN}\u2066 \u2069\u200b",
    "byte-order-mark": f"\ufeff{RUN}",
    "jinja-expression": f"{{{{ {RUN} }}}}",
    "jinja-globals": "{{ cycler.__init__.__globals__.__builtins__.__dict__.__setitem__('PWNED',1) }}",
    "jinja-statement": f"{{% set x = {RUN} %}}{{% endfor %}}{{% include 'class.jinja' %}}",
    "jinja-comment": f"#}} {RUN} {{#",
    "f-string": f"{{{RUN}}} {{0}} %s %(x)s ${{{RUN}}} `{RUN}`",
    "brackets": f"]), {RUN}, ([",
    "union": f"x] | [{RUN}][0",
    "comment": f"# {RUN}\n{RUN} #",
    "coding": f"# -*- coding: utf-7 -*-\n+AGE- {RUN}",
    "unicode-escapes": "\\N{QUOTATION MARK}\\x22\\u0022\\U00000022\\042",
    "dunder": "__class__",
    "path": f"../../{RUN}",
    "wide": f"\uff02\uff02\uff02 \uff07{RUN}\u02ba",
    "surrogate-pair": f"\U0001f600{RUN}\U0010ffff",
}  # fmt: skip


# --- string positions -----------------------------------------------------------------------------


def document(schemas: Any = None, **more: Any) -> Document:
    info = {"title": "Example", "version": "1"}
    schemas = {"Session": {"type": "object"}} if schemas is None else schemas
    return {
        "openapi": "3.1.0",
        "info": info,
        "paths": {},
        "components": {"schemas": schemas},
    } | more


def tagged(wire: str, one: str, two: str, **more: Any) -> Document:
    """A union of two objects that a property tells apart."""
    members = [
        {
            "type": "object",
            "required": [wire],
            "properties": {wire: {"const": tag}, "x": {"type": "string"}},
        }
        for tag in (one, two)
    ]
    return document({"Union": {"oneOf": members, **more}})


def mapped(text: str) -> Document:
    part = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    union = {
        "anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {text: "#/components/schemas/A", "other": "B"},
        },
    }
    return document({"A": part, "B": {**part, "minProperties": 2}, "Union": union})


def mapping_value(text: str) -> Document:
    found = mapped("one")
    schemas = found["components"]["schemas"]
    schemas[text] = schemas.pop("A")
    schemas["Union"]["anyOf"][0] = {"$ref": reference(text)}
    schemas["Union"]["discriminator"]["mapping"]["one"] = text
    return found


def reference(name: str) -> str:
    return "#/components/schemas/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


def named(text: str, schema: Any) -> Document:
    """A component of that name, and one that refers to it."""
    holder = {"type": "object", "properties": {"a": {"$ref": reference(text)}}}
    return document({text: schema, "Holder1": holder})


def prop(text: str, schema: Any, **more: Any) -> Document:
    return document({"Session": {"type": "object", "properties": {text: schema}, **more}})


def field(**schema: Any) -> Document:
    return prop("a", schema)


def info(**more: Any) -> Document:
    return document() | {"info": {"title": "Example", "version": "1", **more}}


TEXT = {"type": "string"}
POSITIONS: dict[str, Callable[[str], Document]] = {
    "component-name-class": lambda t: named(t, {"type": "object", "properties": {"b": TEXT}}),
    "component-name-alias": lambda t: named(t, TEXT),
    "component-name-enum": lambda t: named(t, {"enum": ["a", "b"]}),
    "component-name-union": lambda t: named(t, {"anyOf": [TEXT, {"type": "object", "properties": {"b": TEXT}}]}),
    "component-name-of-inline": lambda t: named(t, {"type": "object", "properties": {"b": {"enum": ["x", "y"]}}}),
    "property-name": lambda t: prop(t, TEXT),
    "property-name-required": lambda t: prop(t, TEXT, required=[t]),
    "property-name-const": lambda t: prop(t, {"const": "x"}, required=[t]),
    "property-name-nullable": lambda t: prop(t, {"type": ["array", "null"], "items": TEXT}),
    "property-name-of-inline": lambda t: prop(t, {"type": "object", "properties": {"b": TEXT}}),
    "required-undeclared": lambda t: prop("a", TEXT, required=[t]),
    "title": lambda t: document({"Session": {"type": "object", "title": t, "properties": {"a": {**TEXT, "title": t}}}}),
    "description-class": lambda t: document({"Session": {"type": "object", "description": t, "required": ["a"], "properties": {"a": TEXT}}}),
    "description-field": lambda t: field(type="string", description=t),
    "description-field-with-notes": lambda t: field(type="string", description=t, default="x", readOnly=True),
    "description-alias": lambda t: document({"Session": {**TEXT, "description": t}}),
    "description-enum": lambda t: document({"Session": {"enum": ["a", "b"], "description": t}}),
    "description-union": lambda t: document({"Session": {"anyOf": [TEXT, {"type": "integer"}], "description": t}}),
    "description-inline": lambda t: field(type="object", properties={"b": TEXT}, description=t),
    "enum-value": lambda t: field(enum=[t, "other value"]),
    "enum-value-alias": lambda t: document({"Session": {"enum": [t, "other value"]}}),
    "enum-value-open": lambda t: document({"Session": {"anyOf": [TEXT, {"enum": [t, "other value"]}]}}),
    "enum-value-nested": lambda t: field(enum=[[t], {t: t}]),
    "const": lambda t: field(const=t),
    "const-required": lambda t: prop("a", {"const": t}, required=["a"]),
    "const-alias": lambda t: document({"Session": {"const": t}}),
    "const-nested": lambda t: field(const={t: [t]}),
    "default": lambda t: field(type="string", default=t),
    "default-nested": lambda t: field(type="object", default={t: [t]}),
    "default-of-alias": lambda t: document({"Session": {**TEXT, "default": t}}),
    "default-wrong": lambda t: field(type="integer", default=t),
    "example": lambda t: document({"Session": {**TEXT, "example": t, "examples": [t]}}),
    "pattern": lambda t: field(type="string", pattern=t),
    "pattern-properties": lambda t: document({"Session": {"type": "object", "patternProperties": {t: {"type": "integer"}}}}),
    "pattern-properties-inline": lambda t: document({"Session": {"type": "object", "patternProperties": {"^" + re.escape(t): {"type": "object", "properties": {"b": TEXT}}}}}),
    "format": lambda t: field(type="string", format=t),
    "dependent-required": lambda t: prop("a", TEXT, dependentRequired={t: [t]}),
    "not": lambda t: field(type="string", **{"not": {"enum": [t]}}),
    "tag-value": lambda t: tagged("type", t, "other"),
    "tag-name": lambda t: tagged(t, "one", "two"),
    "discriminator-property": lambda t: tagged(t, "one", "two", discriminator={"propertyName": t}),
    "discriminator-mapping-key": mapped,
    "discriminator-mapping-value": mapping_value,
    "info-title": lambda t: info(title=t),
    "info-version": lambda t: info(version=t),
    "info-description": lambda t: info(description=t, summary=t, contact={"name": t}, license={"name": t, "url": t}),
    "extension": lambda t: document({"Session": {"type": "object", "x-" + t: t, "properties": {"a": {**TEXT, "x-python-type": t, "x-python-import": t, "x-enum-varnames": [t], "customTypePath": t, "default_factory": t, "x-go-type-import": {"path": t}}}}}) | {"x-ms-kiota-info": {"languagesInformation": {"Python": {"clientNamespaceName": t, "dependencies": [{"name": t}]}}}},
    "unknown-keyword": lambda t: field(type="string", **{t: t}),
    "comment-and-id": lambda t: document({"Session": {"type": "object", "$comment": t, "$id": t, "$schema": t, "$anchor": t, "externalDocs": {"url": t, "description": t}}}),
    "paths": lambda t: document(paths={"/" + t: {"get": {"operationId": t, "summary": t, "tags": [t], "parameters": [{"name": t, "in": "query", "description": t, "schema": TEXT}]}}}),
    "servers-and-tags": lambda t: document(servers=[{"url": t}], tags=[{"name": t}]),
    "definitions": lambda t: document({"Session": {"type": "object", "$defs": {t: TEXT}, "properties": {"a": {"$ref": "#/components/schemas/Session/$defs/" + reference(t)[21:]}}}}),
}  # fmt: skip


# --- what is compared -----------------------------------------------------------------------------


def emitted(data: Document, style: str = "dataclass") -> dict[str, str]:
    documents = load("-", stdin=io.BytesIO(json.dumps(data).encode()))
    package = config.Package(name="models", input="-", style=style)
    return dict(generate(documents, package).files)


class _Shape(ast.NodeTransformer):
    """A syntax tree without its text: string constants and names are all the same."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("" if isinstance(node.value, str) else node.value)

    def visit_If(self, node: ast.If) -> list[ast.stmt]:
        """`if (v := x) ...` and `v = x; if v ...` are one: which of them it is depends on how wide a name is."""
        hoisted: list[ast.stmt] = []
        parents = [node, *ast.walk(node.test)]
        for parent in parents:
            if isinstance(parent, ast.NamedExpr | ast.Subscript):
                continue
            for name, child in ast.iter_fields(parent):
                if isinstance(child, ast.NamedExpr | ast.Subscript):
                    value = child.value if isinstance(child, ast.NamedExpr) else child
                    hoisted.append(ast.Assign([ast.Name("v", ast.Store())], value))
                    setattr(parent, name, ast.Name("_", ast.Load()))
        self.generic_visit(node)
        return [*(self.visit(statement) for statement in hoisted), node]

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("id", "name", "asname", "attr", "arg"):
            if isinstance(getattr(node, name, None), str):
                setattr(node, name, "_")
        return super().generic_visit(node)


def shape(files: dict[str, str]) -> dict[str, str]:
    """What must not depend on any text: the files, and the shape of each."""
    found = {}
    for path, text in files.items():
        if path.endswith(".py") and path not in SUPPORT:
            assert not re.search(
                "[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", text
            ), path
            tree = ast.parse(text)
            assert b"\0" not in text.encode()
            found[path] = ast.dump(_Shape().visit(tree))
        elif path.endswith(".json"):
            found[path] = json_shape(json.loads(text))
        else:
            found[path] = text
    return found


def json_shape(data: Any) -> str:
    match data:
        case dict():
            return "{" + ",".join(json_shape(value) for value in data.values()) + "}"
        case list():
            return "[" + ",".join(map(json_shape, data)) + "]"
        case str():
            return "text"
        case _:
            return "other"


def names_in(files: dict[str, str]) -> Iterator[str]:
    for path, text in files.items():
        if path.endswith(".py") and path not in SUPPORT:
            for node in ast.walk(ast.parse(text)):
                for name in ("id", "attr", "arg", "asname"):
                    if isinstance(value := getattr(node, name, None), str):
                        yield value


@cache
def meant(position: str, style: str) -> tuple[dict[str, str], ...]:
    """The shapes with harmless text: short, long (a long default is not documented), and such that an attribute is called
    otherwise than the property."""
    texts = (HARMLESS, HARMLESS * 20, f"{HARMLESS}-", f"{HARMLESS}-" * 20)
    return tuple(shape(emitted(POSITIONS[position](text), style)) for text in texts)


def assert_same_shape(position: str, text: str, style: str = "dataclass") -> None:
    short, *others = meant(position, style)
    found = emitted(POSITIONS[position](text), style)
    actual = shape(found)
    assert actual.keys() == short.keys()
    for path in short:
        if path.endswith(".json"):  # text decides what is said there, never whether it is JSON
            continue
        if all(actual[path] != other[path] for other in others):
            assert actual[path] == short[path], (position, text, path)
    assert not {"PWNED", "__setitem__", "__import__"} & set(names_in(found))


# --- tests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", POSITIONS)
def test_text_stays_text(position: str) -> None:
    for name, text in PAYLOADS.items():
        try:
            assert_same_shape(position, text)
        except SpecError as error:
            error.add_note(f"{position}: {name}")
            raise


@pytest.mark.parametrize("position", POSITIONS)
def test_text_stays_text_in_every_style(position: str) -> None:
    for style in STYLES:
        for name in ("triple-double-lines", "double-quote", "ends-in-backslash", "newline"):
            assert_same_shape(position, PAYLOADS[name], style)


pieces = st.sampled_from(['"', "'", '"""', "\\", "\n", "\r", "{{", "}}", "{%", "%}", "{#", "#}", "#", "[", "]", "(", ")", " ", "\t", "\x85", "\u2028", "\u202e", "\x0c", RUN, "_", "1", "a", "ä", "Ⅸ", "́", "﹍"])  # fmt: skip
texts = st.one_of(
    st.lists(pieces, max_size=12).map("".join),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(POSITIONS)), texts)
def test_any_text_stays_text(position: str, text: str) -> None:
    assume(text not in formats.BY_NAME)
    # blank docs are no docs; and text may collide with what is fixed in the document
    assume(
        text.split()
        and text not in ("a", "b", "x", "A", "B", "other", "one", "two", "kind", "Holder1", "Union")
    )
    assume(position != "unknown-keyword" or text not in ASSERTIONS)
    try:
        assert_same_shape(position, text)
    except SpecError as error:
        assert {item.code for item in error.diagnostics} <= {"name-clash"}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_importing_runs_nothing(payload: str, style: str, tmp_path: Path) -> None:
    """One document with the text in all positions that fit into one, imported whole and used."""
    text = PAYLOADS[payload]
    schemas: Document = {}
    for number, (position, build) in enumerate(POSITIONS.items()):
        if "mapping" in position or "component-name" in position or position == "comment-and-id":
            continue
        for name, schema in build(text)["components"]["schemas"].items():
            if "#/components" not in json.dumps(schema):
                schemas[f"{name}{chr(65 + number // 26)}{chr(65 + number % 26)}"] = schema
    schemas[text] = {
        "type": "object",
        "description": text,
        "properties": {text: {"enum": [text, "b"], "default": text}},
    }
    data = document(schemas) | {"info": {"title": text, "version": text}}
    files = emitted(data, style)
    builtins.__dict__.pop("PWNED", None)
    with package(files, tmp_path) as root:
        for path in files:
            if path.endswith(".py") and path != "__init__.py":
                importlib.import_module(
                    f"{root.__name__}.{path[:-3].replace('/', '.').removesuffix('.__init__')}"
                )
        for name in root.__all__:
            getattr(root, name)
        components = json.loads(files["schema_map.json"])["types"]
        class_ = next(
            name for name, entry in components.items() if entry["pointer"] == pointer(text)
        )
        type_ = getattr(root, class_)
        value = root.decode(type_, {text: text, "more": [text]}, strict=True)
        assert root.encode(value) == {text: text, "more": [text]}
        assert text in repr(root.decode(type_, {text: text})) or repr(text)[1:-1] in repr(value)
        with pytest.raises(root.DecodeError) as caught:
            root.decode(type_, {text: 1})
        assert str(caught.value)
    assert "PWNED" not in builtins.__dict__
    assert [path.name for path in tmp_path.iterdir()] == [root.__name__]


def pointer(name: str) -> str:
    return "/components/schemas/" + name.replace("~", "~0").replace("/", "~1")


_numbers = count()


@contextmanager
def package(files: dict[str, str], folder: Path) -> Iterator[ModuleType]:
    name = f"injected_{next(_numbers)}"
    for path, text in files.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    sys.path.insert(0, str(folder))
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        importlib.invalidate_caches()
        yield importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = kept
        sys.path.remove(str(folder))
        for found in [found for found in sys.modules if found.split(".")[0] == name]:
            del sys.modules[found]


FILE_NAMES = [
    name for name, text in PAYLOADS.items() if "\\" not in text and len(text.encode()) < 200
]


@pytest.mark.parametrize("payload", FILE_NAMES)
def test_names_of_files(payload: str, tmp_path: Path) -> None:
    """The name of a file that a `$ref` leads to names a class; the document's own stands nowhere but in the map."""
    meant, found = (
        shape(_from_file(tmp_path / str(number), name.replace("/", "_")))
        for number, name in enumerate((HARMLESS, PAYLOADS[payload]))
    )
    assert {path: text for path, text in found.items() if path.endswith(".py")} == {
        path: text for path, text in meant.items() if path.endswith(".py")
    }


def _from_file(folder: Path, name: str) -> dict[str, str]:
    folder.mkdir()
    other, root = folder / f"{name}.json", folder / f"{name}.root.json"
    other.write_text(json.dumps({"type": "object", "properties": {"a": TEXT}}))
    data = document(
        {"Session": {"type": "object", "properties": {"a": {"$ref": quote(other.name)}}}}
    )
    root.write_text(json.dumps(data))
    files = generate(load(str(root)), config.Package(name="models", input=str(root))).files
    assert str(folder) not in "".join(files.values()), "a path of the machine"
    return dict(files)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("command", ["inspect", "generate"])
def test_the_terminal_shows_text_as_text(
    command: str, payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No control character of a document reaches the terminal, in tables and in messages."""
    monkeypatch.chdir(tmp_path)
    text = PAYLOADS[payload]
    sound = document(
        {
            text: {
                "type": "object",
                text: text,
                "properties": {text: {"type": "integer", "default": text}},
            }
        }
    )
    broken = document({"Session": {"$ref": reference(text)}, text + "1": {"type": text}})
    for number, data in enumerate((sound, broken)):
        (tmp_path / f"{number}.json").write_text(json.dumps(data))
        result = CliRunner().invoke(cli.main, [command, f"{number}.json"])
        assert result.exit_code == (0, 2)[number], result.output
        assert "error[internal]" not in result.stderr
        odd = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.output)
        assert odd is None, (odd, result.output)


# --- advisories -----------------------------------------------------------------------------------

# What went wrong in other generators, as the position that was not guarded and the text that got through.
ADVISORIES = {
    "CVE-2016-5641": ("paths", 'x"; pwn() #'),
    "swagger-codegen-11309": ("paths", "x'''\npwn()\n'''"),
    "CVE-2020-15141": ("component-name-class", "../../../../tmp/pwned"),
    "CVE-2020-15142-enum": ("enum-value", 'x"\npwn()\n"'),
    "CVE-2020-15142-description": ("description-class", 'x"""\npwn()\n"""'),
    "CVE-2020-15142-default": ("default", 'x"; pwn(); "'),
    "GHSA-386q-5hp3-95m9": ("extension", "pwn()"),
    "GHSA-m34r-v34r-rf9q": ("extension", "x; pwn()"),
    "GHSA-5578-w22f-pfx9": ("extension", "os\nimport pwn"),
    "GHSA-wjv6-jcfj-mf9r": ("extension", "{{ pwn() }}"),
    "GHSA-8m8r-38jm-f355": ("description-class", "{{ self.__init__.__globals__ }}"),
    "GHSA-j884-q54q-mmx3": ("description-field", "x\rpwn()"),
    "GHSA-7x49-hhjc-29rg": ("property-name", 'x"] = pwn() #'),
    "CVE-2026-63720": ("default-nested", '"}); pwn(); ({"'),
    "datamodel-code-generator-2428": ("info-title", 'x"""\npwn()\n"""'),
    "datamodel-code-generator-2796": ("description-field", "\\N{BOX} \\x \\"),
    "CVE-2026-23947": ("extension", "x = pwn()"),
    "CVE-2026-24132": ("const", "'); pwn(); ('"),
    "CVE-2026-25141": ("enum-value", "\\'; pwn(); //"),
    "CVE-2026-71868": ("tag-value", '"]; pwn(); x["'),
    "CVE-2026-72716": ("default", '\\"; pwn(); "'),
    "GHSA-2hx3-vp6r-mg3f-default": ("default", 'x"; pwn(); "'),
    "GHSA-2hx3-vp6r-mg3f-enum": ("enum-value-alias", 'x"; pwn(); "'),
    "GHSA-2hx3-vp6r-mg3f-property": ("property-name-required", 'x"; pwn(); "'),
    "GHSA-2hx3-vp6r-mg3f-comment": ("description-field", "*/ pwn() /*"),
    "GHSA-7f3j-j7jj-r3vr": ("property-name-const", 'x": pwn(), "'),
    "GHSA-jqwh-526h-c92j": ("discriminator-mapping-key", "' => pwn(), '"),
    "GHSA-xg2h-5xr2-29jw": ("discriminator-property", '#{pwn()}"'),
    "GHSA-3hrf-2gc2-mx32": ("description-union", "x\npwn()"),
    "GHSA-4vv7-jj25-4gh6": ("extension", "../../../tmp/pwned"),
    "GHSA-rjwr-m7qx-3fjr": ("description-alias", "x\npwn()"),
    "GHSA-jwgf-6xff-4hvp": ("property-name", "x` + pwn() + `"),
    "GHSA-xrqw-w576-xgj2": ("enum-value", 'x"\npwn()\nvar y = "'),
    "GHSA-9c2f-gr95-7wqw": ("extension", 'x"\nimport "pwn'),
    "GHSA-gpcc-36pq-8qxr": ("component-name-class", "A: pwn() \nclass B"),
    "CVE-2026-22785": ("description-class", '"""\npwn()\n"""'),
    "openapi-generator-23956": ("description-inline", '""" + pwn() + """'),
    "fabric8-7954": ("pattern", '"); pwn(); ("'),
    "openapi-typescript-codegen-2809": ("enum-value-open", "'; pwn(); '"),
    "kiota-5636": ("description-enum", 'says """hello"""'),
}


@pytest.mark.parametrize("advisory", ADVISORIES)
def test_advisory(advisory: str) -> None:
    position, text = ADVISORIES[advisory]
    for style in STYLES:
        assert_same_shape(position, text, style)


@pytest.mark.parametrize(
    ("advisory", "ref"),
    [
        ("GHSA-rfr2-mq9m-x2qx", "http://169.254.169.254/latest/meta-data"),
        ("GHSA-954p-556p-r752", "https://localhost/x.json#/x"),
        ("GHSA-rg4h-fpcp-2qm8", "file:///etc/passwd"),
        ("gnostic-models-27", "../../../../etc/passwd"),
    ],
)
def test_advisory_of_references(advisory: str, ref: str, tmp_path: Path) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document({"Session": {"$ref": ref}})))
    with pytest.raises(SpecError) as caught:
        generate(load(str(path)), config.Package(name="models", input=str(path)))
    assert [item.code for item in caught.value.diagnostics] == ["ref-forbidden"]


@pytest.mark.parametrize(
    ("advisory", "yaml", "code"),
    [
        ("CVE-2017-18342", "!!python/object/apply:os.system ['true']", "tag-invalid"),
        ("CVE-2020-1747", "!!python/object/new:tuple [!!python/name:exec ]", "tag-invalid"),
        ("CVE-2020-14343", "!!python/object/new:type {args: [z, [], {extend: exec}]}", "tag-invalid"),
        ("js-yaml-738", "{<<: &a {x: 1}, <<: *a}", "duplicate-key"),
        ("OpenAPI.NET-3000", "[" * 5000 + "]" * 5000, "too-deep"),
    ],
)  # fmt: skip
def test_advisory_of_the_loader(advisory: str, yaml: str, code: str) -> None:
    text = f"openapi: 3.1.0\ninfo: {{title: x, version: '1'}}\npaths: {{}}\nx-a: {yaml}\n"
    with pytest.raises(SpecError) as caught:
        load("-", stdin=io.BytesIO(text.encode()))
    assert [item.code for item in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("advisory", ["gnostic-models-27"])
def test_advisory_of_reference_cycles(advisory: str) -> None:
    raw = json.dumps(document({"A": {"$ref": "#/components/schemas/A"}})).encode()
    api = normalize(load("-", stdin=io.BytesIO(raw)))
    assert [anomaly.code for anomaly in api.anomalies] == ["ref-circle"]
