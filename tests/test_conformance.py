"""Generated schemas, generated values: strict decoding accepts what a JSON Schema validator accepts, and no more.

The oracle is `jsonschema`, on the schema as it was written. `MODELGEN_EXAMPLES` sets how many documents are tried;
with the corpus (as in CI) there are more.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from emitted import Emitted, document, imported
from modelgen.emit.styles import STYLES
from modelgen.errors import SpecError
from modelgen.ir import Value
from modelgen.normalizer.anomalies import KINDS
from modelgen.openapi.keywords import KEYWORDS
from schema_strategies import components, instances, values

EXAMPLES = int(
    os.environ.get("MODELGEN_EXAMPLES", 1500 if os.environ.get("MODELGEN_CORPUS") else 600)
)
VERSIONS = {"3.0": "3.0.3", "3.1": "3.1.0"}

profile = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)

# --- the oracle ---------------------------------------------------------------------------------------------

_formats = FormatChecker(formats=())


@_formats.checks("date", ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and date.fromisoformat(value)
    )


@_formats.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
        r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))",
        value,
    )
    if parts is None or not _is_date(parts[1]):
        return False
    hour, minute, second = int(parts[2]), int(parts[3]), int(parts[4])
    ahead = (int(parts[6]) * 60 + int(parts[7])) * (1 if parts[5] == "+" else -1) if parts[5] else 0
    if hour > 23 or minute > 59 or (parts[5] and (int(parts[6]) > 23 or int(parts[7]) > 59)):
        return False
    return second < 60 or (second == 60 and (hour * 60 + minute - ahead) % 1440 == 1439)


@_formats.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", value)
    )


def in_3_1(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 in the words of JSON Schema 2020-12."""
    if isinstance(schema, list):
        return [in_3_1(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {}
    for word, operand in schema.items():
        kind = KEYWORDS[word].operand
        if kind.by_name:
            plain[word] = {name: in_3_1(inner) for name, inner in operand.items()}
        else:
            plain[word] = in_3_1(operand) if kind.content == "schema" else operand
    for word in ("minimum", "maximum"):
        exclusive = "exclusive" + word.title()
        if isinstance(plain.get(exclusive), bool) and plain.pop(exclusive) and word in plain:
            plain[exclusive] = plain.pop(word)
    if plain.pop("nullable", False):
        if "enum" in plain and None not in plain["enum"]:
            plain["enum"] = [*plain["enum"], None]
        plain["type"] = [plain["type"], "null"]
    return plain


class Oracle:
    def __init__(self, schemas: Mapping[str, Any], spelling: str) -> None:
        plain = (
            {name: in_3_1(schema) for name, schema in schemas.items()}
            if spelling == "3.0"
            else schemas
        )
        resource = Resource(contents={"components": {"schemas": plain}}, specification=DRAFT202012)
        registry = Registry().with_resource("urn:api", resource)
        self.validators = {
            name: Draft202012Validator(
                {"$ref": f"urn:api#/components/schemas/{name}"},
                registry=registry,
                format_checker=_formats,
            )
            for name in plain
        }

    def accepts(self, name: str, value: object) -> bool:
        try:
            return bool(self.validators[name].is_valid(value))
        except RecursionError:
            assume(False)
            raise


# --- what is looked at --------------------------------------------------------------------------------------


def is_by_the_letter(package: Emitted) -> bool:
    """Whether no repair changed which values are valid."""
    return all(KINDS[anomaly.code].effect == "none" for anomaly in package.anomalies)


def verdict(package: Emitted, name: str, value: object, strict: bool) -> tuple[str, Any]:
    """What decoding makes of a value: its faults, or "" and what it encodes to."""
    text = json.dumps(value)
    try:
        decoded = package.package.decode(package.type(name), value, strict=strict)
    except package.package.DecodeError as error:
        assert error.errors
        for fault in error.errors:
            assert resolves(fault.path, value), f"{fault.path} leads nowhere"
        return str(error), None
    finally:
        assert json.dumps(value) == text, "decoding changed its input"
    again = package.package.encode(decoded)
    assert Value.of(again) == Value.of(value), f"{again!r} is not what was decoded"
    return "", again


def readers_agree(package: Emitted, name: str, value: object) -> None:
    """The generated reader fails exactly where the validator finds a fault."""
    runtime = package.package.decode.__globals__
    validator = runtime["import_module"](f"{package.package.__name__}._validator")
    type_ = package.type(name)
    try:
        runtime["reader_of"](type_)(value)
        reads = True
    except (runtime["Mismatch"], KeyError):
        reads = False
    faults = validator.examine(*runtime["located"](type_), value, False)[1]
    assert reads == (not faults), f"the reader says {reads}, the validator {list(map(str, faults))}"


_STEP = re.compile(r'\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def resolves(path: str, value: Any) -> bool:
    """Whether the path of a fault leads to a value, or to a property that is missing in one."""
    assert path.startswith("$")
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return False
        position = match.end()
        key = int(match[2]) if match[2] else json.loads(match[3]) if match[3] else match[1]
        if isinstance(key, int) != isinstance(value, list):
            return False
        if isinstance(value, list) and key >= len(value):
            return False
        if isinstance(value, dict) and key not in value:
            return position == len(path)
        value = value[key]
    return True


@st.composite
def trials(draw: Any) -> tuple[str, dict[str, Any], list[tuple[str, Any]]]:
    """A document's spelling, its component schemas, and values to decode as them."""
    spelling = draw(st.sampled_from(["3.1", "3.1", "3.0"]))
    schemas = draw(components(spelling))
    tried = [(name, draw(instances(schemas[name], schemas))) for name in schemas for _ in range(4)]
    tried += [(name, draw(values)) for name in schemas]
    return spelling, schemas, tried


@given(trials())
@profile
def test_strict_decoding_is_json_schema(
    trial: tuple[str, dict[str, Any], list[tuple[str, Any]]],
) -> None:
    spelling, schemas, tried = trial
    data = document(schemas, VERSIONS[spelling])
    try:
        with ExitStack() as stack:
            packages = [stack.enter_context(imported(data, style)) for style in STYLES]
            oracle = Oracle(schemas, spelling)
            for name, value in tried:
                note(f"{name}: {value!r}")
                check(packages, oracle, name, value)
    except SpecError:
        assume(False)


def check(packages: Sequence[Emitted], oracle: Oracle, name: str, value: object) -> None:
    classes, *others = packages
    strict = verdict(classes, name, value, True)
    lax = verdict(classes, name, value, False)
    for other in others:
        assert verdict(other, name, value, True) == strict
        assert verdict(other, name, value, False) == lax
    readers_agree(classes, name, value)
    if not strict[0]:
        assert not lax[0], "strict accepts what lax refuses"
    if value is None and isinstance(classes.type(name), type):
        return  # a class is an object; where a component may be null too, references to it say so
    if is_by_the_letter(classes):
        assert oracle.accepts(name, value) == (not strict[0]), strict[0] or "accepted"
