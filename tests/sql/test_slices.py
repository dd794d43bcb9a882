"""A change of the data moves the slices that show it and no others; settling brings the figures up to an instant."""

from datetime import timedelta

import pytest
from psycopg.errors import LockNotAvailable

from generator.catalogue.rows import OfferRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, offer, one, run

pytestmark = pytest.mark.postgres

GPU = "(select id from gpu_models where slug = 'h100-sxm')"
NIMBUS = "(select id from providers where slug = 'nimbus')"
JOB = "(select id from scrape_jobs limit 1)"
OFFERS = {"offers_by_gpu:h100-sxm", "offers_by_provider:nimbus"}
AVAILABILITY = {"availability_by_gpu:h100-sxm", "availability_by_provider:nimbus"}
HISTORY = "histories:nimbus/h100-sxm"
HELD_BACK = {"held_back_by_gpu:h100-sxm", "held_back_by_provider:nimbus", "held_back"}


def settle(connection, hours):
    return one(connection, "select settle_slices(%s)", after(hours))


def moved(connection):
    """The slices that wait to be settled."""
    return {slice_ for (slice_,) in connection.execute("select slice from moved_slices")}


def moved_since(connection, revision):
    found = connection.execute("select slice from slice_revisions where revision > %s", [revision])
    return {slice_ for (slice_,) in found}


@pytest.fixture
def market(catalogue):
    """One offer each of nimbus and kestrel of two GPUs, settled an hour later."""
    add_gpu(catalogue, "a100")
    add_provider(catalogue, "kestrel")
    store.store(catalogue, run(0, [offer(price=2)]))
    store.store(catalogue, run(0, [offer(price=4, gpu_slug="a100")], provider="kestrel"))
    settle(catalogue, 1)
    catalogue.commit()
    return catalogue


