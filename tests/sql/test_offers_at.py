from decimal import Decimal

import pytest

from generator.catalogue.rows import OfferRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import PRICES, add_gpu, add_provider, after, offer, one, run

pytestmark = pytest.mark.postgres


def shown(connection, hours):
    """Each offer shown so many hours after START, with its freshness and whether it is ranked."""
    rows = connection.execute("select instance_type, freshness, is_ranked from offers_at(%s)", [after(hours)])
    return {name: (freshness, is_ranked) for name, freshness, is_ranked in rows}


@pytest.mark.parametrize(
    ("source_class", "fresh", "shown_for"),
    [("marketplace_api", 2, 12), ("provider_api", 6, 48), ("price_page", 24, 168), ("stated", 720, 4320)],
)
def test_a_live_price_is_fresh_then_aging_then_expired(catalogue, source_class, fresh, shown_for):
    store.store(catalogue, run(0, [offer()], source_class=source_class))
    assert shown(catalogue, fresh) == {"a": ("fresh", True)}
    assert shown(catalogue, fresh + 0.01) == {"a": ("aging", False)}
    assert shown(catalogue, shown_for) == {"a": ("aging", False)}
    assert shown(catalogue, shown_for + 0.01) == {}


def test_a_confirmation_keeps_a_price_fresh(catalogue):
    for hours in (0, 5):
        store.store(catalogue, run(hours, [offer()]))
    assert shown(catalogue, 10) == {"a": ("fresh", True)}
    assert one(catalogue, "select last_confirmed_at from offers_at(%s)", after(10)) == after(5)


def test_a_recording_is_fresh_for_thirty_days_and_never_expires(catalogue):
    store.store(catalogue, run(0, [offer()], is_recorded=True))
    assert shown(catalogue, 30 * 24) == {"a": ("fresh", True)}
    assert shown(catalogue, 30 * 24 + 1) == {"a": ("aging", False)}
    assert shown(catalogue, 4000 * 24) == {"a": ("aging", False)}


def test_a_recording_is_not_ranked_once_anything_live_was_stored(catalogue):
    add_provider(catalogue, "kestrel")
    store.store(catalogue, run(0, [offer("recorded")], is_recorded=True))
    store.store(catalogue, run(0, [offer("live")], provider="kestrel"))
    assert shown(catalogue, 1) == {"recorded": ("fresh", False), "live": ("fresh", True)}
    assert shown(catalogue, 100) == {"recorded": ("fresh", False)}


@pytest.mark.parametrize(
    ("change", "is_ranked"),
    [
        ({"gpu_share": Decimal("0.5")}, False),
        ({"price_basis": "gpu_only"}, False),
        ({"price_basis": "bundle"}, False),
        ({"availability_status": "limited"}, True),
        ({"availability_status": "sold_out"}, False),
        ({"availability_status": "waitlist"}, False),
        ({"availability_status": "contact_sales"}, False),
        ({"availability_status": "deprecated"}, False),
    ],
)
def test_only_whole_machines_for_rent_are_ranked(catalogue, change, is_ranked):
    store.store(catalogue, run(0, [offer(**change)]))
    assert shown(catalogue, 1) == {"a": ("fresh", is_ranked)}


@pytest.mark.parametrize(
    ("provider_type", "uptime", "is_ranked"),
    [("depin", 94.99, False), ("depin", 95, True), ("depin", None, True), ("regional_cloud", 90, True)],
)
def test_a_depin_provider_ranks_with_95_percent_uptime_or_none_stated(catalogue, provider_type, uptime, is_ranked):
    add_provider(catalogue, "hosts", provider_type=provider_type, sla_uptime_percent=uptime)
    store.store(catalogue, run(0, [offer()], provider="hosts"))
    assert shown(catalogue, 1) == {"a": ("fresh", is_ranked)}


def test_a_retired_providers_offers_are_not_ranked(catalogue):
    store.store(catalogue, run(0, [offer()]))
    catalogue.execute("update providers set is_active = false")
    assert shown(catalogue, 1) == {"a": ("fresh", False)}


def test_an_offer_confirmed_later_is_not_shown_and_proves_no_live_answer(catalogue):
    add_provider(catalogue, "kestrel")
    store.store(catalogue, run(-1, [offer("recorded")], provider="kestrel", is_recorded=True))
    store.store(catalogue, run(2, [offer("live")]))
    assert shown(catalogue, 1.9) == {"recorded": ("fresh", True)}
    assert shown(catalogue, 2) == {"recorded": ("fresh", False), "live": ("fresh", True)}
    assert shown(catalogue, -1.1) == {}


