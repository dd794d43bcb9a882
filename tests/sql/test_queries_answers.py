"""The answers that prices were read from, as a build reads them, and what moves them."""

import pytest

from generator.catalogue.list_rows import AnswerRow
from generator.catalogue.rows import OfferRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import add_provider, after, capture, offer, run, settle

pytestmark = pytest.mark.postgres


def answered(connection, hours, *bodies, provider="nimbus", offers=None, **values):
    """Store a provider's answers of that hour."""
    asked = [
        capture(body, f"https://{provider}.example/{n}", fetched_at=after(hours), **values)
        for n, body in enumerate(bodies)
    ]
    store.store(connection, run(hours, offers or [offer()], provider=provider, captures=asked))


def answers(connection, hours, providers=None):
    return db.rows(connection, "read_answers", AnswerRow, as_of=after(hours), providers=providers)


def test_a_price_names_the_answer_that_changed_it_last_and_not_the_one_that_confirmed_it(catalogue):
    answered(catalogue, 0, b"one")
    answered(catalogue, 1, b"the same price in other bytes")
    (row,) = answers(catalogue, 2)
    assert (row.provider_slug, row.fetched_at, row.body_bytes, row.answers_n) == ("nimbus", after(0), 3, 1)
    (read,) = db.rows(catalogue, "catalogue_offers", OfferRow, as_of=after(2), gpus=None, providers=None)
    assert read.scrape_job_id == row.scrape_job_id
    answered(catalogue, 3, b"another", offers=[offer(price=5)])
    assert [one.fetched_at for one in answers(catalogue, 4)] == [after(3)]


def test_of_several_answers_of_a_job_the_largest_stands_for_all(catalogue):
    answered(catalogue, 0, b"list", b"the prices themselves", b"terms")
    (row,) = answers(catalogue, 1)
    assert (row.url, row.body_bytes, row.answers_n) == ("https://nimbus.example/1", 21, 3)


def test_an_answer_without_a_shown_price_is_not_there(catalogue):
    add_provider(catalogue, "elm")
    answered(catalogue, 0, b"one")
    answered(catalogue, 0, b"two", provider="elm")
    assert [row.provider_slug for row in answers(catalogue, 1)] == ["elm", "nimbus"]
    assert [row.provider_slug for row in answers(catalogue, 1, ["nimbus"])] == ["nimbus"]
    assert answers(catalogue, 24 * 90) == []
    catalogue.execute("update providers set is_active = false where slug = 'elm'")
    assert [row.provider_slug for row in answers(catalogue, 1)] == ["nimbus"]


@pytest.mark.parametrize(
    "change",
    [
        "update captures set url = 'https://x.example'",
        "update captures set scrape_job_id = (select id from scrape_jobs order by observed_at desc limit 1)",
        "delete from captures",
    ],
)
def test_a_change_of_an_answer_moves_those_of_its_provider(catalogue, change):
    answered(catalogue, 0, b"one")
    store.store(catalogue, run(1, [offer()]))
    settle(catalogue, 2)
    before = catalogue.execute("select revision from slices_settled").fetchone()[0]
    catalogue.execute(change)
    settle(catalogue, 2)
    moved = catalogue.execute("select slice from slice_revisions where revision > %s", [before]).fetchall()
    assert ("answers:nimbus",) in moved
