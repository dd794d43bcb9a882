"""The search box finds what people write, weighs little, and needs no mouse; without a script its page is of names."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree, html
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import BuiltSite
from tools.minisearch import FILE, PACKAGE, minified

pytestmark = [pytest.mark.site, pytest.mark.browser, pytest.mark.postgres]

# What people write -> the address of the first answer; with a second address, either is right.
ASKED = {
    "4090": "/gpu/rtx-4090/", "rtx4090": "/gpu/rtx-4090/", "RTX 4090": "/gpu/rtx-4090/",
    "geforce 4090": "/gpu/rtx-4090/",
    "h100": "/gpu/h100/", "H100 SXM": "/gpu/h100-sxm/", "h100 sxm5": "/gpu/h100-sxm/", "nvidia h100": "/gpu/h100/",
    "h100 80gb": "/gpu/h100-sxm/", "h100 80 gb": "/gpu/h100-sxm/", "h100 pcie": "/gpu/h100-pcie/",
    "h100 nvl": "/gpu/h100-nvl/",
    "a100": "/gpu/a100/", "a100 80gb": "/gpu/a100-80gb/", "a100 40gb": "/gpu/a100-40gb/", "h200": "/gpu/h200/",
    "b200": "/gpu/b200/", "gb200": "/gpu/gb200-nvl/", "mi300x": "/gpu/mi300x/", "amd mi300x": "/gpu/mi300x/",
    "l40s": "/gpu/l40s/", "l4": "/gpu/l4/", "t4": "/gpu/t4/", "a10g": "/gpu/a10g/", "v100": "/gpu/v100/",
    "rtx pro 6000": "/gpu/rtx-pro-6000/", "rtx 6000 ada": "/gpu/rtx-6000-ada/", "a6000": "/gpu/rtx-a6000/",
    "5090": "/gpu/rtx-5090/", "3090": "/gpu/rtx-3090/", "h100 price": "/gpu/h100/", "rent b200": "/gpu/b200/",
    "cheapest h100 sxm": "/cheapest/h100-sxm/", "cheapest 4090": "/gpu/rtx-4090/",
    "runpod": "/provider/runpod/", "run pod": "/provider/runpod/", "lambda": "/provider/lambda-labs/",
    "lambda labs": "/provider/lambda-labs/", "vast": "/provider/vast-ai/", "vast.ai": "/provider/vast-ai/",
    "aws": "/provider/aws/", "amazon": "/provider/aws/", "gcp": "/provider/gcp/", "google cloud": "/provider/gcp/",
    "azure": "/provider/azure/", "coreweave": "/provider/coreweave/", "corweave": "/provider/coreweave/",
    "hetzner cloud gpu": "/provider/hetzner/", "digital ocean": "/provider/digitalocean/", "oracle": "/provider/oci/",
    "germany": "/region/germany/", "europe": "/region/europe/", "united states": "/region/united-states/",
    "8xH100 europe": "/gpu/h100-sxm/?gpus=8&in=Europe", "8x h100": "/gpu/h100-sxm/?gpus=8",
    "8 x h100 sxm in germany": "/gpu/h100-sxm/?gpus=8&in=DE", "4090 x2": "/gpu/rtx-4090/?gpus=2",
    "h100 in europe": "/gpu/h100-sxm/?in=Europe", "l40s germany": "/gpu/l40s/?in=DE",
    "h100 vs h200": "/compare/h100-sxm-vs-h200-sxm/", "runpod 4090": "/provider/runpod/rtx-4090/",
    "europe 8xh100": "/gpu/h100-sxm/?gpus=8&in=Europe", "h100 uk": "/gpu/h100-sxm/?in=GB",
    "h100x8": "/gpu/h100-sxm/?gpus=8", "8 h100": "/gpu/h100-sxm/?gpus=8",
    "h100 aws": "/provider/aws/?gpu=H100-SXM", "8xh100 aws": "/provider/aws/?gpus=8&gpu=H100-SXM",
    "p5": "/provider/aws/", "p5.48xlarge": "/provider/aws/", "g6.12xlarge": "/provider/aws/l4/",
    "a3-highgpu-8g": "/provider/gcp/h100-sxm/",
    "methodology": "/methodology/", "csv": "/data/", "price changes": "/changes/", "spot": "/gpu/with/spot/",
}  # fmt: skip
# Slips of a figure -> the GPU that is among the first answers.
SLIPS = {
    "rtx4009": "RTX 4090",
    "4099": "RTX 4090",
    "rtx 5900": "RTX 5090",
    "h10": "H100 SXM",
    "h1000": "H100 SXM",
    "mi30x": "MI300X",
}
BOX, OPTIONS = ".find input", ".find [role=option]"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def first_answer(page: Page, text: str) -> str:
    """The address that the first result leads to, without the site's; "" for none."""
    page.fill(BOX, text)
    page.wait_for_function("(text) => document.querySelector('.find').dataset.answered === text", arg=text)
    found = page.locator(OPTIONS)
    return re.sub(r"^.*?/prices(?=/)", "", found.first.get_attribute("href") or "") if found.count() else ""


def test_what_people_write_leads_where_they_mean(served: str, page: Page) -> None:
    page.goto(f"{served}/")
    assert {text: first_answer(page, text) for text in ASKED} == ASKED


