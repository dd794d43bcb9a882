"""Daily prices and the series made from them agree with a brute-force computation, over random histories."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.catalogue.rows import TrendRow
from generator.database import db, history, runs
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, offer, one, run

pytestmark = pytest.mark.postgres

DAY = timedelta(days=1)
GAP = timedelta(hours=48)
FOREVER = datetime.max.replace(tzinfo=UTC)
CENT = Fraction(1, 2000)
RATES = {number: Fraction(100 + 7 * number % 40, 100) for number in range(-3, 40) if number % 7 not in {5, 6}}
ON_ONE_DATABASE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
# Provider, hours after the newest observation (negative: a late one), and the prices of its three offers.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["nimbus", "kestrel"]),
        st.sampled_from([0.1, 0.7, 5, 5.25, 12, 24, 30.5, 48, 49, 100, -2.5, -30]),
        st.tuples(*[st.sampled_from([2, 2, 3.25, 4.7, None])] * 3),
    ),
    min_size=1,
    max_size=10,
)


@dataclass(frozen=True)
class Segment:
    key: tuple[str, str, str]
    currency: str
    prices: dict[bool, Fraction]
    since: datetime
    until: datetime


@pytest.fixture(scope="module")
def market(fresh_database):
    with db.connect(fresh_database.migrated()) as connection:
        add_gpu(connection)
        add_gpu(connection, "b200-sxm", 180)
        add_provider(connection)
        add_provider(connection, "kestrel")
        for number, rate in RATES.items():
            connection.execute(
                "insert into exchange_rates values ('EUR', %s, %s, 'test')",
                [(START + number * DAY).date(), Decimal(rate.numerator) / rate.denominator],
            )
        runs.start(connection, START, "live", "v1")
        connection.commit()
        yield connection


def seen(prices):
    """Three offers: one in dollars with a spot price, one in euros, and one of eight GPUs of another kind."""
    dollars, euros, eight = prices
    offers = [offer("always", 5)]
    if dollars:
        offers.append(offer("dollars", dollars, price_per_hour_spot=Decimal(str(dollars)) / 4))
    if euros:
        offers.append(offer("euros", euros, currency="EUR", exchange_rate=Decimal("1.5"), exchange_rate_date=START))
    if eight:
        offers.append(offer("eight", eight, gpu_slug="b200-sxm", gpu_count=8))
    return offers


def observe(connection, steps):
    """Store the observations, and settle past days after most of them; return an instant after the last."""
    hours = 0.0
    newest = 0.0
    for provider, since, prices in steps:
        hours = newest + since
        newest = max(newest, hours)
        store.store(connection, run(hours, seen(prices), provider=provider))
        if since != 5:
            history.close_market_days(connection, after(newest))
    return after(newest + 3)


def brute_segments(connection, as_of):
    found = connection.execute(
        "select g.slug, p.slug, i.instance_type, h.currency, h.gpu_count, h.price_per_hour, h.price_per_hour_spot,"
        " h.original_price_per_hour, h.recorded_at, h.valid_to,"
        " coalesce(h.last_confirmed_at, c.last_confirmed_at) as confirmed, h.is_active, h.id"
        " from price_history as h"
        " join instances as i on i.id = instance_id join providers as p on p.id = h.provider_id"
        " join gpu_models as g on g.id = h.gpu_model_id left join confirmations as c on c.instance_id = i.id"
        " where not h.is_recorded",
    ).fetchall()
    spans = defaultdict(list)
    for _, provider, name, *_, since, to, _, _, id_ in found:
        spans[provider, name].append((since, to or FOREVER, id_))
    for gpu, provider, name, currency, count, price, spot, original, since, to, confirmed, is_active, id_ in found:
        if is_active and since <= as_of:
            charged = price if currency == "USD" else original
            prices = {False: Fraction(charged) / count} | ({True: Fraction(spot) / count} if spot else {})
            until = carried((since, to or FOREVER, id_), confirmed, spans[provider, name])
            # Ended prices are stored by whole days; only a current price is cut off at as_of.
            cut = as_of + timedelta(seconds=1) if to is None else midnight(as_of) + DAY
            yield Segment((gpu, provider, name), currency, prices, since, min(until, cut))


def midnight(at):
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def carried(span, confirmed, spans):
    """Until when a price counts: its end if that was seen, else the maximum gap later, or at the offer's next price."""
    since, to, _ = span
    if to > confirmed:
        return min(to, confirmed + GAP)
    if since == to and any(began < since and to < ended for began, ended, _ in spans):
        return to  # contradicts a price between two of its confirmations
    return min([confirmed + GAP, *(other[0] for other in spans if other > span)])


