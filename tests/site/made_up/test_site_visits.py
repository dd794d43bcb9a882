"""Whole visits from the home page, on a small made-up market that has the answers; each in at most five actions.

Comparing and calculating are visited in test_site_compare.py.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from generator import urls
from generator.site.serve import Preview
from tests.generator.catalogues import KNOWN_TERMS, gpu, offer, placed, provider
from tests.site.tools import made_up

pytestmark = [pytest.mark.site, pytest.mark.browser]

EUROPE, AMERICA = ["DE", "Europe"], ["North America", "US"]
IN_STOCK = {"availability_stated": True, "availability_status": "available"}
SOLD_OUT = {"availability_stated": True, "availability_status": "sold_out"}


def eight(seller: str, price: int, places: list[str], **said: Any) -> Any:
    """A machine of eight H100 SXM."""
    named = {"instance_type": f"8x-{seller}", "region": f"{seller}-1", "places": places}
    return offer("h100-sxm", seller, price * 8, gpu_count=8, **{**named, **said})


ROWS: list[Any] = [
    gpu("h100-sxm", name="NVIDIA H100 SXM", short_name="H100 SXM", vram_gb=80),
    gpu("rtx-4090", name="NVIDIA RTX 4090", short_name="RTX 4090", vram_gb=24),
    *(provider(slug, display_name=slug.title(), **KNOWN_TERMS) for slug in ("ash", "elm", "fir", "oak", "yew")),
    eight("ash", 1, AMERICA, has_nvlink=True, **IN_STOCK),  # not in Europe
    eight("elm", 2, EUROPE, has_nvlink=True, **SOLD_OUT),
    eight("fir", 3, EUROPE, **IN_STOCK),  # says nothing of NVLink
    eight("oak", 4, EUROPE, has_nvlink=True, **IN_STOCK),
    eight("yew", 5, EUROPE, has_nvlink=True, **IN_STOCK),
    *(placed("h100-sxm", seller, 4, is_ranked=True) for seller in ("fir", "oak", "yew")),
    offer("h100-sxm", "ash", 9, instance_type="1x-ash", places=EUROPE, **IN_STOCK),
    offer("rtx-4090", "ash", 1),
    offer("rtx-4090", "elm", 2),
]


class Visit:
    """A visitor at the home page, whose actions are counted: a click, a choice, a text with Enter."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.actions = page, 0
        page.goto(home)

    def search(self, text: str) -> None:
        """Write into the search box, and take the first answer."""
        self.actions += 1
        self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        self.page.wait_for_function("(text) => document.querySelector('.find').dataset.answered === text", arg=text)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)

    def choose(self, label: str, value: str) -> None:
        """Choose in a filter."""
        self.actions += 1
        self.page.get_by_role("combobox", name=label, exact=True).select_option(value)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the made-up site."""
    folder = tmp_path_factory.mktemp("visits")
    made_up.build(folder, *ROWS)
    with Preview(folder, port=0, base=urls.base_path(made_up.SITE.url)) as preview:
        thread = threading.Thread(target=preview.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"{preview.address}{urls.base_path(made_up.SITE.url)}/"
        preview.shutdown()
        thread.join()


@pytest.fixture
def visit(browser: Browser, home: str) -> Iterator[Visit]:
    context = browser.new_context()
    yield Visit(context.new_page(), home)
    context.close()


def test_the_cheapest_eight_h100_with_nvlink_in_europe_in_stock_is_found_and_its_provider_opened(visit: Visit) -> None:
    visit.search("8xH100 europe")
    visit.choose("In stock", "yes")
    visit.choose("NVLink", "yes")
    first = visit.page.locator("#on-demand tbody tr:visible").first
    expect(first.locator("th")).to_contain_text("Oak")
    expect(first.locator(".main")).to_have_text("$4.00")
    expect(visit.page.locator(".result")).to_contain_text("2 offers match, on demand from $4.00 at Oak.")
    expect(visit.page.locator(".result")).to_contain_text("Left out because not stated: NVLink 1.")
    first.locator("th a").click()
    visit.actions += 1
    expect(visit.page.locator("h1")).to_have_text("Oak GPU pricing")
    assert visit.actions <= 5


def test_the_4090_is_found_by_its_number(visit: Visit) -> None:
    visit.search("4090")
    expect(visit.page.locator("h1")).to_have_text("RTX 4090 cloud pricing")
    assert visit.actions <= 5


def test_where_nothing_matches_the_nearest_is_one_action_away(visit: Visit) -> None:
    visit.search("8xH100 europe")
    visit.page.goto(f"{visit.page.url}&infiniband=yes")
    expect(visit.page.locator(".result")).to_contain_text("No offer matches.")
    visit.page.get_by_role("button", name="Remove “InfiniBand”").click()
    expect(visit.page.locator("#on-demand tbody tr:visible").first.locator(".main")).to_have_text("$3.00")
