"""What a kind of change is called when the two documents change places."""

from __future__ import annotations

from modelgen.diff.changes import READ_ONLY, WRITE_ONLY, Change, Comparison
from modelgen.diff.rules import RULES

_WORDS = (
    ("added", "removed"),
    ("set", "unset"),
    ("raised", "lowered"),
    ("required", "optional"),
    ("widened", "narrowed"),
    ("extracted", "inlined"),
    ("opened", "closed"),
    ("tightened", "loosened"),
    ("generalized", "specialized"),
    ("grouped", "ungrouped"),
    ("introduced", "removed"),
    ("increased", "decreased"),
    ("split", "merged"),
    ("forbidden", "allowed"),
    ("typed", "untyped"),
    ("moved", "flattened"),
)
_NAMES = (
    ("became-enum", "enum-dropped"),
    ("wrapped-in-union", "unwrapped-from-union"),
    ("scalar-became-array", "array-became-scalar"),
    ("object-became-map", "map-became-object"),
    ("deprecated", "undeprecated"),
    ("became-nullable", "became-not-nullable"),
    ("became-read-only", "became-not-read-only"),
    ("became-write-only", "became-not-write-only"),
)
# What is said of the newer document alone.
ONE_WAY = {
    "deprecated-with-sunset",
    "deprecated-sunset-missing",
    "schema-became-request",
    "schema-became-response",
    "schema-unreachable",
    "sunset-invalid",
    "sunset-removed",
    "sunset-too-soon",
}

# What JSON Schema does not judge: what is said about schemas and not about values, what a removal means to who relied on
# it, and operations.
_OF_POLICY = ("became-", "body-", "content-", "default-", "deprecated", "discriminator-")
_OF_POLICY += ("enum-extracted", "enum-inlined", "format-annotation-", "media-", "operation-")
_OF_POLICY += ("parameter-", "property-added-", "property-removed", "response-", "schema-")
_OF_POLICY += ("stability-", "sunset-", "undeprecated")


def mirrored(rule: str) -> set[str]:
    """The kinds of change that undo one."""
    found = set()
    for pair in _NAMES:
        if rule in pair:
            found.add(pair[1 - pair.index(rule)])
    if found:
        return found
    for suffix in (
        "-required-with-default",
        "-with-default",
        "-after-deprecation",
        "-required",
        "-optional",
        "",
    ):
        bare = rule.removesuffix(suffix)
        for one, other in (*_WORDS, *(pair[::-1] for pair in _WORDS)):
            if bare.endswith(f"-{one}"):
                stem = bare.removesuffix(one) + other
                found |= {name for name in RULES if name == stem or name.startswith(f"{stem}-")}
    return found or {rule}


def is_safe(change: Change, who: str) -> bool:
    verdict = change.sent if who == "sent" else change.received
    return verdict in ("safe", "note") and not change.given


def all_safe(found: Comparison, who: str) -> bool:
    """Whether every change is called safe, without a condition."""
    return all(is_safe(change, who) for change in found.changes)


def is_one_sided(*both: Comparison) -> bool:
    """Whether something can only be read or written, of which JSON Schema knows nothing."""
    return any(
        change.given in (READ_ONLY, WRITE_ONLY) for found in both for change in found.changes
    )


def widens(found: Comparison, who: str) -> bool:
    """Whether every change that JSON Schema judges is safe."""
    judged = ("became-nullable", "became-not-nullable", "became-enum")
    return all(
        is_safe(change, who)
        for change in found.changes
        if not change.given and (change.rule in judged or not change.rule.startswith(_OF_POLICY))
    )
