"""axe finds nothing on any page type, in both colour schemes and at four widths, with all that opens open."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.sampling import sample
from tests.site.conftest import BuiltSite
from tests.site.test_site_browser import COLOURS, Rules, opened
from tests.site.test_site_widths import unfolded

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

WIDTHS = (390, 1440, 320, 768)
THIRDS = 3
"""Of the page types, each is a test."""
COLLECT = "() => [...document.querySelectorAll('.add')].slice(0, 2).forEach((button) => button.click())"
BOX = ".find input"


def found_in(page: Page, rules: Rules, part: str | None = None) -> list[tuple[str, str]]:
    """The rules that a page, or a part of it, breaks, each with the first element that does."""
    broken = Axe().run(page, part, rules).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:150]) for rule in broken]


def with_all_open(page: Page, rules: Rules) -> Iterator[tuple[str, str]]:
    """What axe finds: parts unfolded and two rows to compare; then in each menu; then in the search list."""
    unfolded(page).evaluate(COLLECT)
    yield from found_in(page, rules)
    for menu in page.evaluate("() => [...document.querySelectorAll('[popover]')].map((menu) => menu.id)"):
        page.evaluate("(id) => document.getElementById(id).showPopover()", menu)
        yield from found_in(page, rules, f"#{menu}")
        page.evaluate("(id) => document.getElementById(id).hidePopover()", menu)
    page.fill(BOX, "h100")
    page.wait_for_selector(".find [role=option]")
    yield from found_in(page, rules, ".find")


@pytest.mark.parametrize("first", sample(range(THIRDS), 1))
@pytest.mark.parametrize("width", sample(WIDTHS, 1))
@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", COLOURS)])
def test_page_types_are_accessible_with_all_open(
    built_site: BuiltSite, served: str, browser: Browser, scheme: str, rules: Rules, width: int, first: int
) -> None:
    viewport = {"width": width, "height": 844}
    options = {"viewport": viewport, "color_scheme": scheme, "bypass_csp": True}
    pages = opened(browser, served, built_site.typical[first::THIRDS], "networkidle", **options)
    assert {path: found for path, page in pages if (found := list(with_all_open(page, rules)))} == {}
