"""Measure the generator and its output side by side with their peers.

    MODELGEN_CORPUS=DIR python benchmarks/run.py [--quick] [--json FILE] [--only MEASURE]...

The peers are installed into a throw-away environment in the user's cache folder. Samples of ours
and theirs are taken in turn; figures are medians, with the least in brackets.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import conversion
import events
import generation
import growth
import importing
import report
from figures import Comparison, SubjectError
from ground import REPOSITORY, Corpus, Peers, corpus, modelgen, output, peers

MEASURES = ("generate", "import", "events", "convert", "growth")
PACKAGE = "bench_realtime"


def main() -> int:
    arguments = _arguments()
    found = corpus()
    try:
        environment = peers()
        versions = environment.versions()
    except SubjectError as failure:
        print(f"the peers cannot be installed: {failure}", file=sys.stderr)
        return 2
    print(report.machine())
    print(", ".join(f"{name} {version}" for name, version in versions.items()), end="\n\n")
    rows: list[Comparison] = []
    steps: list[growth.Step] = []
    with tempfile.TemporaryDirectory(prefix="modelgen-bench-") as folder:
        work = Path(folder)
        if found is None and set(arguments.only) != {"convert"}:
            rows += _without_corpus(environment, work, arguments.rounds)
        elif found is not None:
            rows += _comparisons(found, arguments.only, environment, work, arguments.rounds)
        if "convert" in arguments.only:
            rows += conversion.measure(work, min(arguments.rounds, 3), arguments.lines)
        if rows:
            print(report.table(rows), end="\n\n")
        if found is not None and "growth" in arguments.only:
            steps += growth.measure(found.document, environment, work, arguments.rounds)
            print(report.growth(steps, generation.FASTEST.label))
    if arguments.json:
        arguments.json.write_text(report.as_json(rows, steps, versions), encoding="utf-8")
    return 0


def _comparisons(
    found: Corpus, only: list[str], environment: Peers, work: Path, rounds: int
) -> Iterator[Comparison]:
    document = found.document
    if "import" in only or "events" in only:
        _realtime_package(document, work)
    measures: dict[str, Callable[[], Iterator[Comparison]]] = {
        "generate": lambda: generation.measure(document, environment, work, rounds),
        "import": lambda: importing.measure(document, PACKAGE, environment, work, 2 * rounds),
        "events": lambda: events.measure(found, PACKAGE, environment, work, 3 * rounds),
    }
    for name, measure in measures.items():
        if name in only:
            try:
                yield from measure()
            except SubjectError as failure:
                print(f"{name}: {failure}", file=sys.stderr)


def _without_corpus(environment: Peers, work: Path, rounds: int) -> Iterator[Comparison]:
    """Generation only, of the largest document that this repository has."""
    print("MODELGEN_CORPUS is not set: only what the repository's own documents allow is measured")
    documents = [
        path
        for path in (REPOSITORY / "specs").rglob("*.yaml")
        if "\nopenapi:" in "\n" + path.read_text(encoding="utf-8")
    ]
    if not documents:
        print("specs/ holds no OpenAPI document")
        return
    document = max(documents, key=lambda path: path.stat().st_size)
    print(f"generating from {document.relative_to(REPOSITORY)}", end="\n\n")
    yield from generation.measure(document, environment, work, rounds)


def _realtime_package(document: Path, work: Path) -> None:
    command = [*modelgen(), "generate", str(document), "-o", str(work), "--package", PACKAGE]
    try:
        output([*command, "--select", "Realtime*"], env={"MODELGEN_CACHE_DIR": str(work / "cache")})
    except SubjectError as failure:
        print(f"{PACKAGE}: {failure}", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="two rounds instead of seven")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples to FILE")
    parser.add_argument(
        "--only",
        action="append",
        choices=MEASURES,
        help="this measure only; may be repeated",
    )
    arguments = parser.parse_args()
    arguments.lines = 100_000 if arguments.quick else 1_000_000
    arguments.rounds = 2 if arguments.quick else 7
    arguments.only = arguments.only or list(MEASURES)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
