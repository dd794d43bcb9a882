"""GPUs, offers, providers and terms as a build reads them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from generator.catalogue.rows import GpuRow, OfferRow, ProviderRow, SoldWithoutPriceRow, TermRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, capture, offer, run, settle

pytestmark = pytest.mark.postgres

FIRST = date(2026, 3, 1)
ALL = {"gpus": None, "providers": None}


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


def test_an_offer_comes_with_the_continents_and_countries_of_all_its_regions(market, connection):
    market("ash", 1, instance_type="several", available_regions=["fi-1", "us-1", "nowhere"])
    market("ash", 2, instance_type="one", region="fi-1")
    market("ash", 3, instance_type="unknown", region="nowhere")
    market("ash", 4, instance_type="none")
    connection.execute(
        "insert into provider_regions (provider_id, region, name, country, continent) select id, place.*"
        " from providers, (values ('fi-1', '', 'FI', 'Europe'), ('us-1', '', null, 'North America')) as place"
        " where slug = 'ash'"
    )
    rows = db.rows(connection, "catalogue_offers", OfferRow, as_of=after(1), **ALL)
    assert [(row.instance_type, row.places) for row in rows] == [
        ("several", ["Europe", "FI", "North America"]), ("one", ["Europe", "FI"]), ("unknown", []), ("none", []),
    ]  # fmt: skip


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
