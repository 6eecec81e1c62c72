"""The documents of diff cases: what a case does not say itself, `cases/diff/base.yaml` says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent

import yaml

from modelgen.loader import Documents, parse_root
from modelgen.loader.origins import Reach, origin

ROOT = Path(__file__).parent / "cases" / "diff"
CASES = sorted(path.parent for path in ROOT.glob("*/old.yaml"))


@cache
def document(path: Path) -> str:
    """The whole document of a file: one with neither paths nor components is the schemas of components."""
    body = path.read_text("utf-8")
    base = yaml.safe_load((ROOT / "base.yaml").read_text("utf-8"))
    own = yaml.compose(body, yaml.CSafeLoader)
    keys = {key.value for key, _ in own.value}
    if not keys & {"paths", "components"}:
        body, keys = f"components:\n  schemas:\n{indent(body, '    ')}", {"components"}
    return yaml.safe_dump({key: base[key] for key in base if key not in keys}) + body


def loaded(path: Path) -> Documents:
    text = document(path).encode()
    return Documents(parse_root(str(path), text), origin(str(path), Reach(), None))
