from datetime import date, timedelta

import pytest

from generator.catalogue.list_rows import WatchedSinceRow
from generator.catalogue.slices import SliceReader
from generator.model.page_size import BYTES_AT_MOST
from generator.pages import price_changes
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
