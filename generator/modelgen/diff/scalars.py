"""The formats of strings and numbers."""

from __future__ import annotations

from .. import ir
from .context import Context
from .steps import Difference, Steps, Verdicts
from .subject import Subject

# Other formats of one Python type are a matter of documentation; these say how large a number may be.
_SIZES: dict[tuple[str, str], Verdicts] = {
    ("int64", "int32"): ("breaks", "note"),
    ("int32", "int64"): ("note", "breaks"),
}

# Any text will do for a format that went; who knew a format is lost without it.
_WENT: Verdicts = ("safe", "breaks")
_CAME: Verdicts = ("breaks", "safe")


def compare(context: Context, subject: Subject, old: ir.Scalar, new: ir.Scalar) -> Steps:
    if old.format == new.format:
        return
    shown = (old.format or "none", new.format or "none")
    if context.old.scope.format_of(old) != context.new.scope.format_of(new):
        verdicts = _CAME if not old.format else _WENT if not new.format else None
        yield Difference("format-decoding-changed", subject, *shown, verdicts=verdicts)
    else:
        yield Difference("format-annotation-changed", subject, *shown, verdicts=_SIZES.get(shown))


def of_other_kinds(subject: Subject, old: ir.Scalar, new: ir.Scalar, verdicts: Verdicts) -> Steps:
    """The format of a value that is of another type as well."""
    if (old.format or new.format) and old.format != new.format:
        shown = (old.format or "none", new.format or "none")
        yield Difference("format-changed-with-type", subject, *shown, verdicts=verdicts)
