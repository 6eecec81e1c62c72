"""What strict decoding asks first: predicates, which say what the validator says, and try nothing twice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, note

from emitted import Emitted, document, imported
from modelgen.errors import SpecError
from modelgen.openapi.keywords import KEYWORDS
from test_conformance import profile, trials
from test_conformance_keywords import KEYWORDS as EXAMPLES
from test_conformance_keywords import python_name

NUMBERS: list[Any] = [
    *(0, 1, -1, 3, 10**19, -(10**19), 2**53 + 1),
    *(0.0, -0.0, 1.0, 1.5, 1e19, 1e300, float(2**53)),
    *(True, False, None, "1", [], {}, [1], [1.0], [True], {"a": 1}, {"a": True}),
]


def support(emitted: Emitted, name: str) -> dict[str, Any]:
    """A support module of a package, by its names."""
    runtime = emitted.package.decode.__globals__
    return vars(runtime["import_module"](f"{emitted.package.__name__}.{name}"))


def agree(emitted: Emitted, name: str, value: Any) -> None:
    """The predicates of a type, and of every schema in it, say of a value what the validator says."""
    runtime, predicates = support(emitted, "_runtime"), support(emitted, "_predicates")
    package = emitted.package.__name__
    module, python_name = runtime["home"](emitted.type(name))
    ref = f"{module.rpartition('.')[2]}#{python_name}"
    composer = predicates["_composer"](f"{package}._codecs")
    schema = composer.target(ref)
    letter = predicates["Validator"](composer.package, True).accepts(schema, value)
    assert composer.named(ref, False)(value) == letter
    if predicates["Validator"](composer.package, False).accepts(schema, value):
        assert composer.named(ref, True)(value) == letter, "of what was read"
    else:
        assert not letter


@given(trials())
@profile
def test_predicates_say_what_the_validator_says(
    trial: tuple[str, dict[str, Any], list[tuple[str, Any]]],
) -> None:
    spelling, schemas, tried = trial
    data = document(schemas, {"3.0": "3.0.3", "3.1": "3.1.0"}[spelling])
    try:
        with imported(data) as emitted:
            for name, value in tried:
                note(f"{name}: {value!r}")
                agree(emitted, name, value)
    except SpecError:
        assume(False)


@pytest.fixture(scope="module")
def examples() -> Iterator[Emitted]:
    """The examples of the keywords, each also as a property that may be absent and as one that may not."""
    schemas: dict[str, Any] = {name: schema for name, (schema, _, _) in EXAMPLES.items()}
    for name in EXAMPLES:
        ref = {"$ref": f"#/components/schemas/{name}"}
        held = {"type": "object", "properties": {"x": ref, "y": ref}, "required": ["y"]}
        schemas[f"{name}_held"] = held
    with imported(document(schemas)) as found:
        yield found


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_keyword(examples: Emitted, name: str) -> None:
    _, valid, invalid = EXAMPLES[name]
    itself, holder = (python_name(examples, wire) for wire in (name, f"{name}_held"))
    for value in (*valid, *invalid, *NUMBERS):
        agree(examples, itself, value)
        agree(examples, holder, {"y": value})
        agree(examples, holder, {"x": value, "y": (valid or [1])[0]})


def test_there_is_a_predicate_for_each_condition(examples: Emitted) -> None:
    predicates = support(examples, "_predicates")
    apart = {row.name for row in KEYWORDS.values() if row.operand.content == "schema"}
    named = {word for checks in predicates["CHECKS"].values() for word, _ in checks}
    assert named - apart - {"dependentRequired"} == predicates["_SIMPLE"].keys()


# -- what is tried, is tried once ------------------------------------------------------------------------------------------

NODE = {"$ref": "#/components/schemas/Node"}


def _member(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


# unions that hold themselves, whose members nothing, or not enough, tells apart
RECURSIVE: dict[str, dict[str, Any]] = {
    "ambiguous": {
        "anyOf": [
            _member(next=NODE, a={"type": "integer"}),
            _member(next=NODE, a={"type": "boolean"}),
            _member(next=NODE, a={"type": "string", "maxLength": 1}),
        ]
    },
    "exclusive": {
        "oneOf": [
            _member(next=NODE, a={"type": "integer"}),
            _member(next=NODE, a={"type": "boolean"}),
            _member(next=NODE, a={"type": "string", "maxLength": 1}),
        ]
    },
    "keys": {
        "anyOf": [
            {**_member(next=NODE, b={"type": "integer"}), "required": ["b"]},
            {**_member(next=NODE, c={"type": "integer"}), "required": ["c"]},
            _member(next=NODE, a={"type": "string", "maxLength": 1}),
        ]
    },
    "arrays": {
        "anyOf": [
            {"type": "array", "items": NODE, "maxItems": 1},
            {"type": "array", "items": {"anyOf": [NODE, {"type": "integer"}]}},
            {"type": "string", "maxLength": 1},
        ]
    },
}


def nested(name: str, depth: int, leaf: Any) -> Any:
    value = leaf
    for n in range(depth):
        value = [value] if name == "arrays" else {"next": value, "a": "s" if n % 3 else True}
    return value


class TooManyCallsError(BaseException):
    """Raised through everything, so that what grows with a power of the payload does not run for hours."""


def calls(emitted: Emitted, value: Any, strict: bool) -> int:
    """How many Python functions decoding calls."""
    counted = 0

    def count(frame: Any, event: str, _: Any) -> None:
        nonlocal counted
        counted += event == "call"
        if counted > 20_000:
            raise TooManyCallsError

    sys.setprofile(count)
    try:
        emitted.package.decode(emitted.type("Node"), value, strict=strict)
    except emitted.package.DecodeError:
        pass
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("name", RECURSIVE)
@pytest.mark.parametrize("strict", [False, True])
def test_nesting_beyond_reason_is_a_decode_error(name: str, strict: bool) -> None:
    with imported(document({"Node": RECURSIVE[name]})) as emitted:
        for depth in (100_000, 900, 450, 300, 200, 150, 100, 75, 50):
            try:
                emitted.package.decode(
                    emitted.type("Node"), nested(name, depth, "s"), strict=strict
                )
            except emitted.package.DecodeError as error:
                assert error.errors


@pytest.mark.parametrize("strict", [False, True])
def test_a_value_in_two_places_is_two(strict: bool) -> None:
    # the first member reads `next` before it is refused
    shared = nested("ambiguous", 2, {})
    data = {"next": shared, "second": shared, "a": 1}
    members = [_member(next=NODE, second=NODE, a={"type": kind}) for kind in ("string", "integer")]
    union = {"anyOf": [*members, {**_member(a={"type": "boolean"})}]}
    with imported(document({"Node": union})) as emitted:
        found = emitted.package.decode(emitted.type("Node"), data, strict=strict)
    assert found.next == found.second
    assert found.next is not found.second
    assert found.next.next is not found.second.next


@pytest.mark.parametrize("name", RECURSIVE)
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("leaf", [1.5, "long", "s", {"a": 1}, {"a": "long"}, {"a": []}, {"b": 1}])
def test_calls_grow_with_the_payload(name: str, strict: bool, leaf: Any) -> None:
    with imported(document({"Node": RECURSIVE[name]})) as emitted:
        calls(emitted, nested(name, 1, leaf), strict)
        once, twice, thrice = (
            calls(emitted, nested(name, depth, leaf), strict) for depth in (7, 14, 21)
        )
    assert thrice - twice <= 1.1 * (twice - once) + 20
    assert once > 7
