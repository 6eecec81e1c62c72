"""Which part of an operation in OLD is which in NEW, where both say it in other words.

The names of path parameters, and the letters of headers, media types and statuses, tell nobody anything; one status that
became the range it is in, or the other way round, is still the same response.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ..openapi.operations import Response
from .parts import OperationPart


def aligned(
    ours: Mapping[str, OperationPart], theirs: Mapping[str, OperationPart]
) -> dict[str, OperationPart]:
    """The parts of OLD by the names that NEW has for them."""
    return _with_ranges(_renamed(ours, _spelled(ours, theirs)), theirs)


def _spelled(
    ours: Mapping[str, OperationPart], theirs: Mapping[str, OperationPart]
) -> dict[str, str]:
    """Name in OLD -> name in NEW, of what is the same but for its spelling."""
    new = {part.identity: name for name, part in theirs.items() if name not in ours}
    count = Counter(part.identity for part in theirs.values())
    own = Counter(part.identity for part in ours.values())
    names: dict[str, str] = {}
    for name, part in ours.items():
        is_one = count[part.identity] == own[part.identity] == 1
        if name not in theirs and part.identity in new and is_one:
            names[name] = new[part.identity]
        elif part.above in names and name.startswith(f"{part.above} "):  # gone from what is there
            names[name] = names[part.above] + name.removeprefix(part.above)
    return names


def _renamed(
    parts: Mapping[str, OperationPart], names: Mapping[str, str]
) -> dict[str, OperationPart]:
    return {
        names.get(name, name): replace(part, above=names.get(part.above, part.above))
        for name, part in parts.items()
    }


def _with_ranges(
    ours: Mapping[str, OperationPart], theirs: Mapping[str, OperationPart]
) -> dict[str, OperationPart]:
    """Also where the one response of a class is now that of the whole class, or was."""
    gone = _by_class(ours, theirs)
    come = _by_class(theirs, ours)
    pairs = {
        gone[place][0]: come[place][0]
        for place in gone.keys() & come.keys()
        if len(gone[place]) == len(come[place]) == 1
        and (_is_range(ours[gone[place][0]]) or _is_range(theirs[come[place][0]]))
    }
    names = dict(pairs)
    for name, part in ours.items():
        if part.above in names:
            renamed = names[part.above] + name.removeprefix(part.above)
            # what is spelled in another way as well
            same = [
                other
                for other, candidate in theirs.items()
                if candidate.above == names[part.above]
                and candidate.identity.rpartition(" ")[2] == part.identity.rpartition(" ")[2]
            ]
            names[name] = same[0] if len(same) == 1 else renamed
    return _renamed(ours, names)


def _by_class(
    parts: Mapping[str, OperationPart], others: Mapping[str, OperationPart]
) -> dict[tuple[str, str], list[str]]:
    """Operation and class of statuses -> the responses of it that the other document has not."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, part in parts.items():
        if isinstance(part.record, Response) and name not in others:
            found.setdefault((part.above, part.record.status[:1]), []).append(name)
    return found


def _is_range(part: OperationPart) -> bool:
    return isinstance(part.record, Response) and is_range(part.record.status)


def is_range(status: str) -> bool:
    return status[1:].upper() == "XX"


def covers(range_: str, status: str) -> bool:
    """Whether a response is used for a status that has none of its own."""
    if range_.lower() == "default":
        return True
    return is_range(range_) and not is_range(status) and range_[:1] == status[:1]
