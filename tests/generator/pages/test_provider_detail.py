import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages import provider_detail
from generator.site.render import Renderer
from tests.generator.catalogues import (
    HOSTILE,
    LD,
    SITE,
    catalogue,
    differing,
    held,
    offer,
    provider,
    sold,
    term,
    watched,
)

TWO = [offer("a", "ash", 2), offer("b", "ash", 3)]


def page(*rows):
    return provider_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "ash")


def test_a_page_is_indexable_with_two_fresh_gpus():
    assert page(*TWO).gate.state == "indexable"
    assert page(offer("a", "ash", 2), offer("b", "ash", 3, freshness="aging")).gate.state == "thin"
    assert page(offer("a", "ash", 2), offer("a", "ash", 3, instance_type="b")).gate.state == "thin"
    assert page(provider("ash")).gate.reasons == ("few_prices",)


TERMS = [
    term("ash", "billing_step", 1, "seconds"),
    term("ash", "minimum_rental", 60, "seconds"),
    term("ash", "compute_stopped", word="not billed"),
    term("ash", "storage_running", "0.10", "per GB-month"),
    term("ash", "storage_stopped", "0.20", "per GB-month"),
    term("ash", "egress", "0.09", "per GB"),
]


def test_one_fresh_gpu_and_complete_terms_are_enough():
    assert page(offer("a", "ash", 2), *TERMS).gate.state == "indexable"
    assert page(offer("a", "ash", 2), *TERMS[:-1]).gate.state == "thin"
    assert page(offer("a", "ash", 2, freshness="aging"), *TERMS).gate.state == "thin"


def test_a_description_has_the_terms_that_are_known():
    assert page(*TERMS, *TWO).description == (
        "2 GPUs at Ash from $2.00/GPU-hour on demand. Billing per second, minimum 1 minute, egress $0.09/GB, storage "
        "$0.10/GB-month. Confirmed 22 Aug 2026."
    )


def test_terms_show_with_their_source_and_day_and_what_is_not_known_is_said():
    shown = html.fromstring(Renderer(SITE).render(page(*TERMS, *TWO)))
    row = shown.xpath("//section[@id='terms']//tr[th='Traffic out']")[0]
    assert " ".join(row.text_content().split()) == "Traffic out $0.09 per GB terms.example, 22 Aug 2026"
    assert row.xpath(".//a/@rel") == ["nofollow noopener"]
    (unknown,) = shown.xpath("//section[@id='terms']/p")
    assert unknown.text_content().startswith("Not known to us: traffic out included, traffic in, public address,")


