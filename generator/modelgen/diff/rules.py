"""The kinds of change: what each is called, what it means in a sentence, and for whom it breaks unless more is known.

How bad a change is depends on who asks. `sent`: a client of OLD goes on sending to a server of NEW. `received`: a reader made
for OLD meets values of NEW. `python`: code written for the package made from OLD meets the one made from NEW.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..openapi.keywords import BOUNDS
from .changes import Verdict

SAFE: Verdict = "safe"
NOTE: Verdict = "note"
MAY: Verdict = "may break"
BREAKS: Verdict = "breaks"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change. The verdicts hold where the walk does not know better."""

    id: str
    purpose: str
    sent: Verdict
    received: Verdict
    python: Verdict


_RULES = (
    # schemas
    Rule("schema-added", "A component exists in NEW only.", SAFE, SAFE, NOTE),
    Rule(
        "schema-removed",
        "A component exists in OLD only and lives on under no other name.",
        MAY,
        MAY,
        BREAKS,
    ),
    Rule("schema-renamed", "A component of OLD goes on under another name.", SAFE, SAFE, BREAKS),
    Rule(
        "schema-name-reused",
        "The name stayed, but what it meant in OLD is now another component, or it now means what another one meant.",
        NOTE,
        NOTE,
        BREAKS,
    ),
    Rule(
        "schema-split",
        "One object became a union of several that share its properties out among them.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("schema-merged", "Several schemas became one object.", BREAKS, BREAKS, BREAKS),
    Rule(
        "schema-kind-changed",
        "An object, an enum, a union and an alias are different things in Python; one became another.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule(
        "schema-extracted",
        "An inline schema is now a component of the same meaning.",
        SAFE,
        SAFE,
        BREAKS,
    ),
    Rule(
        "schema-inlined",
        "A reference to a component is now an inline schema of the same meaning.",
        SAFE,
        SAFE,
        BREAKS,
    ),
    Rule("ref-target-changed", "A reference names another component.", BREAKS, BREAKS, BREAKS),
    Rule("schema-became-request", "A component is now sent in a request.", NOTE, SAFE, SAFE),
    Rule("schema-became-response", "A component is now received in a response.", SAFE, NOTE, SAFE),
    Rule("schema-unreachable", "No operation uses a component any more.", NOTE, NOTE, SAFE),
    Rule("recursion-introduced", "A component can now contain itself.", SAFE, SAFE, SAFE),
    Rule("recursion-removed", "A component can no longer contain itself.", SAFE, SAFE, SAFE),
    # types
    Rule("type-changed", "The value is of another type.", BREAKS, BREAKS, BREAKS),
    Rule(
        "type-widened",
        "Every old value is still valid, and values of further types are.",
        SAFE,
        BREAKS,
        BREAKS,
    ),
    Rule("type-narrowed", "Values of some types are no longer valid.", BREAKS, SAFE, BREAKS),
    Rule("type-added", "What could be anything now has a type.", BREAKS, SAFE, BREAKS),
    Rule("type-removed", "What had a type can now be anything.", SAFE, BREAKS, BREAKS),
    Rule("scalar-became-array", "One value became a list of such values.", BREAKS, BREAKS, BREAKS),
    Rule("array-became-scalar", "A list became one of its values.", BREAKS, BREAKS, BREAKS),
    Rule(
        "object-became-map",
        "Declared properties gave way to any names with values of one type.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("map-became-object", "Any names gave way to declared properties.", BREAKS, BREAKS, BREAKS),
    Rule(
        "format-decoding-changed",
        "The format, and with it the Python type of the value, is another.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule(
        "format-annotation-changed",
        "The format is another, but the Python type is not.",
        NOTE,
        NOTE,
        SAFE,
    ),
    Rule(
        "content-media-type-changed",
        "The text of a string is of another media type.",
        BREAKS,
        BREAKS,
        MAY,
    ),
    Rule(
        "content-encoding-changed",
        "The text of a string is encoded in another way.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("content-schema-added", "The text of a string has a schema now.", BREAKS, SAFE, MAY),
    Rule(
        "content-schema-removed", "The text of a string has no schema any more.", SAFE, BREAKS, MAY
    ),
    Rule("content-schema-changed", "The text of a string has another schema.", MAY, MAY, MAY),
    # null
    Rule("became-nullable", "Null is a value now.", SAFE, BREAKS, BREAKS),
    Rule("became-not-nullable", "Null is no value any more.", BREAKS, SAFE, BREAKS),
    Rule(
        "absent-vs-null-changed",
        "Leaving a property out and sending null changed places.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    # properties
    Rule(
        "property-added-optional", "There is a new property that may be left out.", SAFE, SAFE, NOTE
    ),
    Rule(
        "property-added-required",
        "There is a new property that must be there.",
        BREAKS,
        SAFE,
        BREAKS,
    ),
    Rule(
        "property-added-required-with-default",
        "There is a new property that must be there, with a documented default.",
        BREAKS,
        SAFE,
        BREAKS,
    ),
    Rule("property-removed", "A property is gone.", BREAKS, MAY, BREAKS),
    Rule(
        "property-removed-after-deprecation",
        "A property that was deprecated is gone.",
        BREAKS,
        MAY,
        BREAKS,
    ),
    Rule(
        "property-renamed",
        "A property goes on under another name in the same object.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("property-moved", "A property now stands in a nested object.", BREAKS, BREAKS, BREAKS),
    Rule(
        "properties-grouped",
        "A new object holds several properties that stood beside each other before.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule(
        "properties-ungrouped",
        "An object is gone, and its properties stand beside each other now.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("property-flattened", "A property of a nested object moved up.", BREAKS, BREAKS, BREAKS),
    Rule("property-became-required", "A property can no longer be left out.", BREAKS, SAFE, BREAKS),
    Rule(
        "property-became-required-with-default",
        "A property with a documented default can no longer be left out.",
        BREAKS,
        SAFE,
        BREAKS,
    ),
    Rule("property-became-optional", "A property can be left out.", SAFE, BREAKS, BREAKS),
    Rule(
        "required-undeclared-added",
        "A property must be there that is declared nowhere.",
        BREAKS,
        SAFE,
        BREAKS,
    ),
    Rule(
        "required-undeclared-removed",
        "A property that was declared nowhere need not be there any more.",
        SAFE,
        BREAKS,
        BREAKS,
    ),
    Rule("property-reordered", "The properties stand in another order.", SAFE, SAFE, SAFE),
    Rule(
        "attribute-name-changed",
        "The property kept its name, its Python attribute did not.",
        SAFE,
        SAFE,
        BREAKS,
    ),
    Rule("became-read-only", "A property can no longer be sent.", BREAKS, SAFE, BREAKS),
    Rule("became-not-read-only", "A property can be sent now.", SAFE, SAFE, SAFE),
    Rule("became-write-only", "A property is no longer returned.", SAFE, BREAKS, BREAKS),
    Rule("became-not-write-only", "A property is returned now.", SAFE, SAFE, SAFE),
    # enums
    Rule("enum-value-added", "A closed set of values has one more.", SAFE, BREAKS, BREAKS),
    Rule("enum-value-removed", "A closed set of values has one less.", BREAKS, SAFE, BREAKS),
    Rule(
        "enum-value-renamed", "One value took the place of a similar one.", BREAKS, BREAKS, BREAKS
    ),
    Rule("enum-reordered", "The values stand in another order.", SAFE, SAFE, SAFE),
    Rule("became-enum", "Any value of the type became one of a set.", BREAKS, SAFE, BREAKS),
    Rule(
        "enum-dropped", "One of a set of values became any value of the type.", SAFE, BREAKS, BREAKS
    ),
    Rule("enum-opened", "A set of values now lists only the known ones.", SAFE, BREAKS, BREAKS),
    Rule("enum-closed", "A list of known values is now all there are.", BREAKS, SAFE, BREAKS),
    Rule("open-enum-value-added", "One more value is known.", SAFE, SAFE, NOTE),
    Rule(
        "open-enum-value-removed",
        "A value is no longer listed among the known ones.",
        NOTE,
        SAFE,
        BREAKS,
    ),
    Rule(
        "enum-extracted",
        "Inline values are now a component of the same values.",
        SAFE,
        SAFE,
        BREAKS,
    ),
    Rule("enum-inlined", "A component's values are now written inline.", SAFE, SAFE, BREAKS),
    Rule(
        "enum-scalar-type-changed", "The values are of another JSON type.", BREAKS, BREAKS, BREAKS
    ),
    Rule("const-added", "The value is now fixed.", BREAKS, SAFE, BREAKS),
    Rule("const-removed", "The value is no longer fixed.", SAFE, BREAKS, BREAKS),
    Rule("const-changed", "The fixed value is another.", BREAKS, BREAKS, BREAKS),
    Rule(
        "tag-value-changed",
        "The value that tells this member of a union from the others is another.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    # bounds
    Rule("pattern-added", "Text must match a pattern now.", BREAKS, SAFE, SAFE),
    Rule("pattern-removed", "Text need not match a pattern any more.", SAFE, BREAKS, SAFE),
    Rule(
        "pattern-changed",
        "Text must match another pattern; whether more or less matches is not known.",
        MAY,
        MAY,
        SAFE,
    ),
    Rule(
        "pattern-generalized",
        "Text may now be anything, as the pattern matches all.",
        SAFE,
        BREAKS,
        SAFE,
    ),
    Rule(
        "pattern-specialized",
        "Text must match a pattern, where one stood that matches all.",
        BREAKS,
        SAFE,
        SAFE,
    ),
    Rule(
        "multiple-of-tightened",
        "Numbers must be multiples of more than before.",
        BREAKS,
        SAFE,
        SAFE,
    ),
    Rule(
        "multiple-of-loosened",
        "Numbers need not be multiples of as much as before.",
        SAFE,
        BREAKS,
        SAFE,
    ),
    Rule(
        "multiple-of-changed", "Numbers must be multiples of something else.", BREAKS, BREAKS, SAFE
    ),
    # arrays
    Rule("items-added", "A list of anything has a type for its items.", BREAKS, SAFE, BREAKS),
    Rule("items-removed", "A list may hold anything now.", SAFE, BREAKS, BREAKS),
    Rule("unique-items-set", "No item of a list may occur twice any more.", BREAKS, SAFE, SAFE),
    Rule("unique-items-unset", "An item of a list may occur twice now.", SAFE, BREAKS, SAFE),
    Rule(
        "prefix-items-added", "A further position of a list has its own type.", BREAKS, MAY, BREAKS
    ),
    Rule("prefix-items-removed", "A position of a list lost its own type.", MAY, BREAKS, BREAKS),
    Rule(
        "prefix-items-reordered",
        "The types of the positions changed places.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule("contains-added", "A list must contain certain items now.", BREAKS, SAFE, SAFE),
    Rule("contains-removed", "A list need not contain certain items any more.", SAFE, BREAKS, SAFE),
    Rule("contains-changed", "A list must contain other items.", MAY, MAY, SAFE),
    Rule(
        "unevaluated-items-added",
        "Items that no other keyword speaks of are restricted.",
        BREAKS,
        SAFE,
        SAFE,
    ),
    Rule(
        "unevaluated-items-removed",
        "Items that no other keyword speaks of are free.",
        SAFE,
        BREAKS,
        SAFE,
    ),
    # objects
    Rule("extras-forbidden", "Undeclared properties are no longer allowed.", BREAKS, SAFE, BREAKS),
    Rule("extras-allowed", "Undeclared properties are allowed.", SAFE, BREAKS, SAFE),
    Rule("extras-typed", "Undeclared properties must be of a type.", BREAKS, SAFE, BREAKS),
    Rule("extras-untyped", "Undeclared properties may be anything.", SAFE, BREAKS, BREAKS),
    Rule(
        "pattern-property-added",
        "Properties whose names match a pattern must be of a type.",
        BREAKS,
        SAFE,
        MAY,
    ),
    Rule(
        "pattern-property-removed",
        "Properties whose names match a pattern are no longer restricted.",
        SAFE,
        BREAKS,
        MAY,
    ),
    Rule("property-names-added", "The names of properties are restricted.", BREAKS, SAFE, MAY),
    Rule("property-names-removed", "The names of properties are free.", SAFE, BREAKS, MAY),
    Rule(
        "property-names-changed",
        "The names of properties are restricted in another way.",
        MAY,
        MAY,
        MAY,
    ),
    Rule("dependent-required-added", "One property now asks for others.", BREAKS, SAFE, SAFE),
    Rule(
        "dependent-required-removed", "One property no longer asks for others.", SAFE, BREAKS, SAFE
    ),
    Rule("dependent-required-changed", "One property asks for other ones.", MAY, MAY, SAFE),
    Rule(
        "dependent-schema-added",
        "A property brings a further condition with it.",
        BREAKS,
        SAFE,
        SAFE,
    ),
    Rule(
        "dependent-schema-removed",
        "A property no longer brings a condition with it.",
        SAFE,
        BREAKS,
        SAFE,
    ),
    Rule(
        "dependent-schema-changed", "A property brings another condition with it.", MAY, MAY, SAFE
    ),
    Rule(
        "unevaluated-properties-added",
        "Properties that no other keyword speaks of are restricted.",
        BREAKS,
        SAFE,
        MAY,
    ),
    Rule(
        "unevaluated-properties-removed",
        "Properties that no other keyword speaks of are free.",
        SAFE,
        BREAKS,
        MAY,
    ),
    # composition
    Rule("union-member-added", "A union has one more member.", SAFE, BREAKS, BREAKS),
    Rule("union-member-removed", "A union has one member less.", BREAKS, SAFE, BREAKS),
    Rule(
        "union-member-replaced",
        "A member of a union gave way to another with the same tag.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule(
        "union-reordered",
        "Members that are tried one after the other stand in another order.",
        SAFE,
        SAFE,
        MAY,
    ),
    Rule("wrapped-in-union", "The type is now one of several.", SAFE, BREAKS, BREAKS),
    Rule(
        "unwrapped-from-union", "One of several types is the only one left.", BREAKS, SAFE, BREAKS
    ),
    Rule(
        "one-of-any-of-swapped",
        "Exactly one member and at least one member are different conditions here.",
        MAY,
        MAY,
        SAFE,
    ),
    Rule("not-added", "Values of a certain kind are excluded.", BREAKS, SAFE, SAFE),
    Rule("not-removed", "No values are excluded any more.", SAFE, BREAKS, SAFE),
    Rule("not-changed", "Other values are excluded.", MAY, MAY, SAFE),
    Rule("conditional-added", "A condition holds for some values.", BREAKS, SAFE, SAFE),
    Rule("conditional-removed", "A condition for some values is gone.", SAFE, BREAKS, SAFE),
    Rule("conditional-changed", "Another condition holds for some values.", MAY, MAY, SAFE),
    Rule("condition-added", "A further condition holds.", BREAKS, SAFE, SAFE),
    Rule("condition-removed", "A condition is gone.", SAFE, BREAKS, SAFE),
    Rule("condition-changed", "A further condition is another one.", MAY, MAY, SAFE),
    Rule(
        "condition-affected",
        "A condition is written as before, but a schema it refers to changed.",
        MAY,
        MAY,
        SAFE,
    ),
    # discriminators
    Rule(
        "discriminator-added",
        "The property that tells the members apart is named.",
        NOTE,
        NOTE,
        SAFE,
    ),
    Rule(
        "discriminator-removed",
        "The property that tells the members apart is no longer named.",
        NOTE,
        MAY,
        MAY,
    ),
    Rule(
        "discriminator-property-changed",
        "Another property tells the members apart.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    Rule(
        "discriminator-mapping-added", "A value of the tag leads to a member.", SAFE, BREAKS, SAFE
    ),
    Rule(
        "discriminator-mapping-removed",
        "A value of the tag leads to no member any more.",
        BREAKS,
        NOTE,
        BREAKS,
    ),
    Rule(
        "discriminator-mapping-changed",
        "A value of the tag leads to another member.",
        BREAKS,
        BREAKS,
        BREAKS,
    ),
    # defaults
    Rule("default-added", "A default is documented.", NOTE, NOTE, SAFE),
    Rule("default-removed", "No default is documented any more.", NOTE, NOTE, SAFE),
    Rule(
        "default-changed",
        "What happens when the value is left out may be different.",
        MAY,
        NOTE,
        MAY,
    ),
    # lifecycle
    Rule("deprecated", "It should no longer be used.", NOTE, NOTE, SAFE),
    Rule(
        "deprecated-with-sunset",
        "It should no longer be used, and a day is named when it goes.",
        NOTE,
        NOTE,
        SAFE,
    ),
    Rule(
        "deprecated-sunset-missing",
        "It should no longer be used, and no day is named when it goes. Said only where the configuration gives it a severity.",
        NOTE,
        NOTE,
        SAFE,
    ),
    Rule("sunset-invalid", "The day on which it goes is no date.", NOTE, NOTE, SAFE),
    Rule("sunset-too-soon", "The day on which it goes was brought forward.", NOTE, NOTE, SAFE),
    Rule("sunset-removed", "The day on which it goes is no longer named.", NOTE, NOTE, SAFE),
    Rule("undeprecated", "It is no longer deprecated.", NOTE, NOTE, SAFE),
    Rule("stability-decreased", "It is said to be less stable.", MAY, MAY, SAFE),
    Rule("stability-increased", "It is said to be more stable.", NOTE, NOTE, SAFE),
)

# What no model is made of.
_OPERATIONS = (
    Rule("operation-added", "There is a new operation.", SAFE, SAFE, SAFE),
    Rule("operation-removed", "An operation is gone.", BREAKS, MAY, SAFE),
    Rule("parameter-added", "An operation takes one more parameter.", SAFE, SAFE, SAFE),
    Rule(
        "parameter-added-required", "An operation asks for one more parameter.", BREAKS, SAFE, SAFE
    ),
    Rule("parameter-removed", "An operation takes one parameter less.", BREAKS, MAY, SAFE),
    Rule("parameter-became-required", "A parameter can no longer be left out.", BREAKS, SAFE, SAFE),
    Rule("parameter-became-optional", "A parameter can be left out.", SAFE, BREAKS, SAFE),
    Rule("body-added", "An operation takes a body.", SAFE, SAFE, SAFE),
    Rule("body-added-required", "An operation asks for a body.", BREAKS, SAFE, SAFE),
    Rule("body-removed", "An operation takes no body any more.", BREAKS, MAY, SAFE),
    Rule("body-became-required", "The body can no longer be left out.", BREAKS, SAFE, SAFE),
    Rule("body-became-optional", "The body can be left out.", SAFE, BREAKS, SAFE),
    Rule("media-type-added", "A body may be of one more media type.", SAFE, MAY, SAFE),
    Rule("media-type-removed", "A body is of one media type less.", BREAKS, SAFE, SAFE),
    Rule("media-schema-added", "What had no schema has one now.", BREAKS, SAFE, SAFE),
    Rule("media-schema-removed", "What had a schema has none any more.", SAFE, BREAKS, SAFE),
    Rule("response-added", "An operation has one more response.", SAFE, MAY, SAFE),
    Rule("response-removed", "An operation has one response less.", SAFE, SAFE, SAFE),
    Rule("response-header-added", "A response has one more header.", SAFE, SAFE, SAFE),
    Rule("response-header-removed", "A response has one header less.", SAFE, MAY, SAFE),
    Rule("response-header-became-required", "A header is always there now.", SAFE, SAFE, SAFE),
    Rule("response-header-became-optional", "A header may be missing.", SAFE, BREAKS, SAFE),
)


def dashed(word: str) -> str:
    """`maxLength` -> `max-length`."""
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in word)


def _of_bounds() -> list[Rule]:
    rules = []
    for word, bound in sorted(BOUNDS.items(), key=lambda item: item[1].side == "lower"):
        is_upper = bound.side == "upper"
        tighter, looser = ("lowered", "raised") if is_upper else ("raised", "lowered")
        limit = f"{'An upper' if is_upper else 'A lower'} limit for {bound.limits}"
        name = dashed(word)
        rules += [
            Rule(f"{name}-set", f"{limit} is set.", BREAKS, SAFE, SAFE),
            Rule(f"{name}-unset", f"{limit} is gone.", SAFE, BREAKS, SAFE),
            Rule(f"{name}-{tighter}", f"{limit} is tighter.", BREAKS, SAFE, SAFE),
            Rule(f"{name}-{looser}", f"{limit} is looser.", SAFE, BREAKS, SAFE),
        ]
    return rules


_DOCS = (
    Rule("title-changed", "The title is another.", SAFE, SAFE, SAFE),
    Rule("description-changed", "The description is another.", SAFE, SAFE, SAFE),
    Rule("example-changed", "The examples are others.", SAFE, SAFE, SAFE),
    Rule("external-docs-changed", "The link to further reading is another.", SAFE, SAFE, SAFE),
    Rule("xml-changed", "How it would look as XML is another.", NOTE, NOTE, SAFE),
    Rule("extension-changed", "An extension of the document's own is another.", NOTE, NOTE, SAFE),
)
# what is listed only when asked for
DOCS = frozenset(rule.id for rule in _DOCS) | {
    "property-reordered",
    "enum-reordered",
}

# What lax decoding takes all the same: it checks no bounds and no conditions. Where more is to be known,
# the walk says it.
FORGIVEN = frozenset(
    {f"{dashed(word)}-{done}" for word in BOUNDS for done in ("set", "unset", "raised", "lowered")}
) | {
    "condition-added",
    "condition-affected",
    "condition-changed",
    "condition-removed",
    "conditional-changed",
    "conditional-removed",
    "contains-changed",
    "contains-removed",
    "dependent-required-changed",
    "dependent-required-removed",
    "dependent-schema-changed",
    "dependent-schema-removed",
    "extras-allowed",
    "multiple-of-changed",
    "multiple-of-loosened",
    "not-changed",
    "not-removed",
    "one-of-any-of-swapped",
    "pattern-changed",
    "pattern-generalized",
    "pattern-removed",
    "property-names-changed",
    "property-names-removed",
    "unevaluated-items-removed",
    "unevaluated-properties-removed",
    "unique-items-unset",
}

# what is said only if the configuration gives it a severity
ON_REQUEST = frozenset({"deprecated-sunset-missing"})

RULES: dict[str, Rule] = {rule.id: rule for rule in (*_RULES, *_OPERATIONS, *_of_bounds(), *_DOCS)}
