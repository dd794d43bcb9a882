import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
from lxml import html

from generator.model.blocks import Link
from generator.model.offer_table import OfferLine
from generator.model.page import Gate, Page, Site
from generator.pages import (
    gpu_detail,
    home,
    not_found,
    provider_detail,
)
from generator.site.assets import assets
from generator.site.environment import TEMPLATES, environment
from generator.site.filters import day, money
from generator.site.render import Renderer, in_script
from tests.generator.page_models import AT, BODIES, NASTY, SITE, bare, filled, page


def rendered(one: Page, site: Site = SITE) -> html.HtmlElement:
    return html.document_fromstring(Renderer(site).render(one).decode())


def hostile_pages() -> list[Any]:
    return [pytest.param(page(name, filled(body)), id=name) for name, body in BODIES.items()]


@pytest.mark.parametrize("one", hostile_pages())
def test_hostile_text_shows_as_text_on_every_page_type(one: Page) -> None:
    tree = rendered(one)
    assert not tree.xpath("//img | //*[@onerror] | //*[@style] | //style")
    assert tree.findtext(".//h1") == NASTY
    assert "49" not in tree.findtext(".//h1")


@pytest.mark.parametrize("one", hostile_pages())
def test_tables_have_captions_and_heads_and_regions_have_names(one: Page) -> None:
    tree = rendered(one)
    assert all(table.find("caption") is not None for table in tree.iter("table"))
    assert all(cell.get("scope") for cell in tree.iter("th"))
    assert all(box.get("aria-label") and box.get("tabindex") == "0" for box in tree.xpath("//*[@class='scroll']"))


@pytest.mark.parametrize("name", BODIES)
def test_every_page_type_stands_with_nothing_that_may_be_missing(name: str) -> None:
    tree = rendered(
        page(
            name,
            bare(BODIES[name]),
            words={"text": ""} if name in {"guide", "methodology", "methodology_version"} else {},
        )
    )
    assert tree.find(".//h1") is not None
    assert not tree.xpath(
        "//table[not(.//td)] | //ul[not(li)] | //dl[not(div)] | //section[not(h2 | details/summary/h2)]"
    )


@pytest.mark.parametrize("name", BODIES)
def test_headings_are_in_order_and_ids_unique(name: str) -> None:
    tree = rendered(page(name, filled(BODIES[name])))
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3")]
    ids = [element.get("id") for element in tree.xpath("//*[@id]")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids)) or "prices" in ids


def test_every_link_inside_starts_with_the_base() -> None:
    tree = rendered(page("gpu_detail", filled(gpu_detail.GpuDetail), words={"answer": "[x](/gpu/x/)"}))
    inside = [link for link in tree.xpath("//a/@href") if not link.startswith(("https:", "#"))]
    assert len(inside) > 10
    assert all(link.startswith("/prices/") for link in inside)


def test_links_out_carry_no_credit() -> None:
    tree = rendered(page("provider_detail", filled(provider_detail.ProviderDetail)))
    links = tree.xpath("//main//a[starts-with(@href, 'https:')]")
    assert links
    assert all({"nofollow", "noopener"} & set(link.get("rel", "").split()) for link in links)


def test_json_ld_can_not_leave_its_element() -> None:
    text = in_script({"name": "</script><!--\u2028&", "price": Decimal("2.50")})
    assert not re.search("[<>&\u2028]", text)
    assert json.loads(text) == {"name": "</script><!--\u2028&", "price": "2.50"}


def test_json_ld_has_the_breadcrumb_first() -> None:
    one = page("not_found", filled(not_found.NotFound), graph=({"@type": "Thing", "name": NASTY},))
    (script,) = rendered(one).xpath("//script[@type='application/ld+json']/text()")
    breadcrumb, thing = json.loads(script)["@graph"]
    assert breadcrumb["itemListElement"][1]["item"] == "https://example.com/prices/gpu/x/"
    assert thing["name"] == NASTY


def test_page_without_data_for_machines_has_no_script_for_them() -> None:
    assert not rendered(page("home", filled(home.Home), crumbs=())).xpath("//script[@type]")


@pytest.mark.parametrize(("gate", "robots"), [(Gate("indexable"), "index,follow"), (Gate("thin"), "noindex,follow")])
def test_robots_follow_the_gate(gate: Gate, robots: str) -> None:
    tree = rendered(page("home", filled(home.Home), gate=gate))
    assert tree.xpath("//meta[@name='robots']/@content") == [robots]
    assert tree.xpath("//link[@rel='canonical']/@href") == ["https://example.com/prices/gpu/x/"]


def test_missing_page_is_not_for_search_engines() -> None:
    tree = rendered(page("not_found", filled(not_found.NotFound)))
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not tree.xpath("//link[@rel='canonical']")


