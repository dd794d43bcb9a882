"""Nothing is cut off or scrolls sideways, whatever the width, and no text is too small to read."""

import pytest
from playwright.sync_api import Browser, Page

from tests.sampling import sample
from tests.site.conftest import BuiltSite
from tests.site.test_site_browser import opened

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

SMALLEST_WIDTH, WIDEST = 320, 2560
FEW = (SMALLEST_WIDTH, 390, 768, 1440)
ALL = (SMALLEST_WIDTH, 360, 390, 480, 600, 768, 820, 960, 1024, 1140, 1280, 1366, 1420, 1440, 1920, WIDEST)

# Boxes whose content is wider than they are.  A chart has a box of its own, and what only screen readers are told is
# one pixel wide.
CUT = """() => [document.scrollingElement, ...document.querySelectorAll("body *")]
  .filter((box) => box.clientWidth > 1 && box.scrollWidth > box.clientWidth)
  .filter((box) => box === document.scrollingElement || getComputedStyle(box).overflowX !== "visible")
  .filter((box) => !box.closest("svg, .vh"))
  .map((box) => [box.getAttribute("aria-label") || box.className || box.tagName, box.scrollWidth, box.clientWidth])"""
TINY = """() => [...document.querySelectorAll("body *:not(svg *)")]
  .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((part) => parseFloat(getComputedStyle(part).fontSize) < 11)
  .map((part) => part.outerHTML.slice(0, 120)).slice(0, 3)"""


def unfolded(page: Page) -> Page:
    """The page with its folded parts open."""
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    return page


def cut(page: Page, widths: tuple[int, ...]) -> dict[int, list[list[str | int]]]:
    """What is wider than its box at each of these widths, with all folded parts open."""
    unfolded(page)
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate(CUT)
    return {width: boxes for width, boxes in found.items() if boxes}


@pytest.mark.parametrize(("which", "widths"), sample([("typical", FEW), ("typical", ALL), ("extreme", ALL)], 1))
def test_nothing_is_cut_off_at_any_width(
    built_site: BuiltSite, served: str, browser: Browser, which: str, widths: tuple[int, ...]
) -> None:
    pages = opened(browser, served, getattr(built_site, which), "networkidle")
    assert {path: boxes for path, page in pages if (boxes := cut(page, widths))} == {}


@pytest.mark.long
def test_no_page_at_all_is_cut_off_on_a_phone(built_site: BuiltSite, served: str, browser: Browser) -> None:
    pages = opened(browser, served, built_site.page_types)
    assert {path: boxes for path, page in pages if (boxes := cut(page, (SMALLEST_WIDTH,)))} == {}


def test_no_text_is_too_small_to_read(built_site: BuiltSite, served: str, browser: Browser) -> None:
    phone = opened(browser, served, built_site.typical, viewport={"width": SMALLEST_WIDTH, "height": 640})
    assert {path: tiny for path, page in phone if (tiny := unfolded(page).evaluate(TINY))} == {}
