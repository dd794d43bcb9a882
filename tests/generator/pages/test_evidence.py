from datetime import timedelta
from decimal import Decimal
from html import escape

import pytest

from generator.catalogue.slices import SliceReader
from generator.pages import evidence, gpu_detail
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, HOSTILE, LD, SITE, answer, catalogue, offer, provider

DIGITS = "0123456789ab"
HASH = DIGITS + 52 * "c"
OFFERS = [
    offer("a", "ash", 16, gpu_count=8, region="east", scrape_job_id="job"),
    offer("a", "ash", 3, scrape_job_id="older"),
    offer("a", "elm", 2, scrape_job_id="elsewhere"),
]


def page(*rows, slug="ash", digits=DIGITS):
    return evidence.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, slug, digits)


def keys(*rows):
    return list(evidence.keys(catalogue(*rows)))


def test_each_answer_behind_an_offer_has_a_page_and_one_that_several_gave_has_one():
    other = 64 * "d"
    assert keys(*OFFERS, answer("ash"), answer("ash", "older", other)) == [("ash", DIGITS), ("ash", 12 * "d")]
    assert keys(*OFFERS, answer("ash"), answer("elm", "elsewhere")) == [("ash", DIGITS)]
    assert keys(*OFFERS) == []


def test_a_page_shows_the_offers_that_the_answer_changed_last_and_no_other():
    made = page(*OFFERS, answer("ash"))
    (line,) = made.body.offers.lines
    assert (line.instance_type, line.region, line.count, line.charged, line.on_demand) == (
        "a",
        "east",
        "8",
        "$16.00",
        2,
    )
    assert made.words["answer"].endswith("kept as it came. 1 offer shown here rests on it.")
    assert made.gate.state == "thin"
    assert made.path == f"/evidence/{DIGITS}/"


def test_a_price_in_another_currency_is_shown_as_charged():
    euros = offer("a", "ash", 2, original_price_per_hour=Decimal(1), currency="EUR", scrape_job_id="job")
    assert [line.charged for line in page(euros, answer("ash")).body.offers.lines] == ["€1.00"]


def facts(*rows):
    return {fact.label: fact.value for fact in page(*OFFERS, *rows).body.facts}


def test_a_live_answer_says_what_was_asked_when_and_what_came():
    assert facts(answer("ash", content_type="text/html")) == {
        "Kind": "Live answer", "Fetched": "22 Aug 2026, 06:21:00 UTC", "Request": "GET https://ash.example/prices",
        "HTTP status": "200", "Media type": "text/html", "Size": "1,234 bytes", "SHA-256": HASH,
    }  # fmt: skip


def test_a_recording_never_says_that_the_provider_was_asked():
    recorded = answer("ash", is_recorded=True, origin="A list", origin_url="https://list.example/x")
    said = facts(recorded)
    assert (said["Kind"], said["Figures from"], said["True on"]) == ("Recording", "A list", "22 Aug 2026")
    assert {"Fetched", "Request"} & said.keys() == set()
    assert "Nobody here asked the provider" in page(*OFFERS, recorded).words["answer"]


def test_the_same_bytes_of_two_jobs_are_one_answer_with_all_its_offers():
    later = answer("ash", "older", fetched_at=AS_OF + timedelta(hours=1))
    made = page(*OFFERS, answer("ash"), later)
    assert len(made.body.offers.lines) == 2
    assert facts(answer("ash"), later)["Last time the same"] == "22 Aug 2026, 07:21:00 UTC"


def test_an_answer_that_was_one_of_several_says_so():
    said = page(*OFFERS, answer("ash", answers_n=32)).words["answer"]
    assert said.endswith("1 offer shown here rests on it and on 31 other answers of the same reading.")


def test_a_page_shows_so_many_offers_and_says_how_many_there_are():
    many = [offer("a", "ash", n + 1, instance_type=f"m{n:02}", scrape_job_id="job") for n in range(40)]
    shown = page(*many, answer("ash")).body.offers
    assert (len(shown.lines), shown.counted) == (24, "24 of 40 offers (the first by GPU)")


def test_seeing_a_price_again_moves_nothing_of_the_page():
    seen = [one._replace(last_confirmed_at=one.last_confirmed_at + timedelta(days=1)) for one in OFFERS]
    assert page(*seen, answer("ash")) == page(*OFFERS, answer("ash"))


def test_a_row_leads_to_the_answer_and_to_its_source():
    linked = [one._replace(source_url="https://s.example/") for one in OFFERS]
    made = gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*linked, answer("ash"))), LD, "a")
    lines = made.body.sections[0].lines
    found = {(line.provider.text, line.regions, line.evidence_path, line.evidence_url) for line in lines}
    assert found == {
        ("Ash", ("east",), f"/evidence/{DIGITS}/", "https://s.example/"), ("Ash", (), "", "https://s.example/"),
        ("Elm", (), "", "https://s.example/"),
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("is_recorded", [False, True])
def test_hostile_data_of_a_provider_reads_as_text(text, is_recorded):
    asked = answer(
        "ash", url=f"https://x.example/{text}", method=text, content_type=text, origin=text, origin_url="javascript:x",
        is_recorded=is_recorded,
    )  # fmt: skip
    odd = offer("a", "ash", 2, instance_type=text, region=text, scrape_job_id="job")
    made = page(odd, asked, provider("ash", display_name=text))
    html = Renderer(SITE).render(made)
    assert b"<img src=x" not in html
    assert b'href="javascript:' not in html
    assert f'<span class="id">{escape(text)}</span>'.encode().replace(b"&#x27;", b"&#39;") in html
