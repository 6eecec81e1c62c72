"""Text as words: what identifiers are made of."""

from __future__ import annotations

import re
import unicodedata

# What `unicodedata` calls by a longer name.
_CHARACTERS = {
    " ": "space",
    "!": "bang",
    "#": "hash",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "*": "star",
    "+": "plus",
    "-": "dash",
    ".": "dot",
    "/": "slash",
    "<": "less",
    "=": "equals",
    ">": "greater",
    "?": "question",
    "@": "at",
    "_": "underscore",
    "|": "pipe",
}


# Words that letters alone would take apart.
_WHOLE = (("IPv", "Ipv"), ("OAuth", "Oauth"))


def snake_case(name: str) -> str:
    """`RealtimeServerEvent` -> `realtime_server_event`: a capital begins a word, several are one (`petID` -> `pet_id`),
    with the s of a plural (`petIDs` -> `pet_ids`)."""
    for word, one in _WHOLE:
        name = name.replace(word, one)
    out = ""
    for n, char in enumerate(name):
        before, after = name[n - 1 : n], name[n + 1 : n + 2]
        if char.isupper() and (
            before.islower()
            or before.isdigit()
            or (before.isupper() and after.islower() and not _is_plural(name[n:]))
        ):
            out += "_"
        out += char
    return re.sub(r"_+", "_", out).lower()


def _is_plural(rest: str) -> bool:
    """Whether the last capital of several has the s of a plural, and the word ends there."""
    return rest[1:2] == "s" and not rest[2:3].islower()


def split_words(text: str) -> list[str]:
    """The runs of letters and digits."""
    return [word for word in re.split(r"[\W_]+", text) if word]


def pascal_case(text: str) -> str:
    """`response.done` -> `ResponseDone`."""
    words = split_words(unicodedata.normalize("NFKC", text)) or split_words(spelled_out(text))
    return "".join(word[:1].upper() + word[1:] for word in words)


def spelled_out(text: str) -> str:
    """The text with each character that an identifier cannot hold, or not as it is, written as a word: `+1` ->
    `plus_1`."""
    out = ""
    for n, char in enumerate(text):
        if char.isalnum() and unicodedata.normalize("NFKC", char) == char:
            out += char
        elif re.match(r"-\d", text[n:]) and not text[:n]:
            out += "minus_"
        else:
            word = _CHARACTERS.get(char) or unicodedata.name(char, f"u {ord(char):x}").lower()
            out += "_" + re.sub(r"\W+", "_", word) + "_"
    return re.sub(r"_+", "_", out).strip("_") or "empty"