MOVES = {
    "a GPU's specs": ("update gpu_models set tdp_watts = 350 where slug = 'h100-sxm'",
        OFFERS | {"gpus:h100-sxm", "listed_gpus", "sellers"}),
    "a provider's words": ("update providers set description = 'x' where slug = 'nimbus'",
        OFFERS | {"providers:nimbus", "listed_providers"}),
    "a source class": ("update source_classes set fresh_for = fresh_for * 2 where source_class = 'price_page'",
        {"everything"}),
    "a term": (f"insert into provider_terms (provider_id, field, value, unit, currency, source_url, checked_on)"
        f" values ({NIMBUS}, 'egress', 1, 'per GB', 'USD', 'https://x.example', '2026-03-01')",
        {"terms_by_provider:nimbus"}),
    "a spelling of a GPU's name": (f"insert into gpu_aliases (alias, gpu_model_id) values ('h', {GPU})", {"gpu_names"}),
    "a machine without a price": ("insert into sold_without_price"
        " (provider_id, gpu_model_id, machine_type, url, source_url, checked_on)"
        f" values ({NIMBUS}, {GPU}, 'big', 'https://x.example', 'https://x.example', '2026-03-01')",
        {"sold_by_gpu:h100-sxm", "sold_by_provider:nimbus"}),
    "a price": (f"update instances set price_per_hour = 9 where provider_id = {NIMBUS}",
        OFFERS | AVAILABILITY | {"sold_by_gpu:h100-sxm", "sold_by_provider:nimbus", "trends:h100-sxm", HISTORY,
        "price_spans:nimbus/h100-sxm"}),
    "the size of a machine": (f"update instances set size_stated = false where provider_id = {NIMBUS}",
        OFFERS | {"sold_by_gpu:h100-sxm", "sold_by_provider:nimbus", "trends:h100-sxm", HISTORY}),
    "where a job read": (f"update scrape_jobs set request_url = 'https://x.example' where provider_id = {NIMBUS}",
        {"source_status", HISTORY}),
    "when a price began": ("update price_history set recorded_at = recorded_at - interval '1 day'"
        f" where provider_id = {NIMBUS}", AVAILABILITY | {"trends:h100-sxm", HISTORY, "price_spans:nimbus/h100-sxm"}),
    "a day's market": (f"insert into market_days values ('2026-02-01', {GPU}, 1, 1, 1)",
        {"trends:h100-sxm", "listed_gpus"}),
    "a day with three providers after thirty of them": (
        f"insert into market_days select date '2026-01-01' + day, {GPU}, 1, 1, 3 from generate_series(0, 29) as day;"
        " select settle_slices('2026-03-01 01:00Z'); delete from moved_slices;"
        f" insert into market_days values ('2026-02-01', {GPU}, 1, 1, 3)",
        {"trends:h100-sxm"}),
    "the thirtieth day with three providers": (
        f"insert into market_days select date '2026-01-01' + day, {GPU}, 1, 1, 3 from generate_series(0, 28) as day;"
        " select settle_slices('2026-03-01 01:00Z'); delete from moved_slices;"
        f" insert into market_days values ('2026-02-01', {GPU}, 1, 1, 3)",
        {"trends:h100-sxm", "listed_gpus"}),
    "a source of readings": ("insert into reference_sources (id, slug, name, url, licence, attribution, cadence)"
        " values (1, 'readers', 'R', 'https://r.example/', 'MIT', 'By readers', '36 hours')", {"everything"}),
    "an offer that is held back": ("insert into quarantine (provider_id, gpu_model_id, instance_type, rule, detail,"
        f" first_seen_at, last_seen_at, first_job_id, last_job_id) values ({NIMBUS}, {GPU}, 'odd', 'price_band', 'x',"
        f" '2026-03-01Z', '2026-03-01Z', {JOB}, {JOB})", HELD_BACK),
    "an unknown name": ("insert into unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)"
        f" values ({NIMBUS}, 'H900', 1, '2026-03-01Z', '2026-03-01Z')", {"held_back_by_provider:nimbus", "held_back"}),
    "a guide": ("insert into content_pages (slug, page_type, title) values ('guides/nodes', 'guide', 'Nodes')",
        {"guides:nodes", "guides"}),
    "a generated page": ("insert into content_pages (slug, page_type, title) values ('home', 'home', 'Home')", set()),
    "where a region is": ("insert into provider_regions (provider_id, region, country, continent)"
        f" select {NIMBUS}, region, 'FI', 'Europe' from instances where provider_id = {NIMBUS}", OFFERS),
    "where a region of no offer is": ("insert into provider_regions (provider_id, region, country, continent)"
        f" values ({NIMBUS}, 'elsewhere', 'FI', 'Europe')", set()),
    "all offers": ("truncate instances cascade", {"everything"}),
}  # fmt: skip


@pytest.mark.parametrize("what", MOVES)
def test_a_change_moves_its_slices_and_no_others(market, what):
    statement, slices = MOVES[what]
    market.execute(statement)
    assert moved(market) == slices


@pytest.fixture
def reading(market):
    """A source of readings, a rate, and what depends on either."""
    market.execute(
        "insert into reference_sources (id, slug, name, url, licence, attribution, cadence)"
        " values (1, 'readers', 'R', 'https://r.example/', 'MIT', 'By readers', '36 hours')"
    )
    market.execute(MOVES["a term"][0].replace("USD", "EUR"))
    settle(market, 1)
    return market


def test_readings_and_rates_move_what_is_drawn_or_converted_from_them(reading):
    reading.execute(
        "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
        f" observed_at) values (1, 'ash', {GPU}, 'on_demand', 2, '2026-03-01Z')"
    )
    assert moved(reading) == {"reference_trends:h100-sxm", "moves", "listed_gpus"}
    settle(reading, 1)
    reading.execute("insert into reference_left_out values (1, 'average', 7)")
    assert moved(reading) == {"readings_left_out"}
    settle(reading, 1)
    reading.execute("insert into exchange_rates values ('EUR', '2026-02-28', 1.1, 'x'), ('GBP', '2026-02-28', 1, 'x')")
    assert moved(reading) == {"terms_by_provider:nimbus"}


