"""JSON text: how it is recognised, where its values stand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelgen.loader import json_syntax
from test_loader_yaml import place, read, refusal


def test_json_is_recognised_by_content(tmp_path: Path) -> None:
    body = '\n {"openapi": "3.1.0",\t"x": "\\ud83d\\ude00\\/", "on": 1.0, "y": [1, -2, 1e2, true, null]}'
    found = read(tmp_path, body, "spec.txt").root.data
    assert found == {"openapi": "3.1.0", "x": "😀/", "on": 1.0, "y": [1, -2, 100.0, True, None]}


def test_flow_style_yaml_that_is_no_json_is_yaml(tmp_path: Path) -> None:
    assert read(tmp_path, "{openapi: 3.1.0, x: yes, }").root.data["x"] == "yes"


@pytest.mark.parametrize("text", ["NaNs", "1e999.1", "Infinity-1"])
def test_text_that_starts_like_a_number(tmp_path: Path, text: str) -> None:
    body = f'{{"openapi": "3.1.0", "x": {text}}}'
    assert read(tmp_path, body).root.data["x"] == text
    assert place(refusal(tmp_path, body, "spec.json")) == ("json-syntax", 1, 27)


def test_a_json_file_is_never_yaml(tmp_path: Path) -> None:
    found = refusal(tmp_path, "{openapi: 3.1.0}", "spec.JSON")
    assert place(found) == ("json-syntax", 1, 2)
    assert found.message == "This is not valid JSON: expected a property name in double quotes."


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "message"),
    [
        ('{"openapi": "3.1.0",\n "x": 1 "y": 2}', "json-syntax", 2, 9,
         "This is not valid JSON: expected ',' or '}'."),
        ('{"openapi": "3.1.0"', "json-syntax", 1, 20,
         "This is not valid JSON: it ends too early (expected ',' or '}')."),
        ('{"openapi": "3.1.0"} x', "json-syntax", 1, 22,
         "This is not valid JSON: more text follows the end of the document."),
        ('{"openapi": "3.\n1"}', "json-syntax", 1, 16,
         "This is not valid JSON: in a string, line breaks and control characters are escaped."),
        ('{"openapi": "3.1.0", "x": \0}', "json-syntax", 1, 27,
         "This is not valid JSON: expected a value, not `\\x00`."),
        ('{"openapi": "3.1.0",\r\n "x": [NaN]}', "number-invalid", 2, 8,
         "NaN is not a number that JSON has."),
        ('{"x": "Infinity", "y": -Infinity}', "number-invalid", 1, 24,
         "-Infinity is not a number that JSON has."),
        ('{"x": 1e999}', "number-invalid", 1, 7, "The number 1e999 is too large."),
        ('{"x": ' + "1" * 5000 + "}", "number-invalid", 1, 7, "An integer may have at most 1000 digits."),
        ('{"x": "\\ud800"}', "surrogate", 1, 2,
         "The text contains \\ud800, half of a surrogate pair."),
        ('{"x": {"a": 1, "y\\udfffz": 1}}', "surrogate", 1, 2,
         "The text contains \\udfff, half of a surrogate pair."),
        ('{"x": ["a", "\\ude00\\ud83d"]}', "surrogate", 1, 13,
         "The text contains \\ude00, half of a surrogate pair."),
    ],
)  # fmt: skip
def test_refusals_have_a_place(
    tmp_path: Path, body: str, code: str, line: int, column: int, message: str
) -> None:
    found = refusal(tmp_path, body, "spec.json")
    assert (*place(found), found.message) == (code, line, column, message)


@pytest.mark.parametrize(
    ("body", "offset", "message"),
    [
        ('{"a": 1,}', 7, "no property follows this comma"),
        ("[1, ]", 2, "no item follows this comma"),
        ("[1,,2]", 3, "expected a value"),
        ('{"a" 1}', 5, "expected ':' and the value of the property"),
        ("{'a': 1}", 1, "expected a property name in double quotes"),
        ("[1}", 2, "expected ',' or ']'"),
        ("[01]", 1, "expected a value, not `01`"),
        ('["a]', 1, "this string has no end"),
        ('["\\a"]', 2, "`\\a` is no escape"),
        ('["\\u12"]', 2, "`\\u` is followed by four hexadecimal digits"),
        ("[1] 2", 4, "more text follows the end of the document"),
        ("[\n\n", 1, "it ends too early (expected a value)"),
    ],
)  # fmt: skip
def test_where_a_text_stops_being_json(body: str, offset: int, message: str) -> None:
    with pytest.raises(json_syntax.FaultError) as caught:
        json_syntax.check(body)
    assert (caught.value.offset, caught.value.message) == (offset, message)


pieces = st.sampled_from(
    [*'{}[],:" \n', '"a"', "1", "-", ".", "e5", "0", "null", "tru", "\\", "\\u00e9", "\x00", "NaN"]
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_the_standard_library_and_we_read_the_same_texts(body: str) -> None:
    try:
        json.loads(body)
    except json.JSONDecodeError:
        with pytest.raises(json_syntax.FaultError):
            json_syntax.check(body)
    else:
        json_syntax.check(body)


def test_duplicate_keys_name_both_places(tmp_path: Path) -> None:
    body = '{"openapi": "3.1.0", "a": [{}, {"k": {},\n "j": 2,  "\\u006b": 3}]}'
    (found,) = read(tmp_path, body, "spec.json").root.oddities
    assert place(found) == ("duplicate-key", 2, 11)
    assert found.message == "The key 'k' is given twice, first in line 1."
    assert found.at.pointer == "/a/1/k"


def test_positions_of_keys_and_items(tmp_path: Path) -> None:
    body = '\n{"openapi": "3.1.0",\n "a\\u002fb": {"": [1, {"k": null}, []], "~": {}},\t"z": "{[\\"" ,"w":1}\n'
    root = read(tmp_path, body).root
    expected = {
        "": (2, 1), "/openapi": (2, 2), "/a~1b": (3, 2), "/a~1b/": (3, 15), "/a~1b//0": (3, 20),
        "/a~1b//1": (3, 23), "/a~1b//1/k": (3, 24), "/a~1b//2": (3, 36), "/a~1b/~0": (3, 41),
        "/z": (3, 51), "/w": (3, 64), "/a~1b//7": (3, 15), "/z/0": (3, 51),
    }  # fmt: skip
    places = {key: (root.locate(key).line, root.locate(key).column) for key in expected}
    assert places == expected


def test_a_document_in_one_long_line_has_no_excerpts(tmp_path: Path) -> None:
    body = json.dumps({"openapi": "3.1.0", "x": ["y" * 1000, 1]})
    root = read(tmp_path, body).root
    assert root.locate("/x").excerpt == body[:500]
    assert (root.locate("/x/1").excerpt, root.locate("/x/1").column) == ("", 1032)
