"""The queries of a build on small made-up rows, with figures worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from generator.catalogue.list_rows import FeatureFloorRow, PlacedOfferRow
from generator.catalogue.rows import (
    ConfirmedRow,
    FloorRow,
    GpuRow,
    HeldBackRow,
    IncompleteReadingRow,
    ListedGpuRow,
    MoveRow,
    OfferRow,
    ProviderRow,
    ReadingsLeftOutRow,
    ReferenceRow,
    ReferenceSourceRow,
    SellerDayRow,
    SoldWithoutPriceRow,
    StatsRow,
    TermRow,
    TrendRow,
)
from generator.database import db, runs
from generator.ingest import store
from generator.ingest.interpretation import MarketPrices
from generator.labels import SEGMENTS
from scrapers.normalise import HeldBack, UnmappedName
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after, capture, offer, one, run

pytestmark = pytest.mark.postgres

FIRST = date(2026, 3, 1)
ALL = {"gpus": None, "providers": None}


@pytest.fixture
def market(connection):
    """A function that adds a provider's instance of one GPU."""
    gpu = add_gpu(connection)
    ids = {}

    def sell(provider, price=None, gpu=gpu, **columns):
        ids.setdefault(provider, None)
        ids[provider] = ids[provider] or add_provider(connection, provider)
        columns = {"instance_type": str(one(connection, "select count(*) from instances")), **columns}
        return add_instance(connection, ids[provider], gpu, price_per_hour=price, **columns)

    return sell


def settle(connection, hours):
    connection.execute("select settle_slices(%s)", [after(hours)])


def stats(connection, hours=1, segment=""):
    settle(connection, hours)
    rows = db.rows(connection, "gpu_stats", StatsRow, gpus=None)
    return {(row.gpu_slug, row.pricing_type): row for row in rows if row.segment == segment}


def test_each_provider_has_one_vote_its_cheapest_price_per_gpu(market, connection):
    market("ash", 8, gpu_count=8)
    for price in (2, 3, 4):
        market("ash", price)
    market("elm", 5)
    market("fir", 9)
    assert stats(connection)["h100-sxm", "on_demand"] == StatsRow(
        "h100-sxm", "on_demand", "", 3, 6, 1, 3, 5, 7, 9, "ash"
    )


def test_each_segment_has_figures_of_its_own(market, connection):
    kinds = ("hyperscaler", "specialized_neocloud", "regional_cloud", "bare_metal", "marketplace", "depin")
    for price, kind in enumerate(kinds, 1):
        market(kind.replace("_", "-"), price)
        connection.execute("update providers set provider_type = %s where slug = %s", [kind, kind.replace("_", "-")])
    found = {name: stats(connection, segment=name)["h100-sxm", "on_demand"] for name in SEGMENTS}
    assert {name: (row.floor, row.median, row.providers_n) for name, row in found.items()} == {
        "hyperscaler": (1, 1, 1), "cloud": (2, 3, 3), "marketplace": (5, Decimal("5.5"), 2),
    }  # fmt: skip
    assert stats(connection)["h100-sxm", "on_demand"].providers_n == 6


def test_the_median_of_two_prices_lies_between_them_and_of_one_is_that_price(market, connection):
    market("ash", 2)
    assert stats(connection)["h100-sxm", "on_demand"].median == 2
    market("elm", 5)
    assert stats(connection)["h100-sxm", "on_demand"].median == Decimal("3.5")