def test_an_update_that_leaves_all_as_it_was_moves_nothing(market):
    tables = "gpu_models providers source_classes instances confirmations price_history gpu_figures provider_figures"
    for table in tables.split():
        columns = one(
            market,
            "select string_agg(format('%%1$I = %%1$I', attname), ', ') from pg_attribute where attnum > 0"
            " and attrelid = %s::regclass and attgenerated = '' and attidentity = '' and not attisdropped",
            table,
        )
        market.execute(f"update {table} set {columns}")
        assert (table, moved(market)) == (table, set())


def test_what_no_page_shows_moves_nothing(market):
    market.execute("update providers set last_price_update = now()")
    market.execute("update instances set raw_data = '{}'")
    market.execute("update gpu_models set updated_at = now()")
    assert moved(market) == set()


def test_seeing_a_price_again_on_the_same_day_moves_the_source_s_status_alone(market):
    store.store(market, run(2, [offer(price=2)]))
    assert moved(market) - {"evidence:nimbus"} == {"source_status"}


@pytest.mark.parametrize("hours", [24, 7])
def test_seeing_it_on_another_day_or_after_it_had_aged_moves_its_offers(market, hours):
    market.execute("update confirmations set last_confirmed_at = %s where instance_id in"
        f" (select id from instances where provider_id = {NIMBUS})", [after(hours)])  # fmt: skip
    assert moved(market) == OFFERS | {"trends:h100-sxm", HISTORY}


def test_settling_again_gives_no_new_revision_and_writes_nothing(market):
    revision = settle(market, 1)
    written = "select max(xmin::text::bigint) from gpu_figures"
    before = one(market, written)
    assert settle(market, 1) == revision == settle(market, 1.5)
    market.execute("insert into moved_slices (slice) values ('everything')")
    assert settle(market, 1.5) == revision + 1
    assert moved_since(market, revision) == {"everything"}
    assert one(market, written) == before


def test_a_price_moves_the_figures_that_it_counts_in(market):
    revision = settle(market, 1)
    market.execute(f"update instances set price_per_hour = 3 where provider_id = {NIMBUS}")
    assert settle(market, 1) == revision + 1
    figures = {"stats_by_gpu:h100-sxm", "floors_by_gpu:h100-sxm", "floors_by_provider:nimbus", "listed_gpus", "offers"}
    spans = {"price_spans", "price_spans:nimbus/h100-sxm"}
    assert moved_since(market, revision) == (MOVES["a price"][1] | figures) ^ spans
    assert one(market, f"select median from gpu_figures where gpu_model_id = {GPU} and segment = ''") == 3


def test_who_sells_what_moves_only_as_offers_come_and_go(market):
    revision = settle(market, 1)
    store.store(market, run(1, [offer(price=2), offer("b", 3, gpu_slug="a100")]))
    assert "sellers" in moved_since(market, revision) | (settle(market, 1) and moved_since(market, revision))
    revision = settle(market, 1)
    store.store(market, run(1.1, [offer(price=2), offer("b", 5, gpu_slug="a100")]))
    settle(market, 1.1)
    assert {"floors_by_gpu:a100", "floors_by_provider:nimbus"} <= moved_since(market, revision)
    assert "sellers" not in moved_since(market, revision)


def test_evidence_moves_the_answers_of_its_provider_and_nothing_else(market):
    revision = settle(market, 1)
    market.execute("insert into moved_slices (slice) values ('evidence:nimbus')")
    settle(market, 1)
    assert moved_since(market, revision) == {"answers:nimbus"}


def test_two_that_settle_at_once_wait_for_each_other_and_writers_for_neither(market, database_url):
    revision = settle(market, 1)
    market.execute("insert into moved_slices (slice) values ('held_back')")
    assert settle(market, 1) == revision + 1
    with db.connect(database_url) as other:
        other.execute("update providers set description = 'x' where slug = 'nimbus'")
        other.commit()
        other.execute("set local lock_timeout = '100ms'")
        with pytest.raises(LockNotAvailable):
            settle(other, 1)
        other.rollback()
    market.commit()
    assert settle(market, 1) == revision + 2
    assert {"providers:nimbus"} <= moved_since(market, revision + 1)