def usd(currency, day):
    return Fraction(1) if currency == "USD" else RATES[max(n for n in RATES if START + n * DAY <= day)]


def brute_days(segments, *, is_spot):
    """(key, day) -> (milliseconds covered, mean, minimum, maximum, close), in dollars per GPU-hour."""
    pieces = defaultdict(list)
    for segment in sorted(segments, key=lambda one: one.since):
        day = midnight(segment.since)
        while day < segment.until and is_spot in segment.prices:
            weight = min(segment.until, day + DAY) - max(segment.since, day)
            if weight > timedelta(0):
                price = segment.prices[is_spot] * usd(segment.currency, day)
                pieces[segment.key, day.date()].append((Fraction(weight // timedelta(milliseconds=1)), price))
            day += DAY
    return {at: summary(weighed) for at, weighed in pieces.items()}


def summary(weighed):
    total = sum(weight for weight, _ in weighed)
    prices = [price for _, price in weighed]
    mean = sum(weight * price for weight, price in weighed) / total
    return total, mean, min(prices), max(prices), prices[-1]


def rolled_up(connection, as_of, *, is_spot):
    found = connection.execute(
        "select g.slug, p.slug, i.instance_type, d.day, d.covered_share * 86400000, mean, minimum, maximum, close"
        " from daily_prices('2026-01-01', '2026-12-31', %s) as d join instances as i on i.id = instance_id"
        " join providers as p on p.id = i.provider_id join gpu_models as g on g.id = d.gpu_model_id where is_spot = %s",
        [as_of, is_spot],
    ).fetchall()
    return {((gpu, provider, name), day): figures for gpu, provider, name, day, *figures in found}


def assert_equal_to_the_cent(found, expected):
    assert found.keys() == expected.keys()
    for at, figures in expected.items():
        assert abs(Fraction(found[at][0]) - figures[0]) < 100, at
        assert all(abs(Fraction(a) - b) < CENT for a, b in zip(found[at][1:], figures[1:], strict=True)), at


@ON_ONE_DATABASE
@given(STEPS)
def test_daily_prices_equal_the_brute_force_ones(market, steps):
    with market.transaction(force_rollback=True):
        as_of = observe(market, steps)
        segments = list(brute_segments(market, as_of))
        for is_spot in (False, True):
            expected = brute_days(segments, is_spot=is_spot)
            assert_equal_to_the_cent(rolled_up(market, as_of, is_spot=is_spot), expected)


@ON_ONE_DATABASE
@given(STEPS)
def test_trends_equal_the_brute_force_ones(market, steps):
    with market.transaction(force_rollback=True):
        as_of = observe(market, steps)
        floors: Any = defaultdict(dict)
        for ((gpu, provider, _), day), (_, mean, *_) in brute_days(
            brute_segments(market, as_of), is_spot=False
        ).items():
            if day < as_of.date():
                floors[gpu, day][provider] = min(mean, floors[gpu, day].get(provider, mean))
        market_days = db.rows(market, "gpu_trend_daily", TrendRow, as_of=as_of, days=365, gpus=None)
        found = {(row.gpu_slug, row.day): (Fraction(row.floor), Fraction(row.median)) for row in market_days}
        assert {(row.gpu_slug, row.day): row.providers_n for row in market_days} == {
            at: len(of) for at, of in floors.items()
        }
        for at, of in floors.items():
            assert abs(found[at][0] - min(of.values())) < CENT
            assert abs(found[at][1] - median(of.values())) < CENT


@ON_ONE_DATABASE
@given(STEPS)
def test_daily_prices_kept_by_each_write_equal_recomputed_ones(market, steps):
    daily = "select series_id, day, through, covered_ms, round(mean, 4), minimum, maximum, close from price_daily"
    with market.transaction(force_rollback=True):
        observe(market, steps)
        kept = market.execute(f"{daily} order by 1, 2").fetchall()
        market.execute(
            "select recompute_price_daily(array_agg(id), array_agg('2026-01-01'::date), array_agg('2027-01-01'::date))"
            " from instances"
        )
        assert market.execute(f"{daily} order by 1, 2").fetchall() == kept


def test_an_offer_seen_again_writes_nothing_to_the_daily_prices(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)]))
    store.store(catalogue, run(5, [offer("a", 3)]))
    catalogue.commit()
    before = catalogue.execute("select xmin, ctid, price_daily::text from price_daily").fetchall()
    for hours in range(6, 80, 6):
        store.store(catalogue, run(hours, [offer("a", 3)]))
        catalogue.commit()
    assert catalogue.execute("select xmin, ctid, price_daily::text from price_daily").fetchall() == before


