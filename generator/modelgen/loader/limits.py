"""How large and how deep a document may be, and the errors that YAML and JSON share."""

from __future__ import annotations

from ..errors import Diagnostic, Location, SpecError
from .text import Oddity

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200
MAX_NODES = 5_000_000
MAX_DIGITS = 1000


def too_large(source: str) -> SpecError:
    """A document of more than MAX_BYTES."""
    return SpecError(
        Diagnostic(
            "too-large",
            f"The document is larger than {MAX_BYTES // 1024 // 1024} MiB.",
            Location(source),
            "Split the document into files, or remove what is not part of the API.",
        )
    )


def too_many(at: Location) -> SpecError:
    """A document of more than MAX_NODES keys and values."""
    return SpecError(
        Diagnostic(
            "too-large",
            f"The document holds more than {MAX_NODES:,} keys and values.",
            at,
            "Split the document into files, or remove what is not part of the API.",
        )
    )


def too_deep(at: Location) -> SpecError:
    """More than MAX_DEPTH containers inside each other."""
    return SpecError(
        Diagnostic(
            "too-deep",
            f"Mappings and sequences are nested more than {MAX_DEPTH} deep.",
            at,
            "Move inner schemas into components.schemas and refer to them.",
        )
    )


def empty(source: str) -> SpecError:
    """A document without any content."""
    return SpecError(
        Diagnostic(
            "document-empty",
            "The document is empty.",
            Location(source),
            "Give an OpenAPI document in YAML or JSON.",
        )
    )


def duplicate_key(name: str, again: Location, first: Location) -> Oddity:
    """A key that a mapping has twice."""
    message = f"The key {name!r} is given twice, first in line {first.line}."
    return Oddity("duplicate-key", message, again)


def refused(odd: Oddity) -> Diagnostic:
    """A key that is given twice, where it may not be."""
    return Diagnostic("duplicate-key", odd.message, odd.at, "Remove or rename one of the two.")


def number_invalid(message: str, at: Location) -> SpecError:
    """A number that JSON data cannot hold."""
    return SpecError(
        Diagnostic("number-invalid", message, at, "Quote the value if it is meant as text.")
    )


def integer_too_long() -> str:
    return f"An integer may have at most {MAX_DIGITS} digits."
