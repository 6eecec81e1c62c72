"""The table of known oddities: what each looks like, and how it is repaired.

`docs/anomalies.md` is made from it. A `narrows` or `widens` row changes which payloads are valid compared to
the letter of the document; strict decoding follows the repaired meaning.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnomalyKind:
    """One row: stable code, what it looks like, what is done about it, and what that does to validity."""

    code: str
    looks: str
    repair: str
    effect: str = "none"  # "none", "narrows", "widens" or "unchecked"


_ROWS = (
    AnomalyKind(
        "version-short",
        "`openapi: 3.0`, a number or a text of two numbers.",
        "Read as the version of three numbers, `3.0.0`.",
    ),
    AnomalyKind(
        "duplicate-key",
        "A key that is given twice in a mapping.",
        "The last one counts.",
    ),
    AnomalyKind(
        "anchor-repeated",
        "A YAML anchor that is given again.",
        "An alias means the last one before it.",
    ),
    AnomalyKind(
        "keyword-ignored",
        "A keyword with a value that has no sense: `items:` with nothing behind it, `multipleOf: 0`, `type: any`.",
        "Ignored, as if the keyword were not there.",
        "widens",
    ),
    AnomalyKind(
        "keyword-meant",
        "A value of the wrong kind with a plain sense: `type: null`, `nullable: 'true'`, `minLength: '3'`.",
        "Read as what is meant.",
        "widens",
    ),
    AnomalyKind(
        "nothing-valid",
        "`enum`, `anyOf` or `oneOf` without entries.",
        "By the letter no value is valid, and so it is read.",
    ),
    AnomalyKind(
        "mapping-dangling",
        "An entry of a discriminator's `mapping` that leads to no schema.",
        "Ignored: the other entries count.",
    ),
    AnomalyKind(
        "no-schema",
        "Text, a number, a list or nothing where a schema should stand.",
        "Read as a schema that says nothing; the name of a JSON type as that type.",
        "widens",
    ),
    AnomalyKind(
        "nullable-in-3.1",
        "`nullable: true`, a word of OpenAPI 3.0, inside a 3.1 or 3.2 document, where it means nothing.",
        "Read as in 3.0: null is valid too.",
        "widens",
    ),
    AnomalyKind(
        "boolean-bound",
        "`exclusiveMinimum: true` (or Maximum), a spelling of OpenAPI 3.0, inside a 3.1 document.",
        "Read as in 3.0: the bound beside it becomes exclusive.",
        "narrows",
    ),
    AnomalyKind(
        "untyped-array",
        "`items` (or `prefixItems`) without `type`. By the letter any value that is not an array is valid.",
        "Read as `type: array`.",
        "narrows",
    ),
    AnomalyKind(
        "untyped-object",
        "`properties`, `required` or `additionalProperties` without `type`. By the letter any value that is not an "
        "object is valid.",
        "Read as `type: object`.",
        "narrows",
    ),
    AnomalyKind(
        "foreign-type",
        "A word for a type that JSON Schema does not have but other languages do, as `type: float`.",
        "Read as the JSON type it means: number, integer, boolean or string.",
        "widens",
    ),
    AnomalyKind(
        "items-list",
        "`items` is a list of schemas, the spelling of older JSON Schema drafts.",
        "Read as `prefixItems`.",
        "narrows",
    ),
    AnomalyKind(
        "item-default",
        "A list stands as the default of the items of an array, where it can only be meant for the array.",
        "Documented as the default of the array.",
    ),
    AnomalyKind(
        "default-mismatch",
        "A default that its own schema refuses: a wrong type, a value outside the enum, null where null is not allowed.",
        "The default is left out of the documentation. Defaults are never put into payloads.",
    ),
    AnomalyKind(
        "required-undeclared",
        "`required` names a property that `properties` does not declare.",
        "The property becomes a required field that holds any value the schema allows for undeclared names.",
    ),
    AnomalyKind(
        "enum-mismatch",
        "An enum value that the `type` beside it refuses.",
        "The value is left out; no payload could ever carry it.",
    ),
    AnomalyKind(
        "enum-duplicate",
        "The same enum value twice.",
        "Kept once.",
    ),
    AnomalyKind(
        "open-enum-one-of",
        "`oneOf` of a string and a string enum. By the letter the listed values match both branches and are refused.",
        "Read as `anyOf`: an open enum, any string is valid and the listed values are the known ones.",
        "widens",
    ),
    AnomalyKind(
        "overlapping-one-of",
        "`oneOf` whose branches are a type and a part of that same type, so that some values match both and are refused.",
        "Kept by the letter: strict decoding refuses such values, lax decoding accepts them.",
    ),
    AnomalyKind(
        "repeated-alternatives",
        "Properties or bounds beside a union whose members are unions of the same few schemas, level after level: each way "
        "from it to a schema would be a type of its own.",
        "What stands beside the union is a condition: strict decoding asks it, and properties become none of its classes.",
    ),
    AnomalyKind(
        "type-beside-union",
        "A `type` beside `anyOf` or `oneOf` that a branch contradicts, so that the branch could never be valid.",
        "The type of the branch counts.",
        "widens",
    ),
    AnomalyKind(
        "ambiguous-union",
        "The members of a union cannot be told apart by a tag, by JSON type or by required properties.",
        "The first member that accepts the value by the strict reading is taken, else the first by the lax one.",
    ),
    AnomalyKind(
        "discriminator-unusable",
        "A `discriminator` whose property has no fixed value in some member, which has no name and is in no `mapping`; or whose"
        " values, where they are listed, do not include the name of a child.",
        "The discriminator is ignored; members are told apart by what else differs. The child is none of its base.",
    ),
    AnomalyKind(
        "discriminator-name",
        "The values of a discriminator do not list the name of a child as the document spells it.",
        "The value that differs from it in case or punctuation alone means the child.",
    ),
    AnomalyKind(
        "impossible",
        "Conditions that exclude each other, so that no value is valid.",
        "Kept: strict decoding refuses every value.",
    ),
    AnomalyKind(
        "pattern-unchecked",
        "A regular expression that Python cannot read.",
        "Not checked.",
        "unchecked",
    ),
    AnomalyKind(
        "dynamic-ref",
        "`$dynamicRef` or `$recursiveRef`, whose target depends on where the schema is used from.",
        "Resolved in place, as `$ref` would be.",
    ),
    AnomalyKind(
        "ref-circle",
        "A schema that is one of its own conditions or members: `$ref`s lead back to it without entering a value.",
        "Read without the circle: conditions of all its schemas apply together, unions have the members of all, and a "
        "child has what its parent states beside the union that lists the child.",
        "widens",
    ),
    AnomalyKind(
        "ref-siblings",
        "Keywords beside a `$ref` in an OpenAPI 3.0 document, which 3.0 tells readers to ignore.",
        "Read as in 3.1: they apply together with the reference.",
        "narrows",
    ),
    AnomalyKind(
        "name-taken",
        "Two schemas would have one name: the path of an inline schema spells that of a component, files hold schemas of "
        "the same name, or names differ in punctuation only.",
        "A component keeps its name. An inline type gets the ending `Inline`, a schema of another file is called after "
        "the file too, and else punctuation becomes words.",
    ),
    AnomalyKind(
        "annotation-kind",
        "An annotation of the wrong JSON type, as `description: null`.",
        "Ignored.",
    ),
    AnomalyKind(
        "unknown-keyword",
        "A keyword that neither JSON Schema nor OpenAPI defines.",
        "Not checked.",
        "unchecked",
    ),
)

KINDS = {row.code: row for row in _ROWS}
