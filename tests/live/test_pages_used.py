from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.live.shown_portal import (
    BARE,
    CROWDED,
    FOLDERS,
    MAPPED,
    WIDE,
    Window,
    browser,
    portal_in,
    served,
)

pytestmark = [pytest.mark.portal, pytest.mark.live]

DESKTOP, UNSCRIPTED = Window(1280), Window(1280, script=False)
OUTLINED = """() => {
  const at = document.activeElement;
  const styles = [getComputedStyle(at), getComputedStyle(at, "::after")];
  return styles.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
}"""
REACHED = """(({id, href, name, tagName}) => id || href || name || tagName)(
  document.activeElement)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(portal_in(tmp_path_factory.mktemp("used"))) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def tabbed(tab: Tab, presses: int) -> list[str]:
    reached = []
    for _ in range(presses):
        tab.keyboard.press("Tab")
        assert tab.evaluate(OUTLINED), tab.evaluate("document.activeElement.outerHTML")
        reached.append(tab.evaluate(REACHED))
    return reached


def test_the_keyboard_reaches_search_filters_and_cards(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        reached = tabbed(tab, 24)
    assert reached[0].endswith("#content")
    assert reached.index("query") < reached.index("municipality") < reached.index("theme")
    assert any(f"{folder}/index.html" in each for folder in FOLDERS for each in reached)


def test_the_keyboard_reaches_downloads_and_opens_what_is_folded(
    chromium: Browser, address: str
) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(f"{address}{MAPPED}/index.html")
        reached = tabbed(tab, 30)
        assert any(each.endswith("latest/parking_occupancy.csv") for each in reached)
        tab.locator("#map summary").focus()
        tab.keyboard.press("Enter")
        tab.locator("#map table").wait_for()


def test_the_first_key_leads_past_the_header(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(f"{address}{MAPPED}/index.html")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.id === 'content'")


def shown(tab: Tab) -> list[str]:
    cards = tab.locator(".card:visible h4 a").all()
    return sorted({str(card.get_attribute("href")).rsplit("/", 1)[0] for card in cards})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("parkering", [MAPPED, CROWDED, BARE]),
        ("Parkeringsplassene SANDNES", [CROWDED]),
        ("gaaende", [WIDE]),
        ("gående", [WIDE]),
        ("kjoretoy", [WIDE]),
        ("sykkeltelling", [WIDE]),
        ("sykkelparkering", []),
        ("finnes ikke", []),
    ],
)
def test_words_find_datasets(chromium: Browser, address: str, words: str, found: list[str]) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_role("searchbox").fill(words)
        assert shown(tab) == sorted(found)
        count = f"{len(found)} datasett" if found else "Ingen datasett passer med søket."
        said = tab.get_by_role("status")
        said.filter(has_text=count).wait_for(state="attached")


def test_a_search_is_in_the_address_and_can_be_shared(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_role("searchbox").fill("plasser")
        tab.get_by_role("checkbox", name="Sandnes").check()
        tab.locator("input[value=parquet]").check()
        tab.wait_for_url("**/?q=plasser&municipality=1108&format=parquet")
        shared = tab.url
        tab.get_by_role("link", name="English").click()
        tab.wait_for_url("**/index.en.html?q=plasser&municipality=1108&format=parquet")
        assert tab.get_by_role("searchbox").input_value() == "plasser"
        tab.goto(shared)
        assert shown(tab) == [CROWDED]
        tab.get_by_role("button", name="Nullstill").click()
        tab.wait_for_url(address)
        assert len(shown(tab)) == len(FOLDERS)


def test_a_publisher_can_be_chosen_by_keyboard_and_its_address_shared(
    chromium: Browser, address: str
) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_role("checkbox", name="Kolumbus AS").focus()
        tab.keyboard.press("Space")
        tab.wait_for_url("**/?publisher=kolumbus")
        assert shown(tab) == [WIDE]
        tab.get_by_role("link", name="English").click()
        tab.wait_for_url("**/index.en.html?publisher=kolumbus")
        assert tab.get_by_role("checkbox", name="Kolumbus").is_checked()
        assert shown(tab) == [WIDE]
        tab.get_by_role("checkbox", name="The municipality itself").check()
        assert len(shown(tab)) == len(FOLDERS)
        tab.get_by_role("checkbox", name="Sola kommune").check()
        assert shown(tab) == [WIDE]


def test_on_a_phone_a_shared_search_shows_what_it_found_and_not_its_filters(
    chromium: Browser, address: str
) -> None:
    with Window(390).tab(chromium) as tab:
        tab.goto(f"{address}?publisher=kolumbus&theme=TRAN")
        assert shown(tab) == [WIDE]
        assert tab.locator("input[type=checkbox]:visible").count() == 0
        tab.get_by_text("Avgrens 2 valgt").click()
        assert tab.get_by_role("checkbox", name="Kolumbus AS").is_checked()


def test_without_script_a_datasets_page_leads_to_its_publishers_others(
    chromium: Browser, address: str
) -> None:
    with UNSCRIPTED.tab(chromium) as tab:
        tab.goto(f"{address}{WIDE}/index.html")
        tab.get_by_role("navigation").get_by_role("link", name="Kolumbus AS").click()
        tab.wait_for_url("**/index.html?publisher=kolumbus#publisher-kolumbus")
        assert tab.get_by_role("heading", name="Kolumbus AS").is_visible()


def test_enter_leads_to_what_was_found(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        tab.get_by_role("searchbox").fill("trafikk")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"**/{WIDE}/index.html")


def test_hundreds_of_cards_are_filtered_before_the_next_key(
    chromium: Browser, address: str
) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.goto(address)
        start = tab.content()
        card = start[start.index('<li class="card"') : start.index("</li>") + 5]
        crowded = start.replace(card, card * 360, 1)
        tab.route(address, lambda route: route.fulfill(body=crowded, content_type="text/html"))
        tab.goto(address)
        left = tab.evaluate("""() => {
          const query = document.getElementById("query");
          query.value = "badetemperaturmålinger sykkeltelling";
          query.dispatchEvent(new Event("input"));
          return document.querySelectorAll(".card:not([hidden])").length;
        }""")
    assert left == 0


def test_without_script_the_start_page_is_a_whole_list_under_headings(
    chromium: Browser, address: str
) -> None:
    with UNSCRIPTED.tab(chromium) as tab:
        tab.goto(address)
        assert len(shown(tab)) == len(FOLDERS)
        assert tab.locator("input:visible, button:visible, select:visible").count() == 0
        tab.get_by_role("link", name="Sandnes kommune").click()
        tab.wait_for_url("**/#municipality-1108")
        assert tab.get_by_role("heading", name="Sandnes kommune").is_visible()


@pytest.mark.parametrize("folder", FOLDERS)
def test_without_script_a_dataset_is_whole(chromium: Browser, address: str, folder: str) -> None:
    with UNSCRIPTED.tab(chromium) as tab:
        tab.goto(f"{address}{folder}/index.html")
        assert tab.locator("button:visible, input:visible").count() == 0
        for name in ("download", "rows", "fields", "quality", "versions", "use", "legal"):
            assert tab.locator(f"#{name}").is_visible()
        drawings = {MAPPED: 2, CROWDED: 2, BARE: 0, WIDE: 1}
        assert tab.locator("svg[role=img]:visible").count() == drawings[folder]
        with tab.expect_download() as download:
            tab.locator("#download a").first.click()
        assert download.value.suggested_filename.endswith(".csv")


def test_with_script_code_can_be_copied(chromium: Browser, address: str) -> None:
    with DESKTOP.tab(chromium) as tab:
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        # what the button says stays until it is looked at
        tab.add_init_script("window.setTimeout = () => 0")
        tab.goto(f"{address}{MAPPED}/index.en.html")
        tab.get_by_role("button", name="Copy: curl").click()
        tab.get_by_role("button", name="Copied: curl").wait_for()
        copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl ")