def test_policy_stands_before_anything_is_loaded() -> None:
    tags = [
        element.get("http-equiv") or element.tag for element in rendered(page("home", filled(home.Home))).find("head")
    ]
    assert tags.index("Content-Security-Policy") < min(tags.index("link"), tags.index("script"))


def test_scripts_and_styles_are_files_of_ours() -> None:
    tree = rendered(page("home", filled(home.Home), crumbs=()))
    served = {"/prices" + asset.path for asset in assets().values()}
    loaded = tree.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert len(loaded) == 5
    assert set(loaded) <= served


@pytest.mark.parametrize(("recorded", "banners"), [(True, 1), (False, 0)])
def test_banner_says_that_all_prices_are_recorded(recorded: bool, banners: int) -> None:
    tree = rendered(page("home", filled(home.Home)), replace(SITE, is_all_recorded=recorded))
    shown = tree.xpath("//aside[@class='banner']")
    assert len(shown) == banners
    assert all("Recorded prices, none live" in banner.text_content() for banner in shown)


def offers_table(*lines: OfferLine, column: str = "on_demand") -> Any:
    """The section of a GPU's page with a table of these offers."""
    body = filled(gpu_detail.GpuDetail)
    section = replace(body.sections[0], lines=lines, column=column)
    tree = rendered(page("gpu_detail", replace(body, sections=(section,))))
    return tree.xpath("//section[.//*[@data-offers]]")[0]


def offer_line(**values: Any) -> OfferLine:
    """A row that was read on the day that `filled` gives."""
    (section,) = filled(gpu_detail.GpuDetail).sections
    return section.lines[0]._replace(**{"freshness": "fresh", "is_recorded": False, "flags": ()} | values)


def texts(part: Any, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in part.xpath(path)]


def test_recorded_and_aging_rows_say_so_in_words() -> None:
    old, fresh = offer_line(freshness="aging", is_recorded=True), offer_line()

    def said(*lines: OfferLine) -> tuple[list[str], str]:
        part = offers_table(*lines)
        return texts(part, ".//td[contains(@class,'when')]/span"), texts(part, ".//p[@class='note']")[0]

    assert said(old)[0] == ["recorded", "aging"]
    assert said(fresh, fresh, old)[0] == ["recorded", "aging"]
    tags, once = said(old, old, old)
    assert (tags, "Recorded on 22 Aug 2026, too long ago to rank, unless marked." in once) == ([], True)
    assert said(old, old, fresh)[0] == ["read live", "current"]


def test_a_day_of_another_year_than_the_one_said_above_keeps_its_year() -> None:
    before = offer_line(confirmed_at=AT.replace(year=2025))
    part = offers_table(offer_line(), offer_line(), before)
    assert texts(part, ".//td[contains(@class,'when')]//time") == ["22 Aug", "22 Aug", "22 Aug 2025"]
    assert texts(part, ".//p[@class='note']")[0].startswith("Read on 22 Aug 2026 or the day in its row, unless marked.")


def test_what_all_rows_share_is_said_once_and_what_one_has_beside_it() -> None:
    waiting, bundle = offer_line(flags=("waiting list",)), offer_line(flags=("waiting list", "bundle"))
    tags = ".//td[contains(@class,'what')]/span[@class='tag']"
    for kept in ({}, {"freshness": "aging", "is_recorded": True}):
        alike = offers_table(*(waiting._replace(**kept),) * 2)
        assert "waiting list" not in texts(alike, tags)
        assert texts(alike, ".//p[@class='note']")[-1].count("All: waiting list.") == 1
    differing = offers_table(waiting, bundle)
    assert texts(differing, tags).count("waiting list") == 2
    assert "All:" not in texts(differing, ".//p[@class='note']")[-1]


def test_a_price_in_another_currency_is_shown_where_the_machine_s_size_is_not_stated() -> None:
    sized = offer_line(price_per_hour=Decimal(8), original="EUR 7")
    per_gpu = sized._replace(price_per_hour=None, count="")
    cells = ".//tbody//td[preceding-sibling::td[1][contains(@class, 'what')]]"
    assert texts(offers_table(sized, per_gpu), cells) == ["$8.00 EUR 7", "EUR 7 per GPU"]
    assert texts(offers_table(per_gpu), cells) == ["EUR 7 per GPU"]


