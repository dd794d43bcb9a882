import threading
import zlib
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from generator.database import db, runs
from generator.errors import BuildError
from generator.ingest import store
from scrapers.errors import ImplausibleOffers
from scrapers.normalise import NormalisedOffer, UnmappedName
from scrapers.normalised import TERMS
from tests.sql.samples import START, add_gpu, add_provider, after, capture, offer, one, run, segments

pytestmark = pytest.mark.postgres


@pytest.fixture
def catalogue(connection):
    add_gpu(connection)
    add_provider(connection)
    runs.start(connection, START, "live", "v1")
    connection.commit()
    return connection


def stamps(connection):
    return connection.execute("select id, updated_at, xmin, last_scraped_at from instances order by id").fetchall()


def test_the_incoming_table_has_the_fields_of_a_normalised_offer_in_order():
    copied = db.query("store_copy").split("(\n", 1)[1].split("\n)")[0].replace(",", "").split()
    assert copied == [field.name for field in fields(NormalisedOffer)]


def test_every_term_of_an_offer_is_a_column_that_visitors_may_read(connection):
    may = "select has_column_privilege('anon', 'instances', %s, 'select')"
    assert [one(connection, may, term) for term in TERMS] == [True] * len(TERMS)


def test_a_query_names_all_terms_at_once():
    assert f"row({', '.join(f'incoming.{term}' for term in TERMS)})" in db.query("store_changes")
    assert "{" not in db.query("store_match").replace("'{}'", "")


def test_a_first_run_creates_its_offers(catalogue):
    report = store.store(catalogue, run(0, [offer("a", 2), offer("b", 3, gpu_count=8)]))
    assert report == store.StoreReport(found=2, created=2)
    assert one(catalogue, "select price_per_gpu_hour from instances where instance_type = 'b'") == Decimal("0.375")
    assert segments(catalogue) == [(2, 0, None, None)]


def test_an_offer_seen_again_only_confirms(catalogue):
    store.store(catalogue, run(0, [offer()]))
    before = stamps(catalogue)
    report = store.store(catalogue, run(1, [replace(offer(), raw_data={"seen": "again"})]))
    assert report == store.StoreReport(found=1, unchanged=1)
    assert stamps(catalogue) == before
    assert one(catalogue, "select last_confirmed_at from confirmations") == after(1)
    assert one(catalogue, "select count(*) from price_history") == 1