def test_an_offer_that_disappeared_is_not_shown(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    store.store(catalogue, run(1, [offer("b")]))
    assert shown(catalogue, 1).keys() == {"b"}


def test_prices_are_unpivoted_per_instance_and_per_gpu_hour(catalogue):
    amounts = dict(zip(PRICES, map(Decimal, (8, 4, 2920, 6, 5)), strict=True))
    store.store(catalogue, run(0, [offer(gpu_count=4, **amounts)]))
    rows = catalogue.execute("select pricing_type, price_per_hour, price_per_gpu_hour from prices_at(%s)", [after(1)])
    assert {kind: (hour, gpu_hour) for kind, hour, gpu_hour in rows} == {
        "on_demand": (8, 2), "spot": (4, 1), "monthly": (4, 1),
        "reserved_1y": (6, Decimal("1.5")), "reserved_3y": (5, Decimal("1.25")),
    }  # fmt: skip


def test_a_price_that_is_missing_has_no_row_and_a_share_counts_as_its_part(catalogue):
    share = offer(price=None, price_per_hour_spot=Decimal("0.5"), gpu_share=Decimal("0.25"))
    store.store(catalogue, run(0, [share]))
    rows = catalogue.execute(
        "select pricing_type, price_per_gpu_hour, is_ranked from prices_at(%s)", [after(1)]
    ).fetchall()
    assert rows == [("spot", 2, False)]


def test_a_price_per_gpu_of_no_stated_size_ranks(catalogue):
    store.store(catalogue, run(0, [offer(size_stated=False)]))
    assert shown(catalogue, 1) == {"a": ("fresh", True)}


def votes(connection):
    rows = connection.execute("select provider_slug, pricing_type from prices_at(%s) where is_ranked", [after(1)])
    return set(rows.fetchall())


def test_a_reseller_does_not_vote_beside_the_cloud_itself(catalogue):
    add_provider(catalogue, "reseller")
    resold = offer(price=9, price_per_hour_spot=Decimal(1), upstream="nimbus")
    store.store(catalogue, run(0, [offer()]))
    store.store(catalogue, run(0, [resold], provider="reseller"))
    assert votes(catalogue) == {("nimbus", "on_demand"), ("reseller", "spot")}
    rows = db.rows(catalogue, "catalogue_offers", OfferRow, as_of=after(1), gpus=None, providers=None)
    known = {row.provider_slug: row for row in rows}
    assert (known["nimbus"].outvoted_as, known["reseller"].outvoted_as) == ([], ["on_demand"])


@pytest.mark.parametrize("upstream", ["nimbus", "a cloud that is not listed", None])
def test_a_reseller_votes_where_the_cloud_itself_has_nothing_for_rent(catalogue, upstream):
    add_provider(catalogue, "reseller")
    store.store(catalogue, run(0, [offer(availability_status="sold_out")]))
    store.store(catalogue, run(0, [offer(price=9, upstream=upstream)], provider="reseller"))
    assert votes(catalogue) == {("reseller", "on_demand")}


def test_offers_of_a_chip_stay_out_of_its_variants(catalogue):
    add_gpu(catalogue, "h100")
    store.store(catalogue, run(0, [offer(gpu_slug="h100")]))
    assert one(catalogue, "select array_agg(gpu_slug) from offers_at(%s)", after(1)) == ["h100"]


def test_the_columns_everything_relies_on_are_there(catalogue):
    wanted = """
        id provider_id provider_slug segment gpu_model_id gpu_slug instance_type region available_regions
        gpu_count gpu_share upstream price_per_hour price_per_hour_spot price_per_month
        price_per_hour_reserved_1y price_per_hour_reserved_3y price_per_gpu_hour price_per_gpu_hour_spot
        price_per_gpu_hour_monthly price_per_gpu_hour_reserved_1y price_per_gpu_hour_reserved_3y
        availability_status has_nvlink has_infiniband
        source_url last_confirmed_at freshness is_recorded is_ranked disputed_as scrape_job_id
    """.split()  # noqa: SIM905
    offers = catalogue.execute("select * from offers_at(now())").description or []
    assert [column.name for column in offers] == wanted
