from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser

from tests.live.shown_portal import FOLDERS, MAPPED, Scheme, Window, browser, portal_in, served

pytestmark = [pytest.mark.portal, pytest.mark.live]

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
DESKTOP, PHONE = Window(1280), Window(390)
WINDOWS = [DESKTOP, PHONE, Window(1280, "dark"), Window(390, "dark")]
LEAST_TARGET, LEAST_CONTRAST = 24, 3
PLACES = ["", *(f"{folder}/" for folder in FOLDERS)]
FILES = ["index.html", "index.en.html"]
PAGES = [place + file for place in PLACES for file in FILES]

OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FILL = "(name) => getComputedStyle(document.querySelector(name)).fill"
STROKE = "(name) => getComputedStyle(document.querySelector(name)).stroke"
MOVING = """[...document.querySelectorAll("*")].map((e) => getComputedStyle(e)).filter(
  (s) => s.scrollBehavior !== "auto" || s.transitionDuration !== "0s" || s.animationName !== "none"
).length"""
SMALL = """(least) => [...document.querySelectorAll("a, button, input, summary")]
  .filter((e) => e.checkVisibility() && !e.closest("p, dd, td, .skip"))
  .map((e) => [e.closest("label, .card") ?? e, e.textContent.trim()])
  .map(([e, text]) => [e.getBoundingClientRect(), text])
  .filter(([box]) => Math.min(box.width, box.height) < least)
  .map(([box, text]) => `${text} ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(portal_in(tmp_path_factory.mktemp("shown"))) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def broken(results: dict[str, list[dict[str, object]]]) -> list[str]:
    return [f"{rule['id']}: {rule['help']}: {rule['nodes']}" for rule in results["violations"]]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_axe_finds_nothing_wrong(chromium: Browser, address: str, axe: str, window: Window) -> None:
    asked = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
    found: dict[str, list[str]] = {}
    with window.tab(chromium) as tab:
        for path in PAGES:
            tab.goto(address + path)
            tab.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
            tab.evaluate(axe)
            found[path] = broken(tab.evaluate("(asked) => axe.run(document, asked)", asked))
    assert found == {path: [] for path in PAGES}


def test_no_page_scrolls_sideways_on_the_narrowest_phone(chromium: Browser, address: str) -> None:
    with Window(320).tab(chromium) as tab:
        for path in PAGES:
            tab.goto(address + path)
            assert not tab.evaluate(OVERFLOWS), path


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=str)
def test_text_of_twice_the_size_fits(chromium: Browser, address: str, window: Window) -> None:
    with window.tab(chromium) as tab:
        for path in PAGES:
            tab.goto(address + path)
            tab.add_style_tag(content="html { font-size: 200% }")
            assert not tab.evaluate(OVERFLOWS), path


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=str)
def test_what_is_pressed_is_large_enough(chromium: Browser, address: str, window: Window) -> None:
    with window.tab(chromium) as tab:
        for path in PAGES:
            tab.goto(address + path)
            assert tab.evaluate(SMALL, LEAST_TARGET) == [], path


def test_nothing_moves_for_those_who_ask_for_that(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(f"{address}{MAPPED}/index.html")
        assert tab.evaluate(MOVING) == 0


def test_each_page_says_its_language_and_what_is_in_the_other(
    chromium: Browser, address: str
) -> None:
    with DESKTOP.tab(chromium) as tab:
        for path in PAGES:
            tab.goto(address + path)
            own, other = ("en", "nb") if path.endswith(".en.html") else ("nb", "en")
            assert tab.locator("html").get_attribute("lang") == own
            assert tab.locator(f".foreign[lang={other}]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_on_a_map_stand_out_from_the_paper(
    chromium: Browser, address: str, scheme: Scheme
) -> None:
    with Window(1280, scheme).tab(chromium) as tab:
        tab.goto(f"{address}{MAPPED}/index.html")
        fills = [tab.evaluate(FILL, name) for name in (".dots circle", ".paper")]
        strokes = [tab.evaluate(STROKE, ".frame"), fills[1]]
    assert contrast(*fills) >= LEAST_CONTRAST
    assert contrast(*strokes) >= LEAST_CONTRAST


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
