"""Options and fixtures for all tests."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import pytest

from tls_server import certificate, context, names, plain, server

__all__ = ["certificate", "context", "names", "plain", "server"]


@cache
def draw_the_same_examples() -> None:
    """A run draws the same examples each time; MODELGEN_EXAMPLES asks for more of them, and for others each time."""
    from hypothesis import HealthCheck, settings

    # What a loaded machine takes long to draw is no fault of the tests.
    settings.register_profile(
        "steady", derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
    if not os.environ.get("MODELGEN_EXAMPLES"):
        settings.load_profile("steady")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Before a module with property tests is imported; others do not wait for the import of hypothesis."""
    if isinstance(collector, pytest.Module) and "hypothesis" in collector.path.read_text("utf-8"):
        draw_the_same_examples()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing imported hypothesis, its plugin need not import it for a summary."""
    if "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the cases expect, and remove what they no longer do",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or leaves a record of the user's."""
    folder = tmp_path_factory.getbasetemp() / "modelgen-cache"
    monkeypatch.setenv("MODELGEN_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A folder of real documents and payloads, which are not part of this repository."""
    folder = os.environ.get("MODELGEN_CORPUS")
    if not folder:
        pytest.skip("MODELGEN_CORPUS is not set")
    return Path(folder)