def test_a_changed_price_updates_and_begins_a_segment(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    store.store(catalogue, run(1, [offer(price=2)]))
    assert store.store(catalogue, run(2, [offer(price=3)])) == store.StoreReport(found=1, updated=1)
    assert segments(catalogue) == [(2, 0, 2, 1), (3, 2, None, None)]


def test_a_changed_name_updates_without_history(catalogue):
    store.store(catalogue, run(0, [offer()]))
    assert store.store(catalogue, run(1, [offer(instance_name="Nimbus One")])).updated == 1
    assert one(catalogue, "select count(*) from price_history") == 1


def test_a_complete_answer_deactivates_what_it_no_longer_has(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    assert store.store(catalogue, run(1, [offer("b")])) == store.StoreReport(found=1, unchanged=1, deactivated=1)
    assert segments(catalogue) == [(2, 0, 1, 0)]
    mark = "select recorded_at from price_history where not is_active and valid_to = recorded_at"
    assert one(catalogue, mark) == after(1)
    assert one(catalogue, "select is_active from instances where instance_type = 'a'") is False


def test_an_incomplete_answer_deactivates_nothing(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    assert store.store(catalogue, run(1, [offer("b")], is_complete=False)).deactivated == 0


def test_an_offer_that_comes_back_begins_anew(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    store.store(catalogue, run(1, [offer("b")]))
    assert store.store(catalogue, run(2, [offer("a"), offer("b")])).updated == 1
    assert segments(catalogue) == [(2, 0, 1, 0), (2, 2, None, None)]


def test_a_long_silence_leaves_a_gap_even_where_nothing_changed(catalogue):
    store.store(catalogue, run(0, [offer()]))
    store.store(catalogue, run(5, [offer()]))
    before = stamps(catalogue)
    store.store(catalogue, run(54, [offer()]))
    assert segments(catalogue) == [(2, 0, 5, 5), (2, 54, None, None)]
    assert stamps(catalogue) == before


def test_a_change_after_a_long_silence_ends_at_the_last_confirmation(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    store.store(catalogue, run(60, [offer("a", 5)]))
    assert segments(catalogue) == [(2, 0, 0, 0), (5, 60, None, None)]
    assert segments(catalogue, "b") == [(2, 0, 0, 0)]


def test_an_older_answer_goes_to_history_only(catalogue):
    store.store(catalogue, run(10, [offer(price=2)]))
    before = stamps(catalogue)
    report = store.store(catalogue, run(5, [offer(price=7), offer("gone", 1)]))
    assert report == store.StoreReport(found=2, created=1, unchanged=1)
    assert segments(catalogue) == [(7, 5, 10, 5), (2, 10, None, None)]
    assert segments(catalogue, "gone") == [(1, 5, 5, 5)]
    assert before[0] in stamps(catalogue)
    assert one(catalogue, "select array_agg(instance_type) from offers_at(%s)", after(10)) == ["a"]


def test_an_older_answer_that_agrees_extends_what_was_known(catalogue):
    for hours in (0, 60):
        store.store(catalogue, run(hours, [offer()]))
    store.store(catalogue, run(30, [offer()]))
    assert segments(catalogue) == [(2, 0, 60, 30), (2, 60, None, None)]


def test_an_older_answer_that_contradicts_a_watched_stretch_is_kept_as_an_instant(catalogue):
    for hours, price in ((0, 2), (10, 2), (3, 7), (5, 2)):
        store.store(catalogue, run(hours, [offer(price=price)]))
    assert segments(catalogue) == [(2, 0, None, None), (7, 3, 3, 3)]


def test_an_answer_older_than_a_disappearance_does_not_bring_it_back(catalogue):
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    store.store(catalogue, run(3, [offer("b")]))
    store.store(catalogue, run(2, [offer("a"), offer("b")]))
    assert one(catalogue, "select is_active from instances where instance_type = 'a'") is False
    assert segments(catalogue) == [(2, 0, 3, 2)]


def test_a_recording_never_replaces_a_live_answer(catalogue):
    store.store(catalogue, run(0, [offer("a", 2), offer("b", 4)]))
    report = store.store(catalogue, run(5, [offer("a", 9)], is_recorded=True))
    assert report == store.StoreReport(found=1, unchanged=1)
    assert segments(catalogue) == [(2, 0, None, None)]
    assert one(catalogue, "select count(*) from instances where is_active and not is_recorded") == 2


def test_a_live_answer_replaces_a_recording(catalogue):
    store.store(catalogue, run(0, [offer("a", 2), offer("b", 4)], is_recorded=True))
    report = store.store(catalogue, run(1, [offer("a", 2)]))
    assert report == store.StoreReport(found=1, updated=1, deactivated=1)
    assert one(catalogue, "select is_recorded from instances where instance_type = 'a'") is False
    kinds = "select array_agg(h.is_recorded order by recorded_at) from price_history as h join instances as i"
    assert one(catalogue, f"{kinds} on i.id = instance_id where h.is_active and instance_type = 'a'") == [True, False]


def euros(rate, amount=2):
    on = date(2026, 3, 1)
    return offer(price=amount, currency="EUR", exchange_rate=Decimal(rate), exchange_rate_date=on)


def test_an_exchange_rate_moves_the_dollars_and_nothing_else(catalogue):
    store.store(catalogue, run(0, [euros("1.10")]))
    updated_at = one(catalogue, "select updated_at from instances")
    assert store.store(catalogue, run(1, [euros("1.20")])) == store.StoreReport(found=1, unchanged=1)
    assert one(catalogue, "select price_per_hour from instances") == Decimal("2.40")
    assert one(catalogue, "select updated_at from instances") == updated_at
    assert one(catalogue, "select array_agg(original_price_per_hour) from price_history") == [2]


def test_a_changed_amount_in_euros_is_a_change_though_the_dollars_agree(catalogue):
    store.store(catalogue, run(0, [euros("1.20", 2)]))
    assert store.store(catalogue, run(1, [euros("0.80", 3)])).updated == 1
    assert one(catalogue, "select array_agg(original_price_per_hour order by recorded_at) from price_history") == [2, 3]


def test_regions_of_an_instance_type_are_offers_of_their_own(catalogue):
    offers = [offer(region="eu", price=2), offer(region="us", price=3)]
    store.store(catalogue, run(0, offers))
    assert store.store(catalogue, run(1, offers)).unchanged == 2
    assert one(catalogue, "select count(*) from price_history") == 2


def test_a_failed_run_leaves_its_job_and_touches_no_offer(catalogue):
    store.store(catalogue, run(0, [offer()]))
    before = stamps(catalogue)
    failed = run(1, status="failed", error_code="http_503", error_message="nimbus: 503", captures=[capture(status=503)])
    assert store.store(catalogue, failed) == store.StoreReport()
    assert stamps(catalogue) == before
    assert one(catalogue, "select last_confirmed_at from confirmations") == START
    assert one(catalogue, "select error_code from scrape_jobs where status = 'failed'") == "http_503"
    assert one(catalogue, "select status from captures") == 503


def test_a_run_that_breaks_off_leaves_the_last_good_one(catalogue):
    store.store(catalogue, run(0, [offer()]))
    before = stamps(catalogue)
    broken = [offer(price=3), offer("b", price=-1)]
    with pytest.raises(ImplausibleOffers, match="nimbus: the database refuses an offer"):
        store.store(catalogue, run(1, broken, captures=[capture()]))
    assert stamps(catalogue) == before
    assert one(catalogue, "select count(*) from scrape_jobs") == 1
    assert one(catalogue, "select count(*) from capture_bodies") == 0


def test_an_answer_without_offers_ends_all_offers(catalogue):
    store.store(catalogue, run(0, [offer()]))
    assert store.store(catalogue, run(1)).deactivated == 1


def test_an_unknown_provider_and_an_unknown_gpu_are_named(catalogue):
    with pytest.raises(BuildError, match='no provider has the slug "kestrel"'):
        store.store(catalogue, run(0, [offer()], provider="kestrel"))
    with pytest.raises(BuildError, match='no GPU has the slug "h999"'):
        store.store(catalogue, run(0, [offer(gpu_slug="h999")]))


def test_captures_are_kept_byte_for_byte_and_equal_bodies_once(catalogue):
    captures = [capture(b"{}"), capture(b"{}", "https://nimbus.example/2"), capture("ä".encode())]
    store.store(catalogue, run(0, [offer()], captures=captures))
    store.store(catalogue, run(1, [offer()], captures=captures))
    bodies = [zlib.decompress(body) for (body,) in catalogue.execute("select body from capture_bodies").fetchall()]
    assert sorted(bodies) == [b"{}", "ä".encode()]
    assert one(catalogue, "select count(*) from captures") == 6


def test_a_price_leads_to_its_evidence(catalogue):
    store.store(catalogue, run(0, [offer()], captures=[capture(b"old")]))
    store.store(catalogue, run(1, [offer()], captures=[capture(b"new")]))
    evidence = "select array_agg(body) from offers_at(%s) join captures using (scrape_job_id)"
    evidence += " join capture_bodies using (sha256)"
    assert [zlib.decompress(body) for body in one(catalogue, evidence, after(1))] == [b"new"]


def test_unknown_names_are_listed_until_a_complete_answer_lacks_them(catalogue):
    name = UnmappedName("H100 NVL2", None, "x1", 6, "unknown")
    memory = UnmappedName("H100 NVL2", Decimal(94), "x2", 1, "unknown")
    store.store(catalogue, run(0, [offer()], unmapped=[name, memory]))
    store.store(catalogue, run(1, [offer()], unmapped=[name, memory]))
    assert one(catalogue, "select count(*) from unmapped_gpu_names where first_seen_at < last_seen_at") == 2
    store.store(catalogue, run(2, [offer()], unmapped=[memory]))
    assert one(catalogue, "select array_agg(gpu_memory_gb) from unmapped_gpu_names") == [94]


def test_a_job_has_every_figure_of_its_run(catalogue):
    told = {"rejected": 3, "report": {"quarantined": 1}, "request_url": "https://nimbus.example/", "retry_count": 1,
            "response_status": 200, "response_bytes": 17, "worker": "w1"}  # fmt: skip
    store.store(catalogue, run(0, [offer("a"), offer("b")]))
    store.store(catalogue, run(1, [offer("a", 3)], **told))
    job = catalogue.execute(
        "select status::text, run_id, duration_ms, instances_found, instances_created, instances_updated,"
        " instances_unchanged, instances_deactivated, offers_rejected, report, request_url, retry_count,"
        " response_status_code, raw_response_size_bytes, worker_id, scraper_version from scrape_jobs"
        " order by started_at desc limit 1"
    ).fetchone()
    assert job == ("completed", 1, 2000, 1, 0, 1, 0, 1, 3, {"quarantined": 1}, "https://nimbus.example/", 1,
                   200, 17, "w1", "v1")  # fmt: skip


def test_the_source_class_of_a_run_becomes_the_providers(catalogue):
    store.store(catalogue, run(0, [offer()], source_class="price_page"))
    assert one(catalogue, "select source_class from providers") == "price_page"


def test_text_that_postgresql_cannot_keep_is_kept_without_it(catalogue):
    odd = offer(instance_name="a\0b\ud800", raw_data={"x\0": [float("nan"), "\ud800", Decimal("1.5")]})
    store.store(catalogue, run(0, [odd]))
    assert one(catalogue, "select instance_name from instances") == "ab?"
    assert one(catalogue, "select raw_data from instances") == {"x": [None, "?", "1.5"]}


def test_text_with_the_signs_of_copy_and_of_arrays_is_kept_as_it_is(catalogue):
    name, regions = '\\N\ta\n\\.\r"b"', ("a,b", '{"c"}', "d\\", "", "NULL", "e\0")
    store.store(catalogue, run(0, [offer(instance_name=name, available_regions=regions)]))
    assert one(catalogue, "select instance_name from instances") == name
    assert one(catalogue, "select available_regions from instances") == [*regions[:-1], "e"]


def test_history_stays_out_of_the_default_partition(catalogue):
    for hours in (0, 24 * 400, -24 * 4000):
        store.store(catalogue, run(hours, [offer()]))
    assert one(catalogue, "select count(*) from price_history") == 3
    assert one(catalogue, "select count(*) from price_history_default") == 0


def test_the_last_finished_run_is_known(catalogue):
    assert runs.last_as_of(catalogue) is None
    store.store(catalogue, run(0, [offer()]))
    assert runs.last_as_of(catalogue) is None
    runs.finish(catalogue, 1)
    runs.start(catalogue, after(9), "auto", "v2")
    assert runs.last_as_of(catalogue) == START


def test_a_run_that_was_killed_moves_the_instant_on_to_what_it_stored(catalogue):
    store.store(catalogue, run(0, [offer()]))
    runs.finish(catalogue, 1)
    killed = runs.start(catalogue, after(3), "auto", "v2")
    assert runs.last_as_of(catalogue) == START
    store.store(catalogue, run(3, [offer()], run_id=killed))
    assert runs.last_as_of(catalogue) == after(3)
    runs.finish(catalogue, runs.start(catalogue, after(4), "auto", "v3"))
    assert runs.last_as_of(catalogue) == after(4)


def test_a_correction_after_a_gap_begins_one_segment(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    store.store(catalogue, run(24 * 40, [offer(price=3)], corrects=True, replayed_until=after(24 * 40 - 2)))
    store.store(catalogue, run(24 * 80, [offer(price=3)], corrects=True, replayed_until=after(24 * 80 - 2)))
    assert one(catalogue, "select count(*) from price_history where valid_to is null") == 1


def test_a_replayed_answer_moves_the_instant_on_and_its_run_does_not_count(catalogue):
    store.store(catalogue, run(0, [offer()]))
    anew = runs.start(catalogue, START, "replay", "v2")
    runs.finish(catalogue, 1)
    store.store(catalogue, run(1, [offer()], run_id=anew))
    runs.finish(catalogue, anew)
    assert runs.last_as_of(catalogue) == after(1)


def test_of_two_runs_at_once_the_one_that_ends_last_counts(catalogue):
    store.store(catalogue, run(0, [offer()]))
    runs.finish(catalogue, runs.start(catalogue, after(5), "auto", "v2"))
    runs.finish(catalogue, 1)
    assert runs.last_as_of(catalogue) == START


def test_a_run_dated_by_a_clock_ahead_is_no_longer_the_last(catalogue):
    store.store(catalogue, run(0, [offer()]))
    catalogue.execute("update runs set as_of = '2090-01-01', completed_at = '2090-01-01'")
    killed = runs.start(catalogue, START, "auto", "v2")
    store.store(catalogue, run(24 * 20000, [offer()], run_id=killed))
    assert runs.last_as_of(catalogue) < datetime(2089, 1, 1, tzinfo=UTC)
    runs.finish(catalogue, killed)
    assert runs.last_as_of(catalogue) == START


def test_providers_store_at_the_same_time(catalogue, database_url):
    slugs = ["p1", "p2", "p3", "p4"]
    for slug in slugs:
        add_provider(catalogue, slug)
    catalogue.commit()
    failures = []

    def stores(slug, captures):
        try:
            with db.connect(database_url) as connection:
                for hours in range(5):
                    offers = [offer(f"{slug}-{number}", 1 + hours) for number in range(50)]
                    store.store(connection, run(hours, offers, provider=slug, captures=captures))
        except Exception as error:
            failures.append(error)

    captures = [capture(bytes([number])) for number in range(20)]
    threads = [threading.Thread(target=stores, args=(slug, captures[:: (-1) ** n])) for n, slug in enumerate(slugs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert one(catalogue, "select count(*) from price_history") == 4 * 50 * 5
    assert one(catalogue, "select count(*) from capture_bodies") == 20


def test_two_runs_of_one_provider_take_turns(catalogue, database_url):
    done = threading.Event()
    reports = []

    def second():
        with db.connect(database_url) as connection:
            reports.append(store.store(connection, run(2, [offer(price=4)])))
        done.set()

    thread = threading.Thread(target=second)
    with db.connect(database_url) as first, first.transaction():
        store.store(first, run(1, [offer(price=3)]))
        thread.start()
        assert not done.wait(0.5)
    thread.join(30)
    assert reports == [store.StoreReport(found=1, updated=1)]
    assert segments(catalogue) == [(3, 1, 2, 1), (4, 2, None, None)]
