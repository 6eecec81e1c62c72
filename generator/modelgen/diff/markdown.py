"""Text of a document in Markdown, where none of it means anything."""

from __future__ import annotations

import re

BAR = "\\|"  # in a cell of a table, within code too


def code(text: str) -> str:
    """Text of a document as code that it cannot end."""
    if not text:
        return ""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("\n", " ")


def escaped(text: str) -> str:
    for char in "\\`*_[]<>#|":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", " ")