def test_a_price_in_force_for_weeks_is_one_row(catalogue):
    for hours in range(0, 24 * 40, 24):
        store.store(catalogue, run(hours, [offer("a", 2)]))
    store.store(catalogue, run(24 * 40, [offer("a", 3)]))
    assert catalogue.execute("select day, through, covered_ms, mean, close from price_daily").fetchall() == [
        (date(2026, 3, 1), date(2026, 4, 9), 86400000, 2, None)
    ]


def test_a_change_of_availability_does_not_break_a_run(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)]))
    for hours in range(30, 24 * 10, 30):
        status = "limited" if hours % 60 else "available"
        store.store(catalogue, run(hours, [offer("a", 2, availability_status=status)]))
    assert one(catalogue, "select count(*) from price_history") > 5
    assert catalogue.execute("select day, through from price_daily order by day").fetchall() == [
        (date(2026, 3, 1), date(2026, 3, 8)), (date(2026, 3, 9), date(2026, 3, 9))
    ]  # fmt: skip


def test_time_in_which_an_offer_is_sold_out_is_in_no_daily_price(catalogue):
    for hours, status in ((0, "available"), (30, "sold_out"), (60, "waitlist"), (78, "limited"), (90, "limited")):
        store.store(catalogue, run(hours, [offer("a", 2, availability_status=status)]))
    rows = catalogue.execute("select day, covered_share from daily_prices('2026-03-01', '2026-03-09', %s)", [after(91)])
    assert [(day.day, round(share, 2)) for day, share in rows] == [(1, 1), (2, Decimal("0.25")), (4, Decimal("0.54"))]
    assert history.rebuild_rollup(catalogue, after(91), keep=False) == []


def settled(connection):
    return one(connection, "select greatest(before, '0001-01-01') from market_settled")


def trend(connection, hours):
    rows = db.rows(connection, "gpu_trend_daily", TrendRow, as_of=after(hours), days=30, gpus=None)
    return [(row.day.day, row.floor, row.median, row.providers_n) for row in rows]


def test_a_closed_day_is_read_as_it_was_stored(catalogue):
    for hours, price in ((0, 2), (6, 3), (30, 3), (50, 4)):
        store.store(catalogue, run(hours, [offer("a", price)]))
    before = trend(catalogue, 51)
    history.close_market_days(catalogue, after(51))
    assert settled(catalogue) == date(2026, 3, 3)
    assert trend(catalogue, 51) == before
    assert before == [(1, Decimal("2.75"), Decimal("2.75"), 1), (2, 3, 3, 1)]
    assert one(catalogue, "select count(*) from market_days") == 2


def test_only_the_days_that_a_write_may_change_are_reopened(catalogue):
    for hours in range(0, 24 * 9, 12):
        store.store(catalogue, run(hours, [offer("a", 2)]))
    history.close_market_days(catalogue, after(24 * 9))
    assert settled(catalogue) == date(2026, 3, 10)
    store.store(catalogue, run(24 * 9 + 1, [offer("a", 3)]))
    assert settled(catalogue) == date(2026, 3, 9)


@pytest.mark.parametrize(
    "change",
    [
        "update instances set price_basis = 'gpu_only'",
        "update providers set source_class = 'stated'",
        "update source_classes set maximum_gap = '1 h', expires_after = '1 h', fresh_for = '1 h'",
        "insert into exchange_rates values ('EUR', '2026-02-01', 1.1, 'test')",
        "delete from price_history",
        "update price_history set price_per_hour = 9 where valid_to is null",
    ],
)
def test_a_change_to_closed_days_reopens_them(catalogue, change):
    for hours in (0, 30, 60, 90):
        store.store(catalogue, run(hours, [offer("a", 2 + hours)]))
    history.close_market_days(catalogue, after(121))
    kept = settled(catalogue)
    catalogue.execute(change)
    assert settled(catalogue) < kept