def test_a_slip_of_a_figure_finds_the_gpus_beside_it(served: str, page: Page) -> None:
    page.goto(f"{served}/")
    found = {}
    for text in SLIPS:
        first_answer(page, text)
        found[text] = [name.split(" from ")[0] for name in page.locator(OPTIONS).all_text_contents()[:4]]
    assert {text for text, gpu in SLIPS.items() if gpu not in found[text]} == set(), found


def test_results_are_grouped_by_what_they_are(served: str, page: Page) -> None:
    page.goto(f"{served}/")
    first_answer(page, "h100 azure")
    first_answer(page, "h100")
    groups = page.get_by_role("listbox").get_by_role("group")
    titles = groups.evaluate_all("(all) => all.map((group) => group.getAttribute('aria-labelledby'))")
    expect(page.locator(f"#{titles[0]}")).to_have_text("GPUs")
    assert len(titles) == len(set(titles)) > 1
    assert page.locator(OPTIONS).count() == groups.get_by_role("option").count() == 8
    expect(page.get_by_role("group", name="GPUs", exact=True).get_by_role("option").first).to_have_id("found-0")


def test_without_a_script_all_names_are_from_a_to_z_with_a_way_to_each_letter(built_site: BuiltSite) -> None:
    page = html.fromstring(built_site.read("/search/").decode())
    letters = page.xpath("//nav[@class='letters']//a")
    assert [letter.text for letter in letters] == sorted({letter.text for letter in letters})
    assert len(letters) > 15
    for letter in letters:
        names = page.xpath(f"//section[@id='{letter.get('href')[1:]}']//li/a/text()")
        assert names == sorted(names, key=str.casefold)
        assert {name[0].upper() for name in names} == {letter.text}


def test_nothing_is_loaded_before_the_first_letter_and_little_for_the_first_answer(
    built_site: BuiltSite, served: str, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/", wait_until="networkidle")
    page.focus(BOX)
    assert not [url for url in asked if "search" in url]
    asked.clear()
    assert first_answer(page, "h") != ""
    paths = [built_site.folder / url.partition("/prices/")[2] for url in asked]
    assert {re.sub(r"\.[0-9a-f]{10}", "", path.name) for path in paths} == {"search.js", "minisearch.js", "names.json"}
    assert sum(len(gzip.compress(path.read_bytes())) for path in paths) < 60_000


def test_the_box_is_used_by_keyboard_alone(served: str, page: Page) -> None:
    page.goto(f"{served}/gpu/")
    page.keyboard.press("/")
    page.keyboard.type("h100")
    expect(page.locator("#found-0")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator(BOX)).to_have_attribute("aria-activedescendant", "found-1")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/gpu/h100/")


@pytest.mark.parametrize("text", ["h100", "xyzzy"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_with_the_list_open(served: str, browser: Browser, text: str, width: int) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{served}/")
    first_answer(page, text)
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
    context.close()


def test_the_page_of_names_has_one_list_of_results_after_typing(served: str, page: Page) -> None:
    page.goto(f"{served}/search/?q=4090")
    expect(page.locator("[data-hits] a").first).to_be_visible()
    first_answer(page, "h100")
    assert page.locator("[role=listbox]").count() == 1


def test_a_slash_in_another_field_is_a_slash(served: str, page: Page) -> None:
    page.goto(f"{served}/")
    page.fill(BOX, "a")
    page.press(BOX, "/")
    expect(page.locator(BOX)).to_have_value("a/")


def test_a_question_in_the_address_is_answered_on_the_page_of_names(served: str, page: Page) -> None:
    page.goto(f"{served}/search/?q=<b>4090</b>")
    expect(page.locator("[data-hits] a").first).to_contain_text("RTX 4090")
    page.goto(f"{served}/search/?q=xyzzy")
    expect(page.locator("[data-hits]")).to_contain_text("Nothing found for “xyzzy”.")


def test_without_a_script_the_box_leads_to_a_page_of_names(served: str, browser: Browser) -> None:
    context: Any = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/")
    page.fill(BOX, "h100")
    page.press(BOX, "Enter")
    page.wait_for_url("**/search/?q=h100")
    assert page.locator("main a[href$='/gpu/h100-sxm/']").count() == 1
    context.close()


def test_every_name_leads_to_a_page(built_site: BuiltSite) -> None:
    names = json.loads((built_site.folder / "search" / "names.json").read_bytes())["names"]
    machines = json.loads((built_site.folder / "search" / "machines.json").read_bytes())["machines"]
    assert len(names) > 300
    assert len(machines) > 500
    led = {path for _, _, path, *_ in names} | {path for *_, path in machines}
    assert led <= built_site.page_types.keys()


def test_browsers_can_add_the_search(built_site: BuiltSite) -> None:
    head = html.fromstring(built_site.read("/").decode())
    (address,) = head.xpath("//link[@rel='search']/@href")
    told = etree.fromstring((built_site.folder / address.removeprefix("/prices/")).read_bytes())
    (template,) = told.xpath("//*[local-name()='Url']/@template")
    assert template == "https://gpus.example/prices/search/?q={searchTerms}"


def test_the_library_is_what_its_package_gives() -> None:
    assert PACKAGE.exists()
    assert FILE.read_text("utf-8") == minified()
