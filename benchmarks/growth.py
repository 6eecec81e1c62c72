"""How generation grows with the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import documents
from figures import Figure, interleave
from generation import FASTEST, cold, dmcg
from ground import Peers

SIZES = (100, 400)


@dataclass(frozen=True, slots=True)
class Step:
    """One size of the document, and what both needed for it."""

    schemas: int
    kilobytes: float
    theirs: Figure
    ours: Figure


def measure(document: Path, peers: Peers, work: Path, rounds: int) -> Iterator[Step]:
    """From small to whole, schemas only."""
    whole = documents.read(document)
    for size in (*SIZES, len(documents.schemas_of(whole))):
        part = documents.part(whole, size)
        path = work / f"part-{size}.yaml"
        documents.write(part, path)
        subjects = {
            "theirs": partial(dmcg, path, FASTEST, peers, work),
            "ours": partial(cold, path, work),
        }
        if size == SIZES[0]:
            interleave(subjects, 1)  # byte code
        figures = interleave(subjects, rounds)
        yield Step(len(documents.schemas_of(part)), path.stat().st_size / 1000, **figures)
