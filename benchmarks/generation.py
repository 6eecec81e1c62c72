"""Generating the models of a whole document: cold, and again with nothing changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from figures import Comparison, interleave
from ground import Peers, modelgen, seconds

OURS, UNCHANGED = "ours", "ours, nothing changed"


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to call datamodel-code-generator."""

    label: str
    options: tuple[str, ...]


# Measured over its options: without enum classes dataclasses are a quarter faster, and without a
# formatter a little more; a typed dict is the least that it can write. None of them has a codec.
DATACLASS = ("--output-model-type", "dataclasses.dataclass")
LITERALS = ("--enum-field-as-literal", "all")
FASTEST = Mode("DMCG dataclass, literals, no formatter", (*DATACLASS, *LITERALS, "--no-formatters"))
MODES = (
    Mode("DMCG dataclass, builtin formatter", (*DATACLASS, "--formatters", "builtin")),
    FASTEST,
    Mode(
        "DMCG TypedDict, no formatter",
        ("--output-model-type", "typing.TypedDict", "--no-formatters"),
    ),
)


def measure(document: Path, peers: Peers, work: Path, rounds: int) -> Iterator[Comparison]:
    """Ours cold and ours unchanged, each against every mode of the peer."""
    kept = work / "unchanged"
    subjects: dict[str, Callable[[], float]] = {
        OURS: partial(cold, document, work),
        UNCHANGED: partial(ours, document, kept, kept / "cache"),
        **{mode.label: partial(dmcg, document, mode, peers, work) for mode in MODES},
    }
    interleave(subjects, 1)  # byte code, disk cache, and the package that then stays unchanged
    figures = interleave(subjects, rounds)
    for measure, label, goal in (
        ("generate, cold", OURS, 0.2),
        ("generate, nothing changed", UNCHANGED, 0.05),
    ):
        for mode in MODES:
            yield Comparison(
                measure=measure,
                peer=mode.label,
                theirs=figures[mode.label],
                ours=figures[label],
                unit="s",
                goal=goal,
            )


def cold(document: Path, work: Path) -> float:
    """Ours into a fresh folder, with an empty cache."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        return ours(document, Path(folder), Path(folder) / "cache")


def ours(document: Path, folder: Path, cache: Path) -> float:
    command = [
        *modelgen(),
        "generate",
        str(document),
        "-o",
        str(folder),
        "--package",
        "bench_models",
    ]
    return seconds(command, env={"MODELGEN_CACHE_DIR": str(cache)})


def dmcg(document: Path, mode: Mode, peers: Peers, work: Path) -> float:
    with tempfile.TemporaryDirectory(dir=work) as folder:
        command = dmcg_command(document, mode, peers, Path(folder) / "bench_models.py")
        return seconds(command, cwd=work)


def dmcg_command(document: Path, mode: Mode, peers: Peers, target: Path) -> list[str]:
    return [
        peers.command("datamodel-codegen"),
        *("--ignore-pyproject", "--disable-warnings", "--input-file-type", "openapi"),
        *("--input", str(document), "--output", str(target)),
        *mode.options,
    ]
