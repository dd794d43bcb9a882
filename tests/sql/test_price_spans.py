"""Of which GPUs each provider has stored prices, since when, and whether one changed."""

import pytest

from generator.catalogue.list_rows import CrowdedPairRow, PriceSpanRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import after, offer, run, settle

pytestmark = pytest.mark.postgres


def seen(connection, *readings, **changes):
    for hours, price in readings:
        store.store(connection, run(hours, [offer(price=price)] if price else [], **changes))


def spans(connection, hours=100):
    settle(connection, hours)
    return db.rows(connection, "price_spans", PriceSpanRow)


def test_it_begins_with_the_first_price_and_stays_when_the_offer_is_gone(catalogue):
    seen(catalogue, (26, 4), (27, 4), (28, None))
    assert spans(catalogue) == [PriceSpanRow("nimbus", "h100-sxm", after(26).date(), has_changed=False)]
    seen(catalogue, (2, 4))
    assert [row.first_on for row in spans(catalogue)] == [after(2).date()]


@pytest.mark.parametrize(("readings", "changed"), [
    ([(0, 4), (1, 4), (60, 4)], False), ([(0, 4), (1, 3)], True), ([(0, 4), (1, None), (2, 3)], True),
])  # fmt: skip
def test_a_change_is_another_price_of_the_same_offer(catalogue, readings, changed):
    for reading in readings:
        seen(catalogue, reading)
        found = spans(catalogue)
    assert [row.has_changed for row in found] == [changed]


def test_another_number_of_gpus_is_no_change(catalogue):
    for hours, count in ((0, 1), (1, 8)):
        store.store(catalogue, run(hours, [offer(price=4 * count, gpu_count=count)]))
    assert [row.has_changed for row in spans(catalogue)] == [False]


def test_what_is_dated_later_than_the_site_does_not_count_yet(catalogue):
    seen(catalogue, (0, 4), (10, 3))
    assert [row.has_changed for row in spans(catalogue, 9)] == [False]
    assert [row.has_changed for row in spans(catalogue, 10)] == [True]


def test_a_pair_whose_prices_are_deleted_has_none(catalogue):
    seen(catalogue, (0, 4))
    assert spans(catalogue)
    catalogue.execute("delete from price_history")
    assert spans(catalogue) == []


def test_more_than_twenty_offers_make_a_pair_crowded_until_some_go(catalogue):
    def crowded(hours, offers_n):
        store.store(catalogue, run(hours, [offer(region=str(number)) for number in range(offers_n)]))
        settle(catalogue, hours)
        return db.rows(catalogue, "crowded_pairs", CrowdedPairRow)

    assert crowded(0, 20) == []
    assert crowded(1, 21) == [CrowdedPairRow("nimbus", "h100-sxm")]
    assert crowded(2, 20) == []