def test_pricing_types_are_never_mixed(market, connection):
    market("ash", 4, price_per_hour_spot=1, price_per_month=Decimal(1460))
    market("elm", 6, price_per_hour_reserved_1y=3)
    market("fir", None, price_per_hour_spot=2)
    found = {kind: (row.floor, row.median, row.providers_n) for (_, kind), row in stats(connection).items()}
    assert found == {
        "on_demand": (4, 5, 2), "spot": (1, Decimal("1.5"), 2), "monthly": (2, 2, 1), "reserved_1y": (3, 3, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "unranked",
    [
        {"price_basis": "gpu_only"}, {"price_basis": "bundle"}, {"gpu_share": Decimal("0.5")},
        {"last_scraped_at": START - timedelta(hours=6)}, {"availability_status": "waitlist"}, {"is_recorded": True},
    ],
)  # fmt: skip
def test_an_unranked_offer_counts_in_no_figure(market, connection, unranked):
    for provider, price in (("ash", 4), ("elm", 6)):
        live = market(provider, price)
        connection.execute(
            "insert into confirmations (instance_id, last_confirmed_at) values (%s, %s) on conflict do nothing",
            [live, START],
        )
    market("fir", Decimal("0.5"), **unranked)
    row = stats(connection)["h100-sxm", "on_demand"]
    assert (row.floor, row.median, row.providers_n, row.offers_n) == (4, 5, 2, 2)
    floors = db.rows(connection, "provider_floors", FloorRow, **ALL)
    assert [(floor.provider_slug, floor.floor) for floor in floors] == [("ash", 4), ("elm", 6)]


def test_a_gpu_s_ranked_prices_were_confirmed_when_the_newest_of_them_was(market, connection):
    for provider, hours, columns in (("ash", 0, {}), ("elm", 1, {}), ("fir", 2, {"price_basis": "gpu_only"})):
        market(provider, 4, last_scraped_at=after(hours), **columns)
    (row,) = db.rows(connection, "gpu_confirmations", ConfirmedRow, as_of=after(2), gpus=["h100-sxm"])
    assert row.last_confirmed_at == after(1)


def test_offers_of_a_chip_count_in_no_figure_of_its_variants(market, connection):
    chip = one(
        connection,
        "insert into gpu_models (slug, name, short_name, architecture, kind, chip)"
        " values ('h100', 'H100', 'H100', 'hopper', 'chip', 'h100') returning id",
    )
    market("ash", 1, gpu=chip)
    market("elm", 6)
    assert stats(connection)["h100-sxm", "on_demand"].floor == 6


def test_equal_floors_name_the_provider_that_comes_first(market, connection):
    for provider in ("elm", "ash"):
        market(provider, 2)
    assert stats(connection)["h100-sxm", "on_demand"].cheapest_provider == "ash"


def test_floors_are_per_provider_gpu_and_pricing_type(market, connection):
    market("ash", 24, gpu_count=8, price_per_hour_spot=8)
    market("ash", 4)
    settle(connection, 1)
    assert db.rows(connection, "provider_floors", FloorRow, **ALL) == [
        FloorRow("h100-sxm", "ash", "on_demand", Decimal(3), [1, 8], [Decimal(4), Decimal(3)]),
        FloorRow("h100-sxm", "ash", "spot", Decimal(1), [8], [Decimal(1)]),
    ]


def test_machines_of_unstated_size_have_floors_of_their_own(market, connection):
    market("ash", 4, size_stated=False)
    market("ash", 5)
    settle(connection, 1)
    (floors,) = db.rows(connection, "provider_floors", FloorRow, **ALL)
    assert (floors.floor, floors.gpu_counts, floors.count_floors) == (4, [0, 1], [4, 5])


def trend(connection, hours, days=365):
    rows = db.rows(connection, "gpu_trend_daily", TrendRow, as_of=after(hours), days=days, gpus=None)
    return [(row.day.day, row.floor, row.median, row.providers_n) for row in rows]


def test_a_days_price_is_weighted_by_how_long_it_was_in_force(catalogue):
    for hours, price in ((0, 2), (6, 4), (30, 4)):
        store.store(catalogue, run(hours, [offer(price=price)]))
    assert trend(catalogue, 48) == [(1, Decimal("3.5"), Decimal("3.5"), 1), (2, 4, 4, 1)]


def test_a_trend_ends_yesterday_since_today_is_the_present_figure(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    assert trend(catalogue, 23) == []
    assert trend(catalogue, 24) == [(1, 2, 2, 1)]


def test_a_day_that_nobody_observed_has_no_row(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    store.store(catalogue, run(96, [offer(price=2)]))
    assert [day for day, *_ in trend(catalogue, 120)] == [1, 2, 5]


def test_an_offer_that_disappeared_stops_and_its_provider_keeps_its_other_one(catalogue):
    store.store(catalogue, run(0, [offer("a", 2), offer("b", 5)]))
    store.store(catalogue, run(24, [offer("b", 5)]))
    assert trend(catalogue, 48) == [(1, 2, 2, 1), (2, 5, 5, 1)]


def test_a_price_seen_again_after_a_gap_draws_the_same_days_as_before(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    before = trend(catalogue, 95)
    store.store(catalogue, run(96, [offer(price=3)]))
    assert trend(catalogue, 95) == before == [(1, 2, 2, 1), (2, 2, 2, 1)]


def test_a_trend_gives_each_provider_one_vote(catalogue):
    for provider, prices in (("nimbus", (1, 2, 3)), ("elm", (5,)), ("fir", (9,))):
        if provider != "nimbus":
            add_provider(catalogue, provider)
        store.store(catalogue, run(0, [offer(str(price), price) for price in prices], provider=provider))
    assert trend(catalogue, 24) == [(1, 1, 5, 3)]


def test_recorded_answers_shares_and_bare_gpus_draw_no_trend(catalogue):
    store.store(catalogue, run(0, [offer("a", gpu_share=Decimal("0.5")), offer("b", price_basis="gpu_only")]))
    add_provider(catalogue, "elm")
    store.store(catalogue, run(0, [offer()], provider="elm", is_recorded=True))
    assert trend(catalogue, 24) == []


def test_a_trend_begins_with_the_days_asked_for(catalogue):
    for hours in range(0, 24 * 5, 24):
        store.store(catalogue, run(hours, [offer(price=2)]))
    assert [day for day, *_ in trend(catalogue, 24 * 5 + 1, days=3)] == [4, 5]


def test_each_sellers_price_comes_day_by_day_and_by_pricing_type(catalogue):
    add_provider(catalogue, "elm")
    store.store(catalogue, run(0, [offer("a", 2, price_per_hour_spot=Decimal(1)), offer("b", 3)]))
    store.store(catalogue, run(0, [offer("a", 5)], provider="elm"))
    rows = db.rows(catalogue, "seller_days", SellerDayRow, as_of=after(24), days=9, gpus=["h100-sxm"])
    assert [(row.pricing_type, row.day, dict(zip(row.providers, row.floors, strict=True))) for row in rows] == [
        ("on_demand", FIRST, {"elm": 5, "nimbus": 2}),
        ("spot", FIRST, {"nimbus": 1}),
    ]
    assert db.rows(catalogue, "seller_days", SellerDayRow, as_of=after(24), days=9, gpus=["a100"]) == []


@pytest.fixture
def readings(connection):
    """A function that adds a provider's readings, in hours after START, from a source with a cadence of 36 hours."""
    gpu = add_gpu(connection)
    connection.execute(
        "insert into reference_sources (id, slug, name, url, licence, attribution, cadence)"
        " values (1, 'readers', 'Readers', 'https://r.example/', 'MIT', 'By readers', '36 hours')"
    )

    def read(provider, *prices, pricing_type="on_demand", region="", gpu_count=1, price_basis="complete"):
        for hours, price in prices:
            connection.execute(
                "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
                " observed_at, region, gpu_count, price_basis) values (1, %s, %s, %s, %s, %s, %s, %s, %s)",
                [provider, gpu, pricing_type, price, after(hours), region, gpu_count, price_basis],
            )

    return read


def reference(connection, hours):
    rows = db.rows(connection, "reference_trend_daily", ReferenceRow, as_of=after(hours), gpus=None)
    return [(row.day.day, dict(zip(row.providers, row.floors, strict=True))) for row in rows]


def test_a_reading_counts_until_the_next_and_no_longer_than_its_sources_cadence(readings, connection):
    readings("ash", (6, 3), (30, 2), (120, 4))
    assert reference(connection, 130) == [(1, {"ash": 3}), (2, {"ash": 2}), (3, {"ash": 2}), (6, {"ash": 4})]


def test_a_days_price_is_the_last_one_read_that_day_whether_it_rose_or_fell(readings, connection):
    readings("ash", (1, 2), (20, 3))
    readings("elm", (1, 3), (20, 2))
    assert reference(connection, 21) == [(1, {"ash": 3, "elm": 2})]


def test_a_providers_price_is_that_of_its_cheapest_region_and_size(readings, connection):
    readings("ash", (0, 3), region="eu")
    readings("ash", (1, 2), region="us", gpu_count=8)
    readings("ash", (2, 1), pricing_type="spot")
    assert reference(connection, 3) == [(1, {"ash": 2})]


@pytest.mark.parametrize("price_basis", ["gpu_only", "bundle", None])
def test_readings_that_are_not_of_whole_machines_are_in_no_series(readings, connection, price_basis):
    readings("ash", *daily(*[4] * 8))
    readings("ash", *daily(*[2] * 4, *[1] * 4), region="alone", price_basis=price_basis)
    readings("elm", *daily(*[2] * 4, *[1] * 4), price_basis=price_basis)
    assert reference(connection, 0) == [(1, {"ash": 4})]
    assert moves(connection, 7) == []


def test_who_states_no_price_of_a_whole_machine_is_listed_with_what_it_is_of(readings, connection):
    readings("ash", (0, 4))
    readings("elm", (0, 4), (1, 3), price_basis="gpu_only")
    readings("fir", (0, 4), price_basis=None)
    rows = db.rows(connection, "incomplete_readings", IncompleteReadingRow, as_of=after(9), gpus=None)
    assert rows == [("h100-sxm", "readers", "elm", "gpu_only")]


def test_a_gpu_has_index_days_from_the_thirtieth_with_three_providers_of_one_source(readings, connection):
    for seller, days in (("ash", 30), ("elm", 30), ("fir", 29)):
        readings(seller, *((24 * day, 2) for day in range(days)))

    def has_index_days():
        (row,) = db.rows(connection, "listed_gpus", ListedGpuRow, as_of=after(900))
        return row.has_index_days

    assert not has_index_days()
    readings("fir", (24 * 29, 2))
    assert has_index_days()


def test_the_market_is_of_whole_machines(readings, connection):
    assert band(connection) == []
    for provider in ("elm", "fir", "ivy"):
        readings(provider, (0, 1), price_basis="gpu_only")
        readings(f"{provider}-bundled", (0, 90), price_basis="bundle")
    assert band(connection) == []
    readings("ash", (0, 4))
    assert band(connection) == [("h100-sxm", 4, 4, 1, 4)]


def test_an_offer_without_its_host_is_no_part_of_the_market(connection):
    ids = add_provider(connection), add_gpu(connection)
    runs.start(connection, START, "live", "v1")
    add_instance(connection, *ids, price_per_hour=1, price_basis="gpu_only")
    assert band(connection) == []
    add_instance(connection, *ids, instance_type="whole", price_per_hour=3)
    assert band(connection) == [("h100-sxm", 3, 3, 1, 3)]


def band(connection):
    rows = db.rows(connection, "market_prices", MarketPrices)
    return [(row.gpu_slug, row.lowest, row.highest, row.providers_n, row.median) for row in rows]


def test_readings_that_count_in_no_figure_are_counted_by_rule(readings, connection):
    readings("ash", (0, 4), (1, 4))
    readings("elm", (0, 1), (1, 1), price_basis="gpu_only")
    connection.execute("insert into reference_left_out values (1, 'average', 7)")
    assert db.rows(connection, "reference_left_out", ReadingsLeftOutRow) == [
        ReadingsLeftOutRow("readers", "average", 7),
        ReadingsLeftOutRow("readers", "gpu_only", 2),
    ]


def test_nothing_is_read_after_the_instant_asked_for(readings, connection):
    readings("ash", (0, 3), (20, 1))
    assert reference(connection, 10) == [(1, {"ash": 3})]


def moves(connection, days):
    rows = db.rows(connection, "reference_moves", MoveRow, as_of=after(24 * days), days=7)
    return [(row.provider_slug, row.old_price, row.new_price, (row.changed_at - START).days) for row in rows]


def daily(*prices):
    return [(24 * day, price) for day, price in enumerate(prices)]


def test_a_move_is_from_the_price_at_the_start_of_the_week_to_the_newest(readings, connection):
    readings("ash", *daily(2, 2, 2, 3, 3, 3, 3, 3))
    assert moves(connection, 7) == [("ash", 2, 3, 3)]


def test_a_price_that_went_up_and_came_back_dates_from_its_return(readings, connection):
    readings("ash", *daily(2, 3, 2, 2, 2, 3, 3, 3))
    assert moves(connection, 7) == [("ash", 2, 3, 5)]


def test_small_moves_and_prices_without_a_beginning_are_left_out(readings, connection):
    readings("ash", *daily(*["2.00"] * 7, "2.05"))
    readings("elm", (24 * 5, 2), (24 * 7, 3))
    assert moves(connection, 7) == []


def test_the_largest_move_comes_first(readings, connection):
    readings("ash", *daily(2, 2, 2, 2, 2, 2, 2, 3))
    readings("elm", *daily(2, 2, 2, 2, 2, 2, 2, 1))
    assert [provider for provider, *_ in moves(connection, 7)] == ["elm", "ash"]


def test_a_size_or_region_that_came_or_went_is_no_move(readings, connection):
    readings("ash", *daily(*[4] * 8))
    readings("ash", (24 * 6, 2), (24 * 7, 2), gpu_count=8)
    readings("elm", *daily(*[4] * 8))
    readings("elm", *daily(*[2] * 5), region="us")
    assert moves(connection, 7) == []


def test_sources_come_with_their_attribution(readings, connection):
    assert db.rows(connection, "reference_sources", ReferenceSourceRow) == [
        ReferenceSourceRow("readers", "Readers", "https://r.example/", "MIT", "By readers")
    ]


def test_gpus_in_use_come_with_their_specs(connection):
    add_gpu(connection)
    add_gpu(connection, "k80")
    connection.execute("update gpu_models set is_active = false where slug = 'k80'")
    (row,) = db.rows(connection, "catalogue_gpus", GpuRow, slugs=None)
    assert (row.slug, row.kind, row.vram_gb, row.architecture, row.use_cases) == (
        "h100-sxm",
        "variant",
        80,
        "hopper",
        [],
    )


def test_offers_come_by_gpu_and_provider_the_cheapest_region_first(market, connection):
    market("elm", 2)
    market("ash", 3, instance_type="x", region="east")
    market("ash", 1, instance_type="x", region="west")
    rows = db.rows(connection, "catalogue_offers", OfferRow, as_of=after(1), **ALL)
    assert [(row.provider_slug, row.region, row.price_per_hour) for row in rows] == [
        ("ash", "west", 1), ("ash", "east", 3), ("elm", "", 2),
    ]  # fmt: skip
    assert (rows[0].available_regions, rows[0].freshness, rows[0].is_ranked) == ([], "fresh", True)


def providers(connection, hours):
    settle(connection, hours)
    return db.rows(connection, "catalogue_providers", ProviderRow, slugs=None)


def test_a_provider_comes_with_the_day_of_its_newest_confirmation_and_where_it_was_read(catalogue):
    add_provider(catalogue, "elm")
    add_provider(catalogue, "gone", is_active=False)
    for hours in (0, 2):
        seen = capture(url=f"https://nimbus.example/{hours}", fetched_at=after(hours))
        store.store(catalogue, run(hours, [offer()], captures=[seen]))
    elm, nimbus = providers(catalogue, 3)
    assert (elm.last_confirmed_at, elm.evidence_url, elm.origin, elm.is_recorded) == (None, None, "", False)
    assert (nimbus.last_confirmed_at, nimbus.evidence_url) == (START, "https://nimbus.example/2")


def test_a_provider_is_recorded_while_none_of_its_offers_is_live(catalogue):
    store.store(catalogue, run(0, [offer()], is_recorded=True))
    assert [row.is_recorded for row in providers(catalogue, 1)] == [True]
    store.store(catalogue, run(1, [offer()]))
    assert [row.is_recorded for row in providers(catalogue, 2)] == [False]


def test_a_machine_is_sold_without_a_price_only_while_no_offer_of_it_is_there(catalogue):
    catalogue.execute(
        "insert into sold_without_price (provider_id, gpu_model_id, machine_type, url, source_url, checked_on)"
        " select p.id, g.id, type, 'https://x.example', 'https://y.example', %s from providers p, gpu_models g,"
        " unnest(%s::text[]) as type where p.slug = 'nimbus' and g.slug = %s",
        [FIRST, [offer().instance_type, "big.8x"], offer().gpu_slug],
    )

    def sold(hours):
        rows = db.rows(catalogue, "sold_without_price", SoldWithoutPriceRow, as_of=after(hours), **ALL)
        return [(row.provider_slug, row.gpu_slug, row.machine_type) for row in rows]

    nimbus = ("nimbus", offer().gpu_slug)
    assert sorted(sold(1)) == sorted([(*nimbus, offer().instance_type), (*nimbus, "big.8x")])
    store.store(catalogue, run(0, [offer()]))
    assert sold(1) == [(*nimbus, "big.8x")]
    assert sold(-24 * 400) == []


def add_term(connection, provider_id, field="egress", **values):
    own = {"value": Decimal("0.09"), "unit": "per GB", "currency": "USD", "checked_on": FIRST} | values
    connection.execute(
        "insert into provider_terms (provider_id, field, value, unit, currency, source_url, checked_on)"
        " values (%s, %s, %s, %s, %s, 'https://x.example', %s)",
        [provider_id, field, own["value"], own["unit"], own["currency"], own["checked_on"]],
    )


def terms(connection):
    rows = db.rows(connection, "catalogue_terms", TermRow, as_of=START, providers=None)
    return [(row.provider_slug, row.field, row.usd) for row in rows]


def test_terms_are_those_of_active_providers_in_the_order_of_the_fields(connection):
    for slug, active in (("elm", True), ("ash", True), ("fir", False)):
        provider = add_provider(connection, slug, is_active=active)
        add_term(connection, provider)
        add_term(connection, provider, "billing_step", value=60, unit="seconds", currency=None)
    assert terms(connection) == [
        ("ash", "billing_step", None), ("ash", "egress", Decimal("0.09")),
        ("elm", "billing_step", None), ("elm", "egress", Decimal("0.09")),
    ]  # fmt: skip


def test_a_term_counts_for_180_days_after_it_was_checked(connection):
    add_term(connection, add_provider(connection, "ash"))
    for days, is_current in ((179, True), (180, False)):
        (row,) = db.rows(connection, "catalogue_terms", TermRow, as_of=after(24 * days), providers=None)
        assert row.is_current == is_current


def test_a_term_in_another_currency_is_in_dollars_at_the_newest_rate_known_then(connection):
    add_term(connection, add_provider(connection, "ash"), currency="EUR")
    assert terms(connection) == [("ash", "egress", None)]
    for day, rate in ((FIRST - timedelta(2), 1), (FIRST - timedelta(1), 2), (FIRST + timedelta(1), 3)):
        connection.execute("insert into exchange_rates values ('EUR', %s, %s, 'x')", [day, rate])
    assert terms(connection) == [("ash", "egress", Decimal("0.18"))]


def hold_back(connection, provider, *held):
    """Store an answer with one good offer that holds back these: instance type, GPU and rule."""
    held = [HeldBack(name, "", gpu, rule, "figures", since=START) for name, gpu, rule in held]
    store.store(connection, run(0, [offer(f"good-{provider}")], provider=provider, held=held))


def held_back(connection, hours=0):
    rows = db.rows(connection, "held_back", HeldBackRow, as_of=after(hours), **ALL)
    return [(row.provider_slug, row.gpu_slug, row.rule, row.offers_n, row.names_n) for row in rows]


def test_offers_held_back_are_counted_by_provider_gpu_and_rule(catalogue):
    add_provider(catalogue, "gone", is_active=False)
    retired = add_gpu(catalogue, "k80")
    catalogue.execute("update gpu_models set is_active = false where id = %s", [retired])
    band = [(name, "h100-sxm", "price_band") for name in ("a", "b", "b", "c")]
    hold_back(catalogue, "nimbus", *band, ("d", "", "unreadable"), ("e", "k80", "price_jump"))
    hold_back(catalogue, "gone", *band)
    assert held_back(catalogue) == [
        ("nimbus", "h100-sxm", "price_band", 3, 0),
        ("nimbus", None, "price_jump", 1, 0),
        ("nimbus", None, "unreadable", 1, 0),
    ]


def test_an_answer_that_is_held_back_as_a_whole_is_no_offer(catalogue):
    hold_back(catalogue, "nimbus", ("", "", "more_offers"))
    assert held_back(catalogue) == []


def test_released_and_withdrawn_offers_are_no_longer_held_back_and_rejected_ones_are(catalogue):
    hold_back(catalogue, "nimbus", *((name, "h100-sxm", "price_band") for name in "abc"))
    catalogue.execute(
        "update quarantine set decided_by = 'Ada', decided_at = now(), state ="
        " case instance_type when 'a' then 'released' when 'b' then 'withdrawn' else 'rejected' end"
    )
    assert held_back(catalogue) == [("nimbus", "h100-sxm", "price_band", 1, 0)]


def test_offers_under_unknown_names_are_counted_with_their_names(catalogue):
    unmapped = [UnmappedName(name, None, "x", offers, "unknown") for name, offers in (("H900", 3), ("H901", 1))]
    store.store(catalogue, run(0, [offer()], unmapped=unmapped))
    assert held_back(catalogue) == [("nimbus", None, "unknown_name", 4, 2)]


def test_an_offer_held_back_later_is_not_known_yet(catalogue):
    hold_back(catalogue, "nimbus", ("a", "h100-sxm", "price_band"))
    store.store(catalogue, run(0, [offer()], unmapped=[UnmappedName("H900", None, "b", 1, "no alias", [("b", "")])]))
    assert held_back(catalogue, hours=-1) == []
    assert len(held_back(catalogue)) == 2


def placed(connection):
    rows = db.rows(connection, "placed_offers", PlacedOfferRow, as_of=after(1), **ALL)
    return [(row.provider_slug, row.region, row.offers_n, row.is_ranked, row.price_per_gpu_hour) for row in rows]


def test_offers_are_counted_by_stated_place_with_the_cheapest_that_ranks(connection, market):
    market("nimbus", 3, region="eu")
    market("nimbus", 2, region="us", available_regions=["eu"])
    market("nimbus", 1, region="eu", price_basis="gpu_only")
    market("nimbus", 1, region="global")
    market("kestrel", 4, region="eu", availability_status="sold_out", availability_stated=True)
    for provider in ("nimbus", "kestrel"):
        connection.execute(
            "insert into provider_regions (provider_id, region, country, continent)"
            " select id, 'eu', 'FI', 'Europe' from providers where slug = %s",
            [provider],
        )
    settle(connection, 1)
    assert placed(connection) == [("kestrel", "eu", 1, False, 4), ("nimbus", "eu", 3, True, 2)]


def test_a_resellers_price_does_not_rank_by_place_beside_that_of_the_cloud(connection, market):
    market("nimbus", 3, region="eu", has_nvlink=True)
    market("kestrel", 2, region="eu", has_nvlink=True, upstream="nimbus")
    connection.execute(
        "insert into provider_regions (provider_id, region, continent) select id, 'eu', 'Europe' from providers"
    )
    settle(connection, 1)
    assert [(provider, ranks) for provider, _, _, ranks, _ in placed(connection)] == [
        ("kestrel", False),
        ("nimbus", True),
    ]
    assert [
        row.provider_slug for row in db.rows(connection, "feature_floors", FeatureFloorRow, as_of=after(1), **ALL)
    ] == ["nimbus"]


def test_a_feature_has_the_lowest_ranked_price_of_those_that_state_it(connection, market):
    market("nimbus", 1)
    market("nimbus", 3, has_nvlink=True)
    market("nimbus", 2, has_nvlink=True)
    market("kestrel", 4, price_per_hour_spot=1, has_infiniband=True)
    settle(connection, 1)
    rows = db.rows(connection, "feature_floors", FeatureFloorRow, as_of=after(1), **ALL)
    assert [(row.feature, row.provider_slug, row.floor) for row in rows] == [
        ("infiniband", "kestrel", 4),
        ("nvlink", "nimbus", 2),
        ("spot", "kestrel", 1),
    ]
