"""Comparing and calculating in the browser, on a small made-up market with figures that can be worked out by hand."""

import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from generator import urls
from generator.catalogue.views.costs import SCENARIO_HOURS, scenarios
from generator.formats import money
from generator.settings import ROOT
from generator.site.serve import Preview
from tests.generator.catalogue.views.test_rental import CASES
from tests.generator.catalogues import KNOWN_TERMS, catalogue, gpu, offer, provider, term
from tests.site.tools import made_up

pytestmark = [pytest.mark.site, pytest.mark.browser]

GPUS = {"h100-sxm": 80, "a100-80gb": 80, "l40s": 48, "rtx-4090": 24}
PRICES = {"aws": 6, "azure": 7, "gcp": 8, "ash": "2.3333333", "elm": "1.99"}
NAMES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud", "ash": "Ash", "elm": "Elm"}
ROWS: list[Any] = [
    *(gpu(slug, name=f"NVIDIA {slug.upper()}", short_name=slug.upper(), vram_gb=vram) for slug, vram in GPUS.items()),
    *(provider(slug, name=name, display_name=name, **KNOWN_TERMS) for slug, name in NAMES.items()),
    *(offer("h100-sxm", slug, price, id=f"h-{slug}", region="eu-1") for slug, price in PRICES.items()),
    *(offer(slug, "ash", n, id=f"{slug}-ash") for n, slug in enumerate(("a100-80gb", "l40s", "rtx-4090"), 1)),
    *(offer(slug, "elm", n, id=f"{slug}-elm") for n, slug in enumerate(("a100-80gb", "l40s"), 2)),
    term("aws", "storage_running", "0.08", "per GB-month"), term("aws", "egress", "0.09", "per GB"),
    term("aws", "egress_included", 100, "GB per month"),
    term("gcp", "storage_running", "0.000096774", "per GB-hour"), term("gcp", "egress", "0.12", "per GB"),
    term("ash", "storage_running", "0.1", "per GB-month"), term("ash", "egress", 0, "per GB"),
    term("azure", "storage_running", "0.1", "per GB-month"),
    term("elm", "egress", word="by host"),
]  # fmt: skip
CELLS = """() => [...document.querySelectorAll(".side-by-side tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"""
COSTS = """() => [...document.querySelectorAll(".reckoned tbody tr:not(.steps)")]
  .map((row) => [row.cells[0].textContent, row.cells[5].textContent])"""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the made-up site."""
    folder = tmp_path_factory.mktemp("market")
    made_up.build(folder, *ROWS)
    base = urls.base_path(made_up.SITE.url)
    with Preview(folder, port=0, base=base) as preview:
        thread = threading.Thread(target=preview.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield preview.address + base
        preview.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    heard: list[str] = []
    opened.on("console", lambda message: heard.append(message.text))
    opened.on("pageerror", lambda error: heard.append(str(error)))
    yield opened
    context.close()
    assert heard == []


class Visit:
    """A visit from the home page, whose actions are counted."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.actions = page, 0
        page.goto(f"{home}/")

    def click(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.actions += 1

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.actions += 1


def test_three_gpus_are_compared_and_the_address_shared_in_five_actions(market: str, page: Page) -> None:
    visit = Visit(page, market)
    visit.click("link", "Compare any GPUs or providers")
    for name in ("NVIDIA H100-SXM", "NVIDIA A100-80GB", "NVIDIA L40S"):
        visit.fill("Add a GPU or a provider", name)
        expect(page.locator(".found")).to_contain_text(f"{name} was added.")
    visit.click("button", "Copy address")
    assert visit.actions == 5
    shared = page.evaluate("() => navigator.clipboard.readText()")
    assert shared.endswith("/compare/any/?gpu=h100-sxm,a100-80gb,l40s")
    page.goto(shared)
    expect(page.locator(".side-by-side")).to_be_visible()
    head, lowest, *_ = page.evaluate(CELLS)
    assert [cell.removesuffix(" ×") for cell in head[1:]] == ["NVIDIA H100-SXM", "NVIDIA A100-80GB", "NVIDIA L40S"]
    assert lowest == ["Lowest on demand", "$1.99 at Elm", "$1.00 at Ash", "$2.00 at Ash"]


def test_a_month_with_2_tb_out_is_worked_out_at_three_providers_in_five_actions(market: str, page: Page) -> None:
    visit = Visit(page, market)
    visit.click("link", "Cost calculator")
    visit.fill("Traffic out, GB", "2000")
    for name in ("AWS", "Google Cloud", "Ash"):
        visit.click("checkbox", name)
    assert visit.actions == 5
    assert page.evaluate(COSTS) == [["Ash", "$1,753.33"], ["AWS", "$4,591.00"], ["Google Cloud", "$6,115.32"]]
    page.locator("summary", has_text="at AWS").click()
    steps = page.locator(".steps", has_text="at AWS")
    expect(steps).to_contain_text("GPU: 730 h × $6.00 = $4,380.00")
    expect(steps).to_contain_text("Traffic out: (2,000 − 100) GB × $0.09 = $171.00 terms.example")
    assert page.url.endswith("/calculator/?egress=2000&provider=aws,gcp,ash")
    page.reload()
    expect(page.locator(".reckoned")).to_be_visible()
    assert [name for name, _ in page.evaluate(COSTS)] == ["Ash", "AWS", "Google Cloud"]


def test_what_three_clouds_charge_for_an_h100_hour_is_side_by_side_in_five_actions(market: str, page: Page) -> None:
    visit = Visit(page, market)
    visit.click("link", "Compare any GPUs or providers")
    for name in ("AWS", "Azure", "Google Cloud", "NVIDIA H100-SXM"):
        visit.fill("Add a GPU or a provider", name)
        expect(page.locator(".found")).to_contain_text(f"{name} was added.")
    assert visit.actions == 5
    assert page.url.endswith("?gpu=h100-sxm&provider=aws,azure,gcp")
    prices = page.evaluate(CELLS)[1]
    assert [cell.split()[0] for cell in prices[1:]] == ["$6.00", "$7.00", "$8.00"]


def test_differences_are_against_the_one_that_is_chosen_and_what_is_missing_is_not_stated(
    market: str, page: Page
) -> None:
    page.goto(f"{market}/compare/any/?provider=aws,azure,elm&gpu=h100-sxm")
    page.get_by_label("Differences against").select_option("aws")
    expect(page.locator(".apart").first).to_have_text("+17%")
    assert page.url.endswith("&base=aws")
    rows = {label: cells for label, *cells in page.evaluate(CELLS)}
    assert [cell.split()[1] for cell in rows["NVIDIA H100-SXM, on demand"]] == ["1×", "+17%", "−67%"]
    assert rows["NVIDIA H100-SXM, spot"] == ["not stated"] * 3
    assert rows["Storage"][2] == "not stated"
    assert rows["Traffic out"][1:] == ["not stated", "Set by each host terms.example read 2026-08-22"]


def test_two_with_a_page_of_their_own_lead_to_it(market: str, page: Page) -> None:
    page.goto(f"{market}/compare/any/?gpu=l40s,a100-80gb")
    expect(page.locator(".compared .more a")).to_have_attribute("href", "/prices/compare/a100-80gb-vs-l40s/")
    expect(page.locator("link[rel=canonical]")).to_have_attribute(
        "href", f"{made_up.SITE.url}/compare/a100-80gb-vs-l40s/"
    )
    page.get_by_role("button", name="Remove NVIDIA L40S").click()
    expect(page.locator("link[rel=canonical]")).to_have_attribute("href", f"{made_up.SITE.url}/compare/any/")
    assert page.url.endswith("?gpu=a100-80gb")


def test_offers_are_compared_and_one_that_is_gone_is_said_to_be_so(market: str, page: Page) -> None:
    page.goto(f"{market}/compare/any/?offer=aws~h100-sxm~eu-1~a&offer=ash~h100-sxm~eu-1~gone")
    expect(page.locator(".side-by-side")).to_be_visible()
    rows = {label: cells for label, *cells in page.evaluate(CELLS)}
    assert rows["On demand, per GPU-hour"] == ["$6.00", "no longer offered"]
    assert rows["Region"] == ["eu-1", "no longer offered"]


def test_an_address_with_nonsense_compares_what_it_names_and_nothing_else(market: str, page: Page) -> None:
    page.goto(f"{market}/compare/any/?gpu=l40s,<b>,../x&provider=&offer=x&base=nobody")
    expect(page.locator(".side-by-side")).to_be_visible()
    assert page.url.endswith("/compare/any/?gpu=l40s")
    page.goto(f"{market}/calculator/?gpu=nonsense&hours=-1&gpus=1.5&storage=x&provider=nobody")
    expect(page.locator(".reckoned")).to_be_visible()
    assert page.get_by_label("Hours running").input_value() == "730"


def test_the_file_has_exactly_what_is_shown(market: str, page: Page, tmp_path: Path) -> None:
    page.goto(f"{market}/compare/any/?gpu=h100-sxm,l40s&base=l40s")
    expect(page.locator(".side-by-side")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "comparison.csv")
    with (tmp_path / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Property", "NVIDIA H100-SXM", "NVIDIA L40S"]
    assert rows == [[cell.removesuffix(" ×") for cell in row] for row in page.evaluate(CELLS)]


def test_both_pages_are_used_by_keyboard_alone(market: str, page: Page) -> None:
    page.goto(f"{market}/compare/any/")
    page.get_by_label("Add a GPU or a provider").focus()
    page.keyboard.type("l40")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text("NVIDIA L40S was added.")
    page.goto(f"{market}/calculator/")
    page.get_by_label("Hours running").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("8")
    assert page.url.endswith("?hours=8")
    page.locator("summary", has_text="at AWS").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".steps li", has_text="8 h × $6.00 = $48.00")).to_be_visible()


