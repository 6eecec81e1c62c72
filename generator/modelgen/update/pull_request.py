"""The text of a pull request: what somebody has to decide first, then what was done, then what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..diff.markdown import code, escaped
from ..diff.report_markdown import LIMIT

SHOWN = 50  # entries of a list; so many more are a number


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a person must do: a sentence, details, and text to start from. `count`: how many decisions it is."""

    what: str
    details: tuple[str, ...] = ()
    draft: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """`title` is its first line; `done` are sentences; `proofs` what was tried, and whether it held."""

    title: str
    decisions: tuple[Decision, ...]
    done: tuple[str, ...]
    proofs: tuple[tuple[str, bool], ...]
    changes: str

    @property
    def count(self) -> int:
        """How many decisions are left."""
        return sum(decision.count for decision in self.decisions)


def text(request: PullRequest) -> str:
    """Markdown, as long as GitHub takes at most."""
    lines = [f"# {request.title}", "", f"## To decide: {request.count or 'nothing'}", ""]
    for decision in request.decisions:
        number = f" ({decision.count})" if decision.count > 1 else ""
        lines += [f"- [ ] {decision.what}{number}", *_details(decision.details)]
        if decision.draft:
            lines += [
                "",
                "  ```yaml",
                *(f"  {line}".rstrip() for line in _cut(decision.draft)),
                "  ```",
                "",
            ]
    lines = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    lines += [*([""] if lines[-1] else []), "## Done", "", *(f"- {what}" for what in request.done)]
    lines += [
        "",
        "## Proofs",
        "",
        *(f"- [{'x' if held else ' '}] {what}" for what, held in request.proofs),
    ]
    lines += ["", "## What changed upstream", ""]
    whole = "\n".join(lines) + "\n"
    return whole[: LIMIT // 2] + request.changes


def listed(names: Sequence[str]) -> str:
    """Names as code, the first of them."""
    shown = ", ".join(code(name) for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _details(details: Sequence[str]) -> list[str]:
    lines = [f"  - {escaped(line)}" for line in details[:SHOWN]]
    more = len(details) - SHOWN
    return [*lines, f"  - and {more} more"] if more > 0 else lines


def _cut(draft: str) -> list[str]:
    lines = [line.replace("```", "'''") for line in draft.splitlines()]
    if len(lines) > 4 * SHOWN:
        lines = [*lines[: 4 * SHOWN], f"# and {len(lines) - 4 * SHOWN} more lines"]
    return lines
