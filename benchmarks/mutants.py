"""How many random faults in the generator do its cases and unit tests notice?

    pip install mutmut
    python benchmarks/mutants.py [--count 300] [--seed 1] [--only GLOB]

Draws mutants, by mutmut's operators, over the conversions, the reconciler and the walk of the diff. Each is put into
a copy of the project that has no `generated/`, and the tests that concern its room run there until one fails. Prints
the survivors as diffs, and how many there are of each kind.
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue

PROJECT = Path(__file__).parents[1]
COPIED = (
    "generator",
    "templates",
    "tests",
    "specs",
    "docs",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
)
SECONDS = 120  # a mutant that runs longer does not end: the tests notice that

# A room, the modules in it that count, and the tests that are about them.
CONVERSIONS = ("tests/test_reconcile_cases.py", "tests/test_reconciler.py")
RECONCILE = ("tests/test_maps.py", *CONVERSIONS)
DIFF = ("tests/test_diff.py",)
ROOMS: dict[str, tuple[str, ...]] = {
    "emit/conversions/*.py": CONVERSIONS,
    "reconcile/*.py": RECONCILE,
    "diff/*.py": DIFF,
}
# What a report looks like is not the walk, rules are a table, and lists of exports are no code.
LEFT_OUT = (
    "*/__init__.py",
    "diff/report_*",
    "diff/bounds.py",
    "diff/formats.py",
    "diff/legible.py",
    "diff/sources.py",
    "diff/run.py",
    "diff/wording.py",
    "diff/baseline.py",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one fault: its path below the package, the kind of node that was changed, and both texts."""

    module: str
    kind: str
    before: str
    after: str
    tests: tuple[str, ...]

    @property
    def diff(self) -> str:
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), self.module, "mutant", "", "", 1
        )
        return "\n".join(line for line in lines if not line.startswith("+++"))


def mutants(only: str) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Every mutant, as its module, its tests and its number within the module."""
    from mutmut.mutation.file_mutation import create_mutations

    package = PROJECT / "generator" / "modelgen"
    for glob, tests in ROOMS.items():
        for path in sorted(package.glob(glob)):
            module = path.relative_to(package).as_posix()
            left_out = any(fnmatch(module, pattern) for pattern in LEFT_OUT)
            if not left_out and fnmatch(module, only):
                _, made, *_ = create_mutations(str(path), path.read_text("utf-8"))
                yield from ((module, tests, n) for n in range(len(made)))


def mutant(module: str, tests: tuple[str, ...], number: int) -> Mutant:
    from mutmut.mutation.file_mutation import create_mutations

    path = PROJECT / "generator" / "modelgen" / module
    before = path.read_text("utf-8")
    tree, made, *_ = create_mutations(str(path), before)
    changed = made[number]
    after = tree.deep_replace(changed.original_node, changed.mutated_node)
    return Mutant(module, type(changed.original_node).__name__, before, after.code, tests)


def is_killed(found: Mutant, copy: Path) -> bool:
    """Whether a test fails, or does not end, with a mutant in place."""
    path = copy / "generator" / "modelgen" / found.module
    path.write_text(found.after, "utf-8")
    try:
        return not passes(copy, found.tests)
    finally:
        path.write_text(found.before, "utf-8")


def passes(copy: Path, tests: Sequence[str]) -> bool:
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy / "generator"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("MODELGEN_CORPUS", None)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        run = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def copies(folder: Path, count: int) -> list[Path]:
    """Copies of the project without what it generates, one for each mutant that is tried at the same time."""
    made = [folder / str(n) for n in range(count)]
    for copy in made:
        copy.mkdir()
        for name in COPIED:
            source = PROJECT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
    return made


def survivors(drawn: Sequence[tuple[str, tuple[str, ...], int]], folder: Path) -> list[Mutant]:
    """The mutants that no test notices."""
    free: SimpleQueue[Path] = SimpleQueue()
    workers = os.cpu_count() or 1
    for copy in copies(folder, workers):
        for tests in dict.fromkeys(tests for _, tests, _ in drawn):
            if not passes(copy, tests):
                sys.exit(f"{' '.join(tests)} fail without any mutant")
        free.put(copy)

    def tried(which: tuple[str, tuple[str, ...], int]) -> Mutant | None:
        made = mutant(*which)
        copy = free.get()
        try:
            killed = is_killed(made, copy)
        finally:
            free.put(copy)
        print("." if killed else "S", end="", file=sys.stderr, flush=True)
        return None if killed else made

    with ThreadPoolExecutor(workers) as pool:
        return [made for made in pool.map(tried, drawn) if made is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="*", help="modules below the package, as a glob")
    options = parser.parse_args()
    every = list(mutants(options.only))
    drawn = random.Random(options.seed).sample(every, min(options.count, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        alive = survivors(drawn, Path(folder))
    print(file=sys.stderr)
    for survivor in alive:
        print(survivor.diff, end="\n\n")
    killed = len(drawn) - len(alive)
    print(f"{killed} of {len(drawn)} killed ({killed / len(drawn):.0%}), drawn from {len(every)}")
    for kind, count in Counter((m.module.split("/")[0], m.kind) for m in alive).most_common():
        print(f"{count:4} {' '.join(kind)}")


if __name__ == "__main__":
    main()