def test_a_provider_s_rows_are_a_body_of_the_table_with_one_way_to_open_it() -> None:
    ash, elm = Link("Ash", "/provider/ash/"), Link("Elm", "/provider/elm/")
    lines = [offer_line(provider=one) for one in (ash, elm, ash)]
    body = filled(gpu_detail.GpuDetail)
    section = replace(body.sections[0], lines=tuple(lines), subject="provider")
    tree = rendered(page("gpu_detail", replace(body, sections=(section,))))
    bodies = tree.xpath("//table[@data-offers]/tbody")
    assert [(one.get("data-provider"), len(one), len(one.xpath(".//details"))) for one in bodies] == [
        ("ash", 2, 1), ("elm", 1, 1),
    ]  # fmt: skip
    assert [row.get("class") for row in bodies[0]] == [None, "alt"]
    assert texts(tree, "//table[@data-offers]//summary") == ["1 more", "Details"]
    assert texts(tree, "//table[@data-offers]//tbody//th") == ["Ash", "Ash", "Elm"]


def test_price_that_does_not_exist_is_said_and_shown() -> None:
    assert 'aria-hidden="true">–' in money(None)
    assert ">none<" in money(None)
    assert money(Decimal("0.0133")) == "$0.0133"


def test_day_is_a_time_element_of_a_days_grain() -> None:
    assert day(AT, "runpod") == '<time datetime="2026-08-22" data-provider="runpod">22 Aug 2026</time>'


def test_same_model_makes_the_same_bytes() -> None:
    one = page("gpu_detail", filled(gpu_detail.GpuDetail))
    assert Renderer(SITE).render(one) == Renderer(SITE).render(one)


def test_template_that_asks_for_what_the_model_lacks_is_an_error() -> None:
    with pytest.raises(AttributeError):
        Renderer(SITE).render(page("home", filled(not_found.NotFound)))


def test_assets_are_small_and_named_by_their_bytes() -> None:
    found = assets()
    icons = {"apple-touch-icon.png", "favicon.ico", "favicon.svg", "gpu.svg"}
    assert set(found) == {*icons, "site.css"} | {
        f"{name}.js"
        for name in ("calculator", "charts", "compare", "filters", "minisearch", "rental", "search", "site", "tray")
    }
    assert [one.name for one in found.values() if not one.is_lasting] == sorted(icons)
    assert (found["favicon.ico"].path, found["apple-touch-icon.png"].path) == ("/favicon.ico", "/apple-touch-icon.png")
    assert re.fullmatch(r"/assets/site\.[0-9a-f]{10}\.css", found["site.css"].path)
    assert len(found["site.js"].body) < 6000


def test_address_that_no_machine_can_read_shows_as_it_is() -> None:
    assert environment().from_string("{{ 'https://['|host }} {{ 'https://a.example/x'|host }}").render() == (
        "https://[ a.example"
    )


def test_build_gets_all_of_a_page_at_once() -> None:
    one = page("gpu_detail", filled(gpu_detail.GpuDetail), words={"answer": "[x](/gpu/x/)"})
    renderer = Renderer(SITE)
    made = renderer.rendered(one)
    assert made.html == renderer.render(one)
    assert made.words == {"answer": '<p><a href="/prices/gpu/x/">x</a></p>\n'}
    assert made.structured_data in made.html.decode()
    assert json.loads(made.structured_data) == renderer.structured_data(one)


def test_templates_that_were_read_are_not_read_again(tmp_path: Path) -> None:
    copytree(TEMPLATES, tmp_path / "templates")
    one, renderer = page("home", filled(home.Home), words={}), Renderer(SITE, tmp_path / "templates")
    renderer.read_templates()
    rmtree(tmp_path / "templates")
    assert renderer.render(one) == Renderer(SITE).render(one)


def test_a_ranked_list_says_by_what_it_is_sorted_and_where_a_link_earns_a_commission() -> None:
    body = filled(provider_detail.ProviderDetail)
    section = body.sections[0]
    paid = replace(body, sections=(replace(section, lines=(section.lines[0]._replace(out_rel="nofollow sponsored"),)),))
    free, partner = (
        rendered(page("provider_detail", one)).xpath("string(//section[.//*[@class='offers']]//p[@class='note'])")
        for one in (body, paid)
    )
    assert "Cheapest first, unranked last, before tax; nobody paid for a place and no link here earns" in free
    assert "nobody paid for a place, links marked partner earn a commission." in partner


def test_only_a_generated_sentence_may_rely_on_the_ids_of_its_template() -> None:
    renderer, one = Renderer(SITE), page("gpu_comparison", filled(BODIES["gpu_comparison"]))
    generated, written = (replace(one, words={block: "See [them](#same-provider)."}) for block in ("answer", "text"))
    assert [renderer.has_anchor(generated, href) for href in ("#same-provider", "#none", "/x/#main")] == [
        True,
        False,
        False,
    ]
    assert not renderer.has_anchor(written, "#same-provider")
