"""The HTML report of `modelgen convert`, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from browser import launched, opened
from modelgen import cli
from test_html import CONTRAST, DESKTOP, HOSTILE, ROW, SCREENSHOTS, SHOWN, Resources, count

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
PAYLOADS = ROOT / "tests" / "cases" / "reports" / "convert" / "payloads.jsonl"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def made(target: Path, *arguments: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        options = ["convert", "--to", "ga", "--report", "html", *arguments]
        done = CliRunner().invoke(cli.main, options)
    assert done.exit_code in (0, 2), done.output
    target.write_text(done.stdout, encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("reports") / "convert.html"
    return made(target, "--from", "beta", str(PAYLOADS))


def test_search_and_filters(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        everything = count(page)
        became = page.get_by_label("What became of it", exact=True)
        for status in ("refused", "lost", "carried", "example"):
            became.select_option(status)
            assert 0 < count(page) < everything
            for mark in page.locator(f"{SHOWN} .mark").all_inner_texts():
                assert mark == status or (mark, status) == ("missing", "refused")
        page.get_by_role("button", name="Clear").click()
        page.get_by_label("Payload", exact=True).select_option(label="session.update")
        some = count(page)
        page.get_by_role("searchbox").fill("voice lost")
        assert everything > some > count(page) > 0
        page.keyboard.press("Escape")
        assert count(page) == everything


def test_a_field_says_where_it_went_and_what_was_lost(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        row = page.locator(ROW).filter(has_text="$.session.temperature").last
        assert "lost 1" in row.locator(".verdicts").inner_text()
        row.locator("summary").click()
        assert "dropped: It was removed in 2025-09" in row.locator(".told").inner_text()
        row = page.locator(ROW).filter(has_text="$.session.modalities")
        assert "→ $.session.output_modalities" in row.last.locator("summary").inner_text()
        assert page.get_by_text("line 5: It is not JSON").is_visible()


def test_before_and_after_stand_beside_each_other(browser: Browser, file: Path) -> None:
    for context, is_beside in ((DESKTOP, True), (PHONE, False)):
        with opened(browser, file, **context) as found:
            row = found.page.locator(ROW).filter(has_text="example").first
            row.locator("summary").click()
            before, after = (figure.bounding_box() for figure in row.locator("figure").all())
            assert before and after
            assert (before["y"] == after["y"]) == is_beside
            differing = row.locator(".differs").all_inner_texts()
            assert any("output_text" in line for line in differing)


def test_a_document_by_itself_shows_what_it_becomes(browser: Browser, tmp_path: Path) -> None:
    source = tmp_path / "update.json"
    source.write_text(json.dumps({"type": "session.update", "session": {"voice": "alloy"}}))
    with opened(browser, made(tmp_path / "r.html", str(source)), **DESKTOP) as found:
        assert found.page.locator("figure").last.is_visible()
        assert found.page.get_by_text("1 payload converted to ga.").is_visible()


def test_landmarks_labels_and_anchors(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        for role in ("banner", "main", "search", "contentinfo", "status"):
            assert page.get_by_role(role).count() == 1, role
        assert page.get_by_role("heading", level=1).inner_text() == "Conversion"
        sections = page.locator("section.schema").count()
        assert page.get_by_role("region").count() == sections == 3
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    ids = re.findall(r' id="([^"]*)"', file.read_text("utf-8"))
    assert len(ids) == len(set(ids))
    with opened(browser, file, next(id_ for id_ in ids if ".2" in id_), **DESKTOP) as found:
        assert found.page.locator(".here").evaluate("row => row.open")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(browser: Browser, file: Path, scheme: str) -> None:
    with opened(browser, file, color_scheme=scheme, **DESKTOP) as found:
        found.page.get_by_role("button", name="Open all").click()
        assert found.page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_page_is_never_wider_than_its_window(browser: Browser, file: Path, width: int) -> None:
    phone: dict[str, Any] = {**PHONE, "viewport": {"width": width, "height": 740}}
    with opened(browser, file, **phone) as found:
        found.page.get_by_role("button", name="Open all").click()
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_a_document_without_its_script(browser: Browser, file: Path) -> None:
    with opened(browser, file, java_script_enabled=False, **DESKTOP) as found:
        assert not found.page.locator("#filters").is_visible()
        row = found.page.locator(ROW).first
        row.locator("summary").click()
        assert row.locator(".body").is_visible()


def test_text_of_payloads_stays_text(browser: Browser, tmp_path: Path) -> None:
    source = tmp_path / "<img src=x onerror=hacked=6>.jsonl"
    source.write_text(
        "".join(json.dumps({"type": text, text: {"a": text}}) + "\n" for text in HOSTILE)
        + "".join(f"{text}\n" for text in HOSTILE)
    )
    with opened(browser, made(tmp_path / "r.html", str(source)), **DESKTOP) as found:
        page = found.page
        page.get_by_role("button", name="Open all").click()
        assert page.evaluate("typeof hacked") == "undefined"
        assert page.locator("img, iframe, object, body style, [onerror]").count() == 0
        assert page.locator("script").count() == 1
        headings = page.get_by_role("heading", level=2).all_text_contents()
        for text in HOSTILE:
            shown = text.replace("\u202e", "\\u202e").replace("\x1b", "\\u001b")
            assert any(shown in heading for heading in headings), text


def test_the_file_is_alone(file: Path) -> None:
    resources = Resources()
    resources.feed(file.read_text("utf-8"))
    outside = [item for item in resources.found if not (item[2] or "").startswith("#")]
    assert outside == [("link", "href", "data:,")]


def test_nothing_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    source = tmp_path / "none.jsonl"
    source.touch()
    with opened(browser, made(tmp_path / "r.html", str(source))) as found:
        assert found.page.get_by_text("No payload.").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "context"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_screenshots(
    browser: Browser, file: Path, size: str, context: dict[str, Any], scheme: str
) -> None:
    """Kept below build/ to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with opened(browser, file, color_scheme=scheme, **context) as found:
        page = found.page
        page.locator(ROW).filter(has_text="example").first.locator("summary").click()
        page.locator(ROW).filter(has_text="$.session.temperature").last.locator("summary").click()
        target = SCREENSHOTS / f"convert-{size}-{scheme}.png"
        target.write_bytes(page.screenshot(full_page=True))
        assert target.stat().st_size > 10_000
