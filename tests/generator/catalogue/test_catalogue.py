from datetime import UTC, datetime

from generator.catalogue.catalogue import midnight, moved_with
from tests.generator.catalogues import catalogue, offer


def test_a_day_begins_at_midnight_utc():
    assert midnight(datetime.fromisoformat("2026-08-22T01:00:00+02:00")) == datetime(2026, 8, 21, tzinfo=UTC)


def test_a_catalogue_without_a_live_offer_is_all_recorded():
    assert catalogue(offer("a", "ash", 1, is_recorded=True)).is_all_recorded
    assert not catalogue(offer("a", "ash", 1, is_recorded=True), offer("a", "elm", 1)).is_all_recorded


def test_only_what_shows_the_day_reads_it():
    known = catalogue(offer("a", "ash", 1))
    offers, trends = set(), set()
    for reads, read in ((offers, lambda: known.offers_by_gpu["a"]), (trends, lambda: known.trends.get("a"))):
        known.trace.reads = reads
        read()
    assert offers == {"offers_by_gpu:a"}
    assert trends == {"trends:a", "day"}


def test_tables_move_with_the_slices_that_writers_move():
    assert moved_with(["floors_by_gpu:a", "day"]) == {"floors_by_gpu:a", "features_by_gpu:a", "day"}
    assert {"earlier_floors:a", "seller_days:a", "trends:a"} <= moved_with(["trends:a"])
    assert moved_with(["listed_gpus"]) == {"listed_gpus"}
