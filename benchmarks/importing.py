"""Importing one session model in a fresh interpreter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import documents
from figures import Comparison, Figure, SubjectError, interleave
from ground import EVENT, SESSION, WORKERS, Peers, modelgen, output

PEER = "openai.types.realtime"
WITHOUT_RULES, BY_RULES = "whole document, no rules", "Realtime, by module rules"
SIDE_EFFECTS = (("modules loaded by it", "modules", ""), ("memory taken by it", "megabytes", "MB"))


@dataclass
class Import:
    """An import statement, and what it took beside time."""

    module: str
    name: str
    folder: Path
    python: Path
    modules: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def milliseconds(self) -> float:
        command = [str(self.python), str(WORKERS / "import_one.py"), self.module, self.name]
        taken = json.loads(output(command, env={"PYTHONPATH": str(self.folder)}))
        self.modules.append(taken["modules"])
        self.megabytes.append(taken["kilobytes"] / 1000)
        return float(taken["seconds"]) * 1000


def measure(
    document: Path, package: str, peers: Peers, work: Path, rounds: int
) -> Iterator[Comparison]:
    """Ours of the whole document without rules, and a part of it cut by rules, against the openai SDK."""
    cut = f"{package}_cut"
    with suppress(SubjectError):  # the import will say that there is nothing to import
        _generate_by_rules(document, cut, work)
    imports = {
        PEER: Import(PEER, "RealtimeSessionCreateRequest", work, peers.python),
        WITHOUT_RULES: Import(package, SESSION, work, peers.python),
        BY_RULES: Import(cut, SESSION, work, peers.python),
    }
    subjects: dict[str, Callable[[], float]] = {
        label: statement.milliseconds for label, statement in imports.items()
    }
    interleave(subjects, 1)  # byte code
    figures = interleave(subjects, rounds)
    for variant in (WITHOUT_RULES, BY_RULES):
        yield Comparison(
            measure="import one session model",
            peer=PEER,
            theirs=figures[PEER],
            ours=figures[variant],
            unit="ms",
            goal=0.08,
            variant=variant,
        )
        for measure, what, unit in SIDE_EFFECTS:
            yield Comparison(
                measure=f"  {measure}",
                peer=PEER,
                theirs=Figure(tuple(getattr(imports[PEER], what))),
                ours=Figure(tuple(getattr(imports[variant], what))),
                unit=unit,
                variant=variant,
            )


def _generate_by_rules(document: Path, package: str, work: Path) -> None:
    """The Realtime package with the session and the server events in modules of their own."""
    schemas = documents.schemas_of(documents.read(document))
    session = documents.closure(schemas, SESSION)
    events = documents.closure(schemas, EVENT) - session
    table = f"tool.modelgen.packages.{package}"
    lines = [
        f"[{table}]",
        f"input = {json.dumps(str(document))}",
        f"output = {json.dumps(str(work))}",
        'select = ["Realtime*"]',
    ]
    for name, select in (("session", session), ("events", events)):
        lines += [
            f"[[{table}.modules]]",
            f'name = "{name}"',
            f"select = {json.dumps(sorted(select))}",
        ]
    project = work / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    output(
        [*modelgen(), "generate"], cwd=project, env={"MODELGEN_CACHE_DIR": str(project / "cache")}
    )
