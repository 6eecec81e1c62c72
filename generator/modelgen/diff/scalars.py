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


def compare(context: Context, subject: Subject, old: ir.Scalar, new: ir.Scalar) -> Steps:
    if old.format == new.format:
        return
    shown = (old.format or "none", new.format or "none")
    if context.old.scope.format_of(old) != context.new.scope.format_of(new):
        yield Difference("format-decoding-changed", subject, *shown)
    else:
        yield Difference("format-annotation-changed", subject, *shown, verdicts=_SIZES.get(shown))
