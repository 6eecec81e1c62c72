"""Where documents come in: a path, stdin, a URL or a git revision becomes parsed data with positions.

Nothing else of the generator reads a specification, imports yaml, or follows a `$ref` to its text.
Documents are untrusted: sizes, depths, aliases, tags and the files a `$ref` may reach are all bounded.
"""

from __future__ import annotations

from .document import Document, parse, parse_root
from .documents import Documents, Target, load, load_bytes, load_data

__all__ = [
    "Document",
    "Documents",
    "Target",
    "load",
    "load_bytes",
    "load_data",
    "parse",
    "parse_root",
]
