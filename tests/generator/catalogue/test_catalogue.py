from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue.catalogue import Reader, gather, midnight, view
from generator.catalogue.views.gpus import gpu_line, gpu_lines, stats
from generator.catalogue.views.offers import gpu_sections
from generator.database import db
from generator.pages.registry import PAGE_TYPES
from tests.generator.catalogues import AS_OF, LD, catalogue, offer, provider
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after


def test_a_page_notes_each_slice_that_it_reads_with_its_version():
    known = catalogue(offer("a", "ash", 2))
    read = Reader(known)
    assert read(stats, "a", "on_demand").floor == 2
    read(gpu_lines)
    assert read.inputs == {name: known.version(name) for name in ("stats:a:on_demand", "gpu_lines")}


def test_a_view_is_computed_once_a_build():
    calls = []

    @view
    def counted(_, slug):
        calls.append(slug)
        return slug

    known = catalogue()
    assert [counted(known, slug) for slug in ("a", "b", "a")] == ["a", "b", "a"]
    assert calls == ["a", "b"]


def test_the_same_rows_have_the_same_versions():
    one, other = (catalogue(offer("a", "ash", 2), offer("b", "elm", 3)) for _ in range(2))
    for name in ("gpu_lines", "gpu_line:a", "gpu_sections:a", "provider_lines", "gpu_pairs"):
        assert one.version(name) == other.version(name)


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_version_moves_exactly_when_the_value_does(price, other):
    one, two = catalogue(offer("a", "ash", price)), catalogue(offer("a", "ash", other))
    same = gpu_line(one, "a") == gpu_line(two, "a")
    assert (one.version("gpu_line:a") == two.version("gpu_line:a")) is same is (price == other)


def test_a_slice_does_not_move_with_what_it_does_not_show():
    before = catalogue(offer("a", "ash", 2), offer("b", "ash", 2))
    after = catalogue(offer("a", "ash", 2), offer("b", "ash", 3))
    assert before.version("gpu_sections:a") == after.version("gpu_sections:a")
    assert before.version("gpu_sections:b") != after.version("gpu_sections:b")


def test_seeing_a_price_again_on_the_same_day_moves_no_slice():
    early, late = (
        catalogue(
            provider("ash", last_confirmed_at=AS_OF + timedelta(hours=hours)),
            offer("a", "ash", 2, last_confirmed_at=AS_OF + timedelta(hours=hours)),
        )
        for hours in (0, 5)
    )
    read = Reader(early)
    for kind in PAGE_TYPES:
        for key in kind.keys(early):
            kind.page(read, LD, *key)
    assert [name for name, version in read.inputs.items() if late.version(name) != version] == []


def test_a_view_or_a_subject_that_is_no_more_has_another_version_and_stops_nothing():
    known = catalogue(offer("a", "ash", 2))
    assert (
        known.version("gpu_line:retired") == known.version("provider_row:gone") == known.version("no_such_view") == ""
    )
    assert known.version("gpu_line:a")


def test_a_day_begins_at_midnight_utc():
    assert midnight(datetime.fromisoformat("2026-08-22T01:00:00+02:00")) == datetime(2026, 8, 21, tzinfo=UTC)


def test_a_catalogue_without_a_live_offer_is_all_recorded():
    assert catalogue(offer("a", "ash", 1, is_recorded=True)).is_all_recorded
    assert not catalogue(offer("a", "ash", 1, is_recorded=True), offer("a", "elm", 1)).is_all_recorded


@pytest.mark.postgres
def test_what_is_gathered_leaves_out_retired_gpus_and_providers(connection):
    kept, retired = add_gpu(connection), add_gpu(connection, "k80")
    nimbus, gone = add_provider(connection), add_provider(connection, "gone", is_active=False)
    for provider_id, gpu_id in ((nimbus, kept), (nimbus, retired), (gone, kept)):
        add_instance(connection, provider_id, gpu_id, instance_type=str(gpu_id))
    connection.execute("update gpu_models set is_active = false where slug = 'k80'")
    known = gather(connection, after(1), [], "")
    assert {slug: len(offers) for slug, offers in known.offers_by_gpu.items()} == {"h100-sxm": 1}
    assert [row.provider_slug for row in known.floors_by_gpu["h100-sxm"]] == ["nimbus"]
    assert gpu_sections(known, "h100-sxm")[0].lines[0].provider.text == "nimbus"


@pytest.mark.postgres
def test_a_gathering_is_a_fixed_number_of_queries(connection, monkeypatch):
    asked, rows = [], db.rows

    def noted(connection, name, row, **params):
        asked.append(name)
        return rows(connection, name, row, **params)

    monkeypatch.setattr(db, "rows", noted)
    gather(connection, START, [], "")
    few = len(asked)
    for number in range(5):
        add_instance(connection, add_provider(connection, f"p{number}"), add_gpu(connection, f"g{number}"))
    gather(connection, START, [], "")
    assert (len(asked), len(set(asked))) == (2 * few, few)
