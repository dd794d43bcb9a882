from datetime import date, timedelta

import pytest
from lxml import html

from generator.catalogue.list_rows import WatchedSinceRow
from generator.catalogue.slices import SliceReader
from generator.model.page_size import BYTES_AT_MOST
from generator.pages import price_changes, price_changes_month
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, LD, SITE, catalogue, offer, price_event

OFFERED = [offer("a", "ash", 2), offer("b", "ash", 3)]
WATCHED = WatchedSinceRow(date(2026, 8, 1))
MANY = [price_event("a", "ash", 4, 3 + n / 1000, changed_at=AS_OF - timedelta(n)) for n in range(150)]


def page(*rows):
    return price_changes.PAGE_TYPE.page(SliceReader(catalogue(*OFFERED, *rows)), LD)


def test_changes_are_listed_by_month_newest_first():
    rows = [price_event("a", "ash", 4, 3), price_event("b", "ash", 2, 3, changed_at=AS_OF - timedelta(30))]
    made = page(*rows, WATCHED)
    assert [(month.title, len(month.events)) for month in made.body.months] == [("August 2026", 1), ("July 2026", 1)]
    assert made.words["answer"] == (
        "2 price changes of 3% or more since 1 Aug 2026, read by ourselves. 1 is a cut and 1 a rise. The newest: "
        "[a](/gpu/a/) at [Ash](/provider/ash/), on demand, went from \\$4\\.00 to **\\$3\\.00 per GPU-hour** (−25.0%) "
        "on 22 Aug 2026."
    )


@pytest.mark.parametrize(("rows", "said"), [([], "none was read live"), ([WATCHED], "looked since 1 Aug 2026")])
def test_without_a_change_it_says_so_and_since_when_anybody_looks(rows, said):
    made = page(*rows)
    assert said in made.words["answer"]
    assert (made.gate.state, made.body.months) == ("thin", ())


def test_five_changes_are_enough_for_search_engines():
    assert [page(*MANY[:n]).gate.state for n in (4, 5)] == ["thin", "indexable"]


def test_the_newest_hundred_are_shown_and_fit_with_the_longest_texts():
    assert sum(len(month.events) for month in page(*MANY).body.months) == 100
    long = {"instance_type": "&" * 100, "new_source_url": f"https://x.example/{'&' * 1900}"}
    made = page(*(row._replace(**long) for row in MANY))
    assert len(Renderer(SITE).render(made)) <= BYTES_AT_MOST
    assert len(Renderer(SITE).render(page(*MANY))) <= BYTES_AT_MOST


def test_a_change_at_a_provider_that_is_not_listed_is_left_out():
    assert page(price_event("a", "gone", 4, 3)).body.months == ()


def test_a_retracted_change_stays_in_list_and_feed_marked_and_counts_in_nothing():
    rows = [price_event("a", "ash", 4, 3, retracted_on=date(2026, 8, 21)), price_event("b", "ash", 2, 3)]
    made = page(*rows, WATCHED)
    assert made.words["answer"].startswith("1 price change of 3% or more since 1 Aug 2026")
    shown = html.fromstring(Renderer(SITE).render(made))
    (line,) = [row for row in shown.xpath("//tr[td]") if "retracted" in row.text_content()]
    assert "21 Aug 2026: the answers, read again, do not state this change" in line.text_content()
    titles = {entry.title for entry in made.body.feed.entries}
    assert titles == {"Retracted: a at Ash: $4.00 to $3.00 (−25.0%)", "b at Ash: $2.00 to $3.00 (+50.0%)"}


def test_a_month_in_which_every_change_is_retracted_keeps_its_page():
    known = catalogue(*OFFERED, price_event("a", "ash", 4, 3, retracted_on=date(2026, 8, 21)))
    (key,) = price_changes_month.PAGE_TYPE.keys(known)
    made = price_changes_month.PAGE_TYPE.page(SliceReader(known), LD, *key)
    assert made.words["answer"] == "No price change in August 2026 stands: what was listed was read wrongly."
    assert (len(made.body.events), made.gate.state) == (1, "thin")
