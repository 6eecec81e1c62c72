"""Every row of the anomaly table has a case that shows it, and no case shows another one unannounced."""

from __future__ import annotations

import pytest

from case_kinds import ROOT
from modelgen.normalizer.anomalies import KINDS


@pytest.mark.parametrize("code", KINDS)
def test_every_anomaly_has_a_case(code: str) -> None:
    listed = (ROOT / "anomalies" / code / "anomalies.txt").read_text(encoding="utf-8")
    assert f"\n{code} " in f"\n{listed}"