def by_time(connection, since, until):
    found = connection.execute("select slice from slices_moved_by_time(%s, %s, true)", [since, until])
    return {slice_ for (slice_,) in found}


def age(connection, column):
    return one(connection, f"select {column} from source_classes where source_class = 'provider_api'")


@pytest.mark.parametrize("column", ["fresh_for", "expires_after"])
def test_time_alone_moves_an_offer_exactly_when_it_ages_or_expires(market, column):
    moment, instant = START + age(market, column), timedelta(microseconds=1)
    both = OFFERS | {"offers_by_gpu:a100", "offers_by_provider:kestrel"}
    assert by_time(market, moment - instant, moment) - {"day"} == set()
    assert by_time(market, moment, moment + instant) == both
    assert by_time(market, moment + instant, moment + 2 * instant) == set()


def test_an_offer_that_has_aged_leaves_the_figures(market):
    revision = settle(market, 1)
    settle(market, 1 + age(market, "fresh_for") / timedelta(hours=1))
    assert {"stats_by_gpu:h100-sxm", "floors_by_provider:nimbus", "sellers"} <= moved_since(market, revision)
    assert one(market, "select count(*) from gpu_figures") == 0


def test_a_day_ends_at_midnight(market):
    assert by_time(market, after(24) - timedelta(microseconds=1), after(24)) == {"day"}
    assert by_time(market, after(24), after(48) - timedelta(microseconds=1)) == set()


def test_a_term_moves_on_the_day_on_which_it_was_checked_too_long_ago(market):
    market.execute(MOVES["a term"][0])
    days = one(
        market, "select extract(days from expires_after)::integer from source_classes where source_class = 'stated'"
    )
    assert by_time(market, after(24 * days - 1), after(24 * days)) >= {"day", "terms_by_provider:nimbus"}
    assert "terms_by_provider:nimbus" not in by_time(market, after(24 * days), after(24 * (days + 1)))


def test_going_back_in_time_settles_everything(market):
    revision = settle(market, 1)
    settle(market, 0.5)
    assert moved_since(market, revision) >= {"everything"}


# What a change decides elsewhere.


def test_the_first_live_answer_takes_recorded_prices_out_of_every_figure(catalogue):
    add_gpu(catalogue, "a100")
    add_provider(catalogue, "kestrel")
    store.store(catalogue, run(0, [offer(price=2)], is_recorded=True))
    settle(catalogue, 1)
    assert one(catalogue, f"select count(*) from gpu_figures where gpu_model_id = {GPU}") > 0
    store.store(catalogue, run(1, [offer(price=4, gpu_slug="a100")], provider="kestrel"))
    settle(catalogue, 2)
    assert one(catalogue, f"select count(*) from gpu_figures where gpu_model_id = {GPU}") == 0


def test_a_gpu_that_is_retired_moves_who_sells_what(market):
    market.execute("update gpu_models set is_active = false where slug = 'h100-sxm'")
    assert "sellers" in moved(market)


@pytest.mark.parametrize("table", ["gpu_models", "providers"])
def test_what_is_retired_moves_the_lists_that_named_it(market, table):
    for what in ("an offer that is held back", "a machine without a price"):
        market.execute(MOVES[what][0])
    settle(market, 1)
    market.execute(f"update {table} set is_active = false where slug in ('h100-sxm', 'nimbus')")
    other = "provider:nimbus" if table == "gpu_models" else "gpu:h100-sxm"
    assert moved(market) >= {"held_back", f"held_back_by_{other}", f"sold_by_{other}"}


def test_a_cloud_s_own_offer_moves_the_pages_of_those_that_resell_it(market):
    add_provider(market, "reseller")
    store.store(market, run(1, [offer(price=9, upstream="nimbus")], provider="reseller"))
    revision = settle(market, 1)
    market.execute(f"update instances set availability_status = 'sold_out' where provider_id = {NIMBUS}")
    settle(market, 1)
    assert "offers_by_provider:reseller" in moved_since(market, revision)
    (resold,) = db.rows(market, "catalogue_offers", OfferRow, as_of=after(1), gpus=None, providers=["reseller"])
    assert resold.outvoted_as == []
