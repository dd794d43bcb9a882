"""The filters of the tables: what is asked is what is shown, what is not stated never matches, all in the address."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.browser, pytest.mark.postgres]
H100 = "/gpu/h100-sxm/"
ROWS = "[...document.querySelectorAll('#on-demand tbody tr')]"
SHOWN = f"() => {ROWS}.filter((row) => !row.closest('[hidden]'))"
TRAITS = f"() => ({SHOWN})().map((row) => row.dataset.t)"
PRICES = f"() => ({SHOWN})().map((row) => row.querySelector('.main').textContent.trim())"
ALL = f"() => {ROWS}.map((row) => row.dataset.t)"
LEADING = f"""() => [...new Map(({SHOWN})().reverse().map((row) => [row.parentElement, row])).values()].reverse()
  .filter((row) => !row.dataset.t.includes("rank=no")).map((row) => row.cells[1].textContent)"""
LISTED = "() => [...document.querySelectorAll('table[data-rows] tbody tr:not([hidden])')].map((row) => row.dataset.t)"
CUT_OFF = """() => [...document.querySelectorAll(".offers")]
  .filter((table) => table.offsetWidth > table.parentElement.clientWidth + 1).length"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


def stated(traits: str, name: str) -> list[str]:
    return [word.partition("=")[2] for word in traits.split() if word.startswith(f"{name}=")]


def test_only_what_states_it_matches_and_the_rest_is_counted(served: str, page: Page) -> None:
    page.goto(served + H100)
    everything = page.evaluate(ALL)
    page.get_by_label("In stock").select_option("yes")
    assert page.evaluate(TRAITS) == [one for one in everything if stated(one, "stock") == ["yes"]]
    expect(page.locator(".result")).to_contain_text("Left out because not stated: in stock")
    page.get_by_label("In stock").select_option("unknown")
    assert page.evaluate(TRAITS) == [one for one in everything if not stated(one, "stock")]


def test_the_cheapest_match_comes_first_and_a_board_with_nvlink_is_told_from_a_statement(
    served: str, page: Page
) -> None:
    page.goto(f"{served}{H100}?gpus=8&nvlink=yes")
    found = page.evaluate(TRAITS)
    assert found
    assert all(stated(one, "n") == ["8"] and stated(one, "nvlink")[0] in {"yes", "board"} for one in found)
    ranked = page.evaluate(LEADING)
    amounts = [float(price.strip()[1:]) for price in ranked]
    assert amounts == sorted(amounts)
    expect(page.locator(".result")).to_contain_text("follows from the board’s specification")


def test_all_choices_are_in_the_address_and_come_back_from_it(served: str, page: Page) -> None:
    page.goto(served + H100)
    page.get_by_role("combobox", name="GPUs", exact=True).select_option("8")
    page.get_by_label("Where").select_option("Europe")
    assert page.url.endswith("?gpus=8&in=Europe")
    before = page.evaluate(TRAITS)
    page.reload()
    assert (page.evaluate(TRAITS), page.get_by_label("Where").input_value()) == (before, "Europe")
    page.get_by_role("button", name="Clear filters").click()
    assert page.url.endswith(H100)
    assert page.evaluate(TRAITS) == page.evaluate(ALL)


def test_an_address_with_an_unknown_choice_asks_for_nothing(served: str, page: Page) -> None:
    page.goto(f"{served}{H100}?in=Atlantis&gpus=<b>&currency=XXX")
    assert page.evaluate(TRAITS) == page.evaluate(ALL)


def test_no_match_leads_to_the_nearest(served: str, page: Page) -> None:
    page.goto(f"{served}{H100}?gpus=8&in=Asia&stock=yes")
    expect(page.locator(".result")).to_contain_text("No offer matches.")
    page.get_by_role("button", name="Remove “In stock”").click()
    assert page.evaluate(TRAITS)
    expect(page.locator(".result")).to_contain_text("from $")


