import psycopg
import pytest

from generator.database import runs
from generator.live.newest import Asking
from tests.sql import samples

pytestmark = pytest.mark.postgres
OTHERS = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> %s"


def test_a_finished_run_and_a_changed_provider_are_newer(connection, database_url):
    asking = Asking(database_url)
    found = [asking.newest()]
    run = runs.start(connection, samples.START, "live", "v1")
    connection.commit()
    assert asking.newest() == found[0]
    runs.finish(connection, run)
    connection.commit()
    found.append(asking.newest())
    samples.add_provider(connection)
    connection.commit()
    found.append(asking.newest())
    assert len(set(found)) == 3


def test_no_transaction_stays_open(connection, database_url):
    Asking(database_url).newest()
    states = "select state from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    assert {state for (state,) in connection.execute(states)} <= {"idle"}


def test_a_broken_connection_is_made_again(database_url):
    asking = Asking(database_url)
    before = asking.newest()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(OTHERS, (other.info.backend_pid,))
    assert (asking.newest(), asking.newest()) == (None, before)


def test_a_database_that_is_gone_has_nothing_newer(database_url):
    assert Asking(database_url.replace("cloudgpus_test", "cloudgpus_gone")).newest() is None
