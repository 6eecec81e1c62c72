"""Who may ask: the schemes of a document, and the requirements of the document and of operations.

A requirement is one of several alternatives. Whoever met one of OLD gets in with NEW if some alternative there asks for no
other scheme and for no other scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ..openapi.operations import Operation, Operations, Requirement, Scheme
from .context import Context
from .parts import DOCUMENT, OperationPart
from .side import Side
from .steps import Difference, Steps, Verdicts
from .subject import Subject
from .written import text, written

_Alternatives: TypeAlias = tuple[Requirement, ...]
_Differences: TypeAlias = Iterator[Difference]
_NOTE: Verdicts = ("note", "note")
# Of a scheme; what only helps to read a token is no part of what has to be sent.
_FACTS = ("type", "name", "in", "scheme", "openIdConnectUrl")
_URLS = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")


def compare(context: Context) -> Steps:
    if DOCUMENT not in context.old.parts or DOCUMENT not in context.new.parts:
        return
    names = _same(context)
    used: set[str] = set()
    inherits = False
    for name, old, new in _kept(context):
        ours, theirs = _known(old.security, names), new.security
        used |= {scheme for needed in theirs for scheme, _ in needed}
        if old.secured or new.secured:
            yield from _requirements(_subject(context, name), ours, theirs)
        else:
            inherits = True
    whole = context.old.parts[DOCUMENT].record, context.new.parts[DOCUMENT].record
    if isinstance(whole[0], Operations) and isinstance(whole[1], Operations):
        before, after = _known(whole[0].security, names), whole[1].security
        used |= {scheme for needed in after for scheme, _ in needed if inherits}
        for difference in _requirements(_subject(context, DOCUMENT), before, after):
            # where every operation has requirements of its own, those of the document ask nobody
            yield difference if inherits else _eased(difference)
    yield from _schemes(context, used)


def _kept(context: Context) -> Iterator[tuple[str, Operation, Operation]]:
    for name, part in context.old.parts.items():
        other = context.new.parts.get(name)
        if other is None or not isinstance(part.record, Operation):
            continue
        if isinstance(other.record, Operation):
            yield name, part.record, other.record


def _subject(context: Context, name: str) -> Subject:
    old, new = context.old.parts[name], context.new.parts[name]
    return Subject(schema=name, old_at=old.at, new_at=new.at)


def _eased(difference: Difference) -> Difference:
    return Difference(
        difference.rule, difference.subject, difference.old, difference.new, verdicts=_NOTE
    )


def _same(context: Context) -> dict[str, str]:
    """The names of schemes in OLD -> their names in NEW, where the scheme is the same and only its name is another."""
    return {
        part.wire: context.new.parts[name].wire
        for name, part in context.old.parts.items()
        if part.kind == "security scheme" and name in context.new.parts
    }


def _known(alternatives: _Alternatives, names: Mapping[str, str]) -> _Alternatives:
    return tuple(
        tuple((names.get(scheme, scheme), scopes) for scheme, scopes in needed)
        for needed in alternatives
    )


# --- requirements ---------------------------------------------------------------------------------


def _requirements(subject: Subject, old: _Alternatives, new: _Alternatives) -> _Differences:
    if _is_open(old) and _is_open(new):
        return
    if _is_open(old):
        yield Difference("security-added", subject, "", _words(new))
        return
    if _is_open(new):
        yield Difference("security-removed", subject, _words(old))
        return
    gone = [needed for needed in old if not _in(needed, new)]
    come = [needed for needed in new if not _in(needed, old)]
    for needed in gone:
        same = [other for other in come if _schemes_of(other) == _schemes_of(needed)]
        if same:
            come.remove(same[0])
            yield from _scopes(subject, needed, same[0])
            continue
        is_met = any(_asks_no_more(other, needed) for other in new)
        verdicts: Verdicts | None = ("safe", "safe") if is_met else None
        yield Difference(
            "security-alternative-removed", subject, _words((needed,)), verdicts=verdicts
        )
    for needed in come:
        yield Difference("security-alternative-added", subject, "", _words((needed,)))


def _is_open(alternatives: _Alternatives) -> bool:
    """Whether nothing has to be proved."""
    return not alternatives or any(not needed for needed in alternatives)


def _in(needed: Requirement, alternatives: _Alternatives) -> bool:
    return any(_scoped(needed) == _scoped(other) for other in alternatives)


def _scoped(needed: Requirement) -> dict[str, set[str]]:
    return {scheme: set(scopes) for scheme, scopes in needed}


def _schemes_of(needed: Requirement) -> set[str]:
    return {scheme for scheme, _ in needed}


def _asks_no_more(needed: Requirement, than: Requirement) -> bool:
    had = _scoped(than)
    return all(
        scheme in had and scopes <= had[scheme] for scheme, scopes in _scoped(needed).items()
    )


def _scopes(subject: Subject, old: Requirement, new: Requirement) -> _Differences:
    ours, theirs = _scoped(old), _scoped(new)
    for scheme, scopes in theirs.items():
        for scope in sorted(scopes - ours[scheme]):
            yield Difference("security-scope-added", subject, "", f"{scheme}: {scope}")
        for scope in sorted(ours[scheme] - scopes):
            yield Difference("security-scope-removed", subject, f"{scheme}: {scope}")


def _words(alternatives: _Alternatives) -> str:
    return " or ".join(
        " and ".join(
            f"{scheme} ({', '.join(scopes)})" if scopes else scheme for scheme, scopes in needed
        )
        for needed in alternatives
    )


# --- schemes --------------------------------------------------------------------------------------


def _schemes(context: Context, used: set[str]) -> Steps:
    for name, old in context.old.parts.items():
        new = context.new.parts.get(name)
        if new is None or not isinstance(old.record, Scheme):
            continue
        subject = _subject(context, name)
        for difference in _scheme(subject, context.old, context.new, old, new):
            yield difference if new.wire in used else _eased(difference)


def _scheme(
    subject: Subject, ours: Side, theirs: Side, old: OperationPart, new: OperationPart
) -> _Differences:
    before, after = written(ours.raw(old.at)), written(theirs.raw(new.at))
    for fact in _FACTS:
        was, is_ = text(before, fact), text(after, fact)
        if fact in ("scheme", "name") and was.lower() == is_.lower():
            continue  # the scheme of HTTP and the name of a header have no case
        if was != is_:
            shown = f"{fact}: {was or 'none'}", f"{fact}: {is_ or 'none'}"
            yield Difference("security-scheme-changed", subject, *shown)
    flows = written(before.get("flows")), written(after.get("flows"))
    for flow in sorted(flows[0].keys() | flows[1].keys()):
        if flow not in flows[1]:
            yield Difference("security-scheme-changed", subject, f"flow: {flow}", "flow: none")
        elif flow not in flows[0]:
            verdicts: Verdicts = ("safe", "safe")
            shown = "flow: none", f"flow: {flow}"
            yield Difference("security-scheme-changed", subject, *shown, verdicts=verdicts)
        else:
            yield from _flow(subject, flow, written(flows[0][flow]), written(flows[1][flow]))


def _flow(
    subject: Subject, flow: str, old: Mapping[str, object], new: Mapping[str, object]
) -> _Differences:
    for url in _URLS:
        was, is_ = text(old, url), text(new, url)
        if was != is_:
            shown = f"{flow} {url}: {was or 'none'}", f"{flow} {url}: {is_ or 'none'}"
            yield Difference("security-scheme-changed", subject, *shown)
    ours, theirs = written(old.get("scopes")), written(new.get("scopes"))
    for scope in sorted(map(str, ours.keys() - theirs.keys())):
        yield Difference("security-scheme-scope-removed", subject, f"{flow}: {scope}")
    for scope in sorted(map(str, theirs.keys() - ours.keys())):
        yield Difference("security-scheme-scope-added", subject, "", f"{flow}: {scope}")