def test_prices_in_other_units_are_those_of_the_page_times_hours_gpus_and_rate(
    built_site: BuiltSite, served: str, page: Page
) -> None:
    rate = json.loads((built_site.folder / "rates.json").read_bytes())["rates"]["EUR"]
    page.goto(f"{served}{H100}?gpus=8")
    dollars = [float(price[1:]) for price in page.evaluate(PRICES)]
    page.goto(f"{served}{H100}?gpus=8&per=machine&time=month&currency=EUR")
    expect(page.locator(".result")).to_contain_text("at the ECB's rate of")
    euros = [float(re.sub("[^0-9.]", "", price)) for price in page.evaluate(PRICES)]
    assert len(euros) == len(dollars) > 3
    for euro, dollar in zip(euros, dollars, strict=True):
        assert euro == pytest.approx(dollar * 8 * 730 * rate, rel=0.004)  # the page shows cents, the script has more


def test_the_file_has_exactly_what_is_shown(served: str, page: Page, tmp_path: Path) -> None:
    page.goto(f"{served}{H100}?gpus=8&pricing=on-demand&hide=Read")
    shown = page.evaluate(f"() => ({SHOWN})().map((row) => row.querySelector('.id').textContent)")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "offers.csv")
    with (tmp_path / "offers.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert "Read" not in head
    assert len(rows) == len(shown)
    assert all(shown[n] in rows[n][head.index("Instance")] for n in range(len(rows)))


@pytest.mark.parametrize(("path", "choice", "least"), [("/gpu/", "?vram=80&max=3", 3), ("/provider/", "?spot=yes", 5)])
def test_lists_of_gpus_and_providers_are_filtered_by_what_their_rows_state(
    served: str, page: Page, path: str, choice: str, least: int
) -> None:
    page.goto(served + path + choice)
    rows = page.evaluate(LISTED)
    assert len(rows) >= least
    assert all(
        int(stated(one, "vram")[0]) >= 80 if "vram" in choice else stated(one, "spot") == ["yes"] for one in rows
    )


def test_the_bar_is_used_by_keyboard_alone(served: str, page: Page) -> None:
    page.goto(served + H100)
    page.get_by_role("combobox", name="GPUs", exact=True).focus()
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Units").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Currency")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Currency")).to_be_hidden()


def test_on_a_phone_filters_and_sections_are_behind_buttons(served: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{served}{H100}?gpus=8")
    expect(page.get_by_label("In stock")).to_be_hidden()
    page.get_by_text("Filter (1 set)").focus()
    page.keyboard.press("Enter")
    page.get_by_label("In stock").select_option("yes")
    expect(page.locator(".asks > summary")).to_have_text("Filter (2 set)")
    page.locator(".toc summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Price spread").click()
    assert page.url.endswith("#market")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_label("In stock")).to_be_visible()
    expect(page.locator(".asks > summary")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_the_links_to_sections_need_no_script(served: str, browser: Browser, width: int) -> None:
    context: Any = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(served + H100)
    if width < 992:
        page.locator(".toc summary").click()
    page.get_by_role("link", name="Price spread").click()
    assert page.url.endswith("#market")
    context.close()


def test_a_providers_other_offers_open_without_a_script(served: str, browser: Browser) -> None:
    context: Any = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served + H100)
    group = page.locator("#on-demand tbody:has(.alt)").first
    expect(group.locator(".alt").first).to_be_hidden()
    expect(group.locator(".what").first).to_be_hidden()
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group.locator(".alt").first).to_be_visible()
    expect(group.locator(".what").first).to_be_visible()
    context.close()


def test_an_h100_page_on_a_phone_begins_with_offers_and_is_eight_screens(served: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served + H100, wait_until="networkidle")
    box = page.locator("#on-demand tbody").first.bounding_box()
    assert box
    assert box["y"] + box["height"] < 844
    assert page.evaluate("() => document.documentElement.scrollHeight") < 8 * 844
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1080, 1280, 1410, 1440, 1920, 2560])
def test_no_table_of_offers_is_cut_off(served: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in (H100, "/provider/aws/", "/region/europe/", "/cheapest/h100-sxm/", "/provider/runpod/h100-sxm/"):
        page.goto(served + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") == width, path
        assert page.evaluate(CUT_OFF) == 0, path
