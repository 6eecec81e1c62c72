"""The HTML of diff and history, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from click.testing import CliRunner

from browser import Opened, launched, opened
from modelgen import cli

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
REALTIME = sorted((ROOT / "specs" / "realtime").glob("2*.yaml"))
PICTURE = ROOT / "docs" / "history.png"
SCREENSHOTS = ROOT / "build" / "screenshots"
KINDS = ("diff", "history")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
ROW = "details.row"
SHOWN = "details.row:not([hidden])"

Open: TypeAlias = Callable[..., AbstractContextManager[Opened]]


def made(folder: Path, command: str, *sources: str | Path) -> Path:
    target = folder / f"{command}.html"
    arguments = [command, *map(str, sources), "--format", "html", "-o", str(target)]
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == 0, result.output
    return target


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both reports about the Realtime documents."""
    folder = tmp_path_factory.mktemp("reports")
    beta, ga = (path for path in REALTIME if path.stem in ("2025-07-04-beta", "2026-08-21-ga"))
    return {"diff": made(folder, "diff", beta, ga), "history": made(folder, "history", *REALTIME)}


@pytest.fixture(params=KINDS)
def file(request: pytest.FixtureRequest, files: dict[str, Path]) -> Path:
    return files[request.param]


def count(page: Page) -> int:
    """How many rows the page says it shows; it must be right."""
    said = int(page.locator("#count").inner_text().split()[0])
    assert page.locator(SHOWN).count() == said
    return said


# --- search and filters ---------------------------------------------------------------------------


