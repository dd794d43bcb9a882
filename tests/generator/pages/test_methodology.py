from datetime import timedelta
from decimal import Decimal

from lxml import html

from generator.catalogue.rows import ReadingsLeftOutRow
from generator.catalogue.slices import SliceReader
from generator.ingest import disagreements, interpretation
from generator.pages import methodology
from generator.site import site_catalogue
from generator.site.render import Renderer
from scrapers import contract
from tests.generator.catalogues import LD, SITE, catalogue, differing, held, offer, provider


def test_each_source_is_listed_with_where_it_is_read():
    known = catalogue(
        provider("ash", is_recorded=True, origin="a snapshot", origin_url="https://code.example/x/tracker"),
        provider("elm"), offer("a", "ash", 1),
    )  # fmt: skip
    made = methodology.PAGE_TYPE.page(SliceReader(known), LD)
    (row,) = made.body.sources
    assert (row.provider.text, row.source, row.url) == ("Ash", "via tracker", "https://code.example/x/tracker")
    assert (row.is_recorded, row.origin) == (True, "a snapshot")
    assert [reference.licence for reference in made.body.references] == ["CC BY 4.0"]


def test_what_is_held_back_is_counted_by_rule_and_unknown_names_apart():
    known = catalogue(
        held("ash", "a", "price_band", 2), held("ash", "b", "price_band"), held("elm", None, "unreadable"),
        held("elm", None, "unknown_name", 9, 4), offer("a", "ash", 1),
    )  # fmt: skip
    body = methodology.PAGE_TYPE.page(SliceReader(known), LD).body
    assert (body.unknown_names_n, body.held_back_n) == (4, 4)
    counts = {rule.meaning: (rule.offers_n, rule.providers_n) for rule in body.rules}
    assert counts["A price is outside the market's range for the GPU"] == (3, 1)
    assert sum(offers for offers, _ in counts.values()) == 4


def test_others_readings_that_are_left_out_are_counted_by_reason():
    known = catalogue(ReadingsLeftOutRow("readers", "before_price_cut", 188), offer("a", "ash", 1))
    (one,) = methodology.PAGE_TYPE.page(SliceReader(known), LD).body.left_out
    assert (one.source, one.readings_n) == ("Readers", 188)
    assert one.meaning.startswith("Still the old price after an announced price cut")


def test_disagreements_are_counted_and_those_with_a_verdict_apart():
    known = catalogue(offer("a", "ash", 1), differing("a", "ash"), differing("a", "ash", verdict="both"))
    shown = html.fromstring(Renderer(SITE).render(methodology.PAGE_TYPE.page(SliceReader(known), LD)))
    (told,) = shown.xpath("//dt[.='Other sources disagree']/..")
    assert told.xpath("dd/text()")[0] == "2"
    assert "1 judged by our editors" in told.text_content()


def test_the_text_states_the_limits_of_the_code():
    text = (site_catalogue.CONTENT / "methodology.md").read_text("utf-8")
    assert f"from an eighth to {interpretation.BEYOND_REASON} times the median" in text
    assert (interpretation.BEYOND_REASON, interpretation._BEYOND_REASON_SPOT, interpretation._A_MARKET) == (8, 50, 3)
    assert (2, timedelta(minutes=30)) == (contract.JUMP, contract.AGREES_AFTER)
    assert (contract.Limits().wrong, contract.Limits().remaining) == (Decimal("0.2"), Decimal("0.5"))
    assert contract.Bands().default == (Decimal("0.005"), 500, None)
    assert "within 30 days of each other" in text
    assert (30, Decimal("0.05")) == (disagreements.LIKE_DAYS, disagreements.APART)
