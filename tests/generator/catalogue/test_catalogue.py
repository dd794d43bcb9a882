from datetime import UTC, datetime

import pytest

from generator.catalogue.catalogue import gather, midnight
from generator.catalogue.views.offers import gpu_sections
from generator.database import db
from tests.generator.catalogues import catalogue, offer
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after


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
