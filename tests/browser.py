"""A real browser for tests of HTML: the machine's own chromium, with a page that notes what it asks for and complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str:
    """The browser of this machine; without one the test is skipped, unless MODELGEN_NEEDS_BROWSER says that there must be."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        reason = f"there is no browser: none of {', '.join(NAMES)}"
        if os.environ.get("MODELGEN_NEEDS_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Opened:
    """A page in a window of its own."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, file: Path, anchor: str = "", **context: Any) -> Iterator[Opened]:
    """The page of a file. At the end it must have asked for nothing but itself, and complained of nothing."""
    window = browser.new_context(**context)
    try:
        page = window.new_page()
        found = Opened(page)
        page.set_default_timeout(10_000)
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.complaints.append(message.text))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
        url = file.as_uri()
        page.goto(f"{url}#{anchor}" if anchor else url)
        yield found
        assert {request.partition("#")[0] for request in found.requests} == {url}
        assert found.complaints == []
    finally:
        window.close()
