"""How long `modelgen diff` takes, split into loading and comparing, and how that grows with the documents.

    MODELGEN_CORPUS=DIR python benchmarks/comparing.py [--rounds N]

compares the two newest documents below DIR/openai, and parts of them. Loading is reading, parsing and checking both;
comparing is everything after it. Figures are processor time, medians with the least in brackets. Each pair is compared
several times, and all reports must be the same bytes.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import documents
import report
from figures import Figure
from ground import corpus

from modelgen.diff.run import Options, compare
from modelgen.loader import load

SIZES = (100, 400)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure modelgen diff.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    found = corpus()
    if found is None:
        print("MODELGEN_CORPUS names no folder with openai/*.yaml", file=sys.stderr)
        return 2
    print(report.machine(), end="\n\n")
    old, new = sorted(found.folder.glob("openai/*.yaml"))[-2:]
    print(f"{old.name} to {new.name}", end="\n\n")
    print("| schemas | load | compare | changes |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="modelgen-bench-") as folder:
        for pair in _pairs(old, new, Path(folder)):
            print(_row(*pair, rounds), flush=True)
    return 0


def _pairs(old: Path, new: Path, work: Path) -> Iterator[tuple[Path, Path]]:
    """Parts of both documents without paths, then the whole ones."""
    wholes = documents.read(old), documents.read(new)
    for size in SIZES:
        paths = []
        for path, whole in zip((old, new), wholes, strict=True):
            part = work / f"{size}-{path.name}"
            documents.write(documents.part(whole, size), part)
            paths.append(part)
        yield paths[0], paths[1]
    yield old, new


def _row(old: Path, new: Path, rounds: int) -> str:
    loading, comparing, texts = [], [], set()
    schemas = changes = 0
    for _ in range(max(rounds, 2)):
        gc.collect()
        start = time.process_time()
        sides = load(str(old)), load(str(new))
        loaded = time.process_time()
        found = compare(*sides, Options())
        loading.append(loaded - start)
        comparing.append(time.process_time() - loaded)
        texts.add(found.text("json"))
        changes = len(found.comparison.changes)
        schemas = sum(len(documents.schemas_of(side.root.data)) for side in sides)
    if len(texts) > 1:
        raise SystemExit("two comparisons of the same documents differ")
    return f"| {schemas} | {_shown(loading)} | {_shown(comparing)} | {changes} |"


def _shown(samples: list[float]) -> str:
    figure = Figure(tuple(samples))
    return f"{figure.median:.2f} s ({min(samples):.2f})"


if __name__ == "__main__":
    sys.exit(main())
