"""A comparison as JUnit's XML, for what shows the results of tests: a case for each change, which fails if it reaches
`--fail-on` or, without that, breaks or may break for somebody."""

from __future__ import annotations

from xml.etree import ElementTree

from ..errors import visible
from . import wording
from .arrangement import ordered
from .changes import Change, Comparison, rank
from .legible import legible
from .sources import Sources


def render(comparison: Comparison, sources: Sources) -> str:
    comparison = legible(comparison)
    changes = ordered(comparison.changes)
    failing = [change for change in changes if _fails(change, comparison)]
    accepted = comparison.accepted
    counts = {
        "tests": str(max(len(changes) + len(accepted), 1)),
        "failures": str(len(failing)),
        "errors": "0",
        "skipped": str(len(accepted)),
    }
    name = visible(f"modelgen diff {comparison.old} {comparison.new}")
    suites = ElementTree.Element("testsuites", {"name": "modelgen diff", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": name, **counts})
    if not (changes or accepted):
        ElementTree.SubElement(
            suite, "testcase", {"classname": "modelgen", "name": wording.totals(comparison)}
        )
    for change in changes:
        case = _case(suite, change)
        if _fails(change, comparison):
            said = {"type": change.worst, "message": visible(wording.in_short(change))}
            ElementTree.SubElement(case, "failure", said).text = _place(change, sources)
    for change in accepted:
        ElementTree.SubElement(
            _case(suite, change), "skipped", {"message": "accepted by the baseline"}
        )
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _fails(change: Change, comparison: Comparison) -> bool:
    if comparison.fail_on:
        return change.reaches(comparison.fail_on)
    return rank(change.worst) > rank("note")


def _case(suite: ElementTree.Element, change: Change) -> ElementTree.Element:
    facts = (wording.heading(change), wording.where(change), wording.what(change))
    name = visible(" ".join(fact for fact in facts if fact))
    return ElementTree.SubElement(suite, "testcase", {"classname": change.rule, "name": name})


def _place(change: Change, sources: Sources) -> str:
    places = (sources.locate(at) for at in (change.old_at, change.new_at) if at.source)
    return visible(" -> ".join(map(str, places)))
