from datetime import timedelta
from uuid import UUID

import pytest

from generator.errors import BuildError
from generator.ingest import evidence
from tests.generator.answers import NOW, Answers, add_catalogue, module, run
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@pytest.fixture
def answers():
    with Answers(tags=True) as server:
        yield server


@pytest.fixture
def catalogue(connection):
    add_catalogue(connection, "nimbus", "kestrel")
    return connection


def refreshed(connection, answers, hours, *prices, slug="nimbus"):
    answers.plans(slug, *prices)
    (outcome,) = run(connection, module(slug, answers.url), source="live", now=NOW + hours * HOUR).outcomes
    return outcome


def kept(connection):
    return sorted((line.fetched_at - NOW) // HOUR for line in evidence.listed(connection, ["nimbus"], most=100))


def test_an_answer_that_did_not_change_is_not_sent_again_and_confirms_its_prices(catalogue, answers):
    refreshed(catalogue, answers, 0, 2, 3)
    outcome = refreshed(catalogue, answers, 2, 2, 3)
    assert (outcome.state, outcome.unchanged, answers.spared["/nimbus"]) == ("live", 2, 1)
    assert samples.one(catalogue, "select min(last_confirmed_at) from confirmations") == NOW + 2 * HOUR
    assert samples.one(catalogue, "select count(*) from capture_bodies") == 1
    assert refreshed(catalogue, answers, 4, 2, 4).updated == 1
    assert answers.spared["/nimbus"] == 1


def test_conditional_requests_never_use_another_providers_answer(catalogue, answers):
    refreshed(catalogue, answers, 0, 2)
    refreshed(catalogue, answers, 1, 2, slug="kestrel")
    assert answers.spared == {}


def test_every_price_leads_to_its_answer(catalogue, answers):
    refreshed(catalogue, answers, 0, 2)
    job = samples.one(catalogue, "select scrape_job_id from confirmations")
    (capture,) = evidence.of_job(catalogue, job)
    assert capture.body == answers.bodies["/nimbus"]
    line = evidence.listed(catalogue)[0]
    assert (line.prices, line.offers, UUID(line.job)) == (1, 1, job)
    assert evidence.found(catalogue, capture.sha256[:8]) == (capture, job)


def test_forgetting_keeps_the_first_and_the_last_answer_of_every_price(catalogue, answers):
    for hours, price in enumerate((2, 2, 2, 3, 3, 3, 2, 2)):
        refreshed(catalogue, answers, hours, price)
    assert kept(catalogue) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert evidence.forget(catalogue, NOW + 100 * HOUR) == 2
    assert kept(catalogue) == [0, 2, 3, 5, 6, 7]
    assert evidence.forget(catalogue, NOW + 100 * HOUR) == 0


def test_forgetting_deletes_answers_without_a_price_and_keeps_recent_ones(catalogue, answers):
    refreshed(catalogue, answers, 0, 2)
    for hours in (1, 50):
        answers.bodies["/nimbus"] = b'{"maintenance": true}'
        run(catalogue, module("nimbus", answers.url), source="live", now=NOW + hours * HOUR)
    assert evidence.forget(catalogue, NOW + 40 * HOUR) == 1
    assert kept(catalogue) == [0, 50]
    assert evidence.forget(catalogue, NOW + 100 * HOUR) == 1
    assert samples.one(catalogue, "select count(*) from capture_bodies") == 1


def test_forgetting_keeps_the_answers_of_what_is_held_back(catalogue, answers):
    refreshed(catalogue, answers, 0, *[2] * 10)
    refreshed(catalogue, answers, 1, *[2] * 9, 20)
    refreshed(catalogue, answers, 2, *[2] * 10)
    evidence.forget(catalogue, NOW + 100 * HOUR)
    assert 1 in kept(catalogue)


@pytest.mark.parametrize(
    ("sha256", "problem"),
    [
        ("abc", r'"abc" is not a hash; expected 6 or more hex digits'),
        ("nothex!", "is not a hash"),
        ("000000000000", "no answer is kept whose hash begins with"),
    ],
)
def test_a_wrong_hash_is_refused_with_the_reason(catalogue, sha256, problem):
    with pytest.raises(BuildError, match=problem):
        evidence.found(catalogue, sha256)


def test_an_ambiguous_hash_is_refused(catalogue, answers):
    for hours, price in enumerate(range(2, 4)):
        refreshed(catalogue, answers, hours, price)
    catalogue.execute("alter table captures drop constraint captures_sha256_fkey")
    catalogue.execute("update captures set sha256 = 'abcdef' || substr(sha256, 7)")
    catalogue.execute("update capture_bodies set sha256 = 'abcdef' || substr(sha256, 7)")
    with pytest.raises(BuildError, match='2 answers have a hash that begins with "abcdef"; give more digits'):
        evidence.found(catalogue, "abcdef")
