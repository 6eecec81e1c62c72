"""Whether two documents say the same, word for word, so that nothing has to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..loader import Documents
from ..openapi.structure import SCHEMAS
from ..project.config import Package


def are_identical(
    old: Documents, new: Documents, packages: tuple[Package, Package], select: tuple[str, ...]
) -> bool:
    """Whether the documents are of the same values in the same order, refer to no other file, become Python in the same
    way, and have what is selected."""
    one, other = packages
    if (one.names, one.formats) != (other.names, other.formats):
        return False
    if _hashes(old) != _hashes(new) and not _are_equal(old.root.data, new.root.data):
        return False
    return _has_any(old.root.data, select) and not any(map(_leads_away, _texts(old.root.data)))


def _hashes(documents: Documents) -> list[str]:
    """Of a document and of what is laid over it."""
    return [each.sha256 for each in (documents.root, *documents.root.overlays)]


def _are_equal(old: object, new: object) -> bool:
    """Equality that tells `1`, `1.0` and `true` apart, and one order of properties from another."""
    return old == new and json.dumps(old) == json.dumps(new)


def _has_any(data: object, select: tuple[str, ...]) -> bool:
    found = data
    for key in SCHEMAS[1:].split("/"):
        found = found.get(key) if isinstance(found, dict) else None
    names = found if isinstance(found, dict) else ()
    return not select or any(fnmatchcase(str(name), glob) for name in names for glob in select)


def _texts(data: object) -> Iterator[str]:
    """What may name another file: references, and what a discriminator maps to."""
    seen: set[int] = set()
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # an alias of YAML
            continue
        if isinstance(node, list):
            seen.add(id(node))
            waiting += (item for item in node if isinstance(item, dict | list))
        elif isinstance(node, dict):
            seen.add(id(node))
            for key, value in node.items():
                if isinstance(value, dict | list):
                    waiting.append(value)
                if isinstance(value, str) and isinstance(key, str) and key.endswith(("Ref", "ref")):
                    yield value
                elif key == "mapping" and isinstance(value, dict):
                    yield from (target for target in value.values() if isinstance(target, str))


def _leads_away(text: str) -> bool:
    return not text.startswith("#") and any(char in text for char in "./\\#:")
