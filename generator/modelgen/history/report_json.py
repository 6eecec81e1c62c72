"""A history for programs; `history.schema.json` beside this module says what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .model import Event, History, Moment, Property, Schema, State

SCHEMA = Path(__file__).with_name("history.schema.json")


def render(history: History) -> str:
    data = {
        "versions": [
            {
                "label": version.label,
                "source": version.source,
                "title": version.title,
                "version": version.version,
            }
            for version in history.versions
        ],
        "schemas": [_schema(schema) for schema in history.schemas],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _schema(schema: Schema) -> dict[str, Any]:
    return {
        "id": schema.id,
        "names": [name or None for name in schema.names],
        "changes": [[_event(event) for event in events] for events in schema.events],
        "properties": [_property(row) for row in schema.properties],
    }


def _property(row: Property) -> dict[str, Any]:
    return {"id": row.id, "life": [_moment(moment) for moment in row.life]}


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "step": moment.step,
        "state": None if moment.state is None else _state(moment.state),
        "changes": [_event(event) for event in moment.events],
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "path": state.path,
        "type": state.type,
        "required": state.required,
        "nullable": state.nullable,
        "enum": [json.loads(value) for value in state.values] or None,
        "open": state.open,
        "default": None if state.default is None else {"value": json.loads(state.default)},
        "deprecated": state.deprecated,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "rule": event.rule,
        "path": event.path,
        "what": event.what,
        "verdict": dict(event.verdicts),
        "forgiven": event.forgiven,
        "score": event.score,
    }
