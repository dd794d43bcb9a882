"""Price history agrees with a model of it in Python, over random histories of one offer."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.database import db, runs
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, offer, one, run, segments

pytestmark = pytest.mark.postgres

GAP = 48
# Hours since the previous observation, and the price seen; None: a complete answer without the offer.
OBSERVATIONS = st.lists(
    st.tuples(st.sampled_from([1, 5, 48, 49, 100]), st.sampled_from([2, 2, 3, None])), min_size=1, max_size=9
)
ON_ONE_DATABASE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture(scope="module")
def history(fresh_database):
    with db.connect(fresh_database.migrated()) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
        connection.commit()
        yield connection


def observed(steps):
    hours, found = 0, []
    for since, price in steps:
        hours += since
        found.append((hours, price))
    return found


def modelled(observations):
    """The segments made by observations that come in order: (price, from, to, last confirmed)."""
    made, current = [], None
    for hours, price in observations:
        if current and price == current[0] and hours - current[2] <= GAP:
            current[2] = hours
            continue
        if current:
            made.append((current[0], current[1], hours if hours - current[2] <= GAP else current[2], current[2]))
        current = [price, hours, hours] if price is not None else None
    return [*made, (current[0], current[1], None, None)] if current else made


def stored(connection, observations):
    # Another offer keeps every answer from being empty.
    for hours, price in observations:
        offers = [offer("other", 1)] if price is None else [offer("other", 1), offer(price=price)]
        store.store(connection, run(hours, offers))
    return segments(connection)


@ON_ONE_DATABASE
@given(OBSERVATIONS)
def test_observations_in_order_make_the_segments_of_the_model(history, steps):
    with history.transaction(force_rollback=True):
        assert stored(history, observed(steps)) == modelled(observed(steps))


@ON_ONE_DATABASE
@given(OBSERVATIONS, st.randoms(use_true_random=False))
def test_late_observations_keep_history_whole(history, steps, chance: random.Random):
    inorder = [(hours, price) for hours, price in observed(steps) if price is not None]
    shuffled = chance.sample(inorder, len(inorder))
    with history.transaction(force_rollback=True):
        found = stored(history, shuffled)
        standing = one(history, "select price_per_hour from instances where is_active and instance_type = 'a'")
        confirmed = "select last_confirmed_at from confirmations join instances on id = instance_id"
        assert (standing is None) == (not inorder)
        if inorder:
            assert (standing, one(history, confirmed + " where instance_type = 'a'")) == (
                inorder[-1][1],
                after(inorder[-1][0]),
            )
    assert all(is_known(found, hours, price) for hours, price in inorder)
    assert_ordered(found)


def is_known(found, hours, price):
    """Whether the price was in force at that hour, by history."""
    return any(
        price == amount and since <= hours <= (until if until is not None else 10**6)
        for amount, since, until, _ in found
    )


def assert_ordered(found):
    """Fail if two prices are in force at the same time, or one is unconfirmed for longer than the maximum gap."""
    lasting = [segment for segment in found if segment[1] != segment[2]]
    assert all(first[2] is not None and first[2] <= second[1] for first, second in pairwise(lasting))
    assert all(until - confirmed <= GAP for _, _, until, confirmed in lasting if until is not None)
