"""YAML text: which values it means, where they stand, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelgen.errors import Diagnostic, SpecError
from modelgen.loader import Documents, limits, load

HEAD = "openapi: 3.1.0\n"


def read(folder: Path, body: str | bytes, name: str = "spec.yaml") -> Documents:
    raw = body if isinstance(body, bytes) else body.encode()
    (folder / name).write_bytes(raw)
    return load(str(folder / name))


def value(folder: Path, text: str) -> Any:
    return read(folder, f"{HEAD}x: {text}\n").root.data["x"]


def refusal(folder: Path, body: str | bytes, name: str = "spec.yaml") -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        read(folder, body, name)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message.endswith(".") and "\n" not in diagnostic.message
    assert diagnostic.hint
    assert diagnostic.at.source == str(folder / name)
    return diagnostic


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return diagnostic.code, diagnostic.at.line, diagnostic.at.column


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("tRUE", "tRUE"), ("on", "on"), ("off", "off"), ("yes", "yes"), ("no", "no"), ("y", "y"), ("N", "N"),
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("0", 0), ("-7", -7), ("+7", 7), ("0777", 777), ("0o777", 511), ("0x1F", 31), ("0b11", "0b11"),
        ("1_000", "1_000"), ("12:30", "12:30"), ("12:30:45", "12:30:45"), ("2024-12-04", "2024-12-04"),
        ("2024-12-04T10:00:00Z", "2024-12-04T10:00:00Z"), ("3.1.0", "3.1.0"),
        ("1.0", 1.0), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1.5E-2", -0.015), ("1e", "1e"), (".", "."),
        ("-", [None]), ("- a", ["a"]), ("+", "+"), ("-a", "-a"), ("=", "="), ("!!str 5", "5"), ("!!str", ""),
        ("!!int '5'", 5), ("!!float 5", 5.0), ("!!bool 'true'", True), ("!!null ''", None), ("!!map {}", {}),
        ("!!seq []", []), ("'5'", "5"), ('"true"', "true"), ("|\n  5", "5\n"), ('"\\u00e9"', "é"),
        ("{<<: {a: 1, b: 1}, b: 2}", {"a": 1, "b": 2}), ("{'<<': 1}", {"<<": 1}),
        ("{<<: [{a: 1}, {a: 2, b: 2}], c: 3}", {"a": 1, "b": 2, "c": 3}),
    ],
)  # fmt: skip
def test_scalars_are_those_of_the_core_schema(tmp_path: Path, text: str, expected: object) -> None:
    found = value(tmp_path, "\n" + text if text.startswith("- ") or text == "-" else text)
    assert (found, type(found)) == (expected, type(expected))


def test_keys_are_strings_as_written(tmp_path: Path) -> None:
    found = value(tmp_path, "{200: a, on: b, null: c, 1.0: d, 2024-12-04: e, true: f}")
    assert found == {"200": "a", "on": "b", "null": "c", "1.0": "d", "2024-12-04": "e", "true": "f"}


def test_aliases_share_their_value(tmp_path: Path) -> None:
    data = read(tmp_path, HEAD + "a: &one {k: [1]}\nb: *one\nc: [*one]\n").root.data
    assert data["b"] == {"k": [1]}
    assert data["b"] is data["a"] is data["c"][0]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        ("x: .inf", "number-invalid", 2, 4, ".inf is not a number that JSON has."),
        ("x: -.INF", "number-invalid", 2, 4, "-.INF is not a number that JSON has."),
        ("x: [1, .nan]", "number-invalid", 2, 8, ".nan is not a number that JSON has."),
        ("x: 1e999", "number-invalid", 2, 4, "The number 1e999 is too large."),
        ("x: " + "9" * 5000, "number-invalid", 2, 4, "An integer may have at most 1000 digits."),
        ("x: 0x" + "f" * 5000, "number-invalid", 2, 4, "An integer may have at most 1000 digits."),
        ("x: !thing 1", "tag-invalid", 2, 4, "The tag !thing has no meaning in an OpenAPI document."),
        ("x: !thing {}", "tag-invalid", 2, 4, "The tag !thing has no meaning in an OpenAPI document."),
        ("!thing x: 1", "tag-invalid", 2, 1, "The tag !thing has no meaning in an OpenAPI document."),
        ("x: !!binary aGk=", "tag-invalid", 2, 4, "The tag !!binary has no meaning in an OpenAPI document."),
        ("x: !!set {a}", "tag-invalid", 2, 4, "The tag !!set has no meaning in an OpenAPI document."),
        ("x: !!timestamp 2024-12-04", "tag-invalid", 2, 4,
         "The tag !!timestamp has no meaning in an OpenAPI document."),
        ("x: !!python/object/apply:os.system [id]", "tag-invalid", 2, 4,
         "The tag !!python/object/apply:os.system has no meaning in an OpenAPI document."),
        ("x: !!int many", "tag-invalid", 2, 4, "The value does not fit its tag !!int."),
        ("? [a]\n: 1", "key-invalid", 2, 3, "A key must be a string, not a mapping or sequence."),
        ("x: {<<: 3}", "merge-invalid", 2, 5, "A merge key takes a mapping or a list of mappings."),
        ("x: &a [1, *a]", "alias-recursive", 2, 4, "This value contains itself through an alias."),
        ("x: &a {<<: *a}", "alias-recursive", 2, 4, "This value contains itself through an alias."),
        ("x: *nowhere", "yaml-syntax", 2, 4, "This is not valid YAML: found undefined alias."),
        ("x: a: b", "yaml-syntax", 2, 5,
         "This is not valid YAML: mapping values are not allowed in this context."),
        ("x: @y", "yaml-syntax", 2, 4,
         "This is not valid YAML: found character that cannot start any token while scanning for the next token."),
        ("x:\n\ty: 1", "yaml-syntax", 3, 1,
         "This is not valid YAML: found a tab character where a value or key should start."),
        ("---\nx: 1", "yaml-syntax", 2, 1,
         "This is not valid YAML: the file holds more than a single document."),
        ("x: \0", "control-character", 2, 4, "The document contains U+0000, which YAML does not allow."),
        ("x: a\x1b[0m", "control-character", 2, 5, "The document contains U+001B, which YAML does not allow."),
        ("x: \ufffe", "control-character", 2, 4, "The document contains U+FFFE, which YAML does not allow."),
    ],
)  # fmt: skip
def test_refusals_have_a_place(
    tmp_path: Path, text: str, code: str, line: int, column: int, message: str
) -> None:
    found = refusal(tmp_path, HEAD + text + "\n")
    assert (*place(found), found.message) == (code, line, column, message)
    assert not {"\0", "\x1b"} & set(found.at.excerpt)


def test_very_many_tag_directives_are_refused(tmp_path: Path) -> None:
    tags = "".join(f"%TAG !a{index}! tag:x,\n" for index in range(101))
    found = refusal(tmp_path, f"{tags}---\n{HEAD}")
    assert place(found) == ("tag-invalid", 1, 1)
    assert found.message == "The document has more than 100 %TAG directives."
    assert read(tmp_path, HEAD + "x: '" + "%TAG " * 200 + "'").root.openapi == "3.1.0"


def test_a_tab_is_explained(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + "x:\n\ty: 1").hint == (
        "Indent with spaces: YAML does not allow tabs there."
    )


def test_a_syntax_error_names_where_the_construct_began(tmp_path: Path) -> None:
    found = refusal(tmp_path, HEAD + "x: [1,\n  2\ny: 3\n")
    assert found.code == "yaml-syntax"
    assert [(at.line, at.column) for at in found.related] == [(2, 4)]


def test_duplicate_keys_name_both_places(tmp_path: Path) -> None:
    (found,) = read(tmp_path, HEAD + "a/b:\n  x: 1\n  y: 2\n  'x': 3\n").root.oddities
    assert place(found) == ("duplicate-key", 5, 3)
    assert found.message == "The key 'x' is given twice, first in line 3."
    assert found.at.pointer == "/a~1b/x"
    assert found.at.excerpt == "  'x': 3"


@pytest.mark.parametrize("text", ["200: a\n'200': b", "a: 1\n<<: {}\na: 2"])
def test_keys_that_are_equal_as_strings_are_duplicates(tmp_path: Path, text: str) -> None:
    assert [odd.code for odd in read(tmp_path, HEAD + text).root.oddities] == ["duplicate-key"]


def test_two_merge_keys_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + "<<: {}\n<<: {}").code == "duplicate-key"


def test_merged_keys_may_be_overridden_and_are_located_where_they_stand(tmp_path: Path) -> None:
    root = read(tmp_path, HEAD + "a: &a\n  k: 1\n  l: 2\nb:\n  m: 3\n  <<: *a\n  l: 4\n").root
    assert root.data["b"] == {"k": 1, "l": 4, "m": 3}
    assert [root.locate(f"/b/{key}").line for key in "klm"] == [3, 8, 6]


def bomb(levels: int, width: int) -> str:
    lines = [f"a0: &a0 [{', '.join('x' * width)}]"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    return HEAD + "\n".join(lines) + "\n"


def test_an_alias_bomb_is_refused_without_expanding_it(tmp_path: Path) -> None:
    found = refusal(tmp_path, bomb(levels=60, width=9))
    assert place(found) == ("alias-bomb", 8, 5)
    assert found.message == (
        "Written out, the aliases of this document are more than 5,000,000 values."
    )
    assert found.at.pointer == "/a6"


def test_a_bomb_of_merge_keys_is_refused(tmp_path: Path) -> None:
    keys = ", ".join(f"k{index}: 1" for index in range(3000))
    merges = "\n".join(f"m{index}: {{<<: *a}}" for index in range(2000))
    assert refusal(tmp_path, f"{HEAD}a: &a {{{keys}}}\n{merges}\n").code == "alias-bomb"


def test_aliases_below_the_limit_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, bomb(levels=6, width=9)).root.data["a5"][0][0][0][0][0] == ["x"[0]] * 9


def test_nesting_through_aliases_counts_as_nesting(tmp_path: Path) -> None:
    deep = "[" * 150
    text = f"{HEAD}a: &a {deep}{']' * 150}\nb: {deep}*a{']' * 150}\n"
    assert refusal(tmp_path, text).code == "too-deep"


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("closed.yaml", "[" * 10_000 + "]" * 10_000, 201),
        ("closed.json", "[" * 10_000 + "]" * 10_000, 201),
        ("open.yaml", "[" * 10_000, 201),
        ("open.json", "[" * 10_000, 201),
        ("objects.json", '{"a": ' * 10_000 + "1" + "}" * 10_000, 1201),
        ("mappings.yaml", "{a: " * 10_000 + "}" * 10_000, 801),
        ("sequences.yaml", "- " * 10_000 + "a", 401),
        ("keys.yaml", "? " * 10_000 + "a", 401),
    ],
    ids=lambda item: item if isinstance(item, str) and item.endswith(("yaml", "json")) else "",
)
def test_deep_nesting_is_one_error(tmp_path: Path, name: str, text: str, column: int) -> None:
    found = refusal(tmp_path, text, name)
    assert place(found) == ("too-deep", 1, column)
    assert found.message == "Mappings and sequences are nested more than 200 deep."


@pytest.mark.parametrize("name", ["spec.yaml", "spec.json"])
def test_the_deepest_allowed_nesting(tmp_path: Path, name: str) -> None:
    text = '{"openapi": "3.1.0", "x": %s}'
    read(tmp_path, text % ("[" * 199 + "]" * 199), name)
    assert refusal(tmp_path, text % ("[" * 200 + "]" * 200), name).code == "too-deep"


def test_too_many_values_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NODES", 50)
    found = refusal(tmp_path, HEAD + "x:\n" + "- a\n" * 50)
    assert (found.code, found.at.line) == ("too-large", 3)
    assert found.message == "The document holds more than 50 keys and values."


def test_line_separators_of_unicode_are_text(tmp_path: Path) -> None:
    body = 'openapi: 3.1.0\n# \u2028\na: "x\u2028y\ue000"\nb: |\n  p\u2029q\x85r\nc\x85: |-\n  \u2028\nd: 1\n'
    root = read(tmp_path, body).root
    assert root.data == {
        "openapi": "3.1.0", "a": "x\u2028y\ue000", "b": "p\u2029q\x85r\n", "c\x85": "\u2028", "d": 1,
    }  # fmt: skip
    assert [root.locate(f"/{key}").line for key in ("a", "b", "c\x85", "d")] == [3, 4, 6, 8]


@pytest.mark.parametrize("bom", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_accepted(tmp_path: Path, bom: str) -> None:
    root = read(tmp_path, (HEAD + "é: ü\n").encode(bom)).root
    assert root.data == {"openapi": "3.1.0", "é": "ü"}
    assert (root.locate("").column, root.locate("/é").line) == (1, 2)


@pytest.mark.parametrize(
    ("raw", "line", "column", "message"),
    [
        (b"openapi: 3.1.0\nx: \xff", 2, 4,
         "The document is not valid UTF-8: byte 0xff at offset 18."),
        (b"\xef\xbb\xbfopenapi: \xc3\xa9\xc3", 1, 11,
         "The document is not valid UTF-8: byte 0xc3 at offset 14."),
        (b"openapi: \xed\xa0\x80", 1, 10, "The document is not valid UTF-8: byte 0xed at offset 9."),
        (b"\xff\xfea\x00\x00\xd8", 1, 2, "The document is not valid UTF-16: byte 0x00 at offset 4."),
    ],
)  # fmt: skip
def test_invalid_encodings_have_a_place(
    tmp_path: Path, raw: bytes, line: int, column: int, message: str
) -> None:
    found = refusal(tmp_path, raw)
    assert (*place(found), found.message) == ("encoding-invalid", line, column, message)


def test_carriage_returns_end_lines(tmp_path: Path) -> None:
    root = read(tmp_path, b"openapi: 3.1.0\r\na: 1\rb: 2\nc: 3\r\n").root
    assert [root.locate(f"/{key}").line for key in "abc"] == [2, 3, 4]
    assert root.locate("/b").excerpt == "b: 2"