def test_what_is_not_stated_is_left_out_named_and_sorted_last(market: str, page: Page) -> None:
    page.goto(f"{market}/calculator/?provider=azure,elm,gcp")
    expect(page.locator(".reckoned")).to_be_visible()
    assert page.evaluate(COSTS) == [
        ["Google Cloud", "$5,995.32"], ["Azure", "at least $5,160.00"], ["Elm", "at least $1,452.70"],
    ]  # fmt: skip
    expect(page.locator(".steps", has_text="at Azure")).to_contain_text("Left out, because not stated: traffic out.")
    expect(page.locator(".steps", has_text="at Elm")).to_contain_text("traffic out: set by each host: left out")


def test_the_calculator_has_the_scenarios_of_the_build_to_the_cent(market: str, page: Page) -> None:
    known = catalogue(*ROWS)
    for slug in GPUS:
        for n, hours in enumerate(SCENARIO_HOURS):
            page.goto(f"{market}/calculator/?gpu={slug}&hours={hours}")
            expect(page.locator(".reckoned")).to_be_visible()
            built = sorted((line.totals[n], line.provider.text) for line in scenarios(known, slug))
            found = [row for row in page.evaluate(COSTS) if "at least" not in row[1]]
            assert found == [[name, money(total)] for total, name in built]


