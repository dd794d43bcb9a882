"""The tables of offers in a browser: opened by keyboard, by an address and for print."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.site, pytest.mark.browser, pytest.mark.postgres]
H100 = "/gpu/h100-sxm/"
PHONE = {"width": 390, "height": 844}
HIDDEN = """() => [...document.querySelectorAll(".offers tbody :is(tr, th, td:not(.out)), .fold > :not(summary, .all)")]
  .filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }))
  .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_an_offer_s_details_open_and_close_by_keyboard_on_a_phone(served: str, phone: Page) -> None:
    phone.goto(served + H100)
    row = phone.locator("#on-demand tbody:has(.solo) tr").first
    row.locator("summary").focus()
    for key, is_open in (("Enter", True), ("Enter", False), ("Space", True)):
        phone.keyboard.press(key)
        for cell in (".what", ".when time", ".out a"):
            expect(row.locator(cell)).to_be_visible(visible=is_open)
    phone.keyboard.press("Shift+Tab")
    assert phone.evaluate("() => document.activeElement.textContent") == "Visit"


def test_all_providers_show_when_asked_on_a_phone(served: str, phone: Page) -> None:
    phone.goto(served + H100)
    last = phone.locator("#on-demand tbody").last
    expect(last).to_be_hidden()
    phone.locator("#on-demand .all summary").focus()
    phone.keyboard.press("Enter")
    expect(last).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_print_has_all_rows_cells_and_folded_parts(served: str, browser: Browser, has_script: bool) -> None:
    context = browser.new_context(viewport={"width": 700, "height": 900}, java_script_enabled=has_script)
    page = context.new_page()
    page.goto(served + H100)
    assert len(page.evaluate(HIDDEN)) > 100
    page.emulate_media(media="print")
    for width in (700, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(HIDDEN) == []
    context.close()


def test_a_link_to_a_folded_part_opens_it(served: str, phone: Page) -> None:
    phone.goto(f"{served}{H100}#specifications")
    part = phone.locator("#specifications")
    expect(part.locator("dl, table").first).to_be_visible()
    other = phone.locator("#scenarios table")
    expect(other).to_be_hidden()
    phone.locator(".toc summary").click()
    phone.locator(".toc").get_by_role("link", name="Total cost with storage and traffic").click()
    expect(other).to_be_visible()
    expect(part.locator("dl, table").first).to_be_visible()


def test_a_hash_that_names_nothing_opens_nothing(served: str, phone: Page) -> None:
    heard: list[str] = []
    phone.on("pageerror", lambda error: heard.append(str(error)))
    phone.goto(f"{served}{H100}#no-such-part")
    phone.goto(f"{served}{H100}#on-demand")
    assert (phone.locator(".fold[open]").count(), heard) == (0, [])
