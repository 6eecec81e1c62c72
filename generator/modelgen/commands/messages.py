"""Data -> the sentences that a user reads. Prints nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..errors import Diagnostic, Location, visible, width

if TYPE_CHECKING:
    from ..code.look import Looked
    from ..disk.files import Changes
    from ..emit.renamed import Renamed
    from ..project.fetch import Brought
    from ..project.init import Start
    from ..prove import Broken, Proof
    from ..reconcile import Map
    from ..reconcile.suggest import Draft

Paint: TypeAlias = Callable[[str, str], str]  # (text, role) -> text
EXCERPT_WIDTH = 100


def plain(text: str, role: str) -> str:
    """No colours."""
    return text


def diagnostics(items: Iterable[Diagnostic], paint: Paint = plain) -> str:
    """All diagnostics, one after the other."""
    return "".join(f"{line}\n" for item in items for line in _diagnostic(item, paint))


def warning(at: Location, message: str, paint: Paint = plain) -> str:
    """What is no error, but not what somebody meant."""
    where, label = paint(visible(str(at)), "location"), paint("warning", "hint")
    lines = [f"{where}: {label}: {visible(message)}"]
    if at.line and at.excerpt:
        lines += _excerpt(at, paint)
    return "".join(f"{line}\n" for line in lines)


def system_error(error: OSError) -> str:
    """What the operating system refused."""
    file = f"{error.filename}: " if error.filename else ""
    return f"{file}error[system]: {error.strerror or error}.\n"


def bug(error: Exception) -> str:
    """What nobody foresaw."""
    line = visible(f"{type(error).__name__}: {error}")
    hint = "This is a bug. Please report it, with what --debug prints."
    return f"error[internal]: {line}\n  hint: {hint}\n"


def _diagnostic(item: Diagnostic, paint: Paint) -> Iterator[str]:
    label = paint(f"error[{item.code}]", "error")
    yield f"{paint(visible(str(item.at)), 'location')}: {label}: {paint(visible(item.message), 'text')}"
    if item.at.pointer:
        yield f"  at {visible(item.at.pointer)}"
    if item.at.line and item.at.excerpt:
        yield from _excerpt(item.at, paint)
    if item.hint:
        yield f"  {paint('hint:', 'hint')} {visible(item.hint)}"
    for location in item.related:
        pointer = f" at {visible(location.pointer)}" if location.pointer else ""
        yield f"  {paint('see:', 'hint')} {visible(str(location))}{pointer}"


def _excerpt(at: Location, paint: Paint) -> Iterator[str]:
    """The source line and a caret; of a long line the part around the column."""
    start = max(0, at.column - 1 - EXCERPT_WIDTH // 2) if len(at.excerpt) > EXCERPT_WIDTH else 0
    before = ("…" if start else "") + visible(at.excerpt[start : max(at.column - 1, 0)])
    after = visible(at.excerpt[max(at.column - 1, 0) : start + EXCERPT_WIDTH])
    number = f"{at.line:>4}"
    yield f"{number} | {before}{after}{'…' if len(at.excerpt) > start + EXCERPT_WIDTH else ''}".rstrip()
    yield f"{'':{len(number)}} | {' ' * width(before)}{paint('^', 'error')}"


def counted(number: int, noun: str) -> str:
    """`1 class`, `2 classes`."""
    plurals = {"class": "classes", "alias": "aliases", "anomaly": "anomalies", "breach": "breaches"}
    return f"{number} {noun if number == 1 else plurals.get(noun, f'{noun}s')}"


def columns(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table, each column as wide as its widest cell."""
    widths = [max(width(row[i]) for row in (header, *rows)) for i in range(len(header))]
    for row in (header, *rows):
        cells = (c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


# --- generate -------------------------------------------------------------------------------------


def summary(
    folder: str, sources: Sequence[str], counts: Mapping[str, int], changes: Changes | None
) -> str:
    """What a run of `generate` did."""
    what = ", ".join(counted(counts[noun], noun) for noun in ("class", "alias", "module"))
    done = changed(changes) if changes else "unchanged"
    text = f"{folder}: {what} ({done})\n"
    if anomalies := counts["anomaly"]:
        verb = "is" if anomalies == 1 else "are"
        name = counted(anomalies, "anomaly")
        source = sources[0] if len(sources) == 1 else "INPUT"
        text += f"{name} {verb} worked around; `modelgen inspect {source}` lists them\n"
    return text


def out_of_date(folder: str, sources: Sequence[str], is_local: bool) -> str:
    """What to do about a package that is not what its documents give."""
    text = f"{folder}: out of date; `modelgen generate` brings it up to date\n"
    if is_local:
        source = sources[0] if len(sources) == 1 else "FILE"
        text += (
            f"`modelgen diff HEAD:{source} {source}` says what changed, and for whom it breaks\n"
        )
    return text


def renamed(one: Renamed, table: str) -> str:
    """What is called otherwise now, and how it is not."""
    text = f"{one.old} is called {one.new} now, at {visible(one.pointer)}\n"
    if one.keep:
        text += f"  to keep the name, under {table}:\n"
        text += f"    {json.dumps(one.pointer, ensure_ascii=False)} = {json.dumps(one.old, ensure_ascii=False)}\n"
    return text


def changed(changes: Changes) -> str:
    """Files by what happens to them: `2 files added, 1 changed`."""
    numbers = (
        (len(changes.added), "added"),
        (len(changes.changed), "changed"),
        (len(changes.stale), "removed"),
    )
    parts = [f"{number} {verb}" for number, verb in numbers if number]
    total = sum(number for number, _ in numbers)
    return f"{'file' if total == 1 else 'files'}: {', '.join(parts)}"


# --- reconcile ------------------------------------------------------------------------------------


def decided(map_: Map) -> str:
    """What a map without faults decides, in a line."""
    entries = sum(
        len(shape.entries) + sum(len(member.entries) for member in shape.members)
        for shape in map_.shapes.values()
    )
    parts = (
        counted(len(map_.variants), "variant"),
        counted(len(map_.shapes), "shape"),
        counted(entries, "field"),
        counted(sum(len(shape.members) for shape in map_.shapes.values()), "tagged member"),
        counted(sum(len(rows) for rows in map_.values.values()), "value"),
    )
    return f"{map_.at.source}: everything is decided ({', '.join(parts)})\n"


def breach(broken: Broken) -> str:
    """Which law does not hold, and how."""
    case = broken.case
    return f"{case.source} to {case.to}, {case.family}: {broken.breach.message} {broken.law.says}"


def payload(broken: Broken) -> str:
    """The payload that breaks a law."""
    return f"The payload is {json.dumps(broken.case.payload, ensure_ascii=False)}"


def proven(map_: str, proof: Proof, seed: int) -> str:
    """What was tried, and what came of it."""
    lines = [
        f"{map_}: no valid payload could be made of {root.family} ({root.variant}, {root.role})\n"
        for root in proof.without
    ]
    found = counted(len(proof.broken), "breach") if proof.broken else "all laws hold"
    payloads, ways = counted(proof.payloads, "payload"), counted(proof.pairs, "way")
    return "".join(lines) + f"{map_}: {found} ({payloads}, {ways}, seed {seed})\n"


def drafts(made: Sequence[Draft]) -> str:
    """Drafts as entries to paste into `fields`, other guesses and the evidence as comments."""
    lines: list[str] = []
    where = ""
    for draft in made:
        if draft.where != where:
            where = draft.where
            lines.append(f"{'' if not lines else chr(10)}# fields of {visible(where)}")
        key = json.dumps(draft.path) if not draft.path.replace("_", "").isalnum() else draft.path
        has = f"{visible(draft.type)} in {', '.join(draft.variants)}"
        if not draft.guesses:
            lines += [f"# {visible(draft.path)}: {has}; like nothing else", f"{key}:"]
            continue
        best, *others = draft.guesses
        lines.append(f"# {visible(draft.path)}: {has}")
        lines.append(f"#   {best.score:.2f}  {best.path}: {visible('; '.join(best.evidence))}")
        lines += [
            f"#   {guess.score:.2f}  {guess.path}: {visible('; '.join(guess.evidence))}"
            for guess in others
        ]
        lines.append(
            f"{best.path}:" if best.path == draft.path else f"{best.path}: {{ was: {key} }}"
        )
    return "".join(f"{line}\n" for line in lines)


# --- fetch ----------------------------------------------------------------------------------------


def fetched(item: Brought) -> str:
    """What became of one document."""
    done = "unchanged" if item.before == item.sha256 else "changed" if item.before else "new"
    was = f"{item.before[:12]} -> " if done == "changed" else ""
    size = f"{item.size:,} {'byte' if item.size == 1 else 'bytes'}"
    return f"{visible(str(item.path))}: {done} ({size}, sha256 {was}{item.sha256[:12]})\n"


# --- init -----------------------------------------------------------------------------------------


def started(start: Start) -> str:
    """What was written, and what to do next."""
    document = visible(start.document)
    done = "written" if start.is_new else "[tool.modelgen] added"
    steps = [
        (f"modelgen inspect {document}", "see what is understood of it, and its anomalies"),
        ("modelgen generate", f"write {start.package.as_posix()}/"),
        ("modelgen check", "as a step of a CI job: is the package up to date?"),
    ]
    if start.is_fetched:
        steps.insert(0, ("modelgen fetch", f"bring {document}"))
    lines = "".join(f"    {line}\n" for line in columns(steps[0], steps[1:]))
    what = f"{done}, for {counted(start.schemas, 'schema')}"
    return f"{visible(str(start.path))}: {what}\n\nNext:\n{lines}"


# --- migrate --------------------------------------------------------------------------------------


def migrated(looked: Looked, count: int, left: Sequence[tuple[str, str]], is_check: bool) -> str:
    """What a run of `migrate` did, and what it left to people."""
    lines = [
        f"{use.file}:{use.line}:{use.column}: undecided: {use.what}: {use.remedy}"
        for use in looked.uses
        if use.state == "undecided"
    ]
    for one in looked.unread:
        at = f"{one.shown}:{one.line}:{one.column}" if one.line else one.shown
        lines.append(f"{at}: not read: {one.why}")
    lines += [f"{file}: left as it is: {why}" for file, why in left]
    marked = sum(use.state == "choose" for use in looked.uses)
    verb = "would be rewritten" if is_check else "rewritten"
    told = f"{counted(count, 'file')} of {looked.count} {verb}"
    told += f", {counted(marked, 'place')} marked for a person" if marked else ""
    lines.append(told)
    return "".join(f"{visible(line)}\n" for line in lines)