def stated(field: str, said: Any) -> dict[str, Any]:
    """A term as terms.json has it: a word, or a value with its unit."""
    word, (value, unit) = (said, (None, None)) if isinstance(said, str) else (None, said)
    usd = value if unit and unit.startswith("per ") else None
    own = {"field": field, "qualifier": None, "counts": True}
    return own | {"word": word, "value": value, "unit": unit, "usd": usd}


def test_the_script_computes_what_the_table_of_cases_says(page: Page) -> None:
    page.add_script_tag(path=str(ROOT / "templates" / "assets" / "rental.js"))
    for case in CASES:
        terms = [stated(field, said) for field, said in case["terms"].items()]
        rental = {"gpus": 1, "storage": 0, "egress": 0, "stopped": 0} | case["rental"]
        found = page.evaluate(
            "([price, terms, rental]) => Rental.cost(price, Rental.usual(terms), rental).lines"
            ".map((line) => line.amount === null ? null : Rental.money(line.amount).slice(1))",
            [case["price"], terms, rental],
        )
        assert found == case["amounts"], case["name"]


@pytest.mark.parametrize(
    "path",
    ["/compare/any/?provider=aws,elm&base=aws", "/compare/any/", "/calculator/?provider=aws,elm", "/gpu/h100-sxm/"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_and_the_tray_are_accessible_and_as_wide_as_the_screen(
    market: str, browser: Browser, path: str, scheme: Any, width: int
) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(market + path, wait_until="networkidle")
    for button in page.locator(".crumbs > .add").all():
        button.click()
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth") == width
    context.close()


def test_gpus_providers_and_offers_are_collected_across_pages_and_lead_to_their_comparison(
    market: str, page: Page
) -> None:
    visit = Visit(page, market)
    for name in ("H100-SXM", "L40S"):
        visit.click("button", f"Compare {name}")
    expect(page.locator("aside output")).to_have_text("L40S added: 2 to compare")
    page.goto(f"{market}/provider/aws/")
    visit.click("button", "Compare AWS")
    page.locator(".offers .add").first.click()
    expect(page.get_by_role("complementary", name="Comparison").get_by_role("listitem")).to_have_count(4)
    visit.click("link", "Compare (4)")
    assert page.url.endswith("?gpu=h100-sxm,l40s&provider=aws&offer=aws~h100-sxm~eu-1~a")
    expect(page.locator(".side-by-side")).to_have_count(2)


def test_the_tray_is_used_by_keyboard_and_says_what_it_holds(market: str, page: Page) -> None:
    page.goto(f"{market}/gpu/h100-sxm/")
    add = page.get_by_role("button", name="Compare H100-SXM", exact=True)
    add.focus()
    page.keyboard.press("Enter")
    expect(add).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(add).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Remove H100-SXM").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tray")).to_be_hidden()
    expect(page.locator("aside output")).to_have_text("H100-SXM removed: 0 to compare")
    assert page.evaluate("() => document.activeElement.id") == "content"


