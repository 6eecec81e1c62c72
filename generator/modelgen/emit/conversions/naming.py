"""Names of functions, constants and variables of conversions: by what they are, without numbers of our own.

An item has several names, from the shortest to one that says exactly what it is. Where two items have the same name, both
take the next longer one.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from ...ir.words import snake_case
from ...reconcile import Key

T = TypeVar("T", bound=Hashable)

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_COMPONENT = re.compile(r'[^.\[{|/&#"]+')
_ORDINARY = re.compile(r"[0-9A-Za-z]")


def named(items: Mapping[T, Sequence[str]], reserved: Collection[str] = ()) -> dict[T, str]:
    """A name for each item, that no other has and that is an identifier and not reserved."""
    level = dict.fromkeys(items, 0)
    while True:
        names = {item: items[item][n] for item, n in level.items()}
        count = Counter(names.values())
        clashing = [t for t, name in names.items() if count[name] > 1 or _is_taken(name, reserved)]
        if not clashing:
            return names
        longer = [item for item in clashing if level[item] + 1 < len(items[item])]
        if not longer:
            raise RuntimeError(f"no name for {items[clashing[0]]!a}")
        for item in longer:
            level[item] += 1


def _is_taken(name: str, reserved: Collection[str]) -> bool:
    return name in reserved or keyword.iskeyword(name) or not name.isidentifier()


def words(*texts: str) -> str:
    """Texts as words of a name; others may be the same."""
    plain = re.sub(r"[^0-9A-Za-z]+", "_", snake_case("_".join(texts)))
    return plain.strip("_")


def exactly(*texts: str) -> str:
    """Texts as a part of a name that no other texts have: what is no letter and no digit is spelled out."""
    return "_and_".join(
        "".join(char if _ORDINARY.match(char) else f"_{_spelled(char)}_" for char in text)
        for text in texts
    )


def _spelled(char: str) -> str:
    """The name of a character, in letters."""
    name = unicodedata.name(char, f"{ord(char):x}").translate(_LETTERS)
    return re.sub(r"[^A-Za-z]", "", name).lower()


def schema_words(key: Key) -> tuple[str, ...]:
    """What tells an occurrence from others of its shape in its variant: its component, where in it, and its wrapper."""
    component = _COMPONENT.match(key.schema)
    start = component[0] if component else ""
    within = f"in {key.wrapper}" if key.wrapper else ""
    return ("for", start, key.schema.removeprefix(start), within)


def _candidates(short: Sequence[str], long: Sequence[str]) -> Iterator[str]:
    for n in range(len(long) + 1):
        if n != 1:  # one word alone tells nothing
            yield words(*short, *long[:n])
    yield exactly(*short, *long)


def function_names(verb: str, short: Sequence[str], long: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of a function: `short` is what it is about, `long` are words that tell it from others of the name."""
    return tuple(f"{verb}_{name}" for name in _candidates(short, long))


def constant_names(short: Sequence[str], long: Sequence[str] = ()) -> tuple[str, ...]:
    """The same of a constant."""
    *readable, exact = _candidates(short, long)
    return (*(f"_{name}".upper() for name in readable), f"_{exact}")


def variable_names(path: Sequence[str]) -> tuple[str, ...]:
    """The same of a variable, for the object at a path: never those of a function."""
    plain = words(*path)
    names = (plain, f"in_{plain}", f"in_{exactly(*path)}")
    return names[1:] if plain.startswith(("read_", "write_")) else names


def longer(names: Sequence[str], word: str) -> tuple[str, ...]:
    """Names of a constant that is a part of the one of these names."""
    return tuple(f"{name}_{word.upper()}" for name in names)
