"""What tells that something goes on under another name, beside its name and its type."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from .. import ir
from .renames import words
from .written import written

# Words that many names have, so that sharing them says little.
VAGUE = {
    *("at", "code", "content", "count", "data", "date", "description", "id", "index", "info"),
    *("item", "key", "kind", "label", "list", "metadata", "name", "number", "object", "size"),
    *("status", "text", "time", "title", "token", "type", "uri", "url", "value"),
}
VAGUE_WEIGHT = 0.35
TELLING_DOC = 4  # words
ALIKE_DOC = 0.85


def names(old: str, new: str) -> float:
    """How alike the names of two properties are: by words, where those that many names have count less, or by letters where
    only the spelling is another."""
    ours, left = words(old), words(new)
    total = sum(map(_weight, (*ours, *left)))
    shared = 0.0
    for word in ours:
        if word in left:
            left.remove(word)
            shared += 2 * _weight(word)
    by_letters = 0.9 * SequenceMatcher(None, old.lower(), new.lower()).ratio()
    return max(shared / total if total else 0.0, by_letters if by_letters >= 0.8 else 0.0)


def _weight(word: str) -> float:
    return VAGUE_WEIGHT if word in VAGUE else 1.0


def docs(old: str, new: str) -> float | None:
    """How alike two descriptions are; None if one of them says too little."""
    ours, theirs = old.lower().split(), new.lower().split()
    if min(len(ours), len(theirs)) < TELLING_DOC:
        return None
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def same_examples(old: object, new: object) -> bool:
    """Whether two schemas have an example in common that is more than a word of any language."""
    ours, theirs = _examples(written(old)), _examples(written(new))
    return any(len(example) > 4 for example in ours & theirs)


def _examples(raw: Mapping[str, object]) -> set[str]:
    found = [raw["example"]] if "example" in raw else []
    examples = raw.get("examples")
    found += examples if isinstance(examples, list) else []
    return {ir.Value.of(value).text for value in found if _is_json(value)}


def _is_json(value: object) -> bool:
    return isinstance(value, str | int | float | bool) or value is None