def test_a_browser_that_keeps_nothing_still_collects_on_the_page(market: str, page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('private'); } })")
    page.goto(f"{market}/gpu/h100-sxm/")
    page.get_by_role("button", name="Compare H100-SXM", exact=True).click()
    expect(page.get_by_role("link", name="Compare (1)")).to_have_attribute("href", "/prices/compare/any/?gpu=h100-sxm")


def test_without_a_script_the_pages_lead_to_pairs_and_show_examples(market: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{market}/compare/any/")
    assert page.locator("main a[href*='-vs-']").count() > 1
    page.goto(f"{market}/gpu/h100-sxm/")
    assert page.locator(".add, .tray").count() == 0
    page.goto(f"{market}/calculator/")
    assert page.locator("#scenarios td.main").first.inner_text().startswith("$")
    context.close()


def test_terms_have_their_source_and_day_and_null_where_nothing_is_stated(market: str, page: Page) -> None:
    known = json.loads(page.request.get(f"{market}/api/v1/terms.json").body())
    (aws,) = [one for one in known["providers"] if one["provider"] == "aws"]
    (egress,) = [one for one in aws["terms"] if one["field"] == "egress"]
    assert (egress["usd"], egress["text"], egress["source"], egress["checked_on"]) == (
        "0.09", "$0.09 per GB", "https://terms.example/x", "2026-08-22",
    )  # fmt: skip
    (elm,) = [one for one in known["providers"] if one["provider"] == "elm"]
    assert [one["usd"] for one in elm["terms"] if one["field"] == "egress"] == [None]
