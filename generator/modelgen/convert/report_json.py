"""A report on conversions for programs; docs/convert.md says what is in it."""

from __future__ import annotations

import json
from typing import Any

from .coverage import Coverage, Example, Field, listed


def render(coverage: Coverage) -> str:
    data = {
        "to": coverage.to,
        "from": coverage.source or None,
        "payloads": coverage.payloads,
        "severities": coverage.severities(),
        "unlisted": coverage.unlisted,
        "faulty": coverage.faulty,
        "faults": [{"line": line, "fault": fault} for line, fault in coverage.faults],
        "kinds": [
            {
                "name": kind.name,
                "family": kind.family or None,
                "payloads": kind.payloads,
                "without_form": kind.formless,
                "fields": [_field(one) for one in fields],
                "examples": [_example(one) for one in kind.examples],
            }
            for kind, fields in listed(coverage)
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _field(one: Field) -> dict[str, Any]:
    return {
        "path": one.path,
        "ways": one.ways,
        "otherwise": one.is_otherwise,
        "seen": one.seen,
        **{str(status): times for status, times in one.times.items()},
        "losses": [
            {
                "kind": count.kind,
                "severity": count.severity,
                "reason": count.reason,
                "times": count.times,
                "first_line": count.line or None,
            }
            for count in one.losses.values()
        ],
    }


def _example(one: Example) -> dict[str, Any]:
    return {"line": one.line or None, "before": one.before, "after": one.after}