def test_days_without_a_rate_are_not_settled(catalogue):
    for hours in (0, 30, 60):
        store.store(catalogue, run(hours, [offer("a", 2 + hours, currency="EUR", exchange_rate=Decimal("1.5"))]))
    history.close_market_days(catalogue, after(61))
    assert one(catalogue, "select count(*) from market_days") == 0
    catalogue.execute("insert into exchange_rates values ('EUR', '2026-02-27', 1.1, 'test')")
    history.close_market_days(catalogue, after(61))
    assert one(catalogue, "select floor from market_days where day = '2026-03-01'") == Decimal("2.2")


def days(connection, hours):
    found = "select day, covered_ms / 3600000, mean from price_day_parts('2026-03-01', '2026-03-09', %s) order by 1"
    return [(day.day, *figures) for day, *figures in connection.execute(found, [after(hours)])]


def test_an_unconfirmed_price_counts_for_the_gap_and_a_correction_by_hand_ends_it(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)]))
    store.store(catalogue, run(6, [offer("a", 2)]))
    store.store(catalogue, run(200, [offer("b", 1)]))
    assert days(catalogue, 150) == [(1, 24, 2), (2, 24, 2), (3, 6, 2)]
    store.store(catalogue, run(201, [offer("b", 1)]))
    catalogue.execute("update instances set price_per_hour = 4 where instance_type = 'b'")
    assert days(catalogue, 202)[3:] == [(9, 1, 1), (9, 1, 4)]


def test_an_offer_that_comes_back_ends_the_price_that_was_carried_forward(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)]))
    catalogue.execute("select cleanup_stale_instances(%s)", [after(49)])
    assert days(catalogue, 49) == [(1, 24, 2), (2, 24, 2)]
    store.store(catalogue, run(30, [offer("a", 3)]))
    assert days(catalogue, 30) == [(1, 24, 2), (2, 6, 2), (2, 0, 3)]
    store.store(catalogue, run(48, [offer("a", 4)]))
    assert days(catalogue, 48)[1:3] == [(2, 24, Decimal("2.75")), (3, 0, 4)]


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("idx_price_daily_through", "select series_id from price_daily where through >= '2026-03-05'"),
        ("price_daily_pkey", "select max(day) from price_daily where series_id = 1 and day <= '2026-03-05'"),
        (
            "idx_price_series_gpu",
            "select id from price_series where gpu_model_id = '00000000-0000-0000-0000-000000000001'",
        ),
        (
            "price_series_unique",
            "select id from price_series where instance_id = '00000000-0000-0000-0000-000000000001'",
        ),
    ],
)
def test_index_serves_its_query(catalogue, index, query):
    catalogue.execute("set local enable_seqscan = off")
    catalogue.execute("set local enable_bitmapscan = off")
    assert f"using {index}" in str(catalogue.execute(f"explain (costs off) {query}").fetchall())


def test_a_slice_of_a_gpu_has_daily_prices_and_counts_in_no_trend(catalogue):
    store.store(catalogue, run(0, [offer("a", 1, gpu_share=Decimal("0.5"))]))
    assert one(catalogue, "select mean from daily_prices('2026-03-01', '2026-03-01', %s)", after(6)) == 2
    assert db.rows(catalogue, "gpu_trend_daily", TrendRow, as_of=after(30), days=30, gpus=None) == []


def test_a_recording_is_no_observation_of_a_day(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)], is_recorded=True))
    store.store(catalogue, run(5, [offer("a", 3)]))
    found = catalogue.execute("select mean from daily_prices('2026-03-01', '2026-03-01', %s)", [after(6)]).fetchall()
    assert found == [(3,)]


def test_history_from_before_the_daily_prices_is_rolled_up_when_they_come(fresh_database):
    from generator.database import migrations  # noqa: PLC0415

    url = fresh_database.migrated()
    with db.connect(url) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
        for hours, price in ((0, 2), (30, 3), (75, 4)):
            store.store(connection, run(hours, [offer("a", price)]))
    migrations.rollback(url, to="0006")
    migrations.migrate(url)
    with db.connect(url) as connection:
        found = connection.execute("select day, through, covered_ms, mean from price_daily order by day").fetchall()
    assert found == [
        (date(2026, 3, 1), date(2026, 3, 1), 86400000, 2),
        (date(2026, 3, 2), date(2026, 3, 3), 86400000, Decimal("2.75")),
        (date(2026, 3, 4), date(2026, 3, 4), 10800000, 3),
    ]