def cells(row):
    return [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")]


def test_the_cost_of_a_month_shows_its_arithmetic_and_names_what_is_missing():
    shown = html.fromstring(Renderer(SITE).render(page(*TERMS, *TWO)))
    first, second = shown.xpath("//section[@id='costs']//table")
    assert [cells(row) for row in first.xpath(".//tbody/tr")] == [
        ["GPU", "730 h × $2.00", "$1,460.00"],
        ["500 GB of storage", "500 GB × $0.10", "$50.00"],
        ["1 TB out", "1,000 GB × $0.09", "$90.00"],
    ]
    assert [cells(table.xpath(".//tfoot/tr")[0])[-1] for table in (first, second)] == ["$1,600.00", "$895.00"]
    shown = html.fromstring(Renderer(SITE).render(page(*TERMS[:-1], *TWO)))
    feet = [cells(row) for row in shown.xpath("//section[@id='costs']//tfoot/tr")]
    assert feet == [["Total", "no total without: 1 TB out", "not known"]] * 2


def test_a_term_of_the_worst_kind_shows_as_itself():
    text = "</td><script>alert(1)</script>"
    shown = html.fromstring(
        Renderer(SITE).render(
            page(term("ash", "egress", 0, "per GB", note=text, qualifier=text, source_url="javascript:alert(1)"), *TWO)
        )
    )
    assert text in shown.xpath("//section[@id='terms']")[0].text_content()
    assert not shown.xpath("//section[@id='terms']//script | //section[@id='terms']//a")


def test_every_provider_has_a_page_also_one_without_prices():
    known = catalogue(provider("elm"), *TWO)
    assert [provider_detail.path(*key) for key in provider_detail.keys(known)] == ["/provider/ash/", "/provider/elm/"]
    made = page(provider("ash", last_confirmed_at=None))
    assert made.description == "Ash: what is known of its GPU cloud and where to see its prices."
    assert (made.body.sections, made.newest) == ((), None)


def test_a_description_has_the_lowest_price_the_billing_step_and_the_day():
    assert page(provider("ash", min_billing_increment_seconds=60), *TWO).description == (
        "2 GPUs at Ash from $2.00/GPU-hour on demand. Billing per minute. Confirmed 22 Aug 2026."
    )


def test_a_provider_is_an_organisation_without_rating_or_product():
    (node,) = page(provider("ash", pricing_url="https://ash.example/p", affiliate_url="https://r.example/"), *TWO).graph
    assert (node["@type"], node["name"], node["url"]) == ("Organization", "Ash", "https://ash.example")
    assert node["sameAs"] == ["https://ash.example/p"]


def test_a_paid_link_is_marked():
    made = page(provider("ash", affiliate_url="https://r.example/"), *TWO)
    assert (made.body.website_url, made.body.out_rel) == ("https://r.example/", "nofollow sponsored")
    assert page(*TWO).body.out_rel == "nofollow"


def test_what_is_recorded_says_where_it_comes_from():
    facts = page(
        provider("ash", is_recorded=True, origin="a snapshot", origin_url="https://code.example/x/tracker"), *TWO
    ).body.how_read
    assert [(fact.label, fact.value, fact.url) for fact in facts] == [
        ("Source", "via tracker", "https://code.example/x/tracker"), ("Figures", "Recorded. a snapshot", None),
    ]  # fmt: skip


def test_what_is_live_says_which_address_was_read():
    facts = page(provider("ash", evidence_url="https://e.example/"), *TWO).body.how_read
    assert [(fact.label, fact.value) for fact in facts] == [
        ("Source", "Provider's API"), ("Address read", "https://e.example/"),
    ]  # fmt: skip


def test_nothing_recorded_is_said_to_be_confirmed():
    live, recorded = (page(provider("ash", is_recorded=recorded), *TWO).description for recorded in (False, True))
    assert "Confirmed 22 Aug 2026" in live
    assert "Recorded 22 Aug 2026" in recorded


def test_a_provider_without_an_offer_has_a_page_that_says_so():
    made = page(provider("ash"))
    assert made.words["answer"] == "Ash is a GPU cloud. None of its prices is listed here yet."
    assert made.body.sections == ()


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=255).filter(str.strip))
def test_title_and_description_fit_whatever_the_name(name):
    made = page(provider("ash", display_name=name), *TWO)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_shows_as_itself_and_does_nothing(text):
    rows = [
        offer("a", "ash", 2, instance_type=text, region=text, instance_url=text),
        provider("ash", display_name=text),
    ]
    shown = html.fromstring(Renderer(SITE).render(page(*rows)))
    assert not shown.xpath("//img | //*[@onerror] | //a[contains(@href, 'javascript')] | //a[contains(@href, '..')]")
    assert " ".join(text.split()) in " ".join(shown.xpath("//table")[0].text_content().split())
    (data,) = shown.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(data)["@graph"][-1]["name"] == text


def test_what_is_held_back_of_a_provider_is_said_where_its_reading_is_explained():
    made = page(
        *TWO, held("ash", "a", "price_jump", 2), held("ash", None, "unreadable"), held("elm", "a", "price_band")
    )
    (section,) = html.fromstring(Renderer(SITE).render(made)).xpath("//section[@id='how-read']")
    assert (
        "3 offers are held back: 2 changed too much since last seen (a) and 1 not readable." in section.text_content()
    )
    assert "held_back" not in page(*TWO).words


def test_what_others_read_of_a_provider_is_shown_with_both_figures_and_our_editors_word():
    made = page(*TWO, differing("a", "ash", verdict="ours", reason="<b>seen</b> on the page"), differing("a", "elm"))
    (row,) = html.fromstring(Renderer(SITE).render(made)).xpath("//section[@id='disagreements']//tbody/tr")
    assert row.xpath("th/a/@href") == ["/prices/gpu/a/"]
    shown = " ".join(row.text_content().split())
    assert "$2.00 22 Aug 2026 readers had $2.50 on 22 Aug 2026 CC BY 4.0" in shown
    assert shown.endswith("our price is right <b>seen</b> on the page")
    assert row.xpath("td/a/@href") == ["https://readers.example"]


def test_where_others_agree_nothing_is_said_of_them():
    assert b"disagreements" not in Renderer(SITE).render(page(*TWO))


def test_availability_is_a_table_by_gpu():
    shown = html.fromstring(Renderer(SITE).render(page(*TWO, watched("b", "ash", "0.5"), watched("a", "elm", 1))))
    (row,) = shown.xpath("//section[@id='availability']//tbody/tr")
    assert row.xpath("th/a/@href") == ["/prices/gpu/b/"]
    assert "Ash had the b 50% of the time" in shown.xpath("//section[@id='availability']")[0].text_content()


def test_a_gpu_sold_at_an_unknown_price_is_named_with_the_link():
    shown = html.fromstring(Renderer(SITE).render(page(*TWO, provider("oak"), sold("ash", "b"), sold("oak", "b", "x"))))
    (line,) = [one for one in shown.xpath("//p") if "no price is recorded" in one.text_content()]
    assert line.text_content() == "b is sold here (big.8x), but no price is recorded."
    assert line.xpath("a/@href")[1] == "https://ash.example/big.8x"