def test_search_takes_words_in_any_order(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        everything = count(page)
        page.get_by_role("searchbox", name="Search").fill("voice")
        some = count(page)
        page.get_by_role("searchbox", name="Search").fill("voice  RealtimeResponse")
        fewer = count(page)
        assert everything > some > fewer > 0
        for text in page.locator(SHOWN).all_text_contents():
            assert "voice" in text.lower()
        page.get_by_role("searchbox").fill("realtimeresponse VOICE")
        assert count(page) == fewer
        page.get_by_role("searchbox").fill("no such thing")
        assert count(page) == 0
        assert page.locator("section.schema:visible").count() == 0
        page.get_by_role("button", name="Clear").click()
        assert count(page) == everything
        assert page.evaluate("document.activeElement.id") == "search"


@pytest.mark.parametrize("whom", ["sent", "received", "python"])
@pytest.mark.parametrize("verdict", ["breaks", "may-break", "safe"])
def test_filter_by_verdict(
    browser: Browser, files: dict[str, Path], whom: str, verdict: str
) -> None:
    with opened(browser, files["diff"], **DESKTOP) as found:
        page = found.page
        page.get_by_label("For", exact=True).select_option(whom)
        page.get_by_label("Verdict", exact=True).select_option(verdict)
        title = {"python": "Python"}.get(whom, whom)
        wanted = f"{title}: {verdict.replace('-', ' ')}"
        rows = page.locator(ROW).all()
        expected = [
            row for row in rows if wanted in (row.locator(".verdicts").text_content() or "")
        ]
        assert count(page) == len(expected)
        assert all(not row.get_attribute("hidden") for row in expected)


def test_filter_by_what_changed(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["history"], **DESKTOP) as found:
        page = found.page
        everything = count(page)
        page.get_by_label("Verdict", exact=True).select_option("any")
        changed = count(page)
        page.get_by_label("Verdict", exact=True).select_option("breaks")
        breaks = count(page)
        page.get_by_label("For", exact=True).select_option("sent")
        assert everything > changed > breaks > count(page) > 0


def test_filter_by_schema(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        everything = count(page)
        page.get_by_label("Schema", exact=True).select_option("RealtimeSession")
        assert everything > count(page) > 0
        for section in page.locator("section.schema:visible").all():
            text = section.locator("h2, .note, dt:text('schemas') + dd").all_text_contents()
            assert "RealtimeSession" in re.findall(r"\w+", " ".join(text))


# --- links ----------------------------------------------------------------------------------------


def test_a_link_opens_its_row_and_shows_it(browser: Browser, file: Path) -> None:
    id_ = re.findall(r'<details class="row" id="([^"]+)"', file.read_text("utf-8"))[40]
    with opened(browser, file, id_, **DESKTOP) as found:
        page = found.page
        row = page.locator(f'[id="{id_}"]')
        assert row.evaluate("row => row.open")
        assert "here" in (row.get_attribute("class") or "")
        assert page.evaluate("document.activeElement.parentElement.id") == id_
        box = row.locator("summary").bounding_box()
        bar = page.locator("#filters").bounding_box()
        assert box and bar and bar["y"] + bar["height"] <= box["y"] + 1 < 900
        assert page.locator(".here").count() == 1


def test_a_link_to_what_a_filter_hides_clears_the_filter(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        everything = count(page)
        row = page.locator(ROW).nth(3)
        row.locator("summary").click()
        link = row.get_by_role("link", name="Link to this row")
        id_ = row.get_attribute("id") or ""
        assert (link.get_attribute("href") or "") == f"#{id_}"
        link.click()
        assert page.url.endswith(f"#{id_}")
        page.get_by_role("searchbox").fill("no such thing")
        page.evaluate("location.hash = ''")
        page.evaluate("id => { location.hash = id }", id_)
        page.wait_for_function("document.querySelector('.here')")
        assert count(page) == everything


def test_every_row_and_schema_has_an_anchor_of_its_own(file: Path) -> None:
    found = re.findall(r' id="([^"]*)"', file.read_text("utf-8"))
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", id_) for id_ in found)


# --- keys -----------------------------------------------------------------------------------------


def test_the_keyboard_is_enough(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        everything = count(page)
        page.keyboard.press("/")
        page.keyboard.type("voice")
        assert page.get_by_role("searchbox").input_value() == "voice"
        assert count(page) < everything
        shown = page.locator(SHOWN)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert [row.evaluate("row => row.open") for row in shown.all()[:3]] == [False, True, False]
        page.keyboard.press("Tab")  # into the row
        assert shown.nth(1).evaluate("row => row.contains(document.activeElement)")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "search"
        page.keyboard.type("/")  # in the box it is a letter
        assert page.get_by_role("searchbox").input_value().endswith("/")
        page.keyboard.press("Escape")
        assert count(page) == everything
        page.keyboard.press("Control+a")
        assert count(page) == everything


def test_open_all_opens_what_is_shown(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        page.get_by_role("searchbox").fill("voice")
        some = count(page)
        page.get_by_role("button", name="Open all").click()
        assert page.locator("details.row[open]").count() == some
        page.get_by_role("button", name="Close all").click()
        assert page.locator("details.row[open]").count() == 0


# --- who reads it ---------------------------------------------------------------------------------


def test_landmarks_and_labels(browser: Browser, file: Path) -> None:
    with opened(browser, file, **DESKTOP) as found:
        page = found.page
        for role in ("banner", "main", "search", "contentinfo", "status"):
            assert page.get_by_role(role).count() == 1, role
        assert page.get_by_role("heading", level=1).count() == 1
        for name in ("Schema", "For", "Verdict"):
            assert page.get_by_role("combobox", name=name, exact=True).count() == 1
        assert page.locator("#count").get_attribute("aria-live") == "polite"
        sections = page.locator("section.schema").count()
        assert page.get_by_role("region").count() == sections
        assert page.get_by_role("heading", level=2).count() == sections
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.title()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"


def test_the_life_of_a_property_is_said_in_words(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["history"], "RealtimeSessionCreateRequest.voice") as found:
        life = found.page.locator(".here").get_by_role("img")
        assert life.get_attribute("aria-label") == "in 2-5, 7; changed in 3; renamed or moved in 4"


CONTRAST = """() => {
  const channels = (color) => {
    const parts = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith("color(") ? parts.map((p, n) => (n < 3 ? p * 255 : p)) : parts;
  };
  const light = (color) => channels(color).slice(0, 3)
    .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faults = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility() || node.tagName === "SCRIPT") continue;
    const pair = [getComputedStyle(node).color, behind(node)];
    const [low, high] = pair.map(light).sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faults.set(`${node.tagName}.${node.className} ${pair}`, ratio);
  }
  return [...faults];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(browser: Browser, file: Path, scheme: str) -> None:
    with opened(browser, file, color_scheme=scheme, **DESKTOP) as found:
        page = found.page
        page.get_by_role("searchbox").fill("RealtimeSession voice")
        page.get_by_role("button", name="Open all").click()
        page.evaluate("id => { location.hash = id }", page.locator(SHOWN).first.get_attribute("id"))
        page.wait_for_function("document.querySelector('.here')")
        assert page.evaluate(CONTRAST) == []


def test_dark_and_light(browser: Browser, file: Path) -> None:
    shade = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, file, color_scheme="light", **DESKTOP) as found:
        light = found.page.evaluate(shade)
    with opened(browser, file, color_scheme="dark", **DESKTOP) as found:
        page = found.page
        dark = page.evaluate(shade)
        assert light != dark
        button = page.get_by_role("button", name="Dark or light")
        button.click()
        assert page.evaluate(shade) == light
        page.reload()
        assert page.evaluate(shade) == light
        button.click()
        assert page.evaluate(shade) == dark


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_page_is_never_wider_than_its_window(browser: Browser, file: Path, width: int) -> None:
    phone = {**PHONE, "viewport": {"width": width, "height": 740}}
    with opened(browser, file, **phone) as found:
        page = found.page
        page.get_by_role("button", name="Open all").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_a_document_without_its_script(browser: Browser, file: Path) -> None:
    with opened(browser, file, java_script_enabled=False, **DESKTOP) as found:
        page = found.page
        assert not page.locator("#filters").is_visible()
        assert not page.locator("#theme").is_visible()
        row = page.locator(ROW).first
        row.locator("summary").click()
        assert row.locator(".body").is_visible()


def test_both_schemas_stand_beside_each_other(browser: Browser, files: dict[str, Path]) -> None:
    for context, is_beside in ((DESKTOP, True), (PHONE, False)):
        with opened(browser, files["diff"], **context) as found:
            page = found.page
            row = page.locator(ROW).filter(has_text="max-length-set").first
            row.locator("summary").click()
            before, after = (figure.bounding_box() for figure in row.locator("figure").all())
            assert before and after
            assert (before["y"] == after["y"]) == is_beside
            numbers = row.locator("pre").first.locator(".number").all_text_contents()
            assert [int(n) for n in numbers] == list(range(int(numbers[0]), int(numbers[-1]) + 1))


# --- text of strangers ----------------------------------------------------------------------------

HOSTILE = (
    "<script>hacked=1</script>",
    "</script><script>hacked=2</script>",
    '"><img src=x onerror=hacked=3>',
    "' onmouseover='hacked=4",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:hacked=5",
    "</style><style>body{display:none}",
    "<!-- -->]]>&lt;b&gt;\u202e\x1b",
)


def hostile(version: int) -> dict[str, Any]:
    """A document with hostile text wherever there is text."""
    schemas = {
        text: {
            "title": text,
            "description": f"{text} {version}",
            "type": "object",
            "required": [text] if version > 1 else [],
            "properties": {
                text: {"type": "string", "pattern": f"{version}", "default": text},
                f"{text} {version}": {"type": "string", "enum": [text, f"{version}{text}"]},
                "kept": {"type": "string", "enum": [text, f"{version}{text}"]},
            },
        }
        for text in HOSTILE
    }
    info = {"title": HOSTILE[0], "version": f"{HOSTILE[1]} {version}"}
    return {"openapi": "3.1.0", "info": info, "components": {"schemas": schemas}}


@pytest.fixture(scope="module")
def hostile_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    sources = [folder / f"<img src=x onerror=hacked=6> {n}.json" for n in (1, 2)]
    for version, path in enumerate(sources, 1):
        path.write_text(json.dumps(hostile(version), indent=2 if version == 1 else None))
    return {kind: made(folder, kind, *sources) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_a_document_stays_text(
    browser: Browser, hostile_files: dict[str, Path], kind: str
) -> None:
    with opened(browser, hostile_files[kind], **DESKTOP) as found:
        page = found.page
        page.get_by_role("button", name="Open all").click()
        assert page.evaluate("typeof hacked") == "undefined"
        assert (
            page.locator("img, iframe, object, body style, [onerror], [onmouseover]").count() == 0
        )
        assert page.locator("script").count() == 1
        assert page.locator("body").is_visible()
        headings = page.get_by_role("heading", level=2).all_text_contents()
        for text in HOSTILE:
            shown = text.replace("\u202e", "\\u202e").replace("\x1b", "\\u001b")
            assert any(shown in heading for heading in headings), text
            page.get_by_label("Schema", exact=True).select_option(label=shown)
            assert page.locator(SHOWN).count() > 0
        links = page.locator("a").evaluate_all("nodes => nodes.map(n => n.getAttribute('href'))")
        assert all(re.fullmatch(r"#[A-Za-z0-9_.-]+", link) for link in links)
        assert page.evaluate("typeof hacked") == "undefined"


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_stops_what_would_get_through(
    browser: Browser, hostile_files: dict[str, Path], kind: str
) -> None:
    """A script, a style and an image put into the file by other means do nothing."""
    file = hostile_files[kind]
    bad = (
        "<script>hacked=7</script><style>body{display:none}</style>"
        '<img src="https://example.com/x.png" onerror="hacked=8"><p style="color:red" id="red">x</p>'
    )
    text = file.read_text("utf-8").replace('<main id="report">', f'<main id="report">{bad}')
    changed = file.with_name(f"{kind}-changed.html")
    changed.write_text(text, encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("requestfinished", lambda request: requests.append(request.url))
    page.goto(changed.as_uri())
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("body").is_visible()
    assert page.evaluate("getComputedStyle(red).color") != "rgb(255, 0, 0)"
    assert requests == [changed.as_uri()]
    context.close()


class Resources(HTMLParser):
    """Everything that an HTML file may bring from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            (tag, name, value) for name, value in attrs if name in ("src", "href", "style")
        ]


def test_the_file_is_alone(file: Path) -> None:
    resources = Resources()
    resources.feed(file.read_text("utf-8"))
    outside = [item for item in resources.found if not (item[2] or "").startswith("#")]
    assert outside == [("link", "href", "data:,")]


def test_the_file_names_no_folder_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    for kind in KINDS:
        text = made(tmp_path, kind, *(path.relative_to(ROOT) for path in REALTIME[4:6])).read_text()
        assert str(ROOT) not in text and str(tmp_path) not in text


def test_the_heading_of_a_schema_stays_in_sight(browser: Browser, files: dict[str, Path]) -> None:
    """The numbers of the versions stand in it, over the columns."""
    with opened(browser, files["history"], **DESKTOP) as found:
        page = found.page
        page.locator("#RealtimeSessionCreateRequest .row").nth(20).evaluate(
            "row => scrollTo(0, row.getBoundingClientRect().top + scrollY - innerHeight / 2)"
        )
        head = page.locator("#RealtimeSessionCreateRequest .numbers").bounding_box()
        filters = page.locator("#filters").bounding_box()
        assert head is not None and filters is not None
        assert filters["y"] == 0
        assert abs(head["y"] - filters["height"]) < 12


def test_no_change_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, "diff", REALTIME[0], REALTIME[0])) as found:
        assert found.page.get_by_text("No change.").is_visible()
        assert count(found.page) == 0


# --- for people -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "context"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_screenshots(
    browser: Browser, files: dict[str, Path], size: str, context: dict[str, Any], scheme: str
) -> None:
    """Kept below build/ to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for kind, anchor in (("diff", ""), ("history", "RealtimeSessionCreateRequest.voice")):
        with opened(browser, files[kind], anchor, color_scheme=scheme, **context) as found:
            page = found.page
            if kind == "diff":
                page.locator(ROW).filter(has_text="max-length-set").first.locator("summary").click()
            target = SCREENSHOTS / f"{kind}-{size}-{scheme}.png"
            target.write_bytes(page.screenshot())
            assert target.stat().st_size > 10_000


def test_the_picture_of_the_documentation(
    browser: Browser, files: dict[str, Path], update_golden: bool
) -> None:
    """Written by --update-golden: fonts differ from machine to machine."""
    with opened(browser, files["history"], color_scheme="light", **DESKTOP) as found:
        page = found.page
        page.get_by_role("searchbox").fill("RealtimeSessionCreateRequestGA audio.output")
        row = page.locator(SHOWN).filter(has=page.get_by_text("audio.output.voice", exact=True))
        row.first.locator("summary").click()
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        if update_golden:
            PICTURE.write_bytes(page.screenshot())
    assert PICTURE.stat().st_size < 300_000
