"""Prices that end, begin later or are disputed: when each counts, and what is kept of it."""

from datetime import date
from decimal import Decimal

import pytest

from generator.database import db
from generator.ingest import store
from scrapers.price_times import ScheduledPrice
from tests.sql.samples import after, offer, one, run, segments

pytestmark = pytest.mark.postgres


def ending(hours, *columns, **changes):
    """An offer whose prices in these columns end so many hours after START."""
    return offer(price_ends={column: after(hours).isoformat() for column in columns or ("price_per_hour",)}, **changes)


def scheduled(hours, price=3, **changes):
    values = {"gpu_slug": "h100-sxm", "instance_type": "a", "region": "", "gpu_count": 1, "gpu_share": Decimal(1)}
    values |= {"pricing_type": "on_demand", "price_per_gpu_hour": Decimal(price), "original_price": Decimal(price)}
    return ScheduledPrice(**(values | {"currency": "USD", "starts_at": after(hours), "ends_at": None} | changes))


def ranked(connection, hours):
    rows = connection.execute(
        "select pricing_type, price_per_gpu_hour from prices_at(%s) where is_ranked", [after(hours)]
    )
    return dict(rows.fetchall())


def announced(connection, hours):
    rows = db.rows(connection, "scheduled_prices", dict, as_of=after(hours), gpus=None, providers=None)
    return [(row["price_per_gpu_hour"], row["withdrawn_at"] is not None) for row in rows]


def test_a_price_counts_until_the_end_that_its_provider_states(catalogue):
    store.store(catalogue, run(0, [ending(3, price=2)]))
    assert ranked(catalogue, 2.9) == {"on_demand": 2}
    assert ranked(catalogue, 3) == {}
    assert one(catalogue, "select count(*) from offers_at(%s)", after(3)) == 0


def test_the_other_prices_of_an_offer_outlive_one_that_has_ended(catalogue):
    store.store(catalogue, run(0, [ending(3, price=2, price_per_hour_spot=Decimal(1))]))
    assert ranked(catalogue, 3) == {"spot": 1}


def test_a_price_that_has_ended_is_in_no_later_day_of_the_market(catalogue):
    store.store(catalogue, run(0, [ending(6, price=2)]))
    days = "select day, covered_ms from price_day_parts('2026-03-01', '2026-03-03', %s)"
    assert catalogue.execute(days, [after(40)]).fetchall() == [(date(2026, 3, 1), 6 * 3_600_000)]


def test_a_price_seen_to_have_changed_counts_no_longer_than_until_its_stated_end(catalogue):
    store.store(catalogue, run(0, [ending(6, price=2)]))
    store.store(catalogue, run(10, [offer(price=3)]))
    assert segments(catalogue) == [(2, 0, 10, 0), (3, 10, None, None)]
    mean = one(catalogue, "select sum(covered_ms) from price_day_parts('2026-03-01', '2026-03-01', %s)"
        " where mean = 2", after(12))  # fmt: skip
    assert mean == 6 * 3_600_000


def test_a_later_end_is_kept_though_the_price_stays(catalogue):
    store.store(catalogue, run(0, [ending(3)]))
    assert store.store(catalogue, run(1, [ending(5)])).updated == 1
    assert ranked(catalogue, 4) == {"on_demand": 2}
    assert one(catalogue, "select price_ends from instances") == {"price_per_hour": after(5).isoformat()}


def test_an_announced_price_counts_nowhere_before_its_day_nor_after_it(catalogue):
    store.store(catalogue, run(0, [offer()], scheduled=[scheduled(24)]))
    assert announced(catalogue, 23) == [(3, False)]
    assert announced(catalogue, 24) == []
    assert ranked(catalogue, 5) == {"on_demand": 2}


def test_of_a_machine_that_an_answer_announces_twice_for_a_day_the_lower_price_stays(catalogue):
    store.store(catalogue, run(0, [offer()], scheduled=[scheduled(24, 4), scheduled(24, 3)]))
    assert announced(catalogue, 1) == [(3, False)]


def test_an_announcement_that_a_complete_answer_lacks_is_withdrawn(catalogue):
    store.store(catalogue, run(0, [offer()], scheduled=[scheduled(24)]))
    store.store(catalogue, run(1, [offer()], is_complete=False))
    assert announced(catalogue, 1) == [(3, False)]
    store.store(catalogue, run(2, [offer()]))
    assert (announced(catalogue, 1), announced(catalogue, 2)) == ([(3, False)], [(3, True)])
    store.store(catalogue, run(3, [offer()], scheduled=[scheduled(24, 4)]))
    assert announced(catalogue, 3) == [(4, False)]


def test_a_disputed_price_counts_in_nothing_until_it_is_read_on_a_later_day(catalogue):
    store.store(catalogue, run(0, [offer(price_per_hour_spot=Decimal(1))]))
    catalogue.execute("insert into disputed_prices select id, 'a', '', 'on_demand', '2026-03-01', 'https://x.example',"
        " 'gone' from providers")  # fmt: skip
    assert ranked(catalogue, 1) == {"spot": 1}
    assert one(catalogue, "select disputed_as from offers_at(%s)", after(1)) == ["on_demand"]
    store.store(catalogue, run(25, [offer(price_per_hour_spot=Decimal(1))]))
    assert ranked(catalogue, 26) == {"on_demand": 2, "spot": 1}


@pytest.mark.parametrize(("verdict", "counts"), [("ours", True), ("both", True), ("theirs", False), ("neither", False)])
def test_a_price_that_editors_found_wrong_counts_in_nothing(catalogue, verdict, counts):
    store.store(catalogue, run(0, [offer()]))
    catalogue.execute(
        "insert into disagreements (provider_id, gpu_model_id, pricing_type, reading_source, instance_type,"
        " instance_region, price_per_gpu_hour, observed_at, reading_price_per_gpu_hour, reading_observed_at,"
        " reading_url, reading_licence, first_seen_run, last_seen, state, verdict, judged_by, judged_at, reason,"
        " judged_price_per_gpu_hour, judged_reading_price_per_gpu_hour)"
        " select provider_id, gpu_model_id, 'on_demand', 'Readers', 'a', '', 2, %(at)s, 3, %(at)s, 'https://x.example',"
        " 'MIT', 1, %(at)s, 'judged', %(verdict)s, 'Jo Doe', %(at)s, 'looked', 2, 3 from instances",
        {"at": after(0), "verdict": verdict},
    )
    assert ("on_demand" in ranked(catalogue, 1)) is counts


def test_the_slices_of_a_price_move_when_it_ends_and_when_an_announced_one_begins(catalogue):
    store.store(catalogue, run(0, [ending(3)], scheduled=[scheduled(5)]))
    moved = "select array_agg(slice order by slice) from slices_moved_by_time(%s, %s, false) where slice <> 'day'"
    assert one(catalogue, moved, after(1), after(2.9)) is None
    assert one(catalogue, moved, after(2), after(3)) == [
        "histories:nimbus/h100-sxm", "offers_by_gpu:h100-sxm", "offers_by_provider:nimbus", "trends:h100-sxm"
    ]  # fmt: skip
    assert one(catalogue, moved, after(4), after(5)) == ["scheduled_by_gpu:h100-sxm", "scheduled_by_provider:nimbus"]
